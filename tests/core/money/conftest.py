"""The database of a money test."""

from collections.abc import Iterator

import pytest

from core.db import Database
from tests.core.money.ground import opened


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    with opened(database_url) as database:
        yield database
