"""Several workers on one announcement, and a crash at every line: nobody is written to twice, nobody is left out."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import bindparam, update

from core import announcements, audit
from core.announcements import AnnouncementState, writing
from core.announcements.tables import announcement as table
from core.db import Database, Tx, UniqueViolation
from tests.builders import NOW
from tests.core.announcements.ground import ANNA, REAL, a_crowd, a_draft, messages, recipients, started, the, work
from tests.core.racing import race


class Crash(Exception):
    """The process ends here."""


def test_workers_who_write_at_once_write_to_everybody_once(any_database: Database) -> None:
    db = any_database
    crowd = a_crowd(db, 40)
    made = started(db)
    portion = partial(announcements.due_work, now=NOW, real_now=REAL, most=4)
    for _ in range(6):
        results = race(db, [portion] * 4)
        assert not [one for one in results if isinstance(one, Exception)]
    work(db)
    assert recipients(db) == sorted(crowd)
    assert the(db, made.id).written == 40


@pytest.mark.parametrize("guarded", [True, False])
def test_the_cursor_decides_between_workers_who_saw_the_same(
    any_database: Database, monkeypatch: pytest.MonkeyPatch, *, guarded: bool
) -> None:
    """Without it only the belt is left: the unique key refuses the second worker, after all of its work."""
    db = any_database
    crowd = a_crowd(db, 6)
    made = started(db)
    seen = db.read(writing._next)
    monkeypatch.setattr(writing, "_next", lambda _: seen)
    if not guarded:
        columns = {"state": "state", "written": "written", "cursor_id": "cursor", "next_at": "next"}
        moved: dict[str, Any] = {column: bindparam(f"new_{name}") for column, name in columns.items()}
        monkeypatch.setattr(writing, "_MOVE_ON", update(table).where(table.c.id == bindparam("b_id")).values(moved))

    results = race(db, [partial(announcements.due_work, now=NOW, real_now=REAL)] * 4)

    refused = [one for one in results if isinstance(one, UniqueViolation)]
    assert len(refused) == (0 if guarded else 3)
    assert recipients(db) == sorted(crowd)
    assert the(db, made.id).written == 6


def test_who_start_it_at_once_start_it_once(any_database: Database) -> None:
    db = any_database
    a_crowd(db, 3)
    made = a_draft(db)
    results = race(db, [partial(_start, announcement_id=made.id, by=by) for by in range(1, 6)])
    assert len({one.started_by for one in results}) == 1
    lines = [line.action for line in db.read(audit.lines) if line.subject_id == made.id]
    assert lines.count("announcement.started") == 1
    work(db)
    assert len(recipients(db)) == 3


def test_a_start_and_a_stop_at_once_leave_it_stopped(any_database: Database) -> None:
    db = any_database
    a_crowd(db, 3)
    for _ in range(4):
        made = a_draft(db)
        race(db, [partial(_start, announcement_id=made.id, by=1), partial(_stop, announcement_id=made.id)])
        work(db)
        assert the(db, made.id).state is AnnouncementState.STOPPED


def test_a_stop_while_portions_are_written_leaves_nothing_to_send(any_database: Database) -> None:
    db = any_database
    a_crowd(db, 20)
    made = started(db)
    portion = partial(announcements.due_work, now=NOW, real_now=REAL, most=3)
    race(db, [portion, portion, partial(_stop, announcement_id=made.id), portion])
    work(db, most=3)
    assert {one.due_at for one in messages(db)} <= {None}
    assert the(db, made.id).written == len(messages(db))


@pytest.mark.parametrize("verb", ["_move_on", "broadcast", "after"])
def test_a_crash_at_any_line_writes_to_nobody_twice_and_leaves_nobody_out(
    any_database: Database, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    db = any_database
    crowd = a_crowd(db, 9)
    started(db)
    work(db, most=3, times=1)

    def crashing(tx: Tx) -> None:
        announcements.due_work(tx, now=NOW, real_now=REAL, most=3)
        raise Crash

    with monkeypatch.context() as here:
        if verb != "after":
            here.setattr(writing, verb, _then_crashing(getattr(writing, verb)))
        with pytest.raises(Crash):
            db.run(crashing)
    work(db, most=4)
    assert recipients(db) == sorted(crowd)


def _then_crashing(act: Callable[..., object]) -> Callable[..., object]:
    def acts(*args: object, **facts: object) -> object:
        act(*args, **facts)
        raise Crash

    return acts


def _start(tx: Tx, announcement_id: int, by: int) -> announcements.Announcement:
    return announcements.start(tx, announcement_id, operator_id=by, now=NOW)


def _stop(tx: Tx, announcement_id: int) -> announcements.Announcement:
    return announcements.stop(tx, announcement_id, operator_id=ANNA, now=NOW)
