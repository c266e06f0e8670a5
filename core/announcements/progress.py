"""How far an announcement has come, counted from the messages themselves."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, func, select

from core.announcements.announcements import Announcement, AnnouncementKind
from core.announcements.audience import Reach, reach
from core.announcements.tables import announced
from core.db import Tx
from core.messages import MessageState
from core.messages.tables import message
from core.people.consent import ConsentKind
from core.people.tables import consent, identity


@dataclass(frozen=True, slots=True)
class Progress:
    """Messages by what has become of them; `unsubscribed` and `blocked` are recipients who did so since the start."""

    people: int
    written: int
    waiting: int
    sent: int
    held: int
    failed: int
    dropped: int
    unsubscribed: int
    blocked: int


_OF_THIS = announced.c.announcement_id == bindparam("b_id")
_STATES = (
    select(message.c.state.label("name"), func.count().label("messages"))
    .select_from(announced.join(message, message.c.id == announced.c.message_id))
    .where(_OF_THIS)
    .group_by(message.c.state)
)
_UNSUBSCRIBED = (
    select(func.count())
    .select_from(announced.join(consent, consent.c.person_id == announced.c.person_id))
    .where(_OF_THIS, consent.c.kind == ConsentKind.NEWS.value, consent.c.ended_at >= bindparam("b_since"))
)
_BLOCKED = (
    select(func.count())
    .select_from(announced)
    .where(
        _OF_THIS,
        exists().where(identity.c.person_id == announced.c.person_id, identity.c.blocked_at >= bindparam("b_since")),
    )
)


def reach_of(tx: Tx, of: Announcement, *, now: datetime, silent: Collection[str] = ()) -> Reach:
    """Count whom it goes to: of those who had come when it was started, or by now; `silent` channels carry it not."""
    return reach(
        tx,
        of.said.audience,
        region_id=of.said.region_id,
        news=of.said.kind is AnnouncementKind.NEWS,
        by=of.started_at or now,
        silent=silent,
    )


def progress(tx: Tx, of: Announcement, *, now: datetime) -> Progress:
    """Return how far it has come, all figures of one moment."""
    states = {row.name: int(row.messages) for row in tx.all(_STATES, {"b_id": of.id})}
    since = {"b_id": of.id, "b_since": of.started_at or now}
    return Progress(
        people=reach_of(tx, of, now=now).people,
        written=of.written,
        waiting=states.get(MessageState.WAITING, 0) + states.get(MessageState.UNKNOWN, 0),
        sent=states.get(MessageState.SENT, 0),
        held=states.get(MessageState.HELD, 0),
        failed=states.get(MessageState.FAILED, 0),
        dropped=states.get(MessageState.DROPPED, 0),
        unsubscribed=int(tx.scalar(_UNSUBSCRIBED, since)),
        blocked=int(tx.scalar(_BLOCKED, since)),
    )
