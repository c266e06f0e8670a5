"""When technicians work: rota, exceptions and the store's hours as spans of UTC time, remembered per process."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.db import Tx
from core.settings import counter
from core.stores.tables import store
from core.technicians.tables import rota, rota_exception

_ROTA = select(rota.c.technician_id, rota.c.weekday, rota.c.from_minute, rota.c.to_minute)
_EXCEPTIONS = select(
    rota_exception.c.technician_id, rota_exception.c.day, rota_exception.c.from_minute, rota_exception.c.to_minute
)
_STORES = select(store.c.id, store.c.zone, store.c.opens_minute, store.c.closes_minute)

_DAY = timedelta(days=1)


class Span(NamedTuple):
    """A stretch of time, end excluded."""

    start: datetime
    end: datetime


class _Minutes(NamedTuple):
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class StoreHours:
    """In which zone and between which minutes of the local day a store's visits take place."""

    zone: ZoneInfo
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Hours:
    """Every technician's rota and exceptions; a day with exceptions follows them alone."""

    stamp: int
    rotas: dict[tuple[int, int], list[_Minutes]]
    exceptions: dict[tuple[int, date], list[_Minutes]]
    stores: dict[int, StoreHours]
    _days: dict[tuple[int, int, date], tuple[Span, ...]] = field(default_factory=dict)

    def day(self, technician_id: int, store_id: int, day: date) -> tuple[Span, ...]:
        """Return the spans that begin on this local day, within the store's hours."""
        key = (technician_id, store_id, day)
        found = self._days.get(key)
        if found is None:
            found = self._days[key] = self._work_out(technician_id, store_id, day)
        return found

    def open_spans(self, store_id: int, from_at: datetime, until_at: datetime) -> list[Span]:
        """Return when the store serves between two instants, whoever works."""
        hours = self.stores[store_id]
        return merged(
            _span(day, _Minutes(hours.opens, hours.closes), hours.zone) for day in _days(from_at, until_at, hours.zone)
        )

    def spans(self, technician_id: int, store_id: int, from_at: datetime, until_at: datetime) -> list[Span]:
        """Return when a technician works between two instants, touching spans joined."""
        zone = self.stores[store_id].zone
        return merged(span for day in _days(from_at, until_at, zone) for span in self.day(technician_id, store_id, day))

    def _work_out(self, technician_id: int, store_id: int, day: date) -> tuple[Span, ...]:
        planned = self.exceptions.get((technician_id, day))
        if planned is None:
            planned = self.rotas.get((technician_id, day.weekday()), [])
        hours = self.stores[store_id]
        # A store open past midnight serves this day's early hours under yesterday's opening.
        openings = [_Minutes(hours.opens + shift, hours.closes + shift) for shift in (-1440, 0, 1440)]
        cut = (
            _Minutes(max(work.start, opening.start), min(work.end, opening.end))
            for work in planned
            for opening in openings
        )
        return tuple(_span(day, minutes, hours.zone) for minutes in cut if minutes.start < minutes.end)


_remembered = Hours(-1, {}, {}, {})


def hours(tx: Tx) -> Hours:
    """Return everybody's hours as committed, read again when the roster's stamp has changed."""
    global _remembered  # noqa: PLW0603  one slot, replaced whole; a stamp belongs to one content only
    stamp = counter(tx, "roster")
    if stamp == 0:
        return _load(tx, stamp)
    if _remembered.stamp != stamp:
        _remembered = _load(tx, stamp)
    return _remembered


def _load(tx: Tx, stamp: int) -> Hours:
    rotas: dict[tuple[int, int], list[_Minutes]] = defaultdict(list)
    for row in tx.all(_ROTA):
        rotas[row.technician_id, row.weekday].append(_Minutes(row.from_minute, row.to_minute))
    exceptions: dict[tuple[int, date], list[_Minutes]] = defaultdict(list)
    for row in tx.all(_EXCEPTIONS):
        exceptions[row.technician_id, row.day].append(_Minutes(row.from_minute, row.to_minute))
    stores = {row.id: StoreHours(ZoneInfo(row.zone), row.opens_minute, row.closes_minute) for row in tx.all(_STORES)}
    return Hours(stamp, dict(rotas), dict(exceptions), stores)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return spans in order, those that touch or overlap joined."""
    result: list[Span] = []
    for span in sorted(spans):
        if result and span.start <= result[-1].end:
            result[-1] = Span(result[-1].start, max(result[-1].end, span.end))
        else:
            result.append(span)
    return result


def _days(from_at: datetime, until_at: datetime, zone: ZoneInfo) -> list[date]:
    """Return the local days whose spans may reach into the stretch: the day before may run past midnight."""
    first = from_at.astimezone(zone).date() - _DAY
    last = until_at.astimezone(zone).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _span(day: date, minutes: _Minutes, zone: ZoneInfo) -> Span:
    """Return local wall-clock minutes of a day as UTC: 600 is ten o'clock on the wall also when the clocks change."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    return Span(
        (midnight + timedelta(minutes=minutes.start)).astimezone(UTC),
        (midnight + timedelta(minutes=minutes.end)).astimezone(UTC),
    )
