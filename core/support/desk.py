"""What operators do with a ticket: take it, answer, give the person back to the bot, close."""

from datetime import datetime
from typing import Any

from core import conversations
from core.audit import note
from core.db import Row, Tx
from core.errors import InvalidInput, StateConflict
from core.messages import Template, tell
from core.people import key_of
from core.support import thread
from core.support.handing import given_back
from core.support.states import TicketEvent, TicketState
from core.support.thread import Author, Said
from core.support.tickets import ANSWER, guarded_row, move
from core.words import prose

LONGEST_ANSWER = 2000


def take(tx: Tx, ticket_id: int, *, operator_id: int, now: datetime) -> None:
    """Take a ticket: the bot is silent in its person's chat from here on, who is told. Twice by the same is harmless.

    Raises NotFound, PersonErased, StateConflict when somebody else has it or it is closed, or when another ticket has
    the conversation.
    """
    row = guarded_row(tx, ticket_id)
    if row.state == TicketState.TAKEN and row.taken_by == operator_id:
        return
    _take(tx, row, operator_id=operator_id, now=now)
    line_id = thread.mark(tx, ticket_id, TicketEvent.TAKEN, operator_id=operator_id, now=now)
    if row.person_id is not None:
        facts = {"ticket_id": ticket_id}
        tell(tx, row.person_id, Template.HUMAN_HERE, dedupe=f"ticket:{ticket_id}:{line_id}", facts=facts, now=now)


def reply(tx: Tx, ticket_id: int, *, words: str, operator_id: int, now: datetime) -> int:
    """Answer the person, who is told at once; on the house's own ticket it is a note of what was done.

    Answering somebody who waits in the chat takes the ticket as well. Returns the line's id. Raises InvalidInput,
    NotFound, PersonErased, StateConflict when it is closed or somebody else has it.
    """
    words = prose(words)
    if not words or len(words) > LONGEST_ANSWER:
        raise InvalidInput(field="words")
    row = guarded_row(tx, ticket_id)
    key = tx.vault.house_key if row.person_id is None else key_of(tx, row.person_id)
    if row.state == TicketState.OPEN and row.waiting_since is not None:
        _take(tx, row, operator_id=operator_id, now=now)
        row = guarded_row(tx, ticket_id)
    _only_the_owner(row, operator_id)
    said = {"answer_sealed": key.seal_text(words, ANSWER), "answered_by": operator_id}
    move(tx, row, TicketEvent.REPLIED, waiting_since=None, soothed_at=None, heard_at=now, **said)
    line_id = thread.write(tx, ticket_id, Said(Author.OPERATOR, words, None, now), key=key, operator_id=operator_id)
    _note(tx, "ticket.answered", ticket_id, operator_id, now)
    if row.person_id is not None:
        facts = {"ticket_id": ticket_id, "line_id": line_id}
        tell(tx, row.person_id, Template.TICKET_ANSWERED, dedupe=f"ticket:{ticket_id}:{line_id}", facts=facts, now=now)
    return line_id


def give_back(tx: Tx, ticket_id: int, *, operator_id: int, now: datetime) -> None:
    """End the talk: the person is told, and the bot goes on; the ticket stays listed until it is closed.

    Raises NotFound, StateConflict when the operator does not have it.
    """
    row = guarded_row(tx, ticket_id)
    _only_the_owner(row, operator_id)
    move(tx, row, TicketEvent.GIVEN_BACK, waiting_since=None)
    _note(tx, "ticket.given_back", ticket_id, operator_id, now)
    given_back(tx, row, TicketEvent.GIVEN_BACK, operator_id=operator_id, now=now)


def close(tx: Tx, ticket_id: int, *, operator_id: int, now: datetime) -> None:
    """Close a ticket; a person who waits or talks in it is told that the bot goes on.

    Raises NotFound, StateConflict when it is closed already or somebody else is talking in it.
    """
    row = guarded_row(tx, ticket_id)
    _only_the_owner(row, operator_id)
    move(tx, row, TicketEvent.CLOSED, waiting_since=None, closed_at=now)
    _note(tx, "ticket.closed", ticket_id, operator_id, now)
    given_back(tx, row, TicketEvent.CLOSED, operator_id=operator_id, now=now)


def _take(tx: Tx, row: Row, *, operator_id: int, now: datetime) -> None:
    """Take a ticket and its conversation; a new wait begins, for the operator's first words."""
    values: dict[str, Any] = {}
    if row.waiting_since is not None and row.waited_seconds is None:
        values["waited_seconds"] = max(0, int((now - row.waiting_since).total_seconds()))
    waiting = {"waiting_since": None if row.person_id is None else now, "soothed_at": None, "call_back_at": None}
    move(tx, row, TicketEvent.TAKEN, taken_by=operator_id, taken_at=now, heard_at=now, **waiting, **values)
    _note(tx, "ticket.taken", row.id, operator_id, now)
    if row.person_id is not None:
        _own(tx, row)


def _own(tx: Tx, row: Row) -> None:
    key_of(tx, row.person_id)  # nobody talks with a person who was erased
    owner = conversations.owner_of(tx, row.person_id)
    if owner is None:
        conversations.hand_to(tx, row.person_id, row.id)
    elif owner != row.id:
        raise StateConflict(kind="conversation", state="taken", ticket_id=owner)


def _only_the_owner(row: Row, operator_id: int) -> None:
    if row.state == TicketState.TAKEN and row.taken_by != operator_id:
        raise StateConflict(kind="ticket", state=row.state)


def _note(tx: Tx, action: str, ticket_id: int, operator_id: int, now: datetime) -> None:
    note(tx, action, actor_id=operator_id, subject_kind="ticket", subject_id=ticket_id, now=now)
