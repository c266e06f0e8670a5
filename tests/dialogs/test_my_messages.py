"""What a person was told of lately can be read again: all of it, on whatever way it came."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from core.db import Tx
from core.messages import MessageState, Template, forget_reminders, outbox, tell
from core.messages.holding import LONGEST_HELD, give_up, hold
from core.messages.outbox import Outcome
from core.messages.tables import message
from dialogs.rendering import prepare
from tests.dialogs.chat import Chat, World
from tests.dialogs.test_held_words import writes

REAL = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def waits(world: World, *, by: str | None) -> Chat:
    """Somebody on WeChat whose reminder to pay is held there, told by phone or not."""
    chat = world.chat("o-lin", channel="wechat")
    chat.books()
    order, person_id = chat.order, chat.person_id

    def remind(tx: Tx) -> None:
        tell(tx, person_id, Template.PAY_NUDGE, dedupe="n", now=world.now, order_id=order.id)
        due = outbox.claim(tx, now=world.now, real_now=REAL, most=20)[-1]
        prepare(tx, due, house=world.house, now=world.now)
        outbox.note_one(tx, Outcome(due.id, due.lease, MessageState.HELD, by=by), now=world.now)
        hold(tx, due.id, person_id=person_id, channel="wechat", since=world.now)

    world.run(remind)
    return chat


def state(world: World) -> str:
    statement = select(message.c.state).where(message.c.template == Template.PAY_NUDGE.value)
    return str(world.read(lambda tx: tx.scalar(statement.order_by(message.c.due_at, message.c.id))))


def test_what_a_phone_has_told_is_among_the_messages_whatever_became_of_it_in_the_chat(world: World) -> None:
    chat = waits(world, by="sms")
    order = chat.order

    world.run(lambda tx: forget_reminders(tx, order.id))
    chat.says("我的消息")

    chat.sees("还没付款")


def test_what_nobody_was_told_is_not_among_them_once_it_is_untrue(world: World) -> None:
    chat = waits(world, by=None)
    order = chat.order

    world.run(lambda tx: forget_reminders(tx, order.id))
    chat.says("我的消息")

    assert "还没付款" not in chat.text


def test_what_a_phone_has_told_did_not_fail_because_nobody_came_to_the_chat(world: World) -> None:
    waits(world, by="sms")

    world.run(lambda tx: give_up(tx, world.now + LONGEST_HELD))

    assert state(world) == "sent"


@pytest.mark.parametrize(("minutes", "when"), [(20, "10:00"), (60 * 24, "11月21日 周六 10:00")])
def test_what_waited_is_told_with_the_time_it_waited_since(world: World, minutes: int, when: str) -> None:
    chat = waits(world, by=None)

    world.now += timedelta(minutes=minutes)
    turn = writes(world, chat)

    assert [one.waited.when if one.waited else "" for one in turn.held] == [when]


def test_a_message_opened_begins_as_a_sentence_does(world: World) -> None:
    chat = world.chat("anna", channel="telegram", lang="en")
    chat.books()
    order, person_id = chat.order, chat.person_id

    def remind(tx: Tx) -> None:
        tell(tx, person_id, Template.PAY_NUDGE, dedupe="n", now=world.now, order_id=order.id)

    world.run(remind)
    world.deliver()
    chat.says("my messages")
    chat.presses("Today")

    assert chat.text.startswith("Today (")


@pytest.mark.parametrize("channel", ["wechat", "telegram"])
def test_in_the_middle_of_a_booking_the_messages_are_told_above_its_question(world: World, channel: str) -> None:
    chat = world.chat("lin", channel=channel)
    chat.books()
    order, person_id = chat.order, chat.person_id
    world.run(lambda tx: tell(tx, person_id, Template.PAY_NUDGE, dedupe="n", now=world.now, order_id=order.id))
    world.deliver()
    chat.says("我想约个足疗")
    asked = chat.asking

    chat.says("我的消息")

    assert chat.asking == asked
    head, message, *_ = chat.text.splitlines()
    assert head == "最近发给您的消息："
    assert message.startswith("今天")
