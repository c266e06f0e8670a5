"""From a plan to an order: hold and quote for the summary, then the order itself with its payment."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select

from core import calendar
from core.calendar import Hold, Slot, Wish
from core.catalog import Option, Service, catalogue
from core.conversations import place as conversations
from core.crash import crash_point
from core.db import CandidateLost, Tx
from core.errors import BookingError, InvalidInput, NotFound
from core.geo import Point
from core.ids import new_code, new_id
from core.messages import Template
from core.money import coupons, payments, pricing
from core.money.coupons import Coupon
from core.money.payments import Payment
from core.money.pricing import Quote
from core.orders import addresses
from core.orders.addresses import VisitAddress
from core.orders.moves import Actor, ActorKind, Order, begin, move
from core.orders.retaking import retake
from core.orders.states import OrderEvent, OrderState
from core.orders.tables import order as order_table
from core.orders.telling import tell_customer
from core.orders.views import order_of
from core.people import key_of
from core.settings import Rules, rules
from core.stores import Store, store
from core.technicians import Preferences
from core.words import one_line, prose

_UNPAID = (
    select(func.count())
    .select_from(order_table)
    .where(order_table.c.person_id == bindparam("b_person"), order_table.c.state == OrderState.TO_PAY.value)
)


@dataclass(frozen=True, slots=True)
class VisitPlan:
    """What a customer wants, complete: `anyone` says that the technician was left to us, whoever it is.

    `quantity` is how many of the option (two air conditioners): each adds its minutes and its price to the one visit.
    """

    service_id: int
    option_id: int
    technician_id: int | None
    anyone: bool
    starts_at: datetime
    region_id: int
    lat: float
    lng: float
    address_text: str
    phone: str
    name: str
    wishes: str = ""
    sex: str | None = None
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class Preview:
    """What the summary shows: the price, the slot, and how long it is held."""

    quote: Quote
    slot: Slot
    hold: Hold


@dataclass(frozen=True, slots=True)
class Placed:
    """An order that waits for its payment."""

    order: Order
    payment: Payment


class QuoteChanged(BookingError):
    """The price is not the one that was shown any more; `quote` is the price now and needs a new yes."""

    code = "quote_changed"

    def __init__(self, quote: Quote) -> None:
        super().__init__(total_minor=quote.total_minor)
        self.quote = quote


class TooManyUnpaid(BookingError):
    """The person has as many orders waiting for their payment as one may have (`most`): each holds a time."""

    code = "too_many_unpaid"


@dataclass(frozen=True, slots=True)
class _Ground:
    """What pricing a plan needs to know."""

    wish: Wish
    price_minor: int
    store: Store
    figures: Rules

    def quote(self, plan: VisitPlan, slot: Slot, coupon: Coupon | None) -> Quote:
        return pricing.quote(
            self.figures,
            price_minor=self.price_minor,
            quantity=plan.quantity,
            currency=self.store.currency,
            leg_metres=slot.leg_metres,
            starts_local=plan.starts_at.astimezone(ZoneInfo(self.store.zone)),
            coupon=coupon,
        )


def wish_for(
    service: Service,
    option: Option,
    *,
    quantity: int,
    region_id: int,
    point: Point,
    technician_id: int | None,
    preferences: Preferences,
) -> Wish:
    """Return what so many of an option ask of the calendar; InvalidInput when it does not come in that number."""
    if not 1 <= quantity <= option.most:
        raise InvalidInput(field="quantity", most=option.most)
    return Wish(
        service_id=service.id,
        minutes=option.minutes * quantity,
        buffer_minutes=service.buffer_minutes,
        region_id=region_id,
        lat=point.lat,
        lng=point.lng,
        technician_id=technician_id,
        preferences=preferences,
        crew=option.crew,
    )


def preview(tx: Tx, person_id: int, plan: VisitPlan, now: datetime, hold_id: int | None = None) -> Preview:
    """Hold the plan's slot, in place of what was held for it before, and price it with any new customer's coupon.

    Raises SlotTaken, NotBookable, InvalidInput for a quantity that the option does not come in.
    """
    ground = _ground(tx, plan)
    held = _hold(tx, person_id, plan, ground.wish, hold_id, now)
    currency = ground.store.currency
    coupon = coupons.usable(tx, person_id, currency)
    granted = coupon is None and coupons.grant_new_customer(
        tx, person_id, currency=currency, rules=ground.figures, now=now
    )
    if granted:
        coupon = coupons.usable(tx, person_id, currency)
    return Preview(ground.quote(plan, held.slot, coupon), held.slot, held)


def place(tx: Tx, person_id: int, plan: VisitPlan, *, shown: Quote, hold_id: int | None, now: datetime) -> Placed:
    """Turn a summary's yes into an order to pay at exactly the price shown.

    A lapsed hold is taken anew. Raises SlotTaken, NotBookable, QuoteChanged, TooManyUnpaid.
    """
    _admit_unpaid(tx, person_id)
    ground = _ground(tx, plan)
    held = _held(tx, person_id, plan, ground.wish, hold_id, now)
    coupon = coupons.usable(tx, person_id, ground.store.currency) if shown.coupon_id else None
    quote = ground.quote(plan, held.slot, coupon)
    if (quote.items, quote.currency, quote.coupon_id) != (shown.items, shown.currency, shown.coupon_id):
        raise QuoteChanged(quote)
    order = _write_order(tx, person_id, plan, ground=ground, slot=held.slot, quote=quote, now=now)
    if not calendar.give_to_order(tx, held, order.id, now, person_id=person_id):
        # It lapsed while this unit waited for the guard: the next run takes the time anew, or names others.
        raise CandidateLost(("hold", held.id))
    if quote.coupon_id is not None:
        coupons.take(tx, quote.coupon_id, person_id=person_id, order_id=order.id)
    payment = _open_payment(tx, order, ground.figures, now)
    crash_point("order.placed")
    return Placed(order, payment)


def revive(tx: Tx, order_id: int, *, person_id: int, now: datetime) -> Placed:
    """Bring an order that was not paid in time back to its payment, same slot and price.

    Raises SlotTaken or NotBookable when the slot is gone, CouponGone when its discount is, TooManyUnpaid,
    StateConflict.
    """
    order = order_of(tx, person_id, order_id)
    if order.state is OrderState.EXPIRED:
        _admit_unpaid(tx, person_id)
        retake(tx, order, now=now, notice=True)
    figures = rules(tx)
    moved = move(
        tx,
        order,
        OrderEvent.REVIVED,
        actor=Actor(ActorKind.CUSTOMER, person_id),
        now=now,
        decide_by=now + timedelta(minutes=figures.pay_minutes),
    )
    return Placed(moved, _open_payment(tx, moved, figures, now))


def _admit_unpaid(tx: Tx, person_id: int) -> None:
    """Raise TooManyUnpaid unless the person may have one more order to pay.

    The count holds until the commit: only this person's own acts add to it, and the guard, taken first and before any
    technician's, lets them in one at a time; under READ COMMITTED the count sees what the one before has committed.
    """
    conversations.guard(tx, person_id)
    most = rules(tx).most_unpaid_orders
    if int(tx.scalar(_UNPAID, {"b_person": person_id})) >= most:
        raise TooManyUnpaid(most=most)


def _ground(tx: Tx, plan: VisitPlan) -> _Ground:
    service, option = catalogue(tx).option(plan.option_id)
    if service.id != plan.service_id:
        raise NotFound(kind="option")
    wish = wish_for(
        service,
        option,
        quantity=plan.quantity,
        region_id=plan.region_id,
        point=Point(plan.lat, plan.lng),
        technician_id=plan.technician_id,
        preferences=Preferences(sex=plan.sex),
    )
    return _Ground(wish, option.price_minor, store(tx, service.store_id), rules(tx))


def _held(tx: Tx, person_id: int, plan: VisitPlan, wish: Wish, hold_id: int | None, now: datetime) -> Hold:
    """Return the hold the summary was made with while it lives and is for this very plan, or a new one."""
    if hold_id is not None:
        held = calendar.held_for(tx, person_id, wish, starts_at=plan.starts_at, now=now)
        if held is not None:
            return held
    return _hold(tx, person_id, plan, wish, hold_id, now)


def _hold(tx: Tx, person_id: int, plan: VisitPlan, wish: Wish, hold_id: int | None, now: datetime) -> Hold:
    return calendar.hold(
        tx,
        person_id,
        wish,
        technician_id=plan.technician_id,
        starts_at=plan.starts_at,
        now=now,
        replacing=hold_id,
    )


def _write_order(
    tx: Tx, person_id: int, plan: VisitPlan, *, ground: _Ground, slot: Slot, quote: Quote, now: datetime
) -> Order:
    where = VisitAddress(
        one_line(plan.address_text), plan.lat, plan.lng, plan.phone, one_line(plan.name), prose(plan.wishes)
    )
    order = Order(
        id=new_id(),
        code=new_code(),
        person_id=person_id,
        store_id=ground.store.id,
        service_id=plan.service_id,
        option_id=plan.option_id,
        quantity=plan.quantity,
        technician_id=slot.technician_id,
        crew=ground.wish.crew,
        companion_id=next(iter(slot.companions), None),
        sex=plan.sex,
        anyone_at=now if plan.anyone else None,
        state=OrderState.TO_PAY,
        version=1,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        zone=ground.store.zone,
        local_day=slot.starts_at.astimezone(ZoneInfo(ground.store.zone)).date(),
        region_id=plan.region_id,
        address_sealed=addresses.seal(where, key_of(tx, person_id)),
        quote=quote,
        total_minor=quote.total_minor,
        currency=quote.currency,
        coupon_id=quote.coupon_id,
        start_code=f"{secrets.randbelow(10_000):04d}",
        code_tries=0,
        decide_by=now + timedelta(minutes=ground.figures.pay_minutes),
        departed_at=None,
        arrived_at=None,
        started_at=None,
        finished_at=None,
        confirmed_at=None,
        cancelled_at=None,
        created_at=now,
        updated_at=now,
    )
    while not begin(tx, order, actor=Actor(ActorKind.CUSTOMER, person_id), now=now):
        order = replace(order, code=new_code())
    return order


def _open_payment(tx: Tx, order: Order, figures: Rules, now: datetime) -> Payment:
    """Open a payment of the order's price, with the one reminder to pay, due shortly before the deadline."""
    until = order.decide_by
    if until is None:
        raise ValueError("an order to pay has a deadline")
    due_at = until - timedelta(minutes=figures.pay_nudge_minutes)
    tell_customer(tx, order, Template.PAY_NUDGE, now=now, due_at=max(due_at, now), expires_at=until)
    return payments.open_payment(
        tx,
        order.id,
        amount_minor=order.total_minor,
        currency=order.currency,
        expires_at=until,
        now=now,
        first=order.version == 1,
    )
