"""What nobody should ask has a clear error of ours, or a right answer."""

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from core import calendar, technicians
from core.calendar import Free, Full, NotBookable, Rule, SlotTaken, Wish
from core.db import Database, Tx
from core.errors import InvalidInput
from core.technicians import Preferences, RotaSpan, Technician
from tests.builders import CENTRE, NOW, City, a_customer, a_database, a_store, a_technician
from tests.core.calendar.ground import a_wish, at

DAY = timedelta(days=1)
MIDNIGHT, MIDDAY = at("00:00"), at("14:00")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """SQLite alone: what is refused before it is written is refused everywhere."""
    opened = a_database(tmp_path)
    yield opened
    opened.close()


def hold(city: City, wish: Wish, start: datetime) -> Callable[[Tx], Any]:
    return lambda tx: calendar.hold(
        tx, city.customer.id, wish, technician_id=wish.technician_id, starts_at=start, now=NOW
    )


def listed(
    city: City, wish: Wish, from_at: datetime = MIDNIGHT, until_at: datetime = MIDNIGHT + DAY
) -> Callable[[Tx], Free | Full]:
    return lambda tx: calendar.free_starts(
        tx, wish, person_id=city.customer.id, now=NOW, from_at=from_at, until_at=until_at
    )


@pytest.mark.parametrize(
    ("field", "over"),
    [
        ("minutes", {"minutes": 0}),
        ("minutes", {"minutes": -60}),
        ("minutes", {"minutes": 1441}),
        ("minutes", {"minutes": 10**9}),
        ("minutes", {"minutes": 60.5}),
        ("minutes", {"minutes": math.nan}),
        ("buffer_minutes", {"buffer_minutes": -1}),
        ("buffer_minutes", {"buffer_minutes": 10**9}),
        ("lat", {"lat": math.nan}),
        ("lat", {"lat": math.inf}),
        ("lat", {"lat": 90.1}),
        ("lng", {"lng": math.nan}),
        ("lng", {"lng": -180.1}),
        ("crew", {"crew": 0}),
        ("crew", {"crew": 3}),
    ],
)
def test_a_visit_that_cannot_be_is_refused_by_name_of_what_is_wrong(
    city: City, field: str, over: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        a_wish(city, **over)
    assert refused.value.facts["field"] == field


@pytest.mark.parametrize("buffer", [0, 1, 1440])
@pytest.mark.parametrize("minutes", [1, 14, 1440])
def test_the_shortest_and_the_longest_visit_are_listed_and_held(
    database: Database, city: City, minutes: int, buffer: int
) -> None:
    sleepless = database.run(lambda tx: who_never_sleeps(tx, city))
    wish = a_wish(city, technician_id=sleepless.id, minutes=minutes, buffer_minutes=buffer)

    found = database.read(listed(city, wish))
    last = database.run(hold(city, wish, at("23:45", day=12)))
    other = replace(city, customer=database.run(a_customer))
    with pytest.raises(SlotTaken):
        database.run(hold(other, wish, at("23:45", day=12)))

    assert found == Free(tuple(at("00:00") + n * calendar.CELL for n in range(96)))
    assert last.slot.ends_at == at("23:45", day=12) + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "start",
    [
        datetime(2026, 3, 11, 14, 0),  # noqa: DTZ001 naive on purpose
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime.min.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
        datetime(9999, 12, 31, 23, 45, tzinfo=UTC),
    ],
)
def test_a_start_that_is_no_instant_of_our_century_is_no_start(database: Database, city: City, start: datetime) -> None:
    who, wish = city.customer.id, a_wish(city)
    facts: dict[str, Any] = {"person_id": who, "now": NOW}
    asking: list[Callable[[Tx], object]] = [
        hold(city, wish, start),
        listed(city, wish, from_at=start),
        listed(city, wish, until_at=start),
        lambda tx: calendar.take_for_order(tx, 1, who, wish, starts_at=start, now=NOW),
        lambda tx: calendar.best_slots(tx, wish, starts=[MIDDAY, start], **facts),
        lambda tx: calendar.offers_at(tx, wish, at=start, most=3, **facts),
        lambda tx: calendar.alternatives(tx, wish, at=start, **facts),
    ]
    for ask in asking:
        with pytest.raises(InvalidInput):
            database.run(ask)


