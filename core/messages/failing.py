"""Messages that every channel refused: operators see them here, and have them tried again."""

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Integer, bindparam, select, update

from core.db import Tx
from core.errors import NotFound, StateConflict
from core.messages.tables import message
from core.messages.telling import MessageState


@dataclass(frozen=True, slots=True)
class FailedMessage:
    """A message nobody got: to whom, what it was about, where it was tried last and why not; never its words."""

    id: int
    person_id: int
    template: str
    channel: str | None
    why: str | None
    order_id: int | None
    attempts: int
    created_at: datetime


_NO_LIMIT = (1 << 63) - 1
_FAILED = (
    select(*(message.c[field.name] for field in fields(FailedMessage)))
    .where(message.c.state == MessageState.FAILED.value, message.c.id < bindparam("b_before"))
    .order_by(message.c.id.desc())
    .limit(bindparam("b_most", type_=Integer))
)


def failed_messages(tx: Tx, *, before_id: int | None = None, most: int) -> tuple[FailedMessage, ...]:
    """Return what could not be delivered, newest first; `before_id` continues a page."""
    rows = tx.all(_FAILED, {"b_before": before_id or _NO_LIMIT, "b_most": most})
    return tuple(FailedMessage(*row) for row in rows)


_ONE = select(*(message.c[field.name] for field in fields(FailedMessage)), message.c.state).where(
    message.c.id == bindparam("b_id")
)
_RETRY = (
    update(message)
    .where(message.c.id == bindparam("b_id"), message.c.state == MessageState.FAILED.value)
    .values(state=MessageState.WAITING.value, due_at=bindparam("b_now"), attempts=0, leased_until=None, why=None)
)


def retry(tx: Tx, message_id: int, *, now: datetime) -> FailedMessage:
    """Have a failed message tried again from now, as often as a new one; raises NotFound, StateConflict.

    What is no longer true by now is dropped rather than said.
    """
    row = tx.first(_ONE, {"b_id": message_id})
    if row is None:
        raise NotFound(kind="message")
    if not tx.execute(_RETRY, {"b_id": message_id, "b_now": now}):
        raise StateConflict(kind="message", state=row.state)
    return FailedMessage(*row[:-1])
