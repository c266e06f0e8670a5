"""The last part of an address: building, entrance, flat; and putting it to the place that was said before."""

import re

_UNITS = ("号楼", "號樓", "栋", "棟", "幢", "座", "单元", "單元", "层", "層", "楼", "樓", "室", "房")
_UNIT = "|".join(_UNITS)
_PART = rf"(?:[0-9０-９]{{1,5}}|[一二三四五六七八九十]{{1,3}}|[a-zA-Z])(?:{_UNIT})"
_BARE = re.compile(
    rf"(?:{_PART}[\s,，-]*)+(?:(?:[0-9０-９]{{2,5}}|[一二三四五六七八九零〇幺]{{2,5}})[室房号號]?"
    r"|之[0-9０-９一二三四五六七八九十]{1,4})?"
    r"|(?:(?:flat|room|apt|apartment|unit|floor|block|tower|building) [0-9]{0,4}[a-z]?[\s,]*)+(?:[0-9]{2,5})?",
    re.IGNORECASE,
)
_FIRST_UNIT = re.compile(rf"[0-9０-９a-zA-Z一二三四五六七八九十]{{1,5}}({_UNIT})")


def is_a_door(text: str) -> bool:
    """Tell whether these words name a building or a flat, and no place."""
    return _BARE.fullmatch(text.strip(" ,.，。")) is not None and any(one.isalnum() for one in text)


def joined(place: str, door: str) -> str:
    """Put a door to its place; what it names anew (栋 ... of …3栋) it replaces."""
    first = _FIRST_UNIT.match(door)
    if first is not None:
        again = list(re.finditer(rf"[0-9０-９a-zA-Z一二三四五六七八九十]{{1,5}}{first[1]}", place))
        if again:
            return f"{place[: again[-1].start()]}{door}"
    gap = " " if door.isascii() else ""
    return f"{place}{gap}{door}"
