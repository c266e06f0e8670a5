# ruff: noqa: E501 - one expression to a line
"""Things that are counted: two air conditioners, three lamps, 两台, and one more of them."""

import re
from collections.abc import Iterator

from nlu.found import Found
from nlu.numbers import integer
from nlu.understanding import Asked

_ZH = r"(?:[0-9]{1,2}|[一二两俩三四五六七八九十]{1,3})"
_THINGS = r"空调|挂机|柜机|内机|中央空调|油烟机|烟机|冰箱|洗衣机|热水器|灯具?|吊灯|吸顶灯|筒灯|射灯|锁芯?|门锁|柜子|衣柜|书柜|鞋柜|床|桌子?|书桌|餐桌|椅子?|沙发|床垫|地毯|龙头|水龙头|马桶|窗户?|插座|开关|房间|卧室|卫生间"
_BEFORE = r"(?<![第周期拜号点0-9.:一二两俩三四五六七八九十])"
_COUNTED_ZH = re.compile(
    rf"(?P<more>(?:再|多)(?:加|多|洗|装|修|换|来|要|做)?\s*)?{_BEFORE}(?P<n>{_ZH})\s*(?:台|盏|间(?=房|屋|卧|厅|厨|[,.!\s]|$)|件(?!事)|扇(?=窗|门|[,.!\s]|$)|[个把张只块条套组]\s*(?:{_THINGS})|个人(?=\s*(?:一起|都|同时|要?做|要?按))|位(?=一起|都要))"
    rf"|(?:{_THINGS})\s*(?P<after>{_ZH})\s*[个把张只](?!小?时|钟头|点|月|星期|礼拜|人|师)"
    r"|(?<![a-z0-9])[x×*]\s?(?P<times>[0-9]{1,2})(?![0-9])"
)
_EN = r"(?:[0-9]{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|a couple of)"
_COUNTED_EN = re.compile(
    rf"\b(?P<more>(?:add |plus )?)(?<![:.£$¥-])(?<!at )(?<!by )(?<!number )(?P<n>{_EN}) (?P<extra>more |extra |additional )?(?:(?:wall|floor|floor standing|floor-standing|standing|split|mounted|wall-mounted|ceiling|smart|door|old|new|small|big|large|dining|office|book) ){{0,2}}"
    r"(?:units?|air[- ]?con(?:s|ditioners?|ditioning units?)?|ac(?:s|'s)?(?: units?)?|lights?|lamps?|locks?|cylinders?|pieces?|items?|windows?|sets?|taps?|drains?|sockets?|switches|switch|fridges?|hoods?|sofas?|mattress(?:es)?|beds?|wardrobes?|desks?|chairs?|tables?)\b"
    rf"|\b(?P<of>(?!one )(?!1 ){_EN}) of (?:them|those|these)\b(?! (?:is|was|are))|\b(?P<rooms>{_EN})[ -](?:bed)?rooms?\b(?! (?:flat|house|is|was))|\bfor (?P<people>two|three|four|five|[2-5]) (?:people|of us|persons|ladies)\b"
    r"|\banother (?P<another>unit|air[- ]?con(?:ditioner)?|ac|light|lamp|lock|piece|item|one of them)\b"
)
_LATIN = re.compile("[a-z]")
_BARE = re.compile(
    rf"[\s,.!]*(?:一?共|总共|就|只|我?要|做|洗|装|修|改成|改为|换成|数量|just|only|make (?:it|that)|in all|all)*[\s:]*(?P<n>{_ZH}|{_EN})\s*(?:个|台|盏|件|把|张|只|份|套|扇|间)?(?:\s*(?:吧|就行|就好|就够了?|of them|please|pls|thanks|in all|altogether))*[\s,.!]*"
)


_SHORT = 64
"""Longer words are no bare answer."""


def counts(text: str, asked: Asked) -> Iterator[Found]:
    """How many of a thing; where a number was asked for, a bare one too. `more_of_it` adds to what there is."""
    if asked.kind == "quantity" and len(text) <= _SHORT:
        bare = _BARE.fullmatch(text)
        number = None if bare is None else _number(bare["n"])
        if bare is not None and number is not None:
            yield Found(*bare.span(), "quantity", number)
            return
    for pattern in (_COUNTED_ZH, _COUNTED_EN) if _LATIN.search(text) else (_COUNTED_ZH,):
        for match in pattern.finditer(text):
            yield from _counted(match)


_SAID = ("n", "after", "times", "of", "rooms", "people")


def _counted(match: re.Match[str]) -> Iterator[Found]:
    groups = match.groupdict()
    if groups.get("another"):
        yield Found(*match.span(), "more_of_it", 1)
        return
    number = _number(next((groups[name] for name in _SAID if groups.get(name)), ""))
    if number is None:
        return
    more = bool(groups.get("extra")) or bool((groups.get("more") or "").strip())
    yield Found(*match.span(), "more_of_it" if more else "quantity", number)


def _number(said: str) -> int | None:
    return 2 if said == "a couple of" else integer(said)
