"""Tickets: opened by a person or by the house itself, read by operators, moved along one table of edges."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, exists, func, or_, select, update

from core.conversations import guard
from core.crypto import Key
from core.db import Row, Tx, insert_into
from core.errors import InvalidInput, NotFound, PersonErased, StateConflict
from core.ids import new_id
from core.people import key_of
from core.support.states import URGENCY, TicketEvent, TicketKind, TicketState, after
from core.support.tables import ticket as table
from core.support.tables import trouble
from core.words import prose

LONGEST_SUMMARY = 4000


@dataclass(frozen=True, slots=True)
class Ticket:
    """A person's case, or the house's own (no person); the words are empty once the person is erased."""

    id: int
    person_id: int | None
    order_id: int | None
    kind: TicketKind
    state: TicketState
    summary: str
    answer: str | None
    answered_by: int | None
    created_at: datetime
    closed_at: datetime | None
    taken_by: int | None
    taken_at: datetime | None
    waiting_since: datetime | None
    call_back_at: datetime | None


SUMMARY, ANSWER = "ticket.summary", "ticket.answer"
_COLUMNS = tuple(column.name for column in table.columns)
_INSERT = insert_into(table)
_THIS = table.c.id == bindparam("b_id")
_LIVE = table.c.state != TicketState.CLOSED.value
_ONE = select(table).where(_THIS)
_OPEN_OF_KIND = (
    select(table)
    .where(table.c.person_id == bindparam("b_person"), table.c.kind == bindparam("b_kind"))
    .where(or_(table.c.state == TicketState.OPEN.value, table.c.state == TicketState.CALL_BACK.value))
    .order_by(table.c.id.desc())
)
_HOUSE_OPEN = (
    select(table)
    .where(table.c.person_id.is_(None), func.coalesce(table.c.order_id, 0) == bindparam("b_order"))
    .where(table.c.state == TicketState.OPEN.value, ~exists().where(trouble.c.ticket_id == table.c.id))
    .order_by(table.c.id)
)
_ABOUT_ORDERS = (
    select(table)
    .where(table.c.person_id.is_(None), table.c.order_id.is_not(None), table.c.state == TicketState.OPEN.value)
    .order_by(table.c.id)
)
_MOST_URGENT_FIRST = case(*((table.c.kind == kind.value, place) for place, kind in enumerate(URGENCY)))
_ALL_LIVE = select(table).where(_LIVE).order_by(_MOST_URGENT_FIRST, table.c.id)
_ADD_WORDS = (
    update(table)
    .where(_THIS, _LIVE, table.c.state != TicketState.ANSWERED.value)
    .values(
        summary_sealed=bindparam("new_summary"),
        order_id=bindparam("new_order"),
        kind=bindparam("new_kind"),
    )
)
_MOVED = (
    "state", "answer_sealed", "answered_by", "closed_at", "taken_by", "taken_at", "waiting_since", "soothed_at",
    "waited_seconds", "heard_at", "call_back_at",
)  # fmt: skip
_MOVE = (
    update(table)
    .where(_THIS, table.c.state == bindparam("b_state"))
    .values({name: bindparam(f"new_{name}") for name in _MOVED})
)


def open_ticket(tx: Tx, person_id: int, *, kind: str, summary: str, order_id: int | None, now: datetime) -> int:
    """Open a ticket, or add the words to the one of this kind still unanswered; returns its id. Raises InvalidInput.

    The bot goes on talking: `hand_over` is for who wants a human in the chat.
    """
    guard(tx, person_id)
    return call(tx, Case(person_id, order_id, TicketKind(kind), key_of(tx, person_id)), summary, now)


def open_house_ticket(tx: Tx, *, summary: str, order_id: int | None, now: datetime) -> int:
    """Call an operator for the house itself, about one order or none; ids and figures only, no personal words.

    Adds to the ticket about the same thing that nobody has looked at yet; returns its id. Raises InvalidInput.
    """
    return call(tx, Case(None, order_id, TicketKind.HOUSE, tx.vault.house_key), summary, now)


def open_tickets(tx: Tx) -> tuple[Ticket, ...]:
    """Return what is not closed yet: emergencies, the house's own, complaints, then the rest, each oldest first."""
    return tuple(_ticket(tx, row) for row in tx.all(_ALL_LIVE))


def unseen_about_orders(tx: Tx) -> tuple[Ticket, ...]:
    """Return the house's own tickets about orders that no operator has looked at yet, oldest first."""
    return tuple(_ticket(tx, row) for row in tx.all(_ABOUT_ORDERS))


