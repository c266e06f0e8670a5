"""What a start asks of a database is answered alike by all three."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from core import health
from core.crypto import Vault
from core.db import Database, open_database
from core.migrations.running import engine_for, upgrade

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)


def test_a_database_on_this_machine_has_our_time(database: Database) -> None:
    # Whoever is kept from asking for a while finds the clock late by that: of a few times, once will do.
    assert min(abs(database.read(health.clock_skew)) for _ in range(5)) < timedelta(seconds=2)


def test_every_text_column_of_ours_is_compared_byte_by_byte(database: Database) -> None:
    assert database.read(health.case_blind_columns) == ()


@pytest.mark.parametrize("database_url", ["mariadb"], indirect=True)
def test_a_column_that_is_compared_without_case_is_named(database_url: str) -> None:
    upgrade(database_url)
    engine = engine_for(database_url)
    with engine.begin() as connection:
        connection.execute(
            text("ALTER TABLE identity MODIFY external_id VARCHAR(64) COLLATE utf8mb4_general_ci NOT NULL")
        )
    engine.dispose()
    opened = open_database(database_url, Vault(b"test" * 8))

    assert opened.read(health.case_blind_columns) == ("identity.external_id",)

    opened.close()


def test_a_database_knows_the_key_it_was_first_opened_with(database: Database, database_url: str) -> None:
    assert database.run(lambda tx: health.key_fits(tx, NOW))
    assert database.run(lambda tx: health.key_fits(tx, NOW))

    other = open_database(database_url, Vault(b"else" * 8))
    assert not other.run(lambda tx: health.key_fits(tx, NOW))
    other.close()


def test_an_empty_database_answers_that_it_is_not_ready(database_url: str) -> None:
    opened = open_database(database_url, Vault(b"test" * 8))
    assert not opened.read(health.answers)

    upgrade(database_url)

    assert opened.read(health.answers)
    opened.close()
