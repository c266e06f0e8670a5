"""What the worker's own chores do: the nightly look."""

import asyncio
import logging
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import update

from core import heard, people, support
from core.db import Database, Tx
from core.heard import How
from core.orders.states import OrderState
from core.orders.tables import order as order_table
from menling.chores import look_over
from tests.builders import NOW, ZONE, a_city, a_database
from tests.visits import an_order


class StandingClock:
    """Shows what it is set to."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return a_database(tmp_path)


def test_what_does_not_hold_is_logged_with_ids_only_and_becomes_one_ticket_a_night(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    clock = StandingClock()
    city = database.run(a_city)
    order = database.run(lambda tx: an_order(tx, city, state=OrderState.ACCEPTED))

    def look() -> list[str] | None:
        return asyncio.run(look_over(database, clock, ZONE))

    assert look() == []
    assert database.read(support.open_tickets) == ()
    database.run(lambda tx: tx.execute(update(order_table).values(version=9)))
    assert look() is None  # this night was looked at
    clock.at += timedelta(days=1)
    with caplog.at_level(logging.ERROR):
        found = look()

    assert found == [f"order {order.id} and its events disagree"]
    told = [line for line in caplog.records if line.name == "menling.chores"]
    assert [(line.levelno, vars(line)["finding"]) for line in told] == [(logging.ERROR, found[0])]
    (ticket,) = database.read(support.open_tickets)
    assert ticket.summary == f"check 2026-03-11: 1\n{found[0]}"
    assert look() is None
    database.close()


def test_the_nightly_look_forgets_words_that_were_kept_long_enough(database: Database) -> None:
    clock = StandingClock()
    city = database.run(a_city)
    long_ago = NOW - timedelta(days=91)
    for number in range(3):
        database.run(partial(_heard, person_id=city.customer.id, words=f"咕噜{number}", at=long_ago))
    database.run(partial(_heard, person_id=city.customer.id, words="新的", at=NOW))

    assert asyncio.run(look_over(database, clock, ZONE)) == []

    kept = database.read(lambda tx: heard.kept(tx, since=long_ago))
    assert [one.words for one in kept] == ["新的"]
    database.close()


def _heard(tx: Tx, *, person_id: int, words: str, at: datetime) -> None:
    key = people.key_of(tx, person_id)
    heard.keep(
        tx,
        person_id,
        key=key,
        how=How.MISSED,
        words=words,
        lang="zh-Hans",
        asked=None,
        intent="help",
        confidence=0,
        now=at,
    )
