"""Words that a platform let nobody say come with the person's next message, beside the answer, if they still hold."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from core.db import Tx
from core.messages import MessageState, Template, holding, outbox, tell
from core.messages.outbox import Due, Outcome
from core.messages.tables import message
from core.orders.states import OrderState
from core.orders.tables import order as order_table
from dialogs.incoming import Incoming, Text
from dialogs.kept import LEASE
from dialogs.outgoing import Outgoing
from dialogs.turn import Turn, take_turn
from tests.dialogs.chat import Chat, World

REAL = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def writes(world: World, chat: Chat, words: str = "你好", *, at: datetime = REAL) -> Turn:
    """The person's next message."""
    incoming = Incoming(
        channel=chat.channel, account=chat.account, external_id=f"{words} {at}", sender=chat.name, content=Text(words)
    )
    return world.run(lambda tx: take_turn(tx, incoming, house=world.house, now=world.now, real_now=at))


def held_back(world: World, chat: Chat, template: Template = Template.PAY_NUDGE, *, by: str | None = None) -> int:
    """Write a message about the person's order, let the platform hold it back, and return its id."""
    order, person_id = chat.order, chat.person_id

    def write(tx: Tx) -> None:
        facts = {"amount_minor": 18300}
        tell(tx, person_id, template, dedupe="held", now=world.now, order_id=order.id, facts=facts)

    world.run(write)
    due = world.run(lambda tx: outbox.claim(tx, now=world.now, real_now=REAL, most=20))[-1]
    world.run(lambda tx: _hold(tx, due, world.now, by))
    return due.id


def test_what_waited_comes_with_the_next_answer_and_only_once(world: World) -> None:
    chat = world.chat("o-lin", channel="wechat")
    chat.books()
    waiting = held_back(world, chat)

    turn = writes(world, chat)

    assert [one.message_id for one in turn.held] == [waiting]
    assert turn.held[0].body.text
    assert turn.messages
    assert writes(world, chat, "在吗").held == ()


def test_on_another_channel_it_goes_on_waiting(world: World) -> None:
    chat = world.chat("o-lin", channel="wechat")
    chat.books()
    held_back(world, chat)
    elsewhere = world.chat("somebody", channel="telegram")

    assert writes(world, elsewhere).held == ()
    assert writes(world, chat).held


def test_what_is_no_longer_true_is_never_said(world: World) -> None:
    chat = world.chat("o-lin", channel="wechat")
    chat.books()
    waiting = held_back(world, chat)
    chat.pays()

    assert writes(world, chat).held == ()
    assert _state(world, waiting) == MessageState.DROPPED


def test_a_promise_of_an_answer_is_not_shown_once_it_has_come(world: World) -> None:
    chat = world.chat("o-lin", channel="wechat")
    chat.books()
    chat.pays()
    waiting = held_back(world, chat, Template.PAYMENT_RECEIVED)
    order = chat.order
    world.run(
        lambda tx: tx.execute(update(order_table).where(order_table.c.id == order.id).values(state=OrderState.ACCEPTED))
    )

    assert waiting not in [one.message_id for one in writes(world, chat).held]
    assert _state(world, waiting) == MessageState.DROPPED


def test_what_a_text_message_told_whole_is_not_told_again(world: World) -> None:
    chat = world.chat("o-lin", channel="wechat")
    chat.books()
    chat.pays()
    waiting = held_back(world, chat, Template.PAYMENT_RECEIVED, by="sms")

    assert waiting not in [one.message_id for one in writes(world, chat).held]
    assert _state(world, waiting) == MessageState.SENT


@pytest.mark.parametrize("by", ["sms", None])
def test_what_a_text_message_told_comes_for_its_choices_and_is_called_texted(world: World, by: str | None) -> None:
    chat = world.chat("o-lin", channel="wechat")
    chat.books()
    held_back(world, chat, by=by)

    (told,) = writes(world, chat).held

    assert told.body.buttons
    assert told.waited is not None
    assert told.waited.texted is (by == "sms")


def test_the_door_that_took_it_and_died_leaves_it_to_the_sender(world: World) -> None:
    chat = world.chat("o-lin", channel="wechat")
    chat.books()
    waiting = held_back(world, chat)
    writes(world, chat)

    during = world.run(lambda tx: outbox.claim(tx, now=world.now, real_now=REAL, most=20))
    after = world.run(lambda tx: outbox.claim(tx, now=world.now, real_now=REAL + LEASE, most=20))

    assert waiting not in [due.id for due in during]
    assert waiting in [due.id for due in after]


def test_what_did_not_fit_is_held_for_the_next_time(world: World) -> None:
    chat = world.chat("o-lin", channel="wechat")
    chat.books()
    waiting = held_back(world, chat)
    turn, person_id = writes(world, chat), chat.person_id

    def hold_again(tx: Tx) -> None:
        outbox.note(
            tx, waiting, lease=turn.lease, state=MessageState.HELD, now=world.now, again_at=None, ref=None, tried=False
        )
        holding.hold(tx, waiting, person_id=person_id, channel="wechat", since=world.now)

    world.run(hold_again)

    assert [one.message_id for one in writes(world, chat, "后来", at=REAL + timedelta(hours=1)).held] == [waiting]


def test_an_answer_that_never_arrived_is_told_without_its_choices(world: World) -> None:
    chat = world.chat("o-lin", channel="wechat")
    lost = _lost_answer(world, chat, "明天下午三点肩颈按摩")

    held = writes(world, chat, "人工电话多少").held

    assert [one.message_id for one in held] == [lost.message_id]
    assert held[0].body.text == lost.body.text
    assert lost.body.numbered
    assert not held[0].body.numbered


def test_an_answer_that_never_arrived_keeps_its_link_to_pay(world: World) -> None:
    chat = world.chat("o-lin", channel="wechat")
    chat.books_to_summary()
    _lost_answer(world, chat, "确认下单")

    held = writes(world, chat, "您好").held

    assert "请付款" in held[0].body.text
    assert [one.url is not None for one in held[0].body.buttons] == [True]


def test_an_answer_that_never_arrived_is_dropped_where_the_next_says_the_same(world: World) -> None:
    chat = world.chat("o-lin", channel="wechat")
    lost = _lost_answer(world, chat, "帮助")

    turn = writes(world, chat, "帮助", at=REAL + timedelta(minutes=1))

    assert turn.messages[0].body.text == lost.body.text
    assert turn.held == ()
    assert _state(world, lost.message_id) == MessageState.DROPPED


def _lost_answer(world: World, chat: Chat, words: str) -> Outgoing:
    """Let the process that was to give the answer die, and the platform take it by no other way."""
    answer = writes(world, chat, words).messages[0]
    due = world.run(lambda tx: outbox.claim(tx, now=world.now, real_now=REAL + LEASE, most=20))[-1]
    assert due.id == answer.message_id
    world.run(lambda tx: _hold(tx, due, world.now))
    return answer


def _hold(tx: Tx, due: Due, now: datetime, by: str | None = None) -> None:
    held = Outcome(due.id, due.lease, MessageState.HELD, by=by)
    outbox.note_one(tx, held, now=now)
    holding.hold(tx, due.id, person_id=due.person_id, channel="wechat", since=now)


def _state(world: World, message_id: int) -> str:
    statement = select(message.c.state).where(message.c.id == message_id)
    return str(world.read(lambda tx: tx.scalar(statement)))
