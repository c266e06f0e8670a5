"""Putting pieces that belong together into one expression: 明天 + 下午 + 三点, two + to + four."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from nlu.when.atoms import Atom

_LINK = re.compile(r"\s*(?:[-~到至]|一直到|to|till|until|through)\s*")
_AND = re.compile(r"\s*(?:and|和|跟)\s*")
_FILLER = re.compile(
    r"[\s,.?!的那就吧约在于嘛呢啊或大概]*(?:(?:at|on|in|the|from|around|about|say|maybe|then|after|before|by)\s*)*"
)
_APART = re.compile(r"不|没|别|或|还是|要么|改|换|\bor\b|\bnot\b|n't|\bno\b|\bactually\b|\bchange|\binstead\b")
_OR = re.compile(r"[\s,]*(?:或者?|还是|要么|or|/)\s*(?:(?:at|in|the)\s+)*")
_DENIES = re.compile(r"(?:不是|不要|别|\bnot)\s*$")
_SLOTS = frozenset(("day", "part", "clock"))


@dataclass(slots=True)
class Side:
    """One end of a time expression: at most a day, a part of day and a clock time."""

    day: Atom | None = None
    part: Atom | None = None
    clock: Atom | None = None

    def takes(self, atom: Atom) -> bool:
        """Whether there is room for this piece."""
        return atom.kind in _SLOTS and getattr(self, atom.kind) is None

    def put(self, atom: Atom) -> None:
        """Fill the slot of this piece's kind."""
        setattr(self, atom.kind, atom)


@dataclass(slots=True)
class Group:
    """A whole expression: one side, or two for a range; single holds asap, any time and offsets."""

    start: int
    end: int
    left: Side = field(default_factory=Side)
    right: Side | None = None
    single: Atom | None = None
    pieces: list[tuple[int, int]] = field(default_factory=list)

    @property
    def open_end(self) -> str | None:
        """after, before or around, when a piece itself said so."""
        atoms = (self.single, self.left.clock, self.left.part)
        return next((atom.open_end for atom in atoms if atom is not None and atom.open_end), None)


def gather(atoms: Iterable[Atom], text: str) -> list[Group]:
    """The expressions in a row of pieces, from left to right."""
    groups: list[Group] = []
    for atom in atoms:
        if not groups or not _join(groups[-1], atom, text):
            groups.append(_begin(atom))
    for before, group in pairwise(groups):
        _share_day(before, group, text)
    for group in groups:
        group.pieces = [(group.start, group.end)]
    return _merge_apart(groups, text)


def _begin(atom: Atom) -> Group:
    group = Group(atom.start, atom.end)
    if atom.kind in _SLOTS:
        group.left.put(atom)
    else:
        group.single = atom
    return group


def _join(group: Group, atom: Atom, text: str) -> bool:
    gap = text[group.end : atom.start]
    if group.single is not None:
        return group.single.kind == "anytime" and _hands_over(group, atom, gap)
    if atom.kind == "anytime" and group.left.clock is None and _FILLER.fullmatch(gap):
        group.end = atom.end
        return True
    if atom.kind not in _SLOTS:
        return False
    linked = _LINK.fullmatch(gap) or (_AND.fullmatch(gap) and text[: group.start].rstrip().endswith("between"))
    if linked and group.right is None and atom.start > group.end:
        group.right = Side()
    elif not _FILLER.fullmatch(gap) or ("," in gap and _DENIES.search(text, 0, group.start)):
        return False
    side = group.right or group.left
    if not side.takes(atom) or (atom.kind == "clock" and _only_days(group)):
        return False  # 周一到周五 9点到18点 is a range of days and a range of hours
    side.put(atom)
    group.end = max(group.end, atom.end)
    return True


def _only_days(group: Group) -> bool:
    return group.right is not None and group.left.clock is None and group.left.part is None


def _hands_over(group: Group, atom: Atom, gap: str) -> bool:
    """Any time tomorrow: the day is what counts."""
    if atom.kind not in _SLOTS or not _FILLER.fullmatch(gap):
        return False
    group.single = None
    group.left.put(atom)
    group.end = atom.end
    return True


def _share_day(before: Group, group: Group, text: str) -> None:
    """明天上午或者下午: the second choice is on the day of the first."""
    if group.single is None and group.left.day is None and _OR.fullmatch(text, before.end, group.start):
        group.left.day = before.left.day


def _merge_apart(groups: list[Group], text: str) -> list[Group]:
    """明天想约个按摩，下午三点可以吗: two pieces of one time with other words between them."""
    merged: list[Group] = []
    for group in groups:
        if merged and _complete_each_other(merged[-1], group) and not _APART.search(text, merged[-1].end, group.start):
            merged[-1] = _united(merged[-1], group)
        else:
            merged.append(group)
    return merged


def _complete_each_other(one: Group, other: Group) -> bool:
    if one.single is not None or other.single is not None or _only_days(one) or _only_days(other):
        return False
    if one.right is not None and other.right is not None:
        return False
    return not any(
        getattr(one.left, slot) is not None and getattr(other.left, slot) is not None for slot in _SLOTS
    ) and not (one.left.clock is not None and other.left.part is not None)


def _united(one: Group, other: Group) -> Group:
    main = other if other.left.clock is not None else one
    left = Side(one.left.day or other.left.day, one.left.part or other.left.part, one.left.clock or other.left.clock)
    return Group(main.start, main.end, left, one.right or other.right, None, one.pieces + other.pieces)
