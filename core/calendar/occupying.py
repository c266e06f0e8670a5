"""Writing into a technician's calendar under its guard, and freeing; the legs of the visit after follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from core.calendar import index, occupations
from core.calendar.board import Board, slot_in, who_can
from core.calendar.cells import minute_of, next_minute
from core.calendar.diaries import Taken
from core.calendar.fitting import HOME_AFTER, Place
from core.calendar.occupations import Near, Occupation
from core.calendar.wishes import Slot, Wish
from core.db import Tx
from core.geo import Point
from core.ids import new_id
from core.technicians import Technician

FROM_BASE = "base"
_STARTS_AT = attrgetter("starts_at")
_FAR = timedelta(minutes=2 * HOME_AFTER)
"""No visit farther off than this can touch another: a way is never reckoned longer, and a long gap is spent at home."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """For whom time is taken: a hold has an expiry, a visit an order; companions come with the lead's row."""

    person_id: int
    expires_at: datetime | None = None
    order_id: int | None = None
    lead_id: int | None = None
    held_since: datetime | None = None


def occupy(
    tx: Tx, board: Board, wish: Wish, technician_id: int, *, starts_at: datetime, keeping: Keeping
) -> Occupation | None:
    """Write one technician's hold or visit if every rule allows it now; None when something is in the way.

    The caller has guarded the technician. Lapsed holds are freed on the way, and so are the person's own that stand in
    the way, as listing looks through them; the next visit's leg is rewritten.
    """
    technician = next(iter(who_can(board, wish, technician_id)), None)
    if technician is None:
        return None
    around = _around(tx, technician_id, starts_at, starts_at + wish.whole_time)
    taken = [one for one in around.taken if not (one.lapsed(board.now) and _free_lapsed_hold(tx, one, board.now))]
    others = [one for one in taken if one.order_id is not None or one.person_id != keeping.person_id]
    slot = _slot(board, wish, technician, others, starts_at)
    if slot is None:
        return None
    for own in [one for one in taken if one not in others]:
        if _in_the_way(own, board, wish, technician, others, starts_at):
            free_hold(tx, own, board.now)
            taken.remove(own)
    before, after = _neighbours(taken, starts_at)
    leg_minutes, leg_from = leg_to(wish.point, starts_at, before, around.base)
    new = Occupation(
        id=new_id(),
        technician_id=technician_id,
        person_id=keeping.person_id,
        order_id=keeping.order_id,
        lead_id=keeping.lead_id,
        starts_at=starts_at,
        ends_at=slot.ends_at,
        free_at=starts_at + wish.whole_time,
        lat=wish.point.lat,
        lng=wish.point.lng,
        leg_minutes=leg_minutes,
        leg_metres=slot.leg_metres,
        leg_from=leg_from,
        expires_at=keeping.expires_at,
        first_held_at=keeping.held_since or board.now,
    )
    occupations.add(tx, new)
    index.wrote(tx, technician_id, around.version, index.added(new.entry, board.now))
    if after is not None:
        _mend_leg(tx, after, before=new, base=around.base)
    return new


def free(tx: Tx, taken: Occupation, now: datetime) -> Occupation | None:
    """Free what an occupation took, if it is still as the caller saw it. The caller has guarded the technician.

    Never fails. Returns the next visit if its way has become too long for the time there is before it.
    """
    return _mend_after(tx, taken, now) if occupations.remove(tx, taken) else None


def own_in_the_way(
    tx: Tx, board: Board, wish: Wish, technician_id: int, *, person_id: int, starts_at: datetime
) -> list[Occupation]:
    """Return the person's own live holds that `occupy` would free for this start. The technician is guarded."""
    technician = next(iter(who_can(board, wish, technician_id)), None)
    if technician is None:
        return []
    live = [
        one
        for one in _around(tx, technician_id, starts_at, starts_at + wish.whole_time).taken
        if not one.lapsed(board.now)
    ]
    others = [one for one in live if one.order_id is not None or one.person_id != person_id]
    own = [one for one in live if one not in others]
    return [one for one in own if _in_the_way(one, board, wish, technician, others, starts_at)]


