"""Tickets: people who want a human, complain, or need help now."""

from typing import Annotated

from pydantic import StringConstraints

from admin_api.acting import Acting
from admin_api.shapes import CLEAN, Cursor, Id, Limit, Model, Moment, next_cursor, shown
from core import support
from core.audit import Operator
from core.db import Tx
from core.support import LONGEST_ANSWER, Ticket, TicketKind, TicketState

_TICKET = {
    "id": "112365899124084753",
    "person_id": "112365899124084747",
    "order_id": None,
    "kind": "human",
    "state": "open",
    "summary": "想把周五的预约换到周日，可以吗？",
    "answer": None,
    "answered_by": None,
    "created_at": "2026-03-10T02:00:00Z",
    "closed_at": None,
}


class TicketOut(Model):
    """A person's case, or (kind `house`) what the house itself found; the words are empty once the person is erased."""

    model_config = shown(_TICKET)

    id: Id
    person_id: Id | None
    order_id: Id | None
    kind: TicketKind
    state: TicketState
    summary: str
    answer: str | None
    answered_by: Id | None
    created_at: Moment
    closed_at: Moment | None


class TicketPage(Model):
    """What is not closed yet: emergencies, the house's own, complaints, then the rest, each oldest first."""

    model_config = shown({"items": [_TICKET], "next_cursor": None})

    items: list[TicketOut]
    next_cursor: Id | None


class Answer(Model):
    """What the person will read."""

    model_config = shown({"words": "您好，周日下午三点可以，已为您留好时间。"})

    words: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_ANSWER), CLEAN]


async def list_tickets(act: Acting, cursor: Cursor = None, limit: Limit = 50) -> TicketPage:
    """List the tickets that are not closed yet, the most urgent first."""

    def page(tx: Tx, by: Operator) -> TicketPage:
        found = _after(support.open_tickets(tx), cursor)[:limit]
        return TicketPage(items=[_out(one) for one in found], next_cursor=next_cursor(found, limit))

    return await act.read(page)


async def answer_ticket(ticket_id: Id, body: Answer, act: Acting) -> TicketOut:
    """Answer a ticket: the person is told at once, the house's own keeps it as a note; it stays listed until closed."""

    def answered(tx: Tx, by: Operator) -> TicketOut:
        support.answer(tx, ticket_id, words=body.words, operator_id=by.id, now=act.now)
        return _out(support.ticket(tx, ticket_id))

    return await act.write(answered)


async def close_ticket(ticket_id: Id, act: Acting) -> TicketOut:
    """Close a ticket."""

    def closed(tx: Tx, by: Operator) -> TicketOut:
        support.close(tx, ticket_id, operator_id=by.id, now=act.now)
        return _out(support.ticket(tx, ticket_id))

    return await act.write(closed)


def _after(found: tuple[Ticket, ...], cursor: int | None) -> tuple[Ticket, ...]:
    """Return what follows the ticket last shown; all of it when that was closed meanwhile, so that none is missed."""
    place = next((place for place, one in enumerate(found) if one.id == cursor), -1)
    return found[place + 1 :]


def _out(one: Ticket) -> TicketOut:
    return TicketOut(
        id=one.id,
        person_id=one.person_id,
        order_id=one.order_id,
        kind=one.kind,
        state=one.state,
        summary=one.summary,
        answer=one.answer,
        answered_by=one.answered_by,
        created_at=one.created_at,
        closed_at=one.closed_at,
    )
