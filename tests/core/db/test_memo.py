"""What a transaction remembers of what it read, and for how long; and what it shows when all of it was lost."""

import contextlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import bindparam, update

from core.db import Database, Retryable, Tx
from core.settings import bump, counter
from core.settings.tables import counter as table

_TOUCH = update(table).where(table.c.name == bindparam("b_name")).values(value=table.c.value)


def test_stamps_are_read_once_as_long_as_no_guard_is_taken(database: Database) -> None:
    first = database.run(lambda tx: bump(tx, "catalogue"))
    second = database.run(lambda tx: bump(tx, "roster"))

    def unit(tx: Tx) -> tuple[int, int, int, int]:
        found = counter(tx, "catalogue"), counter(tx, "roster"), counter(tx, "settings")
        return *found, tx.statements_run

    assert database.run(unit) == (first, second, 0, 1)


def test_a_stamp_given_in_the_same_transaction_is_seen_at_once(database: Database) -> None:
    def unit(tx: Tx) -> tuple[int, int, int, int]:
        before = counter(tx, "roster")
        new = bump(tx, "roster")
        first = counter(tx, "roster")
        newer = bump(tx, "roster")
        assert new != newer
        return before, first - new, counter(tx, "roster") - newer, counter(tx, "catalogue")

    assert database.run(unit) == (0, 0, 0, 0)


def test_a_stamp_whose_change_was_undone_is_forgotten(database: Database) -> None:
    stamp = database.run(lambda tx: bump(tx, "roster"))

    def unit(tx: Tx) -> int:
        with contextlib.suppress(LookupError), tx.savepoint():
            bump(tx, "roster")
            assert counter(tx, "roster") != stamp
            raise LookupError
        return counter(tx, "roster")

    assert database.run(unit) == stamp


@pytest.mark.parametrize("database_url", ["mariadb", "postgresql"], indirect=True)
def test_what_others_changed_is_seen_after_taking_a_guard(database: Database) -> None:
    """On the servers; SQLite has one writer, so nobody changes anything meanwhile."""
    database.run(lambda tx: bump(tx, "guarded"))
    old = database.run(lambda tx: bump(tx, "roster"))

    with ThreadPoolExecutor(1) as elsewhere:

        def unit(tx: Tx) -> tuple[int, int, int]:
            before = counter(tx, "roster")
            new = elsewhere.submit(database.run, lambda other: bump(other, "roster")).result()
            tx.execute(_TOUCH, {"b_name": "guarded"})
            return before, counter(tx, "roster"), new

        before, after, new = database.run(unit)

    assert before == old
    assert after == new


def test_a_deadlock_inside_nested_savepoints_runs_the_unit_again(database: Database) -> None:
    tries: list[int] = []

    def unit(tx: Tx) -> str:
        tries.append(1)
        with tx.savepoint(), tx.savepoint():
            if len(tries) == 1:
                tx._cursor.execute("ROLLBACK")  # as MariaDB does to the victim of a deadlock: no savepoint is left
                raise Retryable("deadlock")
        return "done"

    assert database.run(unit) == "done"
    assert len(tries) == 2
