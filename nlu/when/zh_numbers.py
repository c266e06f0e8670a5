"""Chinese numbers inside time words: 廿五, 俩, 十来; and vague ones such as 两三."""

import re

from nlu.numbers import amount, integer

_PLAIN = str.maketrans({"俩": "两", "仨": "三"})
_RUNS = re.compile(r"[0-9]+|[零〇一二两俩仨三四五六七八九十廿百]+")
_DIGITS = frozenset("一二两三四五六七八九")


def number(said: str) -> int | None:
    """The whole number said, or none."""
    return integer(said.translate(_PLAIN).replace("廿", "二十")) if said else None


def numbers(said: str) -> list[int]:
    """Every number in the words."""
    return [value for value in map(number, _RUNS.findall(said)) if value is not None]


def decimal(said: str) -> float | None:
    """A number that may have a half or a decimal part."""
    return amount(said.translate(_PLAIN))


def vague(said: str) -> bool:
    """两三, 七八: two digits side by side say about so many."""
    return len(said) == 2 and said[0] in _DIGITS and said[1] in _DIGITS


def two_hours(said: str) -> tuple[int, int] | None:
    """The two hours of 三四(点), 九十 and 十一二, or none."""
    if said == "九十":
        return 9, 10
    if vague(said):
        return number(said[0]) or 0, number(said[1]) or 0
    if len(said) == 3 and said[0] == "十" and vague(said[1:]):
        return 10 + (number(said[1]) or 0), 10 + (number(said[2]) or 0)
    return None
