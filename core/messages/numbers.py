"""Numbers instead of buttons: where a choice is typed, each live card of a person has numbers of its own."""

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, or_, select

from core.db import Tx
from core.messages.tables import message
from core.messages.telling import MessageKind
from core.orders.tables import order

_NUMBERS = (
    select(message.c.first_number, message.c.id)
    .where(message.c.person_id == bindparam("b_person"), message.c.first_number.is_not(None))
    .order_by(message.c.id.desc())
    .limit(1)
)
_CARD_BY_NUMBER = (
    select(message.c.id, message.c.body_sealed, message.c.first_number)
    .select_from(message.outerjoin(order, order.c.id == message.c.order_id))
    .where(
        or_(message.c.order_version.is_(None), message.c.order_version == order.c.version),
        message.c.person_id == bindparam("b_person"),
        message.c.kind == MessageKind.CARD.value,
        and_(message.c.first_number <= bindparam("b_number"), message.c.first_number > bindparam("b_number") - 8),
        message.c.sent_at.is_not(None),
    )
    .order_by(message.c.id.desc())
    .limit(1)
)


def next_number(tx: Tx, person_id: int, *, places: int) -> int:
    """Return the first of `places` two-digit numbers this person's live cards have not used lately (10-99)."""
    row = tx.first(_NUMBERS, {"b_person": person_id})
    start = 10 if row is None else int(row.first_number) + 8
    return start if start + places <= 99 else 10


@dataclass(frozen=True, slots=True)
class Card:
    """A card found by the number a person typed; `place` counts among its numbered buttons."""

    id: int
    place: int
    body_sealed: bytes


def card_by_number(tx: Tx, person_id: int, number: int) -> Card | None:
    """Return the person's newest card that shows this number and is still good."""
    row = tx.first(_CARD_BY_NUMBER, {"b_person": person_id, "b_number": number})
    if row is None or row.body_sealed is None:
        return None
    return Card(row.id, number - row.first_number, row.body_sealed)
