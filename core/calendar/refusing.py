"""Which rule stands in the way: of one start, or of every start in a stretch of time."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from core.calendar.board import NO_DIARIES, Board, starts_of, who_can, why_cannot
from core.calendar.cells import down_to_grid, on_grid, up_to_grid
from core.calendar.fitting import Place
from core.calendar.wishes import Rule, Wish
from core.technicians import Technician

_NOBODY = 0
"""No person has this id: an empty board has no holds that could be anybody's own."""


def why_not(board: Board, wish: Wish, at: datetime) -> Rule | None:
    """Return the rule that forbids this start whatever is taken; None when only somebody else can be in the way."""
    if not on_grid(at):
        return Rule.OFF_GRID
    return why_full(board, wish, at, at)


def why_full(board: Board, wish: Wish, from_at: datetime, until_at: datetime) -> Rule | None:
    """Return the rule that forbids every start in [from_at, until_at]; None when others have what there is."""
    first, last = up_to_grid(from_at), down_to_grid(until_at)
    if last <= board.now:
        return Rule.PAST
    if last < board.now + timedelta(minutes=board.figures.notice_minutes):
        return Rule.NOTICE
    if first > board.end:
        return Rule.HORIZON
    people, rule = _people(board, wish)
    if rule is not None:
        return rule
    return _why_no_time(board, wish, people, board.bits(from_at, until_at))


def _people(board: Board, wish: Wish) -> tuple[tuple[Technician, ...], Rule | None]:
    """Return who could come if they had time, or the rule that leaves nobody, or too few."""
    named = wish.technician_id
    if named is not None:
        one = board.hours.roster.find(named)
        if one is None:
            return (), Rule.TECHNICIAN
        if (rule := why_cannot(wish, one)) is not None:
            return (), rule
        if not who_can(board, wish, named):
            return (), Rule.PREFERENCES
    able = who_can(board, wish, named)
    if not able:
        return (), _first_to_leave_nobody(board, wish)
    if len(who_can(board, wish.however_far)) < wish.crew:
        return able, Rule.CREW
    return able, None


def _first_to_leave_nobody(board: Board, wish: Wish) -> Rule:
    """Return the first rule, in the order of the rules, after which nobody is left."""
    left = [one for one in board.hours.roster.technicians if one.on_duty_at is not None]
    rules: tuple[tuple[Rule, Callable[[Technician], bool]], ...] = (
        (Rule.SKILL, lambda one: wish.service_id in one.service_ids),
        (Rule.REGION, lambda one: wish.region_id in one.region_ids),
        (Rule.SEX, lambda one: wish.preferences.sex in (None, one.sex)),
    )
    if not left:
        return Rule.TECHNICIAN
    for rule, kept in rules:
        left = [one for one in left if kept(one)]
        if not left:
            return rule
    return Rule.PREFERENCES


def _why_no_time(board: Board, wish: Wish, people: tuple[Technician, ...], asked: int) -> Rule | None:
    stores = {one.store_id for one in people}
    if not any(asked & board.hours.open_starts(store, wish.minutes, board.window) for store in stores):
        return Rule.HOURS
    if not any(asked & board.hours.starts(one, wish.minutes, board.window) for one in people):
        return Rule.ROTA
    empty, place = replace(board, diaries=NO_DIARIES), Place(wish.point)
    reached = [starts_of(empty, wish, place, one, asked, person_id=_NOBODY) for one in people]
    if not any(reached):
        return Rule.LEG
    if wish.crew > 1 and not _joined(empty, wish, place, reduce(or_, reached)):
        return Rule.CREW
    return None


def _joined(empty: Board, wish: Wish, place: Place, led: int) -> int:
    """Return the starts, of those at which somebody could lead, that two reach."""
    once = twice = 0
    for one in who_can(empty, wish.however_far):
        bits = starts_of(empty, wish, place, one, led, person_id=_NOBODY)
        once, twice = once | bits, twice | (once & bits)
    return twice
