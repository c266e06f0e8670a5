"""Messages that every channel refused: operators see them here."""

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Integer, bindparam, select

from core.db import Tx
from core.messages.tables import message
from core.messages.telling import MessageState


@dataclass(frozen=True, slots=True)
class FailedMessage:
    """A message nobody got: to whom, what it was about, how often it was tried; never its words."""

    id: int
    person_id: int
    template: str
    channel: str | None
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
