"""What is kept for somebody: the answer a platform asks for again, and words that waited for the person's next act."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypedDict

import msgspec

from core import conversations
from core.conversations import Loaded
from core.db import DatabaseError, Tx
from core.ids import new_id
from core.messages import MessageKind, MessageState
from core.messages.answering import Stored, leased_until, rode_along, said_before
from core.messages.holding import take_held
from core.messages.outbox import Due, note, open_body
from dialogs.house import House
from dialogs.incoming import Incoming
from dialogs.outgoing import TEXTED, Outgoing, Waited, decode_body
from dialogs.rendering import prepare
from dialogs.texts import formats

ASKS_AGAIN: Final = frozenset({"wechat"})
"""Channels that send an update again when they heard no answer, and show the answer to that."""

LEASE: Final = timedelta(seconds=8)
"""So long an answer is the door's there: a try is given up after 5 s, so the third finds what a dead door left."""

_MOST_HELD: Final = 5
"""More than a reply can show at once; what is left waits for the next act."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Again:
    """An answer to give once more, under this lease, and what had waited and was shown beside it."""

    messages: tuple[Outgoing, ...]
    held: tuple[Outgoing, ...]
    lease: int


class _Fence(TypedDict):
    lease: int
    leased_until: datetime
    now: datetime
    real_now: datetime


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An answer that a door has just been given to show: should that door have died, it is free `until` then."""

    until: datetime


def answer_again(
    tx: Tx, incoming: Incoming, loaded: Loaded, *, now: datetime, real_now: datetime
) -> Again | Elsewhere | None:
    """Return the stored answer to a repeated update, or whose it still is; None when it goes, or went, another way."""
    who = {"channel": incoming.channel, "account": incoming.account, "external_id": incoming.external_id}
    answer_id = conversations.answer_to(tx, **who, person_id=loaded.person_id)
    if answer_id is None:
        return None
    lease = new_id()
    until = real_now + LEASE
    fence: _Fence = {"lease": lease, "leased_until": until, "now": now, "real_now": real_now}
    stored = said_before(tx, answer_id, loaded.person_id, **fence)
    rode = rode_along(tx, incoming.external_id, loaded.person_id, **fence)
    if stored is None and not rode:
        held_until = leased_until(tx, answer_id, loaded.person_id)
        # One who holds it longer than a turn's door does is at work on it: it is being pushed.
        fresh = held_until is not None and real_now < held_until <= until
        return Elsewhere(held_until) if held_until is not None and fresh else None
    messages = () if stored is None else (_shown_again(stored, incoming, loaded),)
    return Again(messages, tuple(_shown_again(one, incoming, loaded) for one in rode), lease)


def _shown_again(stored: Stored, incoming: Incoming, loaded: Loaded) -> Outgoing:
    return Outgoing(
        message_id=stored.id,
        person_id=loaded.person_id,
        kind=stored.kind,
        channel=incoming.channel,
        account=incoming.account,
        external_id=incoming.sender,
        body=decode_body(open_body(loaded.key, stored.body_sealed)),
        lang=loaded.lang,
        first_number=stored.first_number,
    )


def waited(
    tx: Tx,
    incoming: Incoming,
    loaded: Loaded,
    *,
    house: House,
    lease: int,
    until: datetime,
    now: datetime,
    answer: str | None,
) -> tuple[Outgoing, ...]:
    """Take what was held until this act of the person, as it is to be said now; what is no longer true is dropped.

    `answer` is what the act itself is answered with, None where that is silence.
    """
    if not loaded.waited_for:
        return ()
    claimed = take_held(
        tx, loaded.person_id, incoming.channel, lease=lease, leased_until=until, now=now, most=_MOST_HELD
    )
    told = []
    for one in claimed:
        found = _prepared(tx, one.due, incoming, loaded, house=house, now=now, answer=answer)
        if found is not None and one.since is not None:
            found = msgspec.structs.replace(found, waited=_since(one.since, one.due, loaded, now))
        if found is not None:
            told.append(found)
    return tuple(told)


def _since(at: datetime, due: Due, loaded: Loaded, now: datetime) -> Waited:
    """Say when it would have been said: by the clock, with the day where that is not today."""
    today = formats.local(at, loaded.zone).date() == formats.local(now, loaded.zone).date()
    clock = formats.clock(at, loaded.zone)
    when = clock if today else f"{formats.day(at, loaded.zone, loaded.lang)} {clock}"
    return Waited(at, when, texted=due.sent_by == TEXTED)


def _prepared(
    tx: Tx, due: Due, incoming: Incoming, loaded: Loaded, *, house: House, now: datetime, answer: str | None
) -> Outgoing | None:
    """Return the words for the person who is here; None when they are untrue, or cannot be made just now."""
    try:
        with tx.savepoint():
            prepared = prepare(tx, due, house=house, now=now, present=True)
    except DatabaseError:
        raise
    except Exception:  # noqa: BLE001  words are made by many hands: the turn must not fail for them, the sender tries on
        _log.exception("held message not prepared", extra={"message_id": due.id, "template": due.template})
        return None
    if prepared.drop:
        _drop(tx, due, now)
    elif due.sent_by == TEXTED and prepared.body is not None and not prepared.body.buttons:
        note(tx, due.id, lease=due.lease, state=MessageState.SENT, now=now, again_at=None, ref=None)
        return None  # the phone has told it whole; only choices are still owed
    here = (incoming.channel, incoming.account, incoming.sender)
    found = next((one for one in prepared.outgoing if (one.channel, one.account, one.external_id) == here), None)
    stands = answer is None and due.id == loaded.prompt_id
    if found is None or due.kind != MessageKind.PROMPT or stands:
        return found
    return _overtaken(tx, due, found, answer or "", now)


def _overtaken(tx: Tx, due: Due, found: Outgoing, answer: str, now: datetime) -> Outgoing | None:
    """Return an answer that never arrived, less its choices: the new answer has its own; None where that says it too.

    Its words are owed all the same: they may be all that tells of an order just made.
    """
    body = found.body
    if body.text in answer:
        _drop(tx, due, now)
        return None
    links = tuple(row for row in (tuple(one for one in row if one.url) for row in body.rows) if row)
    return msgspec.structs.replace(found, body=msgspec.structs.replace(body, rows=links, asks=None))


def _drop(tx: Tx, due: Due, now: datetime) -> None:
    note(tx, due.id, lease=due.lease, state=MessageState.DROPPED, now=now, again_at=None, ref=None)
