"""Updates whose turn failed for good: operators see them here."""

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Integer, bindparam, select

from core.conversations.inbox import InboxState
from core.conversations.tables import inbox
from core.db import Tx


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An update that was set aside after its last try: from where and whom; never what it said."""

    id: int
    person_id: int
    channel: str
    account: str
    attempts: int
    received_at: datetime


_NO_LIMIT = (1 << 63) - 1
_QUARANTINED = (
    select(*(inbox.c[field.name] for field in fields(Quarantined)))
    .where(inbox.c.state == InboxState.QUARANTINED.value, inbox.c.id < bindparam("b_before"))
    .order_by(inbox.c.id.desc())
    .limit(bindparam("b_most", type_=Integer))
)


def quarantined(tx: Tx, *, before_id: int | None = None, most: int) -> tuple[Quarantined, ...]:
    """Return the updates set aside, newest first; `before_id` continues a page."""
    rows = tx.all(_QUARANTINED, {"b_before": before_id or _NO_LIMIT, "b_most": most})
    return tuple(Quarantined(*row) for row in rows)
