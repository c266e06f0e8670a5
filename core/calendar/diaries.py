"""A technician's diary as the rules read it: what is taken, in order, with a version that changes with every change."""

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from core.calendar.cells import MICROS, cell_from, cell_until, run
from core.geo import Point
from core.travel import Box

_MOST_KEPT = 64
BY_START = itemgetter(0)
"""The order of entries; two of one order may begin together, and it does not matter which comes first."""

Plain = Sequence[Any]
"""A row as it was read: whose it is, starts, free (microseconds), lat, lng, keeper, expires (microseconds)."""


class Entry(NamedTuple):
    """Time that is taken: minutes since 1970. A hold has a keeper and an expiry (microseconds), a visit has neither."""

    starts: int
    free: int
    lat: float
    lng: float
    keeper: int | None = None
    expires: int | None = None

    @property
    def point(self) -> Point:
        """Where it takes place, to about 100 m."""
        return Point(self.lat, self.lng)


class Taken(NamedTuple):
    """Entries in order, and their starts alone to look a minute up in."""

    entries: tuple[Entry, ...]
    starts: tuple[int, ...]

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Taken":
        """Return entries that are in order already."""
        kept = tuple(entries)
        return cls(kept, tuple(one.starts for one in kept))


class Diary:
    """What one technician has, in order. Its value never changes; what follows from it is worked out when asked."""

    __slots__ = ("_blocked", "_box", "_entries", "_holds", "_plain", "_taken", "_visits_from", "version")

    def __init__(self, version: int, *, plain: Iterable[Plain] = (), entries: tuple[Entry, ...] | None = None) -> None:
        self.version = version
        self._plain: Iterable[Plain] | None = plain
        self._entries = entries
        self._holds: bool | None = None
        self._taken: Taken | None = None
        """Everything, where none of it is a hold."""
        self._box: Box | None = None
        self._blocked: dict[tuple[int, ...], int] = {}
        self._visits_from: dict[tuple[int, ...], int] = {}

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Everything taken, holds lapsed or not among it, in order."""
        plain, found = self._plain, self._entries  # in this order: another thread sets them in the other
        if found is None:
            found = self._entries = tuple(
                sorted(
                    (
                        Entry(starts // MICROS, free // MICROS, lat, lng, keeper, expires)
                        for _, starts, free, lat, lng, keeper, expires in plain or ()
                    ),
                    key=BY_START,
                )
            )
            self._plain = None
        return found

    def live(self, person_id: int, now_micros: int) -> Taken:
        """Return what keeps a person from choosing: not lapsed holds, and not the person's own."""
        entries = self.entries
        if not self.has_holds:
            if self._taken is None:
                self._taken = Taken.of(entries)
            return self._taken
        return Taken.of(
            one for one in entries if one.expires is None or (one.expires > now_micros and one.keeper != person_id)
        )

    @property
    def has_holds(self) -> bool:
        """Whether any of it is a hold."""
        if self._holds is None:
            self._holds = any(one.expires is not None for one in self.entries)
        return self._holds

    @property
    def box(self) -> Box:
        """Where all of it takes place; ValueError when there is nothing."""
        found = self._box
        if found is None:
            lats, lngs = [one.lat for one in self.entries], [one.lng for one in self.entries]
            found = self._box = Box(min(lats), min(lngs), max(lats), max(lngs))
        return found

    def blocked(self, origin: int, whole: int, way: int) -> int:
        """Return the starts at which `whole` minutes would meet a visit, or a way of so many minutes before or after.

        With the shortest way there is, no rule allows them; with the longest there may be, the rules allow all others.
        """
        key = (origin, whole, way)
        found = self._blocked.get(key)
        if found is None:
            taken = 0
            for one in self.entries:
                if one.expires is None:
                    taken |= run(cell_until(one.starts) - origin, cell_from(one.free + way) - 1 - origin)
            found = _remember(self._blocked, key, _before(taken, cell_from(whole + way)))
        return found

    def visits(self, since: int, until: int) -> int:
        """Return how many visits start in [since, until), in minutes; remembered, since the ranking asks it often."""
        key = (since, until)
        found = self._visits_from.get(key)
        if found is None:
            count = sum(1 for one in self.entries if one.expires is None and since <= one.starts < until)
            found = _remember(self._visits_from, key, count)
        return found


def _remember(kept: dict[tuple[int, ...], int], key: tuple[int, ...], value: int) -> int:
    if len(kept) >= _MOST_KEPT:
        kept.clear()
    kept[key] = value
    return value


EMPTY = Diary(-1, entries=())


def _before(taken: int, cells: int) -> int:
    """Return every place from which one of the next `cells` places is taken."""
    result, reach = taken, 1
    while reach < cells:
        step = min(reach, cells - reach)
        result |= result >> step
        reach += step
    return result
