"""Whether the books are right: for `check_invariants`, the nightly job and the first hour after a restore."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from sqlalchemy import Select, and_, func, or_, select

from core.db import Tx
from core.money.kinds import AccountKind, JournalKind
from core.money.tables import account, journal, payment, posting, refund
from core.orders.tables import order

_DECIDED: Final = frozenset({"to_pay", "expired", "cancelled", "lapsed", "confirmed", "reviewed"})
"""States in which nothing of a customer's money may still be held for the order."""

_UNBALANCED = (
    select(posting.c.journal_id, posting.c.unit, func.sum(posting.c.amount_minor).label("minor"))
    .group_by(posting.c.journal_id, posting.c.unit)
    .having(func.sum(posting.c.amount_minor) != 0)
)
_HOMELESS = (
    select(posting.c.id)
    .outerjoin(account, and_(account.c.id == posting.c.account_id, account.c.unit == posting.c.unit))
    .where(account.c.id.is_(None))
)
_CACHED_WRONG = (
    select(account.c.id, account.c.balance_minor, func.coalesce(func.sum(posting.c.amount_minor), 0).label("minor"))
    .outerjoin(posting, posting.c.account_id == account.c.id)
    .where(account.c.balance_minor.is_not(None))
    .group_by(account.c.id, account.c.balance_minor)
    .having(account.c.balance_minor != func.coalesce(func.sum(posting.c.amount_minor), 0))
)
_HELD = (
    select(journal.c.order_id, func.sum(posting.c.amount_minor).label("minor"))
    .join(journal, journal.c.id == posting.c.journal_id)
    .join(account, account.c.id == posting.c.account_id)
    .where(account.c.kind == AccountKind.ORDER_HELD.value)
    .group_by(journal.c.order_id)
)
_ORDERS = select(order.c.id, order.c.state, order.c.total_minor)
_PAID_IN = (
    select(payment.c.order_id, func.sum(payment.c.amount_minor).label("minor"))
    .where(or_(payment.c.state == "paid", payment.c.state == "refunded"))
    .group_by(payment.c.order_id)
)
_PROMISED_BACK = select(refund.c.order_id, func.sum(refund.c.amount_minor).label("minor")).group_by(refund.c.order_id)
_GONE_BACK = _PROMISED_BACK.where(refund.c.state == "done")


def _booked(account_kind: AccountKind, journal_kind: JournalKind) -> Select[tuple[int, int]]:
    return (
        select(journal.c.order_id, func.sum(posting.c.amount_minor).label("minor"))
        .join(journal, journal.c.id == posting.c.journal_id)
        .join(account, account.c.id == posting.c.account_id)
        .where(account.c.kind == account_kind.value, journal.c.kind == journal_kind.value)
        .group_by(journal.c.order_id)
    )


_BOOKED_IN = _booked(AccountKind.PROVIDER_CLEARING, JournalKind.PAYMENT)
_BOOKED_PROMISED = _booked(AccountKind.ORDER_HELD, JournalKind.REFUND_REQUESTED)
_BOOKED_BACK = _booked(AccountKind.REFUND_PENDING, JournalKind.REFUND_DONE)


def check(tx: Tx) -> list[str]:
    """Return a sentence for every way in which the books are wrong; nothing when they are right."""
    return [*_journals(tx), *_held(tx), *_rows_against_books(tx)]


def _journals(tx: Tx) -> Iterable[str]:
    for row in tx.all(_UNBALANCED):
        yield f"journal {row.journal_id} sums to {row.minor} {row.unit}"
    for row in tx.all(_HOMELESS):
        yield f"posting {row.id} has no account of its unit"
    for row in tx.all(_CACHED_WRONG):
        yield f"account {row.id} says {row.balance_minor}, its postings say {row.minor}"


def _held(tx: Tx) -> Iterable[str]:
    held = _by_order(tx, _HELD)
    for row in tx.all(_ORDERS):
        due = 0 if row.state in _DECIDED else -row.total_minor
        if held[row.id] != due:
            yield f"order {row.id} ({row.state}) holds {held[row.id]} instead of {due}"


def _rows_against_books(tx: Tx) -> Iterable[str]:
    pairs = (
        ("payments", _PAID_IN, _BOOKED_IN),
        ("refunds asked for", _PROMISED_BACK, _BOOKED_PROMISED),
        ("refunds done", _GONE_BACK, _BOOKED_BACK),
    )
    for name, rows, books in pairs:
        said, booked = _by_order(tx, rows), _by_order(tx, books)
        for order_id in said.keys() | booked.keys():
            if said[order_id] != booked[order_id]:
                yield f"order {order_id}: {name} {said[order_id]}, books {booked[order_id]}"


def _by_order(tx: Tx, statement: Select[tuple[int, int]]) -> dict[int, int]:
    sums: dict[int, int] = defaultdict(int)
    for row in tx.all(statement):
        sums[row.order_id] = int(row.minor)
    return sums
