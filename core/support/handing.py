"""Handing a conversation to a human and getting it back: who owns the thread is `conversation.ticket_id` alone.

Every verb here holds the guard of the person's conversation, so that a turn, an operator and the clock act one after
the other, and only then touches the ticket.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Integer, bindparam, or_, select, update

from core import conversations
from core.crypto import Key
from core.db import Row, Tx
from core.messages import Template, tell
from core.people import key_of
from core.settings import rules
from core.support import hours, thread
from core.support.states import URGENCY, TicketEvent, TicketKind, TicketState
from core.support.tables import ticket as table
from core.support.thread import Author, Said
from core.support.tickets import Case, add, call, guarded_row, move, row_of

SOOTHE_AFTER = timedelta(minutes=2)
"""While an operator is talking, a person who writes twice in a row is answered by the operator, not by the bot."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What somebody who wants a human can honestly be told.

    `silent`: the thread is a human's from here on, and comes back to the bot at `until` if nobody has come by then.
    Otherwise the desk is shut and the bot goes on. `call_back_at`: by then somebody gets back in any case.
    """

    ticket_id: int
    silent: bool
    staffed: bool
    taken: bool
    ahead: int
    expect_minutes: int | None
    until: datetime
    call_back_at: datetime


_THIS = table.c.id == bindparam("b_id")
_HEARD = (
    update(table).where(_THIS).values(heard_at=bindparam("new_heard_at"), waiting_since=bindparam("new_waiting_since"))
)
_SOOTHED = (
    update(table)
    .where(_THIS, table.c.soothed_at.is_(None))
    .where(or_(table.c.state == TicketState.OPEN.value, table.c.waiting_since <= bindparam("b_before")))
    .values(soothed_at=bindparam("new_soothed_at"))
)
_WAITED_TOO_LONG = (
    select(table.c.id)
    .where(or_(table.c.state == TicketState.OPEN.value, table.c.state == TicketState.TAKEN.value))
    .where(table.c.waiting_since <= bindparam("b_waited"))
    .order_by(table.c.id)
    .limit(bindparam("b_most", type_=Integer))
)
_FORGOTTEN = (
    select(table.c.id)
    .where(table.c.person_id.is_not(None), table.c.state == TicketState.TAKEN.value)
    .where(table.c.waiting_since.is_(None), table.c.heard_at <= bindparam("b_heard"))
    .order_by(table.c.id)
    .limit(bindparam("b_most", type_=Integer))
)


def hand_over(
    tx: Tx,
    person_id: int,
    *,
    kind: TicketKind,
    summary: str,
    said: Sequence[Said],
    order_id: int | None,
    zone: str,
    now: datetime,
) -> Waiting:
    """Call a human into the conversation, with a summary and what was `said`; while the desk is shut, promise a call.

    Somebody who has been handed over already stays where they are, with more urgency if need be. Raises InvalidInput.
    """
    conversations.guard(tx, person_id)
    key = key_of(tx, person_id)
    about = Case(person_id, order_id, kind, key)
    owner = conversations.owner_of(tx, person_id)
    if owner is not None:
        row = row_of(tx, owner)
        if URGENCY.index(kind) < URGENCY.index(TicketKind(row.kind)):
            add(tx, about, row, summary)
        return _waiting(tx, row_of(tx, owner), zone=zone, now=now)
    ticket_id = call(tx, about, summary, now)
    row = row_of(tx, ticket_id)
    thread.copy(tx, ticket_id, [one for one in said if row.heard_at is None or one.at > row.heard_at], key=key)
    if not hours.is_open(rules(tx), zone, now):
        _promise(tx, row, zone=zone, now=now)
        return _waiting(tx, row_of(tx, ticket_id), zone=zone, now=now)
    conversations.hand_to(tx, person_id, ticket_id)
    if row.state == TicketState.CALL_BACK:
        move(tx, row, TicketEvent.ASKED_AGAIN, waiting_since=now, soothed_at=None, heard_at=now, call_back_at=None)
    else:
        tx.execute(_HEARD, {"b_id": ticket_id, "new_heard_at": now, "new_waiting_since": now})
    return _waiting(tx, row_of(tx, ticket_id), zone=zone, now=now)


def heard(tx: Tx, ticket_id: int, *, key: Key, text: str, file_id: int | None, now: datetime) -> bool:
    """Keep what the person says to the human; True when the one soothing line of this spell of waiting is due."""
    row = row_of(tx, ticket_id)
    thread.write(tx, ticket_id, Said(Author.PERSON, text, file_id, now), key=key)
    tx.execute(_HEARD, {"b_id": ticket_id, "new_heard_at": now, "new_waiting_since": row.waiting_since or now})
    return bool(tx.execute(_SOOTHED, {"b_id": ticket_id, "b_before": now - SOOTHE_AFTER, "new_soothed_at": now}))


def awaited(tx: Tx, ticket_id: int) -> bool:
    """Tell whether nobody of the house has come to this thread yet."""
    return bool(row_of(tx, ticket_id).state == TicketState.OPEN)


def go_on_alone(tx: Tx, person_id: int, *, now: datetime) -> bool:
    """Let the person go back to the bot; False when it has the conversation already.

    Whoever only wanted a human no longer waits for one; a complaint or an emergency stays with the operators.
    """
    row = _owning_row(tx, person_id)
    if row is None:
        return False
    conversations.give_back(tx, person_id, row.id)
    thread.mark(tx, row.id, TicketEvent.LEFT, operator_id=None, now=now)
    if row.state == TicketState.OPEN and row.kind != TicketKind.HUMAN:
        tx.execute(_HEARD, {"b_id": row.id, "new_heard_at": now, "new_waiting_since": None})
        return True
    closed_at = now if row.state == TicketState.OPEN else None
    move(tx, row, TicketEvent.LEFT, waiting_since=None, heard_at=now, closed_at=closed_at)
    return True


def call_me_back(tx: Tx, person_id: int, *, zone: str, now: datetime) -> datetime | None:
    """Give up waiting for a promise instead: by when somebody gets back; None when the bot has the conversation."""
    row = _owning_row(tx, person_id)
    if row is None:
        return None
    conversations.give_back(tx, person_id, row.id)
    return _promise(tx, row, zone=zone, now=now)


def waiting_over(tx: Tx, *, zone: str, now: datetime, most: int) -> int:
    """Give conversations back to the bot that no operator came to in time, or that an operator has forgotten.

    The first are promised a call-back; all are told. Returns how many; one to a unit locks one person at a time.
    """
    figures = rules(tx)
    waited = now - timedelta(minutes=figures.human_wait_minutes)
    idle = now - timedelta(minutes=figures.human_idle_minutes)
    late = [row.id for row in tx.all(_WAITED_TOO_LONG, {"b_waited": waited, "b_most": most})]
    forgotten = [row.id for row in tx.all(_FORGOTTEN, {"b_heard": idle, "b_most": most - len(late)})]
    for ticket_id in late:
        row = guarded_row(tx, ticket_id)
        if _waits(row) and row.waiting_since is not None and row.waiting_since <= waited:
            _nobody_came(tx, row, zone=zone, now=now)
    for ticket_id in forgotten:
        row = guarded_row(tx, ticket_id)
        if row.state == TicketState.TAKEN and row.waiting_since is None and row.heard_at <= idle:
            move(tx, row, TicketEvent.GIVEN_BACK)
            given_back(tx, row, TicketEvent.GIVEN_BACK, operator_id=None, now=now)
    return len(late) + len(forgotten)


def given_back(tx: Tx, row: Row, event: TicketEvent, *, operator_id: int | None, now: datetime) -> None:
    """Note in the thread what ended it; return the conversation to the bot, if this ticket had it, and say so."""
    line_id = thread.mark(tx, row.id, event, operator_id=operator_id, now=now)
    if row.person_id is not None and conversations.give_back(tx, row.person_id, row.id):
        facts = {"ticket_id": row.id, "why": event.value}
        tell(tx, row.person_id, Template.HANDED_BACK, dedupe=f"ticket:{row.id}:{line_id}", facts=facts, now=now)


def _nobody_came(tx: Tx, row: Row, *, zone: str, now: datetime) -> None:
    by = hours.call_back_by(rules(tx), zone, now)
    move(tx, row, TicketEvent.NOBODY_CAME, waiting_since=None, taken_by=None, call_back_at=by)
    given_back(tx, row, TicketEvent.NOBODY_CAME, operator_id=None, now=now)


def _promise(tx: Tx, row: Row, *, zone: str, now: datetime) -> datetime:
    """Note a call-back on a ticket that nobody talks in; one promised earlier stands."""
    if row.state == TicketState.CALL_BACK:
        promised: datetime = row.call_back_at
        return promised
    by = hours.call_back_by(rules(tx), zone, now)
    thread.mark(tx, row.id, TicketEvent.NOBODY_CAME, operator_id=None, now=now)
    move(tx, row, TicketEvent.NOBODY_CAME, waiting_since=None, taken_by=None, heard_at=now, call_back_at=by)
    return by


def _waits(row: Row) -> bool:
    return row.state in (TicketState.OPEN, TicketState.TAKEN)


def _owning_row(tx: Tx, person_id: int) -> Row | None:
    conversations.guard(tx, person_id)
    owner = conversations.owner_of(tx, person_id)
    return None if owner is None else row_of(tx, owner)


def _waiting(tx: Tx, row: Row, *, zone: str, now: datetime) -> Waiting:
    figures = rules(tx)
    ahead = hours.ahead_of(tx, row.id, kind=TicketKind(row.kind), now=row.waiting_since or now)
    return Waiting(
        ticket_id=row.id,
        silent=_waits(row),
        staffed=hours.is_staffed(tx, zone=zone, now=now),
        taken=row.state == TicketState.TAKEN,
        ahead=ahead,
        expect_minutes=hours.expected_minutes(tx, ahead=ahead),
        until=(row.waiting_since or now) + timedelta(minutes=figures.human_wait_minutes),
        call_back_at=row.call_back_at or hours.call_back_by(figures, zone, now),
    )
