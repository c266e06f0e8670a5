"""A technician says the steps of a visit; buttons of a visit act as long as its state allows; what else they say."""

import pytest

from core.orders.states import OrderState
from dialogs.incoming import Press
from tests.dialogs.chat import Chat, World
from tests.dialogs.steps import EN, ZH, accepted, in_english

BOTH = pytest.mark.parametrize("lang", [ZH, EN])


def at_the_hour(world: World, chat: Chat) -> None:
    world.now = chat.order.starts_at


@BOTH
def test_the_steps_of_a_visit_can_be_said(world: World, lang: str) -> None:
    chat, wang = accepted(world, lang)
    at_the_hour(world, chat)

    wang.says("我出发了" if lang == ZH else "on my way")
    states = [chat.order.state]
    wang.says("到了" if lang == ZH else "I'm here")
    states.append(chat.order.state)
    wang.says(chat.order.start_code)
    states.append(chat.order.state)
    wang.says("做完了" if lang == ZH else "all done")
    assert states == [OrderState.DEPARTED, OrderState.ARRIVED, OrderState.IN_SERVICE]
    assert wang.flow == "finish_visit"


def test_who_stands_at_the_door_has_been_on_the_way(world: World) -> None:
    chat, wang = accepted(world, ZH)
    at_the_hour(world, chat)
    wang.says("我到门口了")

    assert chat.order.state is OrderState.ARRIVED


def test_a_code_is_taken_though_its_question_was_left(world: World) -> None:
    chat, wang = accepted(world, ZH)
    at_the_hour(world, chat)
    wang.says("到了")
    wang.says("取消")
    wang.says(chat.order.start_code)

    assert chat.order.state is OrderState.IN_SERVICE


def test_a_step_out_of_turn_shows_the_visit_as_it_is(world: World) -> None:
    chat, wang = accepted(world, ZH)
    at_the_hour(world, chat)
    wang.says("做完了")

    wang.sees("待出发", "我出发了")
    assert chat.order.state is OrderState.ACCEPTED


@BOTH
def test_without_a_visit_a_step_is_no_riddle(world: World, lang: str) -> None:
    wang = in_english(world.technician("wang"), lang)
    for said in ("我出发了", "到了", "做完了") if lang == ZH else ("on my way", "i'm here", "all done"):
        wang.says(said)
        wang.sees("没有要上门的单" if lang == ZH else "no visit to go to")


def test_an_old_button_of_a_visit_still_acts(world: World) -> None:
    chat, wang = accepted(world, ZH)
    at_the_hour(world, chat)
    wang.says("我出发了")
    arrived = Press(wang.token("我到了"))
    wang.says("今天的单")
    wang.sends(arrived)

    assert chat.order.state is OrderState.ARRIVED


def test_a_customer_who_says_a_step_sees_their_order(world: World) -> None:
    chat, wang = accepted(world, ZH)
    at_the_hour(world, chat)
    wang.says("我出发了")
    chat.says("到了")

    chat.sees(chat.order.code)


def test_the_order_of_a_visit_at_the_door_shows_its_customer_the_code(world: World) -> None:
    chat, wang = accepted(world, ZH)
    at_the_hour(world, chat)
    wang.says("到了")
    for said in ("师傅到哪了", "开工码多少"):
        chat.says(said)
        chat.sees(chat.order.start_code)


@pytest.mark.parametrize("said", ["没了", "就这些", "做完了"])
def test_no_more_photos_is_said_as_it_comes(world: World, said: str) -> None:
    chat, wang = accepted(world, ZH)
    at_the_hour(world, chat)
    wang.says("到了")
    wang.says(chat.order.start_code)
    wang.says("做完了")
    wang.photo()
    wang.says(said)

    assert chat.order.state is OrderState.FINISHED


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("有什么单", "现在没有等您答复的单"),
        ("客户电话多少", "还没有单"),
        ("地址在哪", "还没有单"),
        ("请假取消", "您现在没有请假"),
        ("提现", "不用自己提现"),
        ("我病了 明天来不了", "从11月22日 周日起"),
        ("上工", "您正在接单"),
    ],
)
def test_a_technician_s_own_words_are_understood(world: World, said: str, seen: str) -> None:
    wang = world.technician("wang")
    wang.says(said)

    wang.sees(seen)


def test_taking_back_the_leave_being_told_drops_it(world: World) -> None:
    wang = world.technician("wang")
    wang.says("请假")
    wang.says("取消请假")

    wang.sees("没有请假")
    assert wang.flow is None


def test_a_technician_not_understood_is_given_a_technician_s_example(world: World) -> None:
    wang = world.technician("wang")
    wang.says("哇啦哇啦")
    wang.says("哇啦哇啦哇")

    wang.sees("我出发了")
    wang.does_not_see("肩颈")
