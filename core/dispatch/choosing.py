"""What the customer of an undecided order may choose: wait while others are asked, or another time."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core import calendar
from core.calendar import SlotTaken, Wish
from core.db import Tx
from core.dispatch import offers
from core.dispatch.offering import open_offer, take
from core.dispatch.offers import NobodyFree, OfferState
from core.errors import StateConflict
from core.orders.moves import Actor, ActorKind, Order, move
from core.orders.retaking import who_else, wish_of
from core.orders.states import OrderEvent, OrderState
from core.orders.views import order_of

_MOST_TRIED = 8


def wait(tx: Tx, order_id: int, *, person_id: int, now: datetime) -> Order:
    """Ask anyone who is free at the order's time and has not refused it; raises NobodyFree, StateConflict."""
    order = _undecided(tx, order_id, person_id)
    said_no = frozenset(
        one.technician_id
        for one in offers.offers_of(tx, order.id)
        if one.state in (OfferState.REFUSED, OfferState.ACCEPTED)
    )
    for technician_id in who_else(tx, order, but=said_no, now=now):
        if take(tx, order, technician_id, now):
            moved = move(
                tx,
                order,
                OrderEvent.ASKED,
                actor=Actor(ActorKind.CUSTOMER, person_id),
                now=now,
                technician_id=technician_id,
                anyone_at=now,
            )
            open_offer(tx, moved, technician_id, now)
            return moved
    raise NobodyFree(order_id=order_id)


def retime(
    tx: Tx, order_id: int, *, person_id: int, technician_id: int | None, starts_at: datetime, now: datetime
) -> Order:
    """Ask for another time, and another technician if wished; the price stays as paid. SlotTaken, NotBookable."""
    order = _undecided(tx, order_id, person_id)
    wish = replace(wish_of(tx, order), technician_id=technician_id)
    chosen = _take_time(tx, order, wish, starts_at, now)
    length = timedelta(minutes=wish.minutes)
    moved = move(
        tx,
        order,
        OrderEvent.RETIMED,
        actor=Actor(ActorKind.CUSTOMER, person_id),
        now=now,
        technician_id=chosen,
        anyone_at=now if technician_id is None else None,
        starts_at=starts_at,
        ends_at=starts_at + length,
        local_day=starts_at.astimezone(ZoneInfo(order.zone)).date(),
    )
    open_offer(tx, moved, chosen, now)
    return moved


def _take_time(tx: Tx, order: Order, wish: Wish, starts_at: datetime, now: datetime) -> int:
    """Occupy the new time with the technician wished for, or with the best who can come; return who it is."""
    tries = (
        [wish.technician_id]
        if wish.technician_id is not None
        else [
            slot.technician_id
            for slot in calendar.offers_at(tx, wish, person_id=order.person_id, now=now, at=starts_at, most=_MOST_TRIED)
        ]
    )
    for technician_id in tries:
        asked = replace(wish, technician_id=technician_id)
        try:
            with tx.savepoint():
                calendar.take_for_order(tx, order.id, order.person_id, asked, starts_at=starts_at, now=now, notice=True)
        except SlotTaken:
            continue
        return technician_id
    raise SlotTaken(calendar.alternatives(tx, wish, person_id=order.person_id, now=now, at=starts_at))


def _undecided(tx: Tx, order_id: int, person_id: int) -> Order:
    order = order_of(tx, person_id, order_id)
    if order.state is not OrderState.UNDECIDED:
        raise StateConflict(order_id=order_id, state=order.state)
    return order
