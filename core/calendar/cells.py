"""Time as the calendar counts it: whole minutes since 1970 UTC, and cells of fifteen of them as bits of an integer.

Bit n of a board's integers is the start at minute (origin + n) * 15. Sets of starts are then joined, met and shifted in
one go, whatever their number.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import ceil, floor

CELL_MINUTES = 15
CELL = timedelta(minutes=CELL_MINUTES)
"""Starts lie on this grid, and time is claimed in cells of it."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
_MICROSECOND = timedelta(microseconds=1)
MICROS = 60_000_000
"""Microseconds in a minute."""


def micros_of(at: datetime) -> int:
    """Return whole microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def minute_of(at: datetime) -> int:
    """Return the minute an instant lies in."""
    return (at - _EPOCH) // _MINUTE


def next_minute(at: datetime) -> int:
    """Return the first whole minute at or after an instant."""
    return -((_EPOCH - at) // _MINUTE)


def instant(minute: int) -> datetime:
    """Return the aware UTC instant of a whole minute."""
    return _EPOCH + timedelta(minutes=minute)


def on_grid(at: datetime) -> bool:
    """Whether a start lies on the 15-minute grid."""
    return not (at - _EPOCH) % CELL


def up_to_grid(at: datetime) -> datetime:
    """Return the first grid point at or after an instant."""
    return at + (_EPOCH - at) % CELL


def down_to_grid(at: datetime) -> datetime:
    """Return the last grid point at or before an instant."""
    return at - (at - _EPOCH) % CELL


def cell_from(minute: int) -> int:
    """Return the first cell that begins at or after a minute."""
    return -(-minute // CELL_MINUTES)


def cell_until(minute: int) -> int:
    """Return the last cell that begins at or before a minute."""
    return minute // CELL_MINUTES


def run(first: int, last: int) -> int:
    """Return the bits from `first` to `last`, both included; none when that is no stretch."""
    first = max(first, 0)
    return ((1 << (last - first + 1)) - 1) << first if last >= first else 0


def places(bits: int) -> Iterator[int]:
    """Yield the places of all bits, lowest first."""
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def nearest_bit(bits: int, place: float) -> int | None:
    """Return the place of the bit nearest to a place, the earlier of two; None when there is no bit."""
    place = min(max(place, 0), bits.bit_length())
    above = bits >> ceil(place)
    after = ceil(place) + (above & -above).bit_length() - 1 if above else None
    below = bits & run(0, floor(place))
    before = below.bit_length() - 1 if below else None
    if before is None or after is None:
        return after if before is None else before
    return before if place - before <= after - place else after
