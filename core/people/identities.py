"""Identities: the channels on which a person can be reached."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, case, delete, func, select, update

from core.db import Tx
from core.errors import NotFound, StateConflict
from core.people.tables import identity as table
from core.people.tables import person


@dataclass(frozen=True, slots=True)
class Identity:
    """One account of a person on one channel; `seen_at` is the person's last act there."""

    id: int
    channel: str
    account: str
    external_id: str
    person_id: int
    blocked_at: datetime | None
    seen_at: datetime


FIRST_TOLD = (case((table.c.channel == person.c.tell_on, 0), else_=1), table.c.seen_at.desc(), table.c.id.desc())
"""The order in which a person's identities are tried: where they want to be told, then where they were last."""

_OF_PERSON = (
    select(
        table.c.id,
        table.c.channel,
        table.c.account,
        table.c.external_id,
        table.c.person_id,
        table.c.blocked_at,
        table.c.seen_at,
    )
    .join(person, func.coalesce(person.c.joined_to, person.c.id) == table.c.person_id)
    .where(person.c.id == bindparam("b_person"), table.c.blocked_at.is_(None))
    .order_by(*FIRST_TOLD)
)
_CHANNELS = select(table.c.channel).where(table.c.person_id == bindparam("b_person")).order_by(table.c.id)
_UNLINK = delete(table).where(table.c.person_id == bindparam("b_person"), table.c.channel == bindparam("b_channel"))
_TOLD_ON = select(person.c.tell_on).where(person.c.id == bindparam("b_person"))
_TELL_ON = update(person).where(person.c.id == bindparam("b_person")).values(tell_on=bindparam("new_tell_on"))
_SEEN = update(table).where(table.c.id == bindparam("b_id")).values(seen_at=bindparam("new_seen_at"), blocked_at=None)
_THIS = (
    table.c.channel == bindparam("b_channel"),
    table.c.account == bindparam("b_account"),
    table.c.external_id == bindparam("b_external"),
)
_BLOCK = update(table).where(*_THIS, table.c.blocked_at.is_(None)).values(blocked_at=bindparam("new_blocked_at"))


def identities_of(tx: Tx, person_id: int) -> tuple[Identity, ...]:
    """Return where the person can be reached, without channels they blocked us on.

    The channel they want to be told on comes first, then the most recently seen. Of somebody who was joined to another
    it is the other's: no message is lost on the way.
    """
    return tuple(Identity(*row) for row in tx.all(_OF_PERSON, {"b_person": person_id}))


def channels_of(tx: Tx, person_id: int) -> tuple[str, ...]:
    """Return the channels this person is known on, blocked ones too, in the order they came."""
    return tuple(dict.fromkeys(row.channel for row in tx.all(_CHANNELS, {"b_person": person_id})))


def told_on(tx: Tx, person_id: int) -> str | None:
    """Return the channel this person chose to be told on; None when they left it to us."""
    chosen: str | None = tx.scalar(_TOLD_ON, {"b_person": person_id})
    return chosen


def tell_on(tx: Tx, person_id: int, channel: str | None) -> None:
    """Tell this person on that channel first from now on, None: where they were last; raises NotFound."""
    if channel is not None and channel not in channels_of(tx, person_id):
        raise NotFound(kind="identity")
    tx.execute(_TELL_ON, {"b_person": person_id, "new_tell_on": channel})


def unlink(tx: Tx, person_id: int, channel: str) -> None:
    """Let the person be known on this channel no more; raises NotFound, StateConflict for the last one."""
    known = channels_of(tx, person_id)
    if channel not in known:
        raise NotFound(kind="identity")
    if len(known) == 1:
        raise StateConflict(person_id=person_id, why="last_channel")
    tx.execute(_UNLINK, {"b_person": person_id, "b_channel": channel})
    if told_on(tx, person_id) == channel:
        tell_on(tx, person_id, None)


def seen(tx: Tx, identity_id: int, now: datetime) -> None:
    """Note an act of the person here; who writes to us has not blocked us."""
    tx.execute(_SEEN, {"b_id": identity_id, "new_seen_at": now})


def block(tx: Tx, channel: str, account: str, external_id: str, now: datetime) -> bool:
    """Note that the person blocked us or unsubscribed; False when nobody is known there or it was noted before."""
    params = {"b_channel": channel, "b_account": account, "b_external": external_id, "new_blocked_at": now}
    return tx.execute(_BLOCK, params) == 1
