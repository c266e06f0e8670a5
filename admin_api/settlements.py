"""Settlements: previewed, closed by one operator, paid by another."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Header, Query

from admin_api.acting import Acting
from admin_api.shapes import Cursor, Id, Limit, Model, Moment, Money, Names, next_cursor, shown
from core import technicians
from core.audit import Operator
from core.db import Tx
from core.errors import NotFound, StateConflict
from core.money import settlement as settling
from core.money.settlement import NothingToSettle, Settlement, SettlementState, TechnicianTotal
from core.stores import the_store


def _money(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": "CNY"}


_PARTS = {
    "service": _money(19800),
    "fare": _money(900),
    "commission": _money(3960),
    "income": _money(16740),
}
_LINE = {
    "id": "112365899124084751",
    "store_id": "112365899124084741",
    "state": "closed",
    "until_at": "2026-03-12T00:00:00Z",
    "total": _money(16740),
    "closed_by": "112365899124084752",
    "closed_at": "2026-03-12T01:00:00Z",
    "paid_by": None,
    "paid_at": None,
}
_WHOLE = {
    **_LINE,
    "technicians": [
        {
            "technician_id": "112365899124084736",
            "number": 7,
            "names": {"zh-Hans": "王师傅", "en": "Mia"},
            "orders": 1,
            **_PARTS,
        }
    ],
    "lines": [{"technician_id": "112365899124084736", "order_id": "112365899124084743", **_PARTS}],
}
_PREVIEW = {**_WHOLE, "id": None, "state": None, "closed_by": None, "closed_at": None}

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=128,
        description="Accepted and not needed: a repeat of this request gives the same settlement, with or without it.",
    ),
]


class SettlementItem(Model):
    """A settlement as one line of the list; a preview has no id and no state."""

    model_config = shown(_LINE)

    id: Id | None
    store_id: Id
    state: SettlementState | None
    until_at: Moment
    total: Money
    closed_by: Id | None
    closed_at: Moment | None
    paid_by: Id | None
    paid_at: Moment | None


class SettlementPage(Model):
    """Settlements, newest first."""

    model_config = shown({"items": [_LINE], "next_cursor": None})

    items: list[SettlementItem]
    next_cursor: Id | None


class PartsOut(Model):
    """Income is service less commission plus fare (with night fee, or what a late cancel kept)."""

    service: Money
    fare: Money
    commission: Money
    income: Money


class TechnicianTotalOut(PartsOut):
    """What one technician gets."""

    technician_id: Id
    number: int | None
    names: Names
    orders: int


class SettlementLineOut(PartsOut):
    """One order's part."""

    technician_id: Id
    order_id: Id


class SettlementOut(SettlementItem):
    """A settlement with its sums per technician and its lines, one per order."""

    model_config = shown(_WHOLE)

    technicians: list[TechnicianTotalOut]
    lines: list[SettlementLineOut]


class PreviewOut(SettlementOut):
    """What a settlement would hold if it were closed now."""

    model_config = shown(_PREVIEW)


class Close(Model):
    """Up to when (exclusive) confirmed orders are settled; not in the future."""

    model_config = shown({"until": "2026-03-12T00:00:00Z"})

    until: Moment


async def preview_settlement(
    act: Acting, until: Annotated[Moment | None, Query(description="Exclusive; now when left out.")] = None
) -> PreviewOut:
    """Show what is owed to each technician up to a moment and not settled yet; changes nothing."""

    def seen(tx: Tx, by: Operator) -> PreviewOut:
        found = settling.preview(tx, the_store(tx).id, until or act.now)
        return PreviewOut(**_facts(tx, found))

    return await act.read(seen)


async def close_settlement(body: Close, act: Acting, idempotency_key: IdempotencyKey = None) -> SettlementOut:
    """Fix what is owed up to a moment: an order is in one settlement only, so closing the same moment again is safe."""
    return await act.write(lambda tx, by: _whole(tx, _closed(tx, body.until, by, act.now)))


