"""What comes from outside the talk: a payment, a platform's word, a lease that is over."""

from datetime import UTC, datetime, timedelta

from core.db import Tx
from core.messages import MessageState, outbox
from core.money import payments
from core.orders import paying
from core.orders.moves import Order
from tests.visits import MERCHANT


def provider_tells_paid(tx: Tx, *, order: Order, now: datetime) -> None:
    """Note that the order was paid."""
    payment = payments.live_payment(tx, order.id)
    assert payment is not None
    notice = paying.ProviderNotice(
        provider="sandbox",
        event_id=f"event-{payment.id}",
        number=payment.number,
        provider_txn=f"txn-{payment.id}",
        kind=paying.NoticeKind.PAID,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        merchant=MERCHANT,
        at=now,
    )
    paying.take_notice(tx, notice, raw=b"{}", expected_merchant=MERCHANT, now=now)


def platform_took(tx: Tx, *, message_id: int, lease: int, now: datetime) -> None:
    """Note, as a door does, that the platform took the message."""
    assert outbox.note(
        tx, message_id, lease=lease, state=MessageState.SENT, now=now, again_at=None, ref=f"sent-{message_id}"
    )


def after_leases() -> datetime:
    """A real time at which the doors' leases are over."""
    return datetime.now(UTC) + timedelta(minutes=5)
