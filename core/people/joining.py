"""Finding the person behind an identity, and giving a person one more."""

from datetime import datetime

from sqlalchemy import bindparam, select

from core.db import Tx, insert_into
from core.ids import new_id
from core.people.persons import Person
from core.people.tables import identity, person

_KNOWN = (
    select(person.c.id, person.c.lang, person.c.zone, person.c.erased_at)
    .join(identity, identity.c.person_id == person.c.id)
    .where(
        identity.c.channel == bindparam("b_channel"),
        identity.c.account == bindparam("b_account"),
        identity.c.external_id == bindparam("b_external"),
    )
)
_INSERT = insert_into(identity)


def known(tx: Tx, *, channel: str, account: str, external_id: str) -> Person | None:
    """Return the person behind an identity without making one; None when nobody of that name ever came."""
    row = tx.first(_KNOWN, {"b_channel": channel, "b_account": account, "b_external": external_id})
    return None if row is None else Person(*row)


def add_identity(tx: Tx, person_id: int, *, channel: str, account: str, external_id: str, now: datetime) -> bool:
    """Let a person be reached at one more identity, after a proof; False when the identity is taken."""
    return tx.insert_if_new(
        _INSERT,
        {
            "id": new_id(), "channel": channel, "account": account, "external_id": external_id, "person_id": person_id,
            "blocked_at": None, "seen_at": now, "created_at": now,
        },
    )  # fmt: skip
