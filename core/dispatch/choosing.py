"""What the customer of an undecided order may choose: wait while others are asked, or another time."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from core import calendar
from core.calendar import Hold
from core.db import CandidateLost, Tx
from core.dispatch import offers
from core.dispatch.offering import ask_crew, companion_in, next_crew, take_crew
from core.dispatch.offers import NobodyFree, OfferState
from core.errors import StateConflict
from core.orders.moves import Actor, ActorKind, Order, move
from core.orders.retaking import who_else, wish_of
from core.orders.states import OrderEvent, OrderState
from core.orders.views import order_of
from core.technicians import NO_PREFERENCE, Preferences


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


def hold_time(
    tx: Tx,
    order_id: int,
    *,
    person_id: int,
    technician_id: int | None,
    starts_at: datetime,
    now: datetime,
    preferences: Preferences = NO_PREFERENCE,
    replacing: int | None = None,
) -> Hold:
    """Hold another time for an order while its customer decides, in place of the hold named; None is anyone.

    Raises SlotTaken with alternatives, NotBookable with the nearest slot, StateConflict.
    """
    order = _undecided(tx, order_id, person_id)
    return calendar.hold(
        tx,
        person_id,
        replace(wish_of(tx, order), technician_id=technician_id, crew=order.crew, preferences=preferences),
        technician_id=technician_id,
        starts_at=starts_at,
        now=now,
        replacing=replacing,
    )


def retime(
    tx: Tx,
    order_id: int,
    *,
    person_id: int,
    technician_id: int | None,
    starts_at: datetime,
    now: datetime,
    preferences: Preferences = NO_PREFERENCE,
    replacing: int | None = None,
) -> Order:
    """Ask for another time, held before or free now, and another technician if wished; the price stays as paid.

    Raises what `hold_time` raises.
    """
    held = hold_time(
        tx,
        order_id,
        person_id=person_id,
        technician_id=technician_id,
        starts_at=starts_at,
        now=now,
        preferences=preferences,
        replacing=replacing,
    )
    order, slot = order_of(tx, person_id, order_id), held.slot  # read after the guard
    if not calendar.give_to_order(tx, held, order.id, now, person_id=person_id):
        raise CandidateLost(("hold", held.id))  # it lapsed while this unit waited for the guard
    moved = move(
        tx,
        order,
        OrderEvent.RETIMED,
        actor=Actor(ActorKind.CUSTOMER, person_id),
        now=now,
        technician_id=slot.technician_id,
        companion_id=companion_in(slot.crew),
        sex=preferences.sex,
        anyone_at=now if technician_id is None else None,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        local_day=slot.starts_at.astimezone(ZoneInfo(order.zone)).date(),
    )
    ask_crew(tx, moved, now)
    return moved


def _undecided(tx: Tx, order_id: int, person_id: int) -> Order:
    order = order_of(tx, person_id, order_id)
    if order.state is not OrderState.UNDECIDED:
        raise StateConflict(order_id=order_id, state=order.state)
    return order
