"""Which slots are free: the same rules as for writing, over everybody at once, in a fixed number of statements."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from heapq import merge
from itertools import groupby, islice
from operator import attrgetter

from core.calendar import occupations
from core.calendar.fitting import live, openings, slots_in
from core.calendar.hours import Hours, hours
from core.calendar.occupations import FAR, Occupation
from core.calendar.wishes import Rule, Slot, Wish, on_grid
from core.db import Tx
from core.settings import Rules, rules
from core.technicians import Technician

_NEAR = timedelta(hours=3)
_DAY = timedelta(days=1)
_STARTS_AT = attrgetter("starts_at")


@dataclass(frozen=True, slots=True)
class Board:
    """Everything a question about one stretch of time needs, read once."""

    now: datetime
    figures: Rules
    hours: Hours
    taken: dict[int, list[Occupation]]


def free_slots(
    tx: Tx, wish: Wish, *, person_id: int, now: datetime, from_at: datetime, until_at: datetime, most: int
) -> tuple[Slot, ...]:
    """Return up to `most` free slots starting in [from_at, until_at), earliest first, each start once."""
    board = read_board(tx, wish, person_id=person_id, now=now, from_at=from_at, until_at=until_at)
    return tuple(islice(_best_per_start(board, _slots(board, wish, from_at, until_at - timedelta(minutes=1))), most))


def offers_at(
    tx: Tx, wish: Wish, *, person_id: int, now: datetime, at: datetime, most: int, notice: bool = True
) -> tuple[Slot, ...]:
    """Return who can come at exactly `at`, best first; without `notice` also at short notice (a paid order)."""
    board = read_board(tx, wish, person_id=person_id, now=now, from_at=at, until_at=at)
    if not notice:
        board = replace(board, figures=replace(board.figures, notice_minutes=0))
    return ranked(board, _slots(board, wish, at, at))[:most]


def alternatives(tx: Tx, wish: Wish, *, person_id: int, now: datetime, at: datetime) -> tuple[Slot, ...]:
    """Return up to three other slots: the same technician near, the same time with another, the next day."""
    board = read_board(
        tx, wish, person_id=person_id, now=now, from_at=at - _NEAR, until_at=at + _DAY + _NEAR, everybody=True
    )
    anyone = replace(wish, technician_id=None)
    near = _nearest(board, wish, at, reach=_NEAR)
    same_time = ranked(board, _slots(board, anyone, at, at))
    next_day = _nearest(board, wish, at + _DAY, reach=_NEAR)
    found = _different([*near[:1], *same_time[:1], *next_day[:1], *near[1:], *same_time[1:]])
    if len(found) < 3:  # only now everybody's hours are looked through: that is most of the work
        rest = _nearest(board, anyone, at, reach=_NEAR) + _nearest(board, anyone, at + _DAY, reach=_NEAR)
        found = _different([*found, *rest])
    return found[:3]


def nearest(tx: Tx, wish: Wish, *, person_id: int, now: datetime, at: datetime) -> Slot | None:
    """Return the free slot nearest to a start that no rule allows, within a day either way or soon after now."""
    at = max(at, now)
    board = read_board(tx, wish, person_id=person_id, now=now, from_at=at - _DAY, until_at=at + _DAY)
    found = _nearest(board, wish, at, reach=_DAY)
    return found[0] if found else None


def read_board(
    tx: Tx, wish: Wish, *, person_id: int, now: datetime, from_at: datetime, until_at: datetime, everybody: bool = False
) -> Board:
    """Read who could come and what they have, around a stretch of starts; `everybody` also when one is wished for."""
    margin = FAR + wish.whole_time
    since, until = from_at - margin, until_at + margin
    if wish.technician_id is None or everybody:
        taken = occupations.of_skilled(tx, wish.service_id, since, until)
    else:
        taken = {wish.technician_id: occupations.of_one(tx, wish.technician_id, since, until)}
    taken = {one: live(rows, person_id=person_id, now=now) for one, rows in taken.items()}
    return replace(empty_board(tx, now), taken=taken)


def empty_board(tx: Tx, now: datetime, *, notice: bool = True) -> Board:
    """Read who works when, without what they have; without `notice` also for short notice (an order already paid)."""
    figures = rules(tx)
    return Board(
        now=now,
        figures=figures if notice else replace(figures, notice_minutes=0),
        hours=hours(tx),
        taken={},
    )


def who_can(board: Board, wish: Wish) -> tuple[list[Technician], Rule]:
    """Return who may be asked for this wish at all, and the rule that leaves nobody when the list is empty."""
    found = [one for one in _wished_for(board, wish) if one.on_duty_at is not None]
    if not found:
        return [], Rule.TECHNICIAN
    tests: tuple[tuple[Rule, Callable[[Technician], bool]], ...] = (
        (Rule.SKILL, lambda one: wish.service_id in one.service_ids),
        (Rule.REGION, lambda one: wish.region_id in one.region_ids),
        (Rule.SEX, lambda one: wish.sex in (None, one.sex)),
    )
    for rule, test in tests:
        found = [one for one in found if test(one)]
        if not found:
            return [], rule
    return found, Rule.ROTA


def _wished_for(board: Board, wish: Wish) -> Sequence[Technician]:
    roster = board.hours.roster
    if wish.technician_id is None:
        return roster.technicians
    one = roster.find(wish.technician_id)
    return () if one is None else (one,)


def slots_of(board: Board, wish: Wish, technician: Technician, from_at: datetime, until_at: datetime) -> Iterator[Slot]:
    """Yield one technician's free slots starting in [from_at, until_at], in order."""
    earliest = max(from_at, board.now + timedelta(minutes=board.figures.notice_minutes))
    latest = min(until_at, board.now + timedelta(days=board.figures.horizon_days))
    if earliest > latest:
        return
    spans = board.hours.spans(technician.id, technician.store_id, earliest, latest)
    taken = board.taken.get(technician.id, [])
    found = openings(
        wish, base=technician.base, spans=spans, taken=taken, earliest=earliest, latest=latest, now=board.now
    )
    yield from slots_in(wish, found, technician_id=technician.id, base=technician.base)


