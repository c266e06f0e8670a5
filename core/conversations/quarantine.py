"""Updates whose turn failed for good: operators see them here, and have them tried again."""

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Integer, bindparam, select, update

from core.conversations.inbox import InboxState
from core.conversations.tables import inbox
from core.db import Tx
from core.errors import NotFound, StateConflict


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
_ONE = select(*(inbox.c[field.name] for field in fields(Quarantined)), inbox.c.state).where(
    inbox.c.id == bindparam("b_id")
)
_RETRY = (
    update(inbox)
    .where(inbox.c.id == bindparam("b_id"), inbox.c.state == InboxState.QUARANTINED.value)
    .values(state=InboxState.FAILED.value, attempts=0, retry_at=bindparam("b_real_now"))
)


def quarantined(tx: Tx, *, before_id: int | None = None, most: int) -> tuple[Quarantined, ...]:
    """Return the updates set aside, newest first; `before_id` continues a page."""
    rows = tx.all(_QUARANTINED, {"b_before": before_id or _NO_LIMIT, "b_most": most})
    return tuple(Quarantined(*row) for row in rows)


def retry(tx: Tx, inbox_id: int, *, real_now: datetime) -> Quarantined:
    """Have an update that was set aside tried again, as often as a new one; raises NotFound, StateConflict."""
    row = tx.first(_ONE, {"b_id": inbox_id})
    if row is None:
        raise NotFound(kind="update")
    if not tx.execute(_RETRY, {"b_id": inbox_id, "b_real_now": real_now}):
        raise StateConflict(kind="update", state=row.state)
    return Quarantined(*row[:-1])
