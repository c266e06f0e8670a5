"""What the customer of an undecided order may choose: to wait while others are asked (core.changes: another time)."""

from datetime import datetime

from core.db import Tx
from core.dispatch import offers
from core.dispatch.offering import ask_crew, companion_in, next_crew, take_crew
from core.dispatch.offers import NobodyFree, OfferState
from core.errors import StateConflict
from core.orders.moves import Actor, ActorKind, Order, move
from core.orders.retaking import who_else
from core.orders.states import OrderEvent, OrderState
from core.orders.views import order_of


def wait(tx: Tx, order_id: int, *, person_id: int, now: datetime) -> Order:
    """Ask anyone who is free at the order's time and has not refused it; raises NobodyFree, StateConflict."""
    order = _undecided(tx, order_id, person_id)
    said_no = frozenset(
        one.technician_id
        for one in offers.offers_of(tx, order.id)
        if one.state in (OfferState.REFUSED, OfferState.ACCEPTED)
    )
    crew = next_crew(tx, order, (), who_else(tx, order, but=said_no, now=now))
    if not crew:
        raise NobodyFree(order_id=order_id)
    take_crew(tx, order, crew, now)
    moved = move(
        tx,
        order,
        OrderEvent.ASKED,
        actor=Actor(ActorKind.CUSTOMER, person_id),
        now=now,
        technician_id=crew[0],
        companion_id=companion_in(crew),
        anyone_at=now,
    )
    ask_crew(tx, moved, now)
    return moved


def _undecided(tx: Tx, order_id: int, person_id: int) -> Order:
    order = order_of(tx, person_id, order_id)
    if order.state is not OrderState.UNDECIDED:
        raise StateConflict(order_id=order_id, state=order.state)
    return order
