"""What is due is claimed once, what presses most first, and each person's words in their order."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import bindparam, select, update

from core.db import Database, Row, Tx
from core.messages import MessageState, Rank, outbox, tell
from core.messages.outbox import Due, Outcome, note_all, push_back
from core.messages.tables import message
from tests.core.messages.ground import (
    NOON,
    ORDINARY,
    REAL,
    URGENT,
    announced,
    claim,
    keys,
    noted,
    persons,
    rows,
    said,
    statements,
)
from tests.core.racing import Together

_ALL = select(*outbox.READ).order_by(message.c.id)
_LOOK = {"b_now": NOON, "b_real": REAL, "b_most": 32, "b_urgent": 32}


def test_what_is_urgent_comes_first_then_what_is_meant_for_one_then_what_is_for_all(any_database: Database) -> None:
    db = any_database
    anna, bo, cy = persons(db, 3)
    announced(db, [anna, bo], key="all")
    said(db, bo, "ordinary")
    said(db, cy, "later", at=NOON + timedelta(seconds=1))
    said(db, cy, "urgent", template=URGENT)

    assert keys(claim(db)) == ["urgent", "ordinary", "all", "all"]
    assert keys(claim(db)) == []
    assert keys(claim(db, after=timedelta(seconds=1))) == []  # cy is being told something urgent
    assert keys(claim(db, after=timedelta(seconds=61))) == ["urgent", "ordinary", "later", "all", "all"]


def test_urgent_messages_have_hands_of_their_own(any_database: Database) -> None:
    db = any_database
    crowd = persons(db, 10)
    announced(db, crowd, key="all")
    for number, one in enumerate(crowd[:5]):
        said(db, one, f"u{number}", template=URGENT)

    assert keys(claim(db, most=2, most_urgent=0)) == ["all", "all"]
    assert keys(claim(db, most=0, most_urgent=3)) == ["u0", "u1", "u2"]
    assert claim(db, most=0, most_urgent=0) == ()


def test_a_claim_says_what_has_to_be_said_and_counts_the_try(any_database: Database) -> None:
    [anna] = persons(any_database, 1)
    said(any_database, anna, "one")

    [due] = claim(any_database)

    assert (due.person_id, due.facts, due.rank, due.state) == (
        anna,
        {"key": "one"},
        Rank.ORDINARY,
        MessageState.WAITING,
    )
    assert due.attempts == 1
    assert [(row.attempts, row.lease, row.leased_until) for row in rows(any_database)] == [
        (1, due.lease, REAL + outbox.SENDER_LEASE)
    ]


def test_a_claim_is_two_statements_and_where_nothing_is_due_one(any_database: Database) -> None:
    db = any_database
    assert statements(db, most=32) == 1
    announced(db, persons(db, 40))
    assert statements(db, most=32) == 2


def test_no_portion_is_larger_than_the_statement_has_room_for(database: Database) -> None:
    announced(database, persons(database, 80))

    assert len(claim(database, most=100)) == 64
    assert len(claim(database, most=100)) == 16


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_no_claim_sorts_all_that_is_due(any_database: Database) -> None:
    def plan(tx: object) -> str:
        prepared = tx._statements.get(outbox._DUE)  # type: ignore[attr-defined]
        tx._cursor.execute(f"EXPLAIN QUERY PLAN {prepared.sql}", prepared.bind(_LOOK))  # type: ignore[attr-defined]
        return "\n".join(row[3] for row in tx._cursor.fetchall())  # type: ignore[attr-defined]

    steps = any_database.read(plan)

    assert steps.count("USING INDEX ix_message_due") == 3
    assert steps.count("USING INDEX ix_message_person_due") == 3
    assert "SCAN message" not in steps
    assert all("TEMP B-TREE" not in part.split("SCAN of_rank")[0] for part in steps.split("MATERIALIZE")[1:])


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_burst_that_no_statistics_know_of_is_not_read_through_for_a_portion(any_database: Database) -> None:
    announced(any_database, range(1, 5_001), key="later", at=NOON + timedelta(days=1))
    announced(any_database, range(1, 1_001))

    def scanned(tx: Tx) -> float:
        prepared = tx._statements.get(outbox._DUE)
        tx._cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {prepared.sql}", prepared.bind(_LOOK))
        [[[found]]] = tx._cursor.fetchall()
        steps = [step for step in _steps(found["Plan"]) if step.get("Index Name") == "ix_message_due"]
        return float(sum(step["Actual Rows"] + step.get("Rows Removed by Filter", 0) for step in steps))

    assert any_database.read(scanned) == _LOOK["b_most"]


def _steps(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from _steps(inner)


@pytest.mark.parametrize("database_url", ["mariadb"], indirect=True)
def test_a_claim_opens_no_row_of_what_a_person_was_told_before(any_database: Database) -> None:
    db = any_database
    [anna] = persons(db, 1)
    for n in range(300):
        db.run(lambda tx, n=n: tell(tx, anna, ORDINARY, dedupe=f"told {n}", now=NOON))  # type: ignore[misc]
    while claimed := claim(db):
        done = [Outcome(due.id, due.lease, MessageState.SENT) for due in claimed]
        db.run(lambda tx, done=done: note_all(tx, done, now=NOON))  # type: ignore[misc]
    said(db, anna, "now")

    def rows_read(tx: Tx) -> int:
        before = _rows_read(tx)
        assert len(tx.all(outbox._DUE, _LOOK)) == 1
        return _rows_read(tx) - before

    assert db.read(rows_read) < 10


def _rows_read(tx: Tx) -> int:
    tx._cursor.execute("SHOW SESSION STATUS LIKE 'Handler_read_next'")
    [(_, count)] = tx._cursor.fetchall()
    return int(count)


# --- one person's order


def test_an_earlier_word_under_way_holds_back_the_persons_next(any_database: Database) -> None:
    db = any_database
    anna, bo = persons(db, 2)
    said(db, anna, "a1", "a2", "a3")
    said(db, bo, "b1")

    [first] = claim(db, most=1)
    assert keys(claim(db)) == ["b1"]
    noted(db, first, MessageState.SENT)
    assert keys(claim(db)) == ["a2", "a3"]


def test_what_goes_to_everybody_holds_back_nothing_meant_for_one(any_database: Database) -> None:
    db = any_database
    [anna] = persons(db, 1)
    announced(db, [anna], key="all")
    assert keys(claim(db)) == ["all"]

    said(db, anna, "urgent", template=URGENT)
    assert keys(claim(db, most=0, most_urgent=5)) == ["urgent"]
    announced(db, [anna], key="all again")
    assert claim(db) == ()


def test_what_waits_is_waited_for_by_what_comes_behind_it(any_database: Database) -> None:
    db = any_database
    anna, bo = persons(db, 2)
    said(db, anna, "a1", "a2")
    said(db, anna, "tomorrow", at=NOON + timedelta(days=1))
    said(db, anna, "urgent", template=URGENT)
    said(db, bo, "b1")
    until = NOON + timedelta(seconds=30)
    due = next(one for one in claim(db) if one.facts["key"] == "a1")
    noted(db, due, MessageState.WAITING, again_at=until, tried=False)
    db.run(lambda tx: tx.execute(update(message).values(leased_until=None)))

    behind = db.run(lambda tx: push_back(tx, anna, behind=due.id, rank=Rank.ORDINARY, until=until, real_now=REAL))

    assert behind == 1
    assert keys(claim(db)) == ["urgent", "b1"]
    assert [row.due_at for row in rows(db)] == [until, until, NOON + timedelta(days=1), NOON, NOON]


# --- races


def _claims_of_many(db: Database, hands: int = 8, most: int = 5) -> list[Due]:
    with ThreadPoolExecutor(hands) as pool:
        return [one for found in pool.map(lambda _: claim(db, most=most), range(hands)) for one in found]


def test_no_two_senders_get_the_same_message(any_database: Database) -> None:
    announced(any_database, persons(any_database, 40))

    claimed = _claims_of_many(any_database)

    assert len({due.id for due in claimed}) == len(claimed)
    left = [row.id for row in rows(any_database) if row.lease is None or row.leased_until is None]
    assert len(left) + len(claimed) == 40


@pytest.mark.parametrize("database_url", ["mariadb", "postgresql"], indirect=True)
def test_without_the_guard_two_senders_would_get_the_same_message(
    any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_id_alone = (
        update(message)
        .where(message.c.id.in_([bindparam(f"b_id_{n}") for n in range(64)]))
        .values(lease=bindparam("b_lease"), leased_until=bindparam("b_until"))
    )
    announced(any_database, persons(any_database, 40))
    look, together = Tx.all, Together(2)

    def looks(tx: Tx, *asked: Any) -> Sequence[Row]:
        found = look(tx, *asked)
        together.wait(tx)
        return found

    monkeypatch.setattr(outbox, "_CLAIM", by_id_alone)
    monkeypatch.setattr(Tx, "all", looks)

    claimed = _claims_of_many(any_database, most=40)

    assert len({due.id for due in claimed}) < len(claimed)


def test_a_person_another_process_has_begun_to_tell_is_left_to_it(any_database: Database) -> None:
    """It saw as we did that all was free, and was first to claim one of the two."""
    db = any_database
    anna, bo = persons(db, 2)
    said(db, anna, "a1", "a2")
    said(db, bo, "b1")
    [a1] = claim(db, most=1)
    seen = db.read(lambda tx: [outbox.due_of(row, 77) for row in tx.all(_ALL)])
    taken = {"lease": 77, "leased_until": REAL + outbox.SENDER_LEASE, "attempts": 1}
    db.run(lambda tx: tx.execute(update(message).where(message.c.id != a1.id).values(**taken)))

    kept = db.run(lambda tx: outbox._kept(tx, seen))

    assert keys(kept) == ["b1"]
    assert keys(claim(db)) == []
    noted(db, a1, MessageState.SENT)
    assert [(due.facts["key"], due.attempts) for due in claim(db)] == [("a2", 1)]


def test_a_late_note_under_a_lease_that_has_passed_on_changes_nothing(any_database: Database) -> None:
    db = any_database
    [anna] = persons(db, 1)
    said(db, anna, "one")
    [paused] = claim(db)
    [later] = claim(db, after=timedelta(seconds=61))
    assert noted(db, later, MessageState.SENT, ref="r2")

    assert not noted(db, paused, MessageState.FAILED, why="too late")
    db.run(
        lambda tx: outbox.note_all(
            tx, [outbox.Outcome(paused.id, paused.lease, MessageState.WAITING, again_at=NOON)], now=NOON
        )
    )

    [row] = rows(db)
    assert (row.state, row.external_ref, row.due_at, row.why) == ("sent", "r2", None, None)


def test_without_the_fence_a_late_note_would_undo_what_another_did(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    [anna] = persons(database, 1)
    said(database, anna, "one")
    [paused] = claim(database)
    [later] = claim(database, after=timedelta(seconds=61))
    noted(database, later, MessageState.SENT)
    by_id_alone = update(message).where(message.c.id == bindparam("b_id")).values(state=bindparam("b_state"))
    monkeypatch.setattr(outbox, "_NOTE", by_id_alone)

    noted(database, paused, MessageState.FAILED)

    assert [row.state for row in rows(database)] == ["failed"]


def test_a_note_tells_where_and_how_it_went_and_what_was_refused(any_database: Database) -> None:
    db = any_database
    [anna] = persons(db, 1)
    said(db, anna, "one")
    [due] = claim(db)
    noted(db, due, MessageState.WAITING, again_at=NOON, why="w" * 100, channel="wechat", account="main")
    [row] = rows(db)
    assert (row.why, row.channel, row.account, row.sent_by, row.sent_at) == ("w" * 64, "wechat", "main", None, None)

    [due] = claim(db)
    assert due.attempts == 2
    noted(db, due, MessageState.SENT, ref="r1", by="kefu")
    [row] = rows(db)
    assert (row.why, row.channel, row.sent_by, row.external_ref, row.sent_at) == (None, "wechat", "kefu", "r1", NOON)


def test_a_portion_that_met_one_fate_is_noted_in_one_statement(any_database: Database) -> None:
    db = any_database
    announced(db, persons(db, 40))
    claimed = claim(db, most=40)

    assert _notes(db, *(Outcome(due.id, due.lease, MessageState.SENT, by="kefu") for due in claimed)) == 1

    assert {(row.state, row.due_at, row.sent_at, row.sent_by) for row in rows(db)} == {("sent", None, NOON, "kefu")}


def test_of_a_portion_each_is_noted_with_what_became_of_it(any_database: Database) -> None:
    db = any_database
    announced(db, persons(db, 6))
    one, two, three, four, five, six = ((due.id, due.lease) for due in claim(db))
    later = NOON + timedelta(minutes=5)

    _notes(
        db,
        Outcome(*one, MessageState.SENT, ref="r1"),
        Outcome(*two, MessageState.SENT, ref="r2"),
        Outcome(*three, MessageState.DROPPED),
        Outcome(*four, MessageState.DROPPED),
        Outcome(*five, MessageState.WAITING, again_at=later, tried=False),
        Outcome(*six, MessageState.WAITING, again_at=later, why="blocked"),
    )

    assert [(row.state, row.external_ref, row.due_at, row.attempts, row.why) for row in rows(db)] == [
        ("sent", "r1", None, 1, None),
        ("sent", "r2", None, 1, None),
        ("dropped", None, None, 1, None),
        ("dropped", None, None, 1, None),
        ("waiting", None, later, 0, None),
        ("waiting", None, later, 1, "blocked"),
    ]


def test_a_portion_noted_late_leaves_alone_what_has_passed_to_another_lease(any_database: Database) -> None:
    db = any_database
    announced(db, persons(db, 2))
    mine = claim(db)
    [passed_on] = claim(db, after=timedelta(seconds=61), most=1)

    _notes(db, *(Outcome(due.id, due.lease, MessageState.SENT) for due in mine))

    states = {row.id: (row.state, row.lease) for row in rows(db)}
    assert states == {
        mine[0].id: ("waiting", passed_on.lease),
        mine[1].id: ("sent", mine[1].lease),
    }


def _notes(db: Database, *outcomes: Outcome) -> int:
    """Note what became of a portion; how many statements that took."""

    def unit(tx: Tx) -> int:
        note_all(tx, outcomes, now=NOON)
        return tx.statements_run

    return db.run(unit)
