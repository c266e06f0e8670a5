"""Payments: one row per attempt to pay an order, with amount, currency and deadline frozen when its link is made."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, func, or_, select, update

from core.db import Row, Tx, insert_into
from core.errors import InvalidInput, NotFound
from core.ids import new_id, new_token, to_base36
from core.money.tables import payment


class PaymentState(StrEnum):
    """Where a payment stands; parked means that what came in is not what was asked for, and a person must look."""

    OPEN = "open"
    PAID = "paid"
    EXPIRED = "expired"
    REFUNDED = "refunded"
    PARKED = "parked"


@dataclass(frozen=True, slots=True)
class Payment:
    """One attempt to pay: `token` is in our link, `number` is ours at the provider, `provider_txn` the provider's."""

    id: int
    order_id: int
    attempt: int
    token: str
    number: str
    provider: str | None
    provider_txn: str | None
    state: PaymentState
    amount_minor: int
    currency: str
    expires_at: datetime
    paid_at: datetime | None


_INSERT = insert_into(payment)
_COLUMNS = (
    payment.c.id,
    payment.c.order_id,
    payment.c.attempt,
    payment.c.token,
    payment.c.number,
    payment.c.provider,
    payment.c.provider_txn,
    payment.c.state,
    payment.c.amount_minor,
    payment.c.currency,
    payment.c.expires_at,
    payment.c.paid_at,
)
_BY_ID = select(*_COLUMNS).where(payment.c.id == bindparam("id"))
_BY_TOKEN = select(*_COLUMNS).where(payment.c.token == bindparam("token"))
_BY_NUMBER = select(*_COLUMNS).where(payment.c.number == bindparam("number"))
_OF_ORDER = select(*_COLUMNS).where(payment.c.order_id == bindparam("order_id")).order_by(payment.c.attempt)
_LAST_ATTEMPT = select(func.max(payment.c.attempt)).where(payment.c.order_id == bindparam("order_id"))
_BY_TXN = select(*_COLUMNS).where(
    payment.c.provider == bindparam("provider"), payment.c.provider_txn == bindparam("provider_txn")
)
_OPEN_AT = (
    update(payment)
    .where(
        payment.c.id == bindparam("b_id"),
        payment.c.state == PaymentState.OPEN.value,
        or_(payment.c.provider.is_(None), payment.c.provider == bindparam("b_provider")),
    )
    .values(provider=bindparam("b_provider"))
)
_PAID = (
    update(payment)
    .where(
        payment.c.id == bindparam("b_id"),
        or_(
            payment.c.state == PaymentState.OPEN.value,
            payment.c.state == PaymentState.EXPIRED.value,
            payment.c.state == PaymentState.PARKED.value,
        ),
    )
    .values(
        state=PaymentState.PAID.value,
        provider=bindparam("b_provider"),
        provider_txn=bindparam("b_txn"),
        paid_at=bindparam("b_now"),
    )
)
_MOVE = (
    update(payment)
    .where(payment.c.id == bindparam("b_id"), payment.c.state == bindparam("b_from"))
    .values(state=bindparam("b_to"))
)
_EXPIRE = (
    update(payment)
    .where(payment.c.order_id == bindparam("b_order"), payment.c.state == PaymentState.OPEN.value)
    .values(state=PaymentState.EXPIRED.value)
)


def open_payment(
    tx: Tx,
    order_id: int,
    *,
    amount_minor: int,
    currency: str,
    expires_at: datetime,
    now: datetime,
    first: bool = False,
) -> Payment:
    """Make the next payment of an order with a link of its own; what it asks for never changes afterwards.

    `first` says that the order is new, so that nobody has to look.
    """
    if amount_minor <= 0:
        raise InvalidInput(field="amount_minor")
    made = _next(tx, order_id, amount_minor=amount_minor, currency=currency, expires_at=expires_at, first=first)
    _insert(tx, made, now)
    return made


def payment_by_id(tx: Tx, payment_id: int) -> Payment:
    """Return a payment; NotFound when there is none."""
    row = tx.first(_BY_ID, {"id": payment_id})
    if row is None:
        raise NotFound(payment_id=payment_id)
    return _payment(row)


def payment_by_token(tx: Tx, token: str) -> Payment | None:
    """Return the payment of a link."""
    return _one(tx.first(_BY_TOKEN, {"token": token}))


