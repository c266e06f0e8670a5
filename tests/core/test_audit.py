from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from core import audit
from core.audit import Role
from core.audit.tables import audit_line
from core.db import Database, Tx
from core.errors import InvalidInput, NotFound, StateConflict
from tests.builders import NOW


def some_lines(tx: Tx, count: int = 5) -> list[int]:
    return [
        audit.note(tx, "order.viewed", actor_id=7, subject_kind="order", subject_id=n, facts={"b": n, "a": 1}, now=NOW)
        for n in range(count)
    ]


def test_lines_are_read_newest_first_page_by_page_and_by_subject(any_database: Database) -> None:
    written = any_database.run(some_lines)

    page = any_database.read(lambda tx: audit.lines(tx, most=2))
    rest = any_database.read(lambda tx: audit.lines(tx, before_id=page[-1].id))

    assert [line.id for line in (*page, *rest)] == written[::-1]
    (only,) = any_database.read(lambda tx: audit.lines(tx, subject_kind="order", subject_id=3))
    assert (only.action, only.actor_id, only.facts, only.at, only.sealed) == (
        "order.viewed", 7, {"b": 3, "a": 1}, NOW, False,
    )  # fmt: skip


def test_every_line_is_sealed_once_and_the_chain_holds(any_database: Database) -> None:
    any_database.run(some_lines)

    assert any_database.run(lambda tx: audit.seal_pending(tx, NOW, most=3)) == 3
    assert any_database.run(lambda tx: audit.seal_pending(tx, NOW)) == 2
    assert any_database.run(lambda tx: audit.seal_pending(tx, NOW)) == 0

    assert any_database.read(audit.verify_chain) is None
    assert all(line.sealed for line in any_database.read(audit.lines))


def test_two_sealers_at_once_make_one_chain(any_database: Database) -> None:
    any_database.run(lambda tx: some_lines(tx, 40))

    with ThreadPoolExecutor(4) as threads:
        sealed = threads.map(lambda _: any_database.run(lambda tx: audit.seal_pending(tx, NOW, most=10)), range(4))

    assert sum(sealed) == 40
    assert any_database.read(audit.verify_chain) is None


def test_a_line_changed_afterwards_is_named(any_database: Database) -> None:
    written = any_database.run(some_lines)
    any_database.run(lambda tx: audit.seal_pending(tx, NOW))

    change = update(audit_line).where(audit_line.c.id == written[2]).values(actor_id=8)
    any_database.run(lambda tx: tx.execute(change))

    assert any_database.read(audit.verify_chain) == written[2]


def test_a_line_taken_out_is_missed_by_the_next_one(database: Database) -> None:
    written = database.run(some_lines)
    database.run(lambda tx: audit.seal_pending(tx, NOW))

    database.run(lambda tx: tx.execute(delete(audit_line).where(audit_line.c.id == written[2])))

    assert database.read(audit.verify_chain) == written[3]


def test_an_operator_is_found_by_login_whatever_its_case(any_database: Database) -> None:
    made = any_database.run(lambda tx: audit.add_operator(tx, " Chen ", "hash", Role.FINANCE, NOW))

    assert any_database.read(lambda tx: audit.operator_by_login(tx, "CHEN")) == made
    assert any_database.read(lambda tx: audit.operator(tx, made.id)) == made
    assert any_database.read(lambda tx: audit.operator_by_login(tx, "wang")) is None
    with pytest.raises(NotFound):
        any_database.read(lambda tx: audit.operator(tx, 1))


def test_a_login_belongs_to_one_operator(any_database: Database) -> None:
    any_database.run(lambda tx: audit.add_operator(tx, "chen", "hash", Role.ADMIN, NOW))

    with pytest.raises(StateConflict):
        any_database.run(lambda tx: audit.add_operator(tx, "CHEN", "hash", Role.ADMIN, NOW))
    with pytest.raises(InvalidInput):
        any_database.run(lambda tx: audit.add_operator(tx, "  ", "hash", Role.ADMIN, NOW))


def test_ending_sessions_raises_the_token_version(database: Database) -> None:
    made = database.run(lambda tx: audit.add_operator(tx, "chen", "hash", Role.ADMIN, NOW))

    database.run(lambda tx: audit.end_sessions(tx, made.id))

    assert database.read(lambda tx: audit.operator(tx, made.id)).token_version == made.token_version + 1
    with pytest.raises(NotFound):
        database.run(lambda tx: audit.end_sessions(tx, 1))


def test_the_eleventh_login_try_in_a_quarter_of_an_hour_is_refused(any_database: Database) -> None:
    def tried(bucket: str, minutes: float) -> bool:
        at = NOW + timedelta(minutes=minutes)
        return any_database.run(lambda tx: audit.count_login_try(tx, bucket, at))

    assert all(tried("chen@10.0.0.1", minute) for minute in range(10))
    assert not tried("chen@10.0.0.1", 10)
    assert not tried("chen@10.0.0.1", 14.9)
    assert tried("chen@10.0.0.2", 14.9)
    assert tried("chen@10.0.0.1", 15)
