"""Who of those who could come is asked first, and the two facts that say why.

One point is ten minutes of the way, half a star, two visits on the same day, or ten still to come: a near and well
rated technician comes first, and one who has had little to do comes before one who has had much.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from core.calendar.board import Board
from core.calendar.cells import minute_of
from core.calendar.wishes import Fact
from core.technicians import Technician
from core.wall import day_starts, local_day

Facts = tuple[tuple[Fact, int], ...]

_POINTS = {Fact.NEAR: -1, Fact.RATED: 2, Fact.LIGHT_DAY: -5, Fact.TURN: -1}
"""What one minute, one tenth of a star and one visit are worth, in tenths of a point."""

_USUAL_STARS = 45
"""Tenths of a star that somebody without reviews is ranked by; it is no fact to tell."""

_FOR_EVER = 1 << 40
"""A minute after all visits."""


class Comer(NamedTuple):
    """Somebody who could come at a start, and the minutes of their way."""

    technician: Technician
    way: int


class Ranked(NamedTuple):
    """Somebody who could come, with the two facts that speak most for them among all who could."""

    comer: Comer
    facts: Facts


class _Figures(NamedTuple):
    points: int
    comer: Comer
    figures: tuple[int, int, int, int]


def ranked(board: Board, comers: Sequence[Comer], starts_at: datetime, most: int) -> list[Ranked]:
    """Return the best of those who could come at one start, best first."""
    found = sorted((_figures(board, one, starts_at) for one in comers), key=_order)
    if not found:
        return []
    sums = [sum(column) for column in zip(*(one.figures for one in found), strict=True)]
    return [Ranked(one.comer, _facts(one, sums, len(found))) for one in found[:most]]


def _order(one: _Figures) -> tuple[int, int, int]:
    return -one.points, one.comer.way, one.comer.technician.id


def _figures(board: Board, comer: Comer, starts_at: datetime) -> _Figures:
    one = comer.technician
    diary, zone = board.diaries.of(one.id), board.hours.zone(one.store_id)
    stars = _USUAL_STARS if one.stars is None else round(one.stars * 10)
    day = diary.visits(*_bounds(local_day(starts_at, zone), zone))
    ahead = diary.visits(board.ready // 60 * 60, _FOR_EVER)
    near, rated, light, turn = _POINTS.values()
    points = near * comer.way + rated * stars + light * day + turn * ahead
    return _Figures(points, comer, (comer.way, stars, day, ahead))


@lru_cache(maxsize=256)
def _bounds(day: date, zone: ZoneInfo) -> tuple[int, int]:
    return minute_of(day_starts(day, zone)), minute_of(day_starts(day + timedelta(days=1), zone))


def _facts(one: _Figures, sums: Sequence[int], how_many: int) -> Facts:
    """Return the two facts by which somebody is farthest above the mean of all, in whole figures."""
    figures, all_of = dict(zip(Fact, one.figures, strict=True)), dict(zip(Fact, sums, strict=True))
    rated = one.comer.technician.stars is not None
    told = [fact for fact in Fact if rated or fact is not Fact.RATED]
    told.sort(key=lambda fact: _POINTS[fact] * (all_of[fact] - how_many * figures[fact]))
    return tuple((fact, figures[fact]) for fact in told[:2])
