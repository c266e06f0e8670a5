"""Writing into a technician's calendar under its guard, and freeing; the legs of the visit after follow."""

from bisect import insort
from collections.abc import Iterable, Sequence
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


@dataclass(frozen=True, slots=True)
class _Taken:
    """What a technician has around a start, by how it counts for somebody who wants that start."""

    same: list[Occupation]
    """Of the very order: one of them alone will take place, so it stands in no way."""
    own: list[Occupation]
    """Held by the same person: looked through, and freed where it is in the way."""
    others: list[Occupation]

    @classmethod
    def of(cls, rows: Iterable[Occupation], *, about: int | None, person_id: int) -> "_Taken":
        found = cls([], [], [])
        for one in rows:
            own = one.order_id is None and one.person_id == person_id
            (found.same if _is_about(one, about) else found.own if own else found.others).append(one)
        return found


def occupy(
    tx: Tx, board: Board, wish: Wish, technician_id: int, *, starts_at: datetime, keeping: Keeping
) -> Occupation | None:
    """Write one technician's hold or visit if every rule allows it now; None when something is in the way.

    The caller has guarded the technician. Lapsed holds are freed on the way, and so are the person's own that stand in
    the way, as listing looks through them; the next visit's leg is rewritten. What the order has, or may have, keeps
    its own cells.
    """
    technician = next(iter(who_can(board, wish, technician_id)), None)
    if technician is None:
        return None
    around = _around(tx, technician_id, starts_at, starts_at + wish.whole_time)
    taken = [one for one in around.taken if not (one.lapsed(board.now) and _free_lapsed_hold(tx, one, board.now))]
    about = keeping.order_id or wish.moving
    by = _Taken.of(taken, about=about, person_id=keeping.person_id)
    slot = _slot(board, wish, technician, by.others, starts_at)
    if slot is None or any(one.starts_at == starts_at and one.order_id is not None for one in by.same):
        return None
    for own in by.own:
        if _in_the_way(own, board, wish, technician, by.others, starts_at):
            free_hold(tx, own, board.now)
            taken.remove(own)
    leg_minutes, leg_from = leg_to(wish.point, starts_at, _visit_before(taken, starts_at, about), around.base)
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
        moving_id=wish.moving if keeping.order_id is None else None,
    )
    occupations.add(tx, new, by.same)
    if any(one.starts_at == starts_at for one in by.same):
        index.touched(tx, [technician_id])
    else:
        index.wrote(tx, technician_id, around.version, index.added(new.entry, board.now))
    insort(taken, new, key=_STARTS_AT)
    _mend_legs(tx, taken, new, around.base)
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
    around = _around(tx, technician_id, starts_at, starts_at + wish.whole_time)
    live = (one for one in around.taken if not one.lapsed(board.now))
    by = _Taken.of(live, about=wish.moving, person_id=person_id)
    return [one for one in by.own if _in_the_way(one, board, wish, technician, by.others, starts_at)]


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


def _visit_before(taken: Sequence[Occupation], starts_at: datetime, about: int | None) -> Occupation | None:
    """Return where a technician comes from: what they have before a start, but for the other times of the same order.

    `taken` is in order.
    """
    return next((one for one in reversed(taken) if one.starts_at < starts_at and not _is_about(one, about)), None)


def _is_about(one: Occupation, order_id: int | None) -> bool:
    return order_id is not None and one.about == order_id


def _mend_after(tx: Tx, gone: Occupation, now: datetime) -> Occupation | None:
    around = _around(tx, gone.technician_id, gone.starts_at, gone.free_at)
    same = [one for one in around.taken if _is_about(one, gone.about)]
    occupations.unclaim(
        tx, gone, [one for one in same if one.starts_at < gone.free_at and one.free_at > gone.starts_at]
    )
    if any(one.starts_at == gone.starts_at for one in same):
        index.touched(tx, [gone.technician_id])
    else:
        index.wrote(tx, gone.technician_id, around.version, index.gone(minute_of(gone.starts_at)))
    legs = _mend_legs(tx, around.taken, gone, around.base)
    return next((one.to for one in legs if one.is_late(now)), None)


@dataclass(frozen=True, slots=True)
class _Mended:
    """The way to a visit as it is now."""

    to: Occupation
    before: Occupation | None
    minutes: int

    def is_late(self, now: datetime) -> bool:
        """Whether a visit that is an order's own cannot be reached in time any more."""
        starts, now_minute = minute_of(self.to.starts_at), minute_of(now)
        ready = next_minute(now) if self.before is None else max(next_minute(now), minute_of(self.before.free_at))
        own = self.to.order_id is not None and self.to.change_id is None
        return own and ready + self.minutes > starts > now_minute


def _mend_legs(tx: Tx, taken: Sequence[Occupation], changed: Occupation, base: Point) -> list[_Mended]:
    """Rewrite the ways that one that came or went concerns: to what comes next, with all that its order has there."""
    found: list[_Mended] = []
    for after in taken:
        if after.starts_at < changed.starts_at or after is changed or _is_about(after, changed.about):
            continue
        if found and not _is_about(after, found[0].to.about):
            break
        before = _visit_before(taken, after.starts_at, after.about)
        minutes, origin = leg_to(after.point, after.starts_at, before, base)
        if (minutes, origin) != (after.leg_minutes, after.leg_from):
            occupations.set_leg(tx, after.id, minutes=minutes, leg_from=origin)
        found.append(_Mended(after, before, minutes))
    return found


def _slot(
    board: Board, wish: Wish, technician: Technician, taken: Sequence[Occupation], starts_at: datetime
) -> Slot | None:
    return slot_in(board, wish, technician, Taken.of(one.entry for one in taken), starts_at)


def _around(tx: Tx, technician_id: int, starts_at: datetime, free_at: datetime) -> Near:
    return occupations.near(tx, technician_id, starts_at - _FAR, free_at + _FAR)
