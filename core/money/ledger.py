"""The books: double entry, append-only. Every journal sums to zero per unit and happens once per (kind, reference).

Amounts are whole minor units; what we have or spend is positive, what we owe or earn is negative. A mistake is
corrected by a reversing journal alone: the database refuses UPDATE and DELETE (core.money.triggers).
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from sqlalchemy import bindparam, func, select

from core.db import Tx, insert_into
from core.errors import InvalidInput, NotFound
from core.ids import new_id
from core.money.books import check
from core.money.kinds import HOUSE, AccountKind, JournalKind
from core.money.payments import Payment
from core.money.pricing import Quote
from core.money.shares import shares
from core.money.tables import account, journal, posting

Owned = tuple[AccountKind, int]
"""An account's kind and owner."""


class Earned(Protocol):
    """What the ledger needs to know of a confirmed order."""

    @property
    def id(self) -> int:
        """The order's id."""
        ...

    @property
    def crew_ids(self) -> tuple[int, ...]:
        """Who did the work, the one who led first."""
        ...

    @property
    def quote(self) -> Quote:
        """What was shown and charged."""
        ...


_INSERT_ACCOUNT = insert_into(account)
_INSERT_JOURNAL = insert_into(journal)
_INSERT_POSTING = insert_into(posting)
_ACCOUNT = select(account.c.id).where(
    account.c.kind == bindparam("kind"),
    account.c.owner_id == bindparam("owner_id"),
    account.c.unit == bindparam("unit"),
)
_BALANCE = (
    select(func.coalesce(func.sum(posting.c.amount_minor), 0).label("minor"))
    .join(account, account.c.id == posting.c.account_id)
    .where(
        account.c.kind == bindparam("kind"),
        account.c.owner_id == bindparam("owner_id"),
        account.c.unit == bindparam("unit"),
    )
)
_JOURNAL = select(journal.c.id, journal.c.kind, journal.c.order_id).where(journal.c.id == bindparam("id"))
_LINES_OF = (
    select(account.c.kind, account.c.owner_id, posting.c.unit, posting.c.amount_minor)
    .join(account, account.c.id == posting.c.account_id)
    .where(posting.c.journal_id == bindparam("journal_id"))
)
_FIND = select(journal.c.id).where(journal.c.kind == bindparam("kind"), journal.c.reference == bindparam("reference"))


def post(
    tx: Tx,
    *,
    kind: JournalKind,
    reference: str,
    lines: Mapping[Owned, int],
    unit: str,
    order_id: int | None,
    now: datetime,
    reverses_id: int | None = None,
) -> bool:
    """Record one journal whose lines sum to zero; False when this (kind, reference) is recorded already."""
    if sum(lines.values()) != 0:
        raise InvalidInput(field="lines", kind=kind.value, sum_minor=sum(lines.values()))
    journal_id = new_id()
    head = {
        "id": journal_id,
        "kind": kind.value,
        "reference": reference,
        "order_id": order_id,
        "reverses_id": reverses_id,
        "at": now,
    }
    if not tx.insert_if_new(_INSERT_JOURNAL, head):
        return False
    for (account_kind, owner_id), minor in lines.items():
        if minor:
            line = {
                "id": new_id(),
                "journal_id": journal_id,
                "account_id": _account(tx, account_kind, owner_id, unit),
                "amount_minor": minor,
                "unit": unit,
            }
            tx.execute(_INSERT_POSTING, line)
    return True


def record_payment(tx: Tx, paid: Payment, now: datetime) -> bool:
    """Record that a customer's money for an order has come in."""
    lines = {
        (AccountKind.PROVIDER_CLEARING, HOUSE): paid.amount_minor,
        (AccountKind.ORDER_HELD, HOUSE): -paid.amount_minor,
    }
    reference = str(paid.id)
    return post(
        tx,
        kind=JournalKind.PAYMENT,
        reference=reference,
        lines=lines,
        unit=paid.currency,
        order_id=paid.order_id,
        now=now,
    )


def record_parked(
    tx: Tx, *, reference: str, amount_minor: int, currency: str, order_id: int | None, now: datetime
) -> bool:
    """Record money that came in and fits nothing we asked for."""
    lines = {(AccountKind.PROVIDER_CLEARING, HOUSE): amount_minor, (AccountKind.SUSPENSE, HOUSE): -amount_minor}
    return post(
        tx, kind=JournalKind.PARKED, reference=reference, lines=lines, unit=currency, order_id=order_id, now=now
    )


def record_refund_requested(
    tx: Tx, *, number: str, order_id: int, amount_minor: int, currency: str, now: datetime
) -> bool:
    """Record that money held for an order is promised back."""
    lines = {(AccountKind.ORDER_HELD, HOUSE): amount_minor, (AccountKind.REFUND_PENDING, HOUSE): -amount_minor}
    return post(
        tx, kind=JournalKind.REFUND_REQUESTED, reference=number, lines=lines, unit=currency, order_id=order_id, now=now
    )


def record_refund_done(tx: Tx, *, number: str, order_id: int, amount_minor: int, currency: str, now: datetime) -> bool:
    """Record that promised money has gone back."""
    lines = {(AccountKind.REFUND_PENDING, HOUSE): amount_minor, (AccountKind.PROVIDER_CLEARING, HOUSE): -amount_minor}
    return post(
        tx, kind=JournalKind.REFUND_DONE, reference=number, lines=lines, unit=currency, order_id=order_id, now=now
    )


