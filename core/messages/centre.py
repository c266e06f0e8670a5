"""The message centre: a view of the same rows, for the page's history and for "my messages"."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, or_, select

from core.db import Tx
from core.messages.tables import message
from core.orders.tables import order

_SHOWN = (
    select(
        message.c.id,
        message.c.kind,
        message.c.body_sealed,
        message.c.sent_at,
        # A card is good while its order has the version it showed (design: messages).
        or_(message.c.order_version.is_(None), message.c.order_version == order.c.version).label("stands"),
    )
    .select_from(message.outerjoin(order, order.c.id == message.c.order_id))
    .where(
        message.c.person_id == bindparam("b_person"),
        message.c.body_sealed.is_not(None),
        or_(
            message.c.sent_at > bindparam("b_after"),
            (message.c.sent_at == bindparam("b_after")) & (message.c.id > bindparam("b_after_id")),
        ),
    )
    .order_by(message.c.sent_at.desc(), message.c.id.desc())
    .limit(bindparam("b_most"))
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A message a person has been sent, its frozen body still sealed."""

    id: int
    kind: str
    body_sealed: bytes
    sent_at: datetime
    stands: bool


def shown(tx: Tx, person_id: int, *, after: datetime, after_id: int, most: int) -> tuple[Shown, ...]:
    """Return the newest messages sent to a person after a point (sent_at, id), oldest first."""
    params = {"b_person": person_id, "b_after": after, "b_after_id": after_id, "b_most": most}
    rows = tx.all(_SHOWN, params)
    return tuple(Shown(r.id, r.kind, r.body_sealed, r.sent_at, bool(r.stands)) for r in reversed(rows))


_FROZEN = select(message.c.body_sealed).where(
    message.c.id == bindparam("b_id"), message.c.person_id == bindparam("b_person")
)


def frozen(tx: Tx, person_id: int, message_id: int) -> bytes | None:
    """Return the sealed words of one message of this person; None when it is not theirs, or has none yet."""
    sealed = tx.scalar(_FROZEN, {"b_id": message_id, "b_person": person_id})
    return None if sealed is None else bytes(sealed)
