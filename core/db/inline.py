"""SQLite without threads: units run where they are asked for.

For a rehearsal, where thousands of turns follow each other in one process and every hand-over to a writer would cost
more than the unit itself.
"""

import asyncio
import threading
from concurrent.futures import Future
from functools import cache
from typing import TypeVar

from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from core.crypto import Vault
from core.db.sqlite import SqliteDatabase, _Job
from core.db.statements import StatementCache
from core.db.units import Unit

T = TypeVar("T")


@cache
def _shared_statements() -> StatementCache:
    """Return one cache for all databases of the process: compiling costs more than most Worlds last."""
    return StatementCache(SQLiteDialect_pysqlite(paramstyle="qmark"))


class InlineDatabase(SqliteDatabase):
    """A database file that one thread works with; what it promises is the same, group commit included."""

    def __init__(self, path: str, vault: Vault) -> None:
        super().__init__(path, vault)
        self._statements = _shared_statements()
        self._at_work = threading.Lock()
        self._worker = 0

    def run(self, unit: Unit[T]) -> T:
        """Run a writing unit here and now."""
        waiter: Future[T] = Future()
        self._write([_Job(unit, waiter, None)])
        return waiter.result()

    def read(self, unit: Unit[T]) -> T:
        """Run a reading unit here and now."""
        return self._read(unit)

    async def aread(self, unit: Unit[T]) -> T:
        """Run a reading unit here and now."""
        return self._read(unit)

    def _hand_over(self, loop: asyncio.AbstractEventLoop) -> None:
        jobs = self._gates.pop(loop, None)
        if jobs:
            self._write(jobs)

    def _write(self, jobs: list[_Job]) -> None:
        if self._worker == threading.get_ident():
            raise RuntimeError("a unit cannot run another unit: pass its Tx on")
        with self._at_work:
            self._worker = threading.get_ident()
            try:
                self._commit_together(jobs)
            finally:
                self._worker = 0
