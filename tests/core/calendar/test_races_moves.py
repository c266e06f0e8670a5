"""Orders that are moved at once: into each other's time, twice, while they are cancelled, and over themselves."""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import update

from core import calendar, dispatch
from core.calendar import Hold, SlotTaken, occupations
from core.db import Database, Tx
from core.errors import StateConflict
from core.invariants import check_invariants
from core.orders import cancelling, moves
from core.orders.moves import Order, load
from core.orders.states import OrderState
from core.orders.tables import order as order_table
from tests.builders import NOW, City, a_customer, a_technician
from tests.core.calendar.ground import at
from tests.core.calendar.riot import cancelled, holding, moving
from tests.core.orders.ground import paid
from tests.core.racing import TIMES, Rival, Together, Unit, race

MORNING, NOON, AFTERNOON = at("11:00"), at("13:00"), at("15:00")


def accepted(database: Database, city: City, starts_at: datetime, technician_id: int | None = None) -> Order:
    """An accepted order of a customer of its own."""

    def unit(tx: Tx) -> Order:
        who = technician_id or city.technician.id
        order = paid(tx, city, person_id=a_customer(tx).id, starts_at=starts_at, technician_id=who)
        return dispatch.accept(tx, order.id, technician_id=who, now=NOW)

    return database.run(unit)


def a_move(order: Order, starts_at: datetime, technician_id: int | None = None, seen: Order | None = None) -> Unit:
    who = technician_id or order.technician_id or 0
    return partial(moving, order_id=order.id, technician_id=who, starts_at=starts_at, seen=seen)


def stands(database: Database, order: Order) -> tuple[OrderState, int | None, datetime]:
    now = database.run(partial(load, order_id=order.id))
    return now.state, now.technician_id, now.starts_at


def end(database: Database, *orders: Order) -> None:
    for one in orders:
        if stands(database, one)[0] is not OrderState.CANCELLED:
            database.run(
                partial(cancelling.cancel_by_operator, order_id=one.id, operator_id=1, reason="下一轮", now=NOW)
            )


