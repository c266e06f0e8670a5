"""Figures: what a technician earned, and how the house stands at a glance."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import bindparam, func, or_, select

from core.db import Row, Tx
from core.money.kinds import AccountKind, JournalKind
from core.money.pricing import Quote
from core.money.shares import share_of
from core.money.tables import account, journal, payment, posting, settlement
from core.orders.tables import order
from core.support.tables import ticket
from core.technicians.tables import technician


@dataclass(frozen=True, slots=True)
class IncomeLine:
    """One order's part, in minor units: service less commission plus fare (with night fee or what a cancel kept)."""

    order_id: int
    code: str
    at: datetime
    currency: str
    service_minor: int
    fare_minor: int
    commission_minor: int
    income_minor: int


@dataclass(frozen=True, slots=True)
class Income:
    """What a technician earned in a stretch of time; the sums are those of the lines, oldest first."""

    orders: int
    service_minor: int
    fare_minor: int
    commission_minor: int
    income_minor: int
    lines: tuple[IncomeLine, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The house at a glance; paid money by currency, in minor units."""

    orders_by_state: dict[str, int]
    technicians_by_state: dict[str, int]
    settlements_by_state: dict[str, int]
    tickets_open: int
    paid_minor: dict[str, int]


_EARNED = (
    select(
        order.c.id.label("order_id"),
        order.c.code,
        order.c.quote,
        order.c.technician_id,
        order.c.companion_id,
        journal.c.kind,
        journal.c.at,
        posting.c.unit,
        posting.c.amount_minor,
    )
    .join(journal, journal.c.order_id == order.c.id)
    .join(posting, posting.c.journal_id == journal.c.id)
    .join(account, account.c.id == posting.c.account_id)
    .where(
        account.c.kind == AccountKind.TECHNICIAN_PAYABLE.value,
        account.c.owner_id == bindparam("b_technician"),
        journal.c.at >= bindparam("b_from"),
        journal.c.at < bindparam("b_until"),
    )
    .order_by(order.c.id, journal.c.id)
)
_ORDERS = select(order.c.state, func.count(order.c.id).label("n")).group_by(order.c.state)
_TECHNICIANS = select(technician.c.state, func.count(technician.c.id).label("n")).group_by(technician.c.state)
_SETTLEMENTS = select(settlement.c.state, func.count(settlement.c.id).label("n")).group_by(settlement.c.state)
_TICKETS = select(func.count(ticket.c.id).label("n")).where(
    or_(ticket.c.state == "open", ticket.c.state == "call_back")
)
_PAID = (
    select(payment.c.currency, func.sum(payment.c.amount_minor).label("minor"))
    .where(payment.c.paid_at.is_not(None))
    .group_by(payment.c.currency)
)


def income(tx: Tx, technician_id: int, *, from_at: datetime, until_at: datetime) -> Income:
    """Return what the books credit a technician with from one instant to another (end exclusive)."""
    rows = tx.all(_EARNED, {"b_technician": technician_id, "b_from": from_at, "b_until": until_at})
    by_order = (_line(tuple(of_one), technician_id) for _, of_one in groupby(rows, key=lambda row: row.order_id))
    lines = tuple(sorted((line for line in by_order if line.income_minor), key=lambda line: line.at))
    return Income(
        orders=len(lines),
        service_minor=sum(line.service_minor for line in lines),
        fare_minor=sum(line.fare_minor for line in lines),
        commission_minor=sum(line.commission_minor for line in lines),
        income_minor=sum(line.income_minor for line in lines),
        lines=lines,
    )


def overview(tx: Tx) -> Overview:
    """Return the house at a glance; run it in a read unit, whose snapshot agrees with itself."""
    return Overview(
        orders_by_state=_counts(tx.all(_ORDERS)),
        technicians_by_state=_counts(tx.all(_TECHNICIANS)),
        settlements_by_state=_counts(tx.all(_SETTLEMENTS)),
        tickets_open=int(tx.scalar(_TICKETS)),
        paid_minor={row.currency: int(row.minor) for row in tx.all(_PAID)},
    )


def _line(rows: tuple[Row, ...], technician_id: int) -> IncomeLine:
    """Make a technician's line of an order's postings; what is not service or commission is fare, night or kept."""
    first = rows[0]
    earned = -sum(row.amount_minor for row in rows)
    quote = Quote.from_json(first.quote)
    served = any(row.kind == JournalKind.INCOME for row in rows)
    crew = tuple(one for one in (first.technician_id, first.companion_id) if one is not None)
    whole = (quote.service_minor, quote.commission_minor) if served else (0, 0)
    service, commission = (share_of(minor, technician_id, crew) for minor in whole)
    return IncomeLine(
        order_id=first.order_id,
        code=first.code,
        at=rows[-1].at,
        currency=first.unit,
        service_minor=service,
        fare_minor=earned - service + commission,
        commission_minor=commission,
        income_minor=earned,
    )


def _counts(rows: Iterable[Row]) -> dict[str, int]:
    return {row.state: int(row.n) for row in rows}
