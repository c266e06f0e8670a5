"""Who of those who could come is asked first, and the two facts that say why.

One point is ten minutes of the way, half a star, two visits on the same day, or ten in the days ahead: a near and well
rated technician comes first, and one who has had little to do comes before one who has had much.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.calendar.board import Board
from core.calendar.cells import minute_of
from core.calendar.wishes import Fact, Slot
from core.technicians import Technician
from core.wall import day_starts, local_day

_POINTS = {Fact.NEAR: -0.1, Fact.RATED: 0.2, Fact.LIGHT_DAY: -0.5, Fact.TURN: -0.1}
"""What one minute, one tenth of a star and one visit are worth."""

_USUAL_STARS = 45
"""Tenths of a star that somebody without reviews is ranked by; it is no fact to tell."""

_FAR_AHEAD = 1 << 40


def ranked(board: Board, slots: Sequence[Slot]) -> tuple[Slot, ...]:
    """Return slots of one start best first, each with the two facts that speak most for it among them all."""
    if not slots:
        return ()
    figures = [_figures(board, slot) for slot in slots]
    means = {fact: sum(one[fact] for one in figures) / len(figures) for fact in Fact}
    ordered = sorted(zip(slots, figures, strict=True), key=lambda pair: _order(*pair))
    return tuple(replace(slot, facts=_facts(board, slot, each, means)) for slot, each in ordered)


def best(board: Board, slots: Sequence[Slot]) -> Slot | None:
    """Return the first of `ranked`, without its facts."""
    return min(slots, key=lambda slot: _order(slot, _figures(board, slot)), default=None)


def _order(slot: Slot, figures: dict[Fact, int]) -> tuple[float, int, int]:
    points = sum(_POINTS[fact] * figure for fact, figure in figures.items())
    return -points, slot.leg_minutes, slot.technician_id


def _figures(board: Board, slot: Slot) -> dict[Fact, int]:
    one = board.hours.roster.get(slot.technician_id)
    diary = board.diaries.of(one.id)
    since, until = _day_of(board, one, slot.starts_at)
    return {
        Fact.NEAR: slot.leg_minutes,
        Fact.RATED: _USUAL_STARS if one.stars is None else round(one.stars * 10),
        Fact.LIGHT_DAY: diary.visits(since, until),
        Fact.TURN: diary.visits(board.window.since, _FAR_AHEAD),
    }


def _day_of(board: Board, one: Technician, at: datetime) -> tuple[int, int]:
    zone = board.hours.zone(one.store_id)
    return _bounds(local_day(at, zone), zone)


@lru_cache(maxsize=256)
def _bounds(day: date, zone: ZoneInfo) -> tuple[int, int]:
    return minute_of(day_starts(day, zone)), minute_of(day_starts(day + timedelta(days=1), zone))


def _facts(
    board: Board, slot: Slot, figures: dict[Fact, int], means: dict[Fact, float]
) -> tuple[tuple[Fact, int], ...]:
    rated = board.hours.roster.get(slot.technician_id).stars is not None
    told = [fact for fact in Fact if rated or fact is not Fact.RATED]
    told.sort(key=lambda fact: _POINTS[fact] * (means[fact] - figures[fact]))
    return tuple((fact, figures[fact]) for fact in told[:2])
