"""Saved addresses: sealed with the person's key, the one always meant first, then the newest used."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum

import msgspec
from sqlalchemy import Integer, bindparam, select, update

from core.crypto import Key
from core.db import Row, Tx, insert_into
from core.errors import InvalidInput, NotFound
from core.ids import new_id
from core.people.persons import key_of
from core.people.tables import address as table
from core.words import one_line

LONGEST_ADDRESS = 200
MOST_KEPT = 20
"""How many saved addresses of a person are looked at; older ones are not offered again."""

_PURPOSE = "address"
_SEALED = ("text", "lat", "lng", "label", "always")


class AddressLabel(StrEnum):
    """What a place is to somebody, so that "at home" finds it."""

    HOME = "home"
    WORK = "work"
    HOTEL = "hotel"


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody lives or stays; datum WGS84. `always` says that it is meant when none is named."""

    id: int
    person_id: int
    region_id: int
    text: str
    lat: float
    lng: float
    label: AddressLabel | None = None
    always: bool = False


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
_RESEAL = update(table).where(*_THIS).values(sealed=bindparam("new_sealed"))
_REMOVE = update(table).where(*_THIS).values(removed_at=bindparam("new_removed_at"))


def save_address(
    tx: Tx,
    person_id: int,
    *,
    text: str,
    region_id: int,
    lat: float,
    lng: float,
    now: datetime,
    label: AddressLabel | None = None,
) -> Address:
    """Keep an address and return it; the same words again renew the one kept before. Raises InvalidInput."""
    text = one_line(text)
    if not text or len(text) > LONGEST_ADDRESS:
        raise InvalidInput(field="address")
    key = key_of(tx, person_id)
    known = next((each for each in addresses(tx, person_id) if each.text == text), None)
    if known is not None:
        renewed = replace(known, region_id=region_id, lat=lat, lng=lng, label=label or known.label)
        values = {"new_used_at": now, "new_region": region_id, "new_sealed": _sealed(key, renewed)}
        tx.execute(_RENEW, {"b_id": known.id, "b_person": person_id, **values})
        return renewed
    saved = Address(new_id(), person_id, region_id, text, lat, lng, label)
    tx.execute(
        _INSERT,
        {
            "id": saved.id, "person_id": person_id, "region_id": region_id, "sealed": _sealed(key, saved),
            "created_at": now, "used_at": now, "removed_at": None,
        },
    )  # fmt: skip
    return saved


def mean_always(tx: Tx, person_id: int, address_id: int) -> Address:
    """Let this address be the one that is meant when none is named, in place of any other; raises NotFound."""
    key, chosen = key_of(tx, person_id), address(tx, person_id, address_id)
    for each in addresses(tx, person_id):
        always = each.id == chosen.id
        if each.always != always:
            sealed = _sealed(key, replace(each, always=always))
            tx.execute(_RESEAL, {"b_id": each.id, "b_person": person_id, "new_sealed": sealed})
    return replace(chosen, always=True)


def addresses(tx: Tx, person_id: int) -> tuple[Address, ...]:
    """Return the person's saved addresses, the one always meant first, then newest used; raises PersonErased."""
    key = key_of(tx, person_id)
    found = [_address(key, row) for row in tx.all(_OF_PERSON, {"b_person": person_id, "b_most": MOST_KEPT})]
    return tuple(sorted(found, key=lambda each: not each.always))


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


def _sealed(key: Key, saved: Address) -> bytes:
    told = asdict(saved)
    return key.seal(msgspec.json.encode({name: told[name] for name in _SEALED}), _PURPOSE)


def _address(key: Key, row: Row) -> Address:
    plain = msgspec.json.decode(key.open(row.sealed, _PURPOSE))
    label = plain.get("label")  # addresses of before there were labels have none
    return Address(
        id=row.id,
        person_id=row.person_id,
        region_id=row.region_id,
        text=plain["text"],
        lat=plain["lat"],
        lng=plain["lng"],
        label=None if label is None else AddressLabel(label),
        always=plain.get("always", False),
    )
