"""The thread of a person as it was, from what is stored."""

from datetime import UTC, datetime, timedelta

import pytest

from dialogs.history import history
from tests.dialogs.chat import NOW, World

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def test_the_thread_holds_both_sides_in_order_with_presses_as_labels(world: World) -> None:
    chat = world.chat("lin")
    chat.says("明天下午三点想约个肩颈按摩")
    world.now += timedelta(seconds=1)
    chat.presses("90")
    world.now += timedelta(seconds=1)
    chat.location()
    me = chat.person_id
    lines = world.read(lambda tx: history(tx, me, after=(LONG_AGO, 0), most=50))

    mine = [line.text for line in lines if line.mine]
    assert mine == ["明天下午三点想约个肩颈按摩", "90 分钟 ¥268", "📍 30.6560, 104.0800"]
    theirs = [line.text for line in lines if not line.mine]
    assert theirs == [message.body.text for message in chat.received]
    assert [line.live for line in lines if not line.mine] == [False, False, True]


def test_the_thread_goes_on_from_a_point(world: World) -> None:
    chat = world.chat("lin")
    chat.says("你好")
    world.now = NOW + timedelta(minutes=1)
    chat.says("多少钱")
    me = chat.person_id
    lines = world.read(lambda tx: history(tx, me, after=(NOW + timedelta(seconds=30), 0), most=50))

    assert [line.text for line in lines if line.mine] == ["多少钱"]
    assert len(lines) == 2


@pytest.mark.parametrize("most", [1, 3])
def test_a_thread_is_never_longer_than_asked_for_on_each_side(world: World, most: int) -> None:
    chat = world.chat("lin")
    for said in ("你好", "多少钱", "我的订单", "帮助"):
        chat.says(said)
        world.now += timedelta(seconds=1)
    me = chat.person_id
    lines = world.read(lambda tx: history(tx, me, after=(LONG_AGO, 0), most=most))

    assert len([line for line in lines if line.mine]) <= most
    assert len([line for line in lines if not line.mine]) <= most
