from datetime import timedelta

from core import reports, support
from core.db import Database
from core.orders import cancelling
from core.orders.states import OrderState
from tests.builders import NOW, a_city
from tests.visits import STARTS_AT, an_order

DAY = {"from_at": NOW, "until_at": STARTS_AT + timedelta(days=1)}


def test_a_technicians_income_is_service_less_commission_plus_fare(any_database: Database) -> None:
    city = any_database.run(a_city)
    order = any_database.run(lambda tx: an_order(tx, city, state=OrderState.CONFIRMED))

    earned = any_database.read(lambda tx: reports.income(tx, city.technician.id, **DAY))

    # 198.00 service, 20 % commission, 6.00 for the way: the address is the technician's base.
    # The coupon is the house's cost.
    assert (earned.orders, earned.service_minor, earned.commission_minor, earned.fare_minor) == (1, 19800, 3960, 600)
    assert earned.income_minor == 19800 - 3960 + 600
    (line,) = earned.lines
    assert (line.order_id, line.code, line.currency, line.income_minor) == (order.id, order.code, "CNY", 16440)
    assert line.at == order.confirmed_at


def test_what_a_late_cancel_kept_is_income_without_service_or_commission(any_database: Database) -> None:
    city = any_database.run(a_city)
    order = any_database.run(lambda tx: an_order(tx, city, state=OrderState.DEPARTED))
    at = STARTS_AT - timedelta(minutes=20)
    shown = any_database.read(lambda tx: cancelling.consequence(tx, order, at))

    any_database.run(lambda tx: cancelling.cancel(tx, order.id, person_id=city.customer.id, shown=shown, now=at))

    earned = any_database.read(lambda tx: reports.income(tx, city.technician.id, **DAY))
    assert shown.kept_minor > 0
    assert (earned.service_minor, earned.commission_minor) == (0, 0)
    assert earned.income_minor == earned.fare_minor == shown.kept_minor


def test_income_counts_only_the_time_asked_for_and_only_ones_own(database: Database) -> None:
    city = database.run(a_city)
    order = database.run(lambda tx: an_order(tx, city, state=OrderState.CONFIRMED))
    assert order.confirmed_at is not None
    confirmed = order.confirmed_at

    def orders(technician_id: int, from_after: timedelta, until_after: timedelta) -> int:
        return database.read(
            lambda tx: reports.income(
                tx, technician_id, from_at=confirmed + from_after, until_at=confirmed + until_after
            )
        ).orders

    second = timedelta(seconds=1)
    assert orders(city.technician.id, -second, second) == 1
    assert orders(city.technician.id, timedelta(), second) == 1
    assert orders(city.technician.id, -second, timedelta()) == 0
    assert orders(city.technician.id, second, 2 * second) == 0
    assert orders(city.customer.id, -second, second) == 0


def test_the_house_at_a_glance_counts_what_is_there(any_database: Database) -> None:
    empty = any_database.read(reports.overview)
    assert (empty.orders_by_state, empty.tickets_open, empty.paid_minor) == ({}, 0, {})

    city = any_database.run(a_city)
    paid = any_database.run(lambda tx: an_order(tx, city, state=OrderState.ACCEPTED))
    any_database.run(lambda tx: an_order(tx, city, starts_at=STARTS_AT + timedelta(hours=4)))
    any_database.run(
        lambda tx: support.open_ticket(tx, city.customer.id, kind="human", summary="有人吗", order_id=None, now=NOW)
    )

    seen = any_database.read(reports.overview)
    assert seen.orders_by_state == {"accepted": 1, "to_pay": 1}
    assert seen.technicians_by_state == {"approved": 1}
    assert seen.settlements_by_state == {}
    assert seen.tickets_open == 1
    assert seen.paid_minor == {"CNY": paid.total_minor}
