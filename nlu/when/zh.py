"""The time words of Chinese."""

from collections.abc import Iterator

from nlu.when import zh_days, zh_hours
from nlu.when.atoms import Atom, Moment
from nlu.when.zh_spelling import mended
from nlu.when.zh_words import HINT, MASTER

__all__ = ["HINT", "atoms"]

_READERS = zh_days.READERS | zh_hours.READERS
# What counts only right after a day or a part of day.
_DAY, _PART, _EITHER = frozenset(("day",)), frozenset(("part",)), frozenset(("day", "part"))
_BESIDE = {"dusk": _DAY, "same": _DAY, "beside": _EITHER, "beside_han": _PART}


def atoms(text: str, moment: Moment) -> Iterator[Atom]:
    """The Chinese time pieces of a folded text, from left to right."""
    text = mended(text)
    reach, kind = -1, ""
    for match in MASTER.finditer(text):
        name = match.lastgroup or ""
        if name in _BESIDE and (kind not in _BESIDE[name] or text[reach : match.start()].strip()):
            continue
        for atom in _READERS[name](match, moment):
            if atom.kind == "clock" and zh_hours.only_a_little(text, match, reach):
                continue
            reach, kind = atom.end, atom.kind
            yield atom
