"""Refunds: our number first, then the books, then an effect that a worker performs as often as it takes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, func, select, update

from core.db import Row, Tx, insert_into
from core.effects import EffectKind, want
from core.errors import InvalidInput, NotFound
from core.ids import new_id, to_base36
from core.messages import Template, tell
from core.money import ledger, payments
from core.money.payments import Payment, PaymentState
from core.money.tables import payment, refund
from core.orders.tables import order


class RefundState(StrEnum):
    """Where a refund stands; stuck means that a person must look."""

    WANTED = "wanted"
    DONE = "done"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class Refund:
    """Money on its way back; `number` is ours at the provider and the same at every try."""

    id: int
    payment_id: int
    order_id: int
    number: str
    reason: str
    state: RefundState
    amount_minor: int
    currency: str
    created_at: datetime
    done_at: datetime | None


_INSERT = insert_into(refund)
_COLUMNS = (
    refund.c.id,
    refund.c.payment_id,
    refund.c.order_id,
    refund.c.number,
    refund.c.reason,
    refund.c.state,
    refund.c.amount_minor,
    refund.c.currency,
    refund.c.created_at,
    refund.c.done_at,
)
_BY_NUMBER = select(*_COLUMNS).where(refund.c.number == bindparam("number"))
_OF_ORDER = select(*_COLUMNS).where(refund.c.order_id == bindparam("order_id")).order_by(refund.c.id)
_GUARD = (  # touched before the sums below are read, so that two refunds of one payment cannot overlap
    update(payment)
    .where(payment.c.id == bindparam("b_id"), payment.c.state == PaymentState.PAID.value)
    .values(state=PaymentState.PAID.value)
)
_SPOKEN_FOR = select(func.coalesce(func.sum(refund.c.amount_minor), 0).label("minor")).where(
    refund.c.payment_id == bindparam("payment_id")
)
_GONE_BACK = _SPOKEN_FOR.where(refund.c.state == RefundState.DONE.value)
_DONE = (
    update(refund)
    .where(refund.c.number == bindparam("b_number"), refund.c.state != RefundState.DONE.value)
    .values(state=RefundState.DONE.value, provider_ref=bindparam("b_ref"), done_at=bindparam("b_now"))
)
_STUCK = (
    update(refund)
    .where(refund.c.number == bindparam("b_number"), refund.c.state == RefundState.WANTED.value)
    .values(state=RefundState.STUCK.value)
)
_WANTED_AGAIN = (
    update(refund)
    .where(refund.c.number == bindparam("b_number"), refund.c.state == RefundState.STUCK.value)
    .values(state=RefundState.WANTED.value)
)
_CUSTOMER = select(order.c.person_id).where(order.c.id == bindparam("order_id"))


def request(tx: Tx, order_id: int, *, amount_minor: int, reason: str, now: datetime) -> tuple[Refund, ...]:
    """Ask for money back out of an order's payments; asking again for the same reason asks for nothing more.

    Raises InvalidInput when the order's payments do not hold that much.
    """
    asked = tuple(made for made in refunds_of(tx, order_id) if made.reason == reason)
    if asked:
        return asked
    wanted: list[Refund] = []
    missing = amount_minor
    for paid in payments.payments_of(tx, order_id):
        if missing > 0 and paid.state is PaymentState.PAID:
            wanted += _request_from(tx, paid, most_minor=missing, reason=reason, now=now)
            missing = amount_minor - sum(made.amount_minor for made in wanted)
    if missing > 0:
        raise InvalidInput(field="amount_minor", order_id=order_id, missing_minor=missing)
    return tuple(wanted)


def request_whole(tx: Tx, paid: Payment, *, reason: str, now: datetime) -> Refund:
    """Ask for all of one payment back, such as one that came late or twice."""
    made = _request_from(tx, paid, most_minor=paid.amount_minor, reason=reason, now=now)
    if not made:
        raise InvalidInput(field="payment_id", payment_id=paid.id)
    return made[0]


def finish(tx: Tx, number: str, provider_ref: str, now: datetime) -> bool:
    """Record that the provider has returned the money and tell the customer; False when that was known already."""
    made = refund_by_number(tx, number)
    if made is None:
        raise NotFound(number=number)
    if not tx.execute(_DONE, {"b_number": number, "b_ref": provider_ref, "b_now": now}):
        return False
    ledger.record_refund_done(
        tx,
        number=number,
        order_id=made.order_id,
        amount_minor=made.amount_minor,
        currency=made.currency,
        now=now,
    )
    paid = payments.payment_by_id(tx, made.payment_id)
    if int(tx.scalar(_GONE_BACK, {"payment_id": paid.id})) == paid.amount_minor:
        payments.mark_refunded(tx, paid.id)
    _tell_customer(tx, made, now)
    return True


def mark_stuck(tx: Tx, number: str) -> bool:
    """Show operators that a refund will not go through by itself."""
    return tx.execute(_STUCK, {"b_number": number}) == 1


def mark_wanted(tx: Tx, number: str) -> bool:
    """Show that a stuck refund is being tried again; False when it was not stuck."""
    return tx.execute(_WANTED_AGAIN, {"b_number": number}) == 1


def refund_by_number(tx: Tx, number: str) -> Refund | None:
    """Return the refund with our number."""
    row = tx.first(_BY_NUMBER, {"number": number})
    return None if row is None else _refund(row)


def refunds_of(tx: Tx, order_id: int) -> tuple[Refund, ...]:
    """Return an order's refunds, oldest first."""
    return tuple(_refund(row) for row in tx.all(_OF_ORDER, {"order_id": order_id}))


