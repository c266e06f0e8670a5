"""Goal 6: a hundred thousand reminders held, claimed, marked and handed over, beside APScheduler and a bare loop."""

import asyncio
import gc
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import uvloop
from sqlalchemy import func, select

from benchmarks import reminders_by_others as others
from benchmarks.measuring import Series, percentile, times_cheaper
from benchmarks.reminders_by_others import ByHand, ByScheduler
from benchmarks.report import Line, judged, skipped
from benchmarks.world import Ground, a_house, server_ground, sqlite_ground
from core.clock import SystemClock
from core.db import Database, Tx
from core.messages import MessageState, Template, outbox
from core.messages.outbox import Due, Outcome
from core.messages.tables import message
from core.messages.telling import broadcast
from dialogs.outgoing import Body, Delivery, Outgoing, Pace, Sent, Trouble
from dialogs.reception import Reception
from dialogs.rendering import Prepared
from menling.pacing import Pacer, SharedBucket
from menling.sender import Sender
from menling.worker import Chore, Worker
from tests import servers

HELD = 100_000
_HELD_IN_DATABASE = 2_000  # APScheduler adds some 800 a second there
_DUE, _DUE_IN_DATABASE = 2_000, 200
_BLOCKS = 6
_TICKS = 2_000
_SHARED = 5_000
_LAG_MESSAGES, _LAG_SECONDS = 150, 5.0
_FAR = datetime(2040, 1, 1, tzinfo=UTC)
_READ_ROOM = Path(__file__).parents[1]


@dataclass(slots=True)
class Way:
    """One way to keep reminders: has so many due, then hands them over."""

    prepare: Callable[[int], Awaitable[None]]
    fire: Callable[[int], Awaitable[int]]
    due: int = _DUE


def measure() -> Iterator[Line]:
    """Yield every line of goal 6."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner, sqlite_ground(demo=False) as ground:
        with _scratch() as folder:
            yield from _beside_others(runner, ground, folder)
        yield from _restarted(ground)
        yield _lag(runner)
    yield from _shared()


class Ours:
    """Our own table: claimed under a lease, handed over, noted, in portions of 64."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._round = 0

    def hold(self, count: int, at: datetime) -> None:
        """Have so many reminders for later."""
        self._round += 1
        people = [(n + 1, at) for n in range(count)]
        key = f"held {self._round} {time.time_ns()}"
        self._db.run(lambda tx: broadcast(tx, people, Template.REMINDER_DAY, dedupe=key, now=at, facts={"order_id": 1}))

    async def prepare(self, due: int) -> None:
        """Have so many reminders due."""
        others.fired.clear()
        self.hold(due, datetime.now(UTC) - timedelta(seconds=5))

    async def fire(self, due: int) -> int:
        """Hand over all that is due."""
        return await self._fire(due, lambda one: Outcome(one.id, one.lease, MessageState.SENT))

    async def fire_numbered(self, due: int) -> int:
        """Hand over all that is due, and note the platform's own number of each."""
        return await self._fire(due, lambda one: Outcome(one.id, one.lease, MessageState.SENT, ref=str(one.id)))

    async def _fire(self, due: int, became: Callable[[Due], Outcome]) -> int:
        now = datetime.now(UTC)

        def unit(tx: Tx) -> list[int]:
            claimed = outbox.claim(tx, now=now, real_now=now, most=64)
            outbox.note_all(tx, [became(one) for one in claimed], now=now)
            return [one.id for one in claimed]

        while sent := await self._db.arun(unit):
            others.fired.extend(sent)
        assert len(others.fired) == due, f"{len(others.fired)} of {due} reminders"
        return due


