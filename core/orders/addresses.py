"""Where a visit goes and whom to ring, sealed on the order with the customer's key."""

from dataclasses import dataclass

import msgspec

from core.crypto import Key

_PURPOSE = "order.address"


@dataclass(frozen=True, slots=True)
class VisitAddress:
    """What the technician needs at the door; `wishes` are the customer's own words."""

    text: str
    lat: float
    lng: float
    phone: str
    name: str
    wishes: str


def seal(address: VisitAddress, key: Key) -> bytes:
    """Seal an address for the order's row."""
    return key.seal(msgspec.json.encode(address), _PURPOSE)


def unseal(sealed: bytes, key: Key) -> VisitAddress:
    """Open an order's address; raises Unreadable under another person's key."""
    return msgspec.json.decode(key.open(sealed, _PURPOSE), type=VisitAddress)