def slot_at(board: Board, wish: Wish, technician: Technician, at: datetime) -> Slot | None:
    """Return one technician's slot at exactly this start, if it is free."""
    return next(slots_of(board, wish, technician, at, at), None) if on_grid(at) else None


def why_not(board: Board, wish: Wish, at: datetime) -> Rule | None:
    """Return the rule that forbids this start whatever is taken; None when only somebody else can be in the way."""
    figures, now = board.figures, board.now
    early: tuple[tuple[bool, Rule], ...] = (
        (not on_grid(at), Rule.OFF_GRID),
        (at <= now, Rule.PAST),
        (at < now + timedelta(minutes=figures.notice_minutes), Rule.NOTICE),
        (at > now + timedelta(days=figures.horizon_days), Rule.HORIZON),
    )
    for forbidden, rule in early:
        if forbidden:
            return rule
    candidates, rule = who_can(board, wish)
    if not candidates:
        return rule
    end = at + wish.service_time
    if not any(
        span.start <= at and end <= span.end
        for one in candidates
        for span in board.hours.open_spans(one.store_id, at, end)
    ):
        return Rule.HOURS
    working = [one for one in candidates if _works(board, one, at, end)]
    if not working:
        return Rule.ROTA
    empty = replace(board, taken={})
    return None if any(slot_at(empty, wish, one, at) for one in working) else Rule.LEG


def ranked(board: Board, slots: Iterable[Slot]) -> tuple[Slot, ...]:
    """Return slots of one start best first: the shorter way (in steps of ten minutes), the stars, the lighter day."""
    return tuple(sorted(slots, key=_ranking(board)))


def _ranking(board: Board) -> Callable[[Slot], tuple[int, float, int, int, int]]:
    """Return what orders slots of one start; what is a technician's alone is worked out once."""
    standing: dict[int, tuple[float, int]] = {}

    def rank(slot: Slot) -> tuple[int, float, int, int, int]:
        known = standing.get(slot.technician_id)
        if known is None:
            stars = board.hours.roster.get(slot.technician_id).stars or 0.0
            known = -round(stars, 1), len(board.taken.get(slot.technician_id, ()))
            standing[slot.technician_id] = known
        return slot.leg_minutes // 10, *known, slot.leg_minutes, slot.technician_id

    return rank


def _works(board: Board, technician: Technician, at: datetime, end: datetime) -> bool:
    spans = board.hours.spans(technician.id, technician.store_id, at, end)
    return any(span.start <= at and end <= span.end for span in spans)


def _slots(board: Board, wish: Wish, from_at: datetime, until_at: datetime) -> Iterator[Slot]:
    """Yield everybody's free slots in order of their start."""
    able = who_can(board, wish)[0]
    if len(able) == 1:
        return slots_of(board, wish, able[0], from_at, until_at)
    return merge(*(slots_of(board, wish, one, from_at, until_at) for one in able), key=_STARTS_AT)


def _best_per_start(board: Board, slots: Iterator[Slot]) -> Iterator[Slot]:
    rank = _ranking(board)
    for _, same_start in groupby(slots, key=_STARTS_AT):
        yield min(same_start, key=rank)


def _nearest(board: Board, wish: Wish, at: datetime, *, reach: timedelta) -> list[Slot]:
    """Return the free slots within reach of a start, the nearest first, one a start."""
    found = _best_per_start(board, _slots(board, wish, at - reach, at + reach))
    return sorted(found, key=lambda slot: (abs(slot.starts_at - at), slot.starts_at))


def _different(slots: Iterable[Slot]) -> tuple[Slot, ...]:
    """Return slots without repetition: a technician and start counts once."""
    return tuple({(slot.technician_id, slot.starts_at): slot for slot in slots}.values())
