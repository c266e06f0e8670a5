"""What occupies technicians' time: rows of holds and visits, read for the rules and written with their claims."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, or_, select, update

from core.calendar.cells import CELL_MINUTES, micros_of, minute_of
from core.calendar.diaries import Entry
from core.calendar.tables import claim, occupation
from core.calendar.wishes import NotBookable, Rule
from core.db import CandidateLost, Row, Tx, UniqueViolation, insert_into
from core.geo import Point
from core.technicians.tables import technician


@dataclass(frozen=True, slots=True)
class Occupation:
    """A hold (no order yet) or a visit in a technician's day; `free_at` is its end plus the buffer.

    Where several come together each has a row of their own; those of the companions name the lead's. With a `change_id`
    it is time that an order asks for and does not have yet; a hold with a `moving_id` may become that.
    """

    id: int
    technician_id: int
    person_id: int
    order_id: int | None
    lead_id: int | None
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
    change_id: int | None = None
    moving_id: int | None = None

    @property
    def about(self) -> int | None:
        """The order whose time this is or may become: of all its rows one alone will take place."""
        return self.order_id if self.moving_id is None else self.moving_id

    @property
    def point(self) -> Point:
        """Where it takes place, to about 100 m."""
        return Point(self.lat, self.lng)

    @property
    def together(self) -> int:
        """The id that all rows of one hold or visit share: the lead's."""
        return self.lead_id or self.id

    @property
    def entry(self) -> Entry:
        """The same as the rules read it."""
        keeper = self.person_id if self.order_id is None else None
        expires = None if self.expires_at is None or keeper is None else micros_of(self.expires_at)
        return Entry(minute_of(self.starts_at), minute_of(self.free_at), self.lat, self.lng, keeper, expires)

    def lapsed(self, now: datetime) -> bool:
        """Whether it is a hold that nobody keeps any longer."""
        return self.order_id is None and self.expires_at is not None and self.expires_at <= now


@dataclass(frozen=True, slots=True)
class Near:
    """What one technician has around a stretch of time, in order, with the version of their diary and their base."""

    version: int
    base: Point
    taken: list[Occupation]


_NAMES = tuple(field.name for field in fields(Occupation))
_COLUMNS = tuple(occupation.c[name] for name in _NAMES)
_NEAR = (
    select(technician.c.calendar_version, technician.c.base_lat, technician.c.base_lng, *_COLUMNS)
    .select_from(
        technician.outerjoin(
            occupation,
            and_(
                occupation.c.technician_id == technician.c.id,
                occupation.c.free_at > bindparam("b_from"),
                occupation.c.starts_at < bindparam("b_until"),
            ),
        )
    )
    .where(technician.c.id == bindparam("b_technician"))
    .order_by(occupation.c.starts_at)
)
_BEFORE = 3
"""How many columns of the technician come before those of the occupation."""
_BY_ORDER = select(*_COLUMNS).where(occupation.c.order_id == bindparam("b_order")).order_by(occupation.c.id)
_ABOUT = select(*_COLUMNS).where(
    or_(occupation.c.order_id == bindparam("b_order"), occupation.c.moving_id == bindparam("b_order"))
)
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
_SET_LEG = (
    update(occupation)
    .where(occupation.c.id == bindparam("b_id"))
    .values(leg_minutes=bindparam("new_minutes"), leg_from=bindparam("new_from"))
)
_REMOVE = delete(occupation).where(
    occupation.c.id == bindparam("b_id"),
    or_(occupation.c.order_id == bindparam("b_order"), and_(occupation.c.order_id.is_(None), bindparam("b_hold") == 1)),
    or_(
        occupation.c.change_id == bindparam("b_change"),
        and_(occupation.c.change_id.is_(None), bindparam("b_change") == 0),
    ),
)
_REMOVE_LAPSED = delete(occupation).where(
    occupation.c.id == bindparam("b_id"), occupation.c.order_id.is_(None), occupation.c.expires_at <= bindparam("b_now")
)
_UNCLAIM = delete(claim).where(claim.c.occupation_id == bindparam("b_id"))
_INHERIT = (
    update(claim)
    .where(
        claim.c.occupation_id == bindparam("b_id"),
        claim.c.cell_start >= bindparam("b_first"),
        claim.c.cell_start <= bindparam("b_last"),
    )
    .values(occupation_id=bindparam("new_occupation"))
)
_LIVE = and_(
    or_(occupation.c.id == bindparam("b_id"), occupation.c.lead_id == bindparam("b_id")),
    occupation.c.person_id == bindparam("b_person"),
    occupation.c.order_id.is_(None),
    occupation.c.expires_at > bindparam("b_now"),
)
_RENEW = update(occupation).where(_LIVE).values(expires_at=bindparam("new_expires_at"))
_GIVE = (
    update(occupation)
    .where(_LIVE)
    .values(order_id=bindparam("new_order"), change_id=bindparam("new_change"), moving_id=None, expires_at=None)
)
_SETTLE = (
    update(occupation)
    .where(occupation.c.order_id == bindparam("b_order"), occupation.c.change_id == bindparam("b_change"))
    .values(change_id=None)
)


def guard(tx: Tx, technician_ids: Iterable[int]) -> None:
    """Take the calendars of these technicians for this transaction, lowest id first; what is read afterwards stands.

    Every change of a calendar goes through here. Raises NotBookable for somebody unknown.
    """
    for technician_id in sorted(set(technician_ids) - set(tx.guarded)):
        _touch(tx, technician_id)
        tx.guarded.append(technician_id)


