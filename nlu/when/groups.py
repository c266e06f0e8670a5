# ruff: noqa: E501 - one expression to a line
"""Putting pieces that belong together into one expression: 明天 + 下午 + 三点, two + to + four."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from nlu.when import opening
from nlu.when.atoms import Atom
from nlu.when.same_day import one_day

_LINK = re.compile(r"\s*(?:[-~到至]|一直到|开始到|做到|to|'?till?|until|through|thru)\s*(?:about |around |the |at )?")
_AND = re.compile(r"\s*(?:and|和|跟|&|-|to)\s*(?:about |around |the )?")
_BETWEEN = re.compile(r"\b(?:between|btwn?|betw)(?: about| around| the| say)*\s*$", re.ASCII)
_BETWEEN_THEM = re.compile(r"\s*(?:之间|中间|间)")
_FILLER = re.compile(
    r"[\s,.?!()\[\]的那就吧约在于嘛呢啊或大概]*(?:最早|最晚|最迟|(?:不|别)[要能可]?(?:早于|晚于|迟于|超过)|晚于|早于|赶在|大约|差不多|过了)?\s*"
    r"(?:(?:at|on|in|the|from|around|about|say|maybe|then|after|before|by|not|no|earlier|later|than|until|till?|past|of|for|like|preferably|ideally|perhaps|probably|approx|roughly|circa|@|starting|start|any ?time|some ?time|bang on|is it possible|it is possible)(?![a-z])[\s,.(]*)*"
)
_DENIES = re.compile(r"(?:不是|唔系|唔要|不要|别|\bnot)\s*$", re.ASCII)
_MOVES = re.compile(r"\b(?:move|change|push|shift|switch|bring|reschedule|swap)\b(?!.*\bto\b)", re.ASCII)
_NEAR = 40  # characters: how far back the word before an expression is looked for
_SLOTS = frozenset(("day", "part", "clock", "half"))
_MARKS = frozenset(("impossible", "void"))


@dataclass(slots=True)
class Side:
    """One end of a time expression: at most a day, a part of day (and which half of it) and a clock time."""

    day: Atom | None = None
    part: Atom | None = None
    clock: Atom | None = None
    half: Atom | None = None

    @property
    def empty(self) -> bool:
        """Whether it says no time: nothing, or late alone."""
        return self.day is None and self.part is None and self.clock is None

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
    opened: str | None = None  # after, from, before, by or around, when a word beside or inside it said so
    mark: str | None = None  # impossible: a piece does not exist; void: no time is meant; corrected: taken back
    pieces: list[tuple[int, int]] = field(default_factory=list)

    @property
    def open_end(self) -> str | None:
        """after, before or around, when a word or a piece inside said so."""
        atoms = (self.single, self.left.clock, self.left.part)
        return self.opened or next((atom.open_end for atom in atoms if atom is not None and atom.open_end), None)


def gather(atoms: Iterable[Atom], text: str) -> list[Group]:
    """The expressions in a row of pieces, from left to right, with the words that open them."""
    groups: list[Group] = []
    for atom in atoms:
        if not groups or not _join(groups[-1], atom, text):
            groups.append(_begin(atom))
    reach = 0
    for group in groups:
        _open(group, text, reach)
        group.pieces = [(group.start, group.end)]
        reach = group.end
    return groups


def _begin(atom: Atom) -> Group:
    group = Group(atom.start, atom.end)
    if atom.kind in _SLOTS:
        group.left.put(atom)
    elif atom.kind in _MARKS:
        group.mark = atom.kind
    else:
        group.single = atom
    return group


def _open(group: Group, text: str, floor: int) -> None:
    """Take in the words before or after it that open one end."""
    if group.open_end or group.left.empty:
        return
    word = opening.before(text, group.start, floor)
    if word is not None and not (word[0] == "from" and _begins_a_range(group, text)):
        group.opened = word[0]
        group.start = group.start if group.right is not None else word[1]
    elif (word := opening.after(text, group.end)) is not None:
        group.opened, group.end = word


def _begins_a_range(group: Group, text: str) -> bool:
    """From the 3rd to the 5th, move it from Tuesday: from opens nothing here."""
    if _MOVES.search(text, max(0, group.start - 40), group.start):
        return True
    day = group.left.day
    if day is None or day.first is None or day.last is None or group.left.clock is not None:
        return False
    return day.grain == "day" and (day.last - day.first).days > 1


def _join(group: Group, atom: Atom, text: str) -> bool:
    gap = text[group.end : atom.start]
    if group.single is not None:
        return _hands_over(group, atom, gap, text)
    if atom.kind in ("anytime", "soon") and group.left.clock is None and _FILLER.fullmatch(gap):
        group.end = atom.end
        return True
    if atom.kind in _MARKS or group.mark:
        return _marked(group, atom, gap)
    return atom.kind in _SLOTS and _takes(group, atom, gap, text)


def _marked(group: Group, atom: Atom, gap: str) -> bool:
    """每周二下午三点, 25:00 tomorrow: one impossible or void piece makes the whole so."""
    if atom.kind not in _MARKS and atom.kind not in _SLOTS:
        return False
    if atom.kind == "void" and group.left.day is not None:
        return False  # 这周每天: the week is meant
    if not (_FILLER.fullmatch(gap) or _LINK.fullmatch(gap)) or (atom.kind == "day" and group.mark == "void"):
        return False
    group.mark = atom.kind if atom.kind in _MARKS and group.mark != "impossible" else group.mark
    group.end = max(group.end, atom.end)
    return True


def _takes(group: Group, atom: Atom, gap: str, text: str) -> bool:
    linked = _links(group, atom, gap, text)
    if linked and group.right is None and atom.start > group.end and not _day_to_clock(group, atom):
        group.right = Side()
    elif not _FILLER.fullmatch(gap) or ("," in gap and _DENIES.search(text, max(0, group.start - _NEAR), group.start)):
        return False
    side = group.right or group.left
    if atom.kind == "day" and side.day is not None:
        day = one_day(side.day, atom, listed="," in gap) if "not" not in gap else None
        if day is None:
            return False
        side.day = day
        if group.right is not None and group.left.day is not None and group.left.day.weekday and not atom.weekday:
            group.left.day = one_day(group.left.day, atom, listed=False) or group.left.day  # Mon to Wed next week
    elif atom.kind == "part" and _narrows(side.part, atom):
        side.part = atom
    elif not side.takes(atom) or (atom.kind in ("clock", "part") and _only_days(group)):
        return False  # 周一到周五 9点到18点 is a range of days and a range of hours
    else:
        side.put(atom)
    if group.right is None and atom.kind in ("clock", "part") and (gap or atom.start == group.end):
        word = opening.before(text, atom.start, group.end)
        group.opened = word[0] if word is not None else group.opened
    group.end = max(group.end, atom.end)
    return True


def _narrows(part: Atom | None, other: Atom) -> bool:
    """Tomorrow morning, first thing: the narrower of two names of one part of day."""
    return part is not None and part.part == other.part and part.hours is None and other.hours is not None


def _links(group: Group, atom: Atom, gap: str, text: str) -> bool:
    if _LINK.fullmatch(gap):
        return not _MOVES.search(text, max(0, group.start - 40), group.start)
    if not _AND.fullmatch(gap):
        return False
    return (
        _BETWEEN.search(text, max(0, group.start - _NEAR), group.start) is not None
        or _BETWEEN_THEM.match(text, atom.end) is not None
    )


def _day_to_clock(group: Group, atom: Atom) -> bool:
    """Friday till 6 is Friday until 6: no range of days ends at a clock time."""
    return atom.kind == "clock" and group.left.clock is None and group.left.part is None


def _only_days(group: Group) -> bool:
    return group.right is not None and group.left.clock is None and group.left.part is None


def _hands_over(group: Group, atom: Atom, gap: str, text: str) -> bool:
    """Any time tomorrow: the day is what counts; now until 5 is by 5."""
    if atom.kind not in _SLOTS or group.single is None or group.single.kind not in ("anytime", "soon"):
        return False
    until = _LINK.fullmatch(gap) or (
        _AND.fullmatch(gap) and _BETWEEN.search(text, max(0, group.start - 24), group.start)
    )
    if group.single.kind == "soon" and atom.kind in ("clock", "day") and until:
        group.opened = "by"
    elif not _FILLER.fullmatch(gap):
        return False
    else:
        word = opening.before(text, atom.start, group.end)
        group.opened = word[0] if word is not None else None
    group.single = None
    group.left.put(atom)
    group.end = atom.end
    return True
