"""Taking time for an order that lost its own: what it wished for, read back from its row."""

from dataclasses import replace
from datetime import datetime

from core import calendar
from core.calendar import SlotTaken, Wish
from core.catalog import catalogue
from core.db import Tx
from core.money import coupons
from core.orders import addresses
from core.orders.addresses import VisitAddress
from core.orders.moves import Order
from core.people import key_of
from core.technicians import Preferences

_DEFAULT_BUFFER_MINUTES = 15


def address_of(tx: Tx, order: Order) -> VisitAddress:
    """Open an order's address with its customer's key; raises PersonErased."""
    return addresses.unseal(order.address_sealed, key_of(tx, order.person_id))


def wish_of(tx: Tx, order: Order) -> Wish:
    """Return what an order asks of the calendar, of its present technician; raises PersonErased."""
    where = address_of(tx, order)
    buffers = (one.buffer_minutes for one in catalogue(tx).services if one.id == order.service_id)
    return Wish(
        service_id=order.service_id,
        minutes=int((order.ends_at - order.starts_at).total_seconds()) // 60,
        buffer_minutes=next(buffers, _DEFAULT_BUFFER_MINUTES),  # a service withdrawn since keeps a usual pause
        region_id=order.region_id,
        lat=where.lat,
        lng=where.lng,
        technician_id=order.technician_id,
        preferences=Preferences(sex=order.sex),
    )


def retake(tx: Tx, order: Order, *, now: datetime, notice: bool = False) -> None:
    """Occupy again the time of an expired order's technicians, and its coupon.

    A payment that came late needs no notice, a customer who books again does.
    Raises SlotTaken, NotBookable, CouponGone.
    """
    if order.technician_id is None:
        raise SlotTaken
    calendar.take_for_order(
        tx,
        order.id,
        order.person_id,
        wish_of(tx, order),
        starts_at=order.starts_at,
        now=now,
        crew=order.crew_ids,
        notice=notice,
    )
    if order.coupon_id is not None:
        coupons.take(tx, order.coupon_id, person_id=order.person_id, order_id=order.id)


def who_else(tx: Tx, order: Order, *, but: frozenset[int], now: datetime) -> tuple[int, ...]:
    """Return the technicians free for an order at its time, best first, without those already asked."""
    anyone = replace(wish_of(tx, order), technician_id=None)
    found = calendar.offers_at(
        tx, anyone, person_id=order.person_id, now=now, at=order.starts_at, most=len(but) + 10, notice=False
    )
    return tuple(slot.technician_id for slot in found if slot.technician_id not in but)
