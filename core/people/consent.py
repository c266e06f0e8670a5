"""What somebody has agreed to be sent: nothing of it goes to anybody who has not said so, or has taken it back."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, select, update

from core.db import Tx, insert_into
from core.people.tables import consent as table


class ConsentKind(StrEnum):
    """What one can agree to."""

    NEWS = "news"  # offers and events of the house


_THIS = (table.c.person_id == bindparam("b_person"), table.c.kind == bindparam("b_kind"))
_GIVEN = select(table.c.given_at).where(*_THIS, table.c.ended_at.is_(None))
_INSERT = insert_into(table)
_AGAIN = update(table).where(*_THIS, table.c.ended_at.is_not(None)).values(given_at=bindparam("new_at"), ended_at=None)
_END = update(table).where(*_THIS, table.c.ended_at.is_(None)).values(ended_at=bindparam("new_at"))


def consents(tx: Tx, person_id: int, kind: ConsentKind) -> bool:
    """Tell whether the person wants this, as of now."""
    return tx.first(_GIVEN, {"b_person": person_id, "b_kind": kind.value}) is not None


def give_consent(tx: Tx, person_id: int, kind: ConsentKind, *, now: datetime) -> bool:
    """Note that the person wants this; False when that was known."""
    about = {"b_person": person_id, "b_kind": kind.value, "new_at": now}
    if tx.execute(_AGAIN, about):
        return True
    row = {"person_id": person_id, "kind": kind.value, "given_at": now, "ended_at": None}
    return tx.insert_if_new(_INSERT, row)


def end_consent(tx: Tx, person_id: int, kind: ConsentKind, *, now: datetime) -> bool:
    """Note that the person wants no more of this; False when it was not being sent."""
    return tx.execute(_END, {"b_person": person_id, "b_kind": kind.value, "new_at": now}) == 1
