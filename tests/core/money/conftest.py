"""The database of a money test."""

from collections.abc import Iterator

import pytest

from core.db import Database
from tests.core.money.ground import a_database


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    with a_database(database_url) as database:
        yield database
