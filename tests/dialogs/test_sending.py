"""What is due is checked against the present, written in the recipient's language, and sent at a decent hour."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from core import people
from core.db import Tx
from core.messages import MessageState, Template, outbox, tell
from core.messages.tables import message
from core.messages.templates import URGENT
from core.support.tables import ticket
from dialogs.rendering import Prepared, prepare
from tests.dialogs.chat import Chat, World

ZH, EN = "zh-Hans", "en"


def at_clock(hour: int, minute: int, day: int = 21) -> datetime:
    """That time of day in Chengdu."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


def told(world: World, chat: Chat, template: Template, **facts: object) -> Prepared:
    """Write a message to somebody and prepare it as the sender would, now."""
    me, number = chat.person_id, next(world.numbers)
    world.run(lambda tx: tell(tx, me, template, dedupe=f"test:{number}", now=world.now, facts=facts))
    real_now = datetime.now(UTC) + timedelta(minutes=5)
    [due] = world.run(lambda tx: outbox.claim(tx, now=world.now, real_now=real_now, most=50))
    ready = world.run(partial(prepare, due=due, house=world.house, now=world.now))
    state = MessageState.DROPPED if ready.drop else MessageState.WAITING if ready.later else MessageState.SENT
    world.run(
        lambda tx: outbox.note(tx, due.id, lease=due.lease, state=state, now=world.now, again_at=ready.later, ref=None)
    )
    return ready


def somebody(world: World, lang: str = ZH) -> Chat:
    chat = world.chat("lin", lang)
    chat.says("你好" if lang == ZH else "hello there")
    return chat


@pytest.mark.parametrize(
    ("now", "later"),
    [
        (at_clock(21, 59), None),
        (at_clock(22, 0), at_clock(8, 0, day=22)),
        (at_clock(3, 0), at_clock(8, 0)),
        (at_clock(7, 59), at_clock(8, 0)),
        (at_clock(8, 0), None),
    ],
)
def test_what_can_wait_waits_for_the_morning(world: World, now: datetime, later: datetime | None) -> None:
    chat = somebody(world)
    world.now = now
    ready = told(world, chat, Template.SETTLEMENT_PAID, amount_minor=100, currency="CNY")

    if later is None:
        assert ready.later is None
    else:
        assert ready.later is not None
        assert timedelta() <= ready.later - later < timedelta(minutes=10)
    assert bool(ready.outgoing) == (later is None)


def test_the_morning_is_spread_over_some_minutes_each_person_at_their_own(world: World) -> None:
    chats = [world.chat(f"p{number}") for number in range(20)]
    for chat in chats:
        chat.says("你好")
    world.now = at_clock(23, 0)
    mornings = [
        [told(world, chat, Template.SETTLEMENT_PAID, amount_minor=100, currency="CNY").later for chat in chats]
        for _ in range(2)
    ]

    assert mornings[0] == mornings[1]
    assert len(set(mornings[0])) > 10


@pytest.mark.parametrize("now", [at_clock(22, 0), at_clock(3, 0), at_clock(7, 59)])
def test_what_is_urgent_passes_at_any_hour(world: World, now: datetime) -> None:
    chat = somebody(world)
    world.now = now
    assert Template.TICKET_ANSWERED in URGENT
    chat.says("人工")
    from_now = told(world, chat, Template.TICKET_ANSWERED, ticket_id=_ticket_of(world))

    assert from_now.outgoing


def _ticket_of(world: World) -> int:
    return int(world.read(lambda tx: tx.scalar(select(ticket.c.id))))


@pytest.mark.parametrize(
    ("lang", "words"), [(ZH, "本期结算 ¥1 已打款。"), (EN, "Your settlement of ¥1 has been paid.")]
)
def test_a_message_is_written_in_its_recipient_s_language(world: World, lang: str, words: str) -> None:
    ready = told(world, somebody(world, lang), Template.SETTLEMENT_PAID, amount_minor=100, currency="CNY")

    assert ready.outgoing[0].body.text == words
    assert ready.outgoing[0].lang == lang


