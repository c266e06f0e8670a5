"""What happens while an adviser thinks: order is kept, a crash or a worker in between loses and doubles nothing."""

import asyncio
import logging
from types import SimpleNamespace
from typing import Any

import pytest

from core import people
from dialogs import advising, reception
from dialogs.incoming import Incoming, Text
from dialogs.reception import Reception
from tests.busy import BusyDatabase
from tests.dialogs.advised import NOTHING, ODD, Stopped, Talking, Told, in_inbox
from tests.dialogs.chat import World

pytestmark = pytest.mark.usefixtures("unsure_of_the_odd")


def test_one_persons_messages_are_answered_in_order_and_nobody_else_waits(world: World) -> None:
    held = asyncio.Event()
    adviser = Told(then=held.wait)
    lin, other = Talking(world, adviser), Talking(world, adviser, "other")
    other.reception = lin.reception
    answered: list[str] = []

    async def talk() -> None:
        async def receive(who: str, incoming: Incoming) -> None:
            turn = await lin.reception.receive(incoming)
            answered.append(who)
            world.chats["web", incoming.sender].received.extend(turn.messages)

        first = asyncio.create_task(receive("first", lin.incoming(Text(ODD))))
        while not adviser.questions:  # noqa: ASYNC110  the adviser has no bell
            await asyncio.sleep(0.005)
        second = asyncio.create_task(receive("second", lin.incoming(Text("90分钟"))))
        await receive("neighbour", other.incoming(Text("多少钱")))
        held.set()
        await asyncio.gather(first, second)

    asyncio.run(talk())
    assert answered == ["neighbour", "first", "second"]
    assert lin.chat.values["service"] == world.service_id("肩颈舒缓")
    assert "option" in lin.chat.values


@pytest.mark.parametrize("moves", ["取消", "我的订单"])
def test_a_conversation_that_moved_meanwhile_is_answered_by_our_own_reading(world: World, moves: str) -> None:
    """Another process has taken the person's next message."""
    elsewhere = Reception(world.db, world.house, Stopped(world))

    async def move() -> None:
        await elsewhere.receive(lin.incoming(Text(moves)))

    lin = Talking(world, Told(then=move))
    (turn,) = lin.says(ODD)
    assert len(lin.adviser.questions) == 1
    assert len(turn.messages) == 1
    assert lin.chat.flow is None, "what was proposed was for a conversation that is no more"
    assert [state for state, _, _ in in_inbox(world)] == ["done", "done"]


def test_a_human_who_took_over_meanwhile_gets_the_words(world: World) -> None:
    elsewhere = Reception(world.db, world.house, Stopped(world))

    async def move() -> None:
        await elsewhere.receive(lin.incoming(Text("人工")))

    lin = Talking(world, Told(then=move))
    lin.says(ODD)
    assert lin.chat.flow is None
    assert lin.chat.loaded.ticket_id is not None


def test_whoever_was_erased_meanwhile_is_answered_nothing_and_stays_erased(world: World) -> None:
    async def erase() -> None:
        world.run(lambda tx: people.erase(tx, person_id, world.now))

    lin = Talking(world, Told(then=erase))
    lin.says("你好")
    person_id = lin.chat.person_id
    (turn,) = lin.says(ODD)
    assert (turn.messages, turn.repeat) == ((), True)
    assert in_inbox(world)[-1] == ("waiting", 0, False)
    assert world.retry() == 0
    world.settled()


def test_an_answer_that_never_came_back_is_a_workers_after_five_seconds_and_apologised_for_by_nobody(
    world: World,
) -> None:
    """The process died between inbox and answer."""
    lin = Talking(world, Told(then=_die))
    with pytest.raises(asyncio.CancelledError):
        lin.says(ODD)
    assert in_inbox(world) == [("waiting", 0, True)]
    assert lin.chat.received == []

    assert world.retry() == 1
    plain = world.chat("plain")
    plain.says(ODD)
    assert lin.chat.text == plain.text
    assert in_inbox(world)[0] == ("done", 1, False)
    assert world.retry() == 0
    world.settled()


async def _die() -> None:
    raise asyncio.CancelledError


def test_a_worker_that_came_first_has_answered_and_the_late_one_says_nothing(world: World) -> None:
    async def retried() -> None:
        assert world.retry() == 1

    lin = Talking(world, Told(then=retried))
    (turn,) = lin.says(ODD)
    assert (turn.messages, turn.repeat) == ((), True)
    assert len(lin.chat.received) == 1
    assert in_inbox(world) == [("done", 1, False)]


def test_a_repeat_while_the_first_waits_does_nothing(world: World) -> None:
    lin = Talking(world, Told())
    same = lin.incoming(Text(ODD))
    first, again = lin.sends(same, same)
    assert (first.repeat, again.repeat) == (False, True)
    assert len(lin.chat.received) == 1
    assert len(lin.adviser.questions) == 1


def test_a_turn_the_database_would_not_take_up_is_a_workers(world: World, caplog: pytest.LogCaptureFixture) -> None:
    lin = Talking(world, Told())
    real = world.db
    lin.reception.db = BusyDatabase(real, "take_up")
    with caplog.at_level(logging.WARNING):
        (turn,) = lin.says(ODD)
    assert (turn.failed, turn.messages) == (True, ())
    assert in_inbox(world) == [("waiting", 0, True)]
    assert world.retry() == 1
    assert len(lin.chat.received) == 1
    assert "抠咔咔" not in caplog.text


def test_a_turn_that_fails_with_its_answer_apologises_and_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lin = Talking(world, Told())

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("the shelf fell down")

    with monkeypatch.context() as patch:
        patch.setattr("dialogs.engine.hearing.routing.meaning", broken)
        (turn,) = lin.says(ODD)
    assert turn.failed
    assert "刚才出了点问题" in lin.chat.text
    assert in_inbox(world) == [("failed", 1, True)]
    assert world.retry() == 1
    assert in_inbox(world) == [("done", 2, False)]


def test_whoever_has_waited_in_the_queue_is_asked_about_shortly_or_not_at_all() -> None:
    assert advising.seconds_left(0.0) == 1.5
    assert advising.seconds_left(1.8) == pytest.approx(0.7)
    assert advising.seconds_left(2.1) == 0.0
    assert advising.seconds_left(60.0) == 0.0


def test_three_odd_messages_at_once_are_all_answered_before_wechat_hangs_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each answer takes all the time it has: the third message is not asked about any more."""
    clock = [1000.0]
    monkeypatch.setattr(reception, "time", SimpleNamespace(monotonic=lambda: clock[0]))

    async def slow() -> None:
        clock[0] += lin.adviser.seconds[-1]

    lin = Talking(world, Told(NOTHING, then=slow))
    lin.says("你好")
    turns = lin.says(ODD, "嘎嘎抠咔咔", "抠咔咔抠咔咔呀")
    assert len(lin.adviser.seconds) == 2
    assert lin.adviser.seconds[1] < lin.adviser.seconds[0] == advising.MOST_SECONDS
    assert all(len(turn.messages) == 1 for turn in turns)
    assert [state for state, _, _ in in_inbox(world)] == ["done"] * 4
