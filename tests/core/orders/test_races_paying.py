"""R2: the money comes in the moment in which the clock lets the order expire, and others want its time."""

import random
from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import update

from core import calendar
from core.calendar import CouldNotCheck, Hold, SlotTaken
from core.db import Database, Tx
from core.invariants import check_invariants
from core.money import refunds
from core.orders import deadlines, moves
from core.orders.moves import Order, load
from core.orders.paying import Outcome
from core.orders.placing import Placed
from core.orders.states import OrderState
from core.orders.tables import order as order_table
from tests.builders import NOW, City, a_customer, a_technician
from tests.core.calendar.ground import a_wish, at
from tests.core.orders.ground import pay, placed
from tests.core.racing import Unit, race

TOO_LATE = NOW + timedelta(minutes=16)
HOURS = tuple(f"{hour}:00" for hour in range(9, 22, 2))


def unpaid(database: Database, city: City, day: int, team: list[int]) -> list[Placed]:
    """Orders that fill a day of every technician, none of them paid; each customer has one."""

    def unit(tx: Tx) -> list[Placed]:
        return [
            placed(tx, city, person_id=a_customer(tx).id, technician_id=who, starts_at=at(hour, day=day))
            for who in team
            for hour in HOURS
        ]

    return database.run(unit)


def wants_its_time(tx: Tx, *, city: City, person_id: int, order: Order) -> Hold:
    return calendar.hold(
        tx,
        person_id,
        a_wish(city, technician_id=order.technician_id),
        technician_id=order.technician_id,
        starts_at=order.starts_at,
        now=TOO_LATE,
    )


def is_safe(tx: Tx, order_id: int, heard: object) -> bool:
    """A paid order has its time, or its money is on the way back; never both, never neither."""
    order, time = load(tx, order_id), calendar.occupation_of(tx, order_id)
    back = refunds.refunds_of(tx, order_id)
    if heard is Outcome.REFUND_LATE:
        return order.state is OrderState.EXPIRED and time is None and len(back) == 1
    return order.state is OrderState.TO_ACCEPT and time is not None and back == ()


def unsafe(tx: Tx, *, told: dict[int, Any]) -> list[int]:
    """The orders of which that is not so, by what the payment of each was told."""
    return [order_id for order_id, heard in told.items() if not is_safe(tx, order_id, heard)]


def gone_and_wanted(database: Database, city: City, made: list[Placed], person_id: int) -> tuple[Placed, Placed]:
    """Two orders that are over before their money comes: one whose time somebody has, and one whose time is free."""
    lost, free = [one for one in made if database.run(partial(is_over, order_id=one.order.id))][:2]
    database.run(partial(wants_its_time, city=city, person_id=person_id, order=lost.order))
    return lost, free


def is_over(tx: Tx, *, order_id: int) -> bool:
    return load(tx, order_id).state is OrderState.EXPIRED


def the_clock(tx: Tx) -> int:
    return deadlines.due_work(tx, TOO_LATE, 1)


def test_five_hundred_payments_and_the_clock_at_once_leave_each_its_time_or_its_refund(
    database: Database, city: City
) -> None:
    team = [city.technician.id, *database.run(lambda tx: [a_technician(tx, city).id for _ in range(7)])]
    early, *rivals = database.run(lambda tx: [a_customer(tx, name=None, phone=None).id for _ in range(21)])
    outcomes: Counter[Any] = Counter()
    for day in range(11, 20):
        made = unpaid(database, city, day, team)
        for _ in range(len(made) // 3):  # some are over before anybody comes: a slow clock would leave rivals none
            database.run(the_clock)
        settled = gone_and_wanted(database, city, made, early)  # so that each outcome is seen for certain
        payments: list[Unit] = [partial(pay, made=one, now=TOO_LATE) for one in made]
        others = [one for one in made if one not in settled]
        wishes = [
            partial(wants_its_time, city=city, person_id=who, order=one.order)
            for who, one in zip(rivals, random.sample(others, len(rivals)), strict=True)
        ]
        units: list[Unit] = [*payments, *wishes, *[the_clock] * (len(made) // 2)]
        random.shuffle(units)

        heard = dict(zip(units, race(database, units), strict=True))

        # A rival may be told that nobody could look in time: on a slow machine that is the truth.
        assert {type(one) for one in heard.values()} <= {Outcome, Hold, SlotTaken, CouldNotCheck, int}
        told = {one.order.id: heard[unit] for unit, one in zip(payments, made, strict=True)}
        assert database.run(partial(unsafe, told=told)) == []
        outcomes.update(told.values())
        for who in (early, *rivals):
            database.run(partial(calendar.release_hold, person_id=who, now=TOO_LATE))
    assert outcomes.total() > 500
    assert set(outcomes) == {Outcome.BOOKED, Outcome.REVIVED, Outcome.REFUND_LATE}
    assert database.run(check_invariants) == []


def test_without_the_version_the_clock_takes_the_time_of_a_paid_order(
    database: Database, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    def claim(tx: Tx, order: Order, target: OrderState, now: datetime, changes: dict[str, Any]) -> bool:
        return tx.execute(update(order_table).where(order_table.c.id == order.id).values(state=target.value)) == 1

    made = unpaid(database, city, 11, [city.technician.id])
    monkeypatch.setattr(moves, "_claim_version", claim)
    monkeypatch.setattr(moves, "_add_event", lambda *_, **__: None)
    payments = [partial(pay, made=one, now=TOO_LATE) for one in made]
    clocks = [partial(deadlines._expire, order=one.order, now=TOO_LATE) for one in made]

    heard = [*race(database, payments), *race(database, clocks)]

    told = dict(zip((one.order.id for one in made), heard, strict=False))
    assert database.run(partial(unsafe, told=told)) == list(told)