@pytest.mark.parametrize(
    ("start", "rule"),
    [
        (MIDDAY + timedelta(minutes=7), Rule.OFF_GRID),
        (MIDDAY + timedelta(seconds=30), Rule.OFF_GRID),
        (MIDDAY + timedelta(microseconds=1), Rule.OFF_GRID),
        (datetime(2000, 1, 1, tzinfo=UTC), Rule.PAST),
        (NOW, Rule.PAST),
        (datetime(2099, 12, 31, 23, 45, tzinfo=UTC), Rule.HORIZON),
    ],
)
def test_an_odd_start_is_refused_by_its_rule_and_the_nearest_that_is_right_is_named(
    database: Database, city: City, start: datetime, rule: Rule
) -> None:
    with pytest.raises(NotBookable) as refused:
        database.run(hold(city, a_wish(city), start))
    assert refused.value.rule is rule
    assert refused.value.nearest is not None
    assert database.run(hold(city, a_wish(city), refused.value.nearest.starts_at))


def test_an_instant_told_in_another_zone_is_the_same_start(database: Database, city: City) -> None:
    held = database.run(hold(city, a_wish(city), MIDDAY.astimezone(timezone(timedelta(hours=8)))))
    assert held.slot.starts_at == MIDDAY


@pytest.mark.parametrize("until_at", [at("09:00"), at("08:45"), at("09:00", day=1)])
def test_a_stretch_that_ends_before_it_begins_is_none(database: Database, city: City, until_at: datetime) -> None:
    with pytest.raises(InvalidInput) as refused:
        database.read(listed(city, a_wish(city), at("09:00"), until_at))
    assert refused.value.facts["field"] == "until_at"


def test_a_stretch_of_all_time_holds_the_starts_of_the_coming_fortnight(database: Database, city: City) -> None:
    ages = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC))
    found = database.read(listed(city, a_wish(city), *ages))
    assert isinstance(found, Free)
    assert found.starts[0] == NOW + timedelta(hours=1)
    assert found.starts[-1] == NOW + 14 * DAY


def test_a_stretch_between_two_quarters_holds_no_start_and_one_that_ends_just_after_holds_it(
    database: Database, city: City
) -> None:
    between = listed(city, a_wish(city), MIDDAY + timedelta(minutes=1), MIDDAY + timedelta(minutes=15))
    just_after = listed(city, a_wish(city), MIDDAY + timedelta(minutes=1), MIDDAY + timedelta(minutes=15, seconds=1))
    assert isinstance(database.read(between), Full)
    assert database.read(just_after) == Free((MIDDAY + timedelta(minutes=15),))


@pytest.mark.parametrize("most", [0, -1, -(10**9)])
def test_who_asks_for_none_gets_none(database: Database, city: City, most: int) -> None:
    facts: dict[str, Any] = {"person_id": city.customer.id, "now": NOW}
    anyone = a_wish(city, technician_id=None)
    asking: list[Callable[[Tx], object]] = [
        lambda tx: calendar.offers_at(tx, anyone, at=MIDDAY, most=most, **facts),
        lambda tx: calendar.best_slots(tx, anyone, starts=[MIDDAY], each=most, **facts),
        lambda tx: calendar.best_slots(tx, anyone, starts=[], **facts),
    ]
    for ask in asking:
        try:
            assert database.read(ask) == ()
        except InvalidInput as refused:
            assert refused.facts["field"] in {"most", "each"}  # noqa: PT017 either is a clear answer


def test_a_town_without_technicians_says_so(database: Database, city: City) -> None:
    database.run(lambda tx: technicians.set_duty(tx, city.technician.id, on=False, now=NOW))
    anyone = a_wish(city, technician_id=None)
    assert database.read(listed(city, anyone)) == Full(Rule.TECHNICIAN)
    with pytest.raises(NotBookable) as refused:
        database.run(hold(city, anyone, MIDDAY))
    assert (refused.value.rule, refused.value.nearest) == (Rule.TECHNICIAN, None)


@pytest.mark.parametrize("technician_id", [0, -1, 5, 2**62])
def test_a_technician_nobody_knows_is_a_rule_and_leaves_nothing_behind(
    database: Database, city: City, technician_id: int
) -> None:
    wish, known = a_wish(city, technician_id=technician_id), city.technician.id
    assert database.read(listed(city, wish)) == Full(Rule.TECHNICIAN)
    with pytest.raises(NotBookable) as refused:
        database.run(hold(city, wish, MIDDAY))
    assert refused.value.rule is Rule.TECHNICIAN
    with pytest.raises(NotBookable):
        database.run(
            lambda tx: calendar.take_for_order(
                tx,
                1,
                city.customer.id,
                a_wish(city),
                starts_at=MIDDAY,
                now=NOW,
                crew=[known, technician_id],
            )
        )
    assert database.read(lambda tx: calendar.crew_of(tx, 1)) == ()