def _in_the_way(
    own: Occupation,
    board: Board,
    wish: Wish,
    technician: Technician,
    others: Sequence[Occupation],
    starts_at: datetime,
) -> bool:
    beside = sorted([*others, own], key=_STARTS_AT)
    return _slot(board, wish, technician, beside, starts_at) is None


def free_hold(tx: Tx, one: Occupation, now: datetime) -> None:
    """Free a person's hold whole: with the times of all who were to come together."""
    rows = [row for row in occupations.held_by(tx, one.person_id) if row.together == one.together]
    occupations.guard(tx, [row.technician_id for row in rows])
    for row in rows:
        free(tx, row, now)


def free_lapsed(tx: Tx, taken: Occupation, now: datetime) -> bool:
    """Free a lapsed hold unless it was renewed or became a visit meanwhile. The caller has guarded the technician."""
    if not occupations.remove_lapsed(tx, taken, now):
        return False
    _mend_after(tx, taken, now)
    return True


def _free_lapsed_hold(tx: Tx, one: Occupation, now: datetime) -> bool:
    """Free a lapsed hold whole, so that no half of it can be kept longer; whether this row is free now."""
    if not free_lapsed(tx, one, now):
        return False
    rest = [row for row in occupations.held_by(tx, one.person_id) if row.together == one.together]
    occupations.guard(tx, [row.technician_id for row in rest])
    for row in rest:
        free_lapsed(tx, row, now)
    return True


def leg_to(point: Point, starts_at: datetime, before: Occupation | None, base: Point) -> tuple[int, str]:
    """Return the minutes of the way to a visit and where it begins: the id of the visit before, or "base"."""
    leg = Place(point).leg(minute_of(starts_at), None if before is None else before.entry, base)
    return leg.minutes, FROM_BASE if leg.from_base or before is None else str(before.id)


def _mend_after(tx: Tx, gone: Occupation, now: datetime) -> Occupation | None:
    around = _around(tx, gone.technician_id, gone.starts_at, gone.free_at)
    index.wrote(tx, gone.technician_id, around.version, index.gone(minute_of(gone.starts_at)))
    before, after = _neighbours(around.taken, gone.starts_at)
    if after is None:
        return None
    minutes = _mend_leg(tx, after, before=before, base=around.base)
    ready = next_minute(now) if before is None else max(next_minute(now), minute_of(before.free_at))
    late = after.order_id is not None and ready + minutes > minute_of(after.starts_at) > minute_of(now)
    return after if late else None


def _mend_leg(tx: Tx, after: Occupation, *, before: Occupation | None, base: Point) -> int:
    """Rewrite the way to an occupation if it has changed, and return its minutes."""
    minutes, origin = leg_to(after.point, after.starts_at, before, base)
    if (minutes, origin) != (after.leg_minutes, after.leg_from):
        occupations.set_leg(tx, after.id, minutes=minutes, leg_from=origin)
    return minutes


def _slot(
    board: Board, wish: Wish, technician: Technician, taken: Sequence[Occupation], starts_at: datetime
) -> Slot | None:
    return slot_in(board, wish, technician, Taken.of(one.entry for one in taken), starts_at)


def _around(tx: Tx, technician_id: int, starts_at: datetime, free_at: datetime) -> Near:
    return occupations.near(tx, technician_id, starts_at - _FAR, free_at + _FAR)


def _neighbours(near: list[Occupation], starts_at: datetime) -> tuple[Occupation | None, Occupation | None]:
    """Return the occupation before and the one after a start."""
    before = next((one for one in reversed(near) if one.starts_at < starts_at), None)
    return before, next((one for one in near if one.starts_at >= starts_at), None)
