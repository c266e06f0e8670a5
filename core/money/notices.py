"""What payment providers tell us: kept first, word for word and sealed, and each event acted upon once."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, update

from core.db import Tx, insert_into
from core.ids import new_id
from core.money.tables import provider_event

RAW_PURPOSE = "provider.event"


class NoticeKind(StrEnum):
    """What a notice says happened at the provider."""

    CREATED = "created"
    PAID = "paid"
    REFUNDED = "refunded"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class ProviderNotice:
    """One event at a provider, its signature already verified.

    `number` is ours: of the payment, or of the refund when the kind is refunded. `event_id` is unique at the provider.
    """

    provider: str
    event_id: str
    number: str
    provider_txn: str
    kind: NoticeKind
    amount_minor: int
    currency: str
    merchant: str
    at: datetime


_INSERT = insert_into(provider_event)
_HANDLED = (
    update(provider_event)
    .where(provider_event.c.id == bindparam("b_id"))
    .values(outcome=bindparam("b_outcome"), handled_at=bindparam("b_now"))
)


def keep(tx: Tx, notice: ProviderNotice, *, raw: bytes, now: datetime) -> int | None:
    """Keep a notice as it came, sealed; None when this event is known already."""
    event_id = new_id()
    row = {
        "id": event_id,
        "provider": notice.provider,
        "event_id": notice.event_id,
        "number": notice.number,
        "raw_sealed": tx.vault.house_key.seal(raw, RAW_PURPOSE),
        "outcome": None,
        "received_at": now,
        "handled_at": None,
    }
    return event_id if tx.insert_if_new(_INSERT, row) else None


def handled(tx: Tx, event_row_id: int, outcome: str, now: datetime) -> None:
    """Write down what a kept notice led to."""
    tx.execute(_HANDLED, {"b_id": event_row_id, "b_outcome": outcome, "b_now": now})
