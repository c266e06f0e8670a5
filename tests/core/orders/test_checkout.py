"""The last look before a bill's money is taken: only what is still owed, and the order waits for it."""

from datetime import datetime, timedelta

import pytest

from core.db import Database, Tx
from core.money import payments
from core.money.payments import Payment
from core.orders import cancelling, deadlines, moves
from core.orders.checkout import GRACE, SPARE, Verdict, allow, bill
from core.orders.moves import Order
from core.orders.placing import Placed
from core.orders.states import OrderState
from tests.builders import NOW, City, a_city
from tests.visits import an_order, pay


def a_bill(db: Database) -> tuple[City, Order, Payment]:
    """An order that waits to be paid."""
    city = db.run(a_city)
    order = db.run(lambda tx: an_order(tx, city))
    payment = db.read(lambda tx: payments.live_payment(tx, order.id))
    assert payment is not None
    return city, order, payment


def asked(db: Database, payment: Payment, *, now: datetime = NOW, **over: object) -> Verdict:
    facts = {"amount_minor": payment.amount_minor, "currency": payment.currency} | over
    return db.run(lambda tx: allow(tx, payment.number, now=now, **facts))  # type: ignore[arg-type]


def test_what_is_owed_may_be_paid_and_the_order_waits_past_its_deadline_for_the_money(any_database: Database) -> None:
    _, order, payment = a_bill(any_database)
    last = payment.expires_at - SPARE - timedelta(seconds=1)

    assert asked(any_database, payment, now=last) is Verdict.YES
    assert asked(any_database, payment, now=last) is Verdict.YES  # a second look asks for no more time
    waits_until = any_database.read(lambda tx: moves.load(tx, order.id)).decide_by

    assert waits_until == payment.expires_at + GRACE
    assert any_database.run(lambda tx: deadlines.due_work(tx, payment.expires_at, 5)) == 0
    placed = Placed(order, payment)
    any_database.run(lambda tx: pay(tx, placed, payment.expires_at + timedelta(seconds=30)))
    assert any_database.read(lambda tx: moves.load(tx, order.id)).state is OrderState.TO_ACCEPT


def test_an_order_nobody_paid_after_the_yes_ends_when_its_grace_is_over(any_database: Database) -> None:
    _, order, payment = a_bill(any_database)
    asked(any_database, payment)

    any_database.run(lambda tx: deadlines.due_work(tx, payment.expires_at + GRACE, 5))

    assert any_database.read(lambda tx: moves.load(tx, order.id)).state is OrderState.EXPIRED
    assert asked(any_database, payment, now=payment.expires_at + GRACE) is Verdict.OVER


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("over", [{"amount_minor": 1}, {"currency": "XTR"}])
def test_another_amount_or_currency_is_no_bill_of_ours(any_database: Database, over: dict[str, object]) -> None:
    _, _, payment = a_bill(any_database)

    assert asked(any_database, payment, **over) is Verdict.WRONG  # type: ignore[arg-type]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_number_we_never_gave_is_no_bill_of_ours(any_database: Database) -> None:
    any_database.run(a_city)

    assert any_database.run(lambda tx: allow(tx, "P0", amount_minor=1, currency="CNY", now=NOW)) is Verdict.WRONG


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_last_seconds_before_the_deadline_are_too_late(any_database: Database) -> None:
    _, _, payment = a_bill(any_database)

    assert asked(any_database, payment, now=payment.expires_at - SPARE) is Verdict.OVER
    assert any_database.read(lambda tx: bill(tx, payment.token, now=payment.expires_at - SPARE)) is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_paid_or_cancelled_is_never_paid_again(any_database: Database) -> None:
    city, order, payment = a_bill(any_database)
    any_database.run(lambda tx: pay(tx, Placed(order, payment), NOW))
    assert asked(any_database, payment) is Verdict.PAID

    def cancelled(tx: Tx) -> Payment:
        placed = an_order(tx, city, starts_at=order.starts_at + timedelta(hours=4))
        made = payments.live_payment(tx, placed.id)
        assert made is not None
        seen = cancelling.consequence(tx, placed, NOW)
        cancelling.cancel(tx, placed.id, person_id=city.customer.id, shown=seen, now=NOW)
        return made

    assert asked(any_database, any_database.run(cancelled)) is Verdict.CANCELLED