def _beside_others(runner: asyncio.Runner, ground: Ground, folder: Path) -> Iterator[Line]:
    ours, by_hand = Ours(ground.db), ByHand(folder, HELD)
    ours.hold(HELD, _FAR)
    before = _weight()
    runner.run(_opened(in_memory := others.in_memory(HELD)))
    peer_grew = (_weight() - before) / 1e6
    runner.run(_opened(in_database := others.in_database(folder, _HELD_IN_DATABASE)))
    ways = {
        "ours": Way(ours.prepare, ours.fire),
        "numbered": Way(ours.prepare, ours.fire_numbered),
        "floor": Way(by_hand.prepare, by_hand.fire),
        "memory": Way(in_memory.prepare, in_memory.fire),
        "database": Way(in_database.prepare, in_database.fire, _DUE_IN_DATABASE),
    }
    found = _in_turn(runner, ways)
    yield from _ratios(found)
    before = _weight()
    ours.hold(1, _FAR)
    yield from _idle(runner, ground.db, by_hand)
    grew = max(0.0, (_weight() - before) / 1e6)
    yield judged(Line(6, f"memory for {HELD:,} held", "MB", "lower", round(grew, 1), peer_grew, target=1.0))
    by_hand.close()
    runner.run(in_memory.close())
    runner.run(in_database.close())


def _in_turn(runner: asyncio.Runner, ways: dict[str, Way]) -> dict[str, Series]:
    """Run every way once to warm up, then in turn; only the handing over is measured."""
    found = {name: Series() for name in ways}
    for block in range(_BLOCKS + 1):
        for name, way in ways.items():
            runner.run(way.prepare(way.due))  # type: ignore[arg-type]
            gc.collect()
            wall, cpu = time.perf_counter(), time.process_time()
            runner.run(way.fire(way.due))  # type: ignore[arg-type]
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
            if block:
                found[name].cpu_us.append(cpu / way.due * 1e6)
                found[name].wall_us.append(wall / way.due * 1e6)
    return found


def _ratios(found: dict[str, Series]) -> Iterator[Line]:
    ours, floor = found["ours"], found["floor"]
    for name, where, target in (("memory", "in memory", 1.0), ("database", "in SQLite", 30.0)):
        ratio, peer = times_cheaper(ours, found[name]), found[name].cpu
        title = f"claimed, marked, handed over, beside APScheduler {where}"
        yield judged(Line(6, title, "us CPU each", "higher", ours.cpu, peer, floor.cpu, ratio, target))
    numbered = found["numbered"].cpu
    yield Line(6, "the same, each with a number of its platform's", "us CPU each", "lower", numbered, None, floor.cpu)
    a_second = 1e6 / ours.cpu
    yield judged(Line(6, "the same, how many", "a CPU second", "higher", a_second, None, 1e6 / floor.cpu, None, 20_000))


def _idle(runner: asyncio.Runner, db: Database, by_hand: ByHand) -> Iterator[Line]:
    """Look for what is due where nothing is: in a unit of its own, as the sender does twice a second."""
    now = datetime.now(UTC)
    statements: list[int] = []

    def unit(tx: Tx) -> None:
        before = tx.statements_run
        outbox.claim(tx, now=now, real_now=now, most=32, most_urgent=32)
        statements.append(tx.statements_run - before)

    async def look() -> None:
        for _ in range(_TICKS):
            await db.arun(unit)

    ours, floor = [], []
    for _ in range(3):
        cpu = time.process_time()
        runner.run(look())
        middle = time.process_time()
        for _ in range(_TICKS):
            by_hand.look()
        ours.append((middle - cpu) / _TICKS * 1e6)
        floor.append((time.process_time() - middle) / _TICKS * 1e6)
    us, least = statistics.median(ours), statistics.median(floor)
    yield judged(Line(6, "a tick where nothing is due", "us CPU", "lower", us, None, least, target=100.0))
    yield judged(Line(6, "its statements", "a tick", "lower", statistics.mean(statements), target=1.0))


def _restarted(ground: Ground) -> Iterator[Line]:
    """Open the database in a fresh process: when is the first one out, and what does holding the others weigh."""
    ours = Ours(ground.db)
    ours.hold(64, datetime.now(UTC) - timedelta(seconds=5))
    began = time.perf_counter()
    done = subprocess.run(_child("restart", ground.url), cwd=_READ_ROOM, capture_output=True, text=True, check=True)
    whole = time.perf_counter() - began
    seconds, first, _ = done.stdout.split()
    assert int(first) == 64, f"{first} reminders after the restart"
    title = f"restart with {HELD:,} held: first one out"
    yield judged(Line(6, title, "s", "lower", float(seconds), target=1.0))
    yield Line(6, "the same, with the start of Python", "s", "lower", whole)