async def list_settlements(act: Acting, cursor: Cursor = None, limit: Limit = 50) -> SettlementPage:
    """List settlements without their lines."""

    def page(tx: Tx, by: Operator) -> SettlementPage:
        found = settling.settlements(tx, before_id=cursor, most=limit)
        return SettlementPage(
            items=[SettlementItem(**_head(one)) for one in found], next_cursor=next_cursor(found, limit)
        )

    return await act.read(page)


async def get_settlement(settlement_id: Id, act: Acting) -> SettlementOut:
    """Show a settlement with its sums per technician and its lines."""
    return await act.read(lambda tx, _: _whole(tx, settling.settlement_of(tx, settlement_id)))


async def pay_settlement(settlement_id: Id, act: Acting, idempotency_key: IdempotencyKey = None) -> SettlementOut:
    """Record that the money has left the bank; each technician is told.

    Not by the operator who closed it, while another one could. Saying it again changes nothing.
    """
    return await act.write(lambda tx, by: _whole(tx, _paid(tx, settlement_id, by, act.now)))


def _closed(tx: Tx, until: datetime, by: Operator, now: datetime) -> Settlement:
    """Close, or return what this very request closed before: nothing is left to settle up to that moment then."""
    store_id = the_store(tx).id
    try:
        return settling.close(tx, store_id, until, operator_id=by.id, now=now)
    except NothingToSettle:
        before = (one for one in settling.settlements(tx) if (one.store_id, one.until_at) == (store_id, until))
        same = next(before, None)
        if same is None or same.id is None:
            raise
        return settling.settlement_of(tx, same.id)


def _paid(tx: Tx, settlement_id: int, by: Operator, now: datetime) -> Settlement:
    """Mark it paid, or return it when this operator has done so before."""
    try:
        return settling.mark_paid(tx, settlement_id, operator_id=by.id, now=now)
    except (StateConflict, settling.SelfApproval):
        found = settling.settlement_of(tx, settlement_id)
        if found.paid_by != by.id:
            raise
        return found


def _whole(tx: Tx, one: Settlement) -> SettlementOut:
    return SettlementOut(**_facts(tx, one))


def _facts(tx: Tx, one: Settlement) -> dict[str, Any]:
    return _head(one) | {
        "technicians": [_total(tx, total, one.currency) for total in one.totals()],
        "lines": [
            SettlementLineOut(technician_id=line.technician_id, order_id=line.order_id, **_parts(line, one.currency))
            for line in one.lines
        ],
    }


def _head(one: Settlement) -> dict[str, Any]:
    return {
        "id": one.id,
        "store_id": one.store_id,
        "state": one.state,
        "until_at": one.until_at,
        "total": Money(minor=one.total_minor, currency=one.currency),
        "closed_by": one.closed_by,
        "closed_at": one.closed_at,
        "paid_by": one.paid_by,
        "paid_at": one.paid_at,
    }


def _total(tx: Tx, total: TechnicianTotal, currency: str) -> TechnicianTotalOut:
    number, names = _who(tx, total.technician_id)
    return TechnicianTotalOut(
        technician_id=total.technician_id,
        number=number,
        names=names,
        orders=total.orders,
        **_parts(total, currency),
    )


def _who(tx: Tx, technician_id: int) -> tuple[int | None, Names]:
    try:
        found = technicians.technician(tx, technician_id)
    except NotFound:
        return None, {}
    return found.number, dict(found.names)


def _parts(of: TechnicianTotal | settling.SettlementLine, currency: str) -> dict[str, Money]:
    return {
        "service": Money(minor=of.service_minor, currency=currency),
        "fare": Money(minor=of.fare_minor, currency=currency),
        "commission": Money(minor=of.commission_minor, currency=currency),
        "income": Money(minor=of.income_minor, currency=currency),
    }
