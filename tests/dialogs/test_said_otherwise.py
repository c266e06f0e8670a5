"""What was taken for something else: alarms that are none, names that are none, wishes with a question beside them."""

from datetime import timedelta

import pytest

from core.orders.states import OrderState
from tests.dialogs.chat import World
from tests.dialogs.steps import EN, ZH, accepted, in_english

BOTH = pytest.mark.parametrize("lang", [ZH, EN])


@pytest.mark.parametrize(
    "said",
    ["13880123456 会打骚扰电话吗", "脚受伤了能做足疗吗", "师傅会不会骚扰人",
     "emergency plumber please", "冰箱坏了", "the fridge is broken"],
)  # fmt: skip
def test_no_alarm_is_raised_where_nobody_is_in_danger_or_angry(world: World, said: str) -> None:
    chat = in_english(world.chat("lin"), EN if said.isascii() else ZH)
    chat.says(said)

    chat.does_not_see("110", "不满意", "sorry it")


@pytest.mark.parametrize("said", ["师傅骚扰我", "他打我", "my boyfriend hit me", "he's hurting me"])
def test_an_alarm_that_is_one_is_raised(world: World, said: str) -> None:
    chat = in_english(world.chat("lin"), EN if said.isascii() else ZH)
    chat.says(said)

    chat.sees("110")


def test_a_name_told_with_the_wish_to_change_it_is_taken(world: World) -> None:
    chat = world.chat("lin")
    chat.says("我改个名字 叫林悦")

    chat.sees("林悦")
    assert chat.flow is None


def test_words_about_a_phone_are_no_name(world: World) -> None:
    chat = world.chat("lin")
    chat.says("改名字")
    chat.says("我手机换了 13900001111")

    chat.does_not_see("以后称呼您")


def test_somebody_named_where_it_is_asked_who_comes_is_not_the_customer(world: World) -> None:
    chat = in_english(world.customer("xiaoyu"), EN)
    chat.says("neck massage 60 minutes tomorrow 3pm")
    chat.says("mr lee")

    chat.does_not_see("I'll remember that")
    assert chat.flow == "book"


@pytest.mark.parametrize("said", ["苏苏和王师傅谁好", "susan or wang, who's better?"])
def test_a_question_about_two_chooses_neither(world: World, said: str) -> None:
    chat = in_english(world.customer("xiaoyu"), EN if said.isascii() else ZH)
    chat.says("neck massage 60 minutes tomorrow 3pm" if said.isascii() else "肩颈60分钟明天下午三点")
    chat.says(said)

    assert "technician" not in chat.values


@pytest.mark.parametrize("said", ["约个美甲 你们用什么牌子的胶", "I'd like a facial, is it ok for sensitive skin?"])
def test_a_wish_with_a_question_beside_it_begins_the_booking(world: World, said: str) -> None:
    chat = in_english(world.chat("lin"), EN if said.isascii() else ZH)
    chat.says(said)

    assert chat.flow == "book"
    assert "service" in chat.values


def test_a_visit_told_in_full_is_a_booking(world: World) -> None:
    chat = in_english(world.chat("lin"), EN)
    chat.says("My wife's neck is sore, can someone come Sunday at 3? 22 Chunxi Road, Jinjiang, flat 4, 13880123456")

    assert chat.flow == "book"
    assert chat.values["address"]["text"].startswith("22 Chunxi Road")


@BOTH
def test_a_technician_who_cannot_make_an_accepted_visit_is_asked_about_that_visit(world: World, lang: str) -> None:
    _, wang = accepted(world, lang)
    wang.says("我有事 去不了" if lang == ZH else "can't make it")

    assert wang.flow == "give_up_visit"


def test_off_now_means_on_the_way_when_a_visit_is_near(world: World) -> None:
    chat, wang = accepted(world, ZH)
    wang.says("我走了哈")
    assert chat.order.state == OrderState.ACCEPTED

    world.now = chat.order.starts_at - timedelta(minutes=40)
    wang.says("我走了哈")
    assert str(chat.order.state) == "departed"


def test_nobody_answering_before_having_said_to_be_there_asks_for_that_first(world: World) -> None:
    chat, wang = accepted(world, ZH)
    world.now = chat.order.starts_at
    wang.says("敲门没人")
    wang.presses("我到了")

    assert chat.order.state is OrderState.ARRIVED


@pytest.mark.parametrize(
    ("said", "seen"),
    [("能不能晚点付", "晚点付"), ("我付了", "还没有到"), ("链接打不开", "换个浏览器"),
     ("I've paid", "hasn't reached"), ("the link doesn't work", "another browser")],
)  # fmt: skip
def test_what_is_said_of_a_payment_due_is_answered_with_its_link(world: World, said: str, seen: str) -> None:
    chat = world.chat("lin", EN if said.isascii() else ZH)
    chat.books()
    chat.says(said)

    chat.sees(seen)
    assert chat.flow is None


@pytest.mark.parametrize(
    "said",
    ["怎么付款", "在哪里付款？", "账单呢", "怎麼付款", "帳單在哪裡",
     "where do I pay?", "how do I pay", "where's my bill"],
)  # fmt: skip
def test_who_asks_where_to_pay_is_shown_the_way_once_more(world: World, said: str) -> None:
    chat = world.chat("lin", EN if said.isascii() else ZH)
    chat.books()
    chat.says(said)

    assert chat.buttons[0].pays is not None
    assert chat.flow is None


@BOTH
def test_what_a_technician_should_hear_of_a_visit_is_seen_to_by_a_person(world: World, lang: str) -> None:
    chat, _ = accepted(world, lang)
    chat.says("门禁密码是 1234" if lang == ZH else "I'm allergic to lavender")

    chat.sees(chat.order.code)
    chat.presses("人工" if lang == ZH else "A person")


@pytest.mark.parametrize("said", ["anyone really", "都可以 不限"])
def test_words_for_another_question_are_no_address(world: World, said: str) -> None:
    chat = in_english(world.chat("lin"), EN if said.isascii() else ZH)
    chat.says("neck massage 60 minutes tomorrow 3pm" if said.isascii() else "肩颈60分钟明天下午三点")
    chat.says(said)

    assert "address" not in chat.values


@pytest.mark.parametrize("said", ["尖沙咀", "Flat 3, 10 Camden High Street, London NW1"])
def test_a_place_far_away_is_told_to_be_outside(world: World, said: str) -> None:
    chat = in_english(world.chat("lin"), EN if said.isascii() else ZH)
    chat.says("neck massage 60 minutes tomorrow 3pm anyone" if said.isascii() else "肩颈60分钟明天下午三点谁都行")
    chat.says(said)

    assert "address" not in chat.values
