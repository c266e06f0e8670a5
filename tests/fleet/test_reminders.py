"""Several schedulers on one database, killed and stopped: each reminder goes out, and once (reliability R22)."""

import asyncio
import contextlib
import logging
import os
import random
import signal
import time
from collections import defaultdict
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.db import Database, Tx
from core.messages import Template, tell
from core.messages.tables import message
from core.orders.states import OrderState
from tests.builders import NOW, a_city, a_database_at, a_person
from tests.fleet.nursery import nursery
from tests.visits import an_order

REMINDERS = int(os.environ.get("MENLING_TEST_REMINDERS", "400"))
"""How many reminders fall due: MENLING_TEST_REMINDERS=5000 for a long run."""

_LONG = REMINDERS > 500
_EACH = 10
_PROCESSES = 4
_STOPPED_SECONDS = 8.0
_PATIENCE = 200.0
_SURELY_HELD = 2.0
"""So long after it was shown a message is its process's alone: the lease of 5 s began 2.5 s before it at most."""

_STATES = select(message.c.state, func.count().label("n")).group_by(message.c.state)
_log = logging.getLogger(__name__)


@pytest.mark.timeout(500 + REMINDERS // 10)
@pytest.mark.parametrize("database_url", ["mariadb", "postgresql"] if _LONG else ["postgresql"], indirect=True)
def test_a_reminder_goes_out_once_whoever_dies_or_stands_still(database_url: str, tmp_path: Path) -> None:
    database = a_database_at(database_url)
    seconds = max(12.0, REMINDERS / 60)
    order_id = database.run(_an_order)
    schedulers = Schedulers(tmp_path, database_url)
    try:
        asyncio.run(schedulers.come_to_work())
        wanted = database.run(lambda tx: _reminders(tx, order_id, schedulers.now(), seconds))
        asyncio.run(schedulers.work(database, seconds))
    finally:
        schedulers.close()
        database.close()
    shown = schedulers.shown()

    assert len(wanted) == REMINDERS
    _log.info("%s shown %s times, %s killed", len(shown), sum(map(len, shown.values())), schedulers.killed)
    assert shown.keys() == wanted
    assert schedulers.repeated_without_need(shown) == []
    assert schedulers.sent_under_a_stale_fence(shown) == []


class Schedulers:
    """Four processes that send what is due; whoever dies is replaced."""

    def __init__(self, folder: Path, url: str) -> None:
        self._nursery = nursery()
        self._folder, self._url, self._book = folder, url, folder / "book"
        self._log = folder / "schedulers.log"
        self._began = time.time()
        self._alive: set[int] = set()
        self._dead: set[int] = set()
        self._stopped: tuple[int, float, float] = (0, 0.0, 0.0)

    async def come_to_work(self) -> None:
        """Start them all; returns when each is at work."""
        for _ in range(_PROCESSES):
            self._born()
        async with asyncio.timeout(_PATIENCE):
            while self._at_work() < _PROCESSES:  # noqa: ASYNC110  processes ring no bell
                await asyncio.sleep(0.05)

    def now(self) -> datetime:
        """The time on their clocks."""
        return NOW + timedelta(seconds=time.time() - self._began)

    async def work(self, database: Database, seconds: float) -> None:
        """Let time pass, kill now and then, and let one stand still until its leases are over; until all is sent."""
        over = time.monotonic() + seconds
        stopping = asyncio.create_task(self._stand_still(after=seconds / 3))
        ends = over + _PATIENCE
        while await database.aread(_unsent):
            assert time.monotonic() < ends, await database.aread(lambda tx: str(tx.all(_STATES)))
            await asyncio.sleep(random.uniform(0.3, 0.9))
            if time.monotonic() < over:
                self._kill(random.choice(list(self._alive)))
        await stopping

    def shown(self) -> dict[int, list[tuple[int, float]]]:
        """Return which process showed each message, and when."""
        found: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for line in self._book.read_text().splitlines():
            message_id, pid, at = line.split()
            found[int(message_id)].append((int(pid), float(at)))
        return found

    def repeated_without_need(self, shown: dict[int, list[tuple[int, float]]]) -> list[int]:
        """Return what was shown again though whoever showed it before lived, and had it on lease.

        On a machine so busy that the note of what was shown takes longer than the lease, it is shown again rightly.
        """
        excused = self._dead | {self._stopped[0]}
        return [
            one
            for one, times in shown.items()
            for (pid, at), (_, again_at) in pairwise(sorted(times, key=_at))
            if pid not in excused and again_at - at < _SURELY_HELD
        ]

    def sent_under_a_stale_fence(self, shown: dict[int, list[tuple[int, float]]]) -> list[int]:
        """Return what it showed after it woke, and another had shown while it stood still."""
        pid, from_at, to_at = self._stopped
        return [
            message_id
            for message_id, times in shown.items()
            for who, at in times
            if who == pid and to_at <= at < to_at + 2
            if any(other != pid and from_at < before < to_at and at - before < _SURELY_HELD for other, before in times)
        ]

    @property
    def killed(self) -> int:
        """How many were killed."""
        return len(self._dead)

    def close(self) -> None:
        """End them all."""
        self._nursery.end(self._alive | self._dead)

    def _at_work(self) -> int:
        return self._log.read_text().count("at work") if self._log.exists() else 0

    def _born(self) -> None:
        facts = {"url": self._url, "book": str(self._book), "began": self._began}
        self._alive.add(self._nursery.start("tests.fleet.children:remind", log=self._log, env={}, facts=facts))

    def _kill(self, pid: int) -> None:
        if self._stopped[1] and time.time() < self._stopped[2] + 2:
            return  # while one stands still the others live: what it then sends has been sent
        self._alive.discard(pid)
        self._dead.add(pid)
        os.kill(pid, signal.SIGKILL)
        self._born()

    async def _stand_still(self, *, after: float) -> None:
        await asyncio.sleep(after)
        pid = random.choice(list(self._alive))
        self._stopped = pid, time.time(), float("inf")
        os.kill(pid, signal.SIGSTOP)
        await asyncio.sleep(_STOPPED_SECONDS)
        self._stopped = pid, self._stopped[1], time.time()
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)
        await asyncio.sleep(2)


def _at(shown: tuple[int, float]) -> float:
    return shown[1]


def _an_order(tx: Tx) -> int:
    """An order that is reminded of; what its way there wrote to people is of no interest here."""
    order = an_order(tx, a_city(tx), state=OrderState.ACCEPTED)
    tx.execute(message.delete())
    return order.id


def _reminders(tx: Tx, order_id: int, now: datetime, seconds: float) -> set[int]:
    """Write ten reminders for each of many people, at any moment of the coming time; their ids."""
    for _ in range(REMINDERS // _EACH):
        person = a_person(tx)
        for number in range(_EACH):
            due_at = now + timedelta(seconds=random.uniform(1, seconds))
            dedupe = f"{person.id}:{number}"
            tell(tx, person.id, Template.REMINDER_DAY, dedupe=dedupe, now=NOW, order_id=order_id, due_at=due_at)
    return {row.id for row in tx.all(select(message.c.id))}


def _unsent(tx: Tx) -> int:
    return sum(row.n for row in tx.all(_STATES) if row.state != "sent")
