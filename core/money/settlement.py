"""Settlements: what a store owes its technicians up to a day, closed by one operator and paid by another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import Final

from sqlalchemy import bindparam, exists, func, or_, select, update

from core.audit import note
from core.audit.tables import operator as operator_table
from core.db import Row, Tx, UniqueViolation, insert_into
from core.errors import BookingError, InvalidInput, NotFound, StateConflict
from core.ids import new_id
from core.messages import Template, tell
from core.money import ledger
from core.money.kinds import AccountKind, JournalKind
from core.money.pricing import Quote
from core.money.shares import share_of
from core.money.tables import account, journal, posting, settlement, settlement_line
from core.orders.tables import order
from core.stores.tables import store
from core.technicians.tables import technician

_PAYERS: Final = ("admin", "finance")


class SelfApproval(BookingError):
    """Who closed a settlement does not also pay it while there is somebody else who may (ASVS 2.3.5)."""

    code = "self_approval"


class NothingToSettle(BookingError):
    """Up to that moment nothing is owed that is not settled already."""

    code = "nothing_to_settle"


class SettlementState(StrEnum):
    """Closed: the figures are fixed. Paid: the money has left the bank."""

    CLOSED = "closed"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class SettlementLine:
    """One technician's part of an order: service less commission plus fare; of a late cancel what was kept, as fare."""

    technician_id: int
    order_id: int
    service_minor: int
    fare_minor: int
    commission_minor: int
    income_minor: int


@dataclass(frozen=True, slots=True)
class TechnicianTotal:
    """What one technician gets out of a settlement."""

    technician_id: int
    orders: int
    service_minor: int
    fare_minor: int
    commission_minor: int
    income_minor: int


@dataclass(frozen=True, slots=True)
class Settlement:
    """A store's settlement; without id and state it is a preview."""

    id: int | None
    store_id: int
    currency: str
    state: SettlementState | None
    until_at: datetime
    total_minor: int
    lines: tuple[SettlementLine, ...]
    closed_by: int | None = None
    closed_at: datetime | None = None
    paid_by: int | None = None
    paid_at: datetime | None = None

    def totals(self) -> tuple[TechnicianTotal, ...]:
        """Return the sums per technician, by technician."""
        by_technician = attrgetter("technician_id")
        grouped = groupby(sorted(self.lines, key=by_technician), key=by_technician)
        return tuple(_total(technician_id, tuple(lines)) for technician_id, lines in grouped)


_INSERT = insert_into(settlement)
_INSERT_LINE = insert_into(settlement_line)
_CURRENCY = select(store.c.currency).where(store.c.id == bindparam("store_id"))
_OWED = (
    select(
        order.c.id.label("order_id"),
        order.c.quote,
        order.c.technician_id.label("lead_id"),
        order.c.companion_id,
        account.c.owner_id.label("technician_id"),
        journal.c.kind,
        posting.c.amount_minor,
    )
    .join(journal, journal.c.order_id == order.c.id)
    .join(posting, posting.c.journal_id == journal.c.id)
    .join(account, account.c.id == posting.c.account_id)
    .where(
        order.c.store_id == bindparam("store_id"),
        journal.c.at < bindparam("until_at"),
        account.c.kind == AccountKind.TECHNICIAN_PAYABLE.value,
        account.c.unit == bindparam("currency"),
        ~exists().where(settlement_line.c.order_id == order.c.id),
    )
    .order_by(order.c.id, account.c.owner_id)
)
_COLUMNS = tuple(settlement.c)
_BY_ID = select(*_COLUMNS).where(settlement.c.id == bindparam("id"))
_NO_LIMIT = (1 << 63) - 1
_ALL = (
    select(*_COLUMNS)
    .where(settlement.c.id < bindparam("before"))
    .order_by(settlement.c.id.desc())
    .limit(bindparam("most"))
)
_LINES = (
    select(
        settlement_line.c.technician_id,
        settlement_line.c.order_id,
        settlement_line.c.service_minor,
        settlement_line.c.fare_minor,
        settlement_line.c.commission_minor,
        settlement_line.c.income_minor,
    )
    .where(settlement_line.c.settlement_id == bindparam("settlement_id"))
    .order_by(settlement_line.c.id)
)
_PAY = (
    update(settlement)
    .where(settlement.c.id == bindparam("b_id"), settlement.c.state == SettlementState.CLOSED.value)
    .values(state=SettlementState.PAID.value, paid_by=bindparam("b_by"), paid_at=bindparam("b_now"))
)
_OTHER_PAYERS = select(func.count().label("n")).where(
    or_(*(operator_table.c.role == role for role in _PAYERS)),
    operator_table.c.disabled_at.is_(None),
    operator_table.c.id != bindparam("operator_id"),
)
_PERSON = select(technician.c.person_id).where(technician.c.id == bindparam("technician_id"))


