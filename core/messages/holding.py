"""Messages that wait for a person's next act on a channel: the platform lets us write only after it.

A held message is in state HELD and not due; its row in `held` says for whom and where. A turn on that channel takes
what waits under its own lease. Should the turn's process end before that is noted, the lease runs out and the message
is due like any other: the sender tries it again, and it is held again if it must be.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Integer, bindparam, delete, exists, or_, select, update
from sqlalchemy.sql.elements import ColumnElement

from core.db import Tx, insert_into
from core.messages.outbox import READ, Due, due_of
from core.messages.tables import held, message
from core.messages.telling import BY_PHONE, MessageState, Rank

LONGEST_HELD = timedelta(days=14)
"""What nobody came for in so long is not said any more."""

_KEEP = insert_into(held)
_WAITING = (
    select(*READ, held.c.since)
    .select_from(held.join(message, message.c.id == held.c.message_id))
    .where(
        held.c.person_id == bindparam("b_person"),
        held.c.channel == bindparam("b_channel"),
        message.c.state == MessageState.HELD.value,
    )
    .order_by(message.c.rank.desc(), message.c.id)
    .limit(bindparam("b_most", type_=Integer))
)
_TAKE = (
    update(message)
    .where(message.c.id == bindparam("b_id"), message.c.state == MessageState.HELD.value)
    .values(
        state=MessageState.WAITING.value,
        due_at=bindparam("b_now"),
        lease=bindparam("b_lease"),
        leased_until=bindparam("b_until"),
        attempts=message.c.attempts + 1,
    )
)
_FORGET = delete(held).where(held.c.person_id == bindparam("b_person"), held.c.message_id == bindparam("b_id"))
_STALE = (
    select(held.c.person_id, held.c.message_id, message.c.rank, message.c.sent_by)
    .select_from(held.outerjoin(message, message.c.id == held.c.message_id))
    .where(
        or_(
            message.c.id.is_(None),
            message.c.state != MessageState.HELD.value,
            message.c.expires_at <= bindparam("b_now"),
            message.c.created_at <= bindparam("b_before"),
        )
    )
    .limit(bindparam("b_most", type_=Integer))
)
_GIVE_UP = (
    update(message)
    .where(message.c.id == bindparam("b_id"), message.c.state == MessageState.HELD.value)
    .values(state=bindparam("b_state"))
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that waited, and since when; None where that was not noted."""

    due: Due
    since: datetime | None


def hold(tx: Tx, message_id: int, *, person_id: int, channel: str, since: datetime) -> None:
    """Let a message, noted as HELD in this transaction, wait for the person's next act on this channel."""
    row = {"person_id": person_id, "message_id": message_id, "channel": channel, "since": since}
    tx.insert_if_new(_KEEP, row)


def waits_for(person_id: ColumnElement[int], channel: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that something is held for a person on a channel, to be read along with other things."""
    return exists().where(held.c.person_id == person_id, held.c.channel == channel)


def take_held(
    tx: Tx, person_id: int, channel: str, *, lease: int, leased_until: datetime, now: datetime, most: int
) -> tuple[Taken, ...]:
    """Claim what waits for this person's act on this channel under the turn's own lease, what presses most first.

    Whoever takes them prepares them (`dialogs.rendering`): one that is no longer true is noted as dropped.
    """
    taken = []
    for row in tx.all(_WAITING, {"b_person": person_id, "b_channel": channel, "b_most": most}):
        claimed = tx.execute(_TAKE, {"b_id": row.id, "b_now": now, "b_lease": lease, "b_until": leased_until})
        tx.execute(_FORGET, {"b_person": person_id, "b_id": row.id})
        if claimed:
            *due, since = row
            taken.append(Taken(due_of(due, lease), since))
    return tuple(taken)


def give_up(tx: Tx, now: datetime, *, most: int = 100) -> int:
    """Give up what nobody came for in time, a portion; how many rows of `held` went.

    Operators see it among what failed; of what goes to everybody they do not want to see each, and what a phone has
    told was sent.
    """
    stale = tx.all(_STALE, {"b_now": now, "b_before": now - LONGEST_HELD, "b_most": most})
    for row in stale:
        state = MessageState.DROPPED if row.rank == Rank.BROADCAST else MessageState.FAILED
        if row.sent_by == BY_PHONE:
            state = MessageState.SENT
        tx.execute(_GIVE_UP, {"b_id": row.message_id, "b_state": state})
        tx.execute(_FORGET, {"b_person": row.person_id, "b_id": row.message_id})
    return len(stale)
