"""R1: many customers, one slot. Each guard is proved by the run without it."""

import multiprocessing
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from core import calendar
from core.calendar import Hold, SlotTaken, occupations
from core.db import Database, DatabaseBusy, Tx, open_database
from core.invariants import check_invariants
from core.orders.placing import Placed
from tests.builders import NOW, City, a_customer, a_vault
from tests.core.calendar.ground import a_wish, at
from tests.core.orders.ground import placed
from tests.core.racing import Together, race

START = at("14:00")


def racers(database: Database, city: City, most: int) -> list[Callable[[Tx], Hold]]:
    """Customers who want times and lengths that all overlap, at places next door to each other."""
    people = database.run(lambda tx: [a_customer(tx, name=None, phone=None) for _ in range(most)])

    def hold(tx: Tx, place: int) -> Hold:
        wish = a_wish(city, minutes=60 + 30 * (place % 2), lat=city.region.lat + 0.001 * (place % 3))
        start = START + (place % 4) * calendar.CELL
        return calendar.hold(tx, people[place].id, wish, technician_id=city.technician.id, starts_at=start, now=NOW)

    return [lambda tx, place=place: hold(tx, place) for place in range(most)]  # type: ignore[misc]


def race_in_a_process(url: str, wish: calendar.Wish, people: list[int]) -> int:
    """Another process on the same database; how many of its customers got the time."""
    database = open_database(url, a_vault())

    def hold(who: int) -> Callable[[Tx], Hold]:
        return lambda tx: calendar.hold(tx, who, wish, technician_id=wish.technician_id, starts_at=START, now=NOW)

    try:
        results = race(database, [hold(who) for who in people])
    finally:
        database.close()
    unexpected = [one for one in results if not isinstance(one, Hold | SlotTaken)]
    if unexpected:
        raise unexpected[0]
    return len(winners(results))


def winners(results: list[Any], kind: type = Hold) -> list[Any]:
    return [one for one in results if isinstance(one, kind)]


def take_away_the_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(occupations, "_touch", lambda *_: None)


def take_away_the_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(occupations, "_write_claims", lambda *_: None)


def let_all_look_before_anyone_writes(monkeypatch: pytest.MonkeyPatch, database: Database) -> None:
    """On SQLite one writer follows the other, so there the racers are shown what stood before the race."""
    look, together = occupations.of_one, Together(8)

    def of_one(tx: Tx, technician_id: int, from_at: Any, until_at: Any) -> list[calendar.Occupation]:
        found = [] if database.dialect == "sqlite" else look(tx, technician_id, from_at, until_at)
        together.wait()
        return found

    monkeypatch.setattr(occupations, "of_one", of_one)


def test_200_customers_want_one_time_and_one_order_is_made(database: Database, city: City) -> None:
    people = database.run(lambda tx: [a_customer(tx, name=None, phone=None) for _ in range(200)])

    results = race(database, [lambda tx, who=who: placed(tx, city, person_id=who.id) for who in people])  # type: ignore[misc]

    losers = [one for one in results if not isinstance(one, Placed)]
    assert len(winners(results, Placed)) == 1
    assert {type(one) for one in losers} == {SlotTaken}
    assert all(one.alternatives for one in losers)
    assert database.run(check_invariants) == []


def test_overlapping_lengths_and_places_are_sold_once(database: Database, city: City) -> None:
    results = race(database, racers(database, city, 60))

    assert len(winners(results)) == 1
    assert database.run(check_invariants) == []


def test_the_guard_alone_sells_a_slot_once(database: Database, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    units = racers(database, city, 40)
    take_away_the_claims(monkeypatch)

    assert len(winners(race(database, units))) == 1


def test_the_claims_alone_sell_a_slot_once(database: Database, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    units = racers(database, city, 24)
    take_away_the_guard(monkeypatch)
    let_all_look_before_anyone_writes(monkeypatch, database)

    results = race(database, units)

    assert len(winners(results)) == 1
    assert {type(one) for one in results} <= {Hold, SlotTaken, DatabaseBusy}


def test_without_guard_and_claims_a_slot_is_sold_more_than_once(
    database: Database, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = racers(database, city, 24)
    take_away_the_guard(monkeypatch)
    take_away_the_claims(monkeypatch)
    let_all_look_before_anyone_writes(monkeypatch, database)

    assert len(winners(race(database, units))) > 1


def test_two_processes_sell_a_slot_once(database: Database, city: City, database_url: str) -> None:
    people = database.run(lambda tx: [a_customer(tx, name=None, phone=None).id for _ in range(40)])
    with multiprocessing.get_context("spawn").Pool(1) as other:
        other.apply(race_in_a_process, (database_url, a_wish(city), []))  # it has imported everything by now
        there = other.apply_async(race_in_a_process, (database_url, a_wish(city), people[:20]))
        here = race_in_a_process(database_url, a_wish(city), people[20:])
        won = [here, there.get(timeout=30)]

    assert sum(won) == 1
    assert database.run(check_invariants) == []


def test_a_visit_too_near_to_travel_to_is_not_sold_beside_another(database: Database, city: City) -> None:
    """Cells do not touch here: only the guard keeps the way between two visits free."""
    people = database.run(lambda tx: [a_customer(tx, name=None, phone=None) for _ in range(20)])
    far = a_wish(city, lng=city.region.lng + 0.06)  # 25 minutes by road

    def hold(tx: Tx, place: int) -> Hold:
        wish, start = (a_wish(city), START) if place % 2 else (far, START + timedelta(minutes=90))
        return calendar.hold(tx, people[place].id, wish, technician_id=city.technician.id, starts_at=start, now=NOW)

    results = race(database, [lambda tx, place=place: hold(tx, place) for place in range(20)])  # type: ignore[misc]

    assert len(winners(results)) == 1
    assert database.run(check_invariants) == []


def test_without_the_guard_two_visits_are_sold_with_no_time_to_travel(
    database: Database, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = database.run(lambda tx: [a_customer(tx, name=None, phone=None) for _ in range(20)])
    far = a_wish(city, lng=city.region.lng + 0.06)
    take_away_the_guard(monkeypatch)
    let_all_look_before_anyone_writes(monkeypatch, database)

    def hold(tx: Tx, place: int) -> Hold:
        wish, start = (a_wish(city), START) if place % 2 else (far, START + timedelta(minutes=90))
        return calendar.hold(tx, people[place].id, wish, technician_id=city.technician.id, starts_at=start, now=NOW)

    results = race(database, [lambda tx, place=place: hold(tx, place) for place in range(20)])  # type: ignore[misc]

    assert len(winners(results)) == 2
