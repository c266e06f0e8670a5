"""Who is at work: operators whose acts of the last minutes are on record."""

from datetime import datetime, timedelta

from sqlalchemy import select

from core.audit.operators import Role
from core.audit.tables import audit_line, operator
from core.db import Tx

ACTIVE_FOR = timedelta(minutes=20)
"""A token lasts 15 minutes, so whoever is at work has signed in or done something since."""
_RECENT = (
    select(audit_line.c.actor_id, audit_line.c.action, audit_line.c.at, operator.c.role, operator.c.disabled_at)
    .select_from(audit_line.outerjoin(operator, operator.c.id == audit_line.c.actor_id))
    .order_by(audit_line.c.id.desc())
    .limit(100)
)
_SIGNED_OUT = "operator.signed_out"


def at_work(tx: Tx, *, roles: frozenset[Role], now: datetime) -> frozenset[int]:
    """Return the operators of these roles who did something in the last 20 minutes and did not sign out since."""
    newest = {row.actor_id: row for row in reversed(tx.all(_RECENT)) if row.role in roles}
    return frozenset(
        actor_id
        for actor_id, row in newest.items()
        if row.disabled_at is None and row.action != _SIGNED_OUT and row.at > now - ACTIVE_FOR
    )
