"""The message centre: a view of the same rows, for the page's history and for "my messages"."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Integer, bindparam, delete, func, or_, select, update

from core.db import Row, Tx
from core.errors import NotFound
from core.messages.tables import held, message
from core.messages.telling import MessageKind, MessageState
from core.messages.templates import Template
from core.orders.tables import order

BY_CENTRE: Final = "centre"
"""How a message went that was read in the message centre before any channel could carry it."""

# A card is good while its order has the version it showed (design: messages).
_stands = or_(message.c.order_version.is_(None), message.c.order_version == order.c.version).label("stands")
_SHOWN = (
    select(message.c.id, message.c.kind, message.c.body_sealed, message.c.sent_at, _stands)
    .select_from(message.outerjoin(order, order.c.id == message.c.order_id))
    .where(
        message.c.person_id == bindparam("b_person"),
        message.c.body_sealed.is_not(None),
        or_(
            message.c.sent_at > bindparam("b_after"),
            (message.c.sent_at == bindparam("b_after")) & (message.c.id > bindparam("b_after_id")),
        ),
    )
    .order_by(message.c.sent_at.desc(), message.c.id.desc())
    .limit(bindparam("b_most"))
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A message a person has been sent, its frozen body still sealed."""

    id: int
    kind: str
    body_sealed: bytes
    sent_at: datetime
    stands: bool


def shown(tx: Tx, person_id: int, *, after: datetime, after_id: int, most: int) -> tuple[Shown, ...]:
    """Return the newest messages sent to a person after a point (sent_at, id), oldest first."""
    params = {"b_person": person_id, "b_after": after, "b_after_id": after_id, "b_most": most}
    rows = tx.all(_SHOWN, params)
    return tuple(Shown(r.id, r.kind, r.body_sealed, r.sent_at, bool(r.stands)) for r in reversed(rows))


_FROZEN = select(message.c.body_sealed).where(
    message.c.id == bindparam("b_id"), message.c.person_id == bindparam("b_person")
)


def frozen(tx: Tx, person_id: int, message_id: int) -> bytes | None:
    """Return the sealed words of one message of this person; None when it is not theirs, or has none yet."""
    sealed = tx.scalar(_FROZEN, {"b_id": message_id, "b_person": person_id})
    return None if sealed is None else bytes(sealed)


_LAST_SENT = (
    select(message.c.channel, message.c.facts)
    .where(
        message.c.person_id == bindparam("b_person"),
        message.c.template == bindparam("b_template"),
        message.c.state == MessageState.SENT.value,
    )
    .order_by(message.c.id.desc())
    .limit(1)
)


def last_sent(tx: Tx, person_id: int, template: Template) -> tuple[str, Mapping[str, Any]] | None:
    """Return the channel and the facts of the newest message of this template that a person was sent."""
    row = tx.first(_LAST_SENT, {"b_person": person_id, "b_template": template.value})
    return None if row is None or row.channel is None else (row.channel, row.facts)


_ANSWER = "turn"
"""The template of what a conversation answers: said once, and kept in the chat itself."""

_at = func.coalesce(message.c.sent_at, held.c.since, message.c.created_at)
_TOLD = (
    select(
        message.c.id,
        message.c.template,
        message.c.facts,
        message.c.body_sealed,
        message.c.order_id,
        message.c.state,
        message.c.sent_at,
        _at.label("at"),
        message.c.expires_at,
        _stands,
    )
    .select_from(
        message.outerjoin(order, order.c.id == message.c.order_id).outerjoin(
            held, (held.c.person_id == message.c.person_id) & (held.c.message_id == message.c.id)
        )
    )
    .where(
        message.c.person_id == bindparam("b_person"),
        message.c.kind != MessageKind.PROMPT.value,
        message.c.template != _ANSWER,
        message.c.body_sealed.is_not(None),
        or_(message.c.sent_at.is_not(None), message.c.state == MessageState.HELD.value),
    )
)
_NEWEST_TOLD = _TOLD.order_by(_at.desc(), message.c.id.desc()).limit(bindparam("b_most", type_=Integer))
_ONE_TOLD = _TOLD.where(message.c.id == bindparam("b_id"))
_SEEN = (
    update(message)
    .where(message.c.id == bindparam("b_id"), message.c.state == MessageState.HELD.value)
    .values(state=MessageState.SENT.value, sent_at=bindparam("new_sent"), sent_by=BY_CENTRE)
)
_NOT_HELD = delete(held).where(held.c.person_id == bindparam("b_person"), held.c.message_id == bindparam("b_id"))


@dataclass(frozen=True, slots=True)
class Told:
    """What a person was told of by itself, or what waits to be (until `expires_at`).

    `at` is when it was sent, else since when it waits; one that `waits` may have been told by phone meanwhile.
    """

    id: int
    template: Template
    facts: Mapping[str, Any]
    body_sealed: bytes
    order_id: int | None
    at: datetime
    stands: bool
    waits: bool
    by_phone: bool
    expires_at: datetime | None


def told(tx: Tx, person_id: int, *, most: int) -> tuple[Told, ...]:
    """Return the notices and cards of a person, newest first, with those no channel could carry yet."""
    return tuple(_told(row) for row in tx.all(_NEWEST_TOLD, {"b_person": person_id, "b_most": most}))


def told_one(tx: Tx, person_id: int, message_id: int) -> Told:
    """Return one notice or card of this person; raises NotFound."""
    row = tx.first(_ONE_TOLD, {"b_person": person_id, "b_id": message_id})
    if row is None:
        raise NotFound(kind="message")
    return _told(row)


def seen(tx: Tx, person_id: int, message_id: int, *, now: datetime) -> None:
    """Note that the person has read here what still waited: it need not be sent any more."""
    if tx.execute(_SEEN, {"b_id": message_id, "new_sent": now}):
        tx.execute(_NOT_HELD, {"b_person": person_id, "b_id": message_id})


def _told(row: Row) -> Told:
    return Told(
        id=row.id,
        template=Template(row.template),
        facts=row.facts,
        body_sealed=bytes(row.body_sealed),
        order_id=row.order_id,
        at=row.at,
        stands=bool(row.stands),
        waits=row.state == MessageState.HELD,
        by_phone=row.state == MessageState.HELD and row.sent_at is not None,
        expires_at=row.expires_at,
    )
