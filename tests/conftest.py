"""What every test may ask for: private servers, an empty database on each of them, and no network but loopback."""

import ipaddress
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from core.crypto import Vault
from core.db import Database, open_database
from tests import servers
from tests.surroundings import make_neutral
from tests.tables import make_tables

Server = TypeVar("Server")

DATABASES = ("sqlite", "mariadb", "postgresql")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `--databases=sqlite` leave out the tests of the other databases."""
    parser.addoption("--databases", default=",".join(DATABASES), help="comma-separated: sqlite,mariadb,postgresql")


def pytest_configure(config: pytest.Config) -> None:
    """Own the servers before any worker starts; be told nothing by the machine, and ask no other one."""
    make_neutral(os.environ)
    unknown = set(_chosen(config)) - set(DATABASES)
    if unknown:
        raise pytest.UsageError(f"--databases knows {', '.join(DATABASES)}, not {', '.join(sorted(unknown))}")
    servers.own_servers()
    sys.addaudithook(_refuse_foreign_addresses)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark each test with the databases it needs, and leave out those that were not chosen."""
    chosen = set(_chosen(config))
    left_out = []
    for item in items:
        needed = _databases_of(item)
        for database in needed:
            item.add_marker(database)
        if not needed <= chosen:
            left_out.append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


@pytest.fixture(scope="session")
def mariadb_server() -> servers.MariaDB:
    """The MariaDB of this run."""
    return _started(servers.mariadb)


@pytest.fixture(scope="session")
def postgresql_server() -> servers.PostgreSQL:
    """The PostgreSQL of this run."""
    return _started(servers.postgresql)


@pytest.fixture(scope="session")
def valkey_server() -> servers.Valkey:
    """A Valkey shared by the tests of this worker; a test that kills or freezes one starts its own."""
    return _started(servers.valkey)


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty database, on each database in turn; gone after the test.

    A test that needs one only says `@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)`.
    """
    if request.param == "sqlite":
        with tempfile.TemporaryDirectory(dir=servers.own_servers(), prefix="sqlite-") as folder:
            yield f"sqlite:///{Path(folder) / 'menling.db'}"
        return
    server: servers.MariaDB | servers.PostgreSQL = request.getfixturevalue(f"{request.param}_server")
    url = server.fresh_database()
    yield url
    server.drop_database(url)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open database with every table in it, on each database in turn."""
    make_tables(database_url)
    opened = open_database(database_url, Vault(b"test" * 8))
    yield opened
    opened.close()


def _chosen(config: pytest.Config) -> list[str]:
    return [name for name in str(config.getoption("--databases")).split(",") if name]


def _databases_of(item: pytest.Item) -> set[str]:
    fixtures: list[str] = getattr(item, "fixturenames", [])
    needed = {name for name in DATABASES if f"{name}_server" in fixtures}
    if "database_url" in fixtures:
        call = getattr(item, "callspec", None)
        needed.add(str(call.params["database_url"]) if call else DATABASES[0])
    return needed


def _started(start: Callable[[], Server]) -> Server:
    """Start the server; one that is not installed skips the test here, and fails it where all must be there."""
    try:
        return start()
    except servers.ServerMissing as missing:
        if os.environ.get("MENLING_TEST_ALL"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))


def _refuse_foreign_addresses(event: str, arguments: tuple[object, ...]) -> None:
    if event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else "localhost"
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if not _is_this_machine(host):
        raise RuntimeError(f"a test may reach this machine alone, and asked for {host!r}")


def _is_this_machine(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else host
    if name is None or name in {"", "localhost", "0.0.0.0", "::"}:  # noqa: S104 - where a server listens
        return True
    try:
        return ipaddress.ip_address(str(name)).is_loopback
    except ValueError:
        return False
