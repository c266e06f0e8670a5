"""Several processes with one Redis share one rate, and what a platform told one of them."""

import asyncio
import time

from redis.asyncio import Redis

from core.messages import Rank
from dialogs.outgoing import Later, Pace
from menling.pacing import LocalBucket, Pacer, SharedBucket
from tests import servers
from tests.menling.pacing_ground import FAST, a_pacer, run, to

_PATIENCE = 20.0
"""Seconds Redis may take here: on a busy machine it is slow, and what is tested is that all of us ask it."""


def test_processes_share_one_rate(valkey_server: servers.Valkey) -> None:
    async def story() -> None:
        pace = Pace(per_second=50, per_chat_second=1000)
        redis = [Redis.from_url(valkey_server.url) for _ in range(3)]
        await redis[0].flushall()
        pacers = [a_pacer(lambda one=one: one, timeout=_PATIENCE) for one in redis]  # type: ignore[misc]
        started = time.monotonic()

        async def send(pacer: Pacer, number: int) -> None:
            for _ in range(4):
                assert await pacer.place(to(f"p{number}"), pace, Rank.ORDINARY) is None

        await asyncio.gather(*(send(pacer, 10 * at + n) for at, pacer in enumerate(pacers) for n in range(5)))
        for one in redis:
            await one.aclose()
        assert time.monotonic() - started > 60 / 50 - 0.1  # each with a rate of its own: 0.4 s

    run(story)


def test_what_one_process_was_told_to_wait_the_others_wait_too(valkey_server: servers.Valkey) -> None:
    async def story() -> None:
        redis = Redis.from_url(valkey_server.url)
        await redis.flushall()
        here, there = (a_pacer(lambda: redis, timeout=_PATIENCE) for _ in range(2))
        await here.heard(to("anna"), FAST, Later(300))
        await here.heard(to("zoe", account="second"), FAST, Later(200, everybody=True))

        anna = await there.place(to("anna"), FAST, Rank.URGENT)
        other = await there.place(to("bo", account="second"), FAST, Rank.URGENT)

        assert anna is not None
        assert 250 < anna.seconds <= 300
        assert other is not None
        assert 150 < other.seconds <= 200.01
        assert await there.place(to("bo"), FAST, Rank.URGENT) is None
        await redis.aclose()

    run(story)


def test_the_script_and_the_rule_of_one_process_give_as_many_places(valkey_server: servers.Valkey) -> None:
    async def story() -> None:
        redis = Redis.from_url(valkey_server.url)
        await redis.flushall()
        shared, own = SharedBucket(lambda: redis, timeout=_PATIENCE), LocalBucket()
        await shared.act("take", "warm", "x", FAST)
        pace = Pace(per_second=100, per_chat_second=20, burst=3)
        places = {"theirs": 0, "ours": 0}
        slow = 0
        for n in range(100):
            chat, asked = "ab"[n % 2], time.monotonic()
            places["theirs"] += (await shared.act("take", "bot", chat, pace)).what == "go"
            places["ours"] += own.act("take", "bot", chat, pace).what == "go"
            slow += time.monotonic() - asked > 0.004
            await asyncio.sleep(0.004)
        await redis.aclose()

        assert places["ours"] > 10
        # The edge of a place may fall between the two questions: seldom, unless the machine is busy.
        assert abs(places["ours"] - places["theirs"]) <= 3 + slow

    run(story)


async def _told(redis: Redis, chats: int) -> None:
    """Wait until Redis knows of an account and this many of its chats."""
    while len(await redis.keys()) < chats + 1:  # noqa: ASYNC110  Redis has no bell here
        await asyncio.sleep(0.005)


async def _scripts_run(redis: Redis) -> int:
    stats = await redis.info("commandstats")
    return int(stats.get("cmdstat_evalsha", {"calls": 0})["calls"])


def test_answers_of_one_process_count_in_all_and_are_told_in_one_go(valkey_server: servers.Valkey) -> None:
    async def story() -> None:
        redis = Redis.from_url(valkey_server.url)
        await redis.flushall()
        here, there = (a_pacer(lambda: redis, timeout=_PATIENCE) for _ in range(2))
        pace = Pace(per_second=10, per_chat_second=1)
        before, started = await _scripts_run(redis), time.monotonic()
        for n in range(5):
            here.debit(to(f"p{n}"), pace)
        await _told(redis, 5)
        assert await _scripts_run(redis) - before <= 2  # the second when Redis did not know the script yet

        assert await there.place(to("anna"), pace, Rank.ORDINARY) is None
        assert time.monotonic() - started > 5 / 10 - 0.02  # after the five
        assert await there.place(to("p0"), pace, Rank.ORDINARY) is None
        assert time.monotonic() - started > 1  # after the answer this chat had

        await redis.aclose()

    run(story)


def test_redis_is_told_no_chat_and_forgets_what_is_over(valkey_server: servers.Valkey) -> None:
    async def story() -> None:
        redis = Redis.from_url(valkey_server.url)
        await redis.flushall()
        seldom = Pace(per_second=1, per_chat_second=0.1)
        await a_pacer(lambda: redis, timeout=_PATIENCE).place(to("oCanaryOpenId"), seldom, Rank.URGENT)

        # The account's own is kept for two seconds: on a busy machine it may be gone by now.
        keys = await redis.keys()
        assert 1 <= len(keys) <= 2
        assert not any(b"oCanary" in key for key in keys)
        assert all(left == -2 or 0 < left <= 11_000 for left in [await redis.pttl(key) for key in keys])
        await redis.aclose()

    run(story)
