"""Another city in an address: nobody of ours comes there, whatever the compound is called."""

import re

from core.stores import stores
from dialogs.engine.step import Step

_WELL_KNOWN = {
    "北京": "Beijing",
    "上海": "Shanghai",
    "天津": "Tianjin",
    "重庆": "Chongqing",
    "广州": "Guangzhou",
    "深圳": "Shenzhen",
    "杭州": "Hangzhou",
    "南京": "Nanjing",
    "苏州": "Suzhou",
    "无锡": "Wuxi",
    "武汉": "Wuhan",
    "长沙": "Changsha",
    "西安": "Xi'an",
    "郑州": "Zhengzhou",
    "济南": "Jinan",
    "青岛": "Qingdao",
    "沈阳": "Shenyang",
    "大连": "Dalian",
    "昆明": "Kunming",
    "贵阳": "Guiyang",
    "厦门": "Xiamen",
    "福州": "Fuzhou",
    "合肥": "Hefei",
    "南昌": "Nanchang",
    "宁波": "Ningbo",
    "成都": "Chengdu",
    "绵阳": "Mianyang",
    "德阳": "Deyang",
    "香港": "Hong Kong",
    "台北": "Taipei",
    "九龙": "Kowloon",
    "伦敦": "London",
}
_FAR = re.compile(r"(?P<far>尖沙咀|旺角|铜锣湾|銅鑼灣|九龙|九龍|伦敦|倫敦)(?!路|街|巷|店|广场|廣場|公寓)")
_DISTRICT = r"(?![路街道大])[一-鿿]{1,4}(?<!小)[区區县縣]"
_CITY = re.compile(rf"([一-鿿]{{2,3}})(?<![超菜夜集门花闹])市(?={_DISTRICT})")
"""A city by its ending, before a district: a supermarket opposite an estate has neither."""
_BY_NAME = re.compile(rf"(?P<zh>{'|'.join(_WELL_KNOWN)})(?:市|(?={_DISTRICT}))")
_STREET = r"(?:road|rd|street|st|avenue|ave|lane|lu|restaurant|hotel)\b"
_IN_ENGLISH = re.compile(rf"\b(?P<en>{'|'.join(_WELL_KNOWN.values())})\b(?!\s+(?:\w+\s+)?{_STREET})", re.IGNORECASE)


def names_another_city(step: Step, address: str) -> bool:
    """Tell whether an address names a city in which no store of ours is."""
    named = {match[1] for match in _CITY.finditer(address)}
    named |= {match["far"] for match in _FAR.finditer(address)}
    named |= {match["zh"] for match in _BY_NAME.finditer(address)}
    named |= {match["en"].casefold() for match in _IN_ENGLISH.finditer(address)}
    if not named:
        return False
    ours = " ".join(words for one in stores(step.tx) for words in (*one.names.values(), *one.address.values()))
    return not any(_is_ours(name, ours) for name in named)


def _is_ours(name: str, ours: str) -> bool:
    """Tell whether a city is one of ours; of three letters the first may belong to the word before it (到成都)."""
    known = ours.casefold()
    return name in known or name[-2:] in known
