"""Goal 7: three thousand messages to Telegram, as fast as it takes them, none of them refused."""

import asyncio
import itertools
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import uvloop
from aiogram.exceptions import TelegramRetryAfter
from sqlalchemy import bindparam, update

from benchmarks.measuring import percentile
from benchmarks.report import Line, judged, skipped
from benchmarks.world import Ground, a_house, sqlite_ground
from bots.telegram import TelegramParams, open_telegram
from bots.telegram.sending import open_bot
from core import people
from core.db import Tx
from core.messages import Rank, Template, tell
from core.messages.tables import message
from core.messages.telling import broadcast
from dialogs.reception import Reception
from dialogs.rendering import prepare
from menling.pacing import Pacer, SharedBucket
from menling.sender import Sender
from menling.wake import Wakes
from menling.worker import Chore, Worker
from simulators.telegram import Call, Person, TelegramSimulator
from tests import servers

MESSAGES = 3_000
_CHATS = 600
_CEILING = 30.0
_URGENT = 40
_URGENT_EVERY = 2.0
_FLOODED_SECONDS = 3
_ALONE = 300
_PATIENCE = 170.0


_PRESSES = update(message).where(message.c.person_id == bindparam("b_person")).values(rank=bindparam("b_rank"))


class NoonClock:
    """Real time, put to noon: what is measured is no matter of quiet hours."""

    def __init__(self) -> None:
        self._ahead = datetime(2026, 11, 20, 4, tzinfo=UTC) - datetime.now(UTC)

    def now(self) -> datetime:
        """Return the time of this run."""
        return datetime.now(UTC) + self._ahead


