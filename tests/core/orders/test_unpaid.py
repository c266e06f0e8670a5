"""How many orders one person may leave unpaid: each of them keeps a technician's time from others."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from core import calendar, settings
from core.conversations import place as conversations
from core.db import Database, Tx
from core.invariants import check_invariants
from core.orders import deadlines, placing
from core.orders.placing import Placed, TooManyUnpaid
from tests.builders import NOW, City, a_customer, a_technician
from tests.core.orders.ground import START, a_plan, cancel, pay, placed
from tests.core.racing import Together, race

RACERS = 6
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
servers = pytest.mark.parametrize("database_url", ["mariadb", "postgresql"], indirect=True)


def on_day(database: Database, city: City, day: int) -> Placed:
    return database.run(lambda tx: placed(tx, city, starts_at=START + timedelta(days=day)))


@sqlite
def test_a_third_unpaid_order_is_refused_until_one_is_paid_or_cancelled(database: Database, city: City) -> None:
    first, second = on_day(database, city, 0), on_day(database, city, 1)

    with pytest.raises(TooManyUnpaid) as refused:
        on_day(database, city, 2)
    database.run(lambda tx: pay(tx, first))
    on_day(database, city, 2)
    with pytest.raises(TooManyUnpaid):
        on_day(database, city, 3)
    database.run(lambda tx: cancel(tx, second.order, NOW))
    on_day(database, city, 3)

    assert (refused.value.code, refused.value.facts) == ("too_many_unpaid", {"most": 2})
    assert database.run(check_invariants) == []


@sqlite
def test_one_person_s_unpaid_orders_keep_nobody_else_from_booking(database: Database, city: City) -> None:
    on_day(database, city, 0)
    on_day(database, city, 1)
    rival = database.run(a_customer)

    made = database.run(lambda tx: placed(tx, city, person_id=rival.id, starts_at=START + timedelta(days=2)))

    assert made.order.person_id == rival.id


@sqlite
def test_an_expired_order_is_not_revived_beside_as_many_unpaid_ones(database: Database, city: City) -> None:
    database.run(lambda tx: settings.change(tx, "coupon_new_customer_minor", 0, NOW))
    first = on_day(database, city, 0)
    late = NOW + timedelta(minutes=15)
    database.run(lambda tx: deadlines.due_work(tx, late, 10))
    revive = partial(placing.revive, order_id=first.order.id, person_id=city.customer.id, now=late)
    others = [
        database.run(partial(placed, city=city, now=late, starts_at=START + timedelta(days=day))) for day in (1, 2)
    ]

    with pytest.raises(TooManyUnpaid):
        database.run(revive)
    database.run(lambda tx: pay(tx, others[0], now=late))

    assert database.run(revive).order.id == first.order.id


@sqlite
def test_operators_set_how_many(database: Database, city: City) -> None:
    database.run(lambda tx: settings.change(tx, "most_unpaid_orders", 1, NOW))
    on_day(database, city, 0)

    with pytest.raises(TooManyUnpaid):
        on_day(database, city, 1)


def at_once(database: Database, city: City) -> list[Callable[[Tx], Any]]:
    """One person's bookings with as many technicians, so that no technician's calendar makes them wait in line."""
    database.run(lambda tx: settings.change(tx, "coupon_new_customer_minor", 0, NOW))
    team = [database.run(lambda tx: a_technician(tx, city)).id for _ in range(RACERS)]
    plans = [a_plan(city, technician_id=one) for one in team]
    seen = [database.run(partial(placing.preview, person_id=city.customer.id, plan=plan, now=NOW)) for plan in plans]
    database.run(lambda tx: calendar.release_hold(tx, city.customer.id, NOW))
    return [
        partial(placing.place, person_id=city.customer.id, plan=plan, shown=one.quote, hold_id=None, now=NOW)
        for plan, one in zip(plans, seen, strict=True)
    ]


def test_of_many_orders_placed_at_once_by_one_person_two_pass(database: Database, city: City) -> None:
    results = race(database, at_once(database, city))

    assert Counter(type(one) for one in results) == {Placed: 2, TooManyUnpaid: RACERS - 2}
    assert database.run(check_invariants) == []


@servers
def test_without_the_guard_more_than_two_pass(database: Database, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    units = at_once(database, city)
    together, admit = Together(RACERS), placing._admit_unpaid

    def admit_all_who_looked(tx: Tx, person_id: int) -> None:
        admit(tx, person_id)
        together.wait(tx)

    monkeypatch.setattr(conversations, "guard", lambda *_: None)
    monkeypatch.setattr(placing, "_admit_unpaid", admit_all_who_looked)

    results = race(database, units)

    assert Counter(type(one) for one in results)[Placed] > 2
