"""Audit lines: who did what, and whether the chain that seals them still holds."""

from typing import Annotated

from fastapi import Query

from admin_api.acting import Acting
from admin_api.plain import plain_facts
from admin_api.shapes import Cursor, Facts, Id, Limit, Model, Moment, next_cursor, shown
from core import audit
from core.audit import AuditLine, Operator
from core.db import Tx
from core.orders.cancelling import reason_of

_HIGHEST_ID = (1 << 63) - 1
_LINE = {
    "id": "112365899124084754",
    "action": "technician.approved",
    "actor_id": "112365899124084752",
    "subject_kind": "technician",
    "subject_id": "112365899124084736",
    "facts": {"number": 7},
    "at": "2026-03-02T02:00:00Z",
    "sealed": True,
}

Subject = Annotated[
    str | None,
    Query(
        pattern="^[a-z]{1,24}:[0-9]{1,19}$",
        description="Lines about one thing: `kind:id`.",
        examples=["technician:112365899124084736"],
    ),
]


class AuditLineOut(Model):
    """Who (`actor_id`, an operator) did what to which thing; a sealed line cannot be changed unnoticed."""

    id: Id
    action: str
    actor_id: Id | None
    subject_kind: str
    subject_id: Id | None
    facts: Facts
    at: Moment
    sealed: bool


class AuditPage(Model):
    """Audit lines, newest first."""

    model_config = shown({"items": [_LINE], "next_cursor": None})

    items: list[AuditLineOut]
    next_cursor: Id | None


class ChainOut(Model):
    """Whether every sealed line is as it was written; `broken_at` is the first that is not, or follows a gap."""

    model_config = shown({"intact": True, "broken_at": None})

    intact: bool
    broken_at: Id | None


async def list_audit_lines(act: Acting, subject: Subject = None, cursor: Cursor = None, limit: Limit = 50) -> AuditPage:
    """List audit lines, of everything or of one subject."""
    kind, _, number = (subject or "").partition(":")

    def page(tx: Tx, by: Operator) -> AuditPage:
        found = audit.lines(
            tx,
            subject_kind=kind or None,
            subject_id=min(int(number), _HIGHEST_ID) if number else None,
            before_id=cursor,
            most=limit,
        )
        return AuditPage(items=[_out(tx, one) for one in found], next_cursor=next_cursor(found, limit))

    return await act.read(page)


async def verify_audit_chain(act: Acting) -> ChainOut:
    """Compute the chain of seals again and compare; reads every sealed line."""
    broken = await act.read(lambda tx, _: audit.verify_chain(tx))
    return ChainOut(intact=broken is None, broken_at=broken)


def _facts(tx: Tx, one: AuditLine) -> Facts:
    """Return the facts of a line; a sealed reason is shown opened, and as null once its customer is erased."""
    plain = plain_facts(one.facts)
    if "reason_sealed" in plain:
        del plain["reason_sealed"]
        plain["reason"] = reason_of(tx, one)
    return plain


def _out(tx: Tx, one: AuditLine) -> AuditLineOut:
    return AuditLineOut(
        id=one.id,
        action=one.action,
        actor_id=one.actor_id,
        subject_kind=one.subject_kind,
        subject_id=one.subject_id,
        facts=_facts(tx, one),
        at=one.at,
        sealed=one.sealed,
    )
