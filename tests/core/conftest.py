"""The databases that tests of the core ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.db import Database
from tests.builders import a_database, a_database_at


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A fresh SQLite database with every table: for promises that do not depend on the database."""
    opened = a_database(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def any_database(database_url: str) -> Iterator[Database]:
    """A fresh database with every table, on SQLite, MariaDB and PostgreSQL in turn."""
    opened = a_database_at(database_url)
    yield opened
    opened.close()
