"""The demo city, loaded once a run and copied for each test."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.db import open_database
from tests import servers
from tests.dialogs.chat import VAULT, World, a_world, make_city


@pytest.fixture(scope="session")
def city_file() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=servers.own_servers(), prefix="city-") as folder:
        path = Path(folder) / "master.db"
        make_city(f"sqlite:///{path}").close()
        yield path


@pytest.fixture
def city_url(city_file: Path) -> Iterator[str]:
    """The URL of a fresh copy of the demo city."""
    with tempfile.TemporaryDirectory(dir=servers.own_servers(), prefix="chat-") as folder:
        path = Path(folder) / "menling.db"
        shutil.copyfile(city_file, path)
        yield f"sqlite:///{path}"


@pytest.fixture
def world(city_url: str) -> Iterator[World]:
    """A world of one's own."""
    db = open_database(city_url, VAULT)
    yield a_world(db)
    db.close()
