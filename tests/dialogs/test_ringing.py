"""The sender is rung by turns that leave it something to send, and left alone by all others."""

from dataclasses import replace
from datetime import timedelta

import pytest

from core.db import Tx
from core.messages import Template, tell
from tests.dialogs.chat import NOW, World
from tests.dialogs.steps import ZH, accepted


def rung(world: World) -> list[str]:
    """Return a list that grows by one with each ring from now on."""
    rings: list[str] = []
    world.house = replace(world.house, wake_sender=lambda: rings.append("ding"))
    return rings


def test_a_turn_that_tells_nobody_else_anything_rings_for_nobody(world: World) -> None:
    chat = world.chat("lin")
    rings = rung(world)

    chat.says("预约")
    chat.says("1")
    chat.says("取消")

    assert rings == []


def test_a_turn_that_tells_somebody_else_something_rings_once(world: World) -> None:
    chat, wang = accepted(world, ZH)
    world.at(chat.order.starts_at - timedelta(minutes=40))
    rings = rung(world)

    wang.presses("我出发了")

    assert rings == ["ding"]
    assert chat.name in [one.external_id for one in world.deliver()]


@pytest.mark.parametrize("wait", [timedelta(), timedelta(seconds=1)])
def test_only_what_is_new_and_due_at_once_is_for_the_sender_now(world: World, wait: timedelta) -> None:
    chat = world.chat("lin")
    chat.says("你好")
    person_id = chat.loaded.person_id

    def told(tx: Tx) -> tuple[bool, bool]:
        before = tx.speaks
        tell(tx, person_id, Template.STARTED, dedupe="one", now=NOW, due_at=NOW + wait)
        return before, tx.speaks

    def told_again(tx: Tx) -> bool:
        tell(tx, person_id, Template.STARTED, dedupe="one", now=NOW, due_at=NOW + wait)
        return tx.speaks

    assert world.run(told) == (False, not wait)
    assert not world.run(told_again), "this very message was written before"
