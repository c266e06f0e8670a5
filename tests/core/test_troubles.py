"""What only an operator can mend calls one: one ticket a cause, a day at most, closed by itself when it is over."""

from datetime import datetime, timedelta

import pytest

from core import support
from core.db import Database
from core.support import TicketState
from tests.builders import NOW

DAY = timedelta(days=1)
QUOTA = "wechat:bell:45009:kefu"


def call(
    db: Database, cause: str = QUOTA, *, after: timedelta = timedelta(), ends_at: datetime | None = None
) -> int | None:
    return db.run(
        lambda tx: support.call_about(tx, cause, summary=f"{cause} is refused", now=NOW + after, ends_at=ends_at)
    )


def over(db: Database, cause: str = QUOTA) -> bool:
    return db.run(lambda tx: support.is_over(tx, cause, now=NOW))


def live(db: Database) -> list[str]:
    return [one.summary for one in db.read(support.open_tickets)]


def test_a_cause_that_lasts_is_one_ticket_however_often_it_is_met(any_database: Database) -> None:
    first = call(any_database)

    assert first is not None
    assert [call(any_database, after=hours * timedelta(hours=1)) for hours in (0, 1, 30)] == [None] * 3
    assert live(any_database) == [f"{QUOTA} is refused"]


def test_each_cause_has_a_ticket_of_its_own_apart_from_what_the_house_finds(any_database: Database) -> None:
    call(any_database)
    call(any_database, "telegram:bell:401")
    found = any_database.run(
        lambda tx: support.open_house_ticket(tx, summary="check 2026-03-10: 1", order_id=None, now=NOW)
    )

    assert len(live(any_database)) == 3
    assert any_database.read(lambda tx: support.ticket(tx, found)).summary == "check 2026-03-10: 1"


def test_what_is_over_closes_its_ticket_and_comes_again_the_next_day_at_the_earliest(any_database: Database) -> None:
    call(any_database)

    assert over(any_database)
    assert live(any_database) == []
    assert call(any_database, after=DAY - timedelta(seconds=1)) is None
    assert call(any_database, after=DAY) is not None
    assert len(live(any_database)) == 1


def test_a_ticket_an_operator_has_is_theirs_to_close(any_database: Database) -> None:
    ticket_id = call(any_database)
    assert ticket_id is not None
    any_database.run(lambda tx: support.take(tx, ticket_id, operator_id=7, now=NOW))

    assert not over(any_database)
    assert any_database.read(lambda tx: support.ticket(tx, ticket_id)).state is TicketState.TAKEN


@pytest.mark.parametrize("cause", [QUOTA, "never met"])
def test_nothing_is_closed_twice_or_that_was_never_open(any_database: Database, cause: str) -> None:
    call(any_database)
    over(any_database)

    assert not over(any_database, cause)


def test_what_ends_by_the_clock_is_closed_by_whoever_looks_first_after_it_and_by_nobody_sooner(
    any_database: Database,
) -> None:
    def look(at: datetime) -> int:
        return any_database.run(lambda tx: support.end_by_now(tx, at))

    midnight = NOW + 5 * timedelta(hours=1)
    call(any_database, ends_at=midnight)
    call(any_database, "telegram:bell:401")

    assert look(midnight - timedelta(seconds=1)) == 0
    assert look(midnight) == 1
    assert live(any_database) == ["telegram:bell:401 is refused"]
    assert look(midnight) == 0


def test_what_comes_again_without_an_end_is_not_closed_by_the_end_it_had(any_database: Database) -> None:
    call(any_database, ends_at=NOW + timedelta(hours=1))
    over(any_database)
    call(any_database, after=DAY)

    assert any_database.run(lambda tx: support.end_by_now(tx, NOW + 2 * DAY)) == 0
    assert len(live(any_database)) == 1
