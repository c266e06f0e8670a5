"""Questions and other tasks in the middle of one, and the way back."""

import pytest

from core.orders import cancelling
from tests.dialogs.chat import Chat, World
from tests.dialogs.steps import accepted
from tests.dialogs.words import WORDS

ZH, EN = "zh-Hans", "en"
BOTH = pytest.mark.parametrize("lang", [ZH, EN])


def at_summary(world: World, lang: str) -> Chat:
    chat = world.chat("lin", lang)
    chat.books_to_summary()
    return chat


@pytest.mark.parametrize(
    ("lang", "asked", "answer"),
    [
        (ZH, "会带精油吗？", "精油"),
        (ZH, "有证吗？", "核对过"),
        (ZH, "好停车吗？", "停车"),
        (EN, "do you bring oil?", "oil"),
        (EN, "are they licensed?", "checked by us"),
        (EN, "is there parking?", "parking"),
    ],
)
@pytest.mark.parametrize("step", ["option", "technician", "summary"])
def test_a_question_is_answered_once_and_the_pending_one_follows_once(
    world: World, lang: str, asked: str, answer: str, step: str
) -> None:
    chat = world.chat("lin", lang)
    told = {"option": ["book"], "technician": ["book", "option", "address"], "summary": [*WORDS[lang]][:5]}[step]
    for each in told:
        chat.says(WORDS[lang][each])
    pending, before, choices = chat.text.splitlines()[-1], dict(chat.values), chat.labels
    chat.says(asked)

    chat.sees(answer)
    if step == "summary":
        assert chat.text.count("还要确认吗" if lang == ZH else "Shall I go ahead") == 1
    else:
        assert chat.text.count(pending) == 1
    assert chat.labels == choices
    assert chat.values | {"shown": None} == before | {"shown": None}


def test_asking_about_a_technician_by_name_shows_their_papers(world: World) -> None:
    chat = world.chat("you", EN)
    chat.says("hi, any manicure this evening? after 7")
    chat.says("Wangjing Garden, Block 3, 1201")
    question = chat.asking
    chat.says("is Mia certified?")

    chat.sees("Nail technician, level 3")
    assert chat.asking == question


@BOTH
def test_looking_at_ones_order_in_the_middle_of_a_booking_comes_back_to_it(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    first = chat.books()
    chat.pays()
    chat.says("再约一个足疗，后天下午两点" if lang == ZH else "book a foot massage on Monday at 2pm")
    asking, question = chat.asking, chat.text.splitlines()[-1]
    chat.says("我的订单" if lang == ZH else "my orders")

    chat.sees(first.code, question)
    assert chat.asking == asking
    assert chat.start == "11-23 14:00"


@BOTH
def test_a_second_task_on_top_ends_with_an_offer_to_go_on_with_the_first(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.books()
    chat.pays()
    chat.says("再约一个足疗，后天下午两点" if lang == ZH else "book a foot massage on Monday at 2pm")
    asking = chat.asking
    chat.says("我要退款" if lang == ZH else "I want a refund")
    assert [frame.flow for frame in chat.state.stack] == ["book", "cancel_order"]

    chat.presses("确认取消" if lang == ZH else "Yes, cancel it")
    chat.sees("“预约”还没办完" if lang == ZH else "hadn't finished your booking", "继续" if lang == ZH else "Carry on")
    assert chat.order.state == "cancelled"

    chat.presses("继续" if lang == ZH else "Carry on")
    assert chat.asking == asking
    assert chat.start == "11-23 14:00"


@BOTH
def test_the_first_task_may_be_dropped_instead(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.books()
    chat.pays()
    chat.says("再约一个足疗，后天下午两点" if lang == ZH else "book a foot massage on Monday at 2pm")
    chat.says("我要退款" if lang == ZH else "I want a refund")
    chat.presses("确认取消" if lang == ZH else "Yes, cancel it")
    chat.presses("不用了" if lang == ZH else "Drop it")

    assert chat.flow is None


@BOTH
def test_nesting_has_a_limit_that_is_said(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.books()
    chat.pays()
    chat.says("再约一个足疗" if lang == ZH else "book a foot massage")
    chat.says("我要退款" if lang == ZH else "I want a refund")
    chat.says("我想当技师" if lang == ZH else "I'd like to work with you")
    assert [frame.flow for frame in chat.state.stack] == ["book", "cancel_order", "apply_technician"]
    chat.event("menu", "review")

    assert len(chat.state.stack) == 3
    chat.sees("先把手头这件办完" if lang == ZH else "finish this one first")


@BOTH
def test_a_complaint_or_danger_is_heard_at_any_step(world: World, lang: str) -> None:
    chat = at_summary(world, lang)
    chat.says("救命，有人打我" if lang == ZH else "help me, he is attacking me")

    chat.sees("110")
    assert chat.asking == "*summary*"


@BOTH
def test_no_to_a_summary_asks_what_to_change_and_books_nothing(world: World, lang: str) -> None:
    chat = at_summary(world, lang)
    chat.says("不对" if lang == ZH else "no")

    chat.sees("想改哪一项" if lang == ZH else "What would you like to change")
    assert chat.orders == []
    chat.presses("改时间" if lang == ZH else "Change time")
    assert chat.asking == "start"
    chat.presses(chat.labels[0])
    assert chat.asking == "*summary*"


@BOTH
def test_nobody_is_asked_which_of_no_orders_to_cancel(world: World, lang: str) -> None:
    """The order that cancelling was asked about goes meanwhile, under a booking that is let go of then."""
    chat, _ = accepted(world, lang)
    order_id = chat.order.id
    chat.says("取消订单" if lang == ZH else "cancel my order")
    assert chat.flow == "cancel_order"
    chat.event("menu", "book")
    assert [frame.flow for frame in chat.state.stack] == ["cancel_order", "book"]
    world.run(lambda tx: cancelling.cancel_by_operator(tx, order_id, operator_id=1, reason="x", now=world.now))
    chat.says("取消" if lang == ZH else "cancel")
    if chat.flow == "book":
        chat.presses("放下" if lang == ZH else "Stop your booking")

    chat.sees("没有可以取消" if lang == ZH else "no order to cancel")
    assert chat.state.stack == []


@BOTH
@pytest.mark.parametrize("field", ["start", "technician", "address"])
def test_each_button_of_the_summary_reopens_its_field_alone(world: World, lang: str, field: str) -> None:
    chat = at_summary(world, lang)
    before = dict(chat.values)
    label = {
        "start": ("改时间", "Change time"),
        "technician": ("换技师", "Change technician"),
        "address": ("改地址", "Change address"),
    }
    chat.presses(label[field][lang == EN])

    assert chat.asking == field
    for kept in {"start", "technician", "address", "service", "option", "phone"} - {field}:
        assert chat.values[kept] == before[kept]
