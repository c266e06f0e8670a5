"""What a door must know of a message and its reader to choose the way it goes."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update

from core.db import Tx
from core.messages.tables import message
from core.messages.telling import MessageState, Rank
from core.people.tables import identity, person
from core.windows.tables import menu_shown

_LINE = (
    select(
        identity.c.id,
        identity.c.person_id,
        message.c.template,
        message.c.facts,
        message.c.order_id,
        message.c.rank,
    )
    .select_from(identity.outerjoin(message, message.c.id == bindparam("b_message")))
    .where(
        identity.c.channel == bindparam("b_channel"),
        identity.c.account == bindparam("b_account"),
        identity.c.external_id == bindparam("b_external"),
    )
)
_OPENING = (
    select(identity.c.id, identity.c.person_id, person.c.lang, menu_shown.c.menu)
    .select_from(
        identity.join(person, person.c.id == identity.c.person_id).outerjoin(
            menu_shown, menu_shown.c.identity_id == identity.c.id
        )
    )
    .where(
        identity.c.channel == bindparam("b_channel"),
        identity.c.account == bindparam("b_account"),
        identity.c.external_id == bindparam("b_external"),
    )
)
_BOUNCED = (
    update(message)
    .where(
        message.c.person_id == bindparam("b_person"),
        message.c.external_ref == bindparam("b_ref"),
        message.c.state == MessageState.SENT.value,
    )
    .values(state=MessageState.FAILED.value, why="template not delivered")
)


@dataclass(frozen=True, slots=True)
class Line:
    """An identity to write to, and what the message is; `template` is empty where there is no such message row."""

    identity_id: int
    person_id: int
    template: str
    facts: dict[str, Any]
    order_id: int | None
    urgent: bool


@dataclass(frozen=True, slots=True)
class Opening:
    """An identity, its person's language, and the menu it was last given (None: everybody's)."""

    identity_id: int
    person_id: int
    lang: str
    menu: str | None


def line_to(tx: Tx, *, channel: str, account: str, external_id: str, message_id: int) -> Line | None:
    """Return what is needed to send this message there; None when nobody of that name is known any more."""
    row = tx.first(_LINE, _who(channel, account, external_id) | {"b_message": message_id})
    if row is None:
        return None
    urgent = row.rank is None or Rank(row.rank) is Rank.URGENT  # without a row it is the answer to somebody erased
    return Line(row.id, row.person_id, row.template or "", row.facts or {}, row.order_id, urgent)


def opening_of(tx: Tx, *, channel: str, account: str, external_id: str) -> Opening | None:
    """Return whom an identity belongs to, and which menu it sees; None when nobody of that name is known."""
    row = tx.first(_OPENING, _who(channel, account, external_id))
    return None if row is None else Opening(*row)


def bounced(tx: Tx, person_id: int, ref: str) -> bool:
    """Note that a message taken as sent never reached its reader: operators see it among the failed ones."""
    return bool(tx.execute(_BOUNCED, {"b_person": person_id, "b_ref": ref}))


def _who(channel: str, account: str, external_id: str) -> dict[str, object]:
    return {"b_channel": channel, "b_account": account, "b_external": external_id}
