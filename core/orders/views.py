"""Reading orders, each viewer only what is theirs to see; foreign and missing look alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, or_, select

from core.db import Tx
from core.errors import NotFound, PersonErased
from core.orders.moves import COLUMNS, Order, load, order_from
from core.orders.retaking import address_of
from core.orders.states import ADDRESS_OPEN, SERVED, OrderEvent, OrderState
from core.orders.tables import order as order_table
from core.orders.tables import order_event, visit_photo
from core.people import masked_phone


class Viewer(StrEnum):
    """For whose eyes an order is opened."""

    CUSTOMER = "customer"
    TECHNICIAN = "technician"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order as one viewer may see it; what is not for them, or erased, is None (the phone may be masked instead)."""

    order: Order
    address_text: str | None
    lat: float | None
    lng: float | None
    phone: str | None
    name: str | None
    wishes: str | None
    start_code: str | None
    photo_file_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EventLine:
    """One line of an order's history."""

    seq: int
    event: OrderEvent
    from_state: OrderState | None
    to_state: OrderState
    actor_kind: str
    actor_id: int | None
    facts: Mapping[str, Any]
    at: datetime


_T = order_table.c
_OF_PERSON_BY_ID = select(*COLUMNS).where(_T.id == bindparam("b_id"), _T.person_id == bindparam("b_person"))
_OF_PERSON_BY_CODE = select(*COLUMNS).where(_T.code == bindparam("b_code"), _T.person_id == bindparam("b_person"))
_BY_CODE = select(*COLUMNS).where(_T.code == bindparam("b_code"))
_OF_PERSON = (
    select(*COLUMNS).where(_T.person_id == bindparam("b_person")).order_by(_T.id.desc()).limit(bindparam("b_most"))
)
_OF_TECHNICIAN_BY_ID = select(*COLUMNS).where(_T.id == bindparam("b_id"), _T.technician_id == bindparam("b_technician"))
_SHARED_BY_ID = select(*COLUMNS).where(
    _T.id == bindparam("b_id"),
    or_(_T.technician_id == bindparam("b_technician"), _T.companion_id == bindparam("b_technician")),
)
_OF_TECHNICIAN = (
    select(*COLUMNS)
    .where(
        or_(_T.technician_id == bindparam("b_technician"), _T.companion_id == bindparam("b_technician")),
        _T.starts_at >= bindparam("b_from"),
        _T.starts_at < bindparam("b_until"),
        or_(*(_T.state == state.value for state in sorted(ADDRESS_OPEN | SERVED | {OrderState.TO_ACCEPT}))),
    )
    .order_by(_T.starts_at)
)
_EVENTS = select(order_event).where(order_event.c.order_id == bindparam("b_id")).order_by(order_event.c.seq)
_PHOTOS = (
    select(visit_photo.c.file_id)
    .where(visit_photo.c.order_id == bindparam("b_id"))
    .order_by(visit_photo.c.at, visit_photo.c.file_id)
)


def order_of(tx: Tx, person_id: int, which: int | str) -> Order:
    """Return a customer's order by id or short code; raises NotFound, for foreign ones too."""
    if isinstance(which, str):
        row = tx.first(_OF_PERSON_BY_CODE, {"b_code": which.upper(), "b_person": person_id})
    else:
        row = tx.first(_OF_PERSON_BY_ID, {"b_id": which, "b_person": person_id})
    if row is None:
        raise NotFound(kind="order")
    return order_from(row)


def order_by_code(tx: Tx, code: str) -> Order:
    """Return any order by its short code, for operators; raises NotFound."""
    row = tx.first(_BY_CODE, {"b_code": code.upper()})
    if row is None:
        raise NotFound(kind="order")
    return order_from(row)


def orders_of(tx: Tx, person_id: int, *, most: int) -> tuple[Order, ...]:
    """Return a customer's orders, the newest first."""
    return tuple(order_from(row) for row in tx.all(_OF_PERSON, {"b_person": person_id, "b_most": most}))


def visit_of(tx: Tx, technician_id: int, order_id: int) -> Order:
    """Return an order that this technician leads now (asked or accepted); raises NotFound, for foreign ones too."""
    row = tx.first(_OF_TECHNICIAN_BY_ID, {"b_id": order_id, "b_technician": technician_id})
    if row is None:
        raise NotFound(kind="order")
    return order_from(row)


def shared_visit_of(tx: Tx, technician_id: int, order_id: int) -> Order:
    """Return an order that this technician leads or comes along to; raises NotFound, for foreign ones too."""
    row = tx.first(_SHARED_BY_ID, {"b_id": order_id, "b_technician": technician_id})
    if row is None:
        raise NotFound(kind="order")
    return order_from(row)


def visits_of(tx: Tx, technician_id: int, *, from_at: datetime, until_at: datetime) -> tuple[Order, ...]:
    """Return the visits a technician leads or comes along to, starting in [from_at, until_at), in order of time."""
    params = {"b_technician": technician_id, "b_from": from_at, "b_until": until_at}
    return tuple(order_from(row) for row in tx.all(_OF_TECHNICIAN, params))


def details(tx: Tx, order_id: int, *, viewer: Viewer) -> OrderView:
    """Return an order as this kind of viewer may see it; whether it is theirs the caller has asked before.

    The technician sees address and phone from acceptance to finish only, and the start code never (conversation 45).
    """
    order = load(tx, order_id)
    try:
        where = address_of(tx, order)
    except PersonErased:
        where = None
    opened = viewer is Viewer.CUSTOMER or (viewer is Viewer.TECHNICIAN and order.state in ADDRESS_OPEN)
    seen = where if opened else None
    masked = masked_phone(where.phone) if where is not None and viewer is Viewer.OPERATOR else None
    return OrderView(
        order=order,
        address_text=seen.text if seen else None,
        lat=seen.lat if seen else None,
        lng=seen.lng if seen else None,
        phone=seen.phone if seen else masked,
        name=seen.name if seen else None,
        wishes=where.wishes if where else None,
        start_code=order.start_code if viewer is Viewer.CUSTOMER else None,
        photo_file_ids=tuple(row.file_id for row in tx.all(_PHOTOS, {"b_id": order_id})),
    )


def events(tx: Tx, order_id: int) -> tuple[EventLine, ...]:
    """Return an order's history, oldest first."""
    return tuple(
        EventLine(
            seq=row.seq,
            event=OrderEvent(row.event),
            from_state=None if row.from_state is None else OrderState(row.from_state),
            to_state=OrderState(row.to_state),
            actor_kind=row.actor_kind,
            actor_id=row.actor_id,
            facts=row.facts,
            at=row.at,
        )
        for row in tx.all(_EVENTS, {"b_id": order_id})
    )