def let_all_see_an_empty_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither guard nor claims, and all look before anyone writes."""
    look, together = occupations.near, Together(2)

    def near(tx: Tx, technician_id: int, from_at: datetime, until_at: datetime) -> occupations.Near:
        found = look(tx, technician_id, from_at, until_at)
        together.wait(tx)
        return replace(found, taken=[])

    monkeypatch.setattr(occupations, "near", near)
    monkeypatch.setattr(occupations, "_touch", lambda *_: None)
    monkeypatch.setattr(occupations, "_write_claims", lambda *_: None)


def test_two_orders_that_want_each_other_s_time_both_keep_their_own(database: Database, city: City) -> None:
    one, other = accepted(database, city, MORNING), accepted(database, city, AFTERNOON)
    for _ in range(10 * TIMES):
        results = race(database, [a_move(one, AFTERNOON), a_move(other, MORNING)])

        assert {type(result) for result in results} == {SlotTaken}
    assert stands(database, one)[2] == MORNING
    assert stands(database, other)[2] == AFTERNOON
    assert database.run(check_invariants) == []


def test_two_orders_that_want_the_same_free_time_do_not_both_get_it(
    database: Database, city: City, database_url: str
) -> None:
    with Rival(database_url) as rival:
        for _ in range(15 * TIMES):
            one, other = accepted(database, city, MORNING), accepted(database, city, AFTERNOON)

            finishes = rival.race(database, [a_move(one, NOON)], [a_move(other, NOON)])

            assert {type(finish.result) for finish in finishes} == {Order, SlotTaken}
            assert database.run(check_invariants) == []
            end(database, one, other)


def test_without_guard_and_claims_both_are_moved_to_it(
    database: Database, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = accepted(database, city, MORNING), accepted(database, city, AFTERNOON)
    let_all_see_an_empty_day(monkeypatch)

    results = race(database, [a_move(one, NOON), a_move(other, NOON)])

    assert {type(result) for result in results} == {Order}
    assert any("overlap" in line for line in database.run(check_invariants))


def test_orders_of_two_technicians_that_change_sides_wait_for_no_other(database: Database, city: City) -> None:
    """Each is taken from the one and given to the other, at another hour: there is room for all."""
    second = database.run(lambda tx: a_technician(tx, city)).id
    team = (city.technician.id, second)
    orders = [
        accepted(database, city, at(f"{10 + 4 * (place // 2)}:00", day=11), team[place % 2]) for place in range(6)
    ]
    for number in range(1, 9):
        units = [
            a_move(one, at(f"{10 + 4 * (place // 2)}:00", day=11 + number), team[(place + number) % 2])
            for place, one in enumerate(orders)
        ]

        results = race(database, units)

        assert {type(result) for result in results} == {Order}
    assert database.run(check_invariants) == []


@pytest.mark.parametrize("seen", ["as it is", "as it was"])
def test_one_order_moved_by_many_at_once_has_one_time(database: Database, city: City, seen: str) -> None:
    second = database.run(lambda tx: a_technician(tx, city)).id
    for _ in range(10 * TIMES):
        order = accepted(database, city, MORNING)
        targets = [
            (starts_at, who)
            for starts_at in (NOON, AFTERNOON, MORNING + calendar.CELL)
            for who in (city.technician.id, second)
        ]
        random.shuffle(targets)

        results = race(
            database, [a_move(order, at_, who, seen=order if seen == "as it was" else None) for at_, who in targets]
        )

        moved = [(one.starts_at, one.technician_id) for one in results if isinstance(one, Order)]
        assert {type(one) for one in results} <= {Order, StateConflict}
        assert stands(database, order)[:0:-1] in moved
        assert len(moved) == 1 or seen == "as it is"
        assert database.run(check_invariants) == []
        end(database, order)


def test_one_order_is_moved_or_cancelled(database: Database, city: City) -> None:
    for number in range(20 * TIMES):
        order = accepted(database, city, MORNING)
        seen = order if number % 2 else None
        units: list[Unit] = [
            a_move(order, NOON, seen=seen),
            a_move(order, AFTERNOON, seen=seen),
            partial(cancelled, order_id=order.id, seen=seen),
        ]
        random.shuffle(units)

        results = race(database, units)

        assert {type(one) for one in results} <= {Order, StateConflict}
        assert database.run(check_invariants) == []
        end(database, order)


def take_away_the_version(monkeypatch: pytest.MonkeyPatch, database: Database, order: Order) -> None:
    """Steps ask neither for state nor for version, and all free the time that the order had before the race."""

    def claim(tx: Tx, order: Order, target: OrderState, now: datetime, changes: dict[str, Any]) -> bool:
        return tx.execute(update(order_table).where(order_table.c.id == order.id).values(state=target.value)) == 1

    before = database.run(lambda tx: occupations.of_order(tx, order.id))
    monkeypatch.setattr(occupations, "of_order", lambda *_: before)
    monkeypatch.setattr(moves, "_claim_version", claim)
    monkeypatch.setattr(moves, "_add_event", lambda *_, **__: None)


def test_without_the_version_one_order_has_two_times(
    database: Database, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = accepted(database, city, MORNING)
    take_away_the_version(monkeypatch, database, order)

    results = race(database, [a_move(order, NOON, seen=order), a_move(order, AFTERNOON, seen=order)])

    assert {type(one) for one in results} == {Order}
    assert f"order {order.id} (accepted) has 2 occupations" in database.run(check_invariants)


def test_without_the_version_a_cancelled_order_keeps_a_time(
    database: Database, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = accepted(database, city, MORNING)
    take_away_the_version(monkeypatch, database, order)
    database.run(a_move(order, NOON, seen=order))

    database.run(partial(cancelled, order_id=order.id, seen=order))

    assert f"order {order.id} (cancelled) still occupies time" in database.run(check_invariants)


def test_an_order_moved_over_its_own_time_never_loses_it_to_others(database: Database, city: City) -> None:
    """Half an hour later: others want the hour it leaves, the hour it comes into, and the hour it keeps."""
    people = database.run(lambda tx: [a_customer(tx, name=None, phone=None).id for _ in range(6)])
    outcomes = set()
    for number in range(20 * TIMES):
        order = accepted(database, city, NOON)
        later = NOON + timedelta(minutes=30)
        wanted = (NOON - timedelta(minutes=60), NOON + timedelta(minutes=15), NOON + timedelta(minutes=90))
        others: list[Unit] = [
            partial(
                holding,
                city=city,
                person_id=who,
                technician_id=city.technician.id,
                starts_at=wanted[place % len(wanted)],
            )
            for place, who in enumerate(people)
        ]
        random.shuffle(others)
        first = a_move(order, later)

        # Whoever has less to read is first in most races: in two of four rounds it is settled who comes first.
        settled: list[list[Unit]] = [[first], others, [], []]
        left: list[list[Unit]] = [others, [first], [first, *others], [first, *others]]
        results = [*race(database, settled[number % 4]), *race(database, left[number % 4])]

        held = {one.slot.starts_at for one in results if isinstance(one, Hold)}
        assert {type(one) for one in results} <= {Order, Hold, SlotTaken}
        assert wanted[1] not in held
        assert stands(database, order)[2] == (NOON if wanted[2] in held else later)
        assert database.run(check_invariants) == []
        outcomes.add(frozenset(held))
        for who in people:
            database.run(partial(calendar.release_hold, person_id=who, now=NOW))
        end(database, order)
    assert len(outcomes) > 1