def ticket(tx: Tx, ticket_id: int) -> Ticket:
    """Return one ticket; raises NotFound."""
    return _ticket(tx, row_of(tx, ticket_id))


@dataclass(frozen=True, slots=True)
class Case:
    """What a ticket is about, and the key that seals its words."""

    person_id: int | None
    order_id: int | None
    kind: TicketKind
    key: Key


def call(tx: Tx, about: Case, summary: str, now: datetime) -> int:
    """Open a ticket, or add to the one about the same that nobody has answered yet; returns its id."""
    before = _before(tx, about)
    if before is not None and add(tx, about, before, summary):
        return int(before.id)
    return opened(tx, about, summary, now)


def opened(tx: Tx, about: Case, summary: str, now: datetime) -> int:
    """Open a ticket of its own; returns its id."""
    ticket_id = new_id()
    fresh: dict[str, Any] = dict.fromkeys(_COLUMNS)
    sealed = about.key.seal_text(_worded(summary)[:LONGEST_SUMMARY], SUMMARY)
    fresh |= {"id": ticket_id, "person_id": about.person_id, "order_id": about.order_id, "kind": about.kind}
    fresh |= {"state": TicketState.OPEN, "summary_sealed": sealed, "created_at": now}
    tx.execute(_INSERT, fresh)
    return ticket_id


def add(tx: Tx, about: Case, before: Row, summary: str) -> bool:
    """Add words to a ticket, which becomes as urgent as they are; False when it is answered or closed."""
    words = f"{about.key.open_text(before.summary_sealed, SUMMARY)}\n{_worded(summary)}"[-LONGEST_SUMMARY:]
    return bool(
        tx.execute(
            _ADD_WORDS,
            {
                "b_id": before.id,
                "new_summary": about.key.seal_text(words, SUMMARY),
                "new_order": about.order_id or before.order_id,
                "new_kind": min(about.kind, TicketKind(before.kind), key=URGENCY.index),
            },
        )
    )


def row_of(tx: Tx, ticket_id: int) -> Row:
    """Return a ticket's row as it is now; raises NotFound."""
    row = tx.first(_ONE, {"b_id": ticket_id})
    if row is None:
        raise NotFound(kind="ticket")
    return row


def guarded_row(tx: Tx, ticket_id: int) -> Row:
    """Return a ticket's row under the guard of its person's conversation (lock order: conversation, then ticket)."""
    row = row_of(tx, ticket_id)
    if row.person_id is None:
        return row
    guard(tx, row.person_id)
    before, row = row.person_id, row_of(tx, ticket_id)
    if row.person_id != before:  # joined to another meanwhile, whose guard it is now
        guard(tx, row.person_id)
    return row


def move(tx: Tx, before: Row, event: TicketEvent, **values: Any) -> None:
    """Move a ticket along an edge while it still stands where `before` saw it; raises StateConflict."""
    state = after(TicketState(before.state), event)
    new = {f"new_{name}": values.get(name, getattr(before, name)) for name in _MOVED} | {"new_state": state}
    if not tx.execute(_MOVE, {"b_id": before.id, "b_state": before.state, **new}):
        raise StateConflict(kind="ticket", state=row_of(tx, before.id).state)


def key_if_any(tx: Tx, person_id: int | None) -> Key | None:
    """Return the key of a ticket's words; None when its person has been erased."""
    if person_id is None:
        return tx.vault.house_key
    try:
        return key_of(tx, person_id)
    except PersonErased:
        return None


def _before(tx: Tx, about: Case) -> Row | None:
    """Return the ticket about the same thing that still waits for an answer."""
    if about.person_id is None:
        return tx.first(_HOUSE_OPEN, {"b_order": about.order_id or 0})
    return tx.first(_OPEN_OF_KIND, {"b_person": about.person_id, "b_kind": about.kind})


def _worded(summary: str) -> str:
    summary = prose(summary)
    if not summary:
        raise InvalidInput(field="summary")
    return summary


_PLAIN = tuple(field.name for field in fields(Ticket) if field.name not in {"kind", "state", "summary", "answer"})


def _ticket(tx: Tx, row: Row) -> Ticket:
    key = key_if_any(tx, row.person_id)
    return Ticket(
        kind=TicketKind(row.kind),
        state=TicketState(row.state),
        summary=key.open_text(row.summary_sealed, SUMMARY) if key else "",
        answer=key.open_text(row.answer_sealed, ANSWER) if key and row.answer_sealed else None,
        **{name: getattr(row, name) for name in _PLAIN},
    )
