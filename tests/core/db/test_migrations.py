"""The migrations make what the tables say, on every database, and are safe to run beside each other."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from core import migrations
from core.crypto import Vault
from core.db import open_database
from core.messages import Rank
from core.migrations.drafting import differences
from core.migrations.running import configuration, current, engine_for, upgrade
from core.tables import metadata


def test_an_upgraded_database_has_exactly_what_the_tables_say(database_url: str) -> None:
    upgrade(database_url)

    engine = engine_for(database_url)
    with engine.connect() as connection:
        left = differences(connection)
        checks = {name: inspect(connection).get_check_constraints(name) for name in metadata.tables}
    engine.dispose()
    assert left == []
    for name, table in metadata.tables.items():
        declared = {str(check.name) for check in table.constraints if type(check).__name__ == "CheckConstraint"}
        assert declared <= {str(check["name"]) for check in checks[name]}, name


def test_a_difference_between_tables_and_database_is_seen(database_url: str) -> None:
    upgrade(database_url)
    engine = engine_for(database_url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE setting ADD COLUMN surprise INTEGER"))
        connection.execute(text("DROP TABLE counter"))
        connection.execute(text("DROP TABLE login_try"))
        connection.execute(
            text(
                "CREATE TABLE login_try (bucket INTEGER PRIMARY KEY, tries INTEGER NOT NULL, since_at BIGINT NOT NULL)"
            )
        )

    with engine.connect() as connection:
        found = differences(connection)
    engine.dispose()

    assert sorted(step[0] if isinstance(step, tuple) else step[0][0] for step in found) == [
        "add_table",
        "modify_type",
        "remove_column",
    ]


def test_the_version_named_as_head_is_the_newest_file() -> None:
    assert ScriptDirectory.from_config(configuration()).get_heads() == [migrations.HEAD]


def test_a_unit_can_tell_an_empty_database_from_a_current_one(database_url: str) -> None:
    database = open_database(database_url, Vault(b"test" * 8))
    assert database.read(migrations.version) is None
    assert current(database_url) is None

    upgrade(database_url)

    assert database.read(migrations.version) == migrations.HEAD
    assert current(database_url) == migrations.HEAD
    database.close()


@pytest.mark.parametrize("version", ["0001_ground", "0003_changes_and_threads"])
def test_a_row_of_every_table_of_an_earlier_version_survives_the_upgrade(database_url: str, version: str) -> None:
    upgrade(database_url, version)
    written = _one_row_each(database_url)

    upgrade(database_url)

    engine, after = engine_for(database_url), MetaData()
    with engine.connect() as connection:
        after.reflect(connection)
        for name, row in written.items():
            (found,) = connection.execute(after.tables[name].select()).mappings()
            kept = {column: value for column, value in row.items() if (name, column) != ("message", "urgent")}
            assert {column: found[column] for column in kept} == kept, name
        ranks = connection.execute(after.tables["message"].select()).mappings().one()["rank"]
        assert ranks == Rank.URGENT, "what was urgent has the highest rank"
    engine.dispose()


def test_two_upgrades_at_once_both_end_well(database_url: str) -> None:
    with ThreadPoolExecutor(2) as two:
        for done in [two.submit(upgrade, database_url) for _ in range(2)]:
            done.result()

    assert current(database_url) == migrations.HEAD


@pytest.mark.parametrize("statement", ["UPDATE journal SET kind = 'x'", "DELETE FROM journal"])
def test_the_migrated_ledger_refuses_to_be_rewritten(database_url: str, statement: str) -> None:
    upgrade(database_url)
    engine = engine_for(database_url)
    with engine.begin() as connection:
        connection.execute(
            metadata.tables["journal"].insert(), [{"id": 1, "kind": "t", "reference": "r", **_rest("journal")}]
        )

    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_a_database_in_a_folder_with_a_percent_sign_migrates(tmp_path: Path) -> None:
    folder = tmp_path / "100%"
    folder.mkdir()
    upgrade(f"sqlite:///{folder / 'menling.db'}")
    assert current(f"sqlite:///{folder / 'menling.db'}") == migrations.HEAD


def _one_row_each(url: str) -> dict[str, dict[str, object]]:
    """Write one row of plain values into every table that the database has, and return them."""
    engine, there = engine_for(url), MetaData()
    with engine.begin() as connection:
        there.reflect(connection)
        tables = [table for table in there.sorted_tables if table.name != "alembic_version"]
        rows = {table.name: {column.name: _plain(column.type) for column in table.columns} for table in tables}
        for table in tables:
            connection.execute(table.insert(), [rows[table.name]])
    engine.dispose()
    return rows


def _plain(kind: TypeEngine[object]) -> object:
    return {int: 1, str: "x", bytes: b"x" * 32, float: 1.5, Decimal: Decimal("1.5")}[kind.python_type]


def _rest(name: str) -> dict[str, object]:
    """Plain values for the columns a row needs besides those a test names."""
    return {
        column.name: datetime(2026, 1, 1, tzinfo=UTC) if column.name == "at" or column.name.endswith("_at") else 1
        for column in metadata.tables[name].columns
        if not column.nullable and column.name not in {"id", "kind", "reference"}
    }
