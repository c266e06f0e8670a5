"""MariaDB / MySQL and PostgreSQL: a small bounded pool of threads, READ COMMITTED, every unit retried whole."""

import asyncio
import contextvars
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol, TypeVar

import psycopg
import pymysql
from pymysql.constants import CLIENT
from sqlalchemy import URL, Dialect
from sqlalchemy.dialects.mysql.pymysql import MySQLDialect_pymysql
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from core.crypto import Vault
from core.db.errors import ConstraintViolation, DatabaseError, Retryable, UniqueViolation
from core.db.statements import StatementCache
from core.db.tx import Tx
from core.db.units import PassedOver, Unit, retrying, timed
from core.tally import took

T = TypeVar("T")

THREADS = 12


def is_local(url: URL) -> bool:
    """Tell whether the server is on this machine, where nothing has to be encrypted on its way."""
    return "unix_socket" in url.query or (url.host or "127.0.0.1") in ("127.0.0.1", "localhost", "::1")


class Driver(Protocol):
    """What differs between the two servers."""

    name: str
    dialect: Dialect

    def connect(self) -> Any:
        """Return a driver connection that is not in a transaction."""
        ...

    def begin(self, cursor: Any, *, snapshot: bool) -> None:
        """Open a transaction: READ COMMITTED, or a read-only snapshot."""
        ...

    def translate(self, error: Exception) -> Exception:
        """Name a driver's error in our terms."""
        ...


class MariaDriver:
    """PyMySQL against MariaDB or MySQL."""

    name = "mysql"
    _RETRY = frozenset({1205, 1213, 1020, 2006, 2013, 2055, 1927, 1053, 0})

    def __init__(self, url: URL) -> None:
        self.dialect: Dialect = MySQLDialect_pymysql(paramstyle="format")
        self._url = url

    def connect(self) -> Any:
        query = dict(self._url.query)
        where: dict[str, Any] = (
            {"unix_socket": query["unix_socket"]}
            if "unix_socket" in query
            else {"host": self._url.host or "127.0.0.1", "port": self._url.port or 3306}
        )
        if is_local(self._url):
            where["ssl_disabled"] = True  # reading the machine's certificates would cost 30 ms a connection
        connection = pymysql.connect(
            user=self._url.username or "root",
            password=str(self._url.password or ""),
            database=self._url.database,
            charset="utf8mb4",
            collation="utf8mb4_bin",
            client_flag=CLIENT.FOUND_ROWS,  # an UPDATE that changes nothing has still met its row
            autocommit=True,
            connect_timeout=5,
            read_timeout=30,
            write_timeout=30,
            init_command="SET SESSION innodb_lock_wait_timeout=5, time_zone='+00:00', group_concat_max_len=67108864",
            **where,
        )
        # Not part of the SET above: MariaDB's grammar keeps the two apart, and its variable's name changed with 11.1.
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
        return connection

    def begin(self, cursor: Any, *, snapshot: bool) -> None:
        if snapshot:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
        else:
            cursor.execute("BEGIN")

    def translate(self, error: Exception) -> Exception:
        if not isinstance(error, pymysql.err.Error):
            return error
        number = error.args[0] if error.args else 0
        if isinstance(error, pymysql.err.IntegrityError):
            return UniqueViolation(str(error)) if number == 1062 else ConstraintViolation(str(error))
        if number in self._RETRY or isinstance(error, pymysql.err.InterfaceError):
            return Retryable(str(error))
        return DatabaseError(f"{type(error).__name__}: {error}")


