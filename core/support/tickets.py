"""Tickets: a person wants a human, complains, or needs help now; or the house itself does. An operator answers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, case, func, select, update

from core.audit import note
from core.crypto import Key
from core.db import Row, Tx, insert_into
from core.errors import InvalidInput, NotFound, PersonErased, StateConflict
from core.ids import new_id
from core.messages import Template, tell
from core.people import key_of
from core.support.tables import ticket as table

LONGEST_SUMMARY = 4000
LONGEST_ANSWER = 2000


class TicketKind(StrEnum):
    """Why a human is needed."""

    HUMAN = "human"
    COMPLAINT = "complaint"
    EMERGENCY = "emergency"
    HOUSE = "house"  # nobody wrote: a check found something wrong, or a visit is in danger


class TicketState(StrEnum):
    """Answered tickets stay on the list until an operator closes them."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


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


_SUMMARY, _ANSWER = "ticket.summary", "ticket.answer"
_INSERT = insert_into(table)
_THIS = table.c.id == bindparam("b_id")
_LIVE = table.c.state != TicketState.CLOSED.value
_ONE = select(table).where(_THIS)
_OPEN_OF_KIND = (
    select(table)
    .where(table.c.person_id == bindparam("b_person"), table.c.kind == bindparam("b_kind"))
    .where(table.c.state == TicketState.OPEN.value)
)
_HOUSE_OPEN = (
    select(table)
    .where(table.c.person_id.is_(None), func.coalesce(table.c.order_id, 0) == bindparam("b_order"))
    .where(table.c.state == TicketState.OPEN.value)
    .order_by(table.c.id)
)
_URGENCY = (TicketKind.EMERGENCY, TicketKind.HOUSE, TicketKind.COMPLAINT, TicketKind.HUMAN)
_MOST_URGENT_FIRST = case(*((table.c.kind == kind.value, place) for place, kind in enumerate(_URGENCY)))
_ALL_LIVE = select(table).where(_LIVE).order_by(_MOST_URGENT_FIRST, table.c.id)
_ADD_WORDS = (
    update(table)
    .where(_THIS, table.c.state == TicketState.OPEN.value)
    .values(summary_sealed=bindparam("new_summary"), order_id=bindparam("new_order"))
)
_ANSWERED = (
    update(table)
    .where(_THIS, _LIVE)
    .values(
        state=TicketState.ANSWERED.value,
        answer_sealed=bindparam("new_answer"),
        answered_by=bindparam("new_answered_by"),
    )
)
_CLOSE = update(table).where(_THIS, _LIVE).values(state=TicketState.CLOSED.value, closed_at=bindparam("new_closed_at"))


def open_ticket(tx: Tx, person_id: int, *, kind: str, summary: str, order_id: int | None, now: datetime) -> int:
    """Open a ticket, or add the words to the one of this kind still unanswered; returns its id. Raises InvalidInput."""
    key = key_of(tx, person_id)
    before = tx.first(_OPEN_OF_KIND, {"b_person": person_id, "b_kind": TicketKind(kind)})
    return _open(tx, _Case(person_id, order_id, TicketKind(kind), key), before, summary, now)


def open_house_ticket(tx: Tx, *, summary: str, order_id: int | None, now: datetime) -> int:
    """Call an operator for the house itself, about one order or none; ids and figures only, no personal words.

    Adds to the ticket about the same thing that nobody has looked at yet; returns its id. Raises InvalidInput.
    """
    before = tx.first(_HOUSE_OPEN, {"b_order": order_id or 0})
    return _open(tx, _Case(None, order_id, TicketKind.HOUSE, tx.vault.house_key), before, summary, now)


def open_tickets(tx: Tx) -> tuple[Ticket, ...]:
    """Return what is not closed yet: emergencies, the house's own, complaints, then the rest, each oldest first."""
    return tuple(_ticket(tx, row) for row in tx.all(_ALL_LIVE))


