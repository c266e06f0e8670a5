"""When technicians work: rota, exceptions and the store's hours as spans of UTC time, remembered per process."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from core.db import Tx
from core.stores import stores
from core.technicians import Roster, roster

_DAY = timedelta(days=1)
_DAY_MINUTES = 1440
_MOST_JOINED = 20_000


class Span(NamedTuple):
    """A stretch of time, end excluded."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class StoreHours:
    """In which zone and between which minutes of the local day a store's visits take place."""

    zone: ZoneInfo
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Hours:
    """The roster's working times cut to the stores' hours, each day worked out once."""

    roster: Roster
    stores: dict[int, StoreHours]
    _days: dict[tuple[int, date], tuple[Span, ...]] = field(default_factory=dict)
    _joined: dict[tuple[int, date, date], list[Span]] = field(default_factory=dict)

    def open_spans(self, store_id: int, from_at: datetime, until_at: datetime) -> list[Span]:
        """Return when the store serves between two instants, whoever works."""
        kept = self.stores[store_id]
        return merged(
            _span(day, kept.opens, kept.closes, kept.zone) for day in _local_days(from_at, until_at, kept.zone)
        )

    def spans(self, technician_id: int, store_id: int, from_at: datetime, until_at: datetime) -> list[Span]:
        """Return when a technician works between two instants, touching spans joined."""
        days = _local_days(from_at, until_at, self.stores[store_id].zone)
        key = (technician_id, days[0], days[-1])
        found = self._joined.get(key)
        if found is None:
            if len(self._joined) >= _MOST_JOINED:
                self._joined.clear()
            found = merged(span for day in days for span in self._day(technician_id, store_id, day))
            self._joined[key] = found
        return found

    def _day(self, technician_id: int, store_id: int, day: date) -> tuple[Span, ...]:
        key = (technician_id, day)
        found = self._days.get(key)
        if found is None:
            found = self._days[key] = tuple(self._work_out(technician_id, self.stores[store_id], day))
        return found

    def _work_out(self, technician_id: int, kept: StoreHours, day: date) -> Iterable[Span]:
        for start, end in self.roster.spans_on(technician_id, day):
            # Work past midnight falls under the next day's opening, early work under that of the day before.
            for shift in (-_DAY_MINUTES, 0, _DAY_MINUTES):
                first, last = max(start, kept.opens + shift), min(end, kept.closes + shift)
                if first < last:
                    yield _span(day, first, last, kept.zone)


_remembered = Hours(Roster(-1, (), {}, {}, {}), {})


def hours(tx: Tx) -> Hours:
    """Return the working times of the present roster."""
    global _remembered  # noqa: PLW0603  one slot, replaced whole; a stamp belongs to one content only
    present = roster(tx)
    if present is not _remembered.roster:
        kept = {one.id: StoreHours(ZoneInfo(one.zone), one.opens_minute, one.closes_minute) for one in stores(tx)}
        _remembered = Hours(present, kept)
    return _remembered


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that touch or overlap joined."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.start <= result[-1].end:
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return result


def _local_days(from_at: datetime, until_at: datetime, zone: ZoneInfo) -> list[date]:
    """Return the local days whose spans may reach into the stretch: the day before may run past midnight."""
    first = from_at.astimezone(zone).date() - _DAY
    last = until_at.astimezone(zone).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _span(day: date, from_minute: int, to_minute: int, zone: ZoneInfo) -> Span:
    """Return minutes on the wall clock of a day as UTC: 600 is ten o'clock also on the day the clocks change."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return Span(
        (midnight + timedelta(minutes=from_minute)).astimezone(UTC),
        (midnight + timedelta(minutes=to_minute)).astimezone(UTC),
    )
