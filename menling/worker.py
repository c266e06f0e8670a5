"""The worker: APScheduler is the clock, what is due lives in our tables, and any number of workers is safe."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any, Final

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger
from prometheus_client import Counter, Histogram

from core.tracing import follow

DRAIN_SECONDS: Final = 20.0
_PAUSE_AFTER_ERROR: Final = 1.0
_log = logging.getLogger(__name__)
_RUNS = Histogram("menling_chore_seconds", "Time of one run of a chore", ["chore"])
_ERRORS = Counter("menling_chore_errors", "Runs of a chore that raised", ["chore"])


@dataclass(slots=True)
class Chore:
    """Something done again and again: at most every `every_seconds`, sooner when rung, never twice at a time.

    `run` does one portion and returns how much it did; it is called again at once until that is 0.
    """

    name: str
    every_seconds: float
    run: Callable[[], Awaitable[int]]
    _rung: asyncio.Event = field(default_factory=asyncio.Event)
    _stopping: bool = False

    def ring(self, number: int = 0) -> None:
        """Have it run as soon as it can; in the event loop."""
        self._rung.set()

    async def tick(self) -> None:
        """Ring, for the scheduler."""
        self.ring()

    def stop(self) -> None:
        """Let the present portion be the last."""
        self._stopping = True
        self._rung.set()

    async def work(self) -> None:
        """Run whenever rung, until stopped; an error is logged and the next ring tries again."""
        while self._goes_on():
            await self._rung.wait()
            self._rung.clear()
            try:
                more = True
                while more and self._goes_on():
                    more = bool(await self._portion())
            except Exception:  # noqa: BLE001  a chore comes again, whatever happened
                _ERRORS.labels(self.name).inc()
                _log.exception("chore failed", extra={"chore": self.name})
                await asyncio.sleep(_PAUSE_AFTER_ERROR if self._goes_on() else 0)

    def _goes_on(self) -> bool:
        return not self._stopping

    async def _portion(self) -> int:
        follow(None)  # each run is told under a number of its own
        started = time.perf_counter()
        try:
            return await self.run()
        finally:
            _RUNS.labels(self.name).observe(time.perf_counter() - started)


class Worker:
    """Runs chores by the clock until it is stopped; then finishes what runs, within 20 s."""

    def __init__(self, chores: tuple[Chore, ...]) -> None:
        self.chores = chores
        self._tasks: list[asyncio.Task[None]] = []
        self._scheduler = AsyncIOScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": AsyncIOExecutor()},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 30},
            timezone=UTC,
        )

    def start(self) -> None:
        """Begin, with one run of everything."""
        for chore in self.chores:
            self._tasks.append(asyncio.create_task(chore.work(), name=f"chore {chore.name}"))
            trigger = IntervalTrigger(seconds=chore.every_seconds, timezone=UTC)  # type: ignore[arg-type,unused-ignore]
            self._scheduler.add_job(chore.tick, trigger, id=chore.name)
            chore.ring()
        self._scheduler.start()

    async def stop(self, seconds: float = DRAIN_SECONDS) -> None:
        """Take no more, finish what runs, at most so long; twice is harmless."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        for chore in self.chores:
            chore.stop()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        late = [task.get_name() for task in self._tasks if not task.done()]
        if late:
            _log.warning("chores cut short", extra={"chores": late})
        for task in self._tasks:
            task.cancel()
        self._tasks = []

    def ring(self, name: str) -> None:
        """Ring one chore by its name."""
        for chore in self.chores:
            if chore.name == name:
                chore.ring()


def repeating(run: Callable[[], Any]) -> Callable[[], Awaitable[int]]:
    """Return `run`, awaited, as a chore that is never asked again at once."""

    async def once() -> int:
        await run()
        return 0

    return once
