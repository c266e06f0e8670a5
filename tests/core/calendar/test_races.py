"""R1: many customers, one slot. Each guard is proved by the run without it."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from core import calendar
from core.calendar import Hold, SlotTaken, occupations
from core.db import Database, DatabaseBusy, Tx
from core.invariants import check_invariants
from core.orders.placing import Placed
from tests.builders import NOW, City, a_customer, a_technician
from tests.core.calendar.ground import a_wish, at
from tests.core.orders.ground import cancel, placed
from tests.core.racing import TIMES, Rival, Together, Unit, race

START = at("14:00")
LONGEST_WAIT = 3.0
"""Seconds after which everybody has been answered, unless the machine is busy with others."""

Set = Callable[[object, str, object], None]


def racers(database: Database, city: City, most: int) -> list[Unit]:
    """Customers who want times and lengths that all overlap, at places next door to each other."""
    people = database.run(lambda tx: [a_customer(tx, name=None, phone=None) for _ in range(most)])

    def hold(tx: Tx, place: int) -> Hold:
        wish = a_wish(city, minutes=60 + 30 * (place % 2), lat=city.region.lat + 0.001 * (place % 3))
        start = START + (place % 4) * calendar.CELL
        return calendar.hold(tx, people[place].id, wish, technician_id=city.technician.id, starts_at=start, now=NOW)

    return [lambda tx, place=place: hold(tx, place) for place in range(most)]  # type: ignore[misc]


def wanted(city: City, place: int) -> dict[str, Any]:
    """Facts of a visit that no two of can be: they overlap, or there is no time for the way between them."""
    start, lng = START + (place % 4) * calendar.CELL, city.region.lng
    if place % 5 == 4:  # begins when a visit of an hour at START is over, 25 minutes by road from it
        start, lng = START + timedelta(minutes=90), lng + 0.06
    option = city.service.options[1 if start > START else place % 2]
    return {"option_id": option.id, "starts_at": start, "lat": city.region.lat + 0.001 * (place % 3), "lng": lng}


def ordering(tx: Tx, *, city: City, person_id: int, place: int) -> Placed:
    return placed(tx, city, person_id=person_id, **wanted(city, place))


def holding(tx: Tx, *, city: City, person_id: int) -> Hold:
    return calendar.hold(tx, person_id, a_wish(city), technician_id=city.technician.id, starts_at=START, now=NOW)


def winners(results: list[Any], kind: type = Hold) -> list[Any]:
    return [one for one in results if isinstance(one, kind)]


def take_away_the_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(occupations, "_touch", lambda *_: None)


def take_away_the_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(occupations, "_write_claims", lambda *_: None)


def let_all_look_before_anyone_writes(monkeypatch: pytest.MonkeyPatch, *, parties: int = 8) -> None:
    """On SQLite one writer follows the other, so there the racers are shown what stood before the race."""
    look, together = occupations.near, Together(parties)

    def near(tx: Tx, technician_id: int, from_at: Any, until_at: Any) -> occupations.Near:
        found = look(tx, technician_id, from_at, until_at)
        together.wait(tx)
        return replace(found, taken=[]) if tx.dialect == "sqlite" else found

    monkeypatch.setattr(occupations, "near", near)


def take_away_guard_and_claims() -> None:
    """For a process that ends after the race."""
    monkeypatch = pytest.MonkeyPatch()
    take_away_the_guard(monkeypatch)
    take_away_the_claims(monkeypatch)
    let_all_look_before_anyone_writes(monkeypatch)


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
    let_all_look_before_anyone_writes(monkeypatch)

    results = race(database, units)

    assert len(winners(results)) == 1
    assert {type(one) for one in results} <= {Hold, SlotTaken, DatabaseBusy}


def test_without_guard_and_claims_a_slot_is_sold_more_than_once(
    database: Database, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = racers(database, city, 24)
    take_away_the_guard(monkeypatch)
    take_away_the_claims(monkeypatch)
    let_all_look_before_anyone_writes(monkeypatch)

    assert len(winners(race(database, units))) > 1


@pytest.mark.timeout(120 * TIMES)
def test_in_a_hundred_races_of_two_processes_one_order_is_made_and_losers_get_free_times(
    database: Database, city: City, database_url: str
) -> None:
    database.run(lambda tx: a_technician(tx, city))
    people = database.run(lambda tx: [a_customer(tx, name=None, phone=None).id for _ in range(200)])
    slowest: list[float] = []
    with Rival(database_url) as rival:
        for number in range(100 * TIMES):
            asked = random.sample(list(enumerate(people)), 200 if number % 20 == 0 else 16)
            units = [partial(ordering, city=city, person_id=who, place=place) for place, who in asked]
            half = len(units) // 2

            finishes = rival.race(database, units[:half], units[half:])

            assert {type(one.result) for one in finishes} == {Placed, SlotTaken}
            (won,) = winners([one.result for one in finishes], Placed)
            losers = [
                (place, who, one.result)
                for (place, who), one in zip(asked, finishes, strict=True)
                if isinstance(one.result, SlotTaken)
            ]
            assert all(refused.alternatives for *_, refused in losers)
            assert_can_have_what_they_were_told(database, city, *random.choice(losers))
            slowest += [max(one.seconds for one in finishes)] if len(finishes) == len(people) else []
            database.run(partial(cancel, order=won.order, now=NOW))
    assert min(slowest) < LONGEST_WAIT
    assert database.run(check_invariants) == []


def assert_can_have_what_they_were_told(
    database: Database, city: City, place: int, who: int, refused: SlotTaken
) -> None:
    slot = random.choice(refused.alternatives)
    facts = wanted(city, place) | {"technician_id": slot.technician_id, "starts_at": slot.starts_at}
    made = database.run(partial(placed, city=city, person_id=who, **facts))
    assert (made.order.technician_id, made.order.starts_at) == (slot.technician_id, slot.starts_at)
    database.run(partial(cancel, order=made.order, now=NOW))


def test_without_guard_and_claims_two_processes_sell_a_slot_more_than_once(
    database: Database, city: City, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = database.run(lambda tx: [a_customer(tx, name=None, phone=None).id for _ in range(16)])
    units = [partial(holding, city=city, person_id=who) for who in people]
    take_away_the_guard(monkeypatch)
    take_away_the_claims(monkeypatch)
    let_all_look_before_anyone_writes(monkeypatch)

    with Rival(database_url, prepare=take_away_guard_and_claims) as rival:
        finishes = rival.race(database, units[:8], units[8:])

    assert len(winners([one.result for one in finishes])) > 1


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
    people = database.run(lambda tx: [a_customer(tx, name=None, phone=None) for _ in range(2)])
    far = a_wish(city, lng=city.region.lng + 0.06)
    take_away_the_guard(monkeypatch)
    let_all_look_before_anyone_writes(monkeypatch, parties=2)

    def hold(tx: Tx, place: int) -> Hold:
        wish, start = (a_wish(city), START) if place % 2 else (far, START + timedelta(minutes=90))
        return calendar.hold(tx, people[place].id, wish, technician_id=city.technician.id, starts_at=start, now=NOW)

    results = race(database, [lambda tx, place=place: hold(tx, place) for place in range(2)])  # type: ignore[misc]

    assert len(winners(results)) == 2
