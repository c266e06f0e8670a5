"""Somebody wants everything about them gone: possible once no visit depends on them."""

from datetime import datetime

from sqlalchemy import bindparam, select

from core import audit, people
from core.calendar import release_hold
from core.db import Tx
from core.errors import StateConflict
from core.orders.states import OVER
from core.orders.tables import order
from core.people.persons import now_is
from core.technicians import TechnicianState, of_person

_STATES = select(order.c.state).where(order.c.person_id == bindparam("b_person"))


def why_stays(tx: Tx, person_id: int) -> str | None:
    """Return what keeps a person from being erased now: "order" (one is under way), "technician", or None."""
    if any(row.state not in OVER for row in tx.all(_STATES, {"b_person": person_id})):
        return "order"
    technician = of_person(tx, person_id)
    return "technician" if technician is not None and technician.state is TechnicianState.APPROVED else None


def erase_person(tx: Tx, person_id: int, *, operator_id: int | None, now: datetime) -> None:
    """Destroy a person's key, with an audit line; what is owed and what was earned stays in the books.

    Without an operator it is the person's own act. Raises StateConflict while an order of theirs is under way or they
    work as a technician; NotFound, PersonErased.
    """
    person_id = now_is(tx, person_id)
    people.person(tx, person_id)
    why = why_stays(tx, person_id)
    if why is not None:
        raise StateConflict(person_id=person_id, why=why)
    release_hold(tx, person_id, now)
    people.erase(tx, person_id, now)
    audit.note(tx, "person.erased", actor_id=operator_id, subject_kind="person", subject_id=person_id, now=now)
