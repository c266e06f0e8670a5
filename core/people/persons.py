"""Persons: who wrote for the first time, their key, language, name and phone."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from core.conversations.tables import conversation
from core.crypto import Key, Unreadable
from core.db import Tx, insert_into
from core.errors import InvalidInput, NotFound, PersonErased
from core.ids import new_id
from core.people.tables import identity
from core.people.tables import person as table
from core.words import one_line

_E164 = re.compile(r"\+[1-9]\d{6,14}")
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody we talk to; `zone` is IANA."""

    id: int
    lang: str
    zone: str
    erased_at: datetime | None


_COLUMNS = (table.c.id, table.c.lang, table.c.zone, table.c.erased_at)
_BY_ID = select(*_COLUMNS).where(table.c.id == bindparam("b_id"))
_BY_IDENTITY = (
    select(*_COLUMNS)
    .join(identity, identity.c.person_id == table.c.id)
    .where(
        identity.c.channel == bindparam("b_channel"),
        identity.c.account == bindparam("b_account"),
        identity.c.external_id == bindparam("b_external"),
    )
)
_SEALED = select(table.c.sealed_key, table.c.name_sealed, table.c.phone_sealed).where(table.c.id == bindparam("b_id"))
_JOINED = select(table.c.sealed_key).where(table.c.joined_to == bindparam("b_id"), table.c.sealed_key.is_not(None))
_IS = select(table.c.id, table.c.joined_to).where(table.c.id == bindparam("b_id"))
_INSERT = insert_into(table)
_INSERT_IDENTITY = insert_into(identity)
_INSERT_CONVERSATION = insert_into(conversation)
_SET_LANG = update(table).where(table.c.id == bindparam("b_id")).values(lang=bindparam("new_lang"))
_SET_NAME = update(table).where(table.c.id == bindparam("b_id")).values(name_sealed=bindparam("new_name"))
_SET_PHONE = (
    update(table)
    .where(table.c.id == bindparam("b_id"))
    .values(phone_sealed=bindparam("new_phone"), phone_hash=bindparam("new_hash"))
)


def arrive(tx: Tx, *, channel: str, account: str, external_id: str, lang: str, zone: str, now: datetime) -> Person:
    """Return the person behind an identity, made with a key and an empty conversation at the first sight."""
    who = {"b_channel": channel, "b_account": account, "b_external": external_id}
    row = tx.first(_BY_IDENTITY, who)
    if row is not None:
        return Person(*row)
    person_id = new_id()
    # The identity goes first: its unique key decides between two first messages of one person.
    fresh = tx.insert_if_new(
        _INSERT_IDENTITY,
        {
            "id": new_id(), "channel": channel, "account": account, "external_id": external_id, "person_id": person_id,
            "blocked_at": None, "seen_at": now, "created_at": now,
        },
    )  # fmt: skip
    if not fresh:
        return Person(*tx.all(_BY_IDENTITY, who)[0])
    _write_person(tx, person_id, lang=lang, zone=zone, now=now)
    return Person(person_id, lang, zone, None)


def person(tx: Tx, person_id: int) -> Person:
    """Return the person, erased or not; raises NotFound."""
    row = tx.first(_BY_ID, {"b_id": person_id})
    if row is None:
        raise NotFound(kind="person")
    return Person(*row)


def now_is(tx: Tx, person_id: int) -> int:
    """Return who this person is now: the one they were joined to, else themselves; raises NotFound."""
    row = tx.first(_IS, {"b_id": person_id})
    if row is None:
        raise NotFound(kind="person")
    return int(row.joined_to or row.id)


def key_of(tx: Tx, person_id: int) -> Key:
    """Return the key that seals what this person told us; raises PersonErased, NotFound."""
    return _opened(tx, person_id)[0]


