from datetime import UTC, datetime, timedelta

import pytest

from core.clock import DemoClock, SystemClock
from core.db import Database
from core.errors import InvalidInput


def test_the_system_clock_tells_aware_utc_time() -> None:
    before = datetime.now(UTC)

    assert before <= SystemClock().now() <= datetime.now(UTC)


def test_a_demo_clock_moved_forward_stays_there_for_the_next_process(any_database: Database) -> None:
    first = DemoClock(any_database)
    neighbour = DemoClock(any_database)

    first.advance(timedelta(hours=2))
    first.advance(timedelta(minutes=30))
    neighbour.refresh()

    expected = datetime.now(UTC) + timedelta(hours=2, minutes=30)
    for clock in (first, neighbour, DemoClock(any_database)):
        assert abs(clock.now() - expected) < timedelta(seconds=10)


def test_two_processes_moving_the_demo_clock_add_up(database: Database) -> None:
    one, other = DemoClock(database), DemoClock(database)

    one.advance(timedelta(hours=1))
    other.advance(timedelta(hours=1))
    one.refresh()

    assert abs(one.now() - other.now()) < timedelta(seconds=5)
    assert one.now() > datetime.now(UTC) + timedelta(minutes=119)


def test_a_demo_clock_never_runs_backwards(database: Database) -> None:
    clock = DemoClock(database)

    with pytest.raises(InvalidInput):
        clock.advance(timedelta(minutes=-1))