def _shared() -> Iterator[Line]:
    """Two processes on one database: nothing twice, nothing lost."""
    for name in ("PostgreSQL", "MariaDB"):
        try:
            with server_ground(name, demo=False) as ground:
                yield from _two_on(ground)
        except servers.ServerMissing as missing:
            yield skipped(6, f"two processes, {name}", str(missing))


def _two_on(ground: Ground) -> Iterator[Line]:
    Ours(ground.db).hold(_SHARED, datetime.now(UTC) - timedelta(seconds=5))
    pair = [
        subprocess.Popen(
            _child("drain", ground.url), cwd=_READ_ROOM, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for one in pair:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in pair:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    told = [one.communicate()[0].split() for one in pair]
    sent = [number for numbers in told for number in numbers]
    sent_rows = select(func.count()).where(message.c.state == MessageState.SENT.value)
    assert ground.db.read(lambda tx: tx.scalar(sent_rows)) == len(set(sent))
    shares = " + ".join(f"{len(numbers):,}" for numbers in told)
    title = f"two processes, {ground.name} ({shares})"
    yield judged(Line(6, f"{title}: twice", "messages", "lower", len(sent) - len(set(sent)), target=0.0))
    yield judged(Line(6, f"{title}: lost", "messages", "lower", _SHARED - len(set(sent)), target=0.0))


class _Platform:
    """A platform that takes everything at once, and knows when it was due."""

    channel = "telegram"
    pace = Pace(per_second=29.7, per_chat_second=0.97, burst=3)

    def __init__(self, due: dict[int, float]) -> None:
        self._due = due
        self.lags: list[float] = []
        self.all_told = asyncio.Event()

    async def deliver(self, message: Outgoing) -> Delivery:
        self.lags.append(time.time() - self._due[message.person_id])
        if len(self.lags) == len(self._due):
            self.all_told.set()
        return Sent()

    async def fetch(self, account: str, ref: str) -> bytes:
        raise OSError("it holds nothing")

    def troubles(self) -> Mapping[str, Trouble]:
        return {}


def _lag(runner: asyncio.Runner) -> Line:
    """Say reminders at the platform's rate through the real worker and sender: how late is each."""
    with sqlite_ground(demo=False) as ground:
        first = time.time() + 1.0
        due = {n + 1: first + n * _LAG_SECONDS / _LAG_MESSAGES for n in range(_LAG_MESSAGES)}
        rows = [(person, datetime.fromtimestamp(at, UTC)) for person, at in due.items()]
        now = datetime.now(UTC)
        ground.db.run(lambda tx: broadcast(tx, rows, Template.REMINDER_DAY, dedupe="lag", now=now, facts={}))
        platform = _Platform(due)
        runner.run(_told(ground, platform))
    late = percentile(platform.lags, 99)
    return judged(Line(6, "due to sent at 30 a second, p99", "s", "lower", late, target=1.1))


async def _told(ground: Ground, platform: _Platform) -> None:
    house = replace(a_house(), wake_sender=lambda: chore.ring())  # noqa: PLW0108  it is not there yet
    pacer = Pacer(SharedBucket(lambda: None))
    sender = Sender(Reception(ground.db, house, SystemClock()), {platform.channel: platform}, _prepared, pacer=pacer)
    chore = Chore("sender", 0.5, sender.send_due)
    worker = Worker((chore,))
    worker.start()
    await asyncio.wait_for(platform.all_told.wait(), 30)
    await worker.stop()
    await sender.drain(5)


def _prepared(tx: Tx, due: outbox.Due, **facts: Any) -> Prepared:
    """Prepare without a person behind the number: what is measured is the way, not the words."""
    who = str(due.person_id)
    return Prepared((Outgoing(due.id, due.person_id, due.kind, "telegram", "bot", who, Body(text="hello"), "en"),))


async def _opened(one: ByScheduler) -> None:
    await one.open()


def _child(act: str, url: str) -> list[str]:
    return [sys.executable, "-m", "benchmarks.reminders_child", act, url]


def _weight() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096


@contextmanager
def _scratch() -> Iterator[Path]:
    with ExitStack() as stack:
        memory = Path("/dev/shm")  # noqa: S108  what is put there has a private folder of its own
        where = memory if memory.is_dir() else None
        yield Path(stack.enter_context(tempfile.TemporaryDirectory(dir=where, prefix="menling-bench-")))
