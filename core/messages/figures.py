"""How much is due to be said and how long it has waited, for whoever watches."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import bindparam, func, select

from core.db import Tx
from core.messages.tables import held, message
from core.messages.telling import Rank

_DUE = (
    select(message.c.rank, func.count().label("length"), func.min(message.c.due_at).label("oldest"))
    .where(message.c.due_at <= bindparam("b_now"))
    .group_by(message.c.rank)
)
_HELD = select(func.count()).select_from(held)


def figures(tx: Tx, now: datetime) -> Iterator[tuple[str, dict[str, str], float]]:
    """Return how much is due and for how many seconds already, by rank, and what is held: name, labels, figure."""
    found = {row.rank: row for row in tx.all(_DUE, {"b_now": now})}
    for rank in Rank:
        row, labels = found.get(rank), {"rank": rank.name.lower()}
        yield "menling_messages_due", labels, 0.0 if row is None else float(row.length)
        yield "menling_messages_oldest_seconds", labels, 0.0 if row is None else (now - row.oldest).total_seconds()
    yield "menling_messages_held", {}, float(tx.scalar(_HELD) or 0)