def preview(tx: Tx, store_id: int, until_at: datetime) -> Settlement:
    """Show what a settlement up to a moment would hold; run it in a read unit, whose snapshot agrees with itself."""
    currency = tx.scalar(_CURRENCY, {"store_id": store_id})
    if currency is None:
        raise NotFound(store_id=store_id)
    owed = tx.all(_OWED, {"store_id": store_id, "until_at": until_at, "currency": currency})
    grouped = groupby(owed, key=lambda row: (row.order_id, row.technician_id))
    found = tuple(line for _, rows in grouped if (line := _line(tuple(rows))) is not None)
    return Settlement(
        id=None,
        store_id=store_id,
        currency=currency,
        state=None,
        until_at=until_at,
        total_minor=sum(line.income_minor for line in found),
        lines=found,
    )


def close(tx: Tx, store_id: int, until_at: datetime, *, operator_id: int, now: datetime) -> Settlement:
    """Fix a settlement: its orders are in no other one. NothingToSettle; StateConflict when another close was first."""
    if until_at > now:
        raise InvalidInput(field="until_at")
    seen = preview(tx, store_id, until_at)
    if not seen.lines:
        raise NothingToSettle(store_id=store_id)
    settlement_id = new_id()
    row = {
        "id": settlement_id,
        "store_id": store_id,
        "currency": seen.currency,
        "state": SettlementState.CLOSED.value,
        "until_at": until_at,
        "total_minor": seen.total_minor,
        "closed_by": operator_id,
        "closed_at": now,
        "paid_by": None,
        "paid_at": None,
    }
    try:
        with tx.savepoint():
            tx.execute(_INSERT, row)
            tx.execute_many(_INSERT_LINE, (_line_row(settlement_id, line) for line in seen.lines))
    except UniqueViolation:
        raise StateConflict(store_id=store_id) from None
    _note(tx, "settlement.closed", settlement_id, operator_id, seen.total_minor, now)
    return settlement_of(tx, settlement_id)


def mark_paid(tx: Tx, settlement_id: int, *, operator_id: int, now: datetime) -> Settlement:
    """Record that a closed settlement is paid and tell the technicians. SelfApproval; StateConflict if paid already."""
    closed = settlement_of(tx, settlement_id)
    if closed.closed_by == operator_id and tx.scalar(_OTHER_PAYERS, {"operator_id": operator_id}):
        raise SelfApproval(settlement_id=settlement_id)
    if not tx.execute(_PAY, {"b_id": settlement_id, "b_by": operator_id, "b_now": now}):
        raise StateConflict(settlement_id=settlement_id)
    for total in closed.totals():
        ledger.record_settlement_paid(
            tx,
            settlement_id=settlement_id,
            technician_id=total.technician_id,
            amount_minor=total.income_minor,
            currency=closed.currency,
            now=now,
        )
        _tell(tx, settlement_id, total, closed.currency, now)
    _note(tx, "settlement.paid", settlement_id, operator_id, closed.total_minor, now)
    return settlement_of(tx, settlement_id)


