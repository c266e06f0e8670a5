"""SQLite: one writer thread, many units to a commit, each in a savepoint; readers on WAL snapshots of their own."""

import asyncio
import contextvars
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from core.crypto import Vault
from core.db.errors import CandidateLost, ConstraintViolation, DatabaseError, Retryable, UniqueViolation
from core.db.statements import StatementCache
from core.db.tx import Tx
from core.db.units import NOBODY, PassedOver, Unit, retrying, settle, timed, without
from core.tally import took

T = TypeVar("T")

_MOST_IN_BATCH = 64
_READERS = 4
_UNIQUE = {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_ROWID"}
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # money is real: an acknowledged commit survives power loss
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=5000",
    "PRAGMA temp_store=MEMORY",  # savepoints would otherwise spill to a file: 24 -> 7 us each
    "PRAGMA secure_delete=ON",  # an erased person's key must not linger in free pages
    "PRAGMA cache_size=-65536",
)

# The driver asks every parameter that is neither number nor text how it wants to be kept; nulls and bytes answer here,
# in half the time that it takes them to have no answer (450 -> 240 ns a null, 560 -> 420 for bytes).
sqlite3.register_adapter(type(None), lambda nothing: nothing)
sqlite3.register_adapter(bytes, bytes)


def translate(error: Exception) -> Exception:
    """Name a driver's error in our terms."""
    if isinstance(error, sqlite3.IntegrityError):
        kind = getattr(error, "sqlite_errorname", "")
        return UniqueViolation(str(error)) if kind in _UNIQUE else ConstraintViolation(str(error))
    if isinstance(error, sqlite3.OperationalError) and getattr(error, "sqlite_errorname", "").startswith(
        ("SQLITE_BUSY", "SQLITE_LOCKED")
    ):
        return Retryable(str(error))
    return DatabaseError(f"{type(error).__name__}: {error}") if isinstance(error, sqlite3.Error) else error


@dataclass(slots=True)
class _Job:
    unit: Callable[[Tx], Any]
    waiter: "Future[Any] | asyncio.Future[Any]"
    loop: asyncio.AbstractEventLoop | None
    context: contextvars.Context = field(default_factory=contextvars.copy_context)
    """Whoever asked for the unit: what it logs and writes is told under the same number."""
    asked_at: float = field(default_factory=time.perf_counter)
    value: Any = None
    error: BaseException | None = None
    acts: list[Callable[[], None]] = field(default_factory=list)
    leaves_no_trace: bool = False


