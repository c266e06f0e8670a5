"""Holding a slot for one person while they decide, and giving it to the order they place."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, update

from core.calendar import occupations, search
from core.calendar.occupations import Occupation
from core.calendar.occupying import free, free_lapsed, occupy
from core.calendar.tables import occupation
from core.calendar.wishes import Hold, NotBookable, Slot, SlotTaken, Wish
from core.db import Tx
from core.settings import Rules, rules
from core.technicians import roster

_MOST_TRIED = 8

_LIVE = and_(
    occupation.c.id == bindparam("b_id"),
    occupation.c.person_id == bindparam("b_person"),
    occupation.c.order_id.is_(None),
    occupation.c.expires_at > bindparam("b_now"),
)
_RENEW = update(occupation).where(_LIVE).values(expires_at=bindparam("new_expires_at"))
_GIVE = update(occupation).where(_LIVE).values(order_id=bindparam("new_order"), expires_at=None)


def hold(tx: Tx, person_id: int, wish: Wish, *, technician_id: int | None, starts_at: datetime, now: datetime) -> Hold:
    """Keep a slot for a person, in place of what they held before; None as technician takes the best who can come.

    Raises SlotTaken with alternatives when somebody else is in the way, NotBookable when a rule forbids the start.
    """
    wish = _of(wish, technician_id)
    held = occupations.held_by(tx, person_id)
    same = next((one for one in held if _is_for(tx, one, wish, starts_at)), None)
    if same is not None:
        renewed = renew_hold(tx, same.id, person_id, now)
        if renewed is not None:
            return renewed
    for candidate in _candidates(tx, wish, person_id=person_id, at=starts_at, now=now):
        occupations.guard(tx, [candidate, *(one.technician_id for one in held)])
        for one in held:
            free(tx, one)
        held = []
        board = search.empty_board(tx, now)
        until = now + timedelta(minutes=board.figures.hold_minutes)
        taken = occupy(tx, board, _of(wish, candidate), person_id=person_id, starts_at=starts_at, expires_at=until)
        if taken is not None:
            return _hold_of(taken)
    rule = search.why_not(search.empty_board(tx, now), wish, starts_at)
    if rule is not None:
        raise NotBookable(rule, search.nearest(tx, wish, person_id=person_id, now=now, at=starts_at))
    raise SlotTaken(search.alternatives(tx, wish, person_id=person_id, now=now, at=starts_at))


def renew_hold(tx: Tx, hold_id: int, person_id: int, now: datetime) -> Hold | None:
    """Keep a live hold a little longer, up to the most a hold may last; None when it has lapsed or is not theirs."""
    found = next((one for one in occupations.held_by(tx, person_id) if one.id == hold_id), None)
    if found is None or found.lapsed(now) or found.expires_at is None:
        return None
    until = max(found.expires_at, _expiry(rules(tx), found.first_held_at, now))
    if tx.execute(_RENEW, {"b_id": hold_id, "b_person": person_id, "b_now": now, "new_expires_at": until}) != 1:
        return None
    return _hold_of(replace(found, expires_at=until))


def live_hold(tx: Tx, person_id: int, now: datetime) -> Hold | None:
    """Return what a person holds now."""
    return next((_hold_of(one) for one in occupations.held_by(tx, person_id) if not one.lapsed(now)), None)


def held_for(tx: Tx, person_id: int, wish: Wish, *, starts_at: datetime, now: datetime) -> Hold | None:
    """Return the person's live hold if it is for this very wish and start."""
    live = (one for one in occupations.held_by(tx, person_id) if not one.lapsed(now))
    return next((_hold_of(one) for one in live if _is_for(tx, one, wish, starts_at)), None)


def release_hold(tx: Tx, person_id: int, now: datetime) -> bool:
    """Free what a person holds; False when they held nothing. Never fails."""
    held = occupations.held_by(tx, person_id)
    if not held:
        return False
    occupations.guard(tx, [one.technician_id for one in held])
    return sum(free(tx, one) for one in held) > 0


def give_to_order(tx: Tx, hold_id: int, order_id: int, now: datetime, *, person_id: int) -> bool:
    """Turn a person's live hold into the visit of their order; False when it has lapsed meanwhile.

    The claims stay as they are, so one conditional UPDATE decides against the sweep that would free them.
    """
    params = {"b_id": hold_id, "b_person": person_id, "b_now": now, "new_order": order_id}
    return tx.execute(_GIVE, params) == 1


def sweep_holds(tx: Tx, now: datetime, most: int = 200) -> int:
    """Free lapsed holds, at most `most`; how many there were."""
    found = occupations.lapsed(tx, now, most)
    occupations.guard(tx, [one.technician_id for one in found])
    return sum(free_lapsed(tx, one, now) for one in found)


def _candidates(tx: Tx, wish: Wish, *, person_id: int, at: datetime, now: datetime) -> list[int]:
    """Return whom to try, best first: the one wished for, or all who can come."""
    if wish.technician_id is not None:
        return [wish.technician_id]
    offers = search.offers_at(tx, wish, person_id=person_id, now=now, at=at, most=_MOST_TRIED)
    return [slot.technician_id for slot in offers]


def _of(wish: Wish, technician_id: int | None) -> Wish:
    return wish if wish.technician_id == technician_id else replace(wish, technician_id=technician_id)


def _is_for(tx: Tx, held: Occupation, wish: Wish, starts_at: datetime) -> bool:
    """Whether a hold is for this very wish: its time, its place, and a technician who suits it."""
    same = (
        wish.technician_id in (None, held.technician_id)
        and held.starts_at == starts_at
        and held.ends_at == starts_at + wish.service_time
        and held.free_at == starts_at + wish.whole_time
        and held.point == wish.point
    )
    if not same:
        return False
    able = roster(tx).able(wish.service_id, wish.region_id, wish.sex)
    return any(one.id == held.technician_id for one in able)


def _expiry(figures: Rules, first_held_at: datetime, now: datetime) -> datetime:
    return min(
        now + timedelta(minutes=figures.hold_minutes), first_held_at + timedelta(minutes=figures.hold_most_minutes)
    )


def _hold_of(taken: Occupation) -> Hold:
    slot = Slot(taken.technician_id, taken.starts_at, taken.ends_at, taken.leg_minutes, taken.leg_metres)
    return Hold(taken.id, slot, taken.expires_at or taken.first_held_at)
