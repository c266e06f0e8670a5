"""Figures: the house at a glance, a technician's income, and what is stuck and waits for a person to look."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Query

from admin_api.acting import Acting
from admin_api.shapes import Cursor, Id, Limit, Model, Moment, Money, next_cursor, shown
from core import audit, reports, technicians
from core.audit import Operator
from core.db import Tx
from core.effects.work import EffectKind, EffectState, retry, stuck_effects
from core.errors import InvalidInput
from core.messages import MessageState, failing
from core.money import refunds
from core.stores import store

_USUAL_STRETCH = timedelta(days=30)


class OverviewOut(Model):
    """The house at a glance: how many of what in which state, and the money customers have paid."""

    model_config = shown(
        {
            "orders": {"to_accept": 2, "accepted": 5, "reviewed": 31},
            "technicians": {"applied": 1, "approved": 12},
            "settlements": {"paid": 3},
            "tickets_open": 1,
            "paid": [{"minor": 812300, "currency": "CNY"}],
        }
    )

    orders: dict[str, int]
    technicians: dict[str, int]
    settlements: dict[str, int]
    tickets_open: int
    paid: list[Money]


class IncomeItem(Model):
    """What one order brought: service less commission plus fare."""

    order_id: Id
    order_code: str
    at: Moment
    service: Money
    fare: Money
    commission: Money
    income: Money


class IncomeOut(Model):
    """What the books credit a technician with, from `from_at` to `until_at` (exclusive), oldest first."""

    model_config = shown(
        {
            "technician_id": "112365899124084736",
            "from_at": "2026-03-01T00:00:00Z",
            "until_at": "2026-04-01T00:00:00Z",
            "orders": 1,
            "income": {"minor": 16740, "currency": "CNY"},
            "items": [
                {
                    "order_id": "112365899124084743",
                    "order_code": "K7QX3M",
                    "at": "2026-03-11T08:10:00Z",
                    "service": {"minor": 19800, "currency": "CNY"},
                    "fare": {"minor": 900, "currency": "CNY"},
                    "commission": {"minor": 3960, "currency": "CNY"},
                    "income": {"minor": 16740, "currency": "CNY"},
                }
            ],
        }
    )

    technician_id: Id
    from_at: Moment
    until_at: Moment
    orders: int
    income: Money
    items: list[IncomeItem]


class FailedItem(Model):
    """A message nobody got, where it was tried last, and why not (`blocked`, `no such door`); its words stay sealed."""

    id: Id
    person_id: Id
    template: str
    channel: str | None
    why: str | None
    order_id: Id | None
    attempts: int
    created_at: Moment


class FailedPage(Model):
    """Messages that every channel refused, newest first."""

    model_config = shown(
        {
            "items": [
                {
                    "id": "112365899124084744",
                    "person_id": "112365899124084740",
                    "template": "reminder_day",
                    "channel": "wechat",
                    "why": "blocked",
                    "order_id": "112365899124084743",
                    "attempts": 6,
                    "created_at": "2026-03-10T02:00:00Z",
                }
            ],
            "next_cursor": None,
        }
    )

    items: list[FailedItem]
    next_cursor: Id | None


class RetriedMessageOut(Model):
    """A message that is waiting for the sender again."""

    model_config = shown({"id": "112365899124084744", "template": "reminder_day", "state": "waiting"})

    id: Id
    template: str
    state: MessageState


class StuckItem(Model):
    """Outside work that no worker will try again; `number` is ours at the provider, `why` what the last try came to."""

    id: Id
    kind: EffectKind
    number: str
    attempts: int
    why: str | None


class StuckPage(Model):
    """Refunds, text messages and the like that are stuck, oldest first."""

    model_config = shown(
        {
            "items": [
                {"id": "112365899124084746", "kind": "refund", "number": "RK3J9X0A1B2C", "attempts": 8, "why": "closed"}
            ],
            "next_cursor": None,
        }
    )

    items: list[StuckItem]
    next_cursor: Id | None


class RetriedOut(Model):
    """Outside work that is waiting for a worker again, under the same number."""

    model_config = shown({"id": "112365899124084746", "kind": "refund", "number": "RK3J9X0A1B2C", "state": "waiting"})

    id: Id
    kind: EffectKind
    number: str
    state: EffectState


async def get_overview(act: Acting) -> OverviewOut:
    """Show the house at a glance; all figures are of one moment."""
    return await act.read(_overview)


async def get_income(
    technician_id: Id,
    act: Acting,
    from_at: Annotated[Moment | None, Query(description="Thirty days before `until_at` when left out.")] = None,
    until_at: Annotated[Moment | None, Query(description="Now when left out; exclusive.")] = None,
) -> IncomeOut:
    """Show what a technician earned, order by order."""
    until = until_at or act.now
    since = from_at or until - _USUAL_STRETCH
    if since >= until:
        raise InvalidInput(field="from_at")
    return await act.read(lambda tx, _: _income(tx, technician_id, since, until))


async def list_failed_messages(act: Acting, cursor: Cursor = None, limit: Limit = 50) -> FailedPage:
    """List the messages that every channel refused."""

    def page(tx: Tx, by: Operator) -> FailedPage:
        found = failing.failed_messages(tx, before_id=cursor, most=limit)
        items = [
            FailedItem(
                id=one.id,
                person_id=one.person_id,
                template=one.template,
                channel=one.channel,
                why=one.why,
                order_id=one.order_id,
                attempts=one.attempts,
                created_at=one.created_at,
            )
            for one in found
        ]
        return FailedPage(items=items, next_cursor=next_cursor(found, limit))

    return await act.read(page)


async def retry_message(message_id: Id, act: Acting) -> RetriedMessageOut:
    """Have a failed message tried again, as often as a new one; one that is no longer true is dropped instead."""

    def retried(tx: Tx, by: Operator) -> RetriedMessageOut:
        one = failing.retry(tx, message_id, now=act.now)
        facts = {"template": one.template, "channel": one.channel, "why": one.why}
        audit.note(
            tx, "message.retried", actor_id=by.id, subject_kind="message", subject_id=one.id, now=act.now, facts=facts
        )
        return RetriedMessageOut(id=one.id, template=one.template, state=MessageState.WAITING)

    return await act.write(retried)


async def list_stuck_effects(act: Acting, cursor: Cursor = None, limit: Limit = 50) -> StuckPage:
    """List the outside work (refunds, text messages) that no worker will try again."""

    def page(tx: Tx, by: Operator) -> StuckPage:
        found = [one for one in stuck_effects(tx) if one.id > (cursor or 0)][:limit]
        items = [
            StuckItem(id=one.id, kind=one.kind, number=one.number, attempts=one.attempts, why=one.why) for one in found
        ]
        return StuckPage(items=items, next_cursor=next_cursor(found, limit))

    return await act.read(page)


async def retry_effect(effect_id: Id, act: Acting) -> RetriedOut:
    """Put stuck outside work back for eight more tries, under its same number, so that it cannot happen twice."""

    def retried(tx: Tx, by: Operator) -> RetriedOut:
        one = retry(tx, effect_id)
        if one.kind is EffectKind.REFUND:
            refunds.mark_wanted(tx, one.number)
        facts = {"kind": one.kind.value, "number": one.number}
        audit.note(
            tx, "effect.retried", actor_id=by.id, subject_kind="effect", subject_id=one.id, now=act.now, facts=facts
        )
        return RetriedOut(id=one.id, kind=one.kind, number=one.number, state=one.state)

    return await act.write(retried)


def _overview(tx: Tx, by: Operator) -> OverviewOut:
    seen = reports.overview(tx)
    return OverviewOut(
        orders=seen.orders_by_state,
        technicians=seen.technicians_by_state,
        settlements=seen.settlements_by_state,
        tickets_open=seen.tickets_open,
        paid=[Money(minor=minor, currency=currency) for currency, minor in sorted(seen.paid_minor.items())],
    )


def _income(tx: Tx, technician_id: int, since: datetime, until: datetime) -> IncomeOut:
    who = technicians.technician(tx, technician_id)
    currency = store(tx, who.store_id).currency
    earned = reports.income(tx, technician_id, from_at=since, until_at=until)
    return IncomeOut(
        technician_id=technician_id,
        from_at=since,
        until_at=until,
        orders=earned.orders,
        income=Money(minor=earned.income_minor, currency=currency),
        items=[
            IncomeItem(
                order_id=line.order_id,
                order_code=line.code,
                at=line.at,
                service=Money(minor=line.service_minor, currency=line.currency),
                fare=Money(minor=line.fare_minor, currency=line.currency),
                commission=Money(minor=line.commission_minor, currency=line.currency),
                income=Money(minor=line.income_minor, currency=line.currency),
            )
            for line in earned.lines
        ],
    )