def ticket(tx: Tx, ticket_id: int) -> Ticket:
    """Return one ticket; raises NotFound."""
    row = tx.first(_ONE, {"b_id": ticket_id})
    if row is None:
        raise NotFound(kind="ticket")
    return _ticket(tx, row)


def answer(tx: Tx, ticket_id: int, *, words: str, operator_id: int, now: datetime) -> None:
    """Answer the person, who is told at once; on the house's own ticket it is a note of what was done.

    Raises InvalidInput, NotFound, PersonErased, StateConflict if closed.
    """
    words = words.strip()
    if not words or len(words) > LONGEST_ANSWER:
        raise InvalidInput(field="words")
    row = tx.first(_ONE, {"b_id": ticket_id})
    if row is None:
        raise NotFound(kind="ticket")
    key = tx.vault.house_key if row.person_id is None else key_of(tx, row.person_id)
    sealed = key.seal_text(words, _ANSWER)
    if not tx.execute(_ANSWERED, {"b_id": ticket_id, "new_answer": sealed, "new_answered_by": operator_id}):
        raise StateConflict(kind="ticket", state=row.state)
    line = note(tx, "ticket.answered", actor_id=operator_id, subject_kind="ticket", subject_id=ticket_id, now=now)
    if row.person_id is not None:
        told = {"ticket_id": ticket_id}
        tell(tx, row.person_id, Template.TICKET_ANSWERED, dedupe=f"ticket:{ticket_id}:{line}", facts=told, now=now)


def close(tx: Tx, ticket_id: int, *, operator_id: int, now: datetime) -> None:
    """Close a ticket; raises NotFound, StateConflict when it is closed already."""
    before = ticket(tx, ticket_id)
    if not tx.execute(_CLOSE, {"b_id": ticket_id, "new_closed_at": now}):
        raise StateConflict(kind="ticket", state=before.state)
    note(tx, "ticket.closed", actor_id=operator_id, subject_kind="ticket", subject_id=ticket_id, now=now)


@dataclass(frozen=True, slots=True)
class _Case:
    """What a new ticket is about, and the key that seals its words."""

    person_id: int | None
    order_id: int | None
    kind: TicketKind
    key: Key


def _open(tx: Tx, about: _Case, before: Row | None, summary: str, now: datetime) -> int:
    summary = summary.strip()
    if not summary:
        raise InvalidInput(field="summary")
    if before is not None:
        words = f"{about.key.open_text(before.summary_sealed, _SUMMARY)}\n{summary}"[-LONGEST_SUMMARY:]
        facts = {"new_summary": about.key.seal_text(words, _SUMMARY), "new_order": about.order_id or before.order_id}
        if tx.execute(_ADD_WORDS, {"b_id": before.id, **facts}):  # otherwise it was answered this very moment
            return int(before.id)
    ticket_id = new_id()
    tx.execute(
        _INSERT,
        {
            "id": ticket_id, "person_id": about.person_id, "order_id": about.order_id, "kind": about.kind,
            "state": TicketState.OPEN, "summary_sealed": about.key.seal_text(summary[:LONGEST_SUMMARY], _SUMMARY),
            "answer_sealed": None, "answered_by": None, "created_at": now, "closed_at": None,
        },
    )  # fmt: skip
    return ticket_id


def _ticket(tx: Tx, row: Row) -> Ticket:
    key = _key_if_any(tx, row.person_id)
    return Ticket(
        id=row.id,
        person_id=row.person_id,
        order_id=row.order_id,
        kind=TicketKind(row.kind),
        state=TicketState(row.state),
        summary=key.open_text(row.summary_sealed, _SUMMARY) if key else "",
        answer=key.open_text(row.answer_sealed, _ANSWER) if key and row.answer_sealed else None,
        answered_by=row.answered_by,
        created_at=row.created_at,
        closed_at=row.closed_at,
    )


def _key_if_any(tx: Tx, person_id: int | None) -> Key | None:
    if person_id is None:
        return tx.vault.house_key
    try:
        return key_of(tx, person_id)
    except PersonErased:
        return None
