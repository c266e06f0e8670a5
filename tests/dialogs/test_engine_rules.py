"""What the engine promises at every step, whatever flow runs: lists, yeses, second thoughts, words on buttons."""

from datetime import timedelta

import pytest

from tests.dialogs.chat import Chat, World
from tests.dialogs.words import WORDS

ZH, EN = "zh-Hans", "en"


def at_the_services(world: World, lang: str = ZH) -> Chat:
    chat = world.chat("lin", lang)
    chat.says("我想预约" if lang == ZH else "I'd like to book something")
    assert chat.asking == "service"
    return chat


def with_an_order(world: World, lang: str = ZH) -> Chat:
    chat, wang = world.chat("lin", lang), world.technician("wang")
    chat.books_to_summary()
    chat.says(WORDS[lang]["yes"])
    chat.pays()
    wang.presses("接单")
    world.deliver()
    assert chat.order.state == "accepted"
    return chat


def test_a_long_list_stays_as_it_was_shown_while_its_pages_are_turned(world: World) -> None:
    """Somebody else is called to sell: the pages already promised do not shift under the finger."""
    chat = at_the_services(world)
    first = chat.labels
    chat.presses("更多")
    second = chat.labels
    world.later(hours=1)
    chat.says("返回")
    assert chat.labels == first
    chat.says("更多")
    assert chat.labels == second
    chat.says("2")
    chat.sees(second[1].split(" ¥")[0])


