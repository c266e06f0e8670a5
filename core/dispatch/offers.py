"""Offers as rows: who was asked, until when, what came of it."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import bindparam, select, update

from core.db import Row, Tx, insert_into
from core.dispatch.tables import offer as table
from core.errors import BookingError
from core.ids import new_id
from core.orders.reasons import RefusalReason
from core.settings import Rules


class OfferState(StrEnum):
    """What became of an offer."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class OfferGone(BookingError):
    """The offer is no longer this technician's to answer; fact `why`: taken, expired, withdrawn, refused."""

    code = "offer_gone"


class NobodyFree(BookingError):
    """No technician who could be asked is free at that time."""

    code = "nobody_free"


@dataclass(frozen=True, slots=True)
class Offer:
    """One technician asked for one order; rounds count up within the order."""

    id: int
    order_id: int
    technician_id: int
    round: int
    state: OfferState
    reason: RefusalReason | None
    expires_at: datetime
    created_at: datetime


_COLUMNS = tuple(table.c[field.name] for field in fields(Offer))
_OF_ORDER = select(*_COLUMNS).where(table.c.order_id == bindparam("b_order")).order_by(table.c.round)
_SEALED = select(table.c.technician_id, table.c.reason_sealed).where(table.c.id == bindparam("b_id"))
_TO_ANSWER = (
    select(*_COLUMNS)
    .where(
        table.c.technician_id == bindparam("b_technician"),
        table.c.state == OfferState.OPEN.value,
        table.c.expires_at > bindparam("b_now"),
    )
    .order_by(table.c.expires_at, table.c.id)
)
_ADD = insert_into(table)
_ANSWER = (
    update(table)
    .where(
        table.c.id == bindparam("b_id"),
        table.c.state == OfferState.OPEN.value,
        table.c.expires_at > bindparam("b_now"),
    )
    .values(
        state=bindparam("new_state"),
        reason=bindparam("new_reason"),
        reason_sealed=bindparam("new_sealed"),
        decided_at=bindparam("b_now"),
    )
)
_CLOSE = (
    update(table)
    .where(table.c.id == bindparam("b_id"), table.c.state == OfferState.OPEN.value)
    .values(state=bindparam("new_state"), decided_at=bindparam("b_now"))
)

_EXPLAIN = (
    update(table)
    .where(table.c.id == bindparam("b_id"), table.c.state == OfferState.REFUSED.value, table.c.reason.is_(None))
    .values(reason=bindparam("new_reason"), reason_sealed=bindparam("new_sealed"))
)
_TAKE_BACK = (
    update(table)
    .where(table.c.id == bindparam("b_id"), table.c.state == OfferState.ACCEPTED.value)
    .values(state=OfferState.WITHDRAWN.value, decided_at=bindparam("b_now"))
)


def minutes_to_answer(figures: Rules, *, anyone: bool, starts_at: datetime, now: datetime) -> int:
    """Return how long one technician may think: with "anyone" shorter, and shorter still when the visit is near."""
    if not anyone:
        return figures.accept_minutes
    return figures.urgent_accept_minutes if is_near(figures, starts_at, now) else figures.anyone_accept_minutes


def is_near(figures: Rules, starts_at: datetime, now: datetime) -> bool:
    """Whether a visit starts so soon that asking for it is urgent."""
    return starts_at - now <= timedelta(minutes=figures.urgent_lead_minutes)


def offers_of(tx: Tx, order_id: int) -> tuple[Offer, ...]:
    """Return everybody who was asked for an order, first round first."""
    return tuple(_offer(row) for row in tx.all(_OF_ORDER, {"b_order": order_id}))


def to_answer(tx: Tx, technician_id: int, *, now: datetime) -> tuple[Offer, ...]:
    """Return the offers a technician may still answer, the one that ends first at the top."""
    return tuple(_offer(row) for row in tx.all(_TO_ANSWER, {"b_technician": technician_id, "b_now": now}))


def add(tx: Tx, offer: Offer, *, decided_at: datetime | None = None) -> None:
    """Write a new offer: an open one, or one that was answered at `decided_at`, before it was written."""
    row = {field.name: getattr(offer, field.name) for field in fields(Offer)}
    tx.execute(_ADD, row | {"reason_sealed": None, "decided_at": decided_at})


def add_accepted(tx: Tx, order_id: int, technician_id: int, *, now: datetime) -> None:
    """Write down a yes that was not given to an offer: to an operator, or to a change request."""
    made = Offer(
        id=new_id(),
        order_id=order_id,
        technician_id=technician_id,
        round=len(offers_of(tx, order_id)) + 1,
        state=OfferState.ACCEPTED,
        reason=None,
        expires_at=now,
        created_at=now,
    )
    add(tx, made, decided_at=now)


def answer(
    tx: Tx,
    offer: Offer,
    state: OfferState,
    *,
    now: datetime,
    reason: RefusalReason | None = None,
    sealed: bytes | None = None,
) -> None:
    """Record the technician's answer if the offer is still open and in time; raises OfferGone."""
    params = {"b_id": offer.id, "b_now": now, "new_state": state, "new_reason": reason, "new_sealed": sealed}
    if tx.execute(_ANSWER, params) != 1:
        raise OfferGone(order_id=offer.order_id, why=_why(offer))


def explain(tx: Tx, offer: Offer, *, reason: RefusalReason, sealed: bytes | None) -> bool:
    """Add the reason to a refusal that came without one; False when there is one already, or it was no refusal."""
    return tx.execute(_EXPLAIN, {"b_id": offer.id, "new_reason": reason, "new_sealed": sealed}) == 1


def close(tx: Tx, offer: Offer, state: OfferState, *, now: datetime) -> bool:
    """End an offer that nobody answered; False when it was answered meanwhile."""
    return tx.execute(_CLOSE, {"b_id": offer.id, "b_now": now, "new_state": state}) == 1


def take_back(tx: Tx, offer: Offer, *, now: datetime) -> bool:
    """Undo an acceptance whose technician has not said no: somebody else gets the visit; False when there is none."""
    return tx.execute(_TAKE_BACK, {"b_id": offer.id, "b_now": now}) == 1


def sealed_reason(tx: Tx, offer_id: int) -> tuple[int, bytes] | None:
    """Return who refused and the sealed words they said."""
    row = tx.first(_SEALED, {"b_id": offer_id})
    return None if row is None or row.reason_sealed is None else (row.technician_id, bytes(row.reason_sealed))


def of_technician(tx: Tx, order_id: int, technician_id: int) -> Offer:
    """Return the technician's latest offer of an order; raises OfferGone when they were never asked."""
    found = [one for one in offers_of(tx, order_id) if one.technician_id == technician_id]
    if not found:
        raise OfferGone(order_id=order_id, why="withdrawn")
    return found[-1]


def _why(offer: Offer) -> str:
    return str(OfferState.EXPIRED if offer.state is OfferState.OPEN else offer.state)


def _offer(row: Row) -> Offer:
    reason = None if row.reason is None else RefusalReason(row.reason)
    return Offer(**(row._asdict() | {"state": OfferState(row.state), "reason": reason}))
