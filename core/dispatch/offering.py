"""Asking technicians, and passing a place on when whoever was asked for it does not take it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, update

from core import calendar
from core.calendar import NotBookable, Occupation, SlotTaken
from core.db import CandidateLost, Tx
from core.dispatch import offers
from core.dispatch.offers import Offer, OfferState
from core.ids import new_id
from core.messages import Template, carry_over
from core.orders.alerts import alert_worse_off
from core.orders.moves import CLOCK, Actor, ActorKind, Order, move
from core.orders.retaking import who_else, wish_of
from core.orders.states import OrderEvent, OrderState
from core.orders.tables import order as order_table
from core.orders.telling import person_of, tell_customer, tell_technician
from core.settings import rules

_ANSWER_BY = (
    update(order_table)
    .where(order_table.c.id == bindparam("b_id"), order_table.c.version == bindparam("b_version"))
    .values(decide_by=bindparam("new_decide_by"))
)


def ask_crew(tx: Tx, order: Order, now: datetime) -> None:
    """Ask everybody whose time a new order occupies."""
    for technician_id in order.crew_ids:
        open_offer(tx, order, technician_id, now)


def open_offer(tx: Tx, order: Order, technician_id: int, now: datetime) -> Offer:
    """Ask a technician whose time the order occupies; the order waits for the first of its offers to end."""
    figures = rules(tx)
    anyone = order.anyone_at is not None or technician_id == order.companion_id
    minutes = offers.minutes_to_answer(figures, anyone=anyone, starts_at=order.starts_at, now=now)
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
    wait_for_answer(tx, order, (*asked, offer))
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


def wait_for_answer(tx: Tx, order: Order, asked: Iterable[Offer]) -> None:
    """Let the order wait until the first open offer of those who have its places ends."""
    places = [one.expires_at for one in asked if one.state is OfferState.OPEN and one.technician_id in order.crew_ids]
    if places:
        tx.execute(_ANSWER_BY, {"b_id": order.id, "b_version": order.version, "new_decide_by": min(places)})


def offer_next(
    tx: Tx,
    order: Order,
    now: datetime,
    *,
    staying: Sequence[int] = (),
    actor: Actor = CLOCK,
    facts: Mapping[str, Any] | None = None,
) -> Order:
    """Ask the next best technician for each place that is free; with nobody left, leave the order undecided.

    The order is to accept (just refused or unanswered) or undecided (somebody cancelled). `staying` of its crew have
    not said no. A companion may be anyone, who leads only where the customer left it to us. When the first choice is
    gone, the unit ends and runs again without it (CandidateLost).
    """
    crew = next_crew(tx, order, staying, _still_to_ask(tx, order, staying, now))
    if not crew:
        return _give_up(tx, order, staying, actor, facts, now)
    late = take_crew(tx, order, crew, now)
    event = OrderEvent.ASKED if order.state is OrderState.UNDECIDED else OrderEvent.PASSED_ON
    moved = move(
        tx, order, event, actor=actor, now=now, facts=facts, technician_id=crew[0], companion_id=companion_in(crew)
    )
    for technician_id in staying:
        carry_over(
            tx, moved.id, person_of(tx, technician_id), Template.OFFER, version=order.version, now_version=moved.version
        )
    for technician_id in crew:
        if technician_id not in staying:
            open_offer(tx, moved, technician_id, now)
    why = "silent" if actor.kind is ActorKind.CLOCK and event is OrderEvent.PASSED_ON else "refused"
    tell_customer(tx, moved, Template.ASKING_NEXT, now=now, why=why)
    alert_worse_off(tx, late, now=now)
    return moved


def next_crew(tx: Tx, order: Order, staying: Sequence[int], others: Sequence[int]) -> tuple[int, ...]:
    """Return who comes when others fill the free places, the one who leads first; nobody when they are too few."""
    free = order.crew - len(staying)
    joining = tuple(others[:free])
    if len(joining) < free:
        return ()
    if order.technician_id in staying or not staying:
        return (*staying, *joining)
    return (*joining, *staying)


def companion_in(crew: Sequence[int]) -> int | None:
    """Return who comes along; None when one comes alone."""
    return crew[1] if len(crew) > 1 else None


def take_crew(tx: Tx, order: Order, crew: Sequence[int], now: datetime) -> tuple[Occupation, ...]:
    """Occupy exactly these technicians' time for an order at its hour; the unit runs again without whoever is gone.

    Returns the visits that are left worse off where somebody was freed.
    """
    try:
        return calendar.take_for_order(
            tx, order.id, order.person_id, wish_of(tx, order), crew=crew, starts_at=order.starts_at, now=now
        )
    except (SlotTaken, NotBookable) as refused:
        raise CandidateLost((refused.technician_id, order.starts_at)) from refused


def take(tx: Tx, order: Order, technician_id: int, now: datetime) -> bool:
    """Occupy another technician's time for an order at its hour; False when it is not free after all."""
    try:
        with tx.savepoint():
            calendar.take_for_order(
                tx,
                order.id,
                order.person_id,
                wish_of(tx, order),
                crew=(technician_id,),
                starts_at=order.starts_at,
                now=now,
            )
    except (SlotTaken, NotBookable):
        return False
    return True


