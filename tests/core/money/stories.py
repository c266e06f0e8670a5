"""An order on its way to payment, in a real town, and what a provider says about it."""

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.db import Database, Tx
from core.money import payments
from core.money.notices import NoticeKind, ProviderNotice
from core.money.payments import Payment
from core.orders.deadlines import due_work
from core.orders.moves import Order, load
from core.orders.paying import Outcome, take_notice
from core.orders.placing import VisitPlan, place, preview
from core.people import Person
from tests.builders import NOW, City, a_city, a_customer

MERCHANT = "our-merchant"
TOMORROW = NOW + timedelta(days=1)  # 10:00 in Shanghai
AFTER_DEADLINE = NOW + timedelta(minutes=16)
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Story:
    """One town, one order to pay, its payment."""

    city: City
    order: Order
    payment: Payment


def a_plan(city: City, *, anyone: bool = False, starts_at: datetime = TOMORROW) -> VisitPlan:
    """Shoulders for an hour, tomorrow at ten, at home."""
    return VisitPlan(
        service_id=city.service.id,
        option_id=city.option.id,
        technician_id=None if anyone else city.technician.id,
        anyone=anyone,
        starts_at=starts_at,
        region_id=city.region.id,
        lat=city.address.lat,
        lng=city.address.lng,
        address_text=city.address.text,
        phone="+8613800138000",
        name="Wang",
    )


def an_order(
    tx: Tx, city: City, *, customer: Person | None = None, starts_at: datetime = TOMORROW, now: datetime = NOW
) -> Story:
    """Place an order that waits for its payment."""
    who = (customer or city.customer).id
    plan = a_plan(city, starts_at=starts_at)
    seen = preview(tx, who, plan, now)
    placed = place(tx, who, plan, shown=seen.quote, hold_id=seen.hold.id, now=now)
    return Story(city, placed.order, placed.payment)


def a_story(db: Database) -> Story:
    """A town with one order to pay."""
    return db.run(lambda tx: an_order(tx, a_city(tx)))


def another_customers_order(tx: Tx, city: City, now: datetime) -> Story:
    """The same slot, by somebody else."""
    return an_order(tx, city, customer=a_customer(tx, phone="+8613900139000"), now=now)


def another_link(tx: Tx, story: Story, now: datetime = NOW) -> Payment:
    """A second link for the same order, the first one closed."""
    first = story.payment
    payments.expire(tx, story.order.id)
    return payments.open_payment(
        tx,
        story.order.id,
        amount_minor=first.amount_minor,
        currency=first.currency,
        expires_at=first.expires_at,
        now=now,
    )


def said(payment: Payment, **changes: object) -> ProviderNotice:
    """Tell that a payment was made, as its provider would, in an event of its own."""
    number = next(_numbers)
    facts: dict[str, object] = {
        "provider": "sandbox",
        "event_id": f"EV{number}",
        "number": payment.number,
        "provider_txn": f"T{number}",
        "kind": NoticeKind.PAID,
        "amount_minor": payment.amount_minor,
        "currency": payment.currency,
        "merchant": MERCHANT,
        "at": NOW,
    }
    return ProviderNotice(**(facts | changes))  # type: ignore[arg-type]


def hears(db: Database, notice: ProviderNotice, now: datetime = NOW) -> Outcome:
    """Take one notice in a unit of its own."""
    return db.run(lambda tx: take_notice(tx, notice, raw=b"{}", expected_merchant=MERCHANT, now=now))


def expires(db: Database, now: datetime = AFTER_DEADLINE) -> int:
    """Let the clock's job run."""
    return db.run(lambda tx: due_work(tx, now, 10))


def order_now(db: Database, story: Story) -> Order:
    """The order as it stands."""
    return db.read(lambda tx: load(tx, story.order.id))


def payments_now(db: Database, story: Story) -> tuple[Payment, ...]:
    """The order's payments as they stand."""
    return db.read(lambda tx: payments.payments_of(tx, story.order.id))