def _request_from(tx: Tx, paid: Payment, *, most_minor: int, reason: str, now: datetime) -> list[Refund]:
    tx.execute(_GUARD, {"b_id": paid.id})
    before = [made for made in refunds_of(tx, paid.order_id) if made.payment_id == paid.id]
    same = [made for made in before if made.reason == reason]
    if same:
        return same
    amount = min(most_minor, paid.amount_minor - sum(made.amount_minor for made in before))
    if amount <= 0:
        return []
    refund_id = new_id()
    made = Refund(
        id=refund_id,
        payment_id=paid.id,
        order_id=paid.order_id,
        number="R" + to_base36(refund_id).upper(),
        reason=reason,
        state=RefundState.WANTED,
        amount_minor=amount,
        currency=paid.currency,
        created_at=now,
        done_at=None,
    )
    _write(tx, made, paid)
    return [made]


def _write(tx: Tx, made: Refund, paid: Payment) -> None:
    row = {
        "id": made.id,
        "payment_id": made.payment_id,
        "order_id": made.order_id,
        "number": made.number,
        "reason": made.reason,
        "state": made.state.value,
        "amount_minor": made.amount_minor,
        "currency": made.currency,
        "provider_ref": None,
        "created_at": made.created_at,
        "done_at": None,
    }
    tx.execute(_INSERT, row)
    ledger.record_refund_requested(
        tx,
        number=made.number,
        order_id=made.order_id,
        amount_minor=made.amount_minor,
        currency=made.currency,
        now=made.created_at,
    )
    facts = {
        "provider": paid.provider,
        "payment_number": paid.number,
        "provider_txn": paid.provider_txn,
        "amount_minor": made.amount_minor,
        "currency": made.currency,
    }
    want(tx, EffectKind.REFUND, key=made.number, number=made.number, facts=facts, now_real=made.created_at)


def _tell_customer(tx: Tx, made: Refund, now: datetime) -> None:
    person_id = tx.scalar(_CUSTOMER, {"order_id": made.order_id})
    if person_id is None:
        return
    tell(
        tx,
        person_id,
        Template.REFUND_DONE,
        dedupe=f"refund:{made.number}:{Template.REFUND_DONE}",
        facts={"amount_minor": made.amount_minor, "currency": made.currency},
        order_id=made.order_id,
        now=now,
    )


def _refund(row: Row) -> Refund:
    return Refund(**(row._asdict() | {"state": RefundState(row.state)}))
