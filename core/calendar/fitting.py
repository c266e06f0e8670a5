"""The one rule set that decides a start, for listing and writing: working time, buffers, legs on both sides."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from core.calendar.hours import Span
from core.calendar.occupations import Occupation
from core.calendar.wishes import CELL, Slot, Wish, down_to_grid, up_to_grid
from core.geo import Point, metres, travel_minutes

HOME_AFTER = timedelta(hours=4)
"""A gap longer than this is spent at home: the next way begins at the technician's base."""

FROM_BASE = "base"


@dataclass(frozen=True, slots=True)
class Leg:
    """The way to a visit: minutes, and the occupation it begins at ("base" for home)."""

    minutes: int
    origin: str


@dataclass(frozen=True, slots=True)
class Opening:
    """Starts from `first` to `last`, every grid point of them, share one leg."""

    first: datetime
    last: datetime
    leg: Leg


def leg_to(point: Point, starts_at: datetime, *, before: Occupation | None, base: Point) -> Leg:
    """Return the way to a visit from where the technician will be: the visit before, or home after a long gap."""
    if before is None or starts_at - before.free_at >= HOME_AFTER:
        return Leg(travel_minutes(metres(base, point)), FROM_BASE)
    return Leg(travel_minutes(metres(before.point, point)), str(before.id))


def live(taken: Iterable[Occupation], *, person_id: int, now: datetime) -> list[Occupation]:
    """Leave out lapsed holds and the person's own hold: neither keeps the person from choosing."""
    return [one for one in taken if not one.lapsed(now) and not (one.order_id is None and one.person_id == person_id)]


def openings(
    wish: Wish,
    *,
    base: Point,
    spans: Sequence[Span],
    taken: Sequence[Occupation],
    earliest: datetime,
    latest: datetime,
    now: datetime,
) -> Iterator[Opening]:
    """Yield the stretches in which the wish fits one technician's day, in order; starts lie in [earliest, latest].

    `taken` are the live occupations in order, as far as they reach into the time between.
    """
    edges: list[Occupation | None] = [None, *taken, None]
    for before, after in pairwise(edges):
        if after is not None and after.starts_at <= earliest:
            continue
        if before is not None and before.starts_at > latest:
            return
        last = latest if after is None else min(latest, _last_before(wish, after))
        for leg, begin, end in _ways(wish, before, base, now, last):
            for span in spans:
                first = up_to_grid(max(begin, earliest, span.start))
                final = down_to_grid(min(end, span.end - wish.service_time))
                if first <= final:
                    yield Opening(first, final, leg)


def slots_in(wish: Wish, found: Iterable[Opening], *, technician_id: int, base: Point) -> Iterator[Slot]:
    """Yield the slot of every start in these openings of one technician, in order."""
    fare_metres, service_time = wish.fare_metres(base), wish.service_time
    for opening in found:
        at, minutes = opening.first, opening.leg.minutes
        while at <= opening.last:
            yield Slot(technician_id, at, at + service_time, minutes, fare_metres)
            at += CELL


def _last_before(wish: Wish, after: Occupation) -> datetime:
    """Return the last start that still lets the technician reach the next visit, or go home in a long gap."""
    way = timedelta(minutes=travel_minutes(metres(wish.point, after.point)))
    return after.starts_at - min(way, HOME_AFTER) - wish.whole_time


def _ways(
    wish: Wish, before: Occupation | None, base: Point, now: datetime, last: datetime
) -> Iterator[tuple[Leg, datetime, datetime]]:
    """Yield the ways into a gap with the starts each allows: from the visit before, then from home."""
    home_from = now
    if before is not None:
        home_from = before.free_at + HOME_AFTER
        leg = leg_to(wish.point, before.free_at, before=before, base=base)
        begin = max(before.free_at, now) + timedelta(minutes=leg.minutes)
        yield leg, begin, min(last, down_to_grid(home_from - timedelta(seconds=1)))
    leg = leg_to(wish.point, home_from, before=None, base=base)
    yield leg, max(home_from, now + timedelta(minutes=leg.minutes)), last
