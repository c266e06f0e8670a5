"""Simplified and Traditional letters: what was written in one is shown, and found, in the other."""

import re
from functools import cache, lru_cache
from typing import Any, Final

import opencc

_KEPT: Final = 8192
# Family names that are other words in Traditional letters too: 范 is no 範, 于 no 於.
_FAMILY_NAME: Final = re.compile(
    r"^[范于余岳郁涂谷游种后](?=(?:师傅|老师|阿姨|教练|先生|女士|小姐|大姐|姐|哥)$)|^[范于余岳郁涂](?=..$)"
)
# What OpenCC's Taiwan wording gets wrong in this trade, and places whose name ends in 里.
_MENDS: Final = {
    "專案": "項目",
    "裝置": "設備",
    "高階": "高級",
    "賬": "帳",
    "衛生間": "洗手間",
    "軟體園": "軟件園",
    "油汙": "油污",
    "汙水": "污水",
    "上門": "到府",
    "保潔": "清潔",
    "一次性": "拋棄式",
    "傢俱": "家具",
    "幹活": "做事",
    "到帳": "入帳",
    "“": "「",
    "”": "」",
}
# 一次性 of goods is thrown away; of a visit, or a payment, it is once and not again.
_GOODS: Final = "內|床|毛巾|浴|拖鞋|鞋套|手套|口罩|用品|耗材|紙|面巾|洗臉|按摩巾|枕|墊|杯|頭套|帽|刮|銼|針|$"
_MENDED: Final = re.compile("|".join(_MENDS).replace("一次性", f"一次性(?={_GOODS})"))
_LANE: Final = re.compile(r"(?<=..)裡$")


@lru_cache(maxsize=_KEPT)
def traditional(text: str) -> str:
    """Return a text in Traditional letters and Taiwan wording; a family name at its beginning stays the name."""
    kept = _FAMILY_NAME.match(text)
    converted: str = _converter("s2twp").convert(text[kept.end() :] if kept else text)
    mended = _LANE.sub("里", _MENDED.sub(lambda found: _MENDS[found[0]], converted))
    return f"{kept[0]}{mended}" if kept else mended


def simplified(text: str) -> str:
    """Return a text letter by letter in Simplified ones, as names are compared."""
    converted: str = text if text.isascii() else _converter("t2s").convert(text)
    return converted


@cache
def _converter(name: str) -> Any:
    return opencc.OpenCC(name)  # reading its tables takes up to 50 ms: only once somebody needs them
