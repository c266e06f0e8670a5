"""A reminder asks whether the visit stands: the customer's yes, and an operator's call when nobody answers."""

import logging
from datetime import datetime

from sqlalchemy import Integer, bindparam, delete, select, update

from core.db import Tx, insert_into
from core.errors import BookingError, StateConflict
from core.orders.moves import Order, load
from core.orders.states import ADDRESS_OPEN, OrderState
from core.orders.tables import visit_confirmation as table
from core.orders.views import order_of
from core.support import open_house_ticket

_THIS = table.c.order_id == bindparam("b_order")
_OF_START = (_THIS, table.c.starts_at == bindparam("b_start"))
_FORGET = delete(table).where(_THIS, table.c.starts_at != bindparam("b_start"))
_INSERT = insert_into(table)
_CONFIRM = (
    update(table).where(*_OF_START, table.c.confirmed_at.is_(None)).values(confirmed_at=bindparam("b_now"), due_at=None)
)
_CONFIRMED = select(table.c.order_id).where(*_OF_START, table.c.confirmed_at.is_not(None))
_DUE = (
    select(table.c.order_id, table.c.starts_at)
    .where(table.c.due_at <= bindparam("b_now"))
    .order_by(table.c.due_at, table.c.order_id)
    .limit(bindparam("b_most", type_=Integer))
)
_SETTLE = update(table).where(_THIS, table.c.due_at <= bindparam("b_now")).values(due_at=None)

_log = logging.getLogger(__name__)


def expect_answer(tx: Tx, order: Order, *, by: datetime, asked_at: datetime) -> None:
    """Wait for the customer's word on this start, who will be asked at `asked_at`; too late to ask: expect none."""
    tx.execute(_FORGET, {"b_order": order.id, "b_start": order.starts_at})
    if asked_at < by < order.starts_at:
        row = {"order_id": order.id, "starts_at": order.starts_at, "due_at": by, "confirmed_at": None}
        tx.insert_if_new(_INSERT, row)


def confirm_coming(tx: Tx, order_id: int, *, person_id: int, now: datetime) -> Order:
    """Note that the customer will be there; once is enough. Raises NotFound, and StateConflict when none is coming."""
    order = order_of(tx, person_id, order_id)
    if order.state not in ADDRESS_OPEN:
        raise StateConflict(order_id=order.id, state=order.state)
    said = {"b_order": order.id, "b_start": order.starts_at, "b_now": now}
    if not tx.execute(_CONFIRM, said):
        tx.execute(_FORGET, {"b_order": order.id, "b_start": order.starts_at})
        row = {"order_id": order.id, "starts_at": order.starts_at, "due_at": None, "confirmed_at": now}
        tx.insert_if_new(_INSERT, row)
    return order


def is_confirmed(tx: Tx, order: Order) -> bool:
    """Tell whether the customer has said yes to the start the order has now."""
    return tx.scalar(_CONFIRMED, {"b_order": order.id, "b_start": order.starts_at}) is not None


def call_for_silent(tx: Tx, *, now: datetime, most: int) -> int:
    """Have an operator ring customers who never answered, while there is time for it; how many there were."""
    return sum(_called(tx, row.order_id, row.starts_at, now) for row in tx.all(_DUE, {"b_now": now, "b_most": most}))


def _called(tx: Tx, order_id: int, starts_at: datetime, now: datetime) -> bool:
    if not tx.execute(_SETTLE, {"b_order": order_id, "b_now": now}):
        return False  # somebody was quicker
    try:
        with tx.savepoint():
            return _operator_called(tx, order_id, starts_at, now)
    except BookingError as refused:  # one that cannot be asked for keeps nobody else's deadline from its turn
        _log.warning("no operator called", extra={"order_id": order_id, "code": refused.code})
        return True


def _operator_called(tx: Tx, order_id: int, starts_at: datetime, now: datetime) -> bool:
    order = load(tx, order_id)
    if order.state is not OrderState.ACCEPTED or order.starts_at != starts_at or now >= starts_at:
        return False
    words = f"order {order.code} at {starts_at.isoformat()}: the customer has answered no reminder"
    open_house_ticket(tx, summary=words, order_id=order.id, now=now)
    return True
