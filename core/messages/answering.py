"""Answers of a turn on their way through its door: found again for a platform that asks again, and kept by the door."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from core.db import Row, Tx
from core.messages.tables import message
from core.messages.telling import MessageState

PASSIVE = "passive"
"""How a message went that was the answer to the platform's own request."""
ANSWER: Final = "turn"
"""The template of a turn's own answer."""
_EVER: Final = datetime(2000, 1, 1, tzinfo=UTC)
_NO_LIMIT: Final = (1 << 63) - 1
_SOON: Final = timedelta(seconds=30)
"""What may have arrived already, and is not tried again sooner than this, holds up no other answer."""


@dataclass(frozen=True, slots=True)
class InLine:
    """What a person has not been told yet in one chat of theirs: the newest such answer, and when the last is due."""

    newest_id: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """A message as it was shown."""

    id: int
    kind: str
    body_sealed: bytes
    first_number: int | None


_STORED = select(message.c.id, message.c.kind, message.c.body_sealed, message.c.first_number)
_FIND = _STORED.where(message.c.id == bindparam("b_id"), message.c.person_id == bindparam("b_person"))
_RODE = _STORED.where(
    message.c.person_id == bindparam("b_person"),
    message.c.sent_by == PASSIVE,
    message.c.external_ref == bindparam("b_ref"),
    message.c.body_sealed.is_not(None),
).order_by(message.c.id)
_LEASED = select(message.c.leased_until).where(
    message.c.id == bindparam("b_id"), message.c.person_id == bindparam("b_person"), message.c.due_at.is_not(None)
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


_owed = message.alias("owed")
_IN_LINE = select(func.max(message.c.id).label("newest_id"), func.max(message.c.due_at).label("due_at")).where(
    message.c.person_id == bindparam("b_person"),
    message.c.due_at > _EVER,
    message.c.template == ANSWER,
    message.c.channel == bindparam("b_channel"),
    message.c.id < bindparam("b_before"),
    or_(message.c.state != MessageState.UNKNOWN.value, message.c.due_at <= bindparam("b_soon")),
)


def is_owed(person_id: ColumnElement[int], channel: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that an answer given on a channel has not been told yet, to be read with other things."""
    # By the person's index, and a range of it: all that a person was ever told is as good as nothing then.
    return (
        select(_owed.c.id)
        .where(
            _owed.c.person_id == person_id,
            _owed.c.due_at > _EVER,
            _owed.c.template == ANSWER,
            _owed.c.channel == channel,
        )
        .with_hint(_owed, "FORCE INDEX (ix_message_person_due)", "mysql")
        .exists()
    )


def in_line(tx: Tx, person_id: int, *, channel: str, now: datetime, before: int = _NO_LIMIT) -> InLine | None:
    """Return what a person has not been told yet of the answers there, of those before message `before`.

    An answer of which nobody knows whether it arrived counts only while it is tried again within 30 s: whoever writes
    meanwhile is not to hear nothing for minutes.
    """
    params = {"b_person": person_id, "b_channel": channel, "b_before": before, "b_soon": now + _SOON}
    row = tx.first(_IN_LINE, params)
    return None if row is None or row.newest_id is None else InLine(row.newest_id, row.due_at)


def leased_until(tx: Tx, message_id: int, person_id: int) -> datetime | None:
    """Return until when (real time) somebody has a message that is due in hand; None where nobody has."""
    row = tx.first(_LEASED, {"b_id": message_id, "b_person": person_id})
    return None if row is None else row.leased_until


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
    return _stored(row) if tx.execute(_TAKE, params) else None


def rode_along(
    tx: Tx, ref: str, person_id: int, *, lease: int, leased_until: datetime, now: datetime, real_now: datetime
) -> tuple[Stored, ...]:
    """Return words that had waited and left beside the answer to this update (`ref`), under this lease: owed again."""
    params = {"b_now": now, "b_lease": lease, "b_until": leased_until, "b_real": real_now}
    rode = tx.all(_RODE, {"b_person": person_id, "b_ref": ref})
    return tuple(_stored(row) for row in rode if tx.execute(_TAKE, params | {"b_id": row.id}))


def _stored(row: Row) -> Stored:
    return Stored(row.id, row.kind, bytes(row.body_sealed), row.first_number)


def keep(tx: Tx, leases: Sequence[tuple[int, int]], *, until: datetime) -> frozenset[int]:
    """Hold messages (id, lease) for longer; the ids of those that are still ours to deliver."""
    return frozenset(
        message_id
        for message_id, lease in leases
        if tx.execute(_KEEP, {"b_id": message_id, "b_lease": lease, "b_until": until})
    )
