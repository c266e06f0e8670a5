"""What occupies technicians' time: rows of holds and visits, read for the rules and written with their claims."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, delete, or_, select, update

from core.calendar.tables import claim, occupation
from core.calendar.wishes import CELL, NotBookable, Rule, SlotTaken
from core.db import Row, Tx, UniqueViolation, insert_into
from core.errors import NotFound
from core.geo import Point
from core.technicians.tables import technician, technician_skill

FAR = timedelta(hours=6)
"""No visit farther off than this can touch another: a way is never reckoned longer, and a long gap is spent at home."""


@dataclass(frozen=True, slots=True)
class Occupation:
    """A hold (no order yet) or a visit in a technician's day; `free_at` is its end plus the buffer."""

    id: int
    technician_id: int
    person_id: int
    order_id: int | None
    starts_at: datetime
    ends_at: datetime
    free_at: datetime
    lat: float
    lng: float
    leg_minutes: int
    leg_metres: int
    leg_from: str
    expires_at: datetime | None
    first_held_at: datetime

    @property
    def point(self) -> Point:
        """Where it takes place, to about 100 m."""
        return Point(self.lat, self.lng)

    def lapsed(self, now: datetime) -> bool:
        """Whether it is a hold that nobody keeps any longer."""
        return self.order_id is None and self.expires_at is not None and self.expires_at <= now


_COLUMNS = tuple(occupation.c[field.name] for field in fields(Occupation))
_WITHIN = and_(occupation.c.free_at > bindparam("b_from"), occupation.c.starts_at < bindparam("b_until"))
_OF_ONE = (
    select(*_COLUMNS)
    .where(occupation.c.technician_id == bindparam("b_technician"), _WITHIN)
    .order_by(occupation.c.starts_at)
)
_OF_SKILLED = (
    select(*_COLUMNS)
    .join(technician_skill, technician_skill.c.technician_id == occupation.c.technician_id)
    .where(technician_skill.c.service_id == bindparam("b_service"), _WITHIN)
    .order_by(occupation.c.technician_id, occupation.c.starts_at)
)
_BY_ORDER = select(*_COLUMNS).where(occupation.c.order_id == bindparam("b_order"))
_HELD_BY = (
    select(*_COLUMNS)
    .where(occupation.c.person_id == bindparam("b_person"), occupation.c.order_id.is_(None))
    .order_by(occupation.c.id)
)
_LAPSED = (
    select(*_COLUMNS)
    .where(occupation.c.expires_at <= bindparam("b_now"), occupation.c.order_id.is_(None))
    .order_by(occupation.c.technician_id, occupation.c.id)
    .limit(bindparam("b_most"))
)
_ADD = insert_into(occupation)
_CLAIM = insert_into(claim)
_GUARD = (
    update(technician)
    .where(technician.c.id == bindparam("b_id"))
    .values(calendar_version=technician.c.calendar_version + 1)
)
_BASE = select(technician.c.base_lat, technician.c.base_lng).where(technician.c.id == bindparam("b_id"))
_SET_LEG = (
    update(occupation)
    .where(occupation.c.id == bindparam("b_id"))
    .values(leg_minutes=bindparam("new_minutes"), leg_from=bindparam("new_from"))
)
_REMOVE = delete(occupation).where(
    occupation.c.id == bindparam("b_id"),
    or_(occupation.c.order_id == bindparam("b_order"), and_(occupation.c.order_id.is_(None), bindparam("b_hold") == 1)),
)
_REMOVE_LAPSED = delete(occupation).where(
    occupation.c.id == bindparam("b_id"), occupation.c.order_id.is_(None), occupation.c.expires_at <= bindparam("b_now")
)
_UNCLAIM = delete(claim).where(claim.c.occupation_id == bindparam("b_id"))


def guard(tx: Tx, technician_ids: Iterable[int]) -> None:
    """Take the calendars of these technicians for this transaction, lowest id first; what is read afterwards stands."""
    for technician_id in sorted(set(technician_ids)):
        _touch(tx, technician_id)


