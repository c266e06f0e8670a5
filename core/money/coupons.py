"""Coupons: granted once per person and kind, taken by one order, given back when that order comes to nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select, update

from core.db import Tx, insert_into
from core.errors import BookingError
from core.ids import new_id
from core.money.tables import coupon
from core.settings import Rules

NEW_CUSTOMER: Final = "new_customer"


class CouponGone(BookingError):
    """The coupon belongs to another order by now, or to another person."""

    code = "coupon_gone"


@dataclass(frozen=True, slots=True)
class Coupon:
    """A discount of `amount_minor` that its person may use once."""

    id: int
    kind: str
    amount_minor: int
    currency: str


_INSERT = insert_into(coupon)
_USABLE = (
    select(coupon.c.id, coupon.c.kind, coupon.c.amount_minor, coupon.c.currency)
    .where(
        coupon.c.person_id == bindparam("person_id"),
        coupon.c.currency == bindparam("currency"),
        coupon.c.order_id.is_(None),
    )
    .order_by(coupon.c.amount_minor.desc(), coupon.c.id)
    .limit(1)
)
_TAKE = (
    update(coupon)
    .where(coupon.c.id == bindparam("b_id"), coupon.c.person_id == bindparam("b_person"), coupon.c.order_id.is_(None))
    .values(order_id=bindparam("b_order"))
)
_GIVE_BACK = update(coupon).where(coupon.c.order_id == bindparam("b_order")).values(order_id=None, used_at=None)
_MARK_USED = (
    update(coupon)
    .where(coupon.c.order_id == bindparam("b_order"), coupon.c.used_at.is_(None))
    .values(used_at=bindparam("b_now"))
)


def grant_new_customer(tx: Tx, person_id: int, *, currency: str, rules: Rules, now: datetime) -> bool:
    """Give a person the new customer's coupon; False when they have had it already or the setting is nothing."""
    if rules.coupon_new_customer_minor <= 0:
        return False
    row = {
        "id": new_id(),
        "person_id": person_id,
        "kind": NEW_CUSTOMER,
        "amount_minor": rules.coupon_new_customer_minor,
        "currency": currency,
        "order_id": None,
        "granted_at": now,
        "used_at": None,
    }
    return tx.insert_if_new(_INSERT, row)


def usable(tx: Tx, person_id: int, currency: str) -> Coupon | None:
    """Return the person's best free coupon in this currency."""
    row = tx.first(_USABLE, {"person_id": person_id, "currency": currency})
    return None if row is None else Coupon(row.id, row.kind, row.amount_minor, row.currency)


def take(tx: Tx, coupon_id: int, *, person_id: int, order_id: int) -> None:
    """Tie a free coupon to an order of its owner; CouponGone when another order was first."""
    taken = tx.execute(_TAKE, {"b_id": coupon_id, "b_person": person_id, "b_order": order_id})
    if taken != 1:
        raise CouponGone(coupon_id=coupon_id)


def give_back(tx: Tx, order_id: int) -> bool:
    """Free the coupon of an order that expired unpaid or was refunded in full; False when it had none."""
    return tx.execute(_GIVE_BACK, {"b_order": order_id}) > 0


def mark_used(tx: Tx, order_id: int, now: datetime) -> bool:
    """Record that the order's coupon was paid with; False when it had none."""
    return tx.execute(_MARK_USED, {"b_order": order_id, "b_now": now}) > 0
