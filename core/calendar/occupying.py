"""Writing into a technician's calendar under its guard, and freeing; the legs of the visit after follow."""

from dataclasses import replace
from datetime import datetime

from core.calendar import occupations, search
from core.calendar.fitting import leg_to
from core.calendar.occupations import FAR, Occupation
from core.calendar.search import Board
from core.calendar.wishes import Wish
from core.db import Tx
from core.geo import Point
from core.ids import new_id


def occupy(
    tx: Tx,
    board: Board,
    wish: Wish,
    *,
    person_id: int,
    starts_at: datetime,
    expires_at: datetime | None = None,
    order_id: int | None = None,
) -> Occupation | None:
    """Write a hold or visit for `wish.technician_id` if every rule allows it now; None when something is in the way.

    The caller has guarded the technician. Lapsed holds are freed on the way; the next visit's leg is rewritten.
    """
    if wish.technician_id is None:
        raise ValueError("an occupation needs its technician")
    able, _ = search.who_can(board, wish)
    if not able:
        return None
    technician = able[0]
    near = [
        one
        for one in _around(tx, technician.id, starts_at, starts_at + wish.whole_time)
        if not (one.lapsed(board.now) and free_lapsed(tx, one, board.now))
    ]
    slot = search.slot_at(replace(board, taken={technician.id: near}), wish, technician, starts_at)
    if slot is None:
        return None
    before, after = _neighbours(near, starts_at)
    leg = leg_to(wish.point, starts_at, before=before, base=technician.base)
    taken = Occupation(
        id=new_id(),
        technician_id=technician.id,
        person_id=person_id,
        order_id=order_id,
        starts_at=starts_at,
        ends_at=slot.ends_at,
        free_at=starts_at + wish.whole_time,
        lat=wish.point.lat,
        lng=wish.point.lng,
        leg_minutes=leg.minutes,
        leg_metres=slot.leg_metres,
        leg_from=leg.origin,
        expires_at=expires_at,
        first_held_at=board.now,
    )
    occupations.add(tx, taken)
    if after is not None:
        _mend_leg(tx, after, before=taken, base=technician.base)
    return taken


def free(tx: Tx, taken: Occupation) -> bool:
    """Free what an occupation took, if it is still as the caller saw it. The caller has guarded the technician."""
    return occupations.remove(tx, taken) and _mend_after(tx, taken)


def free_lapsed(tx: Tx, taken: Occupation, now: datetime) -> bool:
    """Free a lapsed hold unless it was renewed or became a visit meanwhile. The caller has guarded the technician."""
    return occupations.remove_lapsed(tx, taken, now) and _mend_after(tx, taken)


def _mend_after(tx: Tx, gone: Occupation) -> bool:
    """Rewrite the way to the visit after one that is gone; always true, since freeing never fails."""
    near = _around(tx, gone.technician_id, gone.starts_at, gone.free_at)
    before, after = _neighbours(near, gone.starts_at)
    if after is not None:
        _mend_leg(tx, after, before=before, base=occupations.base_of(tx, gone.technician_id))
    return True


def _mend_leg(tx: Tx, after: Occupation, *, before: Occupation | None, base: Point) -> None:
    leg = leg_to(after.point, after.starts_at, before=before, base=base)
    if (leg.minutes, leg.origin) != (after.leg_minutes, after.leg_from):
        occupations.set_leg(tx, after.id, minutes=leg.minutes, leg_from=leg.origin)


def _around(tx: Tx, technician_id: int, starts_at: datetime, free_at: datetime) -> list[Occupation]:
    return occupations.of_one(tx, technician_id, starts_at - FAR, free_at + FAR)


def _neighbours(near: list[Occupation], starts_at: datetime) -> tuple[Occupation | None, Occupation | None]:
    """Return the occupation before and the one after a start."""
    before = next((one for one in reversed(near) if one.starts_at < starts_at), None)
    return before, next((one for one in near if one.starts_at >= starts_at), None)
