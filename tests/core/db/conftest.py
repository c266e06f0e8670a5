"""What is promised of the database is promised on each of them."""

from collections.abc import Iterator

import pytest

from core.crypto import Vault
from core.db import Database, open_database
from tests.tables import make_tables


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open database with every table, on each database in turn."""
    make_tables(database_url)
    opened = open_database(database_url, Vault(b"test" * 8))
    yield opened
    opened.close()
