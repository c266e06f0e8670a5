"""Telling the people of an order what happened to it, once per order, version, template and recipient."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from core.calendar import crew_of
from core.db import Tx
from core.errors import NotFound
from core.messages import Template, tell
from core.orders.confirming import expect_answer
from core.orders.moves import Order
from core.settings import Rules
from core.technicians.tables import technician

_PERSON_OF = select(technician.c.person_id).where(technician.c.id == bindparam("b_id"))

_LONG_LEAD_MINUTES = 720
SPARE_MINUTES = 10
"""Kept in hand beside the way when somebody sets out."""


def person_of(tx: Tx, technician_id: int) -> int:
    """Return the person behind a technician; raises NotFound."""
    found = tx.scalar(_PERSON_OF, {"b_id": technician_id})
    if found is None:
        raise NotFound(kind="technician")
    return int(found)


def tell_customer(
    tx: Tx,
    order: Order,
    template: Template,
    *,
    now: datetime,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    **facts: Any,
) -> bool:
    """Write to the customer about the order as it stands; False when they were told before."""
    return _tell(tx, order, order.person_id, template, facts, now=now, due_at=due_at, expires_at=expires_at)


def tell_technician(
    tx: Tx,
    order: Order,
    template: Template,
    *,
    now: datetime,
    technician_id: int | None = None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    **facts: Any,
) -> bool:
    """Write to the order's technician, or to the one named; False when they were told before or there is none."""
    who = technician_id or order.technician_id
    if who is None:
        return False
    return _tell(tx, order, person_of(tx, who), template, facts, now=now, due_at=due_at, expires_at=expires_at)


def schedule_reminders(tx: Tx, order: Order, figures: Rules, *, now: datetime) -> None:
    """Write the reminders of an accepted visit for later; one whose time is past already is left out.

    They carry the order's version: once the visit moved or died they are no longer true and never sent. One that could
    not go out gives way to the next: nobody is reminded twice at once.
    """
    answer_by = order.starts_at - timedelta(minutes=figures.reminder_answer_minutes)
    leads = sorted(figures.reminder_leads_minutes, reverse=True)
    ends = [order.starts_at - timedelta(minutes=lead) for lead in leads[1:]] + [order.starts_at]
    for lead, expires_at in zip(leads, ends, strict=True):
        due_at = order.starts_at - timedelta(minutes=lead)
        template = Template.REMINDER_DAY if lead >= _LONG_LEAD_MINUTES else Template.REMINDER_HOURS
        if due_at > now:
            tell_customer(tx, order, template, now=now, due_at=due_at, expires_at=expires_at, lead_minutes=lead)
            expect_answer(tx, order, by=answer_by, asked_at=due_at)
    for taken in crew_of(tx, order.id):
        way = taken.leg_minutes
        due_at = order.starts_at - timedelta(minutes=max(figures.set_out_lead_minutes, way + SPARE_MINUTES))
        if due_at > now:
            tell_technician(
                tx,
                order,
                Template.VISIT_REMINDER,
                now=now,
                technician_id=taken.technician_id,
                due_at=due_at,
                expires_at=order.ends_at,
                leg_minutes=way,
            )


def _tell(
    tx: Tx,
    order: Order,
    person_id: int,
    template: Template,
    facts: dict[str, Any],
    *,
    now: datetime,
    due_at: datetime | None,
    expires_at: datetime | None,
) -> bool:
    lead = f":{facts['lead_minutes']}" if "lead_minutes" in facts else ""
    return tell(
        tx,
        person_id,
        template,
        dedupe=f"order:{order.id}:{order.version}:{template.value}:{person_id}{lead}",
        now=now,
        facts=facts,
        order_id=order.id,
        order_version=order.version,
        due_at=due_at,
        expires_at=expires_at,
    )
