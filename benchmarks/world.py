"""The ground that benchmarks stand on: the demo's city in memory-backed files and private servers."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, create_engine, func, select

from core.crypto import Vault
from core.db import Database, Tx, open_database
from core.tables import metadata
from dialogs.building import build_house
from dialogs.house import House
from menling.demo.data import read_demo
from menling.demo.load import load_demo
from tests import servers

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
"""A Saturday, 10:00 in the demo's city."""

ZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class Ground:
    """An open database by its everyday name, and where it is."""

    name: str
    url: str
    db: Database


def a_house() -> House:
    """Return the conversations as the demo wires them."""
    return build_house(public_url="http://127.0.0.1:8000", zone=ZONE, currency="CNY")


@contextmanager
def sqlite_ground(*, demo: bool) -> Iterator[Ground]:
    """Open a new SQLite database in memory-backed files."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(dir=memory_folder(), prefix="menling-bench-"))
        yield stack.enter_context(_opened("SQLite", f"sqlite:///{Path(folder) / 'bench.db'}", demo=demo))


@contextmanager
def server_ground(name: str, *, demo: bool) -> Iterator[Ground]:
    """Open a new database on a private server, "MariaDB" or "PostgreSQL"; raises ServerMissing."""
    server: servers.MariaDB | servers.PostgreSQL = servers.mariadb() if name == "MariaDB" else servers.postgresql()
    url = server.fresh_database()
    with ExitStack() as stack:
        stack.callback(server.drop_database, url)
        yield stack.enter_context(_opened(name, url, demo=demo))


def count(db: Database, table: Table) -> int:
    """Return how many rows a table has."""
    statement = select(func.count()).select_from(table)

    def read(tx: Tx) -> Any:
        return tx.scalar(statement)

    return int(db.read(read))


@contextmanager
def _opened(name: str, url: str, *, demo: bool) -> Iterator[Ground]:
    engine = create_engine(url)
    metadata.create_all(engine)
    engine.dispose()
    db = open_database(url, Vault(bytes(range(32))))
    try:
        if demo:
            load_demo(db, read_demo(), NOW)
        yield Ground(name, url, db)
    finally:
        db.close()


def memory_folder() -> Path | None:
    """Where files cost no disk; None where there is no such place."""
    folder = Path("/dev/shm")  # noqa: S108  what is put there has a private folder of its own
    return folder if folder.is_dir() else None