def _touch(tx: Tx, technician_id: int) -> None:
    if tx.execute(_GUARD, {"b_id": technician_id}) != 1:
        raise NotBookable(Rule.TECHNICIAN)


def near(tx: Tx, technician_id: int, from_at: datetime, until_at: datetime) -> Near:
    """Return what reaches into this stretch of one technician's time; raises NotBookable for somebody unknown."""
    rows = tx.all(_NEAR, {"b_technician": technician_id, "b_from": from_at, "b_until": until_at})
    if not rows:
        raise NotBookable(Rule.TECHNICIAN)
    version, lat, lng = rows[0][:_BEFORE]
    return Near(version, Point(lat, lng), [Occupation(*row[_BEFORE:]) for row in rows if row.id is not None])


def held_by(tx: Tx, person_id: int) -> list[Occupation]:
    """Return a person's holds, lapsed ones too, oldest first."""
    return _read(tx.all(_HELD_BY, {"b_person": person_id}))


def of_order(tx: Tx, order_id: int) -> list[Occupation]:
    """Return what an order occupies and what it asks for, the rows of who leads first."""
    return sorted(_read(tx.all(_BY_ORDER, {"b_order": order_id})), key=lambda one: one.lead_id is not None)


def about(tx: Tx, order_id: int) -> list[Occupation]:
    """Return what an order occupies or asks for, and what is held for moving it, lapsed or not."""
    return _read(tx.all(_ABOUT, {"b_order": order_id}))


def lapsed(tx: Tx, now: datetime, most: int) -> list[Occupation]:
    """Return holds that nobody keeps any longer, in guard order."""
    return _read(tx.all(_LAPSED, {"b_now": now, "b_most": most}))


def add(tx: Tx, taken: Occupation, beside: Iterable[Occupation] = ()) -> None:
    """Write an occupation and claim its cells in order, but for those that rows of its own order have already.

    Should the database know an owner of any of them after all, the unit ends and runs again: then it sees the owner.
    """
    tx.execute(_ADD, {name: getattr(taken, name) for name in _NAMES})
    _write_claims(tx, taken, beside)


def _write_claims(tx: Tx, taken: Occupation, beside: Iterable[Occupation]) -> None:
    owned = {cell for one in beside for cell in cells(one.starts_at, one.free_at)}
    rows = [
        {"technician_id": taken.technician_id, "cell_start": cell, "occupation_id": taken.id}
        for cell in cells(taken.starts_at, taken.free_at)
        if cell not in owned
    ]
    try:
        tx.execute_many(_CLAIM, rows)
    except UniqueViolation as first:
        raise CandidateLost(("claim", taken.technician_id, taken.starts_at)) from first


def set_leg(tx: Tx, occupation_id: int, *, minutes: int, leg_from: str) -> None:
    """Rewrite the way to an occupation after what comes before it has changed."""
    tx.execute(_SET_LEG, {"b_id": occupation_id, "new_minutes": minutes, "new_from": leg_from})


def renew(tx: Tx, hold_id: int, *, person_id: int, until: datetime, now: datetime) -> int:
    """Keep all rows of a person's live hold until a later moment; return how many there were."""
    return tx.execute(_RENEW, {"b_id": hold_id, "b_person": person_id, "b_now": now, "new_expires_at": until})


def give(tx: Tx, hold_id: int, *, person_id: int, order_id: int, now: datetime, change_id: int | None = None) -> int:
    """Turn all rows of a person's live hold into an order's visit, or into what it asks for; how many there were."""
    params = {"b_id": hold_id, "b_person": person_id, "b_now": now, "new_order": order_id, "new_change": change_id}
    return tx.execute(_GIVE, params)


def settle(tx: Tx, order_id: int, change_id: int) -> int:
    """Make the time that an order asks for its own; return how many rows there were."""
    return tx.execute(_SETTLE, {"b_order": order_id, "b_change": change_id})


def remove(tx: Tx, taken: Occupation) -> bool:
    """Remove a row if it is still the hold, the visit or the time asked for that the caller saw; then `unclaim`."""
    params = {
        "b_id": taken.id,
        "b_order": taken.order_id or 0,
        "b_hold": int(taken.order_id is None),
        "b_change": taken.change_id or 0,
    }
    return tx.execute(_REMOVE, params) == 1


def remove_lapsed(tx: Tx, taken: Occupation, now: datetime) -> bool:
    """Remove a hold whose time is over, unless it was renewed or became a visit meanwhile; then `unclaim`."""
    return tx.execute(_REMOVE_LAPSED, {"b_id": taken.id, "b_now": now}) == 1


def unclaim(tx: Tx, gone: Occupation, heirs: Iterable[Occupation]) -> None:
    """Free the cells of a removed row, but for those that other rows of its order want: they get them."""
    for one in heirs:
        wanted = cells(one.starts_at, one.free_at)
        params = {"b_id": gone.id, "b_first": wanted[0], "b_last": wanted[-1], "new_occupation": one.id}
        tx.execute(_INHERIT, params)
    tx.execute(_UNCLAIM, {"b_id": gone.id})


def cells(starts_at: datetime, free_at: datetime) -> range:
    """Return the 15-minute cells (epoch minutes // 15) that a stretch touches."""
    return range(minute_of(starts_at) // CELL_MINUTES, -(-minute_of(free_at) // CELL_MINUTES))


def _read(rows: list[Row]) -> list[Occupation]:
    return [Occupation(*row) for row in rows]
