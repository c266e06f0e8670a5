"""What only an operator can mend: one ticket a cause, a day at most, closed by itself once it is over."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, bindparam, delete, or_, select, update

from core.db import Row, Tx, insert_into
from core.errors import StateConflict
from core.support import thread
from core.support.states import TicketEvent, TicketKind, TicketState
from core.support.tables import trouble, trouble_seen
from core.support.tickets import Case, move, opened, row_of

_EVERY: Final = timedelta(days=1)
_LATELY: Final = timedelta(minutes=2)
"""So long after its last word a process still counts as running into a cause; each says so every half minute."""
_THIS = trouble.c.cause == bindparam("b_cause")
_OF = select(trouble.c.ticket_id).where(_THIS)
_NAME = insert_into(trouble)
_TAKE = (
    update(trouble)
    .where(_THIS, trouble.c.opened_at <= bindparam("b_before"))
    .values(opened_at=bindparam("new_at"), ends_at=bindparam("new_ends"))
)
_TICKET = update(trouble).where(_THIS).values(ticket_id=bindparam("new_ticket"))
_ENDED = select(trouble.c.cause, trouble.c.ends_at).where(trouble.c.ends_at <= bindparam("b_now"))
_NO_END = update(trouble).where(_THIS, trouble.c.ends_at == bindparam("b_ends")).values(ends_at=None)

_SEEN = insert_into(trouble_seen)
_BY = and_(trouble_seen.c.cause == bindparam("b_cause"), trouble_seen.c.who == bindparam("b_who"))
_SEEN_AGAIN = update(trouble_seen).where(_BY).values(seen_at=bindparam("new_at"))
_NO_MORE = delete(trouble_seen).where(
    or_(_BY, and_(trouble_seen.c.cause == bindparam("b_cause"), trouble_seen.c.seen_at <= bindparam("b_before")))
)
_STILL = select(trouble_seen.c.who).where(trouble_seen.c.cause == bindparam("b_cause")).limit(1)


def met(tx: Tx, cause: str, *, who: int, now: datetime) -> None:
    """Note that a process (a number of its own) runs into a cause; to be said again every half minute."""
    if not tx.execute(_SEEN_AGAIN, {"b_cause": cause, "b_who": who, "new_at": now}):
        tx.insert_if_new(_SEEN, {"cause": cause, "who": who, "seen_at": now})


def met_no_more(tx: Tx, cause: str, *, who: int, now: datetime) -> bool:
    """Note that a process runs into a cause no more; False while another one does, for which it is not over."""
    tx.execute(_NO_MORE, {"b_cause": cause, "b_who": who, "b_before": now - _LATELY})
    return tx.scalar(_STILL, {"b_cause": cause}) is None


def call_about(tx: Tx, cause: str, *, summary: str, now: datetime, ends_at: datetime | None = None) -> int | None:
    """Call an operator about a cause (a short name); returns the ticket's id, None where one is open or was today.

    The summary holds ids and figures only. What is known to end at an hour says so (`end_by_now`). Raises InvalidInput.
    """
    tx.insert_if_new(_NAME, {"cause": cause, "ticket_id": None, "opened_at": now - _EVERY, "ends_at": None})
    before = tx.scalar(_OF, {"b_cause": cause})
    if before is not None and row_of(tx, before).state != TicketState.CLOSED:
        return None
    if not tx.execute(_TAKE, {"b_cause": cause, "b_before": now - _EVERY, "new_at": now, "new_ends": ends_at}):
        return None
    ticket_id = opened(tx, Case(None, None, TicketKind.HOUSE, tx.vault.house_key), summary, now)
    tx.execute(_TICKET, {"b_cause": cause, "new_ticket": ticket_id})
    return ticket_id


def is_over(tx: Tx, cause: str, *, now: datetime) -> bool:
    """Close the ticket about a cause that is over; False where nobody was called, or an operator has it already."""
    ticket_id = tx.scalar(_OF, {"b_cause": cause})
    return ticket_id is not None and needs_nobody(tx, ticket_id, now=now)


def needs_nobody(tx: Tx, ticket_id: int, *, now: datetime) -> bool:
    """Close a ticket whose cause is gone; False where an operator has it already. Raises NotFound."""
    row = row_of(tx, ticket_id)
    if row.state != TicketState.OPEN:
        return False
    try:
        move(tx, row, TicketEvent.CLOSED, closed_at=now)
    except StateConflict:
        return False
    thread.mark(tx, ticket_id, TicketEvent.CLOSED, operator_id=None, now=now)
    return True


def end_by_now(tx: Tx, now: datetime) -> int:
    """Close the tickets about what was to end by now, whichever process called about it; how many were closed."""
    ended = [row for row in tx.all(_ENDED, {"b_now": now}) if tx.execute(_NO_END, _this(row))]
    return sum(is_over(tx, row.cause, now=now) for row in ended)


def _this(row: Row) -> dict[str, object]:
    return {"b_cause": row.cause, "b_ends": row.ends_at}
