# ruff: noqa: E501 - one expression to a line
"""Short answers: order codes, ordinals, money, stars, yes and no, languages."""

import re
from collections.abc import Iterator

from nlu.found import Found
from nlu.numbers import amount, integer
from nlu.text import Normal
from nlu.understanding import Asked

_N = r"(?:[0-9]{1,2}|[一二两三四五六七八九十]{1,3})"
_WORDS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "last": -1,
}
_CODE = re.compile(r"(?<![0-9a-z])[2-9a-hjkmnp-z]{6}(?![0-9a-z])")
_CODE_WORD = re.compile(
    r"(?:订单号?|单号|[一这那]单|编号|order(?: number| no\.?| code)?|booking(?: code)?|code|#)\s*(?:is|是)?\s*[:#]?\s*$"
)
_ORDINAL = re.compile(
    rf"第\s*(?P<zh>{_N})\s*(?:个|位|项|条|种|款|家|家店|名|号|(?![次天遍周年月回步层]))|(?P<last_zh>最后一?[个位项]|倒数第一[个位]?)|(?:选项?|要|就要|选择)\s*(?P<pick>{_N})(?![0-9点:个号月分小位张星下天块元十种])"
    r"|\b(?:the )?(?P<en>first|second|third|fourth|fifth|sixth|seventh|eighth|last)(?: one| option| choice| slot| guy| person)(?![a-z])|\bthe (?P<the>second|third|fourth|fifth|last|first)[\s,.!]*(?:please|pls|thanks)?[\s,.!]*$"
    r"|\b(?:option|choice|number|no\.) ?(?P<opt>[0-9]{1,2})\b(?!,? (?:[a-z']+ ){1,3}(?:street|st|road|rd|avenue|ave|lane|square|court|gardens?)\b)|\b(?P<nth>[0-9])(?:st|nd|rd|th) (?:one|option|choice)\b"
)
_BARE_NUMBER = re.compile(
    rf"[\s,.!]*(?:我?选|要|就|那就|i'?ll take|i'?d like|take|go for|no,?|ok,?|好,?)?\s*(?P<n>{_N}|one|two|three|four|five|six|seven|eight|nine|first|second|third|fourth|last)[.,!)\s]*(?:吧|please|pls|号)?[\s,.!]*"
)
_BARE_MINUTES = re.compile(
    r"[\s,.]*(?:要|就|选|换成?|改成?|那个|the )?\s*(?P<n>[0-9]{2,3})\s*(?:的|吧|那个|one|please|[\s,.!])*"
)
_MONEY = re.compile(
    r"(?P<sign>[¥￥$£€])\s*(?P<a>[0-9]+(?:\.[0-9]{1,2})?)|(?:rmb|cny)\s*(?P<b>[0-9]+(?:\.[0-9]{1,2})?)"
    r"|(?P<c>[0-9]+(?:\.[0-9]{1,2})?|[一二两三四五六七八九十百千零]+)\s*(?P<unit>块钱?|元|yuan|rmb|pounds?|quid|dollars?|euros?|英镑|美元|美金|欧元|港币)(?![a-z])(?!出头)"
)
_CURRENCIES = {"¥": "CNY", "￥": "CNY", "$": "USD", "£": "GBP", "€": "EUR", "pound": "GBP", "pounds": "GBP", "quid": "GBP", "dollar": "USD",
               "dollars": "USD", "euro": "EUR", "euros": "EUR", "英镑": "GBP", "美元": "USD", "美金": "USD", "欧元": "EUR", "港币": "HKD"}  # fmt: skip
_STARS = re.compile(
    r"(?P<zh>[0-5一二两三四五])\s*(?:颗)?星(?!期)|(?:打|给|评)\s*(?P<pts>[1-5一二三四五])\s*分|(?P<full>满分|全五星|五星好评)|(?<![0-9点.])(?P<pts2>[1-5])分(?![钟之])|\b(?P<en>[0-5]|one|two|three|four|five)[ -]?stars?\b|(?P<emoji>[⭐★🌟](?:\s*[⭐★🌟]){0,4})"
)
_LANGUAGE = re.compile(
    r"(?P<hant>繁体(?:中文|字)?|traditional(?: chinese)?)|(?P<hans>简体(?:中文|字)?|中文|普通话|国语|说中国话|simplified(?: chinese)?|chinese|mandarin|zhongwen)|(?P<en>英文|英语|english)"
)
_LANGUAGES = {"hant": "zh-Hant", "hans": "zh-Hans", "en": "en"}


def order_codes(text: str, normal: Normal) -> Iterator[Found]:
    """Short order codes; a code of letters alone counts only beside the word order, or nearly every word would be one."""
    for match in _CODE.finditer(text):
        code = match.group()
        mixed = any(char.isdigit() for char in code) and not code.isdigit()
        shown = code.isdigit() or normal.original[slice(*normal.span(*match.span()))].isupper()
        if mixed or (shown and _CODE_WORD.search(text, max(0, match.start() - 20), match.start())):
            yield Found(*match.span(), "order_code", code.upper())


def ordinals(text: str, asked: Asked) -> Iterator[Found]:
    """第二个, the second one; a bare number up to the number of choices on screen."""
    bare = _BARE_NUMBER.fullmatch(text)
    if bare is not None and asked.choices:
        number = _WORDS.get(bare["n"]) or integer(bare["n"])
        if number is not None and number <= asked.choices:
            yield Found(*bare.span("n"), "ordinal", number)
        return
    for match in _ORDINAL.finditer(text):
        said = match[match.lastgroup or 0]
        number = -1 if match.lastgroup == "last_zh" else _WORDS.get(said) or integer(said)
        if number is not None:
            yield Found(*match.span(), "ordinal", number)


def bare_minutes(text: str) -> Found | None:
    """A lone 60 or 90 where an option was asked: a length in minutes."""
    match = _BARE_MINUTES.fullmatch(text)
    if match is None or not 15 <= int(match["n"]) <= 480:
        return None
    return Found(*match.span("n"), "duration", int(match["n"]))


def money(text: str, currency: str) -> Iterator[Found]:
    """Amounts in whole minor units with their currency."""
    for match in _MONEY.finditer(text):
        value = amount(match["a"] or match["b"] or match["c"])
        unit = match["sign"] or match["unit"] or ""
        if value is not None:
            yield Found(*match.span(), "money", (round(value * 100), _CURRENCIES.get(unit, currency)))


def stars(text: str, asked: Asked) -> Iterator[Found]:
    """A rating of 0 to 5."""
    if asked.kind == "stars":
        bare = _BARE_NUMBER.fullmatch(text)
        number = None if bare is None else integer(bare["n"])
        if bare is not None and number is not None and number <= 5:
            yield Found(*bare.span("n"), "stars", number)
            return
    for match in _STARS.finditer(text):
        kind, said = match.lastgroup, match.group()
        value = (
            5
            if kind == "full"
            else sum(said.count(mark) for mark in "⭐★🌟")
            if kind == "emoji"
            else integer(match[kind or 0])
        )
        if value is not None and value <= 5:
            yield Found(*match.span(), "stars", value)


def languages(text: str) -> Iterator[Found]:
    """A language named."""
    for match in _LANGUAGE.finditer(text):
        yield Found(*match.span(), "language", _LANGUAGES[match.lastgroup or ""])
