"""Several of an option in one visit: its length, its price and its division all follow the number."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.calendar import NotBookable, SlotTaken, occupation_of
from core.catalog import add_option
from core.db import Database, Tx
from core.errors import InvalidInput
from core.invariants import check_invariants
from core.money import ledger
from core.money.kinds import AccountKind
from core.money.pricing import ItemCode
from core.orders import cancelling, deadlines, placing, visit
from core.orders.moves import load
from tests.builders import NOW, City, a_city, a_customer, a_service, a_technician
from tests.core.orders.ground import START, a_plan, finished, in_service, placed


@pytest.fixture
def city(database: Database) -> City:
    return database.run(_a_city_of_lamps)


def _a_city_of_lamps(tx: Tx) -> City:
    """The town sells lamps fitted at 45 minutes and ¥88 each, six to a visit."""
    town = a_city(tx)
    lamps = a_service(tx, town.store, zh="装灯", en="Lamps", options=((45, 8800),), most=6)
    fitter = a_technician(tx, store=town.store, services=[lamps], regions=[town.region])
    return replace(town, service=lamps, technician=fitter)


def test_three_lamps_take_three_times_as_long_with_one_buffer_after_them(database: Database, city: City) -> None:
    made = database.run(lambda tx: placed(tx, city, quantity=3))

    assert made.order.quantity == 3
    assert made.order.ends_at - made.order.starts_at == timedelta(minutes=135)
    taken = database.read(lambda tx: occupation_of(tx, made.order.id))
    assert taken is not None
    assert taken.free_at - taken.starts_at == timedelta(minutes=150)
    assert database.read(lambda tx: load(tx, made.order.id)).quantity == 3


def test_three_lamps_cost_three_times_the_price_and_that_is_what_is_charged(database: Database, city: City) -> None:
    made = database.run(lambda tx: placed(tx, city, quantity=3))
    quote = made.order.quote

    base = next(item for item in quote.items if item.code is ItemCode.BASE)
    assert (base.minor, base.quantity, base.each_minor) == (26400, 3, 8800)
    assert sum(item.minor for item in quote.items) == quote.total_minor == made.payment.amount_minor
    assert (quote.service_minor, quote.commission_minor) == (26400, 5280)
    assert database.read(lambda tx: load(tx, made.order.id)).quote == quote


@pytest.mark.parametrize("quantity", [-1, 0, 7])
def test_a_number_that_no_visit_may_hold_is_refused_with_the_most_it_may(
    database: Database, city: City, quantity: int
) -> None:
    plan = a_plan(city, quantity=quantity)
    with pytest.raises(InvalidInput) as refused:
        database.run(lambda tx: placing.preview(tx, city.customer.id, plan, NOW))

    assert refused.value.facts == {"field": "quantity", "most": 6}


def test_what_comes_once_is_not_sold_twice(database: Database) -> None:
    town = database.run(a_city)
    with pytest.raises(InvalidInput):
        database.run(lambda tx: placing.preview(tx, town.customer.id, a_plan(town, quantity=2), NOW))


def test_an_option_of_none_cannot_be_put_on_sale(database: Database, city: City) -> None:
    with pytest.raises(InvalidInput):
        database.run(
            lambda tx: add_option(tx, city.service.id, code="none", names={}, minutes=45, price_minor=1, most=0)
        )


def test_a_visit_that_fits_once_and_not_three_times_is_refused(database: Database, city: City) -> None:
    """Somebody else has the technician an hour later: one lamp is done by then, three are not."""
    other = database.run(a_customer)
    later = START + timedelta(minutes=75)
    database.run(lambda tx: placed(tx, city, person_id=other.id, starts_at=later))

    with pytest.raises((SlotTaken, NotBookable)):
        database.run(lambda tx: placing.preview(tx, city.customer.id, a_plan(city, quantity=3), NOW))
    shown = database.run(lambda tx: placing.preview(tx, city.customer.id, a_plan(city), NOW))
    assert shown.slot.starts_at == START


def test_a_yes_to_two_never_buys_three(database: Database, city: City) -> None:
    shown = database.run(lambda tx: placing.preview(tx, city.customer.id, a_plan(city, quantity=2), NOW))

    with pytest.raises(placing.QuoteChanged):
        database.run(
            lambda tx: placing.place(
                tx, city.customer.id, a_plan(city, quantity=3), shown=shown.quote, hold_id=shown.hold.id, now=NOW
            )
        )


def test_an_expired_order_is_revived_at_its_own_length(database: Database, city: City) -> None:
    made = database.run(lambda tx: placed(tx, city, quantity=3))
    late = NOW + timedelta(minutes=16)
    database.run(lambda tx: deadlines.due_work(tx, late, 10))
    revived = database.run(lambda tx: placing.revive(tx, made.order.id, person_id=city.customer.id, now=late))

    taken = database.read(lambda tx: occupation_of(tx, made.order.id))
    assert taken is not None
    assert taken.ends_at - taken.starts_at == timedelta(minutes=135)
    assert revived.payment.amount_minor == made.payment.amount_minor


def test_leaving_half_way_keeps_the_part_of_all_three_that_was_served(database: Database, city: City) -> None:
    order = database.run(lambda tx: in_service(tx, city, quantity=3))
    cost = database.read(lambda tx: cancelling.consequence(tx, order, START + timedelta(minutes=44)))

    # three started quarters of an hour out of 135 minutes of ¥264, the fare, and ¥50 after arrival
    assert cost.kept_minor == 8800 + order.quote.fare_minor + 5000


def test_the_income_of_three_is_the_technician_s_part_of_all_three(database: Database, city: City) -> None:
    order = database.run(lambda tx: finished(tx, city, quantity=3))
    database.run(lambda tx: visit.confirm(tx, order.id, person_id=city.customer.id, now=START + timedelta(hours=3)))

    owed = database.read(
        lambda tx: ledger.balance(tx, AccountKind.TECHNICIAN_PAYABLE, city.technician.id, order.currency)
    )
    assert -owed == 26400 - 5280 + order.quote.fare_minor
    assert database.read(check_invariants) == []
