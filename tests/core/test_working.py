"""When technicians work: rota, days that differ, leave and duty, against a plain reckoning."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from core import technicians
from core.db import Database, Tx
from core.errors import InvalidInput, NotFound, StateConflict
from core.technicians import Leave, Preferences, RotaSpan, Sex, Spans, roster
from core.technicians.times import without_leave
from tests.builders import EVERY_DAY, NOW, City, a_city, a_technician

MONDAY = date(2026, 3, 9)
WINDOW = [MONDAY + timedelta(days=n) for n in range(-3, 25)]
STEPS = 60


def day(n: int) -> date:
    return MONDAY + timedelta(days=n)


@dataclass
class Diary:
    """One technician's working time as somebody with a paper diary would keep it."""

    week: dict[int, list[tuple[int, int]]]
    special: dict[date, list[tuple[int, int]]] = field(default_factory=dict)
    leave: set[date] = field(default_factory=set)

    def on(self, which: date) -> Spans:
        if which in self.leave:
            return ()
        return tuple(sorted(self.special.get(which, self.week.get(which.weekday(), []))))


def some_spans(dice: random.Random) -> list[tuple[int, int]]:
    """Up to two spans of a day that do not overlap; the last may pass midnight."""
    edges = sorted(dice.sample(range(0, 1440, 30), 4))
    spans = [(edges[0], edges[1]), (edges[2], edges[3] + dice.choice([0, 0, 300]))]
    return spans[: dice.randrange(3)]


def a_change(dice: random.Random, who: int, diary: Diary) -> Callable[[Tx], object]:
    """Change the diary at random and return the verb that should do the same."""
    first = day(dice.randrange(20))
    last = first + timedelta(days=dice.randrange(6))
    days = {first + timedelta(days=n) for n in range((last - first).days + 1)}
    match dice.randrange(5):
        case 0:
            diary.week = {weekday: [(600 + weekday, 900), (960, 1300)] for weekday in dice.sample(range(7), 4)}
            rota = [RotaSpan(weekday, *span) for weekday, spans in diary.week.items() for span in spans]
            return lambda tx: technicians.set_rota(tx, who, rota)
        case 1:
            spans = diary.special[first] = some_spans(dice)
            return lambda tx: technicians.set_exception(tx, who, day=first, spans=spans)
        case 2:
            diary.special.pop(first, None)
            return lambda tx: technicians.clear_exception(tx, who, day=first)
        case 3:
            diary.leave |= days
            return lambda tx: technicians.take_leave(tx, who, first, last)
    diary.leave -= days
    return lambda tx: technicians.end_leave(tx, who, first, last)


@pytest.mark.parametrize("seed", [1, 2])
def test_after_any_changes_the_working_time_is_what_a_paper_diary_would_say(any_database: Database, seed: int) -> None:
    dice = random.Random(seed)
    city = any_database.run(a_city)
    staff = [city.technician.id, any_database.run(lambda tx: a_technician(tx, city)).id]
    diaries = {one: Diary({weekday: [(540, 1380)] for weekday in range(7)}) for one in staff}

    for _ in range(STEPS):
        who = dice.choice(staff)
        any_database.run(a_change(dice, who, diaries[who]))

        seen = any_database.read(roster)
        for one, diary in diaries.items():
            said = [seen.times_of(one).on(which) for which in WINDOW]
            assert said == [diary.on(which) for which in WINDOW]
            assert [any_database.read(lambda tx, one=one: technicians.times_of(tx, one)).on(w) for w in WINDOW] == said  # type: ignore[misc]


def test_a_change_that_is_undone_leaves_nothing_in_what_is_remembered(any_database: Database) -> None:
    city = any_database.run(a_city)
    who = city.technician.id
    any_database.run(lambda tx: technicians.take_leave(tx, who, day(2), day(2)))

    def takes_leave_and_fails(tx: Tx) -> None:
        technicians.take_leave(tx, who, day(3), day(4))
        assert roster(tx).times_of(who).on(day(3)) == ()
        raise InvalidInput(field="test")

    with pytest.raises(InvalidInput):
        any_database.run(takes_leave_and_fails)

    assert any_database.read(roster).times_of(who).on(day(3)) == ((540, 1380),)
    assert any_database.read(roster).times_of(who).on(day(2)) == ()


