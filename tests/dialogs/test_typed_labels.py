"""Whoever types the words of a button on a card means that button, though other messages have come since."""

from datetime import timedelta

import pytest

from core.orders.confirming import is_confirmed
from core.orders.moves import Order
from dialogs.engine import labelled
from tests.dialogs.chat import Chat, World
from tests.dialogs.steps import EN, ZH, accepted, paid
from tests.dialogs.words import WORDS

BOTH = pytest.mark.parametrize("lang", [ZH, EN])
COMING = {ZH: "没问题，到时见", EN: "Yes, see you then"}
OTHER = {
    ZH: "周一上午十一点约个肩颈按摩，在家",
    EN: "could I book a neck massage on Monday at 11am please",
}


def reminded(world: World, lang: str) -> Chat:
    """A customer who has read the day's reminder."""
    chat, _ = accepted(world, lang)
    world.at(chat.order.starts_at - timedelta(hours=23))
    chat.sees(COMING[lang])
    return chat


def stands(world: World, order: Order) -> bool:
    return world.read(lambda tx: is_confirmed(tx, order))


@BOTH
def test_the_words_of_a_reminder_s_button_are_its_yes_after_other_messages(world: World, lang: str) -> None:
    chat = reminded(world, lang)
    chat.says("你们有什么服务" if lang == ZH else "what services do you have?")
    chat.does_not_see(COMING[lang])

    chat.says(COMING[lang])

    assert stands(world, chat.order)
    chat.sees("15:00")


@BOTH
def test_in_the_middle_of_a_booking_they_answer_the_card_and_the_question_stays(world: World, lang: str) -> None:
    chat = reminded(world, lang)
    chat.says(OTHER[lang])
    asked = chat.asking

    chat.says(COMING[lang].replace("，", " "))  # nobody minds the comma

    assert stands(world, chat.order), chat.transcript()
    assert (chat.flow, chat.asking) == ("book", asked)


def test_a_yes_is_to_whichever_was_shown_last_the_summary_or_the_card(world: World) -> None:
    chat = reminded(world, EN)
    first = chat.order
    chat.says(OTHER[EN])
    chat.says(WORDS[EN]["option"])
    if chat.asking != "*summary*":
        chat.says(WORDS[EN]["who"])
    assert chat.asking == "*summary*", chat.transcript()

    chat.says(COMING[EN])

    assert not stands(world, first)
    assert len(chat.orders) == 2


def test_a_card_that_came_after_the_summary_has_the_yes_and_nothing_is_booked(world: World) -> None:
    chat, _ = accepted(world, EN)
    order = chat.order
    world.now = order.starts_at - timedelta(hours=24, minutes=5)
    chat.says(OTHER[EN])
    chat.says(WORDS[EN]["option"])
    if chat.asking != "*summary*":
        chat.says(WORDS[EN]["who"])
    assert chat.asking == "*summary*", chat.transcript()
    world.at(order.starts_at - timedelta(hours=23, minutes=58))
    chat.sees(COMING[EN])

    chat.says(COMING[EN])

    assert stands(world, order)
    assert [one.id for one in chat.orders] == [order.id]


@BOTH
def test_words_on_the_cards_of_two_orders_ask_which(world: World, lang: str) -> None:
    chat, wang = accepted(world, lang)
    first = chat.order
    chat.says(OTHER[lang])
    chat.says(WORDS[lang]["option"])
    if chat.asking != "*summary*":
        chat.says(WORDS[lang]["who"])
    chat.says("确认下单" if lang == ZH else "yes please")
    second = chat.pays()
    wang.says(f"接单 {second.code}" if lang == ZH else f"accept {second.code}")
    assert chat.order.state == "accepted", wang.transcript()
    world.deliver()
    for order in (first, second):
        world.at(order.starts_at - timedelta(hours=23))

    chat.says(COMING[lang])

    chat.sees("哪一单" if lang == ZH else "Which visit", first.code, second.code)
    assert not stands(world, first)
    chat.presses(second.code)
    assert (stands(world, first), stands(world, second)) == (False, True)


@BOTH
def test_words_of_a_card_whose_order_has_moved_on_say_so_and_show_it(world: World, lang: str) -> None:
    chat = reminded(world, lang)
    chat.says("取消这单" if lang == ZH else "cancel my order")
    chat.presses("确认取消" if lang == ZH else "Yes, cancel")
    world.deliver()
    assert chat.order.state == "cancelled"

    chat.says(COMING[lang])

    chat.sees("已经过期" if lang == ZH else "out of date", chat.order.code)
    assert not stands(world, chat.order)


@BOTH
def test_keep_looking_and_another_time_are_taken_from_the_card_that_offers_them(world: World, lang: str) -> None:
    chat, wang = paid(world, lang)
    wang.presses("不接" if lang == ZH else "Turn down")
    world.later(minutes=40)
    assert chat.order.state == "undecided", chat.transcript()
    chat.says("你们有什么服务" if lang == ZH else "what services do you have?")

    chat.says("换个时间" if lang == ZH else "Another time")

    assert chat.flow == "retime"
    assert chat.values["order"] == chat.order.id


def test_other_words_cost_no_look_at_the_cards(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    chat = reminded(world, ZH)

    def looked(*_: object, **__: object) -> None:
        raise AssertionError("no card needs to be looked at for these words")

    monkeypatch.setattr(labelled, "cards_shown", looked)
    for words in ("你好", "谢谢", "明天下午三点想约个肩颈按摩，在家", "好的"):
        chat.says(words)
