"""What an order is, and the only function that changes its state."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypedDict, Unpack

from sqlalchemy import Update, bindparam, select, update

from core.db import Row, Tx, insert_into
from core.errors import NotFound, StateConflict
from core.money.pricing import Quote
from core.orders.states import EDGES, OrderEvent, OrderState
from core.orders.tables import order as order_table
from core.orders.tables import order_event


class ActorKind(StrEnum):
    """Who moves an order."""

    CUSTOMER = "customer"
    TECHNICIAN = "technician"
    OPERATOR = "operator"
    CLOCK = "clock"
    PROVIDER = "provider"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who moves an order: the id is a person's, technician's or operator's."""

    kind: ActorKind
    id: int | None = None


CLOCK = Actor(ActorKind.CLOCK)


@dataclass(frozen=True, slots=True)
class Order:
    """One order as its row stands; the address stays sealed (core.orders.views opens it for those who may see it)."""

    id: int
    code: str
    person_id: int
    store_id: int
    service_id: int
    option_id: int
    quantity: int
    technician_id: int | None
    crew: int
    companion_id: int | None
    sex: str | None
    anyone_at: datetime | None
    state: OrderState
    version: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    local_day: date
    region_id: int
    address_sealed: bytes
    quote: Quote
    total_minor: int
    currency: str
    coupon_id: int | None
    start_code: str
    code_tries: int
    decide_by: datetime | None
    departed_at: datetime | None
    arrived_at: datetime | None
    started_at: datetime | None
    finished_at: datetime | None
    confirmed_at: datetime | None
    cancelled_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def crew_ids(self) -> tuple[int, ...]:
        """Everybody who has the visit or is asked for it, the one who leads first."""
        return tuple(one for one in (self.technician_id, self.companion_id) if one is not None)


class Changes(TypedDict, total=False):
    """Columns that a move may change along with the state."""

    technician_id: int | None
    sex: str | None
    companion_id: int | None
    anyone_at: datetime | None
    starts_at: datetime
    ends_at: datetime
    local_day: date
    decide_by: datetime | None
    code_tries: int
    departed_at: datetime
    arrived_at: datetime
    started_at: datetime
    finished_at: datetime
    confirmed_at: datetime
    cancelled_at: datetime


_NAMES = tuple(field.name for field in fields(Order))
COLUMNS = tuple(order_table.c[name] for name in _NAMES)
_BY_ID = select(*COLUMNS).where(order_table.c.id == bindparam("b_id"))
_ADD_EVENT = insert_into(order_event)
_ADD_ORDER = insert_into(order_table)


def order_from(row: Row) -> Order:
    """Return the order of a row selected with COLUMNS."""
    facts = row._asdict()
    facts["state"] = OrderState(facts["state"])
    facts["quote"] = Quote.from_json(facts["quote"])
    facts["address_sealed"] = bytes(facts["address_sealed"])
    return Order(**facts)


def load(tx: Tx, order_id: int) -> Order:
    """Return the order as it stands now; NotFound when there is none."""
    row = tx.first(_BY_ID, {"b_id": order_id})
    if row is None:
        raise NotFound(order_id=order_id)
    return order_from(row)


def move(
    tx: Tx,
    order: Order,
    event: OrderEvent,
    *,
    actor: Actor,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
    **changes: Unpack[Changes],
) -> Order:
    """Take the order along one edge and write its event line; StateConflict when it has moved on meanwhile.

    `facts` are ids and figures only. Nothing else in the product changes an order's state.
    """
    target = EDGES.get((order.state, event))
    if target is None:
        raise StateConflict(order_id=order.id, state=order.state, event=event)
    if not _claim_version(tx, order, target, now, changes):
        raise StateConflict(order_id=order.id, state=order.state, event=event)
    moved = replace(order, state=target, version=order.version + 1, updated_at=now, **changes)
    _add_event(tx, moved, event, from_state=order.state, actor=actor, facts=facts, now=now)
    return moved


def begin(tx: Tx, order: Order, *, actor: Actor, now: datetime) -> bool:
    """Write a new order with its first event; False, and nothing written, when its code is taken."""
    row = {name: getattr(order, name) for name in _NAMES}
    row["quote"] = order.quote.to_json()
    if not tx.insert_if_new(_ADD_ORDER, row):
        return False
    _add_event(tx, order, OrderEvent.PLACED, from_state=None, actor=actor, facts=None, now=now)
    return True


@cache
def _move_statement(columns: tuple[str, ...]) -> Update:
    """Return the conditional UPDATE for one set of columns; there are about a dozen sets, each kept for ever."""
    return (
        update(order_table)
        .where(
            order_table.c.id == bindparam("b_id"),
            order_table.c.state == bindparam("b_state"),
            order_table.c.version == bindparam("b_version"),
        )
        .values({name: bindparam(f"new_{name}") for name in columns})
    )


def _claim_version(tx: Tx, order: Order, target: OrderState, now: datetime, changes: Changes) -> bool:
    """Move the row if it is still as the caller saw it; the one winner of a race is told True."""
    new: dict[str, Any] = {"state": target, "version": order.version + 1, "updated_at": now, **changes}
    params = {f"new_{name}": value for name, value in new.items()}
    params |= {"b_id": order.id, "b_state": order.state, "b_version": order.version}
    return tx.execute(_move_statement(tuple(new)), params) == 1


def _add_event(
    tx: Tx,
    order: Order,
    event: OrderEvent,
    *,
    from_state: OrderState | None,
    actor: Actor,
    facts: Mapping[str, Any] | None,
    now: datetime,
) -> None:
    tx.execute(
        _ADD_EVENT,
        {
            "order_id": order.id,
            "seq": order.version,
            "event": event,
            "from_state": from_state,
            "to_state": order.state,
            "actor_kind": actor.kind,
            "actor_id": actor.id,
            "facts": dict(facts or {}),
            "at": now,
        },
    )
