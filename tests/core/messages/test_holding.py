"""What waits for a person's next act is taken once, given back by a crash, and not kept for ever."""

from datetime import timedelta

from core import people
from core.db import Database
from core.messages import MessageState, Template, forget_reminders, tell
from core.messages.holding import LONGEST_HELD, give_up, hold, take_held
from core.messages.outbox import Due
from tests.core.messages.ground import NOON, REAL, URGENT, announced, claim, held_rows, keys, noted, persons, rows, said

LEASE = timedelta(seconds=8)


def held(db: Database, *, channel: str = "wechat") -> list[Due]:
    """Have the sender hold all that is due."""
    found = list(claim(db))
    for due in found:
        noted(db, due, MessageState.HELD, why="no window", tried=False, channel=channel)
        db.run(lambda tx, due=due: hold(tx, due.id, person_id=due.person_id, channel=channel, since=NOON))  # type: ignore[misc]
    return found


def taken(db: Database, person_id: int, *, channel: str = "wechat", lease: int = 5, most: int = 5) -> tuple[Due, ...]:
    found = db.run(
        lambda tx: take_held(tx, person_id, channel, lease=lease, leased_until=REAL + LEASE, now=NOON, most=most)
    )
    assert all(one.since == NOON for one in found)
    return tuple(one.due for one in found)


def test_what_is_held_is_due_to_no_sender_and_taken_by_the_persons_next_act_there(any_database: Database) -> None:
    db = any_database
    anna, bo = persons(db, 2)
    said(db, anna, "one", "two")
    said(db, anna, "urgent", template=URGENT)
    said(db, bo, "other")
    held(db)

    assert claim(db, after=timedelta(days=1)) == ()
    assert taken(db, anna, channel="telegram") == ()
    mine = taken(db, anna)
    assert keys(mine) == ["urgent", "one", "two"]
    assert taken(db, anna) == ()
    assert {due.lease for due in mine} == {5}
    assert [row.person_id for row in held_rows(db)] == [bo]
    assert noted(db, mine[0], MessageState.SENT)


def test_only_so_many_are_taken_at_once_and_the_rest_waits_on(any_database: Database) -> None:
    db = any_database
    [anna] = persons(db, 1)
    said(db, anna, "one", "two", "three")
    held(db)

    assert keys(taken(db, anna, most=2)) == ["one", "two"]
    assert keys(taken(db, anna, most=2)) == ["three"]


def test_a_turn_that_dies_gives_back_what_it_took_when_its_lease_runs_out(any_database: Database) -> None:
    db = any_database
    [anna] = persons(db, 1)
    said(db, anna, "one")
    held(db)
    taken(db, anna)

    assert claim(db, after=timedelta(seconds=7)) == ()
    [due] = claim(db, after=timedelta(seconds=9))
    assert (due.facts["key"], due.state) == ("one", MessageState.WAITING)


def test_what_did_not_fit_is_held_again(any_database: Database) -> None:
    db = any_database
    [anna] = persons(db, 1)
    said(db, anna, "one")
    held(db)
    [due] = taken(db, anna)
    noted(db, due, MessageState.HELD, tried=False)
    db.run(lambda tx: hold(tx, due.id, person_id=anna, channel="wechat", since=NOON))

    assert keys(taken(db, anna)) == ["one"]


def test_what_nobody_came_for_in_time_is_given_up_where_operators_see_it(any_database: Database) -> None:
    db = any_database
    anna, bo, cy = persons(db, 3)
    said(db, anna, "short", expires_at=NOON + timedelta(hours=1))
    said(db, bo, "long")
    announced(db, [cy])
    held(db)

    def states_after(days: timedelta) -> list[str]:
        db.run(lambda tx: give_up(tx, NOON + days))
        return [row.state for row in rows(db)]

    assert states_after(timedelta(minutes=59)) == ["held", "held", "held"]
    assert states_after(timedelta(hours=1)) == ["failed", "held", "held"]
    assert states_after(LONGEST_HELD) == ["failed", "failed", "dropped"]
    assert held_rows(db) == []


def test_a_reminder_that_is_held_is_forgotten_with_its_visit(any_database: Database) -> None:
    db = any_database
    [anna] = persons(db, 1)
    db.run(
        lambda tx: tell(tx, anna, Template.REMINDER_DAY, dedupe="r", now=NOON, order_id=9, facts={"key": "reminder"})
    )
    held(db)

    assert db.run(lambda tx: forget_reminders(tx, 9)) == 1
    assert taken(db, anna) == ()


def test_nothing_is_held_for_whoever_was_erased(any_database: Database) -> None:
    db = any_database
    [anna] = persons(db, 1)
    said(db, anna, "one")
    held(db)

    db.run(lambda tx: people.erase(tx, anna, NOON))

    assert held_rows(db) == []
    assert [row.state for row in rows(db)] == ["dropped"]
