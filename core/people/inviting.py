"""Links that people pass on: a short public code in place of an id, and who came by whose invitation."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, func, select

from core.db import Tx, insert_into
from core.ids import new_code
from core.people.persons import now_is
from core.people.tables import invitation, public_code

_LENGTH = 8


class CodeOf(StrEnum):
    """Whom a public code stands for."""

    TECHNICIAN = "technician"
    PERSON = "person"


_OWN = select(public_code.c.code).where(
    public_code.c.kind == bindparam("b_kind"), public_code.c.owner_id == bindparam("b_owner")
)
_OWNER = select(public_code.c.owner_id).where(
    public_code.c.kind == bindparam("b_kind"), public_code.c.code == bindparam("b_code")
)
_INSERT = insert_into(public_code)
_INVITE = insert_into(invitation)
_CAME = select(func.count().label("many")).select_from(invitation).where(
    invitation.c.inviter_id == bindparam("b_inviter")
)  # fmt: skip


def public_code_of(tx: Tx, kind: CodeOf, owner_id: int) -> str:
    """Return the code under which a technician or a person is passed on; made once, the same for ever."""
    while True:
        found = tx.scalar(_OWN, {"b_kind": kind.value, "b_owner": owner_id})
        if found is not None:
            return str(found)
        tx.insert_if_new(_INSERT, {"code": new_code(_LENGTH), "kind": kind.value, "owner_id": owner_id})


def owner_of_code(tx: Tx, kind: CodeOf, code: str) -> int | None:
    """Return whom a public code stands for now, also one from before they were joined; None for any other words."""
    found: int | None = tx.scalar(_OWNER, {"b_kind": kind.value, "b_code": code.upper()})
    return now_is(tx, found) if found is not None and kind is CodeOf.PERSON else found


def invited(tx: Tx, person_id: int, *, inviter_id: int, now: datetime) -> bool:
    """Note who brought this person; False when somebody has before, or it would be themselves."""
    if person_id == inviter_id:
        return False
    return tx.insert_if_new(_INVITE, {"person_id": person_id, "inviter_id": inviter_id, "created_at": now})


def came_by(tx: Tx, inviter_id: int) -> int:
    """Return how many people came by this person's invitations."""
    return int(tx.scalar(_CAME, {"b_inviter": inviter_id}))
