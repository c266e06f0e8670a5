"""Anyone will do, or two at once: nobody is sold twice, nobody who is free stays unsold, and nobody waits for ever."""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from core import calendar
from core.calendar import Hold, SlotTaken, holds, occupations
from core.calendar.tables import occupation
from core.db import CandidateLost, Database, Tx
from core.invariants import check_invariants
from tests.builders import NOW, City, a_customer, a_technician
from tests.core.calendar.ground import a_wish, at
from tests.core.racing import TIMES, Rival, Together, Unit, race

START = at("14:00")
SERVERS = pytest.mark.parametrize("database_url", ["mariadb", "postgresql"], indirect=True)
_ROWS = select(occupation.c.id, occupation.c.lead_id, occupation.c.technician_id).order_by(occupation.c.id)


def a_team(database: Database, city: City, size: int) -> list[int]:
    """The town's technicians, `size` in all."""
    more = database.run(lambda tx: [a_technician(tx, city).id for _ in range(size - 1)])
    return [city.technician.id, *more]


def customers(database: Database, number: int) -> list[int]:
    return database.run(lambda tx: [a_customer(tx, name=None, phone=None).id for _ in range(number)])


def holding(tx: Tx, *, city: City, person_id: int, crew: int = 1, technician_id: int | None = None) -> Hold:
    wish = a_wish(city, technician_id=technician_id, crew=crew)
    return calendar.hold(tx, person_id, wish, technician_id=technician_id, starts_at=START, now=NOW)


def held(results: Iterable[Any]) -> list[Hold]:
    return [one for one in results if isinstance(one, Hold)]


def busy(found: Iterable[Hold]) -> Counter[int]:
    """How often each technician is held."""
    return Counter(technician_id for one in found for technician_id in one.slot.crew)


def let_all_go(database: Database, people: Iterable[int]) -> None:
    for who in people:
        database.run(lambda tx, who=who: calendar.release_hold(tx, who, NOW))  # type: ignore[misc]


def take_away_guard_and_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    """And let all look before anyone writes; on SQLite, with its one writer, they see what stood before the race."""
    look, search, together = occupations.near, calendar.search.offers_at, Together(8)
    before: dict[int, Any] = {}

    def near(tx: Tx, technician_id: int, from_at: Any, until_at: Any) -> occupations.Near:
        return replace(look(tx, technician_id, from_at, until_at), taken=[])

    def offers_at(tx: Tx, wish: Any, **facts: Any) -> Any:
        found = search(tx, wish, **facts)
        together.wait(tx)
        return before.setdefault(0, found)

    monkeypatch.setattr(occupations, "_touch", lambda *_: None)
    monkeypatch.setattr(occupations, "_write_claims", lambda *_: None)
    monkeypatch.setattr(occupations, "near", near)
    monkeypatch.setattr(calendar.search, "offers_at", offers_at)


@pytest.mark.parametrize(("size", "most"), [(1, 12), (3, 24), (8, 5), (8, 40)])
def test_as_many_customers_win_as_there_are_technicians_each_their_own(
    database: Database, city: City, size: int, most: int
) -> None:
    a_team(database, city, size)
    people = customers(database, most)
    for _ in range(4 * TIMES):
        results = race(database, [partial(holding, city=city, person_id=who) for who in people])

        assert {type(one) for one in results} <= {Hold, SlotTaken}
        assert len(held(results)) == min(size, most)
        assert set(busy(held(results)).values()) == {1}
        let_all_go(database, people)
    assert database.run(check_invariants) == []


def test_sixty_customers_of_two_processes_share_out_two_dozen_technicians(
    database: Database, city: City, database_url: str
) -> None:
    a_team(database, city, 24)
    people = customers(database, 60)
    units = [partial(holding, city=city, person_id=who) for who in people]
    with Rival(database_url) as rival:
        for _ in range(2 * TIMES):
            results = [one.result for one in rival.race(database, units[:30], units[30:])]

            assert Counter(type(one) for one in results) == {Hold: 24, SlotTaken: 36}
            assert set(busy(held(results)).values()) == {1}
            let_all_go(database, people)
    assert database.run(check_invariants) == []


