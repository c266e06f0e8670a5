"""Saved addresses: sealed with the person's key, newest used first."""

from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Integer, bindparam, select, update

from core.crypto import Key
from core.db import Row, Tx, insert_into
from core.errors import InvalidInput, NotFound
from core.ids import new_id
from core.people.persons import key_of
from core.people.tables import address as table

LONGEST_ADDRESS = 200
MOST_KEPT = 20
"""How many saved addresses of a person are looked at; older ones are not offered again."""

_PURPOSE = "address"


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody lives or stays; datum WGS84."""

    id: int
    person_id: int
    region_id: int
    text: str
    lat: float
    lng: float


_COLUMNS = (table.c.id, table.c.person_id, table.c.region_id, table.c.sealed)
_OF_PERSON = (
    select(*_COLUMNS)
    .where(table.c.person_id == bindparam("b_person"), table.c.removed_at.is_(None))
    .order_by(table.c.used_at.desc(), table.c.id.desc())
    .limit(bindparam("b_most", type_=Integer))
)
_THIS = (table.c.id == bindparam("b_id"), table.c.person_id == bindparam("b_person"), table.c.removed_at.is_(None))
_ONE = select(*_COLUMNS).where(*_THIS)
_INSERT = insert_into(table)
_RENEW = (
    update(table)
    .where(*_THIS)
    .values(used_at=bindparam("new_used_at"), region_id=bindparam("new_region"), sealed=bindparam("new_sealed"))
)
_REMOVE = update(table).where(*_THIS).values(removed_at=bindparam("new_removed_at"))


def save_address(
    tx: Tx, person_id: int, *, text: str, region_id: int, lat: float, lng: float, now: datetime
) -> Address:
    """Keep an address and return it; the same words again renew the one kept before. Raises InvalidInput."""
    text = " ".join(text.split())
    if not text or len(text) > LONGEST_ADDRESS:
        raise InvalidInput(field="address")
    key = key_of(tx, person_id)
    sealed = key.seal(msgspec.json.encode({"text": text, "lat": lat, "lng": lng}), _PURPOSE)
    for known in addresses(tx, person_id):
        if known.text == text:
            renewed = {"new_used_at": now, "new_region": region_id, "new_sealed": sealed}
            tx.execute(_RENEW, {"b_id": known.id, "b_person": person_id, **renewed})
            return Address(known.id, person_id, region_id, text, lat, lng)
    saved = Address(new_id(), person_id, region_id, text, lat, lng)
    tx.execute(
        _INSERT,
        {
            "id": saved.id, "person_id": person_id, "region_id": region_id, "sealed": sealed, "created_at": now,
            "used_at": now, "removed_at": None,
        },
    )  # fmt: skip
    return saved


def addresses(tx: Tx, person_id: int) -> tuple[Address, ...]:
    """Return the person's saved addresses, newest used first; raises PersonErased."""
    key = key_of(tx, person_id)
    return tuple(_address(key, row) for row in tx.all(_OF_PERSON, {"b_person": person_id, "b_most": MOST_KEPT}))


def address(tx: Tx, person_id: int, address_id: int) -> Address:
    """Return one saved address of this person; somebody else's is NotFound."""
    row = tx.first(_ONE, {"b_id": address_id, "b_person": person_id})
    if row is None:
        raise NotFound(kind="address")
    return _address(key_of(tx, person_id), row)


def remove_address(tx: Tx, person_id: int, address_id: int, now: datetime) -> None:
    """Offer the address no more; raises NotFound."""
    if not tx.execute(_REMOVE, {"b_id": address_id, "b_person": person_id, "new_removed_at": now}):
        raise NotFound(kind="address")


def _address(key: Key, row: Row) -> Address:
    plain = msgspec.json.decode(key.open(row.sealed, _PURPOSE))
    return Address(row.id, row.person_id, row.region_id, plain["text"], plain["lat"], plain["lng"])