def _touch(tx: Tx, technician_id: int) -> None:
    if tx.execute(_GUARD, {"b_id": technician_id}) != 1:
        raise NotBookable(Rule.TECHNICIAN)


def base_of(tx: Tx, technician_id: int) -> Point:
    """Return where a technician sets out from when no visit is near."""
    row = tx.first(_BASE, {"b_id": technician_id})
    if row is None:
        raise NotFound(technician_id=technician_id)
    return Point(row.base_lat, row.base_lng)


def of_one(tx: Tx, technician_id: int, from_at: datetime, until_at: datetime) -> list[Occupation]:
    """Return what reaches into this stretch of one technician's time, in order."""
    return _read(tx.all(_OF_ONE, {"b_technician": technician_id, "b_from": from_at, "b_until": until_at}))


def of_skilled(tx: Tx, service_id: int, from_at: datetime, until_at: datetime) -> dict[int, list[Occupation]]:
    """Return what reaches into this stretch of time of everybody who does a service, by technician, in order."""
    found: dict[int, list[Occupation]] = {}
    for taken in _read(tx.all(_OF_SKILLED, {"b_service": service_id, "b_from": from_at, "b_until": until_at})):
        found.setdefault(taken.technician_id, []).append(taken)
    return found


def held_by(tx: Tx, person_id: int) -> list[Occupation]:
    """Return a person's holds, lapsed ones too."""
    return _read(tx.all(_HELD_BY, {"b_person": person_id}))


def of_order(tx: Tx, order_id: int) -> list[Occupation]:
    """Return what an order occupies: one row, or none."""
    return _read(tx.all(_BY_ORDER, {"b_order": order_id}))


def lapsed(tx: Tx, now: datetime, most: int) -> list[Occupation]:
    """Return holds that nobody keeps any longer, in guard order."""
    return _read(tx.all(_LAPSED, {"b_now": now, "b_most": most}))


def add(tx: Tx, taken: Occupation) -> None:
    """Write an occupation and claim its cells in order; SlotTaken when the database knows an owner of any of them."""
    tx.execute(_ADD, {field.name: getattr(taken, field.name) for field in fields(Occupation)})
    _write_claims(tx, taken)


def _write_claims(tx: Tx, taken: Occupation) -> None:
    rows = [
        {"technician_id": taken.technician_id, "cell_start": cell, "occupation_id": taken.id}
        for cell in cells(taken.starts_at, taken.free_at)
    ]
    try:
        tx.execute_many(_CLAIM, rows)
    except UniqueViolation as first:
        raise SlotTaken from first


def set_leg(tx: Tx, occupation_id: int, *, minutes: int, leg_from: str) -> None:
    """Rewrite the way to an occupation after what comes before it has changed."""
    tx.execute(_SET_LEG, {"b_id": occupation_id, "new_minutes": minutes, "new_from": leg_from})


def remove(tx: Tx, taken: Occupation) -> bool:
    """Free what this row occupied, if it is still the hold or the order's visit that the caller saw."""
    params = {"b_id": taken.id, "b_order": taken.order_id or 0, "b_hold": int(taken.order_id is None)}
    return _unclaim(tx, taken) if tx.execute(_REMOVE, params) else False


def remove_lapsed(tx: Tx, taken: Occupation, now: datetime) -> bool:
    """Free a hold whose time is over, unless it was renewed or became a visit meanwhile."""
    return _unclaim(tx, taken) if tx.execute(_REMOVE_LAPSED, {"b_id": taken.id, "b_now": now}) else False


def cells(starts_at: datetime, free_at: datetime) -> range:
    """Return the 15-minute cells (epoch minutes // 15) that a stretch touches."""
    size = int(CELL.total_seconds())
    return range(int(starts_at.timestamp()) // size, -(-int(free_at.timestamp()) // size))


def _unclaim(tx: Tx, taken: Occupation) -> bool:
    tx.execute(_UNCLAIM, {"b_id": taken.id})
    return True


def _read(rows: list[Row]) -> list[Occupation]:
    return [Occupation(*row) for row in rows]
