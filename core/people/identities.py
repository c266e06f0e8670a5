"""Identities: the channels on which a person can be reached."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from core.db import Tx
from core.people.tables import identity as table


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
    .where(table.c.person_id == bindparam("b_person"), table.c.blocked_at.is_(None))
    .order_by(table.c.seen_at.desc(), table.c.id.desc())
)
_SEEN = update(table).where(table.c.id == bindparam("b_id")).values(seen_at=bindparam("new_seen_at"), blocked_at=None)
_THIS = (
    table.c.channel == bindparam("b_channel"),
    table.c.account == bindparam("b_account"),
    table.c.external_id == bindparam("b_external"),
)
_BLOCK = update(table).where(*_THIS, table.c.blocked_at.is_(None)).values(blocked_at=bindparam("new_blocked_at"))


def identities_of(tx: Tx, person_id: int) -> tuple[Identity, ...]:
    """Return where the person can be reached, most recently seen first, without channels they blocked us on."""
    return tuple(Identity(*row) for row in tx.all(_OF_PERSON, {"b_person": person_id}))


def seen(tx: Tx, identity_id: int, now: datetime) -> None:
    """Note an act of the person here; who writes to us has not blocked us."""
    tx.execute(_SEEN, {"b_id": identity_id, "new_seen_at": now})


def block(tx: Tx, channel: str, account: str, external_id: str, now: datetime) -> bool:
    """Note that the person blocked us or unsubscribed; False when nobody is known there or it was noted before."""
    params = {"b_channel": channel, "b_account": account, "b_external": external_id, "new_blocked_at": now}
    return tx.execute(_BLOCK, params) == 1
