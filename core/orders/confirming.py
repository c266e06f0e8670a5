"""A reminder asks whether the visit stands: the customer's yes, and an operator's call when nobody answers."""

import logging
from datetime import datetime
from typing import Final

from sqlalchemy import Integer, bindparam, delete, select, update

from core.db import Tx, insert_into
from core.errors import BookingError, StateConflict
from core.orders.moves import Order, load
from core.orders.states import ADDRESS_OPEN, OVER, SERVED, OrderState
from core.orders.tables import visit_confirmation as table
from core.orders.views import order_of
from core.support import Ticket, needs_nobody, open_house_ticket, unseen_about_orders

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

_SILENT: Final = "the customer has answered no reminder"
_NO_RING: Final = OVER | SERVED | {OrderState.IN_SERVICE}
"""Once the technician is let in, or nobody will come, there is nothing left to ring for."""
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
    open_house_ticket(tx, summary=_words(order), order_id=order.id, now=now)
    return True


def end_calls(tx: Tx, *, now: datetime) -> int:
    """Close the calls to ring a silent customer where nothing is left to ring for; how many there were.

    A ticket that says more than that, or that an operator has looked at, is the operator's to close.
    """
    calls = (one for one in unseen_about_orders(tx) if one.summary.endswith(_SILENT) and "\n" not in one.summary)
    return sum(_is_needless(tx, one, now) for one in calls)


def _is_needless(tx: Tx, call: Ticket, now: datetime) -> bool:
    """Close a call unless its visit is still to begin at the same hour, and its customer has still said nothing."""
    assert call.order_id is not None
    order = load(tx, call.order_id)
    if order.state not in _NO_RING and call.summary == _words(order) and not is_confirmed(tx, order):
        return False
    return needs_nobody(tx, call.id, now=now)


def _words(order: Order) -> str:
    return f"order {order.code} at {order.starts_at.isoformat()}: {_SILENT}"