def test_a_message_to_somebody_who_was_erased_or_left_goes_nowhere(world: World) -> None:
    gone, left = somebody(world), world.chat("left")
    left.says("你好")
    me = gone.person_id
    left.event("stop")
    assert told(world, left, Template.SETTLEMENT_PAID, amount_minor=100, currency="CNY").outgoing == ()

    world.run(
        lambda tx: tell(
            tx, me, Template.SETTLEMENT_PAID, dedupe="x", now=world.now, facts={"amount_minor": 1, "currency": "CNY"}
        )
    )
    world.run(lambda tx: people.erase(tx, me, world.now))
    assert world.deliver() == []


def test_somebody_who_left_and_writes_again_is_answered_and_told_again(world: World) -> None:
    chat = somebody(world)
    turn = chat.event("stop")
    assert turn.messages == ()
    chat.says("我的订单")
    chat.sees("您还没有订单")

    assert told(world, chat, Template.SETTLEMENT_PAID, amount_minor=100, currency="CNY").outgoing


def test_a_reminder_of_a_visit_that_died_is_dropped_when_its_time_comes(world: World) -> None:
    chat, wang = world.chat("lin"), world.technician("wang")
    chat.books()
    chat.pays()
    wang.presses("接单")
    world.deliver()
    chat.says("取消")
    chat.presses("确认取消")
    world.deliver()
    before = len(chat.received), len(wang.received)
    world.at(chat.order.starts_at - timedelta(minutes=30))

    assert (len(chat.received), len(wang.received)) == before


def test_the_words_of_a_message_are_frozen_at_the_first_try(world: World) -> None:
    """A second try says the same, even when the figures it came from have changed."""
    chat, wang = world.chat("lin"), world.technician("wang")
    chat.books()
    chat.pays()
    first = wang.text
    me = wang.person_id
    due = world.run(lambda tx: _again(tx, me, wang.last.message_id))
    wang.says("English please")
    ready = world.run(partial(prepare, due=due, house=world.house, now=world.now))

    assert ready.outgoing[0].body.text == first


def _again(tx: Tx, person_id: int, message_id: int) -> outbox.Due:
    row = tx.first(select(*outbox.READ).where(message.c.id == message_id))
    lease = tx.scalar(select(message.c.lease).where(message.c.id == message_id))
    return outbox.due_of(row, lease)


def test_on_wechat_each_live_card_has_numbers_of_its_own(world: World) -> None:
    chat = world.chat("lin", channel="wechat", account="main")
    wang = world.technician("wang")
    numbers: set[int] = set()
    for when in ("明天下午三点", "周三下午三点"):
        chat.books_to_summary(book=f"{when}想约个肩颈按摩") if not chat.received else _again_booked(chat, when)
        chat.says("好的")
        chat.pays()
        wang.presses("接单")
        world.deliver()
        card = chat.last
        assert card.first_number is not None
        numbers.update(range(card.first_number, card.first_number + len(card.body.numbered)))

    assert len(numbers) == 4


@pytest.mark.parametrize(("channel", "waits"), [("wechat", True), ("web", False)])
def test_a_card_that_can_wait_stays_out_of_the_way_of_a_numbered_question(
    world: World, channel: str, waits: bool
) -> None:
    """On WeChat a number is an answer to one thing only; the day's reminder comes when two minutes are over."""
    chat, wang = world.chat("lin", channel=channel, account="main"), world.technician("wang")
    chat.books_to_summary(book="后天下午三点想约个肩颈按摩")
    chat.says("好的")
    chat.pays()
    wang.presses("接单")
    world.deliver()
    world.now = chat.order.starts_at - timedelta(hours=24, minutes=1)
    chat.says("我想约个保洁")
    question = chat.last
    world.later(minutes=1, seconds=30)
    assert (chat.last is question) is waits
    chat.says("1")
    assert chat.values.get("option") or chat.values.get("service")
    world.later(minutes=2)
    since = chat.received[chat.received.index(question) :]
    assert [one.kind for one in since].count("card") == 1


def _again_booked(chat: Chat, when: str) -> None:
    chat.says(f"{when}约王师傅肩颈按摩90分钟")
    assert chat.asking == "*summary*"
