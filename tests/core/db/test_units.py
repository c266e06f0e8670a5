"""Units of work keep the same promises on SQLite, MariaDB and PostgreSQL."""

import asyncio
import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Column, bindparam, func, select, update

from core.crypto import Vault
from core.db import (
    ConstraintViolation,
    Database,
    DatabaseBusy,
    DatabaseError,
    Instant,
    LocalDate,
    Retryable,
    Tx,
    UniqueViolation,
    insert_into,
    open_database,
)
from core.db.schema import to_micros
from core.money.tables import posting
from core.settings.tables import counter, setting

NOW = datetime(2026, 11, 20, 4, 30, 15, 123456, tzinfo=UTC)
_ADD = insert_into(counter)
_ALL = select(counter.c.name, counter.c.value).order_by(counter.c.name)
_VALUE = select(counter.c.value).where(counter.c.name == bindparam("b_name"))
_RAISE = (
    update(counter).where(counter.c.name == bindparam("b_name")).values(value=counter.c.value + bindparam("b_more"))
)
_COUNT = select(func.count().label("n")).select_from(counter)


class Stumble(Exception):
    """What a unit's own code raises."""


def add(name: str, value: int = 0) -> Callable[[Tx], None]:
    def unit(tx: Tx) -> None:
        tx.execute(_ADD, {"name": name, "value": value})

    return unit


def value_of(name: str) -> Callable[[Tx], int | None]:
    def unit(tx: Tx) -> int | None:
        found: int | None = tx.scalar(_VALUE, {"b_name": name})
        return found

    return unit


def names(database: Database) -> list[str]:
    return [row.name for row in database.read(lambda tx: tx.all(_ALL))]


def test_a_unit_that_returns_is_kept(database: Database) -> None:
    database.run(add("a", 7))

    assert database.read(value_of("a")) == 7


def test_a_unit_that_raises_leaves_nothing(database: Database) -> None:
    def unit(tx: Tx) -> None:
        add("a")(tx)
        raise Stumble

    with pytest.raises(Stumble):
        database.run(unit)

    assert names(database) == []


def test_a_savepoint_that_raises_undoes_itself_alone(database: Database) -> None:
    def unit(tx: Tx) -> None:
        add("before")(tx)
        for _ in range(2):
            with contextlib.suppress(Stumble), tx.savepoint():
                add("within")(tx)
                with tx.savepoint():
                    add("deeper")(tx)
                raise Stumble
        add("after")(tx)

    database.run(unit)

    assert names(database) == ["after", "before"]


def test_a_refused_row_in_a_savepoint_does_not_spoil_the_unit(database: Database) -> None:
    def unit(tx: Tx) -> str:
        add("a")(tx)
        try:
            with tx.savepoint():
                add("a")(tx)
        except UniqueViolation:
            add("b")(tx)
            return "second"
        return "first"

    assert database.run(unit) == "second"
    assert names(database) == ["a", "b"]


def test_insert_if_new_tells_who_was_first_and_the_unit_goes_on(database: Database) -> None:
    def unit(tx: Tx) -> list[bool]:
        told = [tx.insert_if_new(_ADD, {"name": "a", "value": n}) for n in range(3)]
        add("b")(tx)
        return told

    assert database.run(unit) == [True, False, False]
    assert names(database) == ["a", "b"]
    assert database.read(value_of("a")) == 0


def test_an_unknown_table_or_a_broken_rule_has_a_name_of_ours(database: Database) -> None:
    database.run(add("a"))
    with pytest.raises(UniqueViolation):
        database.run(add("a"))

    with pytest.raises(ConstraintViolation):
        database.run(lambda tx: tx.execute(_ADD, {"name": None, "value": 0}))


def test_a_check_and_a_foreign_key_are_kept(database: Database) -> None:
    row = {"id": 1, "journal_id": 404, "account_id": 1, "amount_minor": 5, "unit": "CNY"}

    with pytest.raises(ConstraintViolation):
        database.run(lambda tx: tx.execute(insert_into(posting), row))


def test_what_is_read_back_is_what_was_written(database: Database) -> None:
    value = {"words": "门铃🔔", "list": [1, None, True]}

    database.run(lambda tx: tx.execute(insert_into(setting), {"name": "x", "value": value, "changed_at": NOW}))
    row = database.read(lambda tx: tx.first(select(setting)))

    assert row == ("x", value, NOW)


