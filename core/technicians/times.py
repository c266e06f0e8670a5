"""Working time as frozen values: the weekly rota, days that differ from it, leave; and what each of them may be."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from core.errors import InvalidInput

DAY_MINUTES = 1440
LONGEST_LEAVE_DAYS = 366
_WEEK_MINUTES = 7 * DAY_MINUTES
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)
_MOST_SPANS_A_DAY = 24
_DAY = timedelta(days=1)

Spans = tuple[tuple[int, int], ...]
"""Working time of one local day: (from, to) minutes; `to` may pass 1440."""


@dataclass(frozen=True, slots=True, order=True)
class RotaSpan:
    """Working time: minutes of the local day of that weekday (Monday 0); past 1440 it is the next morning."""

    weekday: int
    from_minute: int
    to_minute: int


@dataclass(frozen=True, slots=True, order=True)
class RotaException:
    """What one day looks like instead of the rota; from == to: the whole day off."""

    day: date
    from_minute: int
    to_minute: int


@dataclass(frozen=True, slots=True, order=True)
class Leave:
    """Local days without work, both ends counted; a shift begun the evening before still runs to its end."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """When one technician works: leave stands before a day's exceptions, these before the rota."""

    rota: tuple[RotaSpan, ...] = ()
    exceptions: tuple[RotaException, ...] = ()
    leave: tuple[Leave, ...] = ()
    """In order, no two touching."""
    _week: dict[int, Spans] = field(init=False, repr=False, compare=False)
    _special: dict[date, Spans] = field(init=False, repr=False, compare=False)
    _begins: list[date] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        week: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for span in self.rota:
            week[span.weekday].append((span.from_minute, span.to_minute))
        special: defaultdict[date, list[tuple[int, int]]] = defaultdict(list)
        for one in self.exceptions:
            special[one.day].extend([(one.from_minute, one.to_minute)] if one.from_minute != one.to_minute else [])
        object.__setattr__(self, "_week", {weekday: tuple(spans) for weekday, spans in week.items()})
        object.__setattr__(self, "_special", {day: tuple(spans) for day, spans in special.items()})
        object.__setattr__(self, "_begins", [one.first for one in self.leave])

    def on(self, day: date) -> Spans:
        """Return the working time of one local day."""
        if self.on_leave(day):
            return ()
        special = self._special.get(day)
        return self._week.get(day.weekday(), ()) if special is None else special

    def on_leave(self, day: date) -> bool:
        """Whether a local day is one of leave."""
        at = bisect_right(self._begins, day) - 1
        return at >= 0 and day <= self.leave[at].last


def checked_rota(spans: Iterable[RotaSpan]) -> tuple[RotaSpan, ...]:
    """Return the spans in order; raises InvalidInput when one is impossible or two overlap, Sunday into Monday too."""
    ordered = tuple(sorted(spans))
    if len(ordered) > 7 * _MOST_SPANS_A_DAY:
        raise InvalidInput(field="rota")
    if not all(0 <= s.weekday <= 6 and _possible(s.from_minute, s.to_minute) for s in ordered):
        raise InvalidInput(field="rota")
    week = [(s.weekday * DAY_MINUTES + s.from_minute, s.weekday * DAY_MINUTES + s.to_minute) for s in ordered]
    if week:
        week.append((week[0][0] + _WEEK_MINUTES, week[0][1] + _WEEK_MINUTES))
    if any(later[0] < earlier[1] for earlier, later in pairwise(week)):
        raise InvalidInput(field="rota")
    return ordered


def checked_exceptions(day: date, spans: Iterable[tuple[int, int]]) -> tuple[RotaException, ...]:
    """Return what a day looks like, no spans meaning the whole day off; raises InvalidInput."""
    ordered = sorted(spans)
    if not _FIRST_DAY <= day < _LAST_DAY:
        raise InvalidInput(field="day")
    if len(ordered) > _MOST_SPANS_A_DAY or not all(_possible(start, end) for start, end in ordered):
        raise InvalidInput(field="exception")
    if any(later[0] < earlier[1] for earlier, later in pairwise(ordered)):
        raise InvalidInput(field="exception")
    return tuple(RotaException(day, start, end) for start, end in ordered) or (RotaException(day, 0, 0),)


def checked_leave(first: date, last: date) -> Leave:
    """Return the days from first to last; InvalidInput when they are none or more than a year."""
    if not _FIRST_DAY <= first < _LAST_DAY:
        raise InvalidInput(field="first")
    if not first <= last < first + LONGEST_LEAVE_DAYS * _DAY:
        raise InvalidInput(field="last")
    return Leave(first, last)


def with_leave(known: Iterable[Leave], more: Leave) -> tuple[Leave, ...]:
    """Return leave with further days in it: stretches that touch become one."""
    joined: list[Leave] = []
    for one in sorted((*known, more)):
        if joined and one.first <= joined[-1].last + _DAY:
            joined[-1] = Leave(joined[-1].first, max(joined[-1].last, one.last))
        else:
            joined.append(one)
    return tuple(joined)


def without_leave(known: Iterable[Leave], less: Leave) -> tuple[Leave, ...]:
    """Return leave without these days: what lies on either side of them stays."""
    left: list[Leave] = []
    for one in known:
        parts = (Leave(one.first, min(one.last, less.first - _DAY)), Leave(max(one.first, less.last + _DAY), one.last))
        outside = one.last < less.first or one.first > less.last
        left += [one] if outside else [part for part in parts if part.first <= part.last]
    return tuple(left)


def _possible(start: int, end: int) -> bool:
    return 0 <= start < DAY_MINUTES and start < end <= start + DAY_MINUTES
