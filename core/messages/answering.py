"""Answers of a turn on their way through its door: found again for a platform that asks again, and kept by the door."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, or_, select, update

from core.db import Tx
from core.messages.tables import message
from core.messages.telling import MessageState

PASSIVE = "passive"
"""How a message went that was the answer to the platform's own request."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer as it was written."""

    kind: str
    body_sealed: bytes


_FIND = select(message.c.kind, message.c.body_sealed).where(
    message.c.id == bindparam("b_id"), message.c.person_id == bindparam("b_person")
)
_TAKE = (
    update(message)
    .where(
        message.c.id == bindparam("b_id"),
        or_(
            and_(
                message.c.due_at.is_not(None),
                message.c.state == MessageState.WAITING.value,
                or_(message.c.leased_until.is_(None), message.c.leased_until <= bindparam("b_real")),
            ),
            and_(message.c.state == MessageState.SENT.value, message.c.sent_by == PASSIVE),
        ),
    )
    .values(
        state=MessageState.WAITING.value,
        due_at=bindparam("b_now"),
        sent_by=None,
        sent_at=None,
        lease=bindparam("b_lease"),
        leased_until=bindparam("b_until"),
    )
)
_KEEP = (
    update(message)
    .where(message.c.id == bindparam("b_id"), message.c.lease == bindparam("b_lease"), message.c.due_at.is_not(None))
    .values(leased_until=bindparam("b_until"))
)


def said_before(
    tx: Tx, message_id: int, person_id: int, *, lease: int, leased_until: datetime, now: datetime, real_now: datetime
) -> Stored | None:
    """Return a turn's answer for whoever is asked again, under this lease; None while, or when, it goes another way.

    One that has left as an answer already is owed again: the platform asks because it did not arrive.
    """
    row = tx.first(_FIND, {"b_id": message_id, "b_person": person_id})
    if row is None or row.body_sealed is None:
        return None
    params = {"b_id": message_id, "b_now": now, "b_lease": lease, "b_until": leased_until, "b_real": real_now}
    return Stored(row.kind, bytes(row.body_sealed)) if tx.execute(_TAKE, params) else None


def keep(tx: Tx, leases: Sequence[tuple[int, int]], *, until: datetime) -> frozenset[int]:
    """Hold messages (id, lease) for longer; the ids of those that are still ours to deliver."""
    return frozenset(
        message_id
        for message_id, lease in leases
        if tx.execute(_KEEP, {"b_id": message_id, "b_lease": lease, "b_until": until})
    )
