"""The visit itself: departed, arrived, started by code, finished with photos, confirmed."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Unpack

from sqlalchemy import bindparam, update

from core import files, technicians
from core.calendar import guard_order, occupation_of
from core.changes.overtaking import overtake
from core.db import Tx, insert_into
from core.errors import InvalidInput, NotFound, StateConflict
from core.messages import Template, forget_reminders
from core.money import ledger
from core.money.shares import shares
from core.orders.cancelling import TooEarly
from core.orders.moves import CLOCK, Actor, ActorKind, Changes, Order, load, move
from core.orders.states import OrderEvent, OrderState
from core.orders.tables import order as order_table
from core.orders.tables import visit_photo
from core.orders.telling import person_of, tell_customer, tell_technician
from core.orders.views import order_of, visit_of
from core.settings import rules

_EARLIEST_DEPARTURE = timedelta(hours=2)
_MOST_PHOTOS = 9

_COUNT_TRY = (
    update(order_table)
    .where(
        order_table.c.id == bindparam("b_id"),
        order_table.c.state == OrderState.ARRIVED.value,
        order_table.c.code_tries == bindparam("b_tries"),
    )
    .values(code_tries=order_table.c.code_tries + 1)
)
_ADD_PHOTO = insert_into(visit_photo)


@dataclass(frozen=True, slots=True)
class WrongCode:
    """The start code was wrong: how often it may still be tried; at 0 the customer's own tap or an operator starts."""

    tries_left: int


def depart(tx: Tx, order_id: int, *, technician_id: int, now: datetime) -> Order:
    """Set out; the customer hears when the technician will be there. TooEarly long before the visit, StateConflict."""
    order = visit_of(tx, technician_id, order_id)
    guard_order(tx, order.id)  # a change still open gives its time back: calendars are taken before the order
    way = _way(tx, order)
    from_at = _departs_from(order, way)
    if order.state is OrderState.ACCEPTED and now < from_at:
        raise TooEarly(from_at=from_at)  # after departure a cancel costs the customer money
    moved = _by_technician(tx, order, OrderEvent.DEPARTED, technician_id, now=now, departed_at=now)
    overtake(tx, order, moved, now=now)
    forget_reminders(tx, order.id)
    tell_customer(tx, moved, Template.DEPARTED, now=now, eta_minutes=way)
    return moved


def departs_from(tx: Tx, order: Order) -> datetime:
    """Return from when on the technician may set out: earlier, a change of plans would cost the customer money."""
    return _departs_from(order, _way(tx, order))


def _departs_from(order: Order, way_minutes: int) -> datetime:
    return order.starts_at - timedelta(minutes=way_minutes) - _EARLIEST_DEPARTURE


def _way(tx: Tx, order: Order) -> int:
    taken = occupation_of(tx, order.id)
    return taken.leg_minutes if taken else 0


def running_late(tx: Tx, order_id: int, *, technician_id: int, minutes: int, now: datetime) -> Order:
    """Tell the customer that their technician will be so many minutes late. Raises NotFound, StateConflict."""
    order = visit_of(tx, technician_id, order_id)
    if order.state not in (OrderState.ACCEPTED, OrderState.DEPARTED):
        raise StateConflict(order_id=order_id, state=order.state)
    tell_customer(tx, order, Template.RUNNING_LATE, now=now, expires_at=order.ends_at, lead_minutes=minutes)
    return order


def arrive(tx: Tx, order_id: int, *, technician_id: int, now: datetime) -> Order:
    """Stand at the door; the customer is shown the start code. Raises StateConflict."""
    order = visit_of(tx, technician_id, order_id)
    moved = _by_technician(tx, order, OrderEvent.ARRIVED, technician_id, now=now, arrived_at=now, code_tries=0)
    tell_customer(tx, moved, Template.ARRIVED, now=now)
    return moved


def start(tx: Tx, order_id: int, *, technician_id: int, code: str, now: datetime) -> Order | WrongCode:
    """Begin the service with the customer's code. A wrong one is counted, so it is returned and not raised.

    After the last try the customer is asked to start by a tap of their own. Raises StateConflict.
    """
    order = visit_of(tx, technician_id, order_id)
    most = rules(tx).code_tries
    if order.state is not OrderState.ARRIVED:
        raise StateConflict(order_id=order_id, state=order.state)
    if order.code_tries >= most:
        return WrongCode(0)
    if hmac.compare_digest(code.strip().encode(), order.start_code.encode()):
        return _started(tx, order, Actor(ActorKind.TECHNICIAN, technician_id), now)
    if tx.execute(_COUNT_TRY, {"b_id": order.id, "b_tries": order.code_tries}) != 1:
        raise StateConflict(order_id=order_id, state=order.state)
    left = most - order.code_tries - 1
    if left == 0:
        tell_customer(tx, order, Template.START_CONFIRM, now=now)
    return WrongCode(left)


