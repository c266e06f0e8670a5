"""A bill shown in a chat: what it asks for, and the last look before the money is taken."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import bindparam, or_, update

from core.db import Tx
from core.money import payments
from core.money.payments import Payment, PaymentState
from core.orders.moves import Order, load
from core.orders.states import OrderState
from core.orders.tables import order as order_table

SPARE: Final = timedelta(seconds=5)
"""So long before the deadline no new yes is given: the clock that ends the order may be taking it up already."""
GRACE: Final = timedelta(minutes=2)
"""So long after its deadline an order waits for money that a yes has let through."""

_LOCK = update(order_table).where(order_table.c.id == bindparam("b_id")).values(version=order_table.c.version)
_WAIT_FOR_IT = (
    update(order_table)
    .where(
        order_table.c.id == bindparam("b_id"),
        order_table.c.state == OrderState.TO_PAY.value,
        or_(order_table.c.decide_by.is_(None), order_table.c.decide_by < bindparam("b_until")),
    )
    .values(decide_by=bindparam("b_until"))
)


class Verdict(StrEnum):
    """What is said to a payment about to be made."""

    YES = "yes"
    PAID = "paid"  # already, by whichever way
    OVER = "over"  # the time to pay has passed
    CANCELLED = "cancelled"
    WRONG = "wrong"  # no bill of ours, or not what it asks for


@dataclass(frozen=True, slots=True)
class Bill:
    """A payment that can be made now, and its order."""

    payment: Payment
    order: Order


def bill(tx: Tx, token: str, *, now: datetime) -> Bill | None:
    """Return what the payment of a link asks for; None unless it can be made now."""
    payment = payments.payment_by_token(tx, token)
    if payment is None or payment.state is not PaymentState.OPEN or now + SPARE >= payment.expires_at:
        return None
    order = load(tx, payment.order_id)
    return Bill(payment, order) if order.state is OrderState.TO_PAY else None


def allow(tx: Tx, number: str, *, amount_minor: int, currency: str, now: datetime) -> Verdict:
    """Decide, under the order's lock, whether the money of a bill may be taken now; after a yes the order waits for it.

    The order holds its time as long as it waits to be paid, so a yes means that the slot is kept.
    """
    asked = payments.payment_by_number(tx, number)
    if asked is None or (asked.amount_minor, asked.currency) != (amount_minor, currency):
        return Verdict.WRONG
    tx.execute(_LOCK, {"b_id": asked.order_id})
    payment, order = payments.payment_by_id(tx, asked.id), load(tx, asked.order_id)
    if order.state is OrderState.CANCELLED:
        return Verdict.CANCELLED
    if order.state is not OrderState.TO_PAY:
        return Verdict.OVER if order.state is OrderState.EXPIRED else Verdict.PAID
    if payment.state in (PaymentState.PAID, PaymentState.REFUNDED):
        return Verdict.PAID
    if payment.state is not PaymentState.OPEN or now + SPARE >= payment.expires_at:
        return Verdict.OVER
    tx.execute(_WAIT_FOR_IT, {"b_id": order.id, "b_until": payment.expires_at + GRACE})
    return Verdict.YES