def test_an_instant_must_be_aware_and_a_day_is_a_day() -> None:
    with pytest.raises(ValueError, match="aware UTC"):
        to_micros(datetime(2026, 1, 1))  # noqa: DTZ001  that is what is refused
    column: Column[date] = Column("day", LocalDate)
    assert column.type.process_bind_param(date(2026, 11, 20), None) == 739940  # type: ignore[attr-defined]
    assert Instant().process_result_value(to_micros(NOW), None) == NOW  # type: ignore[arg-type]


def test_an_update_that_changes_nothing_has_still_met_its_row(database: Database) -> None:
    database.run(add("a"))

    assert database.run(lambda tx: tx.execute(_RAISE, {"b_name": "a", "b_more": 0})) == 1
    assert database.run(lambda tx: tx.execute(_RAISE, {"b_name": "none", "b_more": 0})) == 0


def test_many_rows_go_in_at_once_and_none_is_no_error(database: Database) -> None:
    database.run(lambda tx: tx.execute_many(_ADD, [{"name": f"n{n}", "value": n} for n in range(50)]))
    database.run(lambda tx: tx.execute_many(_ADD, []))

    assert database.read(lambda tx: tx.scalar(_COUNT)) == 50


def test_units_from_many_tasks_all_count(database: Database) -> None:
    database.run(add("a"))

    async def story() -> None:
        units = (database.arun(lambda tx: tx.execute(_RAISE, {"b_name": "a", "b_more": 1})) for _ in range(200))
        assert await asyncio.gather(*units) == [1] * 200

    asyncio.run(story())

    assert database.read(value_of("a")) == 200


def test_a_bad_unit_does_not_fail_its_neighbours(database: Database) -> None:
    def bad(tx: Tx) -> None:
        add("bad")(tx)
        raise Stumble

    async def story() -> list[object]:
        units = [bad if n % 5 == 0 else add(f"good{n:02}") for n in range(25)]
        return list(await asyncio.gather(*(database.arun(unit) for unit in units), return_exceptions=True))

    outcomes = asyncio.run(story())

    assert [isinstance(outcome, Stumble) for outcome in outcomes] == [n % 5 == 0 for n in range(25)]
    assert names(database) == [f"good{n:02}" for n in range(25) if n % 5]


def test_a_neighbours_clash_is_its_own(database: Database) -> None:
    async def story() -> list[object]:
        return list(await asyncio.gather(*(database.arun(add("same")) for _ in range(20)), return_exceptions=True))

    outcomes = asyncio.run(story())

    assert sum(outcome is None for outcome in outcomes) == 1
    assert sum(isinstance(outcome, UniqueViolation) for outcome in outcomes) == 19


def test_a_retryable_unit_is_run_again_whole(database: Database) -> None:
    tries: list[int] = []

    def unit(tx: Tx) -> str:
        tries.append(len(tries))
        add("a", len(tries))(tx)
        if len(tries) < 3:
            raise Retryable("deadlock")
        return "done"

    assert database.run(unit) == "done"
    assert len(tries) == 3
    assert database.read(value_of("a")) == 3


def test_a_unit_that_never_gets_through_ends_after_five_tries(database: Database) -> None:
    tries: list[int] = []

    def unit(tx: Tx) -> None:
        tries.append(1)
        add("a")(tx)
        raise Retryable("busy")

    with pytest.raises(DatabaseBusy):
        database.run(unit)

    assert len(tries) == 5
    assert names(database) == []


def test_acts_after_the_commit_happen_once_and_never_for_what_was_undone(database: Database) -> None:
    seen: list[tuple[str, int | None]] = []
    tries: list[int] = []

    def unit(tx: Tx) -> None:
        tries.append(1)
        add("a", 5)(tx)
        tx.after_commit(lambda: seen.append(("kept", None)))
        with contextlib.suppress(Stumble), tx.savepoint():
            tx.after_commit(lambda: seen.append(("undone", None)))
            raise Stumble
        if len(tries) == 1:
            raise Retryable("again")

    def fails(tx: Tx) -> None:
        tx.after_commit(lambda: seen.append(("failed", None)))
        raise Stumble

    database.run(unit)
    with pytest.raises(Stumble):
        database.run(fails)

    assert seen == [("kept", None)]