def payment_by_number(tx: Tx, number: str) -> Payment | None:
    """Return the payment with our number at the provider."""
    return _one(tx.first(_BY_NUMBER, {"number": number}))


def payment_by_txn(tx: Tx, provider: str, provider_txn: str) -> Payment | None:
    """Return the payment that a provider's transaction has paid."""
    return _one(tx.first(_BY_TXN, {"provider": provider, "provider_txn": provider_txn}))


def payments_of(tx: Tx, order_id: int) -> tuple[Payment, ...]:
    """Return an order's payments, first attempt first."""
    return tuple(_payment(row) for row in tx.all(_OF_ORDER, {"order_id": order_id}))


def live_payment(tx: Tx, order_id: int) -> Payment | None:
    """Return the payment the customer can still make: the open one, if any."""
    return next((made for made in payments_of(tx, order_id) if made.state is PaymentState.OPEN), None)


def open_at(tx: Tx, payment_id: int, *, provider: str) -> bool:
    """Remember at which provider the customer opened the payment; False when it is no longer open or is elsewhere."""
    return tx.execute(_OPEN_AT, {"b_id": payment_id, "b_provider": provider}) == 1


def take_money(tx: Tx, payment_id: int, *, provider: str, provider_txn: str, now: datetime) -> bool:
    """Record that the money of an unpaid payment, even an expired one, has come; False when it is paid already."""
    params = {"b_id": payment_id, "b_provider": provider, "b_txn": provider_txn, "b_now": now}
    return tx.execute(_PAID, params) == 1


def take_stray(tx: Tx, first: Payment, *, provider: str, provider_txn: str, now: datetime) -> Payment:
    """Record money that came twice for one payment as a payment of its own, so that it can be given back by itself."""
    made = _next(
        tx, first.order_id, amount_minor=first.amount_minor, currency=first.currency, expires_at=first.expires_at
    )
    _insert(tx, made, now)
    take_money(tx, made.id, provider=provider, provider_txn=provider_txn, now=now)
    return payment_by_id(tx, made.id)


def park(tx: Tx, payment_id: int) -> bool:
    """Set an unpaid payment aside for a person to look at; False when it was not open or expired."""
    return any(
        tx.execute(_MOVE, {"b_id": payment_id, "b_from": state.value, "b_to": PaymentState.PARKED.value})
        for state in (PaymentState.OPEN, PaymentState.EXPIRED)
    )


def mark_refunded(tx: Tx, payment_id: int) -> bool:
    """Record that all of a payment has gone back; False when it was not paid."""
    moved = {"b_id": payment_id, "b_from": PaymentState.PAID.value, "b_to": PaymentState.REFUNDED.value}
    return tx.execute(_MOVE, moved) == 1


def expire(tx: Tx, order_id: int) -> int:
    """Close the order's open links; how many there were."""
    return tx.execute(_EXPIRE, {"b_order": order_id})


def _next(
    tx: Tx, order_id: int, *, amount_minor: int, currency: str, expires_at: datetime, first: bool = False
) -> Payment:
    payment_id = new_id()
    before = 0 if first else int(tx.scalar(_LAST_ATTEMPT, {"order_id": order_id}) or 0)
    return Payment(
        id=payment_id,
        order_id=order_id,
        attempt=before + 1,
        token=new_token(),
        number="P" + to_base36(payment_id).upper(),
        provider=None,
        provider_txn=None,
        state=PaymentState.OPEN,
        amount_minor=amount_minor,
        currency=currency,
        expires_at=expires_at,
        paid_at=None,
    )


def _insert(tx: Tx, made: Payment, now: datetime) -> None:
    tx.execute(
        _INSERT,
        {
            "id": made.id,
            "order_id": made.order_id,
            "attempt": made.attempt,
            "token": made.token,
            "number": made.number,
            "provider": None,
            "provider_txn": None,
            "state": made.state.value,
            "amount_minor": made.amount_minor,
            "currency": made.currency,
            "expires_at": made.expires_at,
            "paid_at": None,
            "created_at": now,
        },
    )


def _one(row: Row | None) -> Payment | None:
    return None if row is None else _payment(row)


def _payment(row: Row) -> Payment:
    return Payment(**(row._asdict() | {"state": PaymentState(row.state)}))
