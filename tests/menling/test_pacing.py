"""Nobody is written to faster than a platform lets us, and what presses most has the next place."""

import asyncio
import itertools
import time
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from redis.asyncio import Redis

from core.ids import new_id
from core.messages import Rank
from dialogs.outgoing import Body, Held, Later, Outgoing, Pace, Refused, Sent, Unknown
from menling.pacing import Act, LocalBucket, Pacer, SharedBucket
from tests import servers

FAST = Pace(per_second=200, per_chat_second=20)
SLOW = Pace(per_second=20, per_chat_second=20)


class Clock:
    """Time that passes when told."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def to(chat: str = "anna", *, account: str = "main") -> Outgoing:
    return Outgoing(
        message_id=new_id(),
        person_id=1,
        kind="notice",
        channel="telegram",
        account=account,
        external_id=chat,
        body=Body(text="hello"),
        lang="en",
    )


def a_pacer(redis: "Callable[[], Redis | None]" = lambda: None, **options: Any) -> Pacer:
    return Pacer(SharedBucket(redis), **options)


def run(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(story())


# --- one process


def test_a_steady_flow_keeps_the_rate_and_makes_up_for_being_late() -> None:
    clock = Clock()
    bucket = LocalBucket(clock)
    pace = Pace(per_second=10, per_chat_second=1000)
    gone = 0
    for _ in range(1000):
        clock.at += 0.0107  # asked a little late each time
        gone += bucket.act("take", "bot", str(gone), pace).what == "go"

    assert 106 <= gone <= 108


def test_after_a_silence_no_more_goes_at_once_than_the_burst() -> None:
    clock = Clock()
    bucket = LocalBucket(clock)
    pace = Pace(per_second=10, per_chat_second=1000, burst=3)
    clock.at += 3600

    at_once = sum(bucket.act("take", "bot", str(n), pace).what == "go" for n in range(20))

    assert at_once == 3


def test_a_chat_waits_for_its_own_second_and_no_other_does() -> None:
    clock = Clock()
    bucket = LocalBucket(clock)
    pace = Pace(per_second=1000, per_chat_second=1)

    def take(chat: str) -> str:
        clock.at += 0.01
        return bucket.act("take", "bot", chat, pace).what

    assert [take("anna"), take("anna"), take("bo"), take("bo")] == ["go", "chat", "go", "chat"]
    clock.at += 1
    assert take("anna") == "go"


@pytest.mark.parametrize(("act", "anna", "bo"), [("chat", "chat", "go"), ("lane", "lane", "lane")])
def test_what_is_held_back_waits_as_long_as_the_platform_said(act: Act, anna: str, bo: str) -> None:
    clock = Clock()
    bucket = LocalBucket(clock)
    bucket.act(act, "bot", "anna", FAST, 30)

    clock.at += 29
    assert [bucket.act("take", "bot", chat, FAST).what for chat in ("anna", "bo")] == [anna, bo]
    clock.at += 1.1
    assert bucket.act("take", "bot", "anna", FAST).what == "go"
    assert bucket.act("take", "another bot", "anna", FAST).what == "go"


def test_what_is_urgent_has_the_next_place_of_all() -> None:
    async def story() -> None:
        pacer = a_pacer()
        order: list[str] = []

        async def send(chat: str, rank: Rank) -> None:
            assert await pacer.place(to(chat), SLOW, rank) is None
            order.append(chat)

        crowd = [asyncio.create_task(send(f"b{n}", Rank.BROADCAST)) for n in range(10)]
        await asyncio.sleep(0.06)
        before = len(order)
        await asyncio.wait_for(send("urgent", Rank.URGENT), 1)
        assert len(order) <= before + 2
        await asyncio.gather(*crowd)

    run(story)


def test_a_chat_that_has_to_wait_holds_up_nobody_behind_it() -> None:
    async def story() -> None:
        pacer = a_pacer()
        pace = Pace(per_second=1000, per_chat_second=4)
        await pacer.place(to("anna"), pace, Rank.URGENT)
        again = asyncio.create_task(pacer.place(to("anna"), pace, Rank.URGENT))
        await asyncio.sleep(0)
        started = time.monotonic()

        assert await pacer.place(to("bo"), pace, Rank.BROADCAST) is None
        assert time.monotonic() - started < 0.15
        assert not again.done()
        assert await again is None
        assert time.monotonic() - started > 0.2

    run(story)


def test_whoever_would_wait_for_long_is_told_when_to_come_again() -> None:
    async def story() -> None:
        pacer = a_pacer()
        await pacer.heard(to("anna"), FAST, Later(30))

        later = await pacer.place(to("anna"), FAST, Rank.URGENT)

        assert later is not None
        assert 29 < later.seconds <= 30
        assert await pacer.place(to("bo"), FAST, Rank.BROADCAST) is None

    run(story)


def test_a_refusal_that_means_the_whole_bot_holds_back_everybody() -> None:
    async def story() -> None:
        pacer = a_pacer()
        await pacer.heard(to("anna"), FAST, Later(30, everybody=True))

        assert await pacer.place(to("bo"), FAST, Rank.URGENT) is not None
        assert await pacer.place(to("bo", account="another"), FAST, Rank.URGENT) is None

    run(story)


@pytest.mark.parametrize(("taken_between", "everybody"), [(False, True), (True, False)])
def test_three_chats_put_off_in_a_row_mean_everybody(taken_between: bool, everybody: bool) -> None:
    async def story() -> None:
        pacer = a_pacer()
        for chat in ("anna", "bo", "cy"):
            if taken_between:
                await pacer.heard(to("dee"), FAST, Sent("1"))
            await pacer.heard(to(chat), FAST, Later(30))

        assert (await pacer.place(to("eve"), FAST, Rank.URGENT) is not None) is everybody

    run(story)


def test_an_answer_is_counted_and_never_kept_waiting() -> None:
    async def story() -> None:
        pacer = a_pacer()
        pace = Pace(per_second=5, per_chat_second=1000)
        for n in range(5):
            pacer.debit(to(f"p{n}"), pace)
        started = time.monotonic()

        await pacer.place(to("anna"), pace, Rank.ORDINARY)

        assert 0.7 < time.monotonic() - started < 1.5

    run(story)


def test_the_next_word_to_a_chat_goes_a_while_after_the_last_was_taken() -> None:
    async def story() -> None:
        pacer = a_pacer()
        await pacer.place(to("anna"), FAST, Rank.ORDINARY)
        await asyncio.sleep(0.04)  # the way to the platform
        await pacer.heard(to("anna"), FAST, Sent("1"))
        started = time.monotonic()
        await pacer.place(to("anna"), FAST, Rank.ORDINARY)

        assert time.monotonic() - started > 0.03

    run(story)


# --- a platform that is away


def test_a_platform_that_is_away_is_tried_with_one_message_after_ever_longer_rests() -> None:
    clock = Clock()

    async def story() -> None:
        pacer = a_pacer(clock=clock)
        rests = []
        for _ in range(6):
            heard = await pacer.heard(to(), None, Later(0.1, away=True))
            assert isinstance(heard, Later)
            rests.append(heard.seconds)
            assert await pacer.place(to("bo"), None, Rank.URGENT) is not None
            clock.at += heard.seconds + 0.01
            assert await pacer.place(to("bo"), None, Rank.URGENT) is None  # the one that tries
            assert await pacer.place(to("cy"), None, Rank.URGENT) is not None
        assert all(later > before / 2 for before, later in itertools.pairwise(rests))
        assert rests[-1] > 4 * rests[0]

        await pacer.heard(to("bo"), None, Sent("1"))
        assert await pacer.place(to("cy"), None, Rank.URGENT) is None

    run(story)


def test_those_under_way_when_a_platform_went_away_count_once() -> None:
    clock = Clock()

    async def story() -> None:
        pacer = a_pacer(clock=clock)
        for _ in range(32):
            heard = await pacer.heard(to(), None, Later(0.1, away=True))
        assert isinstance(heard, Later)
        assert heard.seconds <= 2

    run(story)


def test_one_that_tries_whether_a_platform_is_back_and_hears_nothing_lets_it_rest_on() -> None:
    clock = Clock()

    async def story() -> None:
        pacer = a_pacer(clock=clock)
        await pacer.heard(to(), None, Later(0.1, away=True))
        clock.at += 3
        assert await pacer.place(to("bo"), None, Rank.URGENT) is None  # the one that tries
        await pacer.heard(to("bo"), None, Held("no window open"))
        assert await pacer.place(to("cy"), None, Rank.URGENT) is None  # that told nothing: the next one tries
        await pacer.heard(to("cy"), None, Unknown("time-out"))
        assert await pacer.place(to("di"), None, Rank.URGENT) is not None
        clock.at += 5
        assert await pacer.place(to("di"), None, Rank.URGENT) is None

    run(story)


@pytest.mark.parametrize(("answered", "rests"), [(False, True), (True, False)])
def test_three_silences_in_a_row_mean_that_the_platform_is_away(answered: bool, rests: bool) -> None:
    async def story() -> None:
        pacer = a_pacer()
        for n in range(3):
            if answered:
                await pacer.heard(to(), None, Refused("blocked", gone=True))
            await pacer.heard(to(f"p{n}"), None, Unknown("time-out"))

        assert (await pacer.place(to("bo"), None, Rank.URGENT) is not None) is rests

    run(story)


# --- many processes


def test_processes_share_one_rate(valkey_server: servers.Valkey) -> None:
    async def story() -> None:
        pace = Pace(per_second=50, per_chat_second=1000)
        redis = [Redis.from_url(valkey_server.url) for _ in range(3)]
        await redis[0].flushall()
        pacers = [a_pacer(lambda one=one: one) for one in redis]  # type: ignore[misc]
        sent = 0
        until = time.monotonic() + 1

        async def send(pacer: Pacer, number: int) -> None:
            nonlocal sent
            while time.monotonic() < until:
                if await pacer.place(to(f"p{number}"), pace, Rank.ORDINARY) is None:
                    sent += 1

        await asyncio.gather(*(send(pacer, 10 * at + n) for at, pacer in enumerate(pacers) for n in range(5)))
        for one in redis:
            await one.aclose()
        assert 40 <= sent <= 51 + 15  # each of the 15 may have one more on its way when the second is over

    run(story)


def test_what_one_process_was_told_to_wait_the_others_wait_too(valkey_server: servers.Valkey) -> None:
    async def story() -> None:
        redis = Redis.from_url(valkey_server.url)
        await redis.flushall()
        here, there = a_pacer(lambda: redis), a_pacer(lambda: redis)
        await here.heard(to("anna"), FAST, Later(30))
        await here.heard(to("zoe", account="second"), FAST, Later(20, everybody=True))

        anna = await there.place(to("anna"), FAST, Rank.URGENT)
        other = await there.place(to("bo", account="second"), FAST, Rank.URGENT)

        assert anna is not None
        assert 29 < anna.seconds <= 30
        assert other is not None
        assert 19 < other.seconds <= 20.01
        assert await there.place(to("bo"), FAST, Rank.URGENT) is None
        await redis.aclose()

    run(story)


def test_the_script_and_the_rule_of_one_process_give_as_many_places(valkey_server: servers.Valkey) -> None:
    async def story() -> None:
        redis = Redis.from_url(valkey_server.url)
        await redis.flushall()
        shared, own = SharedBucket(lambda: redis), LocalBucket()
        await shared.act("take", "warm", "x", FAST)
        pace = Pace(per_second=100, per_chat_second=20, burst=3)
        places = {"theirs": 0, "ours": 0}
        for n in range(100):
            chat = "ab"[n % 2]
            places["theirs"] += (await shared.act("take", "bot", chat, pace)).what == "go"
            places["ours"] += own.act("take", "bot", chat, pace).what == "go"
            await asyncio.sleep(0.004)
        await redis.aclose()

        assert places["ours"] > 10
        assert abs(places["ours"] - places["theirs"]) <= 3  # the edge of a place may fall between the two questions

    run(story)


async def _scripts_run(redis: Redis) -> int:
    stats = await redis.info("commandstats")
    return int(stats.get("cmdstat_evalsha", {"calls": 0})["calls"])


def test_answers_of_one_process_count_in_all_and_are_told_in_one_go(valkey_server: servers.Valkey) -> None:
    async def story() -> None:
        redis = Redis.from_url(valkey_server.url)
        await redis.flushall()
        here, there = a_pacer(lambda: redis), a_pacer(lambda: redis)
        pace = Pace(per_second=10, per_chat_second=1)
        for n in range(5):
            here.debit(to(f"p{n}"), pace)
        before = await _scripts_run(redis)
        await asyncio.sleep(0.1)
        started = time.monotonic()

        assert await there.place(to("anna"), pace, Rank.ORDINARY) is None
        assert time.monotonic() - started > 0.3
        assert await _scripts_run(redis) - before <= 6
        asked = asyncio.create_task(there.place(to("p0"), pace, Rank.ORDINARY))
        await asyncio.sleep(0.15)
        assert not asked.done()
        asked.cancel()
        await redis.aclose()

    run(story)


def test_redis_is_told_no_chat(valkey_server: servers.Valkey) -> None:
    async def story() -> None:
        redis = Redis.from_url(valkey_server.url)
        await redis.flushall()
        await a_pacer(lambda: redis).place(to("oCanaryOpenId"), FAST, Rank.URGENT)

        keys = await redis.keys()
        assert len(keys) == 2
        assert not any(b"oCanary" in key for key in keys)
        for key in keys:
            assert 0 < await redis.pttl(key) < 3000
        await redis.aclose()

    run(story)


def test_a_redis_that_hangs_costs_a_message_less_than_half_a_second() -> None:
    async def story() -> None:
        async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        server = await asyncio.start_server(hang, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        redis = Redis(host="127.0.0.1", port=port, socket_timeout=0.3, socket_connect_timeout=0.3)
        pacer = a_pacer(lambda: redis)
        started = time.monotonic()

        for n in range(5):
            assert await pacer.place(to(f"p{n}"), FAST, Rank.URGENT) is None

        assert time.monotonic() - started < 0.5
        await redis.aclose()
        server.close()

    run(story)
