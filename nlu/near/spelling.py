"""Latin names with slips of the fingers in them, and Chinese names typed in pinyin."""

import re
from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple

from nlu.near.ordinary import ordinary
from nlu.near.syllables import readings
from nlu.text import Phrases, is_han

Ids = tuple[tuple[str, str], ...]
Hit = tuple[int, int, Ids]  # [start, end) and who bears the name there
_WORD = re.compile(r"(?<![a-z0-9'])[a-z]{4,16}(?![a-z0-9])")
_SHORTEST = 4
_SURE = 6
"""A lone word shorter than this is only taken with its letters swapped or doubled; of a person one letter less."""
_TWICE = 8
"""Words from this length may have two slips."""
_LONGEST_PINYIN = 5
_LEAST_PINYIN = 5
_FEW = 12
"""Words nobody knows that are looked at in one message."""


class _Slip(NamedTuple):
    """A misspelt word [start, end) and what it is put right to."""

    start: int
    end: int
    word: str
    meant: str


class Spelling:
    """The words of Latin names by what is left of them when a letter or two are left out."""

    __slots__ = ("_exact", "_left", "_own", "_pinyin", "_words")

    def __init__(self, exact: Phrases[Ids], names: Iterable[tuple[str, Ids]]) -> None:
        own = list(names)
        self._exact = exact
        self._words = frozenset(word for phrase in exact.phrases() for word in _WORD.findall(phrase))
        self._own = frozenset(word for name, _ in own for word in _WORD.findall(name))
        self._left: dict[str, list[str]] = {}
        for word in sorted(self._words):
            for left in {word, *_without(word, twice=len(word) >= _TWICE)}:
                self._left.setdefault(left, []).append(word)
        typed: dict[str, dict[tuple[str, str], None]] = {}
        for name, ids in own:
            for pinyin in _pinyin(name):
                typed.setdefault(pinyin, {}).update(dict.fromkeys(ids))
        self._pinyin = Phrases((pinyin, tuple(ids)) for pinyin, ids in typed.items())

    def find(self, text: str, exact: list[Hit]) -> list[Hit]:
        """The exact names with those typed in pinyin and those that are whole once misspelt words are put right."""
        typed = [hit for hit in self._pinyin.find(text) if not any(a <= hit[0] < b for a, b, _ in exact)]
        if typed:
            exact = [*(hit for hit in exact if not any(a <= hit[0] < b for a, b, _ in typed)), *typed]
        slips: list[_Slip] = []
        unknown = 0
        known, usual = self._words, ordinary()
        for match in _WORD.finditer(text):
            word = match[0]
            if word in known or word in usual or any(a <= match.start() < b for a, b, _ in typed):
                continue
            meant = self._nearest(word)
            if meant is not None:
                slips.append(_Slip(*match.span(), word, meant))
            unknown += 1
            if unknown == _FEW:
                break
        return self._righted(text, exact, slips) if slips else exact

    def _righted(self, text: str, exact: list[Hit], slips: list[_Slip]) -> list[Hit]:
        parts: list[str] = []
        places: list[int] = []  # of each character of the righted text in the text
        reach = 0
        for start, end, _, meant in slips:
            parts += (text[reach:start], meant)
            places += range(reach, start)
            places += [start] * (len(meant) - 1) + [end - 1]
            reach = end
        parts.append(text[reach:])
        places += range(reach, len(text))
        near: list[Hit] = []
        for start, end, ids in self._exact.find("".join(parts)):
            first, last = places[start], places[end - 1] + 1
            inside = [slip for slip in slips if first <= slip.start and slip.end <= last]
            if inside and ids and _sure(inside, first, last, ids):
                near.append((first, last, ids))
        return [*(hit for hit in exact if not any(a <= hit[0] and hit[1] <= b for a, b, _ in near)), *near]

    def _nearest(self, word: str) -> str | None:
        """The only word of a name that this can be a slip of; two slips are looked for where one explains nothing."""
        for allowed in (1, 2) if len(word) >= _TWICE - 1 else (1,):
            near = self._alike(word, allowed)
            fitting = [each for each in near if (allowed == 1 or len(each) >= _TWICE) and _slips(word, each) <= allowed]
            fitting = [each for each in fitting if each in self._own] or fitting
            if fitting:
                bare = {each.rstrip("s") for each in fitting}
                return min(fitting, key=lambda each: (abs(len(each) - len(word)), each)) if len(bare) == 1 else None
        return None

    def _alike(self, word: str, allowed: int) -> set[str]:
        """The words that share what is left of both, and begin alike."""
        known = self._left
        return {
            each
            for left in (word, *_without(word, twice=allowed > 1))
            if left in known
            for each in known[left]
            if each[0] == word[0] or each[:2] == word[1::-1]
        }


def _sure(inside: list[_Slip], first: int, last: int, ids: Ids) -> bool:
    """A name of several words or a long one is sure; a short lone word only with letters swapped or doubled."""
    start, end, word, meant = inside[0]
    if (start, end) != (first, last):
        return any(len(each.meant) > _SHORTEST or _light(each.word, each.meant) for each in inside)
    least = _SURE - 1 if all(kind == "technician" for kind, _ in ids) else _SURE
    bare = meant.rstrip("s")
    return len(bare) >= least or (len(bare) == _SURE - 1 and _light(word, meant))


def _light(word: str, meant: str) -> bool:
    """Two letters changed places, or one stands twice or once too little."""
    if sorted(word) == sorted(meant):
        return True
    return _undoubled(word) == _undoubled(meant)


def _undoubled(word: str) -> str:
    return "".join(char for at, char in enumerate(word) if not at or word[at - 1] != char)


def _without(word: str, *, twice: bool) -> set[str]:
    """What is left of a word without one letter, or without two."""
    once = {word[:at] + word[at + 1 :] for at in range(len(word))}
    if not twice:
        return once
    return once | {left[:at] + left[at + 1 :] for left in once for at in range(len(left))}


def _slips(one: str, other: str) -> int:
    """How many letters are missing, too many, wrong or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, char in enumerate(one, 1):
        above, before, row = before, row, [at]
        for place, wanted in enumerate(other, 1):
            least = min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (char != wanted))
            if at > 1 and place > 1 and char == other[place - 2] and one[at - 2] == wanted:
                least = min(least, above[place - 2] + 1)
            row.append(least)
    return row[-1]


def _pinyin(name: str) -> Iterator[str]:
    """A Chinese name as typed without characters: meijia, mei jia."""
    if not _SHORTEST // 2 <= len(name) <= _LONGEST_PINYIN or not all(map(is_han, name)):
        return
    read = readings()
    syllables = [read.get(char, "") for char in name]
    if not all(syllables) or len("".join(syllables)) < _LEAST_PINYIN:
        return
    for gaps in product(("", " "), repeat=len(syllables) - 1):
        typed = "".join(part for pair in zip(syllables, (*gaps, ""), strict=True) for part in pair)
        if typed not in ordinary():
            yield typed
