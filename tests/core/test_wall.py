"""Wall clocks of forty zones, 2024 to 2030, against walking there minute by minute."""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from core.wall import day_starts, instant, instants, local_day, wall_minute

ZONES = (
    "Africa/Cairo Africa/Casablanca Africa/El_Aaiun Africa/Lagos America/Adak America/Anchorage America/Asuncion "
    "America/Caracas America/Chicago America/Coyhaique America/Halifax America/Havana America/Mexico_City "
    "America/New_York America/Nuuk America/Phoenix America/Santiago America/Sao_Paulo America/Scoresbysund "
    "America/St_Johns Antarctica/Troll Asia/Almaty Asia/Beirut Asia/Gaza Asia/Jerusalem Asia/Kathmandu Asia/Kolkata "
    "Asia/Shanghai Asia/Tehran Atlantic/Azores Australia/Adelaide Australia/Lord_Howe Europe/Dublin Europe/London "
    "Europe/Moscow Pacific/Apia Pacific/Auckland Pacific/Chatham Pacific/Easter Pacific/Kiritimati"
).split()
FIRST, LAST = date(2024, 1, 1), date(2030, 12, 31)
DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
MINUTE, QUARTER = timedelta(minutes=1), timedelta(minutes=15)
EVERY_OFFSET = [timedelta(minutes=minutes) for minutes in range(-12 * 60, 14 * 60 + 1, 15)]
LONDON = ZoneInfo("Europe/London")

each_zone = pytest.mark.parametrize("name", ZONES)


@cache
def changes(zone: ZoneInfo) -> list[datetime]:
    """The UTC minutes at which this zone's clocks jump."""
    found = []
    for day in DAYS:
        midnight = datetime.combine(day, time(), UTC)
        if shift(midnight, zone) != shift(midnight + timedelta(days=1), zone):
            minutes = (midnight + n * MINUTE for n in range(1440))
            found.append(next(at + MINUTE for at in minutes if shift(at, zone) != shift(at + MINUTE, zone)))
    return found


def shift(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


def shown(at: datetime, zone: ZoneInfo) -> datetime:
    """What the wall clock shows."""
    return at.astimezone(zone).replace(tzinfo=None)


def walk(change: datetime, zone: ZoneInfo, reach: timedelta, step: timedelta) -> Iterator[tuple[datetime, datetime]]:
    """Every instant around a change with what the wall clock shows at it."""
    at = change - reach
    while at <= change + reach:
        yield shown(at, zone), at
        at += step


def found_by_trying(local: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """The instants of a wall time, looked for with every offset there is."""
    tried = {local.replace(tzinfo=UTC) - offset for offset in EVERY_OFFSET}
    return tuple(sorted(at for at in tried if shown(at, zone) == local))


@each_zone
def test_around_every_change_each_wall_minute_names_the_instants_that_show_it(name: str) -> None:
    zone = ZoneInfo(name)
    for change in changes(zone):
        walked = list(walk(change, zone, timedelta(hours=5), MINUTE))
        showing = defaultdict(list)
        for local, at in walked:
            showing[local].append(at)

        middle = shown(change, zone)
        for minutes in range(-130, 131):
            local = middle + minutes * MINUTE
            named = tuple(showing[local])
            assert instants(local, zone) == named
            assert instant(local, zone) == (named[0] if named else next(at for wall, at in walked if wall > local))


@each_zone
def test_minutes_of_a_local_day_and_the_next_are_counted_from_its_wall_clock(name: str) -> None:
    zone = ZoneInfo(name)
    for change in changes(zone):
        walked = list(walk(change, zone, timedelta(hours=100), QUARTER))
        first_showing = dict(reversed(walked))
        for days in range(-2, 2):
            day = shown(change, zone).date() + timedelta(days=days)
            for minute in range(0, 2881, 45):
                local = datetime.combine(day, time()) + minute * MINUTE
                expected = first_showing.get(local) or next(at for wall, at in walked if wall > local)
                assert wall_minute(day, minute, zone) * 60 == expected.timestamp()


@each_zone
def test_any_other_minute_is_where_every_offset_tried_finds_it(name: str) -> None:
    zone, dice = ZoneInfo(name), random.Random(name)
    for _ in range(40):
        day, minute = dice.choice(DAYS), dice.randrange(2881)
        local = datetime.combine(day, time()) + minute * MINUTE
        found = found_by_trying(local, zone)
        assert instants(local, zone) == found
        if found:
            assert wall_minute(day, minute, zone) * 60 == found[0].timestamp()


@each_zone
def test_every_local_date_begins_once_and_after_the_one_before(name: str) -> None:
    zone = ZoneInfo(name)
    starts = [day_starts(day, zone) for day in DAYS]
    assert [local_day(at, zone) for at in starts] == DAYS
    assert [local_day(at - MINUTE, zone) for at in starts[1:]] == DAYS[:-1]


@each_zone
def test_wall_minutes_never_run_backwards(name: str) -> None:
    zone = ZoneInfo(name)
    for change in changes(zone):
        day = shown(change, zone).date() - timedelta(days=1)
        counted = [wall_minute(day, minute, zone) for minute in range(0, 2881, 20)]
        assert counted == sorted(counted)


def test_enough_of_the_zones_change_their_clocks_to_prove_something() -> None:
    jumps = [change for name in ZONES for change in changes(ZoneInfo(name))]
    assert len(ZONES) == len(set(ZONES)) == 40
    assert len(jumps) > 300


def test_a_shift_that_reaches_into_the_gap_is_as_long_as_the_clock_lets_it_be() -> None:
    spring = date(2026, 3, 29)
    assert instants(datetime(2026, 3, 29, 1, 30), LONDON) == ()  # noqa: DTZ001 - wall clocks are naive
    assert wall_minute(spring, 3 * 60, LONDON) - wall_minute(spring, 60, LONDON) == 60
    assert wall_minute(spring, 105, LONDON) == wall_minute(spring, 75, LONDON) == wall_minute(spring, 120, LONDON)


def test_an_hour_that_comes_twice_names_both_and_counts_as_the_first() -> None:
    autumn = date(2026, 10, 25)
    first, second = instants(datetime(2026, 10, 25, 1, 30), LONDON)  # noqa: DTZ001 - wall clocks are naive
    assert (first, second) == (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    assert wall_minute(autumn, 90, LONDON) * 60 == first.timestamp()
    assert wall_minute(autumn - timedelta(days=1), 1440 + 90, LONDON) * 60 == first.timestamp()


def test_a_day_that_was_skipped_begins_and_ends_where_the_calendar_jumped() -> None:
    apia = ZoneInfo("Pacific/Apia")
    skipped = date(2011, 12, 30)
    assert day_starts(skipped, apia) == day_starts(date(2011, 12, 31), apia) == datetime(2011, 12, 30, 10, tzinfo=UTC)
    assert wall_minute(skipped, 1440, apia) == wall_minute(skipped, 0, apia)
