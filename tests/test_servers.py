"""The tests' own ground: each private server answers, starts empty and leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import redis
import sqlalchemy

from tests import guardian, servers


def test_an_empty_database_takes_chinese_and_emoji_on_every_server(database_url: str) -> None:
    engine = sqlalchemy.create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE word (text VARCHAR(20))"))
        connection.execute(sqlalchemy.text("INSERT INTO word VALUES ('门铃🔔')"))
        seen = connection.execute(sqlalchemy.text("SELECT text FROM word")).scalar_one()
    engine.dispose()

    assert seen == "门铃🔔"


def test_two_fresh_databases_are_two(mariadb_server: servers.MariaDB, postgresql_server: servers.PostgreSQL) -> None:
    for server in (mariadb_server, postgresql_server):
        first, second = server.fresh_database(), server.fresh_database()

        assert first != second

        server.drop_database(first)
        server.drop_database(second)


def test_mariadb_compares_ids_by_their_bytes(mariadb_server: servers.MariaDB) -> None:
    url = mariadb_server.fresh_database()
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE code (id VARCHAR(9) PRIMARY KEY)"))
        connection.execute(sqlalchemy.text("INSERT INTO code VALUES ('abc'), ('ABC')"))
        count = connection.execute(sqlalchemy.text("SELECT count(*) FROM code WHERE id = 'abc'")).scalar_one()
    engine.dispose()
    mariadb_server.drop_database(url)

    assert count == 1


def test_valkey_answers_on_its_socket(valkey_server: servers.Valkey) -> None:
    with redis.Redis.from_url(valkey_server.url) as client:
        client.set("door", "bell")

        assert client.get("door") == b"bell"


def test_servers_end_when_their_owner_is_killed() -> None:
    script = """if True:
        import os, signal
        from tests import servers
        print(servers.own_servers(), servers.valkey().pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    environment = {key: value for key, value in os.environ.items() if key != servers.HOME}
    owner = subprocess.run(
        [sys.executable, "-c", script],
        env=environment,
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    home, pid = owner.stdout.split()

    assert owner.returncode == -signal.SIGKILL
    assert _soon(lambda: guardian.is_gone(int(pid)) and not Path(home).exists())


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("example.com", 80)])
def test_a_test_cannot_leave_this_machine(address: tuple[str, int]) -> None:
    with pytest.raises(RuntimeError, match="this machine alone"):
        socket.create_connection(address, timeout=1)


def _soon(holds: Callable[[], bool], seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True