@pytest.mark.parametrize(
    ("said", "lang"), [("嗯，我再想想", ZH), ("等一下", ZH), ("ok let me think", EN), ("hang on a moment", EN)]
)
def test_who_is_still_thinking_buys_nothing_and_moves_nothing(world: World, said: str, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.books_to_summary()
    before = chat.start
    chat.says(said)

    assert chat.orders == []
    assert chat.asking == "*summary*"
    assert chat.start == before


def test_a_yes_to_what_has_lapsed_shows_it_again_first(world: World) -> None:
    chat = world.chat("lin")
    chat.books_to_summary()
    world.now += timedelta(minutes=20)
    chat.says("好的")

    assert chat.orders == []
    chat.sees("请核对")
    chat.says("好的")
    assert chat.order.state == "to_pay"


@pytest.mark.parametrize("said", ["好了", "可以了", "行了", "嗯", "ok"])
def test_a_word_said_in_passing_cancels_no_visit(world: World, said: str) -> None:
    chat = with_an_order(world)
    chat.says("取消订单")
    chat.says(said)

    assert chat.order.state == "accepted"
    chat.sees("确认取消")


def test_after_other_words_only_a_clear_yes_cancels(world: World) -> None:
    chat = with_an_order(world)
    chat.says("取消订单")
    chat.says("呜啦呜啦")
    chat.says("好")
    assert chat.order.state == "accepted"
    chat.says("是的")
    assert chat.order.state == "cancelled"


@pytest.mark.parametrize(
    ("said", "lang"),
    [("不取消", ZH), ("算了不取消了", ZH), ("算了", ZH), ("don't cancel it", EN), ("never mind", EN)],
)
def test_thinking_better_of_it_keeps_the_order(world: World, said: str, lang: str) -> None:
    chat = with_an_order(world, lang)
    chat.says("取消订单" if lang == ZH else "cancel my order")
    assert chat.flow == "cancel_order"
    chat.says(said)

    assert chat.order.state == "accepted"
    assert chat.state.stack == []


@pytest.mark.parametrize(("said", "lang"), [("不取消", ZH), ("别取消", ZH), ("please don't cancel it", EN)])
def test_a_cancel_that_is_denied_begins_none(world: World, said: str, lang: str) -> None:
    chat = with_an_order(world, lang)
    chat.says(said)

    assert chat.state.top is None or chat.flow != "cancel_order"


@pytest.mark.parametrize(
    ("said", "lang"),
    [
        ("what if I need to cancel?", EN),
        ("is it free to cancel?", EN),
        ("取消要扣钱吗", ZH),
        ("如果临时取消会怎么样", ZH),
    ],
)
def test_a_question_about_cancelling_drops_nothing(world: World, said: str, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.books_to_summary()
    chat.says(said)

    assert chat.flow == "book"
    assert chat.asking == "*summary*"


def test_cancel_my_order_beside_a_draft_is_asked_by_name(world: World) -> None:
    chat = with_an_order(world)
    chat.says("后天下午想约个美甲")
    chat.says("取消订单")
    assert chat.flow == "book"
    assert len(chat.labels) == 3

    chat.presses(chat.labels[0])
    assert chat.flow == "cancel_order"
    chat.presses("保留")
    assert chat.flow == "book"
    assert chat.order.state == "accepted"


def test_one_more_visit_waits_until_the_first_is_settled(world: World) -> None:
    chat = world.chat("lin")
    chat.books_to_summary()
    before = chat.values["service"]
    chat.says("等一下 再帮我约个美甲后天晚上")

    assert chat.values["service"] == before
    chat.sees("先把手上这单定下来")


def test_a_yes_at_a_list_asks_which_and_takes_the_only_one(world: World) -> None:
    chat = at_the_services(world)
    chat.says("好的")
    assert chat.asking == "service"
    chat.sees("选哪一个")
    assert chat.frame.misses == 0


def test_a_choice_may_be_called_by_part_of_its_name(world: World) -> None:
    chat = world.chat("lin", EN)
    chat.says("could I get a massage tomorrow evening")
    assert len(chat.labels) == 4
    chat.says("the neck one please")
    assert chat.asking != "service"


def test_a_service_just_talked_about_is_what_is_booked(world: World) -> None:
    chat = world.chat("lin")
    chat.says("美甲有吗")
    chat.says("那个多少钱")
    chat.sees("75 分钟")
    chat.says("明天晚上可以吗")
    assert chat.values["service"] == world.service_id("光疗美甲")


def test_a_service_talked_about_an_hour_ago_is_asked_again(world: World) -> None:
    chat = world.chat("lin")
    chat.says("那个光疗美甲多少钱")
    world.later(hours=1)
    chat.says("明天晚上可以吗")
    assert "service" not in chat.values


def test_what_was_heard_is_said_back(world: World) -> None:
    chat = at_the_services(world)
    chat.says("明天下午三点，王师傅")
    chat.sees("记下了", "15:00", "王师傅")


def test_any_time_keeps_the_day_that_was_told(world: World) -> None:
    chat = world.chat("lin")
    chat.says("后天晚上约个美甲，望京花园 3 号楼 1201")
    chat.says("都行")
    assert chat.values["start"].startswith("2026-11-23T10") or "start" not in chat.values
    chat.does_not_see("今天")


def test_at_the_menu_it_is_said_otherwise_then_a_human_is_offered_then_called(world: World) -> None:
    chat = world.chat("lin")
    seen = []
    for _ in range(4):
        chat.says("呜啦呜啦")
        seen.append(chat.text)
    assert len(set(seen)) >= 3
    assert "同事" in seen[2]
    chat.says("呜啦呜啦")
    chat.sees("没听明白")


def test_the_only_button_of_a_suggestion_takes_a_yes(world: World) -> None:
    chat = world.chat("lin")
    chat.says("怎么不发优惠了")
    chat.sees("要重新接收吗")
    assert len(chat.labels) == 1
    chat.says("好")
    chat.sees("不想收了")


@pytest.mark.parametrize(("lang", "said", "thanks"), [("zh-Hans", "价格", "好的"), ("en", "prices please", "ok")])
def test_ok_to_what_was_only_told_begins_nothing_and_keeps_the_button(
    world: World, lang: str, said: str, thanks: str
) -> None:
    chat = world.chat("lin", lang)
    chat.says(said)
    before = chat.labels

    chat.says(thanks)

    assert (chat.flow, chat.labels, len(before)) == (None, before, 1)


@pytest.mark.parametrize("said", ["好", "是的", "对"])
def test_a_yes_takes_the_one_thing_that_may_have_been_meant(world: World, said: str) -> None:
    chat = world.chat("lin")
    chat.says("有啥活动告诉我一声")
    chat.sees("您是想办“接收活动通知”吗", "都不是")

    chat.says(said)

    chat.sees("有优惠活动会告诉您")


def test_going_back_shows_what_was_said_and_leaves_it_so_by_one_tap(world: World) -> None:
    chat = world.chat("lin")
    chat.books_to_summary()
    before = dict(chat.values)
    chat.presses("返回")
    chat.sees("现在是", "不改了")
    chat.presses("不改了")

    assert chat.asking == "*summary*"
    assert {k: v for k, v in chat.values.items() if k[0] != "_"} == {k: v for k, v in before.items() if k[0] != "_"}
