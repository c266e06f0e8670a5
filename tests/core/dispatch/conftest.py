"""A town on each database."""

from collections.abc import Iterator

import pytest

from core.db import Database
from tests.builders import City, a_city, a_database_at
from tests.core.dispatch.crews import Town, a_town


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = a_database_at(database_url)
    yield opened
    opened.close()


@pytest.fixture
def city(database: Database) -> City:
    return database.run(a_city)


@pytest.fixture
def town(database: Database) -> Town:
    """A town where two come together."""
    return database.run(a_town)
