"""Asking a technician, and passing the order on when the one asked does not take it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, update

from core import calendar
from core.calendar import NotBookable, SlotTaken
from core.db import Tx
from core.dispatch import offers
from core.dispatch.offers import Offer, OfferState
from core.ids import new_id
from core.messages import Template
from core.orders.moves import CLOCK, Actor, Order, move
from core.orders.retaking import who_else, wish_of
from core.orders.states import OrderEvent, OrderState
from core.orders.tables import order as order_table
from core.orders.telling import tell_customer, tell_technician
from core.settings import rules

_ANSWER_BY = (
    update(order_table)
    .where(order_table.c.id == bindparam("b_id"), order_table.c.version == bindparam("b_version"))
    .values(decide_by=bindparam("new_decide_by"))
)


def open_offer(tx: Tx, order: Order, technician_id: int, now: datetime) -> Offer:
    """Ask a technician whose time the order occupies; the order's deadline becomes the offer's."""
    figures = rules(tx)
    minutes = figures.anyone_accept_minutes if order.anyone_at else figures.accept_minutes
    asked = offers.offers_of(tx, order.id)
    offer = Offer(
        id=new_id(),
        order_id=order.id,
        technician_id=technician_id,
        round=len(asked) + 1,
        state=OfferState.OPEN,
        reason=None,
        expires_at=min(now + timedelta(minutes=minutes), max(order.starts_at, now)),
        created_at=now,
    )
    offers.add(tx, offer)
    tx.execute(_ANSWER_BY, {"b_id": order.id, "b_version": order.version, "new_decide_by": offer.expires_at})
    tell_technician(
        tx,
        order,
        Template.OFFER,
        now=now,
        technician_id=technician_id,
        expires_at=offer.expires_at,
        offer_id=offer.id,
    )
    return offer


def offer_next(
    tx: Tx, order: Order, now: datetime, *, actor: Actor = CLOCK, facts: Mapping[str, Any] | None = None
) -> Order:
    """Ask the next best technician if anyone will do; otherwise, or with nobody left, leave the order undecided.

    The order is to accept (just refused or unanswered) or undecided (its technician cancelled).
    """
    for technician_id in _still_to_ask(tx, order, now):
        if take(tx, order, technician_id, now):
            event = OrderEvent.ASKED if order.state is OrderState.UNDECIDED else OrderEvent.PASSED_ON
            moved = move(tx, order, event, actor=actor, now=now, facts=facts, technician_id=technician_id)
            open_offer(tx, moved, technician_id, now)
            tell_customer(tx, moved, Template.ASKING_NEXT, now=now)
            return moved
    if order.state is OrderState.TO_ACCEPT:
        calendar.release_order(tx, order.id)
        order = move(
            tx,
            order,
            OrderEvent.NOBODY_LEFT,
            actor=actor,
            now=now,
            facts=facts,
            technician_id=None,
            decide_by=max(order.starts_at, now),
        )
    tell_customer(tx, order, Template.NOBODY_LEFT, now=now, expires_at=max(order.starts_at, now))
    return order


def take(tx: Tx, order: Order, technician_id: int, now: datetime) -> bool:
    """Occupy another technician's time for an order at its hour; False when it is not free after all."""
    wish = replace(wish_of(tx, order), technician_id=technician_id)
    try:
        with tx.savepoint():
            calendar.take_for_order(tx, order.id, order.person_id, wish, starts_at=order.starts_at, now=now)
    except (SlotTaken, NotBookable):
        return False
    return True


def open_offers(tx: Tx, order: Order) -> tuple[Offer, ...]:
    """Return the offers of an order that nobody has answered yet."""
    return tuple(one for one in offers.offers_of(tx, order.id) if one.state is OfferState.OPEN)


def close_offers(tx: Tx, order: Order, which: Iterable[Offer], state: OfferState, *, now: datetime, why: str) -> None:
    """End offers that nobody answered, and tell those who were asked; the order has moved before (lock order)."""
    for offer in which:
        if offers.close(tx, offer, state, now=now):
            tell_technician(tx, order, Template.OFFER_GONE, now=now, technician_id=offer.technician_id, why=why)


def _still_to_ask(tx: Tx, order: Order, now: datetime) -> tuple[int, ...]:
    """Return whom to ask next, best first: nobody twice in one search, and nobody who refused or cancelled before."""
    if order.anyone_at is None:
        return ()
    asked = offers.offers_of(tx, order.id)
    recent = [one for one in asked if one.created_at >= order.anyone_at]
    since = recent[0].created_at if recent else now
    if now >= since + timedelta(minutes=rules(tx).anyone_total_minutes):
        return ()
    said_no = [one for one in asked if one.state in (OfferState.REFUSED, OfferState.ACCEPTED)]
    return who_else(tx, order, but=frozenset(one.technician_id for one in (*recent, *said_no)), now=now)
