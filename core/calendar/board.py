"""Everything a question to the calendar needs, read once; and which starts the rules leave each technician."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import compress
from time import perf_counter

from core.calendar import occupations
from core.calendar.cells import (
    CELL,
    CELL_MINUTES,
    cell_from,
    cell_until,
    instant,
    micros_of,
    minute_of,
    next_minute,
    run,
)
from core.calendar.diaries import Diary, Taken
from core.calendar.fitting import Place, fitting
from core.calendar.hours import Hours, Window, hours
from core.calendar.index import Diaries, diaries
from core.calendar.occupations import Occupation
from core.calendar.wishes import CouldNotCheck, Rule, Slot, Wish
from core.db import Tx
from core.settings import Rules, rules
from core.technicians import Technician
from core.travel import TRAVEL

_DAY_CELLS = 96
_BUDGET_SECONDS = 1.5
"""A search that takes longer says that it could not check: whoever asked still hears something in time."""

NO_DIARIES = Diaries({}, {})
_ZERO_OR_ONE = bytes.maketrans(b"01", bytes((0, 1)))
"""Makes the digits of a binary number into numbers."""


@dataclass(frozen=True, slots=True)
class Board:
    """One moment's view of everybody's time."""

    now: datetime
    figures: Rules
    hours: Hours
    window: Window
    diaries: Diaries
    now_micros: int
    ready: int
    """The first minute from now on: nobody sets out before."""
    began: float
    """By the machine's clock, which measures how long a search takes; what is decided rests on `now` alone."""
    own: Mapping[int, int] = field(default_factory=dict)
    """The starts that an order which would move has with each technician already."""

    def bits(self, from_at: datetime, until_at: datetime) -> int:
        """Return the starts in [from_at, until_at] that notice and horizon allow."""
        earliest = max(from_at, self.now + timedelta(minutes=self.figures.notice_minutes))
        latest = min(until_at, self.now + timedelta(days=self.figures.horizon_days))
        origin = self.window.origin
        return run(cell_from(next_minute(earliest)) - origin, cell_until(minute_of(latest)) - origin)

    def bit(self, at: datetime) -> int:
        """Return the place of a start on the grid."""
        return minute_of(at) // CELL_MINUTES - self.window.origin

    def starts(self, bits: int) -> tuple[datetime, ...]:
        """Return the starts that bits stand for, in order."""
        return tuple(compress(_all_starts(self.window), f"{bits:b}"[::-1].encode().translate(_ZERO_OR_ONE)))

    def place(self, at: datetime) -> float:
        """Return where a time lies among the places of starts, between two of them when it is off the grid."""
        return (at - instant(self.window.since)) / CELL

    def start(self, bit: int) -> datetime:
        """Return the start a place stands for."""
        return instant((self.window.origin + bit) * CELL_MINUTES)

    @property
    def end(self) -> datetime:
        """The last moment that can be booked."""
        return self.now + timedelta(days=self.figures.horizon_days)

    def worked(self, wish: Wish) -> int:
        """Return the starts at which anybody who could come works for so long."""
        return self.hours.worked(wish.service_id, wish.region_id, wish.preferences, wish.minutes, self.window)

    def check_budget(self) -> None:
        """Raise CouldNotCheck when this question has taken too long."""
        if perf_counter() - self.began > _BUDGET_SECONDS:
            raise CouldNotCheck


@lru_cache(maxsize=8)
def _all_starts(window: Window) -> tuple[datetime, ...]:
    return tuple(instant((window.origin + bit) * CELL_MINUTES) for bit in range(window.cells))


