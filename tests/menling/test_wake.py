"""Wake-ups reach every process while Redis answers, and nothing suffers when it does not."""

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from typing import Any

import pytest
import redis

from menling import wake
from menling.wake import Wakes
from tests import guardian, servers


class Ear:
    """Notes what a bell says."""

    def __init__(self, wakes: Wakes, name: str = "sender") -> None:
        self.heard: list[int] = []
        self._news = asyncio.Event()
        wakes.on(name, self._note)

    def _note(self, number: int) -> None:
        self.heard.append(number)
        self._news.set()

    async def hears(self, number: int) -> None:
        async with asyncio.timeout(30):
            while number not in self.heard:
                self._news.clear()
                await self._news.wait()


@asynccontextmanager
async def two_processes(url: str) -> AsyncIterator[tuple[Wakes, Wakes]]:
    """Two that share one Redis, both listening."""
    pair = (Wakes(), Wakes())
    for wakes in pair:
        wakes.bind()
        wakes.connect(url)
    with redis.Redis.from_url(url) as client:
        async with asyncio.timeout(30):
            while client.execute_command("PUBSUB", "NUMSUB", "menling:wakes")[1] < 2:  # noqa: ASYNC110  asked of a server
                await asyncio.sleep(0.01)
    try:
        yield pair
    finally:
        for wakes in pair:
            await wakes.close()


def test_a_ring_from_any_thread_is_heard_in_the_loop_without_redis() -> None:
    async def story() -> None:
        wakes = Wakes()
        wakes.bind()
        ear = Ear(wakes)

        threading.Thread(target=wakes.ring, args=("sender", 7)).start()

        await ear.hears(7)

    asyncio.run(story())


def test_a_ring_before_any_loop_is_no_error() -> None:
    Wakes().ring("sender")


def test_a_ring_is_heard_once_in_each_process(valkey_server: servers.Valkey) -> None:
    async def story() -> None:
        async with two_processes(valkey_server.url) as (ours, theirs):
            here, there = Ear(ours), Ear(theirs)

            ours.ring("sender", 5)
            await there.hears(5)
            theirs.ring("sender", 6)
            await here.hears(6)

            assert here.heard == [5, 6]
            assert there.heard == [5, 6]

    asyncio.run(story())


def test_a_quiet_line_stays_open(valkey_server: servers.Valkey, caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        async with two_processes(valkey_server.url) as (ours, theirs):
            there = Ear(theirs)
            await asyncio.sleep(0.7)  # longer than the time-out of a command
            ours.ring("sender", 1)
            await there.hears(1)

    asyncio.run(story())

    assert [record.message for record in caplog.records if record.name == "menling.wake"] == []


def test_other_bells_stay_silent(valkey_server: servers.Valkey) -> None:
    async def story() -> None:
        async with two_processes(valkey_server.url) as (ours, theirs):
            sender, person = Ear(theirs), Ear(theirs, "person")

            ours.ring("person", 42)
            await person.hears(42)

            assert sender.heard == []

    asyncio.run(story())


def test_many_rings_in_a_moment_are_one_call_to_the_others(
    valkey_server: servers.Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("menling.wake._GATHERED_SECONDS", 1.0)  # a moment that no machine is too slow for

    async def story() -> None:
        async with two_processes(valkey_server.url) as (ours, theirs):
            there = Ear(theirs)
            ours.ring("sender", 0)
            await there.hears(0)
            before = calls(valkey_server)

            for number in range(1, 51):
                ours.ring("sender", number)
                await asyncio.sleep(0)
            await there.hears(50)

            assert there.heard == list(range(51))
            assert calls(valkey_server) - before <= 2

    asyncio.run(story())


def calls(server: servers.Valkey) -> int:
    """How often anybody has published anything at this server."""
    with closing(redis.Redis.from_url(server.url)) as client:
        told: Any = client.info("commandstats")
    return int(told.get("cmdstat_publish", {"calls": 0})["calls"])


def test_a_hung_redis_delays_nobody(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wake, "_TIMEOUT_SECONDS", 20.0)  # longer than who listens here is willing to wait
    server = servers.valkey()

    async def story() -> None:
        async with two_processes(server.url) as (ours, _):
            here = Ear(ours)
            os.kill(server.pid, signal.SIGSTOP)

            for number in range(200):
                ours.ring("sender", number)
            await here.hears(199)

            assert "redis is away" not in caplog.messages, "who listens here does not wait until Redis is given up"

    try:
        asyncio.run(story())
    finally:
        os.kill(server.pid, signal.SIGCONT)
        guardian.stop(server.pid)


def test_a_killed_redis_is_no_error_for_anybody() -> None:
    server = servers.valkey()

    async def story() -> None:
        async with two_processes(server.url) as (ours, _):
            here = Ear(ours)
            guardian.stop(server.pid)

            ours.ring("sender", 1)
            await here.hears(1)
            await asyncio.sleep(0.05)
            ours.ring("sender", 2)
            await here.hears(2)

    asyncio.run(story())