def test_without_guard_and_claims_anyone_is_somebody_sold_before(
    database: Database, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_team(database, city, 3)
    people = customers(database, 24)
    take_away_guard_and_claims(monkeypatch)

    results = race(database, [partial(holding, city=city, person_id=who) for who in people])

    assert len(held(results)) > 3
    assert max(busy(held(results)).values()) > 1
    assert database.run(check_invariants) != []


class Counted:
    """Units that count how often they are run."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.runs = 0
        self.units = [partial(self._run, unit) for unit in units]

    def _run(self, unit: Unit, tx: Tx) -> Any:
        self.runs += 1  # one too few now and then would be no harm: a run again counts many
        return unit(tx)


def each_with_one_of_two(database: Database, city: City, most: int) -> tuple[list[int], list[int]]:
    """Two technicians, and customers who hold an hour with one of them."""
    team, people = a_team(database, city, 2), customers(database, most)
    for place, who in enumerate(people):
        database.run(partial(changing, city=city, person_id=who, technician_id=team[place % 2], place=place, day=11))
    return team, people


def changing(tx: Tx, *, city: City, person_id: int, technician_id: int, place: int, day: int) -> Hold:
    """Hold an hour of this day with this technician, in place of the other one held."""
    start = at(f"{9 + place // 2 * 2}:00", day=day)
    wish = a_wish(city, technician_id=technician_id)
    before = [one.id for one in calendar.live_holds(tx, person_id, NOW)]
    return calendar.hold(
        tx,
        person_id,
        wish,
        technician_id=technician_id,
        starts_at=start,
        now=NOW,
        replacing=before[0] if before else None,
    )


def trading_places(city: City, team: list[int], people: list[int], number: int) -> Counted:
    """Who has a time with the one wants one with the other, on another day; there is room for all."""
    return Counted(
        partial(
            changing, city=city, person_id=who, technician_id=team[(place + number) % 2], place=place, day=11 + number
        )
        for place, who in enumerate(people)
    )


def test_from_one_to_the_other_and_back_at_once_all_come_through_at_the_first_try(
    database: Database, city: City
) -> None:
    team, people = each_with_one_of_two(database, city, 14)
    for number in range(1, 10):
        trade = trading_places(city, team, people, number)

        results = race(database, trade.units)

        assert {type(one) for one in results} == {Hold}
        assert trade.runs <= len(people) or database.dialect == "sqlite"  # there a batch may be run again
    assert database.run(check_invariants) == []


@SERVERS
def test_with_guards_in_the_order_of_wishes_they_would_wait_for_each_other(
    database: Database, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    team, people = each_with_one_of_two(database, city, 2)
    together = Together(2)

    def guard(tx: Tx, technician_ids: Iterable[int]) -> None:
        for technician_id in dict.fromkeys(technician_ids):
            occupations._touch(tx, technician_id)
            tx.guarded.append(technician_id)
            together.wait(tx)

    monkeypatch.setattr(occupations, "guard", guard)
    trade = trading_places(city, team, people, 1)

    race(database, trade.units)

    assert trade.runs > len(people)


def one_after_the_other(tx: Tx, *, city: City, person_id: int, technicians: list[int], place: int) -> tuple[Hold, Hold]:
    """Two holds in one unit: the guards are taken in the order of the wishes."""
    start = at(f"{9 + place // 2 * 2}:00", day=11 + place % 2)
    first, second = (
        calendar.hold(tx, person_id, a_wish(city, technician_id=one), technician_id=one, starts_at=start, now=NOW)
        for one in technicians
    )
    return first, second


def test_units_that_take_two_guards_one_after_the_other_are_run_again_until_all_is_well(
    database: Database, city: City
) -> None:
    team, people = a_team(database, city, 2), customers(database, 4)
    orders = (team, team[::-1])
    units = [
        partial(one_after_the_other, city=city, person_id=who, technicians=orders[place % 2], place=place)
        for place, who in enumerate(people)
    ]
    for _ in range(2 * TIMES):
        results = race(database, units)

        assert {type(one) for one in results} == {tuple}
        let_all_go(database, people)
    assert database.run(check_invariants) == []


def companies(database: Database) -> list[list[int]]:
    """The technicians of each hold, who leads first, as the rows have them."""
    found: dict[int, list[int]] = {}
    for row in sorted(database.run(lambda tx: tx.all(_ROWS)), key=lambda row: row.lead_id is not None):
        found.setdefault(row.lead_id or row.id, []).append(row.technician_id)
    return list(found.values())


@pytest.mark.parametrize(("size", "most"), [(4, 12), (5, 20), (9, 3)])
def test_as_many_pairs_win_as_there_are_pairs_of_technicians(
    database: Database, city: City, size: int, most: int
) -> None:
    a_team(database, city, size)
    people = customers(database, most)
    for _ in range(4 * TIMES):
        results = race(database, [partial(holding, city=city, person_id=who, crew=2) for who in people])

        assert {type(one) for one in results} <= {Hold, SlotTaken}
        assert len(held(results)) == min(size // 2, most)
        assert [len(one) for one in companies(database)] == [2] * min(size // 2, most)
        assert set(busy(held(results)).values()) == {1}
        let_all_go(database, people)
    assert database.run(check_invariants) == []


def test_pairs_and_single_visits_share_out_a_team_without_a_lone_companion(database: Database, city: City) -> None:
    team, people = a_team(database, city, 7), customers(database, 24)
    for _ in range(8 * TIMES):
        asked = [(who, random.choice((1, 2)), random.choice((None, None, *team))) for who in people]

        results = race(
            database,
            [partial(holding, city=city, person_id=who, crew=crew, technician_id=named) for who, crew, named in asked],
        )

        assert {type(one) for one in results} == {Hold, SlotTaken}
        assert sorted(list(one.slot.crew) for one in held(results)) == sorted(companies(database))
        assert set(busy(held(results)).values()) == {1}
        left = set(team) - set(busy(held(results)))
        for (_, crew, named), one in zip(asked, results, strict=True):
            if isinstance(one, Hold):
                assert (len(one.slot.crew), named or one.slot.technician_id) == (crew, one.slot.technician_id)
            else:
                assert len(left) < crew or named not in {None, *left}
        let_all_go(database, people)
    assert database.run(check_invariants) == []


def test_without_guard_and_claims_two_pairs_share_a_technician(
    database: Database, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_team(database, city, 4)
    people = customers(database, 12)
    take_away_guard_and_claims(monkeypatch)

    results = race(database, [partial(holding, city=city, person_id=who, crew=2) for who in people])

    assert max(busy(held(results)).values()) > 1


def test_a_pair_that_kept_what_it_got_would_leave_a_technician_alone(
    database: Database, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the unit's end undoes: the time of who leads, when the companion is lost."""
    team, people = a_team(database, city, 2), customers(database, 8)
    take, search = holds._occupy_all, calendar.search.offers_at
    anyone = a_wish(city, technician_id=None, crew=2)
    seen = database.run(lambda tx: search(tx, anyone, person_id=0, now=NOW, at=START, most=1))

    def keep(tx: Tx, wish: calendar.Wish, crew: list[int], **facts: Any) -> Any:
        try:
            return take(tx, wish, crew, **facts)
        except CandidateLost:
            return occupations.held_by(tx, facts["person_id"])

    monkeypatch.setattr(holds, "_occupy_all", keep)
    monkeypatch.setattr(calendar.search, "offers_at", lambda *_, **__: seen)
    companion = seen[0].companions[0]
    alone = partial(holding, city=city, person_id=people[0], technician_id=companion)
    pairs = [partial(holding, city=city, person_id=who, crew=2) for who in people[1:]]
    database.run(alone)

    race(database, pairs)

    assert sorted(companies(database)) == sorted([[one] for one in team])
