"""The demo city behind real doors of both platforms, all in one process and without sockets."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from core.db import open_database
from tests import servers
from tests.dialogs.chat import VAULT, make_city
from tests.platforms.house import House, opened_house


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def city_file() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=servers.own_servers(), prefix="platforms-") as folder:
        path = Path(folder) / "master.db"
        make_city(f"sqlite:///{path}").close()
        yield path


@pytest.fixture
def city_url(city_file: Path) -> Iterator[str]:
    with tempfile.TemporaryDirectory(dir=servers.own_servers(), prefix="house-") as folder:
        path = Path(folder) / "menling.db"
        shutil.copyfile(city_file, path)
        yield f"sqlite:///{path}"


@pytest.fixture
async def house(city_url: str) -> AsyncIterator[House]:
    db = open_database(city_url, VAULT)
    async with opened_house(db) as a_house:
        yield a_house
    db.close()