def test_a_reading_unit_sees_one_moment(database: Database) -> None:
    database.run(add("a", 1))
    looked, moved = threading.Event(), threading.Event()

    def reading(tx: Tx) -> tuple[int | None, int | None]:
        first = value_of("a")(tx)
        looked.set()
        moved.wait(30)
        return first, value_of("a")(tx)

    def move() -> None:
        looked.wait(30)
        database.run(lambda tx: tx.execute(_RAISE, {"b_name": "a", "b_more": 1}))
        moved.set()

    mover = threading.Thread(target=move)
    mover.start()
    assert database.read(reading) == (1, 1)
    mover.join()

    assert database.read(value_of("a")) == 2


def test_a_reading_unit_cannot_write(database: Database) -> None:
    with pytest.raises(DatabaseError):
        database.read(add("a"))

    assert names(database) == []


def test_what_one_task_committed_the_next_one_reads(database: Database) -> None:
    async def story() -> list[int | None]:
        seen = []
        for n in range(20):
            await database.arun(add(f"k{n}", n))
            seen.append(await database.aread(value_of(f"k{n}")))
        return seen

    assert asyncio.run(story()) == list(range(20))


def test_a_missing_parameter_is_named_before_anything_is_sent(database: Database) -> None:
    with pytest.raises(KeyError, match="value"):
        database.run(lambda tx: tx.execute(_ADD, {"name": "a"}))


def test_closing_finishes_what_was_asked(database_url: str, database: Database) -> None:
    other = open_database(database_url, Vault(b"test" * 8))
    threads = [threading.Thread(target=other.run, args=(add(f"t{n}"),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()

    assert len(names(database)) == 4


@pytest.mark.parametrize("database_url", ["mariadb", "postgresql"], indirect=True)
def test_two_units_that_lock_crosswise_both_end_well(database: Database) -> None:
    database.run(add("a"))
    database.run(add("b"))
    both = threading.Barrier(2, timeout=30)
    tries: list[str] = []

    def crosswise(first: str, second: str) -> Callable[[Tx], None]:
        def unit(tx: Tx) -> None:
            tries.append(first)
            tx.execute(_RAISE, {"b_name": first, "b_more": 1})
            if tries.count(first) == 1:
                both.wait()
            tx.execute(_RAISE, {"b_name": second, "b_more": 1})

        return unit

    threads = [threading.Thread(target=database.run, args=(crosswise(*pair),)) for pair in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(tries) > 2  # one of them was the deadlock's victim and ran again
    assert (database.read(value_of("a")), database.read(value_of("b"))) == (2, 2)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_units_that_come_together_share_a_commit(database: Database, database_url: str) -> None:
    commits = []

    async def story() -> None:
        connection = database._writer_connection  # type: ignore[attr-defined]
        connection.set_trace_callback(lambda sql: commits.append(sql) if sql == "COMMIT" else None)
        await asyncio.gather(*(database.arun(add(f"n{n}")) for n in range(60)))
        connection.set_trace_callback(None)

    asyncio.run(story())

    assert len(names(database)) == 60
    assert len(commits) < 10


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_unit_within_a_unit_is_refused_rather_than_waited_for(database: Database) -> None:
    with pytest.raises(RuntimeError, match="pass its Tx on"):
        database.run(lambda _: database.run(add("a")))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_killed_writer_leaves_a_sound_file_with_everything_it_had_acknowledged(
    database: Database, database_url: str
) -> None:
    script = """if True:
        import sys
        from tests.core.db.test_units import add
        from core.crypto import Vault
        from core.db import open_database
        database = open_database(sys.argv[1], Vault(b"test" * 8))
        for n in range(100000):
            database.run(add(f"n{n:06}"))
            print(n, flush=True)
    """
    root = Path(__file__).parents[3]
    writer = subprocess.Popen([sys.executable, "-c", script, database_url], cwd=root, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    acknowledged = [int(writer.stdout.readline()) for _ in range(40)]
    os.kill(writer.pid, signal.SIGKILL)
    acknowledged += [int(line) for line in writer.stdout.read().split("\n") if line]
    writer.wait()
    writer.stdout.close()

    kept = names(database)
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert kept[: len(acknowledged)] == [f"n{n:06}" for n in acknowledged]
    assert len(kept) <= len(acknowledged) + 1  # one commit may have been under way
