"""A technician's answer to an offer: the first commit wins."""

from datetime import datetime

from sqlalchemy import bindparam, update

from core.db import Tx
from core.dispatch import offers
from core.dispatch.offering import close_offers, offer_next, open_offers, take, wait_for_answer
from core.dispatch.offers import OfferGone, OfferState
from core.errors import PersonErased
from core.messages import Template
from core.orders.moves import Actor, ActorKind, Order, load, move
from core.orders.reasons import RefusalReason
from core.orders.states import OrderEvent, OrderState
from core.orders.tables import order as order_table
from core.orders.telling import person_of, schedule_reminders, tell_customer, tell_technician
from core.people import key_of
from core.settings import rules
from core.technicians import roster
from core.words import prose

_PURPOSE = "offer.reason"
_LOCK = update(order_table).where(order_table.c.id == bindparam("b_id")).values(version=order_table.c.version)


def accept(tx: Tx, order_id: int, *, technician_id: int, now: datetime) -> Order:
    """Take the order for good; a repeat by the same technician changes nothing. Raises OfferGone, StateConflict.

    Of two who come together the first yes leaves the order to accept, and the second makes it accepted.
    """
    order = _to_answer(tx, order_id)
    offer = offers.of_technician(tx, order_id, technician_id)
    if offer.state is OfferState.ACCEPTED and technician_id in order.crew_ids:
        return order
    if order.state is not OrderState.TO_ACCEPT or offer.state is not OfferState.OPEN:
        raise OfferGone(order_id=order_id, why=_why(order, offer))
    if roster(tx).find(technician_id) is None:  # suspended since they were asked
        raise OfferGone(order_id=order_id, why="withdrawn")
    if order.crew > 1 and technician_id not in order.crew_ids:
        raise OfferGone(order_id=order_id, why="taken")
    others = [offers.of_technician(tx, order_id, one) for one in order.crew_ids if one != technician_id]
    if order.crew == 1 or all(one.state is OfferState.ACCEPTED for one in others):
        return _accepted(tx, order, offer, now)
    offers.answer(tx, offer, OfferState.ACCEPTED, now=now)
    wait_for_answer(tx, order, others)
    return order


def _to_answer(tx: Tx, order_id: int) -> Order:
    """Return the order as it stands; of two who are asked together the answers are taken one after the other.

    A first yes does not move the order, so its version would not tell two yeses at once from one.
    """
    order = load(tx, order_id)
    if order.crew == 1:
        return order
    tx.execute(_LOCK, {"b_id": order_id})
    return load(tx, order_id)


def _accepted(tx: Tx, order: Order, offer: offers.Offer, now: datetime) -> Order:
    """Make the order accepted with the last yes it waited for."""
    technician_id = offer.technician_id
    lead = technician_id if order.crew == 1 else order.technician_id
    if lead != order.technician_id and not take(tx, order, technician_id, now):
        raise OfferGone(order_id=order.id, why="taken")
    moved = move(
        tx,
        order,
        OrderEvent.ACCEPTED,
        actor=Actor(ActorKind.TECHNICIAN, technician_id),
        now=now,
        facts={"offer_id": str(offer.id)},
        technician_id=lead,
        decide_by=None,
    )
    offers.answer(tx, offer, OfferState.ACCEPTED, now=now)
    close_offers(tx, moved, open_offers(tx, moved), OfferState.WITHDRAWN, now=now, why="taken")
    tell_customer(tx, moved, Template.ACCEPTED, now=now)
    for other in moved.crew_ids:
        if other != technician_id:
            tell_technician(tx, moved, Template.CREW_COMPLETE, now=now, technician_id=other)
    schedule_reminders(tx, moved, rules(tx), now=now)
    return moved


def refuse(
    tx: Tx,
    order_id: int,
    *,
    technician_id: int,
    now: datetime,
    reason: RefusalReason | None = None,
    words: str | None = None,
) -> Order:
    """Decline a place in the order; the next technician is asked, or its customer. Raises OfferGone, StateConflict.

    The reason may follow (`explain_refusal`): nobody waits for it.
    """
    order = load(tx, order_id)
    offer = offers.of_technician(tx, order_id, technician_id)
    if order.state is not OrderState.TO_ACCEPT or offer.state is not OfferState.OPEN:
        raise OfferGone(order_id=order_id, why=_why(order, offer))
    sealed = _sealed(tx, technician_id, words)
    actor = Actor(ActorKind.TECHNICIAN, technician_id)
    if technician_id in order.crew_ids:  # otherwise one of several asked: the others' offers stand
        facts = {"offer_id": str(offer.id)} | ({} if reason is None else {"reason": reason.value})
        staying = tuple(one for one in order.crew_ids if one != technician_id)
        order = offer_next(tx, order, now, staying=staying, actor=actor, facts=facts)
    offers.answer(tx, offer, OfferState.REFUSED, now=now, reason=reason, sealed=sealed)
    return order


def explain_refusal(
    tx: Tx, order_id: int, *, technician_id: int, reason: RefusalReason, words: str | None = None
) -> bool:
    """Say why the last refusal of an order was; False when a reason is on record already. Raises OfferGone."""
    offer = offers.of_technician(tx, order_id, technician_id)
    return offers.explain(tx, offer, reason=reason, sealed=_sealed(tx, technician_id, words))


def _sealed(tx: Tx, technician_id: int, words: str | None) -> bytes | None:
    said = prose(words or "")
    return key_of(tx, person_of(tx, technician_id)).seal_text(said, _PURPOSE) if said else None


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
