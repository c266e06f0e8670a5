"""The pictures of docs/calendar.md, drawn from the calendar of a small town; a test compares them with the files."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Final

from core import calendar
from core.calendar import Fact, Slot
from core.calendar.fitting import HOME_AFTER
from core.db import Tx
from tests.builders import NOW
from tests.docs.svg import Picture
from tests.docs.town import (
    CELL,
    PLACES,
    Block,
    Day,
    Mark,
    Town,
    a_town,
    anyone,
    clock,
    day_of,
    minutes_between,
    offers,
)

_WIDTH = 960
_LEFT, _CELL_WIDTH = 112, 15
_FIRST, _LAST = 8 * 60, 21 * 60 + 30
_ASKED = 15 * 60
"""The start at which the ranking is shown."""
_FACTS: Final = {
    Fact.NEAR: "{0} min away",
    Fact.RATED: "rated {0:.1f}",
    Fact.LIGHT_DAY: "visits that day: {0}",
    Fact.TURN: "visits in the days ahead: {0}",
}


def day_picture() -> str:
    """Return a technician's day: rota, visits, ways, claims, and every start for one wish."""
    with a_town() as (database, town):
        mia = database.run(lambda tx: day_of(tx, town, town.mia, "Mia"))
    told = "A rota with a break, three visits and a hold, the ways between them, the cells claimed, the starts free."
    picture = Picture(_WIDTH, 560, title="One technician's day", told=told)
    picture.words(20, 32, "Mia's Wednesday, and what a wish for 60 minutes at W finds in it", "ink big")
    _works(picture, 62, mia)
    _axis(picture, 62, 222)
    _strip(picture, 62, mia)
    _ghost(picture, 62 + 40, min(minute for minute, mark in mia.marks.items() if mark is Mark.FREE))
    _legend(picture, 256)
    _map(picture, 20, 338, mia)
    _reading(picture, 400, 338, mia)
    return picture.svg()


def cancel_picture() -> str:
    """Return the same day before and after a visit is cancelled."""
    with a_town() as (database, town):
        before = database.run(lambda tx: day_of(tx, town, town.mia, "Mia"))
        database.run(lambda tx: calendar.release_order(tx, town.orders["A"], NOW))
        after = database.run(lambda tx: day_of(tx, town, town.mia, "Mia"))
    told = "Before and after visit A is cancelled: its claims are gone, the way to B begins at the base."
    picture = Picture(_WIDTH, 440, title="A cancel rewrites the next leg", told=told)
    picture.words(20, 32, "Visit A is cancelled: its cells are free again, and the way to B is another one", "ink big")
    for top, day, old in ((62, before, None), (258, after, before)):
        _works(picture, top, day)
        _axis(picture, top, top + 160)
        _strip(picture, top, day, old=old)
    picture.words(20, 78, "before", "soft bold")
    picture.words(20, 274, "after", "soft bold")
    return picture.svg()


def anyone_picture() -> str:
    """Return two technicians' days, and what is free with anyone and with both together."""
    with a_town() as (database, town):

        def seen(tx: Tx) -> tuple[Day, Day, dict[int, Slot], dict[int, Slot], tuple[Slot, ...]]:
            days = day_of(tx, town, town.mia, "Mia"), day_of(tx, town, town.ben, "Ben")
            return *days, anyone(tx, town), anyone(tx, town, crew=2), offers(tx, town, _ASKED)

        mia, ben, either, both, ranking = database.run(seen)
    told = "Two technicians' days; at each start that anyone can take, the letter says who comes first."
    picture = Picture(_WIDTH, 568, title="Anyone, and two together", told=told)
    picture.words(20, 32, "“Anyone” is free where one of them is; two together where both are", "ink big")
    _works(picture, 62, mia)
    _works(picture, 232, ben)
    _axis(picture, 62, 470)
    _strip(picture, 62, mia)
    _strip(picture, 232, ben)
    _letters(picture, 420, "anyone", {at: _letter(town, slot) for at, slot in either.items()})
    _letters(picture, 452, "two together", {at: _letter(town, slot) for at, slot in both.items()})
    for place, slot in enumerate(ranking):
        inks = "free" if _letter(town, slot) == "M" else "second"
        picture.dot(28, 502 + 28 * place, 8, inks)
        picture.words(28, 506 + 28 * place, _letter(town, slot), f"on-{inks} small bold mid")
        picture.words(48, 506 + 28 * place, _ranked(town, place, slot), "ink")
    return picture.svg()


def _x(minute: float) -> float:
    return _LEFT + (minute - _FIRST) / CELL * _CELL_WIDTH


def _axis(picture: Picture, top: float, bottom: float) -> None:
    for minute in range(_FIRST, _LAST + 1, 60):
        picture.line(_x(minute), top, _x(minute), bottom, "line")
        picture.words(_x(minute), top - 6, clock(minute), "soft small mid")


