"""When technicians work: rota, exceptions, leave and the store's hours, as sets of starts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from core.calendar.cells import CELL_MINUTES, cell_from, cell_until, instant, run
from core.db import Tx
from core.stores import stores
from core.technicians import Preferences, Roster, Spans, Technician, WorkingTime, roster
from core.wall import local_day, wall_minute

_DAY = timedelta(days=1)
_DAY_MINUTES = 1440


class Span(NamedTuple):
    """A stretch of time in minutes since 1970, end excluded."""

    start: int
    end: int


class StoreHours(NamedTuple):
    """In which zone and between which minutes of the local day a store's visits take place."""

    zone: ZoneInfo
    opens: int
    closes: int


class Window(NamedTuple):
    """The stretch that bits stand for: from the cell `origin`, `cells` of them."""

    origin: int
    cells: int

    @property
    def since(self) -> int:
        """The minute it begins."""
        return self.origin * CELL_MINUTES

    @property
    def until(self) -> int:
        """The minute it ends."""
        return (self.origin + self.cells) * CELL_MINUTES


@dataclass(frozen=True, slots=True)
class Hours:
    """The roster's working times cut to the stores' hours."""

    roster: Roster
    stores: dict[int, StoreHours]
    _worked: dict[tuple[object, ...], int] = field(default_factory=dict)

    def zone(self, store_id: int) -> ZoneInfo:
        """Return where a store's clock hangs."""
        return self.stores[store_id].zone

    def starts(self, technician: Technician, minutes: int, window: Window) -> int:
        """Return the starts from which a technician works for so many minutes without a break."""
        key, times = (technician.id, minutes, window), self.roster.times_of(technician.id)
        known, kept = _worked_out.get(key), self.stores[technician.store_id]
        if known is not None and known[0] is times and known[1] == kept:
            return known[2]
        found = _starts_of(tuple(times.on(day) for day in _days(window, kept.zone)), kept, minutes, window)
        if len(_worked_out) >= _MOST_KEPT:
            _worked_out.clear()
        _worked_out[key] = (times, kept, found)
        return found

    def worked(self, service_id: int, region_id: int, preferences: Preferences, minutes: int, window: Window) -> int:
        """Return the starts from which anybody able and liked works for so many minutes without a break."""
        key = (service_id, region_id, preferences, minutes, window)
        found = self._worked.get(key)
        if found is None:
            if len(self._worked) >= _MOST_KEPT:
                self._worked.clear()
            found = 0
            for one in self.roster.able(service_id, region_id, preferences):
                found |= self.starts(one, minutes, window)
            self._worked[key] = found
        return found

    def open_starts(self, store_id: int, minutes: int, window: Window) -> int:
        """Return the starts from which a store serves for so many minutes, whoever works."""
        kept = self.stores[store_id]
        return _starts_of((((0, _DAY_MINUTES),),) * len(_days(window, kept.zone)), kept, minutes, window)


_MOST_KEPT = 20_000
_worked_out: dict[tuple[int, int, Window], tuple[WorkingTime, StoreHours, int]] = {}
"""What a technician's times come to; good while they are the very same value."""
_remembered = Hours(Roster(-1, (), {}, {}, {}), {})


def hours(tx: Tx) -> Hours:
    """Return the working times of the present roster."""
    global _remembered  # noqa: PLW0603  one slot, replaced whole; a stamp belongs to one content only
    present, known = roster(tx), _remembered
    if present is known.roster:
        return known
    kept = known.stores
    if present.version != known.roster.version:
        kept = {one.id: StoreHours(ZoneInfo(one.zone), one.opens_minute, one.closes_minute) for one in stores(tx)}
    _remembered = Hours(present, kept)
    return _remembered


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that touch or overlap joined; empty ones are left out."""
    result: list[Span] = []
    for span in sorted(one for one in spans if one.start < one.end):
        if result and span.start <= result[-1].end:
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return result


@lru_cache(maxsize=4096)
def _starts_of(each_day: tuple[Spans, ...], kept: StoreHours, minutes: int, window: Window) -> int:
    """Return the starts that working time on each day of a window leaves; many technicians share a rota."""
    days = _days(window, kept.zone)
    found = 0
    for span in merged(span for day, spans in zip(days, each_day, strict=True) for span in _cut(spans, day, kept)):
        last = min(cell_until(span.end - minutes) - window.origin, window.cells - 1)
        found |= run(cell_from(span.start) - window.origin, last)
    return found


@lru_cache(maxsize=64)
def _days(window: Window, zone: ZoneInfo) -> tuple[date, ...]:
    """Return the local days whose spans may reach into the window: those of the day before may run past midnight."""
    first = local_day(instant(window.since), zone) - _DAY
    last = local_day(instant(window.until), zone)
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def _cut(spans: Iterable[tuple[int, int]], day: date, kept: StoreHours) -> Iterator[Span]:
    """Yield a day's working time within the store's hours."""
    for start, end in spans:
        # Work past midnight falls under the next day's opening, early work under that of the day before.
        for shift in (-_DAY_MINUTES, 0, _DAY_MINUTES):
            first, last = max(start, kept.opens + shift), min(end, kept.closes + shift)
            if first < last:
                yield Span(wall_minute(day, first, kept.zone), wall_minute(day, last, kept.zone))
