"""The one rule set that decides a start, for listing and writing: working time, buffers, legs on both sides."""

from bisect import bisect_right
from collections.abc import Callable
from typing import NamedTuple

from core.calendar.cells import CELL_MINUTES, cell_from, cell_until, run
from core.calendar.diaries import Entry, Taken
from core.calendar.wishes import Wish
from core.geo import Point
from core.travel import TRAVEL, Box

HOME_AFTER = 240
"""Minutes: a longer gap is spent at home, and the next way begins at the technician's base."""


class Leg(NamedTuple):
    """The way to a visit: minutes, and whether it begins at the technician's base instead of the visit before."""

    minutes: int
    from_base: bool


class Place:
    """Where a visit is, and the ways from there, each worked out once: many visits lie in the same few streets."""

    __slots__ = ("_point", "_towards", "_ways")

    def __init__(self, point: Point) -> None:
        self._point = point
        self._towards: Callable[[float, float], int] = TRAVEL.towards(point)
        self._ways: dict[tuple[float, float], int] = {}

    def way(self, lat: float, lng: float) -> int:
        """Return the minutes between a place and here."""
        key = (lat, lng)
        found = self._ways.get(key)
        if found is None:
            found = self._ways[key] = self._towards(lat, lng)
        return found

    def longest(self, box: Box) -> int:
        """Return minutes that no way from a place in the box exceeds."""
        return TRAVEL.at_most(box, self._point)

    def leg(self, starts: int, before: Entry | None, base: Point) -> Leg:
        """Return the way to a visit here from where the technician will be: the visit before, or home."""
        if before is None or starts - before.free >= HOME_AFTER:
            return Leg(self.way(base.lat, base.lng), from_base=True)
        return Leg(self.way(before.lat, before.lng), from_base=False)


def fitting(wish: Wish, place: Place, *, base: Point, taken: Taken, asked: int, origin: int, ready: int) -> int:
    """Return which of the starts asked for leave time for the way there and for the way to what comes after.

    `taken` is what counts, in order; nobody sets out before the minute `ready`. Bits count from `origin`.
    """
    entries, starts, way, whole = taken.entries, taken.starts, place.way, wish.whole_minutes
    found, left = 0, asked
    while left:  # one gap at a time: the one that the first start left lies in
        first = (left & -left).bit_length() - 1
        at = bisect_right(starts, (origin + first) * CELL_MINUTES)
        if at < len(entries):
            after = entries[at]
            # In a long gap the technician goes home in between, so the way counts that much at most.
            last = after.starts - min(way(after.lat, after.lng), HOME_AFTER) - whole
            within = left & run(first, cell_from(after.starts) - origin - 1)
        else:
            last, within = (origin + left.bit_length()) * CELL_MINUTES, left
        left ^= within
        home_from = ready
        if at:
            before = entries[at - 1]
            home_from = before.free + HOME_AFTER
            if before.free <= last:
                begin = max(before.free, ready) + way(before.lat, before.lng)
                found |= within & _between(begin, min(last, home_from - 1), origin)
        if home_from <= last:
            found |= within & _between(max(home_from, ready + way(base.lat, base.lng)), last, origin)
    return found


def _between(begin: int, end: int, origin: int) -> int:
    return run(cell_from(begin) - origin, cell_until(end) - origin)