def _works(picture: Picture, top: float, day: Day) -> None:
    for start, end in day.works:
        picture.box(_x(start), top + 6, _x(end) - _x(start), 148, "works", round_by=3)
    for (_, end), (start, _) in pairwise(day.works):
        picture.words((_x(end) + _x(start)) / 2, top + 20, "break", "soft small mid")


def _strip(picture: Picture, top: float, day: Day, *, old: Day | None = None) -> None:
    """Draw one day as a lane of visits, one of claims and one of starts, with what changed since an older one."""
    picture.words(20, top + 62, day.name, "ink bold")
    known = {} if old is None else {block.name: block for block in old.blocks}
    for block in day.blocks:
        was = known.pop(block.name, block)
        _block(picture, top + 40, block, changed=was.leg_from != block.leg_from)
    for block in known.values():
        picture.box(_x(block.starts), top + 40, _x(block.free) - _x(block.starts), 34, "gone dashed", round_by=3)
        picture.words((_x(block.starts) + _x(block.ends)) / 2, top + 61, block.name, "soft mid")
    picture.words(20, top + 106, "claims", "soft")
    held = {minute for block in day.blocks if block.held for minute in range(block.starts, block.free, CELL)}
    for minute in range(_FIRST, _LAST, CELL):
        inks = ("cell-held" if minute in held else "cell") if minute in day.cells else "no-cell"
        picture.box(_x(minute) + 1.5, top + 96, _CELL_WIDTH - 3, 12, inks, round_by=2)
    picture.words(20, top + 140, "starts for W", "soft")
    for minute, mark in day.marks.items():
        if _FIRST <= minute < _LAST:
            fresh = old is not None and mark is Mark.FREE and old.marks[minute] is not Mark.FREE
            _mark(picture, _x(minute), top + 136, mark, fresh=fresh)


def _block(picture: Picture, top: float, block: Block, *, changed: bool) -> None:
    """Draw a visit or a hold with its buffer, and the way before it."""
    start, end, free = _x(block.starts), _x(block.ends), _x(block.free)
    left, middle = _x(block.starts - block.leg_minutes), top + 17
    picture.line(left, middle, start - 5, middle, "leg thick dashed")
    picture.line(left, middle - 6, left, middle + 6, "leg thick")
    picture.shape(((start - 7, middle - 4), (start - 1, middle), (start - 7, middle + 4)), "leg-head")
    told = f"{block.leg_minutes} min from {block.leg_from}"
    picture.words(start - 2, top - 4, told, f"{'changed bold' if changed else 'soft'} small end")
    kind = "hold" if block.held else "visit"
    picture.box(end, top, free - end, 34, "hold-buffer" if block.held else "buffer")
    picture.box(start, top, end - start, 34, f"{kind} dashed" if block.held else kind, round_by=3)
    picture.words((start + end) / 2, top + 21, block.name, f"on-{kind} bold mid")


def _ghost(picture: Picture, top: float, minute: int) -> None:
    """Draw the wish where it could be."""
    picture.box(_x(minute), top, _x(minute + 60) - _x(minute), 34, "fresh dashed thick", round_by=3)
    picture.words(_x(minute + 30), top + 21, "W", "free bold mid")
    picture.words(_x(minute) + 2, top - 4, "W fits here", "soft small")


def _mark(picture: Picture, x: float, y: float, mark: Mark, *, fresh: bool = False) -> None:
    """Draw what a start is: free is full and round, the others are not."""
    if mark is Mark.FREE:
        picture.dot(x, y, 5, "free")
    elif mark is Mark.WAY:
        picture.shape(((x, y - 5), (x + 5, y), (x, y + 5), (x - 5, y)), "way thick")
    elif mark is Mark.TAKEN:
        picture.line(x - 3.5, y, x + 3.5, y, "taken thick")
    else:
        picture.dot(x, y, 1.3, "off")
    if fresh:
        picture.dot(x, y, 8, "fresh")


def _letters(picture: Picture, y: float, name: str, letters: Mapping[int, str]) -> None:
    """Draw a lane of starts with the letter of who would come."""
    picture.words(20, y + 4, name, "ink bold")
    for minute in range(_FIRST, _LAST, CELL):
        letter = letters.get(minute)
        if letter is None:
            picture.dot(_x(minute), y, 1.3, "off")
            continue
        inks = "free" if letter.startswith("M") else "second"
        picture.dot(_x(minute), y, 7, inks)
        picture.words(_x(minute), y + 3.7, letter[0], f"on-{inks} small bold mid")


def _letter(town: Town, slot: Slot) -> str:
    return "M" if slot.technician_id == town.mia.id else "B"


def _ranked(town: Town, place: int, slot: Slot) -> str:
    name = "Mia" if slot.technician_id == town.mia.id else "Ben"
    figures = [_FACTS[fact].format(figure / 10 if fact is Fact.RATED else figure) for fact, figure in slot.facts]
    order = f"At {clock(_ASKED)} {name} comes first" if place == 0 else f"Then {name}"
    return f"{order}. What speaks most for {name}: {', '.join(figures)}."


