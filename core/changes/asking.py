"""Asking for another time or technician: held first, then done at once or put to who must say yes."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict, Unpack

from sqlalchemy import bindparam, update

from core import calendar
from core.calendar import Hold
from core.changes import requests, rules
from core.changes.requests import Change, ChangeGone
from core.changes.retiming import retime
from core.changes.states import ChangeEvent, ChangeState
from core.changes.telling import customer_of, person_behind, technicians, tell_parties
from core.changes.words import sealed
from core.db import CandidateLost, Tx
from core.errors import InvalidInput, NotFound, StateConflict
from core.ids import new_id
from core.messages import Template
from core.orders.alerts import alert_worse_off
from core.orders.moves import Actor, ActorKind, Order, load
from core.orders.reasons import RefusalReason
from core.orders.states import OrderState
from core.orders.tables import order as order_table
from core.technicians import NO_PREFERENCE, Preferences

_LOCK = update(order_table).where(order_table.c.id == bindparam("b_id")).values(version=order_table.c.version)


class Said(TypedDict, total=False):
    """Why somebody asks: a reason of the list, and words of their own."""

    reason: RefusalReason | None
    words: str | None


def hold_change(
    tx: Tx,
    order_id: int,
    *,
    by: Actor,
    technician_id: int | None,
    starts_at: datetime,
    now: datetime,
    preferences: Preferences = NO_PREFERENCE,
    another: bool = False,
    replacing: int | None = None,
) -> Hold:
    """Hold another time or technician for an order while who asks decides; the order keeps what it has.

    None is anyone, with `another` anyone else; a technician asks for themselves. Raises SlotTaken with alternatives,
    NotBookable with the nearest slot, ChangePending, ChangeTooLate, InvalidInput for what changes nothing,
    StateConflict, NotFound.
    """
    order = rules.movable(tx, order_id, by)
    if order.state is OrderState.ACCEPTED:
        pending = rules.admit(tx, order, by, starts_at=starts_at, now=now)
        who = by.id if by.kind is ActorKind.TECHNICIAN and by.id not in order.crew_ids else technician_id
        if pending is not None and (pending.starts_at, pending.technician_id) == (starts_at, who):
            raise InvalidInput(field="starts_at")  # to the very time proposed one says yes
    wish = rules.wish_for(
        tx, order, by, technician_id=technician_id, starts_at=starts_at, preferences=preferences, another=another
    )
    return calendar.hold(
        tx,
        person_behind(tx, by),
        wish,
        technician_id=wish.technician_id,
        starts_at=starts_at,
        now=now,
        replacing=replacing,
    )


def ask_change(
    tx: Tx,
    order_id: int,
    *,
    by: Actor,
    technician_id: int | None,
    starts_at: datetime,
    now: datetime,
    preferences: Preferences = NO_PREFERENCE,
    another: bool = False,
    replacing: int | None = None,
    **said: Unpack[Said],
) -> Change | Order:
    """Ask for another time or technician, held before or free now; the price stays as it is.

    While nobody has said yes to the order the customer's word is enough, and the order is returned as it is now. An
    accepted one stays as it is until everybody whom it concerns has said yes. Raises what `hold_change` raises.
    """
    seen = load(tx, order_id)
    held = hold_change(
        tx,
        order_id,
        by=by,
        technician_id=technician_id,
        starts_at=starts_at,
        now=now,
        preferences=preferences,
        another=another,
        replacing=replacing,
    )
    order = _locked_as(tx, seen)
    if order.state in rules.AT_ONCE and by == customer_of(order):
        return retime(tx, order, held, anyone=technician_id is None, sex=preferences.sex, now=now)
    if order.state is not OrderState.ACCEPTED:
        raise StateConflict(order_id=order_id, state=order.state)
    anyone = technician_id is None and by.kind is ActorKind.CUSTOMER
    return _request(tx, _Wanted(order, by, held, anyone=anyone), said, now)


def counter(
    tx: Tx,
    change_id: int,
    *,
    by: Actor,
    starts_at: datetime,
    now: datetime,
    replacing: int | None = None,
    **said: Unpack[Said],
) -> Change:
    """Answer a request with another time: it is refused, and the other side is asked instead, in one.

    The technician stays the one proposed. Raises ChangeGone, and what `hold_change` raises.
    """
    asked = requests.change_of(tx, change_id)
    if by not in rules.parties(requests.consents(tx, change_id)):
        raise NotFound(kind="change")
    if asked.state is not ChangeState.OPEN or asked.expires_at <= now:
        ended = ChangeState.EXPIRED if asked.state is ChangeState.OPEN else asked.state
        raise ChangeGone(change_id=change_id, state=ended)
    seen = load(tx, asked.order_id)
    held = hold_change(
        tx,
        asked.order_id,
        by=by,
        technician_id=asked.technician_id,
        starts_at=starts_at,
        now=now,
        replacing=replacing,
    )
    order = _locked_as(tx, seen)
    if order.state is not OrderState.ACCEPTED:
        raise StateConflict(order_id=order.id, state=order.state)
    requests.end(tx, asked, ChangeEvent.REFUSED, now)
    requests.answer(tx, asked.id, by, requests.REFUSED, now=now, reason=RefusalReason.TIME)
    late = calendar.drop_change(tx, order.id, asked.id, now)
    made = _request(tx, _Wanted(order, by, held, anyone=asked.anyone), said, now)
    alert_worse_off(tx, late, now=now)
    return made


def locked(tx: Tx, order_id: int) -> Order:
    """Return the order as it stands once nothing else can move it; the guards of technicians are taken before."""
    tx.execute(_LOCK, {"b_id": order_id})
    return load(tx, order_id)


def _locked_as(tx: Tx, seen: Order) -> Order:
    """Return the order locked as it was when the time was held; the unit runs again where it has moved meanwhile."""
    calendar.guard_order(tx, seen.id)
    order = locked(tx, seen.id)
    if order.version != seen.version:
        raise CandidateLost(("order", seen.id, seen.version))
    return order


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked for, by whom, of which order."""

    order: Order
    by: Actor
    held: Hold
    anyone: bool


def _request(tx: Tx, wanted: _Wanted, said: Said, now: datetime) -> Change:
    """Write the request, give it the time held, and ask everybody whose yes it needs."""
    order, slot = wanted.order, wanted.held.slot
    until = rules.answer_by(tx, order, starts_at=slot.starts_at, now=now)
    change = Change(
        id=new_id(),
        order_id=order.id,
        order_version=order.version,
        asked_by=wanted.by.kind,
        asker_id=wanted.by.id or 0,
        technician_id=slot.technician_id,
        companion_id=next(iter(slot.companions), None),
        anyone=wanted.anyone,
        from_at=order.starts_at,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        state=ChangeState.OPEN,
        reason=said.get("reason"),
        expires_at=until,
        nudged_at=None,
        due_at=now + (until - now) / 2,
        created_at=now,
        decided_at=None,
    )
    asked = [one for one in (customer_of(order), *technicians(change.crew_ids)) if one != wanted.by]
    requests.add(tx, change, asked, words_sealed=sealed(tx, wanted.by, said.get("words")))
    person_id = person_behind(tx, wanted.by)
    if not calendar.give_to_change(tx, wanted.held, change.id, order.id, now, person_id=person_id):
        raise CandidateLost(("hold", wanted.held.id))  # it lapsed while this unit waited for the guard
    tell_parties(tx, order, change, Template.CHANGE_ASKED, asked, now=now, expires_at=until)
    return change
