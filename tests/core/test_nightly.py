"""A night is looked at once, whoever looks, and a night missed is made up for."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core import nightly, support
from core.db import Database
from core.support import TicketKind
from tests.builders import NOW, ZONE
from tests.core.racing import race

NIGHT = date(2026, 3, 10)
LATER = NOW + timedelta(minutes=10)


def begins(database: Database, night: date = NIGHT, real_now: datetime = NOW) -> bool:
    return database.run(lambda tx: nightly.begin(tx, night=night, real_now=real_now))


def finishes(database: Database, *findings: str, night: date = NIGHT) -> int | None:
    return database.run(lambda tx: nightly.finish(tx, findings, night=night, now=NOW, real_now=NOW))


@pytest.mark.parametrize(
    ("utc", "zone", "night"),
    [
        (datetime(2026, 3, 9, 19, 59, tzinfo=UTC), ZONE, date(2026, 3, 9)),  # 03:59: still yesterday's
        (datetime(2026, 3, 9, 20, 0, tzinfo=UTC), ZONE, date(2026, 3, 10)),
        (datetime(2026, 3, 10, 15, 59, tzinfo=UTC), ZONE, date(2026, 3, 10)),
        (datetime(2026, 3, 29, 2, 59, tzinfo=UTC), "Europe/London", date(2026, 3, 28)),  # 03:59 summer time
        (datetime(2026, 10, 25, 4, 0, tzinfo=UTC), "Europe/London", date(2026, 10, 25)),  # 04:00 winter time
    ],
)
def test_a_night_begins_at_four_on_the_wall(utc: datetime, zone: str, night: date) -> None:
    assert nightly.night_of(utc, zone) == night


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/London", "America/Havana", "Australia/Lord_Howe"])
def test_every_local_date_has_one_night_also_where_clocks_change(zone: str) -> None:
    hours = [datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(minutes=15 * n) for n in range(366 * 96)]

    nights = [nightly.night_of(hour, zone) for hour in hours]

    assert nights == sorted(nights)
    assert len(set(nights)) == (nights[-1] - nights[0]).days + 1


def test_a_night_is_looked_at_once(any_database: Database) -> None:
    assert begins(any_database)
    finishes(any_database)

    assert not begins(any_database)
    assert not begins(any_database, night=NIGHT - timedelta(days=1))
    assert not any_database.read(lambda tx: nightly.is_due(tx, night=NIGHT, real_now=LATER))
    assert begins(any_database, night=NIGHT + timedelta(days=1))


def test_of_many_who_would_look_one_does(any_database: Database) -> None:
    units = [lambda tx: nightly.begin(tx, night=NIGHT, real_now=NOW)] * 8

    assert sorted(race(any_database, units)) == [False] * 7 + [True]


def test_a_look_that_was_begun_and_never_finished_is_begun_again_after_its_lease(any_database: Database) -> None:
    assert begins(any_database)

    assert not begins(any_database, real_now=LATER - timedelta(seconds=1))
    assert begins(any_database, real_now=LATER)


def test_what_was_found_is_one_ticket_for_the_operators_and_nothing_found_is_none(any_database: Database) -> None:
    begins(any_database)
    assert finishes(any_database) is None
    begins(any_database, night=NIGHT + timedelta(days=1))

    ticket_id = finishes(any_database, *(f"order {n} holds 1 instead of 0" for n in range(30)))

    (ticket,) = any_database.read(support.open_tickets)
    assert (ticket.id, ticket.kind) == (ticket_id, TicketKind.HOUSE)
    lines = ticket.summary.splitlines()
    assert lines[:2] == ["check 2026-03-10: 30", "order 0 holds 1 instead of 0"]
    assert len(lines) == 21
