"""Stores: whose zone, currency and hours rule the visits they sell."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import select

from core.db import Tx, insert_into
from core.errors import NotFound
from core.geo import Point
from core.ids import new_id
from core.settings import bump, counter
from core.stores.tables import store as table


@dataclass(frozen=True, slots=True)
class Store:
    """A shop; opening hours are minutes of its local day, `zone` is IANA, `currency` ISO 4217."""

    id: int
    code: str
    names: Mapping[str, str]
    zone: str
    currency: str
    opens_minute: int
    closes_minute: int
    address: Mapping[str, str]
    phone: str
    lat: float
    lng: float

    @property
    def point(self) -> Point:
        """Where the shop is (WGS84)."""
        return Point(self.lat, self.lng)


_STAMP = "stores"
_ALL = select(table).order_by(table.c.id)
_INSERT = insert_into(table)

_remembered: tuple[int, tuple[Store, ...]] = (0, ())


def store(tx: Tx, store_id: int) -> Store:
    """Return one store; raises NotFound."""
    found = next((one for one in stores(tx) if one.id == store_id), None)
    if found is None:
        raise NotFound(kind="store")
    return found


def stores(tx: Tx) -> tuple[Store, ...]:
    """Return every store, the first one first; remembered while none is opened."""
    global _remembered  # noqa: PLW0603  one slot, replaced whole; a stamp belongs to one content only
    stamp, known = counter(tx, _STAMP), _remembered
    if stamp == 0 or known[0] != stamp:
        known = _remembered = (stamp, tuple(Store(*row) for row in tx.all(_ALL)))
    return known[1]


def the_store(tx: Tx) -> Store:
    """Return the first store: the one where there is only one; raises NotFound on an empty database."""
    found = stores(tx)
    if not found:
        raise NotFound(kind="store")
    return found[0]


def add_store(
    tx: Tx,
    *,
    code: str,
    names: Mapping[str, str],
    zone: str,
    currency: str,
    opens_minute: int,
    closes_minute: int,
    phone: str,
    point: Point,
    address: Mapping[str, str] | None = None,
) -> Store:
    """Open a store and return it."""
    made = Store(
        id=new_id(),
        code=code,
        names=dict(names),
        zone=zone,
        currency=currency,
        opens_minute=opens_minute,
        closes_minute=closes_minute,
        address=dict(address or {}),
        phone=phone,
        lat=point.lat,
        lng=point.lng,
    )
    tx.execute(_INSERT, asdict(made))
    bump(tx, _STAMP)
    return made
