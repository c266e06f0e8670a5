"""Where each conversation stands: loaded under its guard with all that a turn needs, in one statement."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from core.conversations.tables import conversation
from core.crypto import Key
from core.db import Tx
from core.messages.answering import is_owed
from core.messages.holding import waits_for
from core.messages.tables import message
from core.orders.tables import order
from core.people.tables import identity, person

STATE_PURPOSE = "conversation.state"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A person's conversation under its guard, the message now asked and the message pressed (bodies still sealed)."""

    person_id: int
    identity_id: int
    seen_at: datetime
    blocked: bool
    key: Key
    lang: str
    zone: str
    version: int
    state: bytes | None
    put_off_id: int | None
    prompt_id: int | None
    prompt_at: datetime | None
    prompt_sealed: bytes | None
    prompt_ref: str | None
    prompt_channel: str | None
    pressed_kind: str | None
    pressed_sealed: bytes | None
    pressed_stands: bool
    pressed_order_id: int | None
    ticket_id: int | None
    waited_for: bool
    """Whether messages are held until this person's next act on this channel."""
    owed: bool
    """Whether an earlier answer on this channel has not been told yet."""


_prompt = message.alias("prompt")
_pressed = message.alias("pressed")
_LOAD = (
    select(
        person.c.id.label("person_id"),
        identity.c.id.label("identity_id"),
        identity.c.seen_at,
        identity.c.blocked_at,
        person.c.sealed_key,
        person.c.lang,
        person.c.zone,
        conversation.c.version,
        conversation.c.state_sealed,
        conversation.c.put_off_id,
        conversation.c.prompt_id,
        conversation.c.prompt_at,
        conversation.c.ticket_id,
        _prompt.c.body_sealed.label("prompt_sealed"),
        _prompt.c.external_ref.label("prompt_ref"),
        _prompt.c.channel.label("prompt_channel"),
        _pressed.c.kind.label("pressed_kind"),
        _pressed.c.body_sealed.label("pressed_sealed"),
        _pressed.c.order_version.label("pressed_order_version"),
        _pressed.c.order_id.label("pressed_order_id"),
        order.c.version.label("order_version"),
        waits_for(person.c.id, identity.c.channel).label("waited_for"),
        is_owed(person.c.id, identity.c.channel).label("is_owed"),
    )
    .select_from(
        identity.join(person, person.c.id == identity.c.person_id)
        .join(conversation, conversation.c.person_id == person.c.id)
        .outerjoin(_prompt, _prompt.c.id == conversation.c.prompt_id)
        .outerjoin(_pressed, (_pressed.c.id == bindparam("b_pressed")) & (_pressed.c.person_id == person.c.id))
        .outerjoin(order, order.c.id == _pressed.c.order_id)
    )
    .where(
        identity.c.channel == bindparam("b_channel"),
        identity.c.account == bindparam("b_account"),
        identity.c.external_id == bindparam("b_external"),
    )
    .with_for_update(of=conversation)
)
_GUARD = select(conversation.c.person_id).where(conversation.c.person_id == bindparam("b_person")).with_for_update()
_SAVE = (
    update(conversation)
    .where(conversation.c.person_id == bindparam("b_person"), conversation.c.version == bindparam("b_version"))
    .values(
        version=conversation.c.version + 1,
        state_sealed=bindparam("b_state"),
        prompt_id=bindparam("b_prompt"),
        prompt_at=bindparam("b_prompt_at"),
        updated_at=bindparam("b_now"),
    )
)