def open_offers(tx: Tx, order: Order) -> tuple[Offer, ...]:
    """Return the offers of an order that nobody has answered yet."""
    return tuple(one for one in offers.offers_of(tx, order.id) if one.state is OfferState.OPEN)


def said_yes(tx: Tx, order: Order, technician_id: int) -> bool:
    """Whether a technician has accepted their place in the order."""
    theirs = [one.state for one in offers.offers_of(tx, order.id) if one.technician_id == technician_id]
    return theirs[-1:] == [OfferState.ACCEPTED]


def close_offers(tx: Tx, order: Order, which: Iterable[Offer], state: OfferState, *, now: datetime, why: str) -> None:
    """End offers that nobody answered, and tell those who were asked; the order has moved before (lock order)."""
    for offer in which:
        if offers.close(tx, offer, state, now=now):
            tell_technician(tx, order, Template.OFFER_GONE, now=now, technician_id=offer.technician_id, why=why)


def part_with(tx: Tx, order: Order, who: Iterable[int], *, now: datetime, why: str) -> None:
    """Tell technicians who were asked, or had said yes, that the order has gone on without them."""
    latest = {one.technician_id: one for one in offers.offers_of(tx, order.id)}
    for offer in (latest[technician_id] for technician_id in who if technician_id in latest):
        if offers.close(tx, offer, OfferState.WITHDRAWN, now=now) or offers.take_back(tx, offer, now=now):
            tell_technician(tx, order, Template.OFFER_GONE, now=now, technician_id=offer.technician_id, why=why)


def _give_up(
    tx: Tx, order: Order, staying: Sequence[int], actor: Actor, facts: Mapping[str, Any] | None, now: datetime
) -> Order:
    """Leave the order to its customer: nobody has it, and who had a place in it is free again."""
    late = calendar.release_order(tx, order.id, now)
    if order.crew_ids:
        order = move(
            tx,
            order,
            OrderEvent.NOBODY_LEFT,
            actor=actor,
            now=now,
            facts=facts,
            technician_id=None,
            companion_id=None,
            decide_by=max(order.starts_at, now),
        )
    part_with(tx, order, staying, now=now, why="withdrawn")
    tell_customer(tx, order, Template.NOBODY_LEFT, now=now, expires_at=max(order.starts_at, now))
    alert_worse_off(tx, late, now=now)
    return order


def _still_to_ask(tx: Tx, order: Order, staying: Sequence[int], now: datetime) -> tuple[int, ...]:
    """Return whom to ask next, best first: nobody twice in one search, and nobody who refused or cancelled before."""
    leads = order.technician_id in staying
    if order.anyone_at is None and not leads:
        return ()  # the customer asked for somebody by name
    asked, longest = offers.offers_of(tx, order.id), timedelta(minutes=rules(tx).anyone_total_minutes)
    began = _search_began(asked, now, longest) if order.anyone_at is None else order.anyone_at
    recent = [one for one in asked if one.created_at >= began]
    since = recent[0].created_at if recent else now
    if now >= since + longest:
        return ()
    said_no = [one for one in asked if one.state in (OfferState.REFUSED, OfferState.ACCEPTED)]
    passed = {one.technician_id for one in (*recent, *said_no)} | set(staying)
    return who_else(tx, order, but=frozenset(passed), now=now)


def _search_began(asked: Sequence[Offer], now: datetime, pause: timedelta) -> datetime:
    """Return when the asking that runs now began: each was asked soon after the one before."""
    began = now
    for one in reversed(asked):
        if began - one.created_at > pause:
            break
        began = one.created_at
    return began
