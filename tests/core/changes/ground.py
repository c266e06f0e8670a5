"""Accepted visits that somebody wants to change, and who asks and answers."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, select

from core import changes, dispatch
from core.calendar.tables import claim
from core.changes import Change
from core.db import Database, Tx
from core.dispatch import RefusalReason
from core.invariants import check_invariants
from core.orders.moves import Actor, ActorKind, Order, load
from core.orders.states import OrderState
from tests.builders import NOW, City, a_customer, a_technician
from tests.core.calendar.ground import at
from tests.core.orders.ground import START, accepted, messages_to, paid, told

LATER = at("17:00")  # three hours after START
HALF_AN_HOUR_LATER = START + timedelta(minutes=30)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
CELLS = 5  # 60 minutes and 15 kept free
_COUNT = select(func.count()).select_from(claim)


def customer(order: Order) -> Actor:
    return Actor(ActorKind.CUSTOMER, order.person_id)


def technician(which: int | None) -> Actor:
    return Actor(ActorKind.TECHNICIAN, which)


def an_accepted(database: Database, city: City, **over: Any) -> Order:
    """A visit tomorrow at 14:00 that its technician has said yes to."""
    return database.run(lambda tx: accepted(tx, city, **over))


def of_somebody_else(database: Database, city: City, technician_id: int, starts_at: datetime) -> Order:
    """An accepted visit of a customer of its own."""

    def unit(tx: Tx) -> Order:
        order = paid(tx, city, person_id=a_customer(tx).id, technician_id=technician_id, starts_at=starts_at)
        return dispatch.accept(tx, order.id, technician_id=technician_id, now=NOW)

    return database.run(unit)


def another(database: Database, city: City, **over: Any) -> int:
    """One more technician, who could come as well."""
    return database.run(lambda tx: a_technician(tx, city, **over)).id


def asking(
    tx: Tx, order: Order, *, by: Actor | None = None, starts_at: datetime = LATER, now: datetime = NOW, **over: Any
) -> Change | Order:
    """The customer asks for another time with the same technician, unless said otherwise."""
    facts = {"technician_id": order.technician_id} | over
    return changes.ask_change(tx, order.id, by=by or customer(order), starts_at=starts_at, now=now, **facts)


def asked(database: Database, order: Order, **over: Any) -> Change:
    """An open request."""
    made = database.run(partial(asking, order=order, **over))
    assert isinstance(made, Change)
    return made


def agree(database: Database, change: Change, who: Actor, now: datetime = NOW) -> Order:
    return database.run(lambda tx: changes.agree(tx, change.id, by=who, now=now))


def refuse(database: Database, change: Change, who: Actor, now: datetime = NOW, words: str | None = None) -> Change:
    return database.run(
        lambda tx: changes.refuse(tx, change.id, by=who, reason=RefusalReason.TIME, words=words, now=now)
    )


def stands(database: Database, order: Order) -> tuple[OrderState, int | None, datetime]:
    now = database.run(partial(load, order_id=order.id))
    return now.state, now.technician_id, now.starts_at


def cells(database: Database) -> int:
    """How many cells are taken from anybody."""
    return int(database.run(lambda tx: tx.scalar(_COUNT)))


def unchanged(database: Database, order: Order) -> bool:
    """The order is as it was, has its own cells and nobody has others, and it waits for nothing."""
    return (
        stands(database, order) == (OrderState.ACCEPTED, order.technician_id, order.starts_at)
        and cells(database) == CELLS * order.crew
        and database.run(partial(changes.open_change, order_id=order.id)) is None
        and database.run(check_invariants) == []
    )


def news(database: Database, person_id: int) -> list[str]:
    """The templates about changes that were written to a person, in order."""
    written = database.run(lambda tx: told(tx, person_id))
    return [one for one in written if one.startswith("change_") or one == "visit_moved_on"]


def reminded_at(database: Database, person_id: int) -> list[tuple[str, datetime]]:
    """Which reminders a person will get, and when."""
    rows = database.run(lambda tx: messages_to(tx, person_id))
    return [(row.template, row.due_at) for row in rows if "reminder" in row.template]