def empty_board(tx: Tx, now: datetime, *, notice: bool = True) -> Board:
    """Read who works when, without what they have; without `notice` also for short notice (an order already paid)."""
    figures = rules(tx)
    if not notice:
        figures = replace(figures, notice_minutes=0)
    # The window begins at a UTC midnight, so that what is worked out for it serves all questions of that day.
    origin = (minute_of(now) // 1440 - 1) * _DAY_CELLS
    window = Window(origin, (figures.horizon_days + 4) * _DAY_CELLS)
    return Board(now, figures, hours(tx), window, NO_DIARIES, micros_of(now), next_minute(now), perf_counter())


def read_board(tx: Tx, now: datetime, *, notice: bool = True, moving: int | None = None) -> Board:
    """Read who works when and what everybody has; for an order that would move, without what it has itself."""
    board = empty_board(tx, now, notice=notice)
    board = replace(board, diaries=diaries(tx, now))
    return board if moving is None else _without(board, occupations.about(tx, moving))


def _without(board: Board, own: Iterable[Occupation]) -> Board:
    """Return a board on which an order's times are free, all but the very starts it has or asks for."""
    gone: dict[int, set[int]] = defaultdict(set)
    kept: dict[int, int] = defaultdict(int)
    for one in own:
        gone[one.technician_id].add(minute_of(one.starts_at))
        bit = board.bit(one.starts_at)
        if one.order_id is not None and bit >= 0:
            kept[one.technician_id] |= 1 << bit
    found = board.diaries
    rest = {who: [one for one in found.of(who).entries if one.starts not in starts] for who, starts in gone.items()}
    left = {who: Diary(found.of(who).version, entries=tuple(entries)) for who, entries in rest.items()}
    return replace(board, diaries=Diaries(found.known, {**found.read, **left}), own=kept)


def who_can(board: Board, wish: Wish, technician_id: int | None = None) -> tuple[Technician, ...]:
    """Return who could come if they had time: the one named, or everybody whom nothing speaks against."""
    if technician_id is None:
        able = board.hours.roster.able(wish.service_id, wish.region_id, wish.preferences)
    else:
        found = board.hours.roster.find(technician_id)
        able = () if found is None or why_cannot(wish, found) is not None else (found,)
    if wish.most_metres is not None:
        most = wish.most_metres
        able = tuple(one for one in able if wish.fare_metres(one.base) <= most)
    return tuple(one for one in able if one.id not in wish.but) if wish.but else able


def why_cannot(wish: Wish, one: Technician) -> Rule | None:
    """Return the rule that keeps a technician from coming at any time, None when there is none."""
    forbidden = (
        (one.on_duty_at is None, Rule.TECHNICIAN),
        (wish.service_id not in one.service_ids, Rule.SKILL),
        (wish.region_id not in one.region_ids, Rule.REGION),
        (wish.preferences.sex not in (None, one.sex), Rule.SEX),
        (not wish.preferences.met_by(one), Rule.PREFERENCES),
    )
    return next((rule for kept_away, rule in forbidden if kept_away), None)


def starts_of(board: Board, wish: Wish, place: Place, technician: Technician, asked: int, *, person_id: int) -> int:
    """Return which of the starts asked for are free with one technician, for one person."""
    asked &= board.hours.starts(technician, wish.minutes, board.window) & ~board.own.get(technician.id, 0)
    if not asked:
        return 0
    diary = board.diaries.of(technician.id)
    asked &= ~diary.blocked(board.window.origin, wish.whole_minutes, TRAVEL.least_minutes)
    if not asked:
        return 0
    taken = diary.live(person_id, board.now_micros)
    return _fitting(board, wish, place, technician, taken, asked)


def roomy_starts_of(board: Board, wish: Wish, place: Place, technician: Technician, asked: int) -> int:
    """Return starts asked for that are free however the ways turn out: beside no visit as near as the longest way.

    Much quicker to find than all that are free, and among many technicians hardly a start is left to be looked at.
    """
    diary, longest = board.diaries.of(technician.id), place.way(technician.base.lat, technician.base.lng)
    if diary.has_holds:
        return 0
    asked &= board.hours.starts(technician, wish.minutes, board.window) & ~board.own.get(technician.id, 0)
    if asked and diary.entries:
        longest = cell_from(max(longest, place.longest(diary.box))) * CELL_MINUTES  # whole cells, to be remembered
        asked &= ~diary.blocked(board.window.origin, wish.whole_minutes, longest)
    first = cell_from(board.ready + longest) - board.window.origin
    return asked & run(first, asked.bit_length())


def slot_in(board: Board, wish: Wish, technician: Technician, taken: Taken, starts_at: datetime) -> Slot | None:
    """Return the slot at exactly this start if the rules allow it beside what is taken, for writing it down."""
    if starts_at != board.start(board.bit(starts_at)):
        return None
    place = Place(wish.point)
    asked = board.bits(starts_at, starts_at) & board.hours.starts(technician, wish.minutes, board.window)
    if not _fitting(board, wish, place, technician, taken, asked):
        return None
    return slot_of(wish, technician, starts_at, way_to(place, technician, taken, starts_at))


def way_to(place: Place, technician: Technician, taken: Taken, starts_at: datetime) -> int:
    """Return the minutes of the technician's way to a visit at this start, beside what is taken."""
    starts = minute_of(starts_at)
    at = bisect_left(taken.starts, starts)
    return place.leg(starts, taken.entries[at - 1] if at else None, technician.base).minutes


def slot_of(wish: Wish, technician: Technician, starts_at: datetime, way: int) -> Slot:
    """Return the slot of a start known to be free, with the minutes of the way there."""
    return Slot(
        technician_id=technician.id,
        starts_at=starts_at,
        ends_at=starts_at + wish.service_time,
        leg_minutes=way,
        leg_metres=wish.fare_metres(technician.base),
    )


def _fitting(board: Board, wish: Wish, place: Place, technician: Technician, taken: Taken, asked: int) -> int:
    origin, ready = board.window.origin, board.ready
    return fitting(wish, place, base=technician.base, taken=taken, asked=asked, origin=origin, ready=ready)
