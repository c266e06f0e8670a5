"""What is promised of the database is promised on each of them."""

from collections.abc import Iterator

import pytest

from core.crypto import Vault
from core.db import Database, open_database
from core.migrations.running import engine_for
from core.tables import metadata


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open database with every table, on each database in turn."""
    engine = engine_for(database_url)
    metadata.create_all(engine)
    engine.dispose()
    opened = open_database(database_url, Vault(b"test" * 8))
    yield opened
    opened.close()