def _legend(picture: Picture, y: float) -> None:
    x = 20.0
    for inks, told in (("visit", "service"), ("buffer", "buffer"), ("hold dashed", "somebody's hold")):
        picture.box(x, y - 10, 20, 12, inks, round_by=2)
        x = _told(picture, x + 28, y, told)
    picture.line(x, y - 4, x + 16, y - 4, "leg thick dashed")
    picture.shape(((x + 14, y - 8), (x + 20, y - 4), (x + 14, y)), "leg-head")
    x = _told(picture, x + 28, y, "the way there")
    picture.box(x, y - 10, 12, 12, "cell", round_by=2)
    _told(picture, x + 20, y, "a claim: one cell of 15 minutes")
    x = 20.0
    marks = (
        (Mark.FREE, "free"),
        (Mark.WAY, "free cells, no time for the way"),
        (Mark.TAKEN, "taken"),
        (Mark.OFF, "off"),
    )
    for mark, told in marks:
        _mark(picture, x + 8, y + 22, mark)
        x = _told(picture, x + 28, y + 26, told)


def _told(picture: Picture, x: float, y: float, told: str) -> float:
    """Write a word of the legend and return where the next may begin."""
    picture.words(x, y, told, "soft")
    return x + 6.6 * len(told) + 24


def _map(picture: Picture, left: float, top: float, day: Day) -> None:
    """Draw where everything is, the ways of the day, and those to the wish in the gap that takes it."""
    picture.words(left, top, "Where they are", "ink bold")
    picture.box(left, top + 12, 350, 190, "works", round_by=6)
    names = ["base", *(block.name for block in day.blocks), "wish"]
    at = {name: (left + 160 + 30 * PLACES[name][0], top + 107 - 25 * PLACES[name][1]) for name in names}
    for block in day.blocks:
        _way(picture, at[block.leg_from], at[block.name], f"{block.leg_minutes} min", "leg")
    for other in ("B", "C"):
        _way(picture, at["wish"], at[other], f"{minutes_between('wish', other)} min", "wish-way")
    for name, (x, y) in at.items():
        inks = {"wish": "free", "hold": "hold", "base": "card"}.get(name, "visit")
        picture.box(x - 18, y - 11, 36, 22, inks, round_by=11)
        written = "ink" if name == "base" else f"on-{inks}"
        picture.words(x, y + 4, "W" if name == "wish" else name, f"{written} small bold mid")


def _way(picture: Picture, start: tuple[float, float], end: tuple[float, float], told: str, inks: str) -> None:
    picture.line(*start, *end, f"{inks} thick dashed")
    middle, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    picture.box(middle - 22, y - 7, 44, 14, "works")
    picture.words(middle, y + 4, told, "soft small mid")


def _because(day: Day, minute: int) -> str:
    """Return what a start shows, in figures of this day."""
    begins, mark = clock(minute), day.marks[minute]
    if mark is Mark.OFF:
        return f"{begins}: the service would last until {clock(minute + 60)}, after work."
    if mark is Mark.TAKEN:
        return f"{begins}: not every cell from {begins} to {clock(minute + 75)} is free."
    before = next((block for block in reversed(day.blocks) if block.starts < minute), None)
    after = next((block for block in day.blocks if block.starts >= minute), None)
    home = before is None or minute - before.free >= HOME_AFTER
    here = "base" if home or before is None else before.name
    ways = [f"{here} to W takes {minutes_between(here, 'wish')} min"]
    if after is not None:
        ways.append(f"W to {after.name} {minutes_between('wish', after.name)} min")
    verdict = "fits" if mark is Mark.FREE else "has free cells and too little time"
    return f"{begins} {verdict}: {', '.join(ways)}."


def _reading(picture: Picture, left: float, top: float, day: Day) -> None:
    picture.words(left, top, "How to read it", "ink bold")
    asked = (11 * 60, 10 * 60 + 45, 14 * 60, 16 * 60, 20 * 60 + 15)
    for place, minute in enumerate(asked):
        y = top + 32 + 27 * place
        _mark(picture, left + 8, y - 4, day.marks[minute])
        picture.words(left + 26, y, _because(day, minute), "ink")
    for before, after in pairwise(day.blocks):
        if after.leg_from == "base":
            hours = f"{(after.starts - before.free) // 60} h {(after.starts - before.free) % 60} min"
            told = f"{after.name}: {hours} after {before.name}, so the way begins at the base."
            picture.words(left + 26, top + 32 + 27 * len(asked), told, "ink")


PICTURES: Final[Mapping[str, Callable[[], str]]] = {
    "calendar-day.svg": day_picture,
    "calendar-cancel.svg": cancel_picture,
    "calendar-anyone.svg": anyone_picture,
}
"""File in docs/pictures and what draws it."""
