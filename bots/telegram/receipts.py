"""What Telegram tells of a payment: as the notice of a provider, and on record where it cannot be booked."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Final

from bots.telegram.reading import Paid
from core import audit
from core.db import Tx
from core.money import notices
from core.money.notices import NoticeKind, ProviderNotice
from core.orders.paying import Outcome

PROVIDER: Final = "telegram"
_MOST_TXN: Final = 64


def notice_of(paid: Paid, account: str) -> ProviderNotice:
    """Return what was paid to a bot as the notice of a provider."""
    return ProviderNotice(
        provider=PROVIDER,
        event_id=_short(paid.charge_id),
        number=paid.number[:32] if is_plain(paid.number) else "",
        provider_txn=_short(paid.provider_charge_id or paid.charge_id),
        kind=NoticeKind.PAID,
        amount_minor=paid.amount_minor,
        currency=paid.currency,
        merchant=account,
        at=paid.at,
    )


def _short(number: str) -> str:
    """Return a number as it can be kept: a longer one than any provider has used so far by its hash."""
    is_usual = is_plain(number) and 0 < len(number) <= _MOST_TXN
    return number if is_usual else hashlib.sha256(number.encode("utf-8", "replace")).hexdigest()


def is_plain(number: str) -> bool:
    """Tell whether this can be a number of ours: some databases refuse to look for anything else."""
    return number.isascii() and number.isprintable()


def raw_of(paid: Paid) -> bytes:
    """Return what Telegram told, as it is kept."""
    return json.dumps(
        {
            "invoice_payload": paid.number,
            "total_amount": paid.amount_minor,
            "currency": paid.currency,
            "telegram_payment_charge_id": paid.charge_id,
            "provider_payment_charge_id": paid.provider_charge_id,
            "date": paid.at.astimezone(UTC).isoformat(),
            **({"told": paid.odd} if paid.odd else {}),
        }
    ).encode()


def put_on_record(tx: Tx, notice: ProviderNotice, *, raw: bytes, now: datetime, odd: str = "") -> Outcome:
    """Keep a payment that could not be booked where operators see it."""
    kept = notices.keep(tx, notice, raw=raw, now=now)
    if kept is None:
        return Outcome.REPEAT
    facts = {
        "provider": notice.provider, "event_id": notice.event_id, "number": notice.number,
        "amount_minor": notice.amount_minor, "currency": notice.currency,
    } | ({"told": odd} if odd else {})  # fmt: skip
    audit.note(tx, "payment.unknown", actor_id=None, subject_kind="order", subject_id=None, facts=facts, now=now)
    notices.handled(tx, kept, Outcome.UNKNOWN, now)
    return Outcome.UNKNOWN
