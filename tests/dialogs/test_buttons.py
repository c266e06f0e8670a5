"""Buttons: a press counts once, for its own person, on the question now open or a card that stands."""

import pytest

from core import settings
from dialogs.incoming import Press
from dialogs.outgoing import token_of
from tests.dialogs.chat import World
from tests.dialogs.words import WORDS

ZH, EN = "zh-Hans", "en"
BOTH = pytest.mark.parametrize("lang", [ZH, EN])


@BOTH
def test_an_old_question_s_button_is_answered_and_changes_nothing(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.says(WORDS[lang]["book"])
    old = chat.token("60")
    chat.presses("90")
    before = dict(chat.values)
    question = chat.text
    chat.sends(Press(old))

    chat.sees("已经过期" if lang == ZH else "out of date", question)
    assert chat.values == before


@BOTH
def test_pressing_confirm_twice_makes_one_order(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.books_to_summary()
    confirm = Press(chat.token("确认下单" if lang == ZH else "Confirm"))
    chat.sends(confirm)
    chat.sends(confirm)

    assert len(chat.orders) == 1
    chat.sees("已经过期" if lang == ZH else "out of date")
    world.settled()


@BOTH
def test_the_confirm_of_an_older_summary_does_not_count_for_the_newer(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.books_to_summary()
    old = Press(chat.token("确认下单" if lang == ZH else "Confirm"))
    chat.says("改成四点吧" if lang == ZH else "no, 4pm")
    chat.sends(old)

    assert chat.orders == []
    assert chat.start == "11-22 16:00"


@BOTH
@pytest.mark.parametrize("asked", ["price", "oil"])
def test_the_confirm_of_a_summary_that_was_only_put_once_more_is_a_yes_to_it(
    world: World, lang: str, asked: str
) -> None:
    chat = world.chat("lin", lang)
    chat.books_to_summary()
    shown_first = Press(chat.token("确认下单" if lang == ZH else "Confirm"))
    world.later(minutes=2)  # the time is held for longer now: the summary says the same
    chat.says({"price": ("价格", "prices"), "oil": ("会带精油吗？", "do you bring oil?")}[asked][lang == EN])
    chat.sends(shown_first)

    assert chat.order.total_minor == 26300
    chat.sends(shown_first)
    assert len(chat.orders) == 1


@BOTH
def test_another_time_pressed_on_a_summary_put_once_more_asks_for_it(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.books_to_summary()
    shown_first = Press(chat.token("改时间" if lang == ZH else "Change time"))
    chat.says("会带精油吗？" if lang == ZH else "do you bring oil?")
    chat.sends(shown_first)

    assert chat.asking == "start"


@BOTH
def test_the_confirm_of_a_summary_whose_price_has_changed_since_does_not_count(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.books_to_summary()
    old = Press(chat.token("确认下单" if lang == ZH else "Confirm"))
    world.run(lambda tx: settings.change(tx, "fare_base_minor", 1600, world.now))
    chat.says("会带精油吗？" if lang == ZH else "do you bring oil?")
    chat.sees("¥273")
    chat.sends(old)

    assert chat.orders == []
    chat.sees("已经过期" if lang == ZH else "out of date", "¥273")


@BOTH
def test_another_person_s_button_does_nothing_and_tells_nothing(world: World, lang: str) -> None:
    chat, thief = world.chat("lin", lang), world.chat("thief", lang)
    chat.books_to_summary()
    thief.says("你好" if lang == ZH else "hello")
    thief.sends(Press(chat.token("确认下单" if lang == ZH else "Confirm")))

    thief.sees("用不了" if lang == ZH else "no longer works")
    thief.does_not_see("¥263", "1201")
    assert chat.orders == []
    assert thief.orders == []


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        ".",
        "..",
        "1.",
        ".1",
        "abc.99",
        "z" * 18 + ".1",
        "1.١",
        "-1.0",
        "1.0.0",
        "1.0 ",
        "９.1",
        "\x00.1",
        "\ud800.1",
        "a" * 4000,
    ],
)
def test_a_forged_button_is_answered_with_a_sentence(world: World, token: str) -> None:
    chat = world.chat("lin")
    chat.books_to_summary()
    before = dict(chat.values)
    chat.sends(Press(token))

    chat.sees("用不了", "还要确认吗")
    assert chat.values | {"shown": None} == before | {"shown": None}


def test_a_place_beyond_the_buttons_is_stale(world: World) -> None:
    chat = world.chat("lin")
    chat.books_to_summary()
    chat.sends(Press(token_of(chat.last.message_id, 60)))

    chat.sees("已经过期")
    assert chat.orders == []


def test_a_link_is_no_button_to_press(world: World) -> None:
    chat = world.chat("lin")
    chat.books()
    chat.sends(Press(token_of(chat.last.message_id, 0)))

    chat.sees("已经过期")


def test_an_offer_card_pressed_twice_is_accepted_once(world: World) -> None:
    chat, wang = world.chat("lin"), world.technician("wang")
    chat.books()
    chat.pays()
    accept = Press(wang.token("接单"))
    wang.sends(accept)
    assert chat.order.state == "accepted"
    version = chat.order.version
    wang.sends(accept)

    assert chat.order.version == version
    wang.sees("已经过期")


def test_a_card_outlives_the_questions_between(world: World) -> None:
    chat, wang = world.chat("lin"), world.technician("wang")
    chat.books()
    chat.pays()
    accept = Press(wang.token("接单"))
    wang.says("我的收入")
    wang.says("今天的单")
    wang.sends(accept)

    assert chat.order.state == "accepted"


def test_a_card_of_an_order_that_was_cancelled_meanwhile_says_so(world: World) -> None:
    chat, wang = world.chat("lin"), world.technician("wang")
    chat.books()
    chat.pays()
    accept = Press(wang.token("接单"))
    chat.says("取消")
    chat.presses("确认取消")
    world.deliver()
    wang.sends(accept)

    assert chat.order.state == "cancelled"
    wang.sees("已经过期")
    world.settled()


def test_on_wechat_a_card_s_two_digit_number_does_what_its_button_does(world: World) -> None:
    chat = world.chat("lin", channel="wechat", account="main")
    chat.books()
    chat.pays()
    world.technician("wang").presses("接单")
    world.deliver()
    card = chat.last
    assert card.kind == "card"
    assert card.first_number is not None
    assert 10 <= card.first_number <= 99
    chat.says("你好")
    chat.says(str(card.first_number))

    chat.sees(chat.order.code, "已接单")
