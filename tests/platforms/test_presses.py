"""Every button anybody was shown, pressed by everybody who may not, in every way it can be wrong: nothing happens."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from core.db import open_database
from core.tables import metadata
from dialogs.incoming import Press
from dialogs.outgoing import Outgoing, token_of
from tests.dialogs.chat import VAULT, Chat, World, a_world

NEUTRAL = "这个按钮用不了了。"
STALE = ("这个按钮已经过期了", NEUTRAL)
_TALK = frozenset(
    "inbox conversation message held identity person tally heard misunderstood push_window position".split()
)


@pytest.fixture
def world(city_url: str) -> Iterator[World]:
    db = open_database(city_url, VAULT)
    yield a_world(db)
    db.close()


def lived(world: World) -> tuple[Chat, Chat]:
    """A customer and a technician after an eventful day, with many buttons of every kind in their chats."""
    lin, wang = world.chat("lin"), world.technician("wang")
    lin.books()
    lin.pays()
    for words in ("你好", "能做什么", "我的订单", "我的资料", "多少钱"):
        lin.says(words)
    for words in ("今天的单", "我的排班", "我的收入", "我要请假", "取消", "接单"):
        wang.says(words)
    world.deliver()
    for words in ("我的订单", "改时间", "取消", "换个师傅", "取消", "投诉", "取消", "邀请朋友", "我的消息"):
        lin.says(words)
    world.later(hours=3)
    lin.says("再约一个")
    return lin, wang


def buttons(chat: Chat) -> list[tuple[Outgoing, int]]:
    """Every button this person was ever shown, with its place."""
    return [(message, place) for message in chat.received for place, _ in enumerate(message.body.buttons)]


def business(world: World) -> dict[str, str]:
    """A print of every table but those of the talk itself."""
    kept = [table for table in metadata.sorted_tables if table.name not in _TALK]
    return {table.name: _print(world.read(lambda tx, t=table: tx.all(select(t)))) for table in kept}  # type: ignore[misc]


def _print(rows: Any) -> str:
    return hashlib.sha256("\n".join(sorted(str(row) for row in rows)).encode()).hexdigest()


def test_nobody_acts_with_anothers_button_whoever_and_wherever_they_are(world: World) -> None:
    lin, wang = lived(world)
    strangers = [
        world.chat("zhao"),
        world.technician("chen"),
        world.chat("lin", channel="telegram", account="main"),
        world.chat("a-group", channel="telegram", account="main"),
    ]
    for one in strangers:
        one.says("你好")
    before = business(world)
    told = {(owner.name, message.body.text[:20]) for owner in (lin, wang) for message, _ in buttons(owner)}
    wrong = []
    for owner, others in ((lin, [wang, *strangers]), (wang, [lin, *strangers])):
        for message, place in buttons(owner):
            for other in others:
                other.sends(Press(token_of(message.message_id, place)))
                answer = other.text
                if not answer.startswith(NEUTRAL):
                    wrong.append((owner.name, other.name, message.body.buttons[place].label, answer[:60]))

    assert len(told) > 15
    assert wrong == []
    assert business(world) == before
    world.settled()


def test_a_changed_token_is_nobodys(world: World) -> None:
    lin, _ = lived(world)
    before = business(world)
    shown = {token_of(message.message_id, place) for message, place in buttons(lin)}
    wrong = []
    for token in sorted(shown)[-12:]:
        for at in range(len(token)):
            for bit in range(0, 7, 3):
                turned = token[:at] + chr(ord(token[at]) ^ 1 << bit) + token[at + 1 :]
                if turned.casefold() in shown:
                    continue  # another button of the same person: theirs to press
                lin.sends(Press(turned))
                if not lin.text.startswith(STALE):
                    wrong.append((token, turned, lin.text[:60]))

    assert wrong == []
    assert business(world) == before


def test_prompts_that_were_answered_and_orders_that_ended_long_ago_are_left_alone(world: World) -> None:
    lin, wang = lived(world)
    lin.says("取消")
    lin.says("取消订单")
    lin.presses("确认取消")
    world.later(days=40)
    lin.says("你好")
    wang.says("你好")
    before = business(world)
    pressed = 0
    for owner in (lin, wang):
        for message, place in buttons(owner):
            if message is owner.last:
                continue
            owner.sends(Press(token_of(message.message_id, place)))
            pressed += 1  # a way to a page may still lead there; nothing may be done

    assert pressed > 30
    assert business(world) == before
    world.settled()


def test_a_press_used_once_does_nothing_the_second_time(world: World) -> None:
    lin, wang = world.chat("lin"), world.technician("wang")
    lin.books_to_summary()
    confirm = lin.token("确认下单")
    lin.sends(Press(confirm))
    lin.pays()
    accept = wang.token("接单")
    wang.sends(Press(accept))
    before = business(world)
    for chat, token in ((lin, confirm), (wang, accept)) * 3:
        chat.sends(Press(token))
        assert chat.text.startswith(STALE)

    assert business(world) == before
    assert len(lin.orders) == 1


def test_a_card_of_an_older_state_of_its_order_changes_nothing(world: World) -> None:
    lin, wang = world.chat("lin"), world.technician("wang")
    lin.books()
    lin.pays()
    accept = wang.token("接单")
    lin.says("取消")
    lin.presses("确认取消")
    world.later(minutes=30)
    before = business(world)
    wang.sends(Press(accept))

    assert business(world) == before
    assert lin.order.state == "cancelled"