def test_only_the_times_that_changed_are_read_again(database: Database) -> None:
    city = database.run(a_city)
    who, other = city.technician.id, database.run(lambda tx: a_technician(tx, city)).id
    before = database.read(roster)

    database.run(lambda tx: technicians.take_leave(tx, who, day(3), day(4)))

    after = database.read(roster)
    assert after.times_of(other) is before.times_of(other)
    assert after.times_of(who) != before.times_of(who)


def test_five_thousand_special_days_make_no_day_slower(database: Database) -> None:
    city = database.run(a_city)
    who = city.technician.id
    first = date(2026, 1, 1)

    def fill(tx: Tx) -> None:
        for n in range(5000):
            technicians.set_exception(tx, who, day=first + timedelta(days=n), spans=[(600, 700 + n % 60)])

    database.run(fill)

    seen = database.read(roster)
    assert len(seen.times_of(who).exceptions) == 5000
    assert seen.times_of(who).on(first + timedelta(days=4999)) == ((600, 719),)
    assert seen.times_of(who).on(first + timedelta(days=5000)) == ((540, 1380),)
    started = time.process_time()
    for n in range(5000):
        seen.times_of(who).on(first + timedelta(days=n))
    assert time.process_time() - started < 1.0  # a scan would take five seconds


def test_leave_that_touches_is_one_and_a_day_taken_out_of_it_makes_two(database: Database) -> None:
    who = database.run(a_city).technician.id

    database.run(lambda tx: technicians.take_leave(tx, who, day(1), day(2)))
    whole = database.run(lambda tx: technicians.take_leave(tx, who, day(3), day(9)))
    assert whole == (Leave(day(1), day(9)),)

    left = database.run(lambda tx: technicians.end_leave(tx, who, day(4), day(5)))
    assert left == (Leave(day(1), day(3)), Leave(day(6), day(9)))
    assert database.read(lambda tx: technicians.leave_of(tx, who)) == left
    assert database.run(lambda tx: technicians.end_leave(tx, who, day(0), day(30))) == ()
    assert without_leave((Leave(day(1), day(2)),), Leave(day(5), day(6))) == (Leave(day(1), day(2)),)


def test_what_a_special_day_says_holds_again_when_the_leave_over_it_ends(database: Database) -> None:
    who = database.run(a_city).technician.id
    database.run(lambda tx: technicians.set_exception(tx, who, day=day(2), spans=[(600, 720)]))

    database.run(lambda tx: technicians.take_leave(tx, who, day(1), day(3)))
    assert database.read(roster).times_of(who).on(day(2)) == ()

    database.run(lambda tx: technicians.end_leave(tx, who, day(1), day(3)))
    assert database.read(roster).times_of(who).on(day(2)) == ((600, 720),)


@pytest.mark.parametrize(
    ("first", "last"),
    [(day(2), day(1)), (day(0), day(366)), (date(1999, 12, 31), date(2000, 1, 2)), (date.max, date.max)],
)
def test_leave_of_no_days_or_of_more_than_a_year_is_refused(database: Database, first: date, last: date) -> None:
    who = database.run(a_city).technician.id

    for verb in (technicians.take_leave, technicians.end_leave):
        with pytest.raises(InvalidInput):
            database.run(lambda tx, verb=verb: verb(tx, who, first, last))  # type: ignore[misc]

    assert database.read(lambda tx: technicians.leave_of(tx, who)) == ()
    assert database.run(lambda tx: technicians.take_leave(tx, who, day(0), day(365)))


@pytest.mark.parametrize(
    "spans",
    [
        [(0, -60)],
        [(-60, 60)],
        [(120, 60)],
        [(60, 60 + 1441)],
        [(0, 60), (59, 90)],
        [(n, n + 1) for n in range(25)],
    ],
)
def test_spans_that_cannot_be_are_refused_for_a_day_and_for_the_rota(
    database: Database, spans: list[tuple[int, int]]
) -> None:
    who = database.run(a_city).technician.id

    with pytest.raises(InvalidInput):
        database.run(lambda tx: technicians.set_exception(tx, who, day=day(1), spans=spans))
    with pytest.raises(InvalidInput):
        database.run(lambda tx: technicians.set_rota(tx, who, [RotaSpan(n, *span) for n in range(7) for span in spans]))

    assert database.read(roster).times_of(who) == technicians.WorkingTime(EVERY_DAY)


