"""Reminders elsewhere: APScheduler with its jobs in memory and in a database, and one polling loop on raw sqlite3."""

import asyncio
import itertools
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.jobstores.base import BaseJobStore
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler

_FAR = datetime(2040, 1, 1, tzinfo=UTC)
_PORTION = 64
fired: list[int] = []
"""What the jobs hand over; a job that is kept in a database can reach no more than a module."""


def hand_over(number: int) -> None:
    """Do what a reminder's job does: pass its number on."""
    fired.append(number)


class ByScheduler:
    """APScheduler 3 with so many jobs held for later; its clock is not running, its rounds are made by hand."""

    def __init__(self, store: BaseJobStore, held: int) -> None:
        self._numbers = itertools.count()
        self._store = store
        self.held = held

    async def open(self) -> None:
        """Start in the running loop, and hold the jobs."""
        self._scheduler = AsyncIOScheduler(
            jobstores={"default": self._store},
            executors={"default": AsyncIOExecutor()},
            job_defaults={"misfire_grace_time": None, "coalesce": True},
            timezone=UTC,
        )
        self._scheduler.start(paused=True)
        for _ in range(self.held):
            self._add(_FAR)

    async def prepare(self, due: int) -> None:
        """Have so many jobs due."""
        fired.clear()
        past = datetime.now(UTC) - timedelta(seconds=5)
        for _ in range(due):
            self._add(past)

    async def fire(self, due: int) -> int:
        """Run all that is due."""
        process: Callable[[], Any] = self._scheduler._process_jobs  # noqa: SLF001  what its own timer calls
        self._scheduler.state = 1  # running, without a timer of its own
        process()
        await asyncio.wait_for(_all_fired(due), 60)
        self._scheduler.state = 2
        assert len(fired) == due, f"{len(fired)} of {due} jobs ran"
        return due

    async def close(self) -> None:
        """Stop."""
        self._scheduler.shutdown(wait=False)

    def _add(self, at: datetime) -> None:
        number = next(self._numbers)
        self._scheduler.add_job(hand_over, "date", run_date=at, args=(number,), id=str(number))


async def _all_fired(due: int) -> None:
    while len(fired) < due:  # noqa: ASYNC110  the jobs tell nobody when they are done
        await asyncio.sleep(0)


def in_memory(held: int) -> ByScheduler:
    """Return APScheduler with its jobs in memory: gone with the process."""
    return ByScheduler(MemoryJobStore(), held)


def in_database(folder: Path, held: int) -> ByScheduler:
    """Return APScheduler with its jobs in SQLite."""
    return ByScheduler(SQLAlchemyJobStore(url=f"sqlite:///{folder / 'jobs.db'}"), held)


class ByHand:
    """The floor: one indexed table, one loop that takes a portion, marks it and hands it over, on the raw driver."""

    def __init__(self, folder: Path, held: int) -> None:
        self._line = sqlite3.connect(folder / "by_hand.db", isolation_level=None)
        self._line.execute("PRAGMA journal_mode=WAL")
        self._line.execute("PRAGMA synchronous=FULL")
        self._line.execute("CREATE TABLE reminder (id INTEGER PRIMARY KEY, due_at INTEGER, person INTEGER, state TEXT)")
        self._line.execute("CREATE INDEX reminder_due ON reminder (due_at, id)")
        self._numbers = itertools.count(1)
        self._hold(held, 1 << 60)

    async def prepare(self, due: int) -> None:
        """Have so many reminders due."""
        fired.clear()
        self._hold(due, 1)

    async def fire(self, due: int) -> int:
        """Take all that is due, portion by portion, each in a transaction."""
        while rows := self._line.execute(
            "SELECT id, person FROM reminder WHERE due_at <= ? ORDER BY due_at, id LIMIT ?", (10, _PORTION)
        ).fetchall():
            self._line.execute("BEGIN IMMEDIATE")
            self._line.executemany(
                "UPDATE reminder SET state = 'sent', due_at = NULL WHERE id = ? AND due_at IS NOT NULL",
                [(number,) for number, _ in rows],
            )
            self._line.execute("COMMIT")
            fired.extend(number for number, _ in rows)
        assert len(fired) == due, f"{len(fired)} of {due} reminders"
        return due

    def look(self) -> None:
        """Look once for what is due where nothing is."""
        self._line.execute("SELECT id, person FROM reminder WHERE due_at <= 0 ORDER BY due_at, id LIMIT 64").fetchall()

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def _hold(self, count: int, due_at: int) -> None:
        rows = [(next(self._numbers), due_at, 7, "waiting") for _ in range(count)]
        self._line.execute("BEGIN")
        self._line.executemany("INSERT INTO reminder VALUES (?, ?, ?, ?)", rows)
        self._line.execute("COMMIT")
