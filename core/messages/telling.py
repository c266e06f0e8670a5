"""Writing messages in the transaction of the change they tell about."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, Final

from sqlalchemy import bindparam, or_, update

from core.db import Tx, insert_into
from core.ids import new_id
from core.messages.tables import message
from core.messages.templates import CARDS, REMINDERS, URGENT, Template


class MessageKind(StrEnum):
    """A prompt belongs to the question now open, a card stays good while its order stands, a notice has no buttons."""

    PROMPT = "prompt"
    CARD = "card"
    NOTICE = "notice"


class Rank(IntEnum):
    """Which message goes first: of a payment or a visit, before any other word, before what goes to everybody."""

    BROADCAST = 0
    ORDINARY = 1
    URGENT = 2


class MessageState(StrEnum):
    """Where a message is on its way."""

    WAITING = "waiting"
    SENT = "sent"
    UNKNOWN = "unknown"  # the request left and no answer came: repeated on the same channel only
    HELD = "held"  # may go out only with the person's next act on that channel
    DROPPED = "dropped"  # no longer true when its time came
    FAILED = "failed"  # every channel refused; operators see it


BY_PHONE: Final = "sms"
"""How a message went that was sent to the person's phone as a text message."""

INSERT = insert_into(message)
_FORGET = (
    update(message)
    .where(
        message.c.order_id == bindparam("b_order"),
        or_(message.c.due_at.is_not(None), message.c.state == MessageState.HELD.value),
        or_(*(message.c.template == template.value for template in sorted(REMINDERS))),
    )
    .values(state=MessageState.DROPPED.value, due_at=None)
)
_CARRY_OVER = (
    update(message)
    .where(
        message.c.order_id == bindparam("b_order"),
        message.c.person_id == bindparam("b_person"),
        message.c.template == bindparam("b_template"),
        message.c.order_version == bindparam("b_version"),
    )
    .values(order_version=bindparam("new_version"))
)


def dedupe_hash(key: str) -> bytes:
    """Return the 32 bytes under which a message or effect is unique."""
    return hashlib.sha256(key.encode()).digest()


def answer_key(message_id: int) -> bytes:
    """Return the 32 bytes under which a turn's own answer is unique.

    They rise with time: the newest stand side by side in the index, and a commit of many turns writes a page or two of
    it instead of one for each (measured on SQLite: a third of what writing an answer costs).
    """
    return b"turn".ljust(24) + message_id.to_bytes(8)


def tell(
    tx: Tx,
    person_id: int,
    template: Template,
    *,
    dedupe: str,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
    order_id: int | None = None,
    order_version: int | None = None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
    channel: str | None = None,
    account: str | None = None,
) -> bool:
    """Write one message to a person, due now or at `due_at`; False when this very message was written before.

    It goes to `channel` and `account` first, where they are given, else where the person wants to be told.
    """
    body: dict[str, Any] = dict(facts or {})
    if order_id is not None:
        body.setdefault("order_id", order_id)
    row = _row(tx, template, rank=Rank.URGENT if template in URGENT else Rank.ORDINARY, facts=body, now=now)
    about = {
        "id": new_id(), "person_id": person_id, "order_id": order_id, "order_version": order_version,
        "dedupe_key": dedupe_hash(dedupe), "due_at": due_at or now, "expires_at": expires_at,
        "channel": channel, "account": account,
    }  # fmt: skip
    is_new = tx.insert_if_new(INSERT, row | about)
    tx.speaks |= is_new and (due_at or now) <= now
    return is_new


def broadcast(
    tx: Tx,
    recipients: Iterable[tuple[int, datetime]],
    template: Template,
    *,
    dedupe: str,
    now: datetime,
    facts: Mapping[str, Any],
    expires_at: datetime | None = None,
) -> tuple[tuple[int, int], ...]:
    """Write one message to many (person id, due at), behind all others; each person's id with the message's.

    The caller's guard sees to it that nobody is written to twice; a second time under this `dedupe` is an error.
    """
    row = _row(tx, template, rank=Rank.BROADCAST, facts=dict(facts), now=now) | {"expires_at": expires_at}
    written = [
        row | {"id": new_id(), "person_id": one, "due_at": due_at, "dedupe_key": dedupe_hash(f"{dedupe}:{one}")}
        for one, due_at in recipients
    ]
    tx.execute_many(INSERT, written)
    return tuple((one["person_id"], one["id"]) for one in written)


def _row(tx: Tx, template: Template, *, rank: Rank, facts: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Return a message that waits, all but its own: id, recipient, key, hour."""
    return {
        "kind": MessageKind.CARD if template in CARDS else MessageKind.NOTICE,
        "template": template.value,
        "facts": facts,
        "body_sealed": None,
        "order_id": None,
        "order_version": None,
        "rank": rank,
        "expires_at": None,
        "state": MessageState.WAITING,
        "attempts": 0,
        "leased_until": None,
        "lease": None,
        "channel": None,
        "account": None,
        "external_ref": None,
        "first_number": None,
        "created_at": now,
        "sent_at": None,
        "sent_by": None,
        "why": None,
        "trace": tx.trace,
    }


def carry_over(tx: Tx, order_id: int, person_id: int, template: Template, *, version: int, now_version: int) -> int:
    """Let a card that still tells the truth stay good after its order has moved; how many there were."""
    params = {
        "b_order": order_id, "b_person": person_id, "b_template": template.value,
        "b_version": version, "new_version": now_version,
    }  # fmt: skip
    return tx.execute(_CARRY_OVER, params)


def forget_reminders(tx: Tx, order_id: int) -> int:
    """Drop the reminders and nudges of an order that moved or died, those not sent yet; how many there were.

    Anything else that waits (for the morning, for another try) tells of what has happened and still goes out.
    """
    return tx.execute(_FORGET, {"b_order": order_id})
