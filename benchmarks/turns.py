"""Goal 1: what a whole turn costs, beside a turn that is kept nowhere."""

import asyncio
import itertools
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import uvloop
from aiogram import Bot
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.types import Update

from benchmarks import turns_by_aiogram, turns_by_hand
from benchmarks.chats import Chat, Tally, all_at_once, customers, different_taps
from benchmarks.measuring import Block, Series, interleaved, percentile, times_cheaper
from benchmarks.report import Line, judged, skipped
from benchmarks.starting import start_and_weight
from benchmarks.turns_by_aiogram import Peer, pressed
from benchmarks.world import Ground, a_house, count, server_ground, sqlite_ground
from bots.telegram.keyboards import inline_keyboard
from bots.telegram.reading import read_update
from core.conversations.tables import inbox
from core.messages.tables import message
from tests import servers

CHATS = 32
_BLOCKS = 12
_RASA_TURNS = 73.0
_PEER_TIMES = 3
_FLOOR_TIMES = 40
_KINDS = (("presses", False, 2.0), ("words", True, 1.2))


def measure() -> Iterator[Line]:
    """Yield every line of goal 1."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        with sqlite_ground(demo=True) as ground:
            yield from _beside_memory(runner, ground)
            yield from _alone(runner, ground)
            yield _lag(runner, ground)
            yield from _door(runner, ground)
        for name in ("PostgreSQL", "MariaDB"):
            yield from _beside_redis(runner, name)
    yield from start_and_weight()


def _beside_memory(runner: asyncio.Runner, ground: Ground) -> Iterator[Line]:
    peer = Peer(MemoryStorage())
    for kind, words, target in _KINDS:
        tally = Tally()
        chats = _ready(runner, ground, tally, prefix=kind)
        with _checked(ground, tally):
            found = interleaved(
                runner,
                {
                    "ours": partial(all_at_once, chats, words=words),
                    "peer": partial(peer.all_at_once, CHATS, words=words, times=_PEER_TIMES),
                    "floor": partial(turns_by_hand.all_at_once, CHATS, words=words, times=_FLOOR_TIMES),
                },
                blocks=_BLOCKS,
            )
        yield _ratio_line(f"turn_cpu_ratio, {kind}, SQLite, beside aiogram memory", found, target)
        yield from _about(kind, ground, tally, found)
        if words:
            yield _beside_rasa(found["ours"])
    runner.run(peer.close())
    for name in ("aiogram-dialog", "python-telegram-bot", "botbuilder-dialogs"):
        yield skipped(1, f"turn_cpu_ratio, beside {name}", "not installed")


def _beside_redis(runner: asyncio.Runner, name: str) -> Iterator[Line]:
    title = f"turn_cpu_ratio, {name}, beside aiogram Redis"
    try:
        with server_ground(name, demo=True) as ground:
            valkey = servers.valkey()
            peer = Peer(RedisStorage.from_url(valkey.url))
            for kind, words, _ in _KINDS:
                tally = Tally()
                chats = _ready(runner, ground, tally, prefix=kind)
                with _checked(ground, tally):
                    paths: dict[str, Block] = {
                        "ours": partial(all_at_once, chats, words=words),
                        "peer": partial(peer.all_at_once, CHATS, words=words),
                    }
                    found = interleaved(runner, paths, blocks=_BLOCKS // 3)
                yield _ratio_line(f"{title}, {kind}", found, 1.2)
                yield from _about(kind, ground, tally, found)
            runner.run(peer.close())
    except servers.ServerMissing as missing:
        yield skipped(1, title, str(missing))


def _ready(runner: asyncio.Runner, ground: Ground, tally: Tally, *, prefix: str) -> list[Chat]:
    chats = customers(ground.db, a_house(), CHATS, tally, prefix=prefix)
    ways = runner.run(different_taps(chats[0]))
    for chat, taps in zip(chats, itertools.cycle(ways), strict=False):
        chat.taps = taps
    tally.turns = tally.statements = tally.summaries = 0
    return chats


@contextmanager
def _checked(ground: Ground, tally: Tally) -> Iterator[None]:
    """Assert that every turn taken left its update and its message."""
    before = count(ground.db, inbox), count(ground.db, message)
    yield
    kept = count(ground.db, inbox) - before[0], count(ground.db, message) - before[1]
    if kept != (tally.turns, tally.turns):
        raise AssertionError(f"{tally.turns} turns left {kept[0]} updates and {kept[1]} messages")


def _ratio_line(name: str, found: dict[str, Series], target: float) -> Line:
    ours, peer, floor = found["ours"], found["peer"], found.get("floor")
    return judged(
        Line(
            goal=1,
            name=name,
            unit="us CPU a turn",
            better="higher",
            ours=ours.cpu,
            peer=peer.cpu,
            floor=None if floor is None else floor.cpu,
            ratio=times_cheaper(ours, peer),
            target=target,
        )
    )


def _beside_rasa(ours: Series) -> Line:
    """Rasa runs on no Python 3.11: its figure is the better of two runs on a like machine, so the ratio is rough."""
    told = "turns understood a CPU-second, words, SQLite, beside Rasa 3.6.21 as measured elsewhere"
    rate = 1e6 / ours.cpu
    return judged(Line(1, told, "turns", "higher", rate, _RASA_TURNS, None, rate / _RASA_TURNS, 50.0))


def _about(kind: str, ground: Ground, tally: Tally, found: dict[str, Series]) -> Iterator[Line]:
    about = f"{kind}, {ground.name}"
    yield Line(1, f"wall time, {about}, {CHATS} chats", "us a turn", "lower", found["ours"].wall, found["peer"].wall)
    statements = tally.statements / tally.turns
    yield Line(1, f"statements, {about}", "a turn", "lower", statements)
    if ground.name != "SQLite":
        yield Line(1, f"round trips, {about}", "a turn", "lower", statements + 2)
    booked = tally.summaries / (tally.turns / 5)
    yield Line(1, f"dialogues that came to a summary, {about}", "part of all", "higher", booked)


def _alone(runner: asyncio.Runner, ground: Ground) -> Iterator[Line]:
    """One chat, nobody else: what a person waits for the turn itself."""
    for kind, words, _ in _KINDS:
        tally = Tally()
        chat = _ready(runner, ground, tally, prefix=f"alone-{kind}")[0]
        tally.waits.clear()
        for _ in range(60):
            runner.run(all_at_once([chat], words=words))
        p50 = statistics.median(tally.waits) * 1000
        p99 = percentile(tally.waits, 99) * 1000
        yield judged(Line(1, f"lone turn p50, {kind}, SQLite", "ms", "lower", p50, target=1.0))
        yield Line(1, f"lone turn p99, {kind}, SQLite", "ms", "lower", p99)


def _lag(runner: asyncio.Runner, ground: Ground) -> Line:
    """How late the event loop wakes up while 128 chats book by presses."""
    chats = customers(ground.db, a_house(), 128, Tally(), prefix="lag")
    late = runner.run(_watched(chats))
    return judged(Line(1, "event loop lag p99, 128 chats", "ms", "lower", percentile(late, 99) * 1000, target=5.0))


async def _watched(chats: list[Chat]) -> list[float]:
    late: list[float] = []

    async def watch() -> None:
        while True:
            due = time.perf_counter() + 0.001
            await asyncio.sleep(0.001)
            late.append(time.perf_counter() - due)

    watcher = asyncio.ensure_future(watch())
    for _ in range(3):
        await all_at_once(chats, words=False)
    watcher.cancel()
    return late


def _door(runner: asyncio.Runner, ground: Ground) -> Iterator[Line]:
    """What the Telegram door adds to a turn: the update typed and read, the reply's fields made."""
    chat = _ready(runner, ground, Tally(), prefix="door")[0]
    runner.run(chat.books_by_presses())
    session = turns_by_aiogram.StubbedSession()
    bot = Bot("42:bench", session=session)
    updates = [pressed(1, "3w5e11264sgsf.3") for _ in range(500)]

    async def door() -> int:
        for raw in updates:
            read_update(Update.model_validate_json(raw), account="42")
            keyboard = inline_keyboard(chat.shown, chat.message_id)
            await bot.send_message(1, chat.shown.text, reply_markup=keyboard)
        return len(updates)

    cost = interleaved(runner, {"door": door}, blocks=5)["door"].cpu
    yield Line(1, "the Telegram door beside a turn (type, read, reply)", "us CPU", "lower", cost)
