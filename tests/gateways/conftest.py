"""The database of a gateways test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.db import Database
from tests.builders import a_database


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = a_database(tmp_path)
    yield database
    database.close()
