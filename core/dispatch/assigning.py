"""An operator gives an order to a technician of their choice, by the rules that hold for everybody."""

from dataclasses import replace
from datetime import datetime

from core import audit, calendar
from core.calendar import NotBookable, Occupation, Rule, SlotTaken
from core.changes.overtaking import overtake
from core.db import Tx
from core.dispatch import offers
from core.dispatch.offering import close_offers, companion_in, open_offer, open_offers, part_with
from core.dispatch.offers import OfferState
from core.errors import InvalidInput, StateConflict
from core.messages import Template, carry_over, forget_reminders
from core.orders.alerts import alert_worse_off
from core.orders.moves import Actor, ActorKind, Order, load, move
from core.orders.retaking import who_else, wish_of
from core.orders.states import EDGES, OrderEvent, OrderState
from core.orders.telling import person_of, schedule_reminders, tell_customer, tell_technician
from core.settings import rules
from core.technicians import roster

_MOST_OTHERS = 3


def assign(tx: Tx, order_id: int, *, technician_id: int, agreed: bool, operator_id: int, now: datetime) -> Order:
    """Ask this technician for an order that waits or is accepted, or bind them to it if they `agreed` on the phone.

    Whoever had it, or was asked, is told; what is theirs already changes nothing. Raises NotFound, StateConflict,
    NotBookable with the rule, SlotTaken with who else is free then. Where two come together this is the one who leads:
    both are asked, so neither can be bound (InvalidInput).
    """
    order = _guarded(tx, order_id, technician_id)
    event = OrderEvent.ASSIGNED if agreed else OrderEvent.OFFERED
    if (order.state, event) not in EDGES:
        raise StateConflict(order_id=order.id, state=order.state, event=event)
    if order.technician_id == technician_id and (order.state is OrderState.ACCEPTED or not agreed):
        return order
    crew = _crew(tx, order, technician_id, agreed=agreed, now=now)
    late = _take(tx, order, crew, now)
    facts = {"technician_id": str(technician_id), "from_technician_id": str(order.technician_id or "")}
    actor = Actor(ActorKind.OPERATOR, operator_id)
    moved = move(
        tx,
        order,
        event,
        actor=actor,
        now=now,
        facts=facts,
        technician_id=technician_id,
        companion_id=companion_in(crew),
        decide_by=None,
    )
    audit.note(
        tx, f"order.{event}", actor_id=operator_id, subject_kind="order", subject_id=order.id, now=now, facts=facts
    )
    _part(tx, order, moved, now)
    overtake(tx, order, moved, now=now)
    alert_worse_off(tx, late, now=now)
    if agreed:
        _bind(tx, order, moved, now)
        return moved
    return _ask(tx, order, moved, now)


def _guarded(tx: Tx, order_id: int, technician_id: int) -> Order:
    """Return the order as it stands once nobody else can move it between technicians; NotBookable, StateConflict."""
    seen = load(tx, order_id)
    calendar.guard(tx, [technician_id, *seen.crew_ids])
    order = load(tx, order_id)
    if set(order.crew_ids) - {technician_id, *seen.crew_ids}:  # a third one, whose calendar is not ours
        raise StateConflict(order_id=order.id, state=order.state)
    return order


def _crew(tx: Tx, order: Order, technician_id: int, *, agreed: bool, now: datetime) -> tuple[int, ...]:
    """Return who comes with this technician: whoever comes along already, or the best who is free."""
    if order.crew == 1:
        return (technician_id,)
    if agreed:
        raise InvalidInput(field="agreed")
    if technician_id == order.companion_id:
        raise InvalidInput(field="technician_id")
    if order.companion_id is not None:
        return (technician_id, order.companion_id)
    others = who_else(tx, order, but=frozenset({technician_id}), now=now)
    if not others:
        raise NotBookable(Rule.CREW)
    return (technician_id, others[0])


def _take(tx: Tx, order: Order, crew: tuple[int, ...], now: datetime) -> tuple[Occupation, ...]:
    """Occupy the crew's time in place of whoever had it; raises NotBookable, SlotTaken.

    Returns the visits that are left worse off where the order's time was freed.
    """
    technician_id = crew[0]
    if order.technician_id == technician_id:  # being asked, so the time is kept for them; suspended since, perhaps
        if roster(tx).find(technician_id) is None:
            raise NotBookable(Rule.TECHNICIAN)
        return ()
    wish = replace(wish_of(tx, order), technician_id=technician_id)
    try:
        with tx.savepoint():
            return calendar.take_for_order(
                tx, order.id, order.person_id, wish, crew=crew, starts_at=order.starts_at, now=now
            )
    except SlotTaken:
        anyone = replace(wish, technician_id=None)
        others = calendar.offers_at(
            tx, anyone, person_id=order.person_id, now=now, at=order.starts_at, most=_MOST_OTHERS, notice=False
        )
        raise SlotTaken(tuple(others)) from None


def _part(tx: Tx, before: Order, moved: Order, now: datetime) -> None:
    """Tell whoever had the visit or was asked for it that it is not theirs; their acceptance is taken back."""
    if before.state is OrderState.TO_ACCEPT:  # of two, one may have said yes already
        left = [one for one in before.crew_ids if one not in moved.crew_ids]
        part_with(tx, moved, left, now=now, why="withdrawn")
    asked = open_offers(tx, moved)
    close_offers(
        tx,
        moved,
        [one for one in asked if one.technician_id not in moved.crew_ids],
        OfferState.WITHDRAWN,
        now=now,
        why="withdrawn",
    )
    if before.state is OrderState.ACCEPTED and before.technician_id is not None:
        forget_reminders(tx, moved.id)
        offers.take_back(tx, offers.of_technician(tx, moved.id, before.technician_id), now=now)
        tell_technician(tx, moved, Template.VISIT_REASSIGNED, now=now, technician_id=before.technician_id)


def _ask(tx: Tx, before: Order, order: Order, now: datetime) -> Order:
    """Offer the visit anew: an older offer of theirs, which showed another state of things, makes way in silence."""
    staying = [one for one in before.crew_ids if one == order.companion_id]
    for one in open_offers(tx, order):
        if one.technician_id not in staying:
            offers.close(tx, one, OfferState.WITHDRAWN, now=now)
    for technician_id in staying:
        carry_over(
            tx,
            order.id,
            person_of(tx, technician_id),
            Template.OFFER,
            version=before.version,
            now_version=order.version,
        )
    made = [open_offer(tx, order, one, now) for one in order.crew_ids if one not in staying]
    tell_customer(tx, order, Template.ASKING_NEXT, now=now, why="house")
    return replace(order, decide_by=min(one.expires_at for one in made))


def _bind(tx: Tx, before: Order, moved: Order, now: datetime) -> None:
    """Write down the technician's yes, which an operator heard, and tell both sides."""
    theirs = next((one for one in open_offers(tx, moved) if one.technician_id == moved.technician_id), None)
    if theirs is not None:
        offers.close(tx, theirs, OfferState.ACCEPTED, now=now)
    elif moved.technician_id is not None:
        offers.add_accepted(tx, moved.id, moved.technician_id, now=now)
    tell_technician(tx, moved, Template.VISIT_ASSIGNED, now=now)
    changed = before.state is OrderState.ACCEPTED
    tell_customer(tx, moved, Template.TECHNICIAN_CHANGED if changed else Template.ACCEPTED, now=now)
    schedule_reminders(tx, moved, rules(tx), now=now)