class Town:
    """A simulated Telegram full of people who are told something, and the real sender that tells them."""

    def __init__(self, ground: Ground, simulator: TelegramSimulator, redis: Any) -> None:
        self.ground = ground
        self.simulator = simulator
        self.clock = NoonClock()
        self.chats: dict[int, Person] = {}
        wakes = Wakes()
        house = replace(a_house(), wake_sender=lambda: wakes.ring("sender"))
        reception = Reception(ground.db, house, self.clock)
        params = TelegramParams(
            token=simulator.token, secret="", public_url="", api_base=simulator.base_url, polling=True
        )
        self.door = open_telegram(params, reception)
        pacer = Pacer(SharedBucket(lambda: redis))
        self._sender = Sender(reception, {self.door.channel: self.door}, prepare, pacer=pacer)
        chore = Chore("sender", 0.5, self._sender.send_due)
        wakes.on("sender", chore.ring)
        self._wakes = wakes
        self._worker = Worker((chore,))

    async def settle(self, count: int) -> None:
        """Have so many people come."""
        for _ in range(count):
            person = self.simulator.user()
            await person.starts()  # a bot cannot write to who never wrote to it
            await self.ground.db.arun(lambda tx, person=person: self._arrive(tx, person))  # type: ignore[misc]

    async def announce(self) -> None:
        """Have all of it to say to everybody, five times each."""
        now = self.clock.now()
        recipients = [(person_id, now) for person_id in self.chats]
        for round_ in range(MESSAGES // len(self.chats)):
            facts = {"settlement_id": 1, "amount_minor": 100 * (round_ + 1), "currency": "CNY"}
            await self.ground.db.arun(
                lambda tx, round_=round_, facts=facts: broadcast(  # type: ignore[misc]
                    tx, recipients, Template.SETTLEMENT_PAID, dedupe=f"r{round_}", now=now, facts=facts
                )
            )

    async def tell_urgently(self, person_id: int) -> None:
        """Have something to say to one person that cannot wait."""
        facts = {"settlement_id": 1, "amount_minor": 100, "currency": "CNY"}
        now = self.clock.now()

        def unit(tx: Tx) -> None:
            # A settlement can be told without an order around it; what counts here is the rank.
            tell(tx, person_id, Template.SETTLEMENT_PAID, dedupe=f"u{person_id}", now=now, facts=facts)
            tx.execute(_PRESSES, {"b_person": person_id, "b_rank": Rank.URGENT})
            tx.after_commit(lambda: self._wakes.ring("sender"))

        await self.ground.db.arun(unit)

    async def start(self) -> None:
        """Begin to send."""
        self._wakes.bind()
        self._worker.start()

    async def stop(self) -> None:
        """Stop sending."""
        await self._worker.stop()
        await self._sender.drain(5)
        await self.door.stop()
        await self._wakes.close()

    def told(self) -> list[Call]:
        """Return what Telegram took."""
        return [call for call in self.simulator.calls if call.ok and call.method == "sendMessage"]

    def _arrive(self, tx: Tx, person: Person) -> None:
        who = people.arrive(
            tx,
            channel="telegram",
            account="main",
            external_id=str(person.id),
            lang="en",
            zone="Asia/Shanghai",
            now=self.clock.now() - timedelta(days=1),
        )
        self.chats[who.id] = person


def measure() -> Iterator[Line]:
    """Yield every line of goal 7 that is about Telegram."""
    try:
        server = servers.valkey()
    except servers.ServerMissing as missing:
        yield skipped(7, "messages to Telegram", str(missing))
        return
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner, sqlite_ground(demo=False) as ground:
        yield from runner.run(_push(ground, server.url))
        yield runner.run(_alone())


async def _push(ground: Ground, redis_url: str) -> list[Line]:
    from redis.asyncio import Redis  # noqa: PLC0415  beside what needs it

    redis = Redis.from_url(redis_url)
    simulator = TelegramSimulator(enforce_limits=True)
    await simulator.start()
    town = Town(ground, simulator, redis)
    try:
        await town.settle(_CHATS)
        await town.announce()
        crowd = set(town.chats)
        await town.settle(_URGENT)
        hurried = [person_id for person_id in town.chats if person_id not in crowd]
        cpu = time.process_time()
        await town.start()
        asked = await _hurry(town, hurried)
        async with asyncio.timeout(_PATIENCE):
            while len(town.told()) < MESSAGES + len(hurried):  # noqa: ASYNC110  asked of the simulator
                await asyncio.sleep(0.25)
        cpu = time.process_time() - cpu
        return list(_lines(town, asked, cpu))
    finally:
        await town.stop()
        await simulator.stop()
        await redis.aclose()


async def _hurry(town: Town, hurried: list[int]) -> dict[int, float]:
    """While all the others are told, say something urgent every two seconds; and let one chat be put off once."""
    flooded = next(iter(town.chats.values()))
    asked: dict[int, float] = {}
    for number, person_id in enumerate(hurried):
        await asyncio.sleep(_URGENT_EVERY)
        if number == len(hurried) // 2:
            town.simulator.fail_next("sendMessage", "429", chat_id=flooded.id, retry_after=_FLOODED_SECONDS)
        asked[town.chats[person_id].id] = town.simulator.clock.now()
        await town.tell_urgently(person_id)
    return asked


def _lines(town: Town, asked: dict[int, float], cpu: float) -> Iterator[Line]:
    told = town.told()
    by_chat: dict[int, list[Call]] = defaultdict(list)
    for call in told:
        by_chat[int(str(call.params["chat_id"]))].append(call)
    late = [by_chat[chat][0].at - at for chat, at in asked.items()]
    refused = [call for call in town.simulator.calls if call.error_code == 429]
    assert all(len(calls) == (1 if chat in asked else MESSAGES // _CHATS) for chat, calls in by_chat.items())
    rate = (len(told) - 1) / (told[-1].at - told[0].at)
    yield judged(Line(7, "of Telegram's 30 a second used", "messages a second", "higher", rate, None, _CEILING,
                      rate / _CEILING, 0.98))  # fmt: skip
    yield judged(Line(7, "refused, beside the one planned", "messages", "lower", len(refused) - 1, target=0.0))
    disordered = sum(_amounts(calls) != sorted(_amounts(calls)) for calls in by_chat.values())
    yield judged(Line(7, "chats told out of order", "chats", "lower", disordered, target=0.0))
    yield judged(Line(7, "an urgent one overtakes, p99", "s", "lower", percentile(late, 99), target=0.2))
    yield judged(
        Line(
            7,
            "longest silence for the others while one chat is put off",
            "s",
            "lower",
            _gap(told, refused[0]),
            target=0.5,
        )
    )
    yield Line(7, "a message, simulator included", "us CPU", "lower", cpu / len(told) * 1e6)


def _amounts(calls: list[Call]) -> list[int]:
    """Return the amounts a chat was told, in the order it saw them: each round names a larger one."""
    return [int("".join(letter for letter in str(call.params["text"]) if letter.isdigit())) for call in calls]


def _gap(told: list[Call], flood: Call) -> float:
    """Return the longest time in which nothing went to anybody while one chat was put off."""
    times = [flood.at, *(call.at for call in told if flood.at <= call.at <= flood.at + _FLOODED_SECONDS)]
    return max(later - before for before, later in itertools.pairwise([*times, flood.at + _FLOODED_SECONDS]))


async def _alone() -> Line:
    """Send with aiogram's client alone, which knows no pace: how many of its messages are refused."""
    simulator = TelegramSimulator(enforce_limits=True)
    await simulator.start()
    params = TelegramParams(token=simulator.token, secret="", public_url="", api_base=simulator.base_url, polling=True)
    bot = open_bot(params)
    hands = asyncio.Semaphore(32)
    refused = 0

    async def send(chat_id: int) -> None:
        nonlocal refused
        async with hands:
            try:
                await bot.send_message(chat_id, "hello")
            except TelegramRetryAfter:
                refused += 1

    crowd = [simulator.user() for _ in range(_ALONE)]
    for person in crowd:
        await person.starts()
    await asyncio.gather(*(send(person.id) for person in crowd))
    await bot.session.close()
    await simulator.stop()
    return Line(7, f"aiogram's client alone: refused of {_ALONE}", "messages", "lower", None, refused)