def test_nobody_is_their_own_companion(database: Database, city: City) -> None:
    same = [city.technician.id, city.technician.id]
    with pytest.raises(InvalidInput):
        database.run(
            lambda tx: calendar.take_for_order(
                tx, 1, city.customer.id, a_wish(city), starts_at=MIDDAY, now=NOW, crew=same
            )
        )
    assert database.read(lambda tx: calendar.crew_of(tx, 1)) == ()


def test_who_has_no_rota_is_never_free_and_their_rule_is_the_rota(database: Database, city: City) -> None:
    idle = database.run(lambda tx: a_technician(tx, city, rota=[]))
    wish = a_wish(city, technician_id=idle.id)
    assert database.read(listed(city, wish)) == Full(Rule.ROTA)
    with pytest.raises(NotBookable) as refused:
        database.run(hold(city, wish, MIDDAY))
    assert (refused.value.rule, refused.value.nearest) == (Rule.ROTA, None)


@pytest.mark.parametrize(
    "preferences",
    [Preferences(least_stars=math.inf), Preferences(least_stars=math.nan), Preferences(least_years=10**9)],
)
def test_preferences_nobody_meets_leave_nobody(database: Database, city: City, preferences: Preferences) -> None:
    picky = a_wish(city, technician_id=None, preferences=preferences)
    assert database.read(listed(city, picky)) == Full(Rule.PREFERENCES)


@pytest.mark.parametrize("most_metres", [-1, -(10**12)])
def test_a_fare_below_nothing_leaves_nobody(database: Database, city: City, most_metres: int) -> None:
    stingy = a_wish(city, technician_id=None, most_metres=most_metres)
    assert database.read(listed(city, stingy)) == Full(Rule.PREFERENCES)


def test_a_visit_at_the_other_end_of_the_world_is_too_far_within_the_day(database: Database, city: City) -> None:
    wish = a_wish(city, lat=-CENTRE.lat, lng=CENTRE.lng - 180)
    far = database.read(listed(city, wish))
    assert far == Full(Rule.LEG)


def test_five_thousand_days_that_differ_change_only_the_days_they_name(database: Database, city: City) -> None:
    dice, who = random.Random(5), city.technician.id
    days = [NOW.date() + n * DAY for n in range(-2500, 2500)]
    dice.shuffle(days)

    def differ(tx: Tx) -> None:
        for n, day in enumerate(days):
            technicians.set_exception(tx, who, day=day, spans=[(600, 720)] if n % 2 else [])

    database.run(differ)
    off = {day for n, day in enumerate(days) if not n % 2}

    found = database.read(listed(city, a_wish(city), at("00:00"), at("00:00", day=24)))
    expected = [
        at("10:00", day=day) + n * calendar.CELL
        for day in range(11, 24)
        if at("10:00", day=day).date() not in off
        for n in range(5)
    ]
    assert found == Free(tuple(expected))


def test_forgetting_what_was_never_held_or_sold_does_nothing(database: Database, city: City) -> None:
    who = city.customer.id
    assert database.run(lambda tx: calendar.release_hold(tx, who, NOW)) is False
    assert database.run(lambda tx: calendar.release_hold(tx, who, NOW, hold_id=-1)) is False
    assert database.run(lambda tx: calendar.renew_hold(tx, 7, who, NOW)) is None
    assert database.run(lambda tx: calendar.release_order(tx, 7, NOW)) == ()
    assert database.run(lambda tx: calendar.sweep_holds(tx, NOW, most=0)) == 0
    held = database.run(hold(city, a_wish(city), MIDDAY))
    assert database.run(lambda tx: calendar.give_to_order(tx, held, 1, NOW, person_id=who + 1)) is False


def who_never_sleeps(tx: Tx, city: City) -> Technician:
    """Works around the clock for a store that never closes."""
    store = a_store(tx, opens_minute=0, closes_minute=1440)
    rota = [RotaSpan(weekday, 0, 1440) for weekday in range(7)]
    return a_technician(tx, store=store, services=[city.service], regions=[city.region], rota=rota)
