"""Reading a call of the action: whose it is, and what the last message of the person asks of us."""

from dataclasses import dataclass
from typing import Any, Final

import msgspec

from bots.rasa.names import BACK_ACTION, CHANNEL, FORM, MESSAGE_ENTITY, NEWS_INTENT, PRESS_INTENT, TOKEN_ENTITY
from bots.rasa.senders import external_id_of
from dialogs.incoming import Content, Event, Incoming, Press, Text, Unreadable
from dialogs.outgoing import read_token

_EXTERNAL: Final = "EXTERNAL: "
"""What Rasa puts before the name of an intent that no person said (its reminders and its trigger_intent)."""
_FORMS: Final = frozenset({"active_loop", "form"})
_NO_ANSWERS: Final = frozenset({"action_listen", "action_extract_slots", "action_unlikely_intent", BACK_ACTION, FORM})


class _Entity(msgspec.Struct):
    entity: str = ""
    value: Any = None


class _Intent(msgspec.Struct):
    name: str | None = None


class _Message(msgspec.Struct):
    text: str | None = None
    message_id: str | int | None = None
    intent: _Intent | None = None
    entities: list[_Entity] | None = None


class _Event(msgspec.Struct):
    event: str
    name: str | None = None
    timestamp: float | None = None


class Tracker(msgspec.Struct):
    """As much of Rasa's tracker as is read here."""

    sender_id: str
    latest_message: _Message | None = None
    events: list[_Event] | None = None


class Payload(msgspec.Struct):
    """As much of a call as must be right before anything is done with it."""

    next_action: str
    tracker: Tracker


@dataclass(frozen=True, slots=True)
class Said:
    """A message of the person: one turn of ours. `answered` when Rasa has shown an answer to it already."""

    incoming: Incoming
    answered: bool


@dataclass(frozen=True, slots=True)
class News:
    """Rasa was asked by our own sender to show this message of ours."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Aside:
    """Rasa dealt with the message itself and comes back to the form: our question is put again, nothing is heard."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: the identity it is about, and what is to be done."""

    account: str
    external_id: str
    asks: Said | News | Aside


def read_call(tracker: Tracker, *, account: str) -> Call:
    """Return what a tracker asks of us; ValueError when it names no sender, or no message that could be told again."""
    if not tracker.sender_id:
        raise ValueError("the tracker has no sender")
    message = tracker.latest_message or _Message()
    events = tracker.events or []
    external_id = external_id_of(tracker.sender_id)
    return Call(account, external_id, _asks(message, events, account=account, external_id=external_id))


def _asks(message: _Message, events: list[_Event], *, account: str, external_id: str) -> Said | News | Aside:
    name = message.intent.name if message.intent is not None else None
    since = _since_said(events)
    if name == NEWS_INTENT:
        token = read_token(_value(message, MESSAGE_ENTITY))
        return Aside() if token is None else News(token[0])
    if (message.text or "").startswith(_EXTERNAL) or _dealt_with(events, since):
        return Aside()
    incoming = Incoming(
        channel=CHANNEL,
        account=account,
        external_id=f"{external_id}:{_id_of(message, events)}",  # a platform's ids may be unique within a chat only
        sender=external_id,
        content=_content(message, name),
    )
    return Said(incoming, answered=any(event.event == "bot" for event in since))


def _content(message: _Message, intent: str | None) -> Content:
    if intent == PRESS_INTENT:
        return Press(_value(message, TOKEN_ENTITY)[:64])
    if message.text is None and intent is None:
        return Event("start")
    text = message.text or ""
    if text.startswith("/") and intent:
        text = intent.replace("_", " ")  # a button of theirs that names an intent, as Rasa writes it
    return Text(text) if text.strip() else Unreadable("message")


def _value(message: _Message, entity: str) -> str:
    return next((str(one.value) for one in message.entities or () if one.entity == entity), "")


def _id_of(message: _Message, events: list[_Event]) -> str:
    """Return the id of the person's message, the same each time it is told; where there is none, its moment."""
    if message.message_id is not None and str(message.message_id):
        return str(message.message_id)
    at = next((event.timestamp for event in reversed(events) if event.event in {"user", "session_started"}), None)
    if at is None:
        raise ValueError("the tracker has no message with an id or a time")
    return f"at {at!r}"


def _since_said(events: list[_Event]) -> list[_Event]:
    """Return what has happened since the person's last message, oldest first."""
    for place in range(len(events) - 1, -1, -1):
        if events[place].event == "user":
            return events[place + 1 :]
    return events


def _dealt_with(events: list[_Event], since: list[_Event]) -> bool:
    """Tell whether the form was open when the message came, and an action of Rasa's own has answered it."""
    before = events[: len(events) - len(since)]
    opened = next((event.name for event in reversed(before) if event.event in _FORMS), None)
    acted = any(event.event == "action" and event.name not in _NO_ANSWERS for event in since)
    return opened == FORM and acted
