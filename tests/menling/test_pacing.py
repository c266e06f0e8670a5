"""Nobody is written to faster than a platform lets us, and what presses most has the next place."""

import asyncio
import itertools
from collections.abc import Callable

import pytest
from redis.asyncio import Redis

from core.messages import Rank
from dialogs.outgoing import Held, Later, Pace, Refused, Sent, Unknown
from menling.pacing import Act, LocalBucket
from tests.hurrying import hurried
from tests.menling.pacing_ground import FAST, SLOW, a_pacer, run, to


class Clock:
    """Time that passes when told."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


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
    async def story(clock: Callable[[], float]) -> None:
        pacer = a_pacer(clock=clock)
        order: list[str] = []

        async def send(chat: str, rank: Rank) -> None:
            assert await pacer.place(to(chat), SLOW, rank) is None
            order.append(chat)

        crowd = [asyncio.create_task(send(f"b{n}", Rank.BROADCAST)) for n in range(10)]
        await asyncio.sleep(0.06)
        before = len(order)
        await send("urgent", Rank.URGENT)

        assert 0 < before < 5
        assert order[before:] == ["urgent"]
        await asyncio.gather(*crowd)

    hurried(story)


def test_a_chat_that_has_to_wait_holds_up_nobody_behind_it() -> None:
    async def story(clock: Callable[[], float]) -> None:
        pacer = a_pacer(clock=clock)
        pace = Pace(per_second=1000, per_chat_second=4)
        await pacer.place(to("anna"), pace, Rank.URGENT)
        started = clock()
        again = asyncio.create_task(pacer.place(to("anna"), pace, Rank.URGENT))
        await asyncio.sleep(0)

        assert await pacer.place(to("bo"), pace, Rank.BROADCAST) is None
        assert clock() - started < 0.01
        assert await again is None
        assert clock() - started == pytest.approx(0.25, abs=0.01)

    hurried(story)


def test_whoever_would_wait_for_long_is_told_when_to_come_again() -> None:
    async def story() -> None:
        pacer = a_pacer(clock=Clock())
        await pacer.heard(to("anna"), FAST, Later(30))

        later = await pacer.place(to("anna"), FAST, Rank.URGENT)

        assert later is not None
        assert later.seconds == pytest.approx(30, abs=0.01)
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
    async def story(clock: Callable[[], float]) -> None:
        pacer = a_pacer(clock=clock)
        pace = Pace(per_second=5, per_chat_second=1000)
        started = clock()
        for n in range(5):
            pacer.debit(to(f"p{n}"), pace)

        await pacer.place(to("anna"), pace, Rank.ORDINARY)

        assert clock() - started == pytest.approx(1.0, abs=0.02)

    hurried(story)


def test_the_next_word_to_a_chat_goes_a_while_after_the_last_was_taken() -> None:
    async def story(clock: Callable[[], float]) -> None:
        pacer = a_pacer(clock=clock)
        await pacer.place(to("anna"), FAST, Rank.ORDINARY)
        await asyncio.sleep(0.04)  # the way to the platform
        await pacer.heard(to("anna"), FAST, Sent("1"))
        taken = clock()
        await pacer.place(to("anna"), FAST, Rank.ORDINARY)

        assert clock() - taken == pytest.approx(1 / FAST.per_chat_second, abs=0.01)

    hurried(story)


def test_a_redis_that_hangs_costs_a_message_less_than_half_a_second() -> None:
    async def story(clock: Callable[[], float]) -> None:
        async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            writer.close()

        server = await asyncio.start_server(hang, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        redis = Redis(host="127.0.0.1", port=port, socket_timeout=0.3, socket_connect_timeout=0.3)
        pacer = a_pacer(lambda: redis, clock=clock)
        started = clock()

        for n in range(5):
            assert await pacer.place(to(f"p{n}"), FAST, Rank.URGENT) is None

        assert 0.2 < clock() - started < 0.5  # the first one waits for it, and the others do not ask
        await redis.aclose()
        server.close()

    hurried(story)


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
