"""A technician's answer to an offer: the first commit wins."""

from datetime import datetime

from core.db import Tx
from core.dispatch import offers
from core.dispatch.offering import close_offers, offer_next, open_offers, take
from core.dispatch.offers import OfferGone, OfferState, RefusalReason
from core.errors import PersonErased
from core.messages import Template
from core.orders.moves import Actor, ActorKind, Order, load, move
from core.orders.states import OrderEvent, OrderState
from core.orders.telling import person_of, schedule_reminders, tell_customer
from core.people import key_of
from core.settings import rules
from core.technicians import roster

_PURPOSE = "offer.reason"


def accept(tx: Tx, order_id: int, *, technician_id: int, now: datetime) -> Order:
    """Take the order for good; a repeat by the same technician changes nothing. Raises OfferGone, StateConflict."""
    order = load(tx, order_id)
    offer = offers.of_technician(tx, order_id, technician_id)
    if offer.state is OfferState.ACCEPTED and order.technician_id == technician_id:
        return order
    if order.state is not OrderState.TO_ACCEPT or offer.state is not OfferState.OPEN:
        raise OfferGone(order_id=order_id, why=_why(order, offer))
    if roster(tx).find(technician_id) is None:  # suspended since they were asked
        raise OfferGone(order_id=order_id, why="withdrawn")
    if order.technician_id != technician_id and not take(tx, order, technician_id, now):
        raise OfferGone(order_id=order_id, why="taken")
    moved = move(
        tx,
        order,
        OrderEvent.ACCEPTED,
        actor=Actor(ActorKind.TECHNICIAN, technician_id),
        now=now,
        facts={"offer_id": str(offer.id)},
        technician_id=technician_id,
        decide_by=None,
    )
    offers.answer(tx, offer, OfferState.ACCEPTED, now=now)
    close_offers(tx, moved, open_offers(tx, moved), OfferState.WITHDRAWN, now=now, why="taken")
    tell_customer(tx, moved, Template.ACCEPTED, now=now)
    schedule_reminders(tx, moved, rules(tx), now=now)
    return moved


def refuse(
    tx: Tx, order_id: int, *, technician_id: int, reason: RefusalReason, words: str | None, now: datetime
) -> Order:
    """Decline the order; the next technician is asked, or its customer. Raises OfferGone, StateConflict."""
    order = load(tx, order_id)
    offer = offers.of_technician(tx, order_id, technician_id)
    if order.state is not OrderState.TO_ACCEPT or offer.state is not OfferState.OPEN:
        raise OfferGone(order_id=order_id, why=_why(order, offer))
    sealed = None
    if words:
        sealed = key_of(tx, person_of(tx, technician_id)).seal_text(words, _PURPOSE)
    actor = Actor(ActorKind.TECHNICIAN, technician_id)
    if order.technician_id == technician_id:  # otherwise one of several asked: the others' offers stand
        facts = {"offer_id": str(offer.id), "reason": reason.value}
        order = offer_next(tx, order, now, actor=actor, facts=facts)
    offers.answer(tx, offer, OfferState.REFUSED, now=now, reason=reason, sealed=sealed)
    return order


def refusal_words(tx: Tx, offer_id: int) -> str | None:
    """Return what a technician said when refusing, for operators; None when nothing, or when they were erased."""
    found = offers.sealed_reason(tx, offer_id)
    if found is None:
        return None
    technician_id, sealed = found
    try:
        return key_of(tx, person_of(tx, technician_id)).open_text(sealed, _PURPOSE)
    except PersonErased:
        return None


def _why(order: Order, offer: offers.Offer) -> str:
    if offer.state is OfferState.OPEN:
        return "withdrawn" if order.state is OrderState.CANCELLED else "taken"
    return offer.state.value
