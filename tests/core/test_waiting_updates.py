"""An update that waits for an answer from outside belongs to whoever asks, for a while, and is taken up once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from core import conversations, people
from core.conversations import Retry
from core.conversations.tables import inbox
from core.db import Database, Tx

NOW = datetime(2026, 11, 21, 2, 0, 0, 123456, tzinfo=UTC)
UNTIL = NOW + timedelta(seconds=5)


def a_waiting_update(tx: Tx) -> tuple[int, int]:
    """Return the update and its person."""
    person = people.arrive(
        tx, channel="web", account="main", external_id="lin", lang="en", zone="Asia/Shanghai", now=NOW
    )
    inbox_id = conversations.receive(
        tx,
        channel="web",
        account="main",
        external_id="u1",
        person_id=person.id,
        key=people.key_of(tx, person.id),
        raw=b"{}",
        answer_id=1,
        now=NOW,
    )
    assert inbox_id is not None
    conversations.wait(tx, inbox_id, until=UNTIL)
    return inbox_id, person.id


def taken_up(inbox_id: int, until: datetime = UNTIL) -> Callable[[Tx], bool]:
    return lambda tx: conversations.take_up(tx, inbox_id, until=until)


def retries(after: timedelta) -> Callable[[Tx], tuple[Retry, ...]]:
    return lambda tx: conversations.claim_retries(tx, real_now=NOW + after, most=9)


def test_it_is_taken_up_once_and_never_tried_again(any_database: Database) -> None:
    inbox_id, _ = any_database.run(a_waiting_update)
    assert any_database.run(retries(timedelta(seconds=4.9))) == ()
    assert any_database.run(taken_up(inbox_id))
    assert not any_database.run(taken_up(inbox_id))
    assert any_database.run(retries(timedelta(days=1))) == ()
    (row,) = any_database.read(lambda tx: tx.all(select(inbox.c.state, inbox.c.attempts)))
    assert tuple(row) == ("done", 1)


def test_once_a_worker_has_it_nobody_else_takes_it_up(any_database: Database) -> None:
    inbox_id, person_id = any_database.run(a_waiting_update)
    (retry,) = any_database.run(retries(timedelta(seconds=5)))
    assert (retry.id, retry.person_id, retry.attempts) == (inbox_id, person_id, 0)
    assert not any_database.run(taken_up(inbox_id))
    assert any_database.run(retries(timedelta(seconds=5))) == ()


def test_another_lease_is_not_ones_own(any_database: Database) -> None:
    inbox_id, _ = any_database.run(a_waiting_update)
    assert not any_database.run(taken_up(inbox_id, UNTIL + timedelta(microseconds=1)))
    assert any_database.run(taken_up(inbox_id))


def test_of_somebody_erased_nothing_is_taken_up(any_database: Database) -> None:
    inbox_id, person_id = any_database.run(a_waiting_update)
    any_database.run(lambda tx: people.erase(tx, person_id, NOW))
    assert not any_database.run(taken_up(inbox_id))
    assert any_database.run(retries(timedelta(days=1))) == ()
