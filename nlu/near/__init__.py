"""Names as people misspell them: characters that sound alike, slips of the fingers, pinyin for characters.

Only what no exact name covers is looked at, and only names long enough to be meant. An index by sound and by letters
left out finds the few names that can be meant; no message is held against every name.
"""

from collections.abc import Iterable
from typing import NamedTuple

from nlu.near.ordinary import HAN
from nlu.near.spelling import Hit, Spelling
from nlu.near.syllables import keys, readings
from nlu.text import Phrases, is_han, mask

__all__ = ["Near"]

Ids = tuple[tuple[str, str], ...]
_VERBS = frozenset("做洗换修装按捏通打接种弄搞按揉推剪吹烫染擦扫除开约在小老大个下一次了的")
_CALLED = ("姐", "哥")
"""Too short to be told from other words by their sound."""
"""Beside these another character that sounds alike is another word: 做练 is no 做脸."""
_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz")
_SHORT = 2
_MIDDLING = 3


class _Name(NamedTuple):
    name: str
    ids: Ids
    own: bool  # a name the shop gave, not a saying of the trade


class Near:
    """The names of a shop, to be found where they are misspelt."""

    __slots__ = ("_by_sound", "_spelling")

    def __init__(
        self, names: Iterable[tuple[str, Ids]], sayings: Iterable[tuple[str, Ids]], exact: Phrases[Ids]
    ) -> None:
        own = list(names)
        told = [
            *(_Name(name, ids, own=True) for name, ids in own),
            *(_Name(name, ids, own=False) for name, ids in sayings),
        ]
        sounds: dict[str, list[_Name]] = {}
        table = keys()
        for each in told:
            if len(each.name) >= (_SHORT if each.own else _MIDDLING) and all(map(is_han, each.name)):
                sounds.setdefault(each.name.translate(table), []).append(each)
        self._by_sound = Phrases((sound, tuple(alike)) for sound, alike in sounds.items())
        self._spelling = Spelling(exact, own)

    def find(self, text: str, exact: list[Hit]) -> list[Hit]:
        """The exact names of a folded text and near ones beside them; a longer righted name takes an exact one in."""
        hits = exact
        if not _LATIN.isdisjoint(text):
            hits = self._spelling.find(text, hits)
        if text.isascii():
            return hits
        left = text
        for start, end, _ in hits:
            left = mask(left, start, end)
        near = [
            (start, end, ids)
            for start, end, alike in self._by_sound.find(left.translate(keys()))
            if (ids := _meant(left, start, end, alike))
        ]
        return hits + near


def _meant(text: str, start: int, end: int, alike: Iterable[_Name]) -> Ids:
    said = text[start:end]
    if said in HAN:
        return ()
    found: dict[tuple[str, str], None] = {}
    for each in alike:
        if _near_enough(said, each):
            found.update(dict.fromkeys(each.ids))
    return tuple(found)


def _near_enough(said: str, each: _Name) -> bool:
    """The shorter a name, the more of it must stand as it is written."""
    same = {a for a, b in zip(said, each.name, strict=True) if a == b}
    telling = same - _VERBS
    if not each.own:
        return sum(a != b for a, b in zip(said, each.name, strict=True)) == 1 and bool(telling)
    if any(kind == "technician" for kind, _ in each.ids):
        return (
            said[0] == each.name[0]
            and not each.name.endswith(_CALLED)
            and (len(said) > _SHORT or _alike(said, each.name))
        )
    if len(said) == _SHORT:
        return bool(telling) and each.name[0] not in _VERBS and _alike(said, each.name)
    return len(said) > _MIDDLING or bool(telling)


def _alike(said: str, name: str) -> bool:
    """Whether both are read the same, with no sounds taken for one."""
    read = readings()
    return all(read.get(a) == read.get(b) for a, b in zip(said, name, strict=True))
