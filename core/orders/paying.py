"""What a provider's notice does to an order. The final state depends on the facts, never on the order of arrival.

Money that fits is booked; money that comes late takes its slot again if that is free and goes back otherwise; money
that comes twice goes back; money that is not what was asked for is parked, and a person must look.
"""

import hashlib
import logging
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import bindparam, update

from core import audit
from core.calendar import NotBookable, SlotTaken
from core.calendar.occupations import guard
from core.crash import crash_point
from core.db import CandidateLost, Tx
from core.dispatch.offering import ask_crew
from core.errors import PersonErased
from core.messages import Template, tell
from core.money import coupons, ledger, notices, payments, refunds
from core.money.coupons import CouponGone
from core.money.notices import NoticeKind, ProviderNotice
from core.money.payments import Payment
from core.orders.moves import Actor, ActorKind, Order, load, move
from core.orders.retaking import retake
from core.orders.states import OrderEvent, OrderState
from core.orders.tables import order as order_table
from core.orders.telling import tell_customer

_PROVIDER: Final = Actor(ActorKind.PROVIDER)
_log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What a notice led to; also what the kept event says."""

    BOOKED = "booked"
    REVIVED = "revived"
    REFUND_LATE = "refund_late"
    REFUND_TWICE = "refund_twice"
    REFUND_DONE = "refund_done"
    PARKED = "parked"
    UNKNOWN = "unknown"
    NOTED = "noted"
    REPEAT = "repeat"


_LOCK = (  # touched before anything is read: notices of one order are taken one after the other
    update(order_table).where(order_table.c.id == bindparam("b_id")).values(version=order_table.c.version)
)


def take_notice(tx: Tx, notice: ProviderNotice, *, raw: bytes, expected_merchant: str, now: datetime) -> Outcome:
    """Keep a verified notice and act on it, once per event; what it led to."""
    event_row_id = notices.keep(tx, notice, raw=raw, now=now)
    if event_row_id is None:
        return Outcome.REPEAT
    if notice.kind is NoticeKind.PAID:
        outcome = _paid(tx, notice, expected_merchant=expected_merchant, now=now)
    elif notice.kind is NoticeKind.REFUNDED:
        outcome = _refunded(tx, notice, expected_merchant=expected_merchant, now=now)
    else:
        outcome = Outcome.NOTED
    notices.handled(tx, event_row_id, outcome, now)
    crash_point("payment.noticed")
    return outcome


def _paid(tx: Tx, notice: ProviderNotice, *, expected_merchant: str, now: datetime) -> Outcome:
    payment = payments.payment_by_number(tx, notice.number)
    if payment is None or notice.merchant != expected_merchant:
        return _set_aside(tx, notice, payment, ours=notice.merchant == expected_merchant, now=now)
    _lock(tx, payment.order_id)
    known = payments.payment_by_txn(tx, notice.provider, notice.provider_txn)
    if known is not None and known.order_id == payment.order_id:
        return Outcome.REPEAT
    fits = notice.amount_minor == payment.amount_minor and notice.currency == payment.currency
    if known is not None or not fits:
        return _set_aside(tx, notice, payment, ours=True, now=now)
    provider, txn = notice.provider, notice.provider_txn
    if payments.take_money(tx, payment.id, provider=provider, provider_txn=txn, now=now):
        taken = payments.payment_by_id(tx, payment.id)
    else:
        taken = payments.take_stray(tx, payment, provider=provider, provider_txn=txn, now=now)
    ledger.record_payment(tx, taken, now)
    return _book(tx, load(tx, payment.order_id), taken, now)


def _lock(tx: Tx, order_id: int) -> None:
    """Lock the order; when it has expired and may need its slot again, its technicians first (design 2: lock order)."""
    order = load(tx, order_id)
    if order.state is OrderState.EXPIRED:
        guard(tx, order.crew_ids)
    tx.execute(_LOCK, {"b_id": order_id})
    if order.state is not OrderState.EXPIRED and load(tx, order_id).state is OrderState.EXPIRED:
        raise CandidateLost(("unexpired", order_id))  # it expired while this waited: again, technicians first


def _book(tx: Tx, order: Order, taken: Payment, now: datetime) -> Outcome:
    payments.expire(tx, order.id)  # no second link stays open
    if order.state is OrderState.TO_PAY:
        paid = move(
            tx, order, OrderEvent.PAID, actor=_PROVIDER, now=now, facts={"payment_id": str(taken.id)}, decide_by=None
        )
        _go_on(tx, paid, taken, Template.PAYMENT_RECEIVED, now)
        return Outcome.BOOKED
    if order.state is OrderState.EXPIRED and _revive(tx, order, taken, now):
        return Outcome.REVIVED
    late = order.state in (OrderState.EXPIRED, OrderState.CANCELLED) and not _paid_before(tx, taken)
    reason, template = ("late", Template.PAID_LATE_REFUNDED) if late else ("twice", Template.PAID_TWICE_REFUNDED)
    refunds.request_whole(tx, taken, reason=reason, now=now)
    _tell_back(tx, order, taken, template, now)
    return Outcome.REFUND_LATE if late else Outcome.REFUND_TWICE


def _revive(tx: Tx, order: Order, taken: Payment, now: datetime) -> bool:
    """Take the slot of an expired order again, with its coupon; False when either is gone."""
    try:
        with tx.savepoint():
            retake(tx, order, now=now)
            revived = move(
                tx,
                order,
                OrderEvent.PAID_LATE,
                actor=_PROVIDER,
                now=now,
                facts={"payment_id": str(taken.id)},
                decide_by=None,
            )
    except (SlotTaken, NotBookable, CouponGone, PersonErased):
        return False
    _go_on(tx, revived, taken, Template.PAID_LATE_REVIVED, now)
    return True


def _go_on(tx: Tx, order: Order, taken: Payment, template: Template, now: datetime) -> None:
    """What follows a good payment: the coupon is spent, the customer is told, its technicians are asked."""
    coupons.mark_used(tx, order.id, now)
    tell_customer(tx, order, template, now=now, amount_minor=taken.amount_minor, currency=taken.currency)
    ask_crew(tx, order, now)  # who was chosen, or the best of anyone: either way their time is occupied


def _paid_before(tx: Tx, taken: Payment) -> bool:
    """Whether another payment of the order had come in before this one."""
    return any(other.paid_at is not None and other.id != taken.id for other in payments.payments_of(tx, taken.order_id))


def _tell_back(tx: Tx, order: Order, taken: Payment, template: Template, now: datetime) -> None:
    tell(
        tx,
        order.person_id,
        template,
        dedupe=f"payment:{taken.id}:{template}",  # each payment sent back is told by itself
        facts={"amount_minor": taken.amount_minor, "currency": taken.currency},
        order_id=order.id,
        order_version=order.version,
        now=now,
    )


def _refunded(tx: Tx, notice: ProviderNotice, *, expected_merchant: str, now: datetime) -> Outcome:
    refund = refunds.refund_by_number(tx, notice.number)
    if refund is None:
        _case(tx, notice, "refund.unasked", None, now)
        return Outcome.UNKNOWN
    fits = (refund.amount_minor, refund.currency, expected_merchant) == (
        notice.amount_minor,
        notice.currency,
        notice.merchant,
    )
    if not fits:
        _case(tx, notice, "refund.parked", refund.order_id, now)
        return Outcome.PARKED
    finished = refunds.finish(tx, notice.number, notice.provider_txn, now)
    return Outcome.REFUND_DONE if finished else Outcome.REPEAT


def _set_aside(tx: Tx, notice: ProviderNotice, payment: Payment | None, *, ours: bool, now: datetime) -> Outcome:
    """Park money that fits nothing we asked for: the order stays as it is and operators see a case."""
    order_id = None if payment is None else payment.order_id
    if ours:
        ledger.record_parked(
            tx,
            reference=hashlib.sha256(f"{notice.provider}:{notice.provider_txn}".encode()).hexdigest(),
            amount_minor=notice.amount_minor,
            currency=notice.currency,
            order_id=order_id,
            now=now,
        )
        if payment is not None:
            payments.park(tx, payment.id)
    _case(tx, notice, "payment.unknown" if payment is None else "payment.parked", order_id, now)
    return Outcome.UNKNOWN if payment is None else Outcome.PARKED


def _case(tx: Tx, notice: ProviderNotice, action: str, order_id: int | None, now: datetime) -> None:
    facts = {
        "provider": notice.provider,
        "event_id": notice.event_id,
        "number": notice.number,
        "amount_minor": notice.amount_minor,
        "currency": notice.currency,
        "merchant": notice.merchant,
    }
    audit.note(tx, action, actor_id=None, subject_kind="order", subject_id=order_id, facts=facts, now=now)
    _log.warning("%s", action, extra={"provider": notice.provider, "number": notice.number})


__all__ = ["NoticeKind", "Outcome", "ProviderNotice", "take_notice"]