class SqliteDatabase:
    """A database file with one writer. Only one process serves it; `core.db.Database` is the promise."""

    dialect = "sqlite"

    def __init__(self, path: str, vault: Vault) -> None:
        self._path = path
        self._vault = vault
        self._statements = StatementCache(SQLiteDialect_pysqlite(paramstyle="qmark"))
        self._shared: dict[str, Any] = {}
        self._queue: queue.SimpleQueue[list[_Job] | None] = queue.SimpleQueue()
        self._gates: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
        self._local = threading.local()
        self._reader_connections: list[sqlite3.Connection] = []
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="menling-read")
        self._closed = False
        self.commits = 0
        """How many transactions the writer has committed, each with any number of units."""
        self._writer_connection = self._connect()
        self._writer = threading.Thread(target=self._write_loop, name="menling-write", daemon=True)
        self._writer.start()

    def run(self, unit: Unit[T]) -> T:
        if threading.current_thread() is self._writer:
            raise RuntimeError("a unit cannot run another unit: pass its Tx on")
        waiter: Future[T] = Future()
        self._queue.put([_Job(unit, waiter, None)])
        return waiter.result()

    async def arun(self, unit: Unit[T]) -> T:
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[T] = loop.create_future()
        gate = self._gates.get(loop)
        if gate is None:
            self._gates[loop] = gate = []
        if not gate:
            loop.call_soon(self._hand_over, loop)
        gate.append(_Job(unit, waiter, loop))
        return await waiter

    def read(self, unit: Unit[T]) -> T:
        return self._readers.submit(contextvars.copy_context().run, self._read, unit).result()

    async def aread(self, unit: Unit[T]) -> T:
        run = contextvars.copy_context().run
        return await asyncio.get_running_loop().run_in_executor(self._readers, run, self._read, unit)

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._queue.put(None)
        self._writer.join()
        self._readers.shutdown()
        for connection in self._reader_connections:
            connection.close()
        self._writer_connection.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, cached_statements=1024)
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        return connection

    def _tx(self, cursor: sqlite3.Cursor, lost: PassedOver = NOBODY) -> Tx:
        return Tx(
            cursor,
            self._statements,
            dialect=self.dialect,
            vault=self._vault,
            translate=translate,
            shared=self._shared,
            passed_over=lost,
        )

    def _hand_over(self, loop: asyncio.AbstractEventLoop) -> None:
        """Give the writer everything this loop turn asked for, in one go; the first of very many wait for no last."""
        jobs = self._gates.pop(loop, None) or []
        for first in range(0, len(jobs), _MOST_IN_BATCH):
            self._queue.put(jobs[first : first + _MOST_IN_BATCH])

    def _read(self, unit: Unit[T]) -> T:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
            connection.execute("PRAGMA query_only=ON")
            self._reader_connections.append(connection)
        cursor = connection.cursor()
        cursor.execute("BEGIN")
        tx = self._tx(cursor)
        try:
            return unit(tx)
        finally:
            cursor.execute("ROLLBACK")
            for act in tx.take_after_commit():  # also after an error: what was read had been committed
                act()

    def _write_loop(self) -> None:
        while True:
            jobs = self._queue.get()
            if jobs is None:
                return
            stop = False
            while len(jobs) < _MOST_IN_BATCH:
                try:
                    more = self._queue.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    stop = True
                    break
                jobs = jobs + more
            self._commit_together(jobs)
            if stop:
                return

    def _commit_together(self, jobs: list[_Job]) -> None:
        try:
            retrying(lambda _: self._one_transaction(jobs))
        except BaseException as error:  # noqa: BLE001  it is handed to whoever waits
            if len(jobs) == 1:
                jobs[0].error = error
            else:  # one bad unit must not fail its neighbours
                for job in jobs:
                    self._commit_together([job])
                return
        if any(job.leaves_no_trace and job.error is None for job in jobs):
            # A reader on an old snapshot keeps the log until it is done; then the next checkpoint empties it.
            self._writer_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self._answer(jobs)

    def _one_transaction(self, jobs: list[_Job]) -> None:
        took("menling_unit_wait_seconds", time.perf_counter() - jobs[0].asked_at)
        cursor = self._writer_connection.cursor()
        try:
            cursor.execute("BEGIN IMMEDIATE")
            for job in jobs:
                self._run_job(job, cursor)
            cursor.execute("COMMIT")
            self.commits += 1
        except BaseException as error:  # noqa: BLE001  undone, and raised again by its own name
            if self._writer_connection.in_transaction:
                cursor.execute("ROLLBACK")
            raise translate(error) if isinstance(error, Exception) else error from error.__cause__

    def _run_job(self, job: _Job, cursor: sqlite3.Cursor) -> None:
        """Run one unit in its savepoint; what the unit itself raises undoes it alone."""
        job.error, job.value, job.acts = None, None, []
        cursor.execute("SAVEPOINT unit")
        try:
            self._run_unit(job, cursor)
        except Retryable:
            raise
        except BaseException as error:
            if not self._writer_connection.in_transaction:
                raise
            cursor.execute("ROLLBACK TO SAVEPOINT unit")
            job.error = error
        cursor.execute("RELEASE SAVEPOINT unit")

    def _run_unit(self, job: _Job, cursor: sqlite3.Cursor) -> None:
        """Run one unit, again and again while it loses candidates."""
        lost = NOBODY
        while True:
            tx = self._tx(cursor, lost)
            try:
                job.value = job.context.run(timed, job.unit, tx)
            except CandidateLost as error:
                cursor.execute("ROLLBACK TO SAVEPOINT unit")
                lost = without(lost, error)
            else:
                job.acts = tx.take_after_commit()
                job.leaves_no_trace = tx.leaves_no_trace
                return

    @staticmethod
    def _answer(jobs: list[_Job]) -> None:
        """After the commit: in-memory acts first, then every waiter, one wake-up per event loop."""
        by_loop: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
        for job in jobs:
            for act in job.acts:
                act()
            if job.loop is not None:
                by_loop.setdefault(job.loop, []).append(job)
            elif job.error is not None:
                job.waiter.set_exception(job.error)
            else:
                job.waiter.set_result(job.value)
        for loop, answered in by_loop.items():
            if not loop.is_closed():
                loop.call_soon_threadsafe(_settle_all, answered)


def _settle_all(jobs: list[_Job]) -> None:
    for job in jobs:
        settle(job.waiter, job.value, job.error)  # type: ignore[arg-type]
