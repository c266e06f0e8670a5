"""Tickets: people who want a human, complain, or need help now; the operator's side of their chat."""

from typing import Annotated, Any

from pydantic import StringConstraints

from admin_api.acting import Acting
from admin_api.shapes import CLEAN, Cursor, Id, Limit, Model, Moment, Picture, next_cursor, shown
from admin_api.technicians import picture
from core import audit, support
from core.audit import Operator
from core.db import Tx
from core.errors import NotFound
from core.support import LONGEST_ANSWER, Author, Line, Ticket, TicketEvent, TicketKind, TicketState

_TICKET = {
    "id": "112365899124084753",
    "person_id": "112365899124084747",
    "order_id": None,
    "kind": "human",
    "state": "taken",
    "summary": "正在办「预约」：肩颈舒缓 · 明天（3月11日 周三）15:00",
    "answer": "您好，介意的是技师还是您家人呢？",
    "answered_by": "112365899124084736",
    "created_at": "2026-03-10T02:00:00Z",
    "closed_at": None,
    "taken_by": "112365899124084736",
    "taken_at": "2026-03-10T02:03:00Z",
    "owner": "lin",
    "waiting_since": "2026-03-10T02:05:00Z",
    "waiting_seconds": 40,
    "call_back_at": None,
}
_LINE: dict[str, Any] = {
    "id": "112365899124084760",
    "author": "person",
    "operator_id": None,
    "event": None,
    "text": "我家有狗，介意吗",
    "picture": None,
    "at": "2026-03-10T02:05:00Z",
}
_THREAD = _TICKET | {
    "lines": [
        _LINE | {"id": "112365899124084758", "author": "bot", "text": "要哪一种？", "at": "2026-03-10T01:59:00Z"},
        _LINE | {
            "id": "112365899124084759", "author": "operator", "operator_id": "112365899124084736", "event": "taken",
            "text": "", "at": "2026-03-10T02:03:00Z",
        },
        _LINE,
    ]
}  # fmt: skip


class TicketOut(Model):
    """A person's case, or (kind `house`) what the house itself found; the words are empty once the person is erased.

    `waiting_seconds`: so long the person has been waiting in the chat for a word of ours; null where nobody waits.
    While the ticket has the person's chat (open and waited for, or taken) the bot is silent there. `owner` is the
    login of the operator who has it; by `call_back_at` somebody gets back to the person.
    """

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
    taken_by: Id | None
    taken_at: Moment | None
    owner: str | None
    waiting_since: Moment | None
    waiting_seconds: int | None
    call_back_at: Moment | None


class TicketPage(Model):
    """What is not closed yet: emergencies, the house's own, complaints, then the rest, each oldest first."""

    model_config = shown({"items": [_TICKET], "next_cursor": None})

    items: list[TicketOut]
    next_cursor: Id | None


class LineOut(Model):
    """One line of a thread: words or a picture of the person, an operator or the bot, or what became of the thread."""

    model_config = shown(_LINE)

    id: Id
    author: Author
    operator_id: Id | None
    event: TicketEvent | None
    text: str
    picture: Picture | None
    at: Moment


class ThreadOut(TicketOut):
    """A ticket with what was said, oldest first; it begins with the last lines before the human was called."""

    model_config = shown(_THREAD)

    lines: list[LineOut]


class Reply(Model):
    """What the person will read."""

    model_config = shown({"words": "您好，周日下午三点可以，已为您留好时间。"})

    words: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_ANSWER), CLEAN]


async def list_tickets(act: Acting, cursor: Cursor = None, limit: Limit = 50) -> TicketPage:
    """List the tickets that are not closed yet, the most urgent first, with their owners and how long people wait."""

    def page(tx: Tx, by: Operator) -> TicketPage:
        found = _after(support.open_tickets(tx), cursor)[:limit]
        return TicketPage(items=[_out(tx, act, one) for one in found], next_cursor=next_cursor(found, limit))

    return await act.read(page)


async def get_ticket(ticket_id: Id, act: Acting) -> ThreadOut:
    """Fetch a ticket with its thread."""

    def found(tx: Tx, by: Operator) -> ThreadOut:
        return _thread(tx, act, ticket_id)

    return await act.read(found)


async def take_ticket(ticket_id: Id, act: Acting) -> ThreadOut:
    """Take a ticket: the bot falls silent in the person's chat, who is told that somebody is there.

    Of two operators one gets it. Whoever takes a chat speaks within ten minutes, or the person is given back to the bot
    with a call-back.
    """

    def taken(tx: Tx, by: Operator) -> ThreadOut:
        support.take(tx, ticket_id, operator_id=by.id, now=act.now)
        return _thread(tx, act, ticket_id)

    return await act.write(taken)


async def reply_to_ticket(ticket_id: Id, body: Reply, act: Acting) -> ThreadOut:
    """Answer: the person is told at once; who waits in the chat is taken by it. On the house's own ticket it is a note.

    A ticket that nobody has taken may be answered too: the bot goes on, and the ticket stays listed until it is closed.
    """

    def replied(tx: Tx, by: Operator) -> ThreadOut:
        support.reply(tx, ticket_id, words=body.words, operator_id=by.id, now=act.now)
        return _thread(tx, act, ticket_id)

    return await act.write(replied)


async def give_ticket_back(ticket_id: Id, act: Acting) -> TicketOut:
    """End the talk: the person is told, and the bot offers to go on with what was left open."""

    def given_back(tx: Tx, by: Operator) -> TicketOut:
        support.give_back(tx, ticket_id, operator_id=by.id, now=act.now)
        return _out(tx, act, support.ticket(tx, ticket_id))

    return await act.write(given_back)


async def close_ticket(ticket_id: Id, act: Acting) -> TicketOut:
    """Close a ticket; a chat it has goes back to the bot."""

    def closed(tx: Tx, by: Operator) -> TicketOut:
        support.close(tx, ticket_id, operator_id=by.id, now=act.now)
        return _out(tx, act, support.ticket(tx, ticket_id))

    return await act.write(closed)


def _after(found: tuple[Ticket, ...], cursor: int | None) -> tuple[Ticket, ...]:
    """Return what follows the ticket last shown; all of it when that was closed meanwhile, so that none is missed."""
    place = next((place for place, one in enumerate(found) if one.id == cursor), -1)
    return found[place + 1 :]


def _out(tx: Tx, act: Acting, one: Ticket) -> TicketOut:
    return TicketOut(**_facts(tx, act, one))


def _thread(tx: Tx, act: Acting, ticket_id: int) -> ThreadOut:
    one = support.ticket(tx, ticket_id)
    return ThreadOut(**_facts(tx, act, one), lines=[_line(line) for line in support.lines_of(tx, ticket_id)])


def _facts(tx: Tx, act: Acting, one: Ticket) -> dict[str, Any]:
    waited = None if one.waiting_since is None else max(0, int((act.now - one.waiting_since).total_seconds()))
    stored = {name: getattr(one, name) for name in TicketOut.model_fields if hasattr(one, name)}
    owner = _login(tx, one.taken_by) if one.state is TicketState.TAKEN else None
    return stored | {"owner": owner, "waiting_seconds": waited}


def _login(tx: Tx, operator_id: int | None) -> str | None:
    try:
        return None if operator_id is None else audit.operator(tx, operator_id).login
    except NotFound:
        return None


def _line(line: Line) -> LineOut:
    return LineOut(
        id=line.id,
        author=line.author,
        operator_id=line.operator_id,
        event=line.event,
        text=line.text,
        picture=None if line.file_id is None else picture(line.file_id),
        at=line.at,
    )
