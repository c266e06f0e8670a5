"""What was said in a ticket's thread, by the person, by operators and by the bot, sealed with the person's key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, select

from core.crypto import Key
from core.db import Tx, insert_into
from core.ids import new_id
from core.support.states import TicketEvent
from core.support.tables import ticket_line as table
from core.support.tickets import key_if_any, row_of
from core.words import prose

LONGEST_LINE = 4000


class Author(StrEnum):
    """Who said a line."""

    PERSON = "person"
    OPERATOR = "operator"
    BOT = "bot"


@dataclass(frozen=True, slots=True)
class Said:
    """Words of the conversation so far, to be shown to the operator who takes it over."""

    author: Author
    text: str
    file_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a thread: words or a picture, or what became of the thread; no words once the person is erased."""

    id: int
    author: Author
    operator_id: int | None
    event: TicketEvent | None
    text: str
    file_id: int | None
    at: datetime


_TEXT = "ticket.line"
_INSERT = insert_into(table)
_LINES = select(table).where(table.c.ticket_id == bindparam("b_ticket")).order_by(table.c.at, table.c.id)
_ONE = select(table.c.text_sealed).where(table.c.id == bindparam("b_id"), table.c.ticket_id == bindparam("b_ticket"))


def lines_of(tx: Tx, ticket_id: int) -> tuple[Line, ...]:
    """Return a ticket's thread, oldest first; raises NotFound."""
    key = key_if_any(tx, row_of(tx, ticket_id).person_id)
    return tuple(
        Line(
            id=row.id,
            author=Author(row.author),
            operator_id=row.operator_id,
            event=None if row.event is None else TicketEvent(row.event),
            text=key.open_text(row.text_sealed, _TEXT) if key and row.text_sealed else "",
            file_id=row.file_id,
            at=row.at,
        )
        for row in tx.all(_LINES, {"b_ticket": ticket_id})
    )


def words_of(tx: Tx, ticket_id: int, line_id: int) -> str | None:
    """Return the words of one line; None when there is no such line in the thread."""
    key = key_if_any(tx, row_of(tx, ticket_id).person_id)
    sealed = tx.scalar(_ONE, {"b_id": line_id, "b_ticket": ticket_id})
    return key.open_text(sealed, _TEXT) if key is not None and sealed is not None else None


def write(tx: Tx, ticket_id: int, said: Said, *, key: Key, operator_id: int | None = None) -> int:
    """Add a line of words or a picture; returns its id."""
    text = prose(said.text)[:LONGEST_LINE]
    sealed = key.seal_text(text, _TEXT) if text else None
    return _insert(tx, ticket_id, said, sealed, operator_id, None)


def copy(tx: Tx, ticket_id: int, said: Sequence[Said], *, key: Key) -> None:
    """Add what was said before, in its order."""
    for one in said:
        write(tx, ticket_id, one, key=key)


def mark(tx: Tx, ticket_id: int, event: TicketEvent, *, operator_id: int | None, now: datetime) -> int:
    """Note in the thread what became of it; returns the line's id."""
    by = Author.BOT if operator_id is None else Author.OPERATOR
    return _insert(tx, ticket_id, Said(by, "", None, now), None, operator_id, event)


def _insert(
    tx: Tx, ticket_id: int, said: Said, sealed: bytes | None, operator_id: int | None, event: TicketEvent | None
) -> int:
    line_id = new_id()
    tx.execute(
        _INSERT,
        {
            "id": line_id, "ticket_id": ticket_id, "author": said.author, "operator_id": operator_id, "event": event,
            "text_sealed": sealed, "file_id": said.file_id, "at": said.at,
        },
    )  # fmt: skip
    return line_id
