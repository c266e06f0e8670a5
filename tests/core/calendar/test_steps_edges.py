"""Steps that chance seldom takes: undoings, the microsecond a hold lapses, a way that begins now."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core import calendar, settings, technicians
from core.calendar import Free, Full, Hold, NotBookable, Rule, SlotTaken, Wish
from core.db import Database, Tx
from core.technicians import RotaSpan
from tests.builders import NOW, City, a_customer, a_database
from tests.core.calendar.ground import TEN_KM_EAST, a_wish, at

MIDDAY = at("14:00")
MICROSECOND = timedelta(microseconds=1)


class Undone(Exception):
    """Not wanted after all."""


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """SQLite alone: what is remembered in memory is the same everywhere."""
    opened = a_database(tmp_path)
    yield opened
    opened.close()


def hold(tx: Tx, city: City, start: datetime = MIDDAY, now: datetime = NOW) -> Hold:
    return calendar.hold(tx, city.customer.id, a_wish(city), technician_id=city.technician.id, starts_at=start, now=now)


def seen_by_another(tx: Tx, city: City, wish: Wish | None = None, now: datetime = NOW) -> Free | Full:
    """What somebody with no holds can book from 14:00 to 14:15 tomorrow."""
    return calendar.free_starts(
        tx, wish or a_wish(city), person_id=1, now=now, from_at=MIDDAY, until_at=MIDDAY + calendar.CELL
    )


def change_rota(tx: Tx, city: City) -> None:
    technicians.set_rota(tx, city.technician.id, [RotaSpan(weekday, 0, 1440) for weekday in range(7)])


@pytest.mark.parametrize("undone", [hold, change_rota])
def test_what_was_read_in_a_savepoint_that_was_undone_is_not_believed(
    database: Database, city: City, undone: Callable[[Tx, City], object]
) -> None:
    def unit(tx: Tx) -> list[Free | Full]:
        with suppress(Undone), tx.savepoint():
            undone(tx, city)
            seen_by_another(tx, city)
            raise Undone
        before = seen_by_another(tx, city)
        hold(tx, city)
        return [before, seen_by_another(tx, city)]

    assert database.run(unit) == [Free((MIDDAY,)), Full(None)]
    assert database.read(lambda tx: seen_by_another(tx, city)) == Full(None)


@pytest.mark.parametrize("undone", [hold, change_rota])
def test_what_was_read_in_a_unit_that_failed_is_not_remembered(
    database: Database, city: City, undone: Callable[[Tx, City], object]
) -> None:
    def unit(tx: Tx) -> None:
        undone(tx, city)
        seen_by_another(tx, city)
        raise Undone

    for _ in range(3):
        with pytest.raises(Undone):
            database.run(unit)
        assert database.read(lambda tx: seen_by_another(tx, city)) == Free((MIDDAY,))
        assert database.run(lambda tx: seen_by_another(tx, city)) == Free((MIDDAY,))


def test_a_hold_is_somebody_s_until_the_microsecond_before_it_expires(database: Database, city: City) -> None:
    until = database.run(lambda tx: hold(tx, city)).expires_at
    other = database.run(a_customer).id
    wish = a_wish(city)

    def take(now: datetime) -> Hold:
        return database.run(
            lambda tx: calendar.hold(tx, other, wish, technician_id=wish.technician_id, starts_at=MIDDAY, now=now)
        )

    assert database.read(lambda tx: seen_by_another(tx, city, now=until - MICROSECOND)) == Full(None)
    with pytest.raises(SlotTaken):
        take(until - MICROSECOND)
    assert database.read(lambda tx: calendar.live_holds(tx, city.customer.id, until)) == ()
    assert database.read(lambda tx: seen_by_another(tx, city, now=until)) == Free((MIDDAY,))
    assert take(until).slot.starts_at == MIDDAY


def test_who_is_at_a_visit_s_place_sets_out_from_there_and_not_before_now(database: Database, city: City) -> None:
    """33 minutes from where the technician was last: at 12:30 they can be there at 13:15, not at 12:45 or 13:00."""
    lunch, now = a_wish(city), at("12:30")
    east = a_wish(city, lat=TEN_KM_EAST.lat, lng=TEN_KM_EAST.lng)

    def unit(tx: Tx) -> Free | Full:
        settings.change(tx, "notice_minutes", 0, NOW)
        calendar.take_for_order(tx, 1, city.customer.id, lunch, starts_at=at("10:30"), now=NOW)
        return calendar.free_starts(tx, east, person_id=1, now=now, from_at=now, until_at=now + timedelta(hours=1))

    assert database.run(unit) == Free((at("13:15"),))


def test_for_a_start_off_the_grid_the_nearest_is_told_to_the_minute(database: Database, city: City) -> None:
    """Free at 10:00 and 13:00 alone: of 11:37 the later is nearer, though not of 11:30."""
    hours = [RotaSpan(weekday, start, start + 60) for weekday in range(7) for start in (600, 780)]
    database.run(lambda tx: technicians.set_rota(tx, city.technician.id, hours))

    with pytest.raises(NotBookable) as refused:
        database.run(lambda tx: hold(tx, city, at("11:37")))

    assert refused.value.rule is Rule.OFF_GRID
    assert refused.value.nearest is not None
    assert refused.value.nearest.starts_at == at("13:00")
