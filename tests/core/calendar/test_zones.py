"""Starts around every change of the clocks in forty zones, 2024 to 2030: right, and told without mistaking."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from core import calendar
from core.calendar import Free, Wish
from core.catalog import Region, Service
from core.db import Database, Tx
from core.technicians import RotaSpan
from core.wall import instants
from dialogs.texts import formats
from tests.builders import CENTRE, a_customer, a_database, a_region, a_service, a_store, a_technician
from tests.core.calendar.oracle import EPOCH, MINUTE, QUARTER, Wall
from tests.core.test_wall import ZONES, changes

HOUR, AHEAD = timedelta(hours=1), timedelta(days=3)
AROUND = 30 * HOUR
NIGHT, DAYTIME, ROUND_THE_CLOCK = (1320, 1800), (540, 1020), (0, 1440)
SHIFTS = (NIGHT, DAYTIME, ROUND_THE_CLOCK, (30, 165), (1395, 1545))
TIME_OF_DAY = re.compile(r"(\d\d):(\d\d)(?: (\S+))?")

each_zone = pytest.mark.parametrize("name", ZONES)


class Staff(NamedTuple):
    """One technician for each shift, in each zone."""

    database: Database
    customer: int
    service: Service
    region: Region
    of: dict[tuple[str, tuple[int, int]], int]


@pytest.fixture(scope="module")
def staff(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    database = a_database(tmp_path_factory.mktemp("zones"))
    yield database.run(lambda tx: hired(tx, database))
    database.close()


def hired(tx: Tx, database: Database) -> Staff:
    region, customer, of = a_region(tx), a_customer(tx).id, {}
    service = a_service(tx, a_store(tx))
    for name in ZONES:
        store = a_store(tx, zone=name, opens_minute=0, closes_minute=1440)
        for shift in SHIFTS:
            rota = [RotaSpan(weekday, *shift) for weekday in range(7)]
            who = a_technician(tx, store=store, services=[service], regions=[region], rota=rota)
            of[name, shift] = who.id
    return Staff(database, customer, service, region, of)


def listed(staff: Staff, name: str, shift: tuple[int, int], change: datetime) -> list[datetime]:
    """The free starts from thirty hours before a change to thirty after."""
    wish = Wish(
        service_id=staff.service.id,
        minutes=30,
        buffer_minutes=0,
        region_id=staff.region.id,
        lat=CENTRE.lat,
        lng=CENTRE.lng,
        technician_id=staff.of[name, shift],
    )
    now, begin, until = change - AHEAD, change - AROUND, change + AROUND
    found = staff.database.read(
        lambda tx: calendar.free_starts(tx, wish, person_id=staff.customer, now=now, from_at=begin, until_at=until)
    )
    assert isinstance(found, Free)
    return list(found.starts)


def grid(change: datetime) -> list[datetime]:
    """Every quarter of an hour from thirty hours before a change to thirty after."""
    first = change - AROUND + (EPOCH - change) % QUARTER
    return [first + n * QUARTER for n in range((change + AROUND - first - MINUTE) // QUARTER + 1)]


@each_zone
def test_starts_over_a_change_are_those_of_the_shift_as_the_wall_shows_it(name: str, staff: Staff) -> None:
    zone, opening = ZoneInfo(name), [time(9 + n // 4, n % 4 * 15) for n in range(31)]
    for change in changes(zone):
        wall, starts = Wall(name, change - AROUND - HOUR, 3), grid(change)
        for shift in SHIFTS:
            found, worked = listed(staff, name, shift, change), wall.minutes_in(lambda _, one=shift: [one])  # type: ignore[misc]
            minutes = {at: (at - wall.begin) // MINUTE for at in starts}
            assert found == [at for at, first in minutes.items() if 0 not in worked[first : first + 30]]
            if shift is DAYTIME:
                there = [at.astimezone(zone) for at in found]
                assert [at.time() for at in there if at.date() == change.astimezone(zone).date()] == opening
            if shift is ROUND_THE_CLOCK:
                assert found == starts


def told(text: str, near: datetime, name: str) -> datetime:
    """The instant somebody who reads a time of day means, near a moment and with the season or offset it names."""
    match = TIME_OF_DAY.search(text)
    assert match is not None
    hour, minute, season = int(match[1]), int(match[2]), match[3]
    there = formats.local(near, name)
    named = instants(datetime.combine(there.date(), time(hour, minute)), ZoneInfo(name))
    if season is None:
        (only,) = named
        return only
    (meant,) = [at for at in named if season in (formats.local(at, name).tzname(), offset_of(at, name))]
    return meant


def offset_of(at: datetime, name: str) -> str:
    """An offset as we write it: UTC−3, UTC+5:45."""
    minutes = int((formats.local(at, name).utcoffset() or timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02d}" if rest else "")


@each_zone
def test_what_anybody_reads_of_a_start_names_that_instant_and_no_other(name: str) -> None:
    for change in changes(ZoneInfo(name)):
        near = [at for at in grid(change) if abs(at - change) <= 3 * HOUR]
        for lang in ("zh-Hans", "en"):
            for write in (formats.moment, formats.short_moment):
                assert len({write(at, name, lang, change - AHEAD) for at in near}) == len(near)
        for at in near:
            begins, ends = formats.span(at, at + 90 * MINUTE, name).split("–")
            assert told(formats.clock(at, name), at, name) == told(begins, at, name) == at
            assert told(ends, at + 90 * MINUTE, name) == at + 90 * MINUTE


def test_a_shift_over_the_hour_that_is_skipped_is_an_hour_shorter_and_over_the_doubled_one_longer(staff: Staff) -> None:
    spring, autumn = datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)
    lengths = []
    for change in (spring, autumn):
        night = [at for at in listed(staff, "Europe/London", NIGHT, change) if abs(at - change) < timedelta(hours=6)]
        lengths.append(night[-1] - night[0] + timedelta(minutes=30))
    assert lengths == [timedelta(hours=7), timedelta(hours=9)]