def test_nobody_s_times_can_be_changed_when_there_is_nobody(database: Database) -> None:
    database.run(a_city)

    for verb in (
        lambda tx: technicians.take_leave(tx, 1, day(1), day(1)),
        lambda tx: technicians.end_leave(tx, 1, day(1), day(1)),
        lambda tx: technicians.set_exception(tx, 1, day=day(1), spans=[]),
        lambda tx: technicians.clear_exception(tx, 1, day=day(1)),
        lambda tx: technicians.set_duty(tx, 1, on=True, now=NOW),
        lambda tx: technicians.set_duty(tx, 1, on=False, now=NOW),
    ):
        with pytest.raises(NotFound):
            database.run(verb)


def test_going_on_duty_twice_keeps_the_first_moment_and_is_told_as_no_news(any_database: Database) -> None:
    who = any_database.run(a_city).technician.id
    later = NOW + timedelta(hours=1)

    assert not any_database.run(lambda tx: technicians.set_duty(tx, who, on=True, now=later))
    assert any_database.read(roster).get(who).on_duty_at == NOW

    assert any_database.run(lambda tx: technicians.set_duty(tx, who, on=False, now=later))
    assert not any_database.run(lambda tx: technicians.set_duty(tx, who, on=False, now=later))
    assert any_database.read(roster).get(who).on_duty_at is None
    assert any_database.run(lambda tx: technicians.set_duty(tx, who, on=True, now=later))
    assert any_database.read(roster).get(who).on_duty_at == later


def test_who_is_suspended_cannot_go_on_duty_but_can_go_off(database: Database) -> None:
    who = database.run(a_city).technician.id
    database.run(lambda tx: technicians.suspend(tx, who, operator_id=7, now=NOW))

    assert database.run(lambda tx: technicians.set_duty(tx, who, on=False, now=NOW))
    with pytest.raises(StateConflict):
        database.run(lambda tx: technicians.set_duty(tx, who, on=True, now=NOW))


@pytest.mark.parametrize(
    ("wanted", "who"),
    [
        (Preferences(), "her him new"),
        (Preferences(sex="male"), "him"),
        (Preferences(least_stars=4.5), "her"),
        (Preferences(least_stars=4.0), "her him"),
        (Preferences(least_years=5), "her him new"),
        (Preferences(least_years=6), ""),
        (Preferences(certified=True), "her"),
        (Preferences(sex="female", least_stars=3.0), "her"),
    ],
)
def test_who_can_come_is_whom_the_customer_would_like(database: Database, wanted: Preferences, who: str) -> None:
    city, names = database.run(a_team)

    found = database.read(roster).able(city.service.id, city.region.id, wanted)

    assert " ".join(names[one.id] for one in found) == who


def a_team(tx: Tx) -> tuple[City, dict[int, str]]:
    """Her with 4.8 stars and a certificate, him with 4.0, and somebody new without a review."""
    city = a_city(tx)
    her = a_technician(tx, city, stars=(48, 10), certificates=[{"zh-Hans": "健康证"}])
    him = a_technician(tx, city, stars=(40, 10), sex=Sex.MALE)
    new = a_technician(tx, city, stars=(0, 0))
    technicians.set_duty(tx, city.technician.id, on=False, now=NOW)
    return city, {her.id: "her", him.id: "him", new.id: "new"}


def test_who_can_come_is_worked_out_once_and_anew_after_a_change(database: Database) -> None:
    city, _ = database.run(a_team)
    ask = (city.service.id, city.region.id, Preferences(certified=True))
    seen = database.read(roster)

    assert seen.able(*ask) is seen.able(*ask)
    (her,) = seen.able(*ask)
    database.run(lambda tx: technicians.set_duty(tx, her.id, on=False, now=NOW))
    assert database.read(roster).able(*ask) == ()
