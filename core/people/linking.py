"""A code shown on one channel and typed on another: the proof, on both sides, that it is one person."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, delete, select, update

from core.db import Tx, insert_into
from core.errors import BookingError
from core.ids import CODE_LETTERS, new_code
from core.people.persons import e164, key_of, phone_hash
from core.people.tables import link_code, link_try, person, proved_phone

LIFETIME: Final = timedelta(minutes=10)
MOST_TRIES: Final = 5
"""So many codes or phones somebody may try within `LIFETIME`, right or wrong."""
LENGTH: Final = 8

_PURPOSE = "link.code"
_WORTH_SHOWING = timedelta(minutes=3)
_CODE = re.compile(rf"(?<![0-9A-Za-z])[{CODE_LETTERS}]{{4}}[ -]?[{CODE_LETTERS}]{{4}}(?![0-9A-Za-z])", re.IGNORECASE)

_OF_PERSON = link_code.c.person_id == bindparam("b_person")
_FORGET = delete(link_code).where(_OF_PERSON)
_KEEP = insert_into(link_code)
_FIND = select(link_code.c.person_id, link_code.c.channel, link_code.c.account).where(
    link_code.c.code_hash == bindparam("b_hash"), link_code.c.expires_at > bindparam("b_now")
)
_OWN = select(link_code.c.code_sealed, link_code.c.expires_at).where(_OF_PERSON)
_SHOW = update(link_code).where(_OF_PERSON).values(channel=bindparam("new_channel"), account=bindparam("new_account"))
_TAKE = delete(link_code).where(
    _OF_PERSON, link_code.c.code_hash == bindparam("b_hash"), link_code.c.expires_at > bindparam("b_now")
)
_MINE = link_try.c.person_id == bindparam("b_person")
_TRY = (
    update(link_try)
    .where(_MINE, link_try.c.tries < MOST_TRIES, link_try.c.since_at > bindparam("b_since"))
    .values(tries=link_try.c.tries + 1)
)
_AGAIN = (
    update(link_try)
    .where(_MINE, link_try.c.since_at <= bindparam("b_since"))
    .values(tries=1, since_at=bindparam("new_since_at"))
)
_FIRST_TRY = insert_into(link_try)
_SINCE = select(link_try.c.since_at).where(_MINE)
_UNPROVE = delete(proved_phone).where(proved_phone.c.person_id == bindparam("b_person"))
_PROVE = insert_into(proved_phone)
_HAS_PROVED = select(proved_phone.c.person_id).where(
    proved_phone.c.person_id == bindparam("b_person"), proved_phone.c.phone_hash == bindparam("b_hash")
)
_theirs = proved_phone.alias("theirs")
_BOTH_PROVED = (
    select(proved_phone.c.person_id)
    .join(_theirs, _theirs.c.phone_hash == proved_phone.c.phone_hash)
    .where(proved_phone.c.person_id == bindparam("b_person"), _theirs.c.person_id == bindparam("b_other"))
)
_WITH_PHONE = (
    select(person.c.id, proved_phone.c.proved_at)
    .outerjoin(
        proved_phone,
        (proved_phone.c.person_id == person.c.id) & (proved_phone.c.phone_hash == person.c.phone_hash),
    )
    .where(
        person.c.phone_hash == bindparam("b_hash"),
        person.c.id != bindparam("b_person"),
        person.c.erased_at.is_(None),
        person.c.joined_to.is_(None),
    )
    .order_by(proved_phone.c.proved_at.is_(None), person.c.id)
)


class TriesUsed(BookingError):
    """Somebody typed too many codes; `retry_at` says when the next one is looked at."""

    code = "link_tries_used"


@dataclass(frozen=True, slots=True)
class Shown:
    """Whose code it is, and where it was shown."""

    person_id: int
    channel: str
    account: str


@dataclass(frozen=True, slots=True)
class LinkCode:
    """A code to show, 8 letters; its repr keeps it to itself."""

    code: str = field(repr=False)
    expires_at: datetime


def link_code_of(tx: Tx, person_id: int, *, channel: str, account: str, now: datetime) -> LinkCode:
    """Return the code this person is shown here, good once and for 10 minutes; the same one while it has some left."""
    key, kept = key_of(tx, person_id), tx.first(_OWN, {"b_person": person_id})
    if kept is not None and kept.code_sealed is not None and kept.expires_at >= now + _WORTH_SHOWING:
        tx.execute(_SHOW, {"b_person": person_id, "new_channel": channel, "new_account": account})
        return LinkCode(key.open_text(kept.code_sealed, _PURPOSE), kept.expires_at)
    code, expires_at = _letters(), now + LIFETIME
    tx.execute(_FORGET, {"b_person": person_id})
    tx.execute(
        _KEEP,
        {
            "person_id": person_id, "code_hash": _hash(tx, code), "code_sealed": key.seal_text(code, _PURPOSE),
            "channel": channel, "account": account, "expires_at": expires_at,
        },
    )  # fmt: skip
    return LinkCode(code, expires_at)


def was_shown_link_code(tx: Tx, person_id: int, now: datetime) -> bool:
    """Tell whether this person was shown a code that is good still, or was a little while ago."""
    kept = tx.first(_OWN, {"b_person": person_id})
    return kept is not None and bool(kept.expires_at > now - LIFETIME)


def link_code_in(words: str) -> str | None:
    """Return the code that stands in somebody's words, as it was shown; None when there is none.

    Every code has letters and digits, so that neither a word nor a number is taken for one.
    """
    for found in _CODE.finditer(unicodedata.normalize("NFKC", words)):  # full-width letters of a Chinese keyboard
        code = re.sub("[ -]", "", found.group()).upper()
        if _is_mixed(code):
            return code
    return None


def whose_link_code(tx: Tx, person_id: int, code: str, now: datetime) -> Shown | None:
    """Return who was shown the code this person typed; None when nobody was, or it has lapsed.

    Every call is a try; raises TriesUsed, which counts nothing more, after 5 within 10 minutes.
    """
    count_link_try(tx, person_id, now)
    row = tx.first(_FIND, {"b_hash": _hash(tx, code), "b_now": now})
    return None if row is None else Shown(*row)


def take_link_code(tx: Tx, owner_id: int, code: str, now: datetime) -> bool:
    """Use a code up; False when it has lapsed or somebody was faster."""
    return bool(tx.execute(_TAKE, {"b_person": owner_id, "b_hash": _hash(tx, code), "b_now": now}))


def phone_proved(tx: Tx, person_id: int, phone: str, now: datetime) -> None:
    """Note that this person has shown a phone (E.164) to be theirs; the one before is forgotten."""
    tx.execute(_UNPROVE, {"b_person": person_id})
    tx.execute(_PROVE, {"person_id": person_id, "phone_hash": phone_hash(tx, e164(phone)), "proved_at": now})


def has_proved(tx: Tx, person_id: int, phone: str) -> bool:
    """Tell whether this person has shown a phone (E.164) to be theirs."""
    return tx.first(_HAS_PROVED, {"b_person": person_id, "b_hash": phone_hash(tx, e164(phone))}) is not None


def both_proved(tx: Tx, person_id: int, other_id: int) -> bool:
    """Tell whether these two have shown the same phone to be theirs."""
    return tx.first(_BOTH_PROVED, {"b_person": person_id, "b_other": other_id}) is not None


def others_with_phone(tx: Tx, person_id: int, phone: str) -> tuple[tuple[int, bool], ...]:
    """Return who else gave this phone (E.164), and whether they have shown it to be theirs; those who have first."""
    rows = tx.all(_WITH_PHONE, {"b_hash": phone_hash(tx, e164(phone)), "b_person": person_id})
    return tuple((row.id, row.proved_at is not None) for row in rows)


def count_link_try(tx: Tx, person_id: int, now: datetime) -> None:
    """Count one try at linking, by a code or a phone; raises TriesUsed after 5 within 10 minutes."""
    since = now - LIFETIME
    if tx.execute(_TRY, {"b_person": person_id, "b_since": since}):
        return
    if tx.execute(_AGAIN, {"b_person": person_id, "b_since": since, "new_since_at": now}):
        return
    if tx.insert_if_new(_FIRST_TRY, {"person_id": person_id, "tries": 1, "since_at": now}):
        return
    if tx.execute(_TRY, {"b_person": person_id, "b_since": since}):  # somebody's first try was faster than this one
        return
    began = tx.scalar(_SINCE, {"b_person": person_id})
    raise TriesUsed(retry_at=(began or now) + LIFETIME)


def _letters() -> str:
    while True:
        code = new_code(LENGTH)
        if _is_mixed(code):
            return code


def _is_mixed(code: str) -> bool:
    return not code.isalpha() and not code.isdigit()


def _hash(tx: Tx, code: str) -> bytes:
    return tx.vault.lookup("link", code)