def record_income(tx: Tx, order: Earned, now: datetime) -> bool:
    """Divide a confirmed order's money: the technicians' income, the platform's commission, the coupon's cost."""
    quote = order.quote
    lines: dict[Owned, int] = {
        (AccountKind.ORDER_HELD, HOUSE): quote.total_minor,
        (AccountKind.COUPON_COST, HOUSE): quote.discount_minor,
        **_payable(order, quote.income_minor),
        (AccountKind.COMMISSION, HOUSE): -quote.commission_minor,
    }
    return post(
        tx,
        kind=JournalKind.INCOME,
        reference=str(order.id),
        lines=lines,
        unit=quote.currency,
        order_id=order.id,
        now=now,
    )


def record_kept(tx: Tx, order: Earned, kept_minor: int, now: datetime) -> bool:
    """Record what a late cancel leaves to the technicians; False when nothing is kept or it is recorded already."""
    if kept_minor <= 0:
        return False
    lines: dict[Owned, int] = {(AccountKind.ORDER_HELD, HOUSE): kept_minor, **_payable(order, kept_minor)}
    return post(
        tx,
        kind=JournalKind.KEPT,
        reference=str(order.id),
        lines=lines,
        unit=order.quote.currency,
        order_id=order.id,
        now=now,
    )


def record_compensation(
    tx: Tx, *, order_id: int, person_id: int, amount_minor: int, currency: str, now: datetime
) -> bool:
    """Record what we owe a customer beyond the refund because nobody came; once per order."""
    lines = {
        (AccountKind.COMPENSATION_COST, HOUSE): amount_minor,
        (AccountKind.CUSTOMER_PAYABLE, person_id): -amount_minor,
    }
    return post(
        tx,
        kind=JournalKind.COMPENSATION,
        reference=str(order_id),
        lines=lines,
        unit=currency,
        order_id=order_id,
        now=now,
    )


def record_settlement_paid(
    tx: Tx, *, settlement_id: int, technician_id: int, amount_minor: int, currency: str, now: datetime
) -> bool:
    """Record that a technician's settled income has left our bank account."""
    lines = {
        (AccountKind.TECHNICIAN_PAYABLE, technician_id): amount_minor,
        (AccountKind.BANK, HOUSE): -amount_minor,
    }
    return post(
        tx,
        kind=JournalKind.SETTLEMENT_PAID,
        reference=f"{settlement_id}:{technician_id}",
        lines=lines,
        unit=currency,
        order_id=None,
        now=now,
    )


def reverse(tx: Tx, journal_id: int, *, now: datetime) -> bool:
    """Undo a journal by its mirror image, once; NotFound when there is no such journal."""
    head = tx.first(_JOURNAL, {"id": journal_id})
    if head is None:
        raise NotFound(journal_id=journal_id)
    mirror: dict[Owned, int] = defaultdict(int)
    unit = ""
    for line in tx.all(_LINES_OF, {"journal_id": journal_id}):
        mirror[AccountKind(line.kind), line.owner_id] -= line.amount_minor
        unit = line.unit
    return post(
        tx,
        kind=JournalKind.REVERSAL,
        reference=str(journal_id),
        lines=mirror,
        unit=unit,
        order_id=head.order_id,
        now=now,
        reverses_id=journal_id,
    )


def journal_of(tx: Tx, kind: JournalKind, reference: str) -> int | None:
    """Return the id of the journal recorded for this kind and reference."""
    found: int | None = tx.scalar(_FIND, {"kind": kind.value, "reference": reference})
    return found


def balance(tx: Tx, kind: AccountKind, owner_id: int, unit: str) -> int:
    """Return an account's balance in minor units of `unit`: the sum of its postings."""
    return int(tx.scalar(_BALANCE, {"kind": kind.value, "owner_id": owner_id, "unit": unit}))


def _payable(order: Earned, minor: int) -> dict[Owned, int]:
    """Return what is owed to each who did the work."""
    if not order.crew_ids:
        raise InvalidInput(field="technician_id", order_id=order.id)
    parts = shares(minor, order.crew_ids)
    return {(AccountKind.TECHNICIAN_PAYABLE, technician_id): -part for technician_id, part in parts.items()}


def _account(tx: Tx, kind: AccountKind, owner_id: int, unit: str) -> int:
    """Return an account's id; the unique key settles who opens it when two try."""
    key = {"kind": kind.value, "owner_id": owner_id, "unit": unit}
    found: int | None = tx.scalar(_ACCOUNT, key)
    if found is None:
        tx.insert_if_new(_INSERT_ACCOUNT, key | {"id": new_id(), "balance_minor": None, "floor_minor": None})
        found = tx.scalar(_ACCOUNT, key)
    return int(found or 0)


__all__ = [
    "HOUSE",
    "AccountKind",
    "Earned",
    "JournalKind",
    "Owned",
    "balance",
    "check",
    "journal_of",
    "post",
    "record_compensation",
    "record_income",
    "record_kept",
    "record_parked",
    "record_payment",
    "record_refund_done",
    "record_refund_requested",
    "record_settlement_paid",
    "reverse",
]
