"""What the customer of an undecided order may choose: wait while others are asked, or another time."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core import calendar
from core.calendar import SlotTaken, Wish
from core.db import CandidateLost, Tx
from core.dispatch import offers
from core.dispatch.offering import ask_crew, companion_in, next_crew, take_crew
from core.dispatch.offers import NobodyFree, OfferState
from core.errors import StateConflict
from core.orders.moves import Actor, ActorKind, Order, move
from core.orders.retaking import who_else, wish_of
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


def retime(
    tx: Tx, order_id: int, *, person_id: int, technician_id: int | None, starts_at: datetime, now: datetime
) -> Order:
    """Ask for another time, and another technician if wished; the price stays as paid. SlotTaken, NotBookable."""
    order = _undecided(tx, order_id, person_id)
    wish = replace(wish_of(tx, order), technician_id=technician_id, crew=order.crew)
    crew = _take_time(tx, order, wish, starts_at, now)
    length = timedelta(minutes=wish.minutes)
    moved = move(
        tx,
        order,
        OrderEvent.RETIMED,
        actor=Actor(ActorKind.CUSTOMER, person_id),
        now=now,
        technician_id=crew[0],
        companion_id=companion_in(crew),
        anyone_at=now if technician_id is None else None,
        starts_at=starts_at,
        ends_at=starts_at + length,
        local_day=starts_at.astimezone(ZoneInfo(order.zone)).date(),
    )
    ask_crew(tx, moved, now)
    return moved


def _take_time(tx: Tx, order: Order, wish: Wish, starts_at: datetime, now: datetime) -> tuple[int, ...]:
    """Occupy the new time with the technician wished for, or with the best who can come; return who comes."""
    crew = _who_comes(tx, order, wish, starts_at, now)
    try:
        with tx.savepoint():
            _occupy(tx, order, wish, crew, starts_at, now)
    except SlotTaken as gone:
        if crew and wish.technician_id is None:  # anyone will do: the unit runs again without whom it lost
            raise CandidateLost(crew[0]) from gone
        found = calendar.alternatives(tx, wish, person_id=order.person_id, now=now, at=starts_at)
        raise SlotTaken(found) from None
    return crew


def _occupy(tx: Tx, order: Order, wish: Wish, crew: tuple[int, ...], starts_at: datetime, now: datetime) -> None:
    if not crew:
        raise SlotTaken
    lead = replace(wish, technician_id=crew[0])
    calendar.take_for_order(
        tx, order.id, order.person_id, lead, starts_at=starts_at, now=now, companions=crew[1:], notice=True
    )


def _who_comes(tx: Tx, order: Order, wish: Wish, starts_at: datetime, now: datetime) -> tuple[int, ...]:
    """Return the one wished for, or the best who can come at this time; nobody when there is none."""
    if wish.technician_id is not None and wish.crew == 1:
        return (wish.technician_id,)
    found = calendar.offers_at(tx, wish, person_id=order.person_id, now=now, at=starts_at, most=1)
    return found[0].crew if found else ()


def _undecided(tx: Tx, order_id: int, person_id: int) -> Order:
    order = order_of(tx, person_id, order_id)
    if order.state is not OrderState.UNDECIDED:
        raise StateConflict(order_id=order_id, state=order.state)
    return order
