"""A house opens only on ground that holds, and says in one sentence what does not."""

import base64
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from core import health, migrations
from core.clock import DemoClock, SystemClock
from core.migrations.running import engine_for, upgrade
from menling.config import Refused, Settings, read_settings
from menling.opening import migrate, opened

SERVERS = pytest.mark.parametrize("database_url", ["mariadb", "postgresql"], indirect=True)


@pytest.fixture
def on(tmp_path: Path) -> Callable[[str], Settings]:
    return lambda url: read_settings(
        data_dir=tmp_path, database_url=url, master_key=base64.b64encode(b"k" * 32).decode()
    )


@pytest.fixture
def embedded(tmp_path: Path) -> Settings:
    return read_settings(data_dir=tmp_path / "var", database_url="", master_key="")


def test_an_embedded_database_is_made_and_migrated_by_itself(embedded: Settings) -> None:
    with opened(embedded, serving=True) as ground:
        assert ground.db.read(migrations.version) == migrations.HEAD
        assert isinstance(ground.clock, SystemClock)


def test_a_demo_has_a_clock_that_can_be_moved(embedded: Settings) -> None:
    with opened(embedded, demo=True) as ground:
        assert isinstance(ground.clock, DemoClock)


def test_an_embedded_database_is_served_by_one_process_alone(embedded: Settings) -> None:
    with opened(embedded, serving=True):
        with pytest.raises(Refused, match="already served by another process"), opened(embedded, serving=True):
            pass
        with opened(embedded) as beside:  # the command line may come in
            assert beside.db.read(migrations.version) == migrations.HEAD

    with opened(embedded, serving=True):
        pass


@SERVERS
def test_an_empty_server_database_is_not_migrated_behind_its_owners_back(
    database_url: str, on: Callable[[str], Settings]
) -> None:
    with pytest.raises(Refused, match="The database is empty: run `menling migrate` first"), opened(on(database_url)):
        pass

    assert migrate(on(database_url)) == migrations.HEAD

    with opened(on(database_url), serving=True), opened(on(database_url), serving=True):
        pass  # any number of processes serve a server database


def test_a_database_of_a_newer_version_is_left_alone(database_url: str, on: Callable[[str], Settings]) -> None:
    _at_version(database_url, "9999_later")

    with pytest.raises(Refused, match="of a newer Menling"), opened(on(database_url)):
        pass


@SERVERS
def test_a_server_database_behind_its_migrations_is_refused(database_url: str, on: Callable[[str], Settings]) -> None:
    _at_version(database_url, "0000_before")

    with pytest.raises(Refused, match="is at version 0000_before, behind"), opened(on(database_url)):
        pass


@pytest.mark.parametrize("database_url", ["mariadb"], indirect=True)
def test_an_id_column_that_ignores_case_is_refused(database_url: str, on: Callable[[str], Settings]) -> None:
    upgrade(database_url)
    _say(database_url, "ALTER TABLE identity MODIFY external_id VARCHAR(64) COLLATE utf8mb4_general_ci NOT NULL")

    with pytest.raises(Refused, match=r"Column identity\.external_id would take one id for another"):
        opened(on(database_url)).__enter__()


def test_a_clock_a_minute_off_the_databases_is_refused(embedded: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "clock_skew", lambda _: timedelta(seconds=61))

    with pytest.raises(Refused, match="The clocks here and at the database differ by 61 s"), opened(embedded):
        pass


def test_data_sealed_with_another_key_is_refused(embedded: Settings) -> None:
    with opened(embedded):
        pass
    other = embedded.model_copy(update={"master_key": SecretStr(base64.b64encode(b"x" * 32).decode())})

    with pytest.raises(Refused, match="sealed with another key"), opened(other):
        pass


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("oracle://somewhere/db", "DATABASE_URL is not understood: no support for oracle"),
        ("nonsense", "The database cannot be opened .*: look at DATABASE_URL"),
        ("postgresql://menling@127.0.0.1:1/menling", "The database does not answer"),
        ("mysql://menling@127.0.0.1:1/menling", "The database does not answer"),
        ("sqlite:////proc/nowhere/menling.db", "The data folder .* cannot be used: No such file"),
    ],
)
def test_a_database_that_cannot_be_had_is_told_in_a_sentence(
    url: str, sentence: str, on: Callable[[str], Settings]
) -> None:
    with pytest.raises(Refused, match=sentence), opened(on(url)):
        pass


def _at_version(url: str, name: str) -> None:
    upgrade(url)
    _say(url, f"UPDATE alembic_version SET version_num = '{name}'")  # noqa: S608  our own names


def _say(url: str, statement: str) -> None:
    engine = engine_for(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
