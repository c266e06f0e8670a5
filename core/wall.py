"""Clocks on the wall: what a local time means on days when the clocks change.

Twice a year most zones show some minutes never and others twice; a few do so at midnight, by half an hour or by a whole
day. A time that is never shown names no instant, one shown twice names two, and hours that reach into a gap begin or
end at the jump.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_MINUTE = timedelta(minutes=1)
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 naive: wall clocks are counted too
_EPOCH_DAY = _EPOCH.toordinal()
_DAY = 1440
_HOURS_LOOKED_AT = 49
"""Two days and their last instant: as far as `wall_minute` reaches."""
_DAYS_KEPT = 8192


def instants(local: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Return the UTC instants a naive wall time names: none in a gap, one, or the earlier and the later of two."""
    first, second = (_read_as(local, zone, fold) for fold in (0, 1))
    if first == second:
        return (first,)
    return (first, second) if first < second else ()


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """Return one UTC instant for a naive wall time: the earlier of two; in a gap the moment the clocks jump."""
    return next(iter(instants(local, zone)), None) or _jump(local, zone)


def at_wall(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return `instant` of a minute on a local day's wall clock; past 1440 it is the next day's clock."""
    return instant(datetime.combine(day, time()) + timedelta(minutes=minute), zone)


def wall_minute(day: date, minute: int, zone: ZoneInfo) -> int:
    """Return `at_wall` of a minute 0..2880 in whole minutes since 1970 UTC: quick, for thousands of rotas."""
    steady = _steady(zone, day)
    return _exactly(day, minute, zone) if steady is None else steady + minute


def local_day(at: datetime, zone: ZoneInfo) -> date:
    """Return the date the wall calendar shows at an instant."""
    return at.astimezone(zone).date()


def day_starts(day: date, zone: ZoneInfo) -> datetime:
    """Return the UTC instant a local day begins: midnight, or the jump that swallowed it."""
    return at_wall(day, 0, zone)


def _read_as(local: datetime, zone: ZoneInfo, fold: int) -> datetime:
    return local.replace(tzinfo=zone, fold=fold).astimezone(UTC)


def _jump(local: datetime, zone: ZoneInfo) -> datetime:
    """Find by halves the first minute whose wall time is past a time in the gap."""
    before, after = _read_as(local, zone, 1), _read_as(local, zone, 0)
    low, high = 0, (after - before) // _MINUTE
    while high - low > 1:
        middle = (low + high) // 2
        shown = (before + middle * _MINUTE).astimezone(zone).replace(tzinfo=None)
        low, high = (low, middle) if shown > local else (middle, high)
    return before + high * _MINUTE


@lru_cache(maxsize=_DAYS_KEPT)
def _steady(zone: ZoneInfo, day: date) -> int | None:
    """Return the epoch minute a local day begins if its two days keep one offset, else None."""
    midnight = datetime.combine(day, time(), zone)
    offsets = {(midnight + timedelta(hours=hour)).utcoffset() for hour in range(_HOURS_LOOKED_AT)}
    if len(offsets) > 1:
        return None
    offset = offsets.pop() or timedelta()
    return (day.toordinal() - _EPOCH_DAY) * _DAY - offset // _MINUTE


@lru_cache(maxsize=_DAYS_KEPT)
def _exactly(day: date, minute: int, zone: ZoneInfo) -> int:
    return (at_wall(day, minute, zone).replace(tzinfo=None) - _EPOCH) // _MINUTE