def settlement_of(tx: Tx, settlement_id: int) -> Settlement:
    """Return a settlement with its lines; NotFound when there is none."""
    row = tx.first(_BY_ID, {"id": settlement_id})
    if row is None:
        raise NotFound(settlement_id=settlement_id)
    return _settlement(row, lines(tx, settlement_id))


def settlements(tx: Tx, *, before_id: int | None = None, most: int = 50) -> tuple[Settlement, ...]:
    """Return the latest settlements without their lines, newest first; `before_id` continues a page."""
    rows = tx.all(_ALL, {"before": before_id or _NO_LIMIT, "most": most})
    return tuple(_settlement(row, ()) for row in rows)


def lines(tx: Tx, settlement_id: int) -> tuple[SettlementLine, ...]:
    """Return a settlement's lines, one for each who made a visit."""
    return tuple(SettlementLine(*row) for row in tx.all(_LINES, {"settlement_id": settlement_id}))


def _line(rows: tuple[Row, ...]) -> SettlementLine | None:
    """Make one technician's line out of an order's postings; none when they have been reversed to nothing."""
    income = -sum(row.amount_minor for row in rows)
    if not income:
        return None
    first = rows[0]
    served = any(row.kind == JournalKind.INCOME for row in rows)
    quote = Quote.from_json(first.quote)
    crew = tuple(one for one in (first.lead_id, first.companion_id) if one is not None)
    whole = (quote.service_minor, quote.commission_minor) if served else (0, 0)
    service, commission = (share_of(minor, first.technician_id, crew) for minor in whole)
    return SettlementLine(
        technician_id=first.technician_id,
        order_id=first.order_id,
        service_minor=service,
        fare_minor=income - service + commission,
        commission_minor=commission,
        income_minor=income,
    )


def _line_row(settlement_id: int, line: SettlementLine) -> dict[str, int]:
    return {
        "id": new_id(),
        "settlement_id": settlement_id,
        "technician_id": line.technician_id,
        "order_id": line.order_id,
        "service_minor": line.service_minor,
        "fare_minor": line.fare_minor,
        "commission_minor": line.commission_minor,
        "income_minor": line.income_minor,
    }


def _total(technician_id: int, found: Iterable[SettlementLine]) -> TechnicianTotal:
    of_one = tuple(found)
    return TechnicianTotal(
        technician_id=technician_id,
        orders=len(of_one),
        service_minor=sum(line.service_minor for line in of_one),
        fare_minor=sum(line.fare_minor for line in of_one),
        commission_minor=sum(line.commission_minor for line in of_one),
        income_minor=sum(line.income_minor for line in of_one),
    )


def _tell(tx: Tx, settlement_id: int, total: TechnicianTotal, currency: str, now: datetime) -> None:
    person_id = tx.scalar(_PERSON, {"technician_id": total.technician_id})
    if person_id is None:
        return
    tell(
        tx,
        person_id,
        Template.SETTLEMENT_PAID,
        dedupe=f"settlement:{settlement_id}:{total.technician_id}",
        facts={"settlement_id": str(settlement_id), "amount_minor": total.income_minor, "currency": currency},
        now=now,
    )


def _note(tx: Tx, action: str, settlement_id: int, operator_id: int, total_minor: int, now: datetime) -> None:
    note(
        tx,
        action,
        actor_id=operator_id,
        subject_kind="settlement",
        subject_id=settlement_id,
        facts={"total_minor": total_minor},
        now=now,
    )


def _settlement(row: Row, found: tuple[SettlementLine, ...]) -> Settlement:
    return Settlement(
        id=row.id,
        store_id=row.store_id,
        currency=row.currency,
        state=SettlementState(row.state),
        until_at=row.until_at,
        total_minor=row.total_minor,
        lines=found,
        closed_by=row.closed_by,
        closed_at=row.closed_at,
        paid_by=row.paid_by,
        paid_at=row.paid_at,
    )