def open_text_of(tx: Tx, person_id: int, sealed: bytes, purpose: str) -> str:
    """Open what an audit line keeps sealed for a person, or for one who was joined to them since; PersonErased."""
    keys = [
        key_of(tx, person_id),
        *(tx.vault.key(bytes(row.sealed_key)) for row in tx.all(_JOINED, {"b_id": person_id})),
    ]
    for key in keys[:-1]:
        with suppress(Unreadable):
            return key.open_text(sealed, purpose)
    return keys[-1].open_text(sealed, purpose)


def set_language(tx: Tx, person_id: int, lang: str) -> None:
    """Remember the language the person wants to be spoken to in."""
    if not tx.execute(_SET_LANG, {"b_id": person_id, "new_lang": lang}):
        raise NotFound(kind="person")


def set_name(tx: Tx, person_id: int, name: str) -> None:
    """Remember how the person wants to be called; raises InvalidInput when empty or over 60 characters."""
    name = one_line(name)
    if not name or len(name) > LONGEST_NAME:
        raise InvalidInput(field="name")
    tx.execute(_SET_NAME, {"b_id": person_id, "new_name": key_of(tx, person_id).seal_text(name, "person.name")})


def name_of(tx: Tx, person_id: int) -> str | None:
    """Return the person's name, None when never told; raises PersonErased."""
    key, name, _ = _opened(tx, person_id)
    return None if name is None else key.open_text(name, "person.name")


def set_phone(tx: Tx, person_id: int, phone: str) -> None:
    """Remember a phone number in E.164; raises InvalidInput for any other spelling."""
    checked = e164(phone)
    tx.execute(
        _SET_PHONE,
        {
            "b_id": person_id,
            "new_phone": key_of(tx, person_id).seal_text(checked, "person.phone"),
            "new_hash": phone_hash(tx, checked),
        },
    )


def phone_of(tx: Tx, person_id: int) -> str | None:
    """Return the person's phone in E.164, None when never told; raises PersonErased."""
    key, _, phone = _opened(tx, person_id)
    return None if phone is None else key.open_text(phone, "person.phone")


def e164(phone: str) -> str:
    """Return the number when it is spelled in E.164 (ITU-T); raises InvalidInput."""
    if not _E164.fullmatch(phone):
        raise InvalidInput(field="phone")
    return phone


def phone_hash(tx: Tx, phone: str) -> bytes:
    """Return the keyed hash by which a phone is found."""
    return tx.vault.lookup("phone", phone)


def masked_phone(phone: str) -> str:
    """Return a phone as it may be shown where nobody needs to dial it: "138****8000", "+447****0123" from abroad."""
    home = phone.removeprefix("+86")
    digits = home.lstrip("+")
    return f"{home[: -len(digits)]}{digits[:3]}****{digits[-4:]}" if len(digits) > 7 else "****"


def _opened(tx: Tx, person_id: int) -> tuple[Key, bytes | None, bytes | None]:
    row = tx.first(_SEALED, {"b_id": person_id})
    if row is None:
        raise NotFound(kind="person")
    if row.sealed_key is None:
        raise PersonErased(person_id=person_id)
    return tx.vault.key(bytes(row.sealed_key)), row.name_sealed, row.phone_sealed


def _write_person(tx: Tx, person_id: int, *, lang: str, zone: str, now: datetime) -> None:
    tx.execute(
        _INSERT,
        {
            "id": person_id, "sealed_key": tx.vault.new_wrapped_key(), "lang": lang, "zone": zone, "name_sealed": None,
            "phone_sealed": None, "phone_hash": None, "created_at": now, "erased_at": None, "joined_to": None,
            "tell_on": None,
        },
    )  # fmt: skip
    tx.execute(
        _INSERT_CONVERSATION,
        {
            "person_id": person_id, "version": 0, "state_sealed": None, "prompt_id": None, "prompt_at": None,
            "updated_at": now, "put_off_id": None, "ticket_id": None,
        },
    )  # fmt: skip
