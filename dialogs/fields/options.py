"""An option told by what it is for or by its number alone: 马桶堵了, fix my leaky tap, 全身90."""

import re
from collections.abc import Iterable, Sequence

from core.catalog import Option
from nlu.text import is_han, normalise

_NUMBER = re.compile(r"(?<![0-9:.\-/])([0-9]{2,3})(?![0-9:./\-]|[点元块号天日月岁栋楼室]|\s?(?:am|pm|平|years?))")
_WRITTEN = {"六十": 60, "九十": 90, "一百二": 120}
_SAID_FOR = {"堵": "疏通", "不通": "疏通", "滴水": "漏水", "leak": "leak", "clog": "blocked"}
"""What people say, and the word of the trade for it."""
_NO_MARK = frozenset({"以内", "以上", "and", "the", "for", "with", "min", "hours"})
_LEAST_LETTERS = 3


def told_in_words(options: Sequence[Option], words: str, *, named_by: Iterable[str]) -> Option | None:
    """Return the one option these folded words tell of; None when they tell of none or of several."""
    counted = {int(one) for one in _NUMBER.findall(words)} | {n for said, n in _WRITTEN.items() if said in words}
    lasting = [option for option in options if option.minutes in counted]
    if len(lasting) == 1 and sum(option.minutes == lasting[0].minutes for option in options) == 1:
        return lasting[0]
    said = words + " " + " ".join(word for spoken, word in _SAID_FOR.items() if spoken in words)
    service = set[str]().union(*(_marks(name) for name in named_by))
    marks = [set[str]().union(*(_marks(name) for name in option.names.values())) - service for option in options]
    told = [
        option
        for place, option in enumerate(options)
        if any(_stands(mark, said) for mark in marks[place].difference(*(marks[:place] + marks[place + 1 :])))
    ]
    return told[0] if len(told) == 1 else None


def _marks(name: str) -> set[str]:
    """Words of a name, and pairs of its characters where it is written in Chinese."""
    folded = normalise(name).text
    latin = {word for word in re.findall(r"[a-z]+", folded) if len(word) >= _LEAST_LETTERS}
    pairs = {folded[i : i + 2] for i in range(len(folded) - 1) if is_han(folded[i]) and is_han(folded[i + 1])}
    return (latin | pairs) - _NO_MARK


def _stands(mark: str, words: str) -> bool:
    return mark in words if not mark.isascii() else re.search(rf"\b{mark}", words) is not None
