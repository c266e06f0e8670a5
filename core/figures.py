"""What lies waiting in the tables, in few statements that an index answers: for metrics, at any moment."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import bindparam, func, select

from core.conversations.tables import inbox
from core.db import Tx
from core.effects.tables import effect

Figure = tuple[str, dict[str, str], float]
"""The name of a metric, its labels, its value."""

_UPDATES = select(func.count().label("many")).where(inbox.c.retry_at > bindparam("b_ever"))
_EFFECTS = (
    select(effect.c.kind, func.count().label("many"), func.min(effect.c.created_at).label("oldest"))
    .where(effect.c.due_at > bindparam("b_ever"))
    .group_by(effect.c.kind)
)
_EVER = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


def waiting(tx: Tx, *, real_now: datetime) -> Iterator[Figure]:
    """Yield how many failed updates and effects wait, and how old the oldest of these is, in seconds."""
    row = tx.first(_UPDATES, {"b_ever": _EVER})
    if row is not None:
        yield "menling_updates_waiting", {}, float(row.many)
    for row in tx.all(_EFFECTS, {"b_ever": _EVER}):
        yield "menling_effects_waiting", {"kind": row.kind}, float(row.many)
        yield "menling_effects_oldest_seconds", {"kind": row.kind}, max(0.0, (real_now - row.oldest).total_seconds())
