"""Updates whose turn failed for good: operators see why, have them tried again or put them away."""

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Integer, bindparam, select, update

from core.conversations.inbox import InboxState
from core.conversations.tables import inbox
from core.db import Tx
from core.errors import NotFound, StateConflict


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An update that was set aside after its last try: from where and whom, and why; never what it said.

    `error` is the kind and place of what its last try raised, `trace` the number it has in the log.
    """

    id: int
    person_id: int
    channel: str
    account: str
    attempts: int
    error: str | None
    trace: str | None
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
_SET_ASIDE = (inbox.c.id == bindparam("b_id"), inbox.c.state == InboxState.QUARANTINED.value)
_RETRY = (
    update(inbox).where(*_SET_ASIDE).values(state=InboxState.FAILED.value, attempts=0, retry_at=bindparam("b_real_now"))
)
_PUT_AWAY = update(inbox).where(*_SET_ASIDE).values(state=InboxState.PUT_AWAY.value)


def quarantined(tx: Tx, *, before_id: int | None = None, most: int) -> tuple[Quarantined, ...]:
    """Return the updates set aside, newest first; `before_id` continues a page."""
    rows = tx.all(_QUARANTINED, {"b_before": before_id or _NO_LIMIT, "b_most": most})
    return tuple(Quarantined(*row) for row in rows)


def retry(tx: Tx, inbox_id: int, *, real_now: datetime) -> Quarantined:
    """Have an update that was set aside tried again, as often as a new one; raises NotFound, StateConflict."""
    found, state = _found(tx, inbox_id)
    if not tx.execute(_RETRY, {"b_id": inbox_id, "b_real_now": real_now}):
        raise StateConflict(kind="update", state=state)
    return found


def put_away(tx: Tx, inbox_id: int) -> Quarantined:
    """Note that an update set aside is dealt with: it is never tried again; raises NotFound, StateConflict."""
    found, state = _found(tx, inbox_id)
    if not tx.execute(_PUT_AWAY, {"b_id": inbox_id}):
        raise StateConflict(kind="update", state=state)
    return found


def _found(tx: Tx, inbox_id: int) -> tuple[Quarantined, str]:
    row = tx.first(_ONE, {"b_id": inbox_id})
    if row is None:
        raise NotFound(kind="update")
    return Quarantined(*row[:-1]), row.state
