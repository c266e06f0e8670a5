"""The cards a person has been shown lately: what somebody means who types what stands on one of their buttons."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Integer, bindparam, or_, select

from core.db import Tx
from core.messages.tables import message
from core.messages.telling import MessageKind
from core.orders.tables import order

_LATELY = timedelta(days=14)
_SHOWN = (
    select(
        message.c.body_sealed,
        message.c.order_id,
        message.c.expires_at,
        message.c.sent_at,
        or_(message.c.order_version.is_(None), message.c.order_version == order.c.version).label("stands"),
    )
    .select_from(message.outerjoin(order, order.c.id == message.c.order_id))
    .where(
        message.c.person_id == bindparam("b_person"),
        message.c.kind == MessageKind.CARD.value,
        message.c.body_sealed.is_not(None),
        message.c.sent_at > bindparam("b_after"),
    )
    .order_by(message.c.id.desc())
    .limit(bindparam("b_most", type_=Integer))
)


@dataclass(frozen=True, slots=True)
class CardShown:
    """A card as it was shown; `stands` tells whether a press of its buttons would still count."""

    body_sealed: bytes
    order_id: int | None
    sent_at: datetime
    stands: bool


def cards_shown(tx: Tx, person_id: int, *, now: datetime, most: int) -> tuple[CardShown, ...]:
    """Return the newest cards a person was sent in the last two weeks, on whatever channel, the newest first."""
    params = {"b_person": person_id, "b_after": now - _LATELY, "b_most": most}
    return tuple(
        CardShown(
            body_sealed=bytes(row.body_sealed),
            order_id=row.order_id,
            sent_at=row.sent_at,
            stands=bool(row.stands) and not _is_over(row.expires_at, now),
        )
        for row in tx.all(_SHOWN, params)
    )


def _is_over(expires_at: datetime | None, now: datetime) -> bool:
    return expires_at is not None and expires_at <= now
