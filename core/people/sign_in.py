"""Sign-in by a six-digit code sent to a phone we know."""

import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import String, bindparam, case, column, delete, func, or_, select, update
from sqlalchemy import table as other_table

from core.db import Id, Tx, insert_into
from core.errors import BookingError
from core.people.persons import e164, phone_hash
from core.people.tables import person, proved_phone
from core.people.tables import sign_in_code as table

LIFETIME = timedelta(minutes=10)
PAUSE = timedelta(minutes=1)
"""Between two codes for one phone: a new code has fresh tries, so it must not come for the asking."""
MOST_TRIES = 5

# A room above this one, by the two columns needed: importing it would turn the layers round.
_technician = other_table("technician", column("person_id", Id), column("state", String))
_APPROVED = "approved"

_THIS = table.c.phone_hash == bindparam("b_hash")
_FIND = select(table.c.code_hash, table.c.expires_at).where(_THIS)
_DELETE = delete(table).where(_THIS)
_INSERT = insert_into(table)
_TRY = (
    update(table)
    .where(_THIS, table.c.tries < MOST_TRIES, table.c.expires_at > bindparam("b_now"))
    .values(tries=table.c.tries + 1)
)
# Several persons may tell one phone, and telling it proves nothing: it is whose who has shown it to be theirs, the last
# first. A technician's was seen by an operator, and goes for theirs as long as nobody has shown that it is not.
_is_proved = proved_phone.c.proved_at.is_not(None)
_is_approved = func.coalesce(_technician.c.state, "") == _APPROVED
_WHOSE = (
    select(person.c.id)
    .outerjoin(_technician, _technician.c.person_id == person.c.id)
    .outerjoin(
        proved_phone,
        (proved_phone.c.person_id == person.c.id) & (proved_phone.c.phone_hash == person.c.phone_hash),
    )
    .where(
        person.c.phone_hash == bindparam("b_hash"),
        person.c.erased_at.is_(None),
        person.c.joined_to.is_(None),
        or_(_is_proved, _is_approved),
    )
    .order_by(
        case((_is_proved & _is_approved, 0), (_is_proved, 1), else_=2), proved_phone.c.proved_at.desc(), person.c.id
    )
)


class CodeTooSoon(BookingError):
    """A code for this phone was made less than a minute ago; `retry_at` says when the next may be."""

    code = "code_too_soon"


def new_sign_in_code(tx: Tx, phone: str, now: datetime) -> str:
    """Return a fresh 6-digit code for a phone (E.164), good for 10 minutes and 5 tries; raises CodeTooSoon."""
    hashed = phone_hash(tx, e164(phone))
    last = tx.first(_FIND, {"b_hash": hashed})
    if last is not None and last.expires_at - LIFETIME + PAUSE > now:
        raise CodeTooSoon(retry_at=last.expires_at - LIFETIME + PAUSE)
    code = f"{secrets.randbelow(1_000_000):06d}"
    tx.execute(_DELETE, {"b_hash": hashed})
    kept = {"phone_hash": hashed, "code_hash": _hash(tx, phone, code), "tries": 0, "expires_at": now + LIFETIME}
    if not tx.insert_if_new(_INSERT, kept):
        raise CodeTooSoon(retry_at=now + PAUSE)
    return code


def prove_sign_in_code(tx: Tx, phone: str, code: str, now: datetime) -> bool:
    """Tell whether the code sent to a phone is right, once; everything else is counted as a try."""
    hashed = phone_hash(tx, e164(phone))
    if not tx.execute(_TRY, {"b_hash": hashed, "b_now": now}):
        return False
    kept = tx.first(_FIND, {"b_hash": hashed})
    if kept is None or not hmac.compare_digest(bytes(kept.code_hash), _hash(tx, phone, code)):
        return False
    tx.execute(_DELETE, {"b_hash": hashed})
    return True


def phone_owner(tx: Tx, phone: str) -> int | None:
    """Return whose a phone (E.164) is: who has shown it to be theirs, else an approved technician; None otherwise."""
    owner = tx.scalar(_WHOSE, {"b_hash": phone_hash(tx, e164(phone))})
    return None if owner is None else int(owner)


def _hash(tx: Tx, phone: str, code: str) -> bytes:
    return tx.vault.lookup("sign-in", f"{phone}:{code}")