def start_by_customer(tx: Tx, order_id: int, *, person_id: int, now: datetime) -> Order:
    """Begin the service by the customer's own tap; the technician is told. Raises StateConflict."""
    order = order_of(tx, person_id, order_id)
    moved = _started(tx, order, Actor(ActorKind.CUSTOMER, person_id), now)
    tell_technician(tx, moved, Template.START_ALLOWED, now=now)
    return moved


def start_by_operator(tx: Tx, order_id: int, *, operator_id: int, now: datetime) -> Order:
    """Begin the service on an operator's word; the technician is told. Raises StateConflict."""
    moved = _started(tx, load(tx, order_id), Actor(ActorKind.OPERATOR, operator_id), now)
    tell_technician(tx, moved, Template.START_ALLOWED, now=now)
    return moved


def add_photo(tx: Tx, order_id: int, *, technician_id: int, file_id: int, now: datetime) -> bool:
    """Keep a photo of the work, the technician's own file; False when it is kept already. NotFound, StateConflict."""
    order = visit_of(tx, technician_id, order_id)
    if order.state not in (OrderState.IN_SERVICE, OrderState.FINISHED):
        raise StateConflict(order_id=order_id, state=order.state)
    if files.file_owner(tx, file_id) != person_of(tx, technician_id):
        raise NotFound(kind="file")
    return tx.insert_if_new(_ADD_PHOTO, {"order_id": order_id, "file_id": file_id, "at": now})


def finish(tx: Tx, order_id: int, *, technician_id: int, photo_file_ids: tuple[int, ...], now: datetime) -> Order:
    """End the service with one photo at least; the customer is asked to confirm. InvalidInput, StateConflict."""
    if not 1 <= len(photo_file_ids) <= _MOST_PHOTOS:
        raise InvalidInput(field="photos")
    order = visit_of(tx, technician_id, order_id)
    moved = _by_technician(
        tx,
        order,
        OrderEvent.FINISHED,
        technician_id,
        now=now,
        finished_at=now,
        decide_by=now + timedelta(hours=rules(tx).confirm_hours),
    )
    for file_id in photo_file_ids:
        add_photo(tx, order_id, technician_id=technician_id, file_id=file_id, now=now)
    tell_customer(tx, moved, Template.FINISHED, now=now)
    return moved


def confirm(tx: Tx, order_id: int, *, person_id: int | None, now: datetime) -> Order:
    """Agree that the visit was done, by its customer or (None) by the clock: the money is divided. StateConflict."""
    order = load(tx, order_id) if person_id is None else order_of(tx, person_id, order_id)
    if order.technician_id is None:
        raise StateConflict(order_id=order_id, state=order.state)
    for technician_id in sorted(order.crew_ids):  # their rows are locked lowest id first
        technicians.count_visit(tx, technician_id)
    actor = CLOCK if person_id is None else Actor(ActorKind.CUSTOMER, person_id)
    moved = move(tx, order, OrderEvent.CONFIRMED, actor=actor, now=now, confirmed_at=now, decide_by=None)
    ledger.record_income(tx, moved, now)
    for technician_id, part in shares(moved.quote.income_minor, moved.crew_ids).items():
        tell_technician(tx, moved, Template.CONFIRMED, now=now, technician_id=technician_id, income_minor=part)
    tell_customer(tx, moved, Template.REVIEW_INVITE, now=now)
    return moved


def _started(tx: Tx, order: Order, actor: Actor, now: datetime) -> Order:
    moved = move(tx, order, OrderEvent.STARTED, actor=actor, now=now, started_at=now)
    tell_customer(tx, moved, Template.STARTED, now=now)
    return moved


def _by_technician(
    tx: Tx, order: Order, event: OrderEvent, by: int, *, now: datetime, **changes: Unpack[Changes]
) -> Order:
    return move(tx, order, event, actor=Actor(ActorKind.TECHNICIAN, by), now=now, **changes)