def load(tx: Tx, *, channel: str, account: str, sender: str, pressed_id: int | None) -> Loaded | None:
    """Lock and return the conversation of an identity; None when nobody of that name has come before or was erased."""
    row = tx.first(
        _LOAD, {"b_channel": channel, "b_account": account, "b_external": sender, "b_pressed": pressed_id or 0}
    )
    if row is None or row.sealed_key is None:
        return None
    key = tx.vault.key(row.sealed_key)
    tx.guarded.append(row.person_id)
    return Loaded(
        person_id=row.person_id,
        identity_id=row.identity_id,
        seen_at=row.seen_at,
        blocked=row.blocked_at is not None,
        key=key,
        lang=row.lang,
        zone=row.zone,
        version=row.version,
        state=None if row.state_sealed is None else key.open(row.state_sealed, STATE_PURPOSE),
        put_off_id=row.put_off_id,
        prompt_id=row.prompt_id,
        prompt_at=row.prompt_at,
        prompt_sealed=row.prompt_sealed,
        prompt_ref=row.prompt_ref,
        prompt_channel=row.prompt_channel,
        pressed_kind=row.pressed_kind,
        pressed_sealed=row.pressed_sealed,
        pressed_stands=row.pressed_order_version in (None, row.order_version),
        pressed_order_id=row.pressed_order_id,
        ticket_id=row.ticket_id,
        waited_for=bool(row.waited_for),
        owed=bool(row.is_owed),
    )


def guard(tx: Tx, person_id: int) -> None:
    """Do one person's acts one after the other: a turn has this guard already, whoever comes another way waits."""
    if person_id not in tx.guarded:
        tx.first(_GUARD, {"b_person": person_id})
        tx.guarded.append(person_id)


def save(
    tx: Tx, loaded: Loaded, *, state: bytes, prompt_id: int | None, prompt_at: datetime | None, now: datetime
) -> None:
    """Keep where the conversation stands now; its guard was taken by `load`."""
    tx.execute(
        _SAVE,
        {
            "b_person": loaded.person_id,
            "b_version": loaded.version,
            "b_state": loaded.key.seal(state, STATE_PURPOSE),
            "b_prompt": prompt_id,
            "b_prompt_at": prompt_at,
            "b_now": now,
        },
    )


_SHOWN = (
    select(conversation.c.prompt_at, message.c.body_sealed)
    .select_from(conversation.join(message, message.c.id == conversation.c.prompt_id))
    .where(conversation.c.person_id == bindparam("b_person"))
)


def shown_last(tx: Tx, person_id: int) -> tuple[datetime, bytes] | None:
    """Return when the conversation's last message was written, and its sealed body."""
    row = tx.first(_SHOWN, {"b_person": person_id})
    return None if row is None or row.body_sealed is None else (row.prompt_at, bytes(row.body_sealed))


_PROMPT = select(conversation.c.prompt_id).where(conversation.c.person_id == bindparam("b_person"))


def prompt_of(tx: Tx, person_id: int) -> int | None:
    """Return the message that carries the question now open."""
    found = tx.scalar(_PROMPT, {"b_person": person_id})
    return None if found is None else int(found)


_STATE = select(conversation.c.state_sealed).where(conversation.c.person_id == bindparam("b_person"))
_OWNER = select(conversation.c.ticket_id).where(conversation.c.person_id == bindparam("b_person"))
_HAND_TO = (
    update(conversation)
    .where(conversation.c.person_id == bindparam("b_person"), conversation.c.ticket_id.is_(None))
    .values(ticket_id=bindparam("b_ticket"))
)
_GIVE_BACK = (
    update(conversation)
    .where(conversation.c.person_id == bindparam("b_person"), conversation.c.ticket_id == bindparam("b_ticket"))
    .values(ticket_id=None)
)


def state_of(tx: Tx, person_id: int, key: Key) -> bytes | None:
    """Return where a person's conversation stands, as last saved, for whoever only looks at it."""
    sealed = tx.scalar(_STATE, {"b_person": person_id})
    return None if sealed is None else key.open(sealed, STATE_PURPOSE)


def owner_of(tx: Tx, person_id: int) -> int | None:
    """Return the ticket whose operator owns the conversation or is awaited in it; None: the bot speaks."""
    found = tx.scalar(_OWNER, {"b_person": person_id})
    return None if found is None else int(found)


def hand_to(tx: Tx, person_id: int, ticket_id: int) -> bool:
    """Give a conversation that the bot has to a ticket, under its guard; False when another ticket has it."""
    return bool(tx.execute(_HAND_TO, {"b_person": person_id, "b_ticket": ticket_id}))


def give_back(tx: Tx, person_id: int, ticket_id: int) -> bool:
    """Give a conversation back to the bot, under its guard; False when this ticket does not have it (any more)."""
    return bool(tx.execute(_GIVE_BACK, {"b_person": person_id, "b_ticket": ticket_id}))