class PostgresDriver:
    """psycopg 3 against PostgreSQL."""

    name = "postgresql"
    _RETRY = frozenset({"40001", "40P01", "55P03", "57P01", "57P02", "57P03", "08000", "08003", "08006"})

    def __init__(self, url: URL) -> None:
        self.dialect: Dialect = PGDialect_psycopg(paramstyle="format")  # type: ignore[no-untyped-call]
        self._url = url

    def connect(self) -> Any:
        query = {key: str(value) for key, value in self._url.query.items()}
        return psycopg.connect(
            host=self._url.host or query.pop("host", None),
            port=self._url.port,
            user=self._url.username,
            password=str(self._url.password) if self._url.password else None,
            dbname=self._url.database,
            connect_timeout=5,
            autocommit=True,
            # A step aside in memory or on an SSD costs next to nothing. Taken to cost four, as on a disk, a claim sorts
            # all that has just come due for as long as the statistics lag behind (of 2,000: 27 ms instead of 0.4).
            options="-c lock_timeout=5000 -c timezone=UTC -c random_page_cost=1.1",
        )

    def begin(self, cursor: Any, *, snapshot: bool) -> None:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" if snapshot else "BEGIN")

    def translate(self, error: Exception) -> Exception:
        if not isinstance(error, psycopg.Error):
            return error
        state = error.sqlstate
        if isinstance(error, psycopg.IntegrityError):
            return UniqueViolation(str(error)) if state == "23505" else ConstraintViolation(str(error))
        if state in self._RETRY or (state is None and isinstance(error, psycopg.OperationalError)):
            return Retryable(str(error))
        return DatabaseError(f"{type(error).__name__}: {error}")


class ServerDatabase:
    """A server database behind a bounded pool of threads; `core.db.Database` is the promise."""

    def __init__(self, driver: Driver, vault: Vault, threads: int = THREADS) -> None:
        self.dialect = driver.name
        self._driver = driver
        self._vault = vault
        self._statements = StatementCache(driver.dialect)
        self._shared: dict[str, Any] = {}
        self._local = threading.local()
        self._connections: list[Any] = []
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="menling-db")

    def run(self, unit: Unit[T]) -> T:
        return self._pool.submit(contextvars.copy_context().run, self._write, unit, time.perf_counter()).result()

    async def arun(self, unit: Unit[T]) -> T:
        run = contextvars.copy_context().run
        return await asyncio.get_running_loop().run_in_executor(self._pool, run, self._write, unit, time.perf_counter())

    def read(self, unit: Unit[T]) -> T:
        return self._pool.submit(contextvars.copy_context().run, self._snapshot, unit, time.perf_counter()).result()

    async def aread(self, unit: Unit[T]) -> T:
        run = contextvars.copy_context().run
        return await asyncio.get_running_loop().run_in_executor(
            self._pool, run, self._snapshot, unit, time.perf_counter()
        )

    def close(self) -> None:
        self._pool.shutdown()
        for connection in self._connections:
            connection.close()

    def _write(self, unit: Unit[T], asked_at: float) -> T:
        took("menling_unit_wait_seconds", time.perf_counter() - asked_at)
        return self._settled(unit, snapshot=False)

    def _snapshot(self, unit: Unit[T], asked_at: float) -> T:
        took("menling_unit_wait_seconds", time.perf_counter() - asked_at)
        return self._settled(unit, snapshot=True)

    def _settled(self, unit: Unit[T], *, snapshot: bool) -> T:
        value, acts = retrying(lambda lost: self._once(unit, lost, snapshot=snapshot))
        for act in acts:
            act()
        return value

    def _once(self, unit: Unit[T], lost: PassedOver, *, snapshot: bool) -> tuple[T, list[Callable[[], None]]]:
        connection = self._connection()
        try:
            cursor = connection.cursor()
            self._driver.begin(cursor, snapshot=snapshot)
            tx = Tx(
                cursor,
                self._statements,
                dialect=self.dialect,
                vault=self._vault,
                translate=self._driver.translate,
                shared=self._shared,
                passed_over=lost,
            )
            value = timed(unit, tx)
            cursor.execute("COMMIT")
            cursor.close()
            return value, tx.take_after_commit()
        except BaseException as error:  # noqa: BLE001  whatever it was, it is undone and raised again
            self._undo(connection)
            raise self._driver.translate(error) if isinstance(error, Exception) else error from error.__cause__

    def _connection(self) -> Any:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            try:
                connection = self._local.connection = self._driver.connect()
            except Exception as error:
                raise self._driver.translate(error) from error
            self._connections.append(connection)
        return connection

    def _undo(self, connection: Any) -> None:
        """Roll back explicitly (a MariaDB lock-wait time-out leaves the transaction open); drop a broken connection."""
        try:
            connection.cursor().execute("ROLLBACK")
        except Exception:  # noqa: BLE001  a connection that cannot roll back is broken, however it says so
            self._local.connection = None
            if connection in self._connections:
                self._connections.remove(connection)
            connection.close()
