"""What words mean of an order that stands, and what cannot be."""

from datetime import timedelta

import pytest

from core.orders.cancelling import cancel_by_operator
from dialogs.incoming import Press
from tests.dialogs.changing import BOTH, NO, OLD, YES, asks, local, proposes, requests
from tests.dialogs.chat import World
from tests.dialogs.steps import EN, ZH, accepted, arrived, in_english
from tests.dialogs.test_crews import paid as four_hands


@pytest.mark.parametrize(
    ("lang", "said", "start"),
    [
        (ZH, "改到后天下午四点", "11-23 16:00"),
        (ZH, "把明天的改到周一三点半", "11-23 15:30"),
        (ZH, "改到四点", "11-22 16:00"),
        (ZH, "推迟一小时", "11-22 16:00"),
        (ZH, "能提前半小时吗", "11-22 14:30"),
        (ZH, "往后推一个半小时", "11-22 16:30"),
        (ZH, "明天三点的改到四点", "11-22 16:00"),
        (ZH, "不是明天，后天", "11-23 15:00"),
        (ZH, "后天行吗，明天有事", "11-23 15:00"),
        (ZH, "延后一天", "11-23 15:00"),
        (EN, "can we do 4 instead", "11-22 16:00"),
        (EN, "move my booking to Monday 10am", "11-23 10:00"),
        (EN, "could we make it an hour later", "11-22 16:00"),
        (EN, "half an hour earlier please", "11-22 14:30"),
        (EN, "move it from tomorrow to Monday at 10", "11-23 10:00"),
        (EN, "I can't make tomorrow, can we do Monday instead", "11-23 15:00"),
    ],
)
def test_with_no_draft_and_one_order_a_new_time_means_that_order(
    world: World, lang: str, said: str, start: str
) -> None:
    chat, _ = accepted(world, lang)
    chat.says(said)

    assert (chat.flow, chat.start) == ("retime", start), chat.transcript()
    assert chat.asking == "*summary*"
    assert chat.values["order"] == chat.order.id
    assert len(chat.orders) == 1


@pytest.mark.parametrize(
    ("lang", "said"),
    [(ZH, "明天下午三点想约个足疗"), (ZH, "后天下午两点美甲"), (EN, "book me a foot massage on Monday at 2pm")],
)
def test_a_new_wish_beside_an_order_is_a_new_booking(world: World, lang: str, said: str) -> None:
    chat, _ = accepted(world, lang)
    chat.says(said)

    assert chat.flow == "book"


@BOTH
def test_while_a_booking_is_being_made_another_time_changes_the_booking(world: World, lang: str) -> None:
    chat, _ = accepted(world, lang)
    chat.says("再约一个足疗，后天下午两点" if lang == ZH else "book a foot massage on Monday at 2pm")
    chat.says("改到四点" if lang == ZH else "make it 4pm")

    assert (chat.flow, chat.start) == ("book", "11-23 16:00")
    assert local(chat) == "11-22 15:00"


@BOTH
def test_while_a_booking_is_being_made_an_order_named_by_its_code_is_that_order(world: World, lang: str) -> None:
    chat, _ = accepted(world, lang)
    code = chat.order.code
    chat.says("再约一个足疗，后天下午两点" if lang == ZH else "book a foot massage on Monday at 2pm")
    chat.says(f"把订单{code}改到下午四点" if lang == ZH else f"move order {code} to 4pm")

    assert (chat.flow, chat.values["order"], chat.start) == ("retime", chat.order.id, "11-22 16:00")
    chat.presses("就这样改" if lang == ZH else "Change it")
    assert requests(world) == ["open"]
    chat.presses("继续" if lang == ZH else "Carry on")
    assert (chat.flow, chat.values["start"][:16]) == ("book", "2026-11-23T06:00")


@BOTH
def test_a_woman_is_asked_for_in_place_of_who_has_the_visit(world: World, lang: str) -> None:
    chat, _ = accepted(world, lang)
    chat.says("想换个女师傅" if lang == ZH else "can I change to a woman please")

    assert (chat.flow, chat.asking, chat.start) == ("retime", "technician", "11-22 15:00")
    assert not [label for label in chat.labels if ("男" if lang == ZH else " male") in label]


@BOTH
def test_several_orders_are_named_choices_and_the_time_said_is_kept(world: World, lang: str) -> None:
    chat, _ = accepted(world, lang)
    chat.books(book="后天下午三点想约个肩颈按摩，在家" if lang == ZH else "book a neck massage on Monday at 3pm please")
    first, second = chat.orders
    chat.says("改到四点" if lang == ZH else "can we do 4 instead")

    chat.sees(first.code, second.code)
    chat.presses(second.code)
    assert (chat.values["order"], chat.start) == (second.id, "11-23 16:00")


@BOTH
def test_an_order_is_named_by_its_day(world: World, lang: str) -> None:
    chat, _ = accepted(world, lang)
    chat.books(book="后天下午三点想约个肩颈按摩，在家" if lang == ZH else "book a neck massage on Monday at 3pm please")
    second = chat.order
    chat.says("周一那单改到下午五点" if lang == ZH else "move my Monday booking to 5pm")

    assert (chat.values["order"], chat.start) == (second.id, "11-23 17:00")


@BOTH
def test_with_nothing_to_move_it_says_so_and_offers_to_book(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.says("我要改时间" if lang == ZH else "I'd like to reschedule")

    chat.sees(*(("没有可以改", "预约服务") if lang == ZH else ("no visit that can be changed", "Book")))
    assert chat.flow is None


@BOTH
def test_once_the_technician_is_on_the_way_only_a_call_helps(world: World, lang: str) -> None:
    chat, _ = arrived(world, lang)
    chat.says("改到后天下午四点" if lang == ZH else "reschedule to Monday at 4pm")

    chat.sees(*(("已经动身", "人工") if lang == ZH else ("already under way", "human")))
    assert local(chat) == "11-22 15:00"


@pytest.mark.parametrize(
    ("lang", "said", "why"),
    [
        (ZH, "改到今天早上八点", "已经过了"),
        (ZH, "改到后天凌晨三点", ""),
        (EN, "move my booking to today at 8am", "already passed"),
        (EN, "move my booking to Monday at 3am", ""),
    ],
)
def test_a_time_that_cannot_be_had_changes_nothing(world: World, lang: str, said: str, why: str) -> None:
    chat, _ = accepted(world, lang)
    chat.says(said)

    chat.sees(why)
    assert (chat.flow, chat.asking) == ("retime", "start")
    assert local(chat) == "11-22 15:00"
    chat.says("asdf" if lang == EN else "啊啊啊")
    assert chat.asking == "start"


@BOTH
def test_what_it_is_already_is_no_change(world: World, lang: str) -> None:
    chat, _ = accepted(world, lang)
    chat.says("改到明天下午三点" if lang == ZH else "move my booking to tomorrow 3pm")

    chat.sees("不用改" if lang == ZH else "exactly how it stands")
    assert requests(world) == []


@BOTH
def test_a_move_by_half_an_hour_overlaps_itself_and_is_free(world: World, lang: str) -> None:
    chat, wang = accepted(world, lang)
    chat.says("推迟半小时" if lang == ZH else "half an hour later please")
    assert chat.asking == "*summary*", chat.transcript()
    chat.presses("就这样改" if lang == ZH else "Change it")
    world.deliver()
    wang.presses(YES[lang])

    assert local(chat) == "11-22 15:30"
    world.settled()


@BOTH
def test_shortly_before_the_visit_it_is_too_late_to_ask(world: World, lang: str) -> None:
    chat, _ = accepted(world, lang)
    world.at(OLD - timedelta(minutes=50))
    chat.says("推迟一小时" if lang == ZH else "an hour later please")

    chat.sees("来不及" if lang == ZH else "too close")
    assert chat.flow is None
    assert local(chat) == "11-22 15:00"


@BOTH
def test_nobody_elses_press_answers_a_request(world: World, lang: str) -> None:
    chat, wang = asks(world, lang)
    stranger = world.technician("li", lang)
    stranger.sends(Press(wang.token(YES[lang])))

    assert requests(world) == ["open"]
    assert local(chat) == "11-22 15:00"


@BOTH
def test_leaving_the_summary_lets_the_new_time_go(world: World, lang: str) -> None:
    chat, _ = accepted(world, lang)
    chat.says("改到后天下午四点" if lang == ZH else "can we make it Monday at 4pm instead")
    assert len(chat.held) == 1
    chat.says("不改了" if lang == ZH else "leave it as it was")

    assert chat.held == []
    assert requests(world) == []


@BOTH
def test_a_time_nobody_could_answer_before_is_asked_for_again(world: World, lang: str) -> None:
    chat, _ = accepted(world, lang)
    chat.says("改到今天上午十一点" if lang == ZH else "move my booking to today 11am")

    chat.sees("太近了" if lang == ZH else "too soon")
    assert (chat.flow, chat.asking) == ("retime", "start")


@BOTH
def test_setting_out_ends_the_request_and_the_customer_hears_that_the_old_time_stands(world: World, lang: str) -> None:
    chat, wang = accepted(world, lang)
    world.at(OLD - timedelta(hours=2, minutes=10))
    chat.says("推迟半小时" if lang == ZH else "half an hour later please")
    chat.presses("就这样改" if lang == ZH else "Change it")
    world.deliver()
    wang.presses("我出发了" if lang == ZH else "I'm on my way")
    world.deliver()

    assert (chat.order.state, requests(world)) == ("departed", ["overtaken"])
    assert ("没有改成" if lang == ZH else "stays as it was") in chat.transcript()
    world.settled()


@BOTH
def test_the_order_s_own_page_answers_and_takes_back(world: World, lang: str) -> None:
    chat, _ = asks(world, lang)
    chat.says("我的订单" if lang == ZH else "my orders")
    chat.presses(chat.order.code)
    chat.sees("改期待确认" if lang == ZH else "Change requested", "撤回" if lang == ZH else "Take it back")
    chat.does_not_see("换个时间" if lang == ZH else "Another time")
    chat.presses("撤回" if lang == ZH else "Take it back")
    assert requests(world) == ["withdrawn"]

    chat.says("我的订单" if lang == ZH else "my orders")
    chat.presses(chat.order.code)
    chat.presses("换个技师" if lang == ZH else "Another technician")
    assert (chat.flow, chat.asking) == ("retime", "technician")


@BOTH
def test_after_a_no_the_card_offers_what_can_follow(world: World, lang: str) -> None:
    chat, wang = asks(world, lang)
    wang.presses(NO[lang])
    wang.says("那天家里有事" if lang == ZH else "I have a family matter that day")
    world.deliver()
    chat.does_not_see("家里", "family")
    chat.presses("换个技师" if lang == ZH else "Another technician")

    assert (chat.flow, chat.start) == ("retime", "11-22 15:00")
    assert not [label for label in chat.labels if ("王师傅" if lang == ZH else "Wang") in label]


@BOTH
def test_in_answer_to_a_technician_somebody_else_may_be_asked(world: World, lang: str) -> None:
    chat, _ = proposes(world, lang)
    li = in_english(world.technician("li"), lang)
    chat.says("那换李师傅吧" if lang == ZH else "could Li come instead")
    chat.presses("就这样改" if lang == ZH else "Change it")
    world.deliver()

    assert requests(world) == ["refused", "open"]
    li.presses(YES[lang])
    world.deliver()
    assert (local(chat), chat.order.technician_id) == ("11-22 15:00", li.working.id)
    world.settled()


@BOTH
def test_the_very_time_the_technician_asked_for_is_a_yes(world: World, lang: str) -> None:
    chat, _ = proposes(world, lang)
    chat.says("改到后天下午四点" if lang == ZH else "can we make it Monday at 4pm instead")
    chat.presses(YES[lang])
    world.deliver()

    assert (local(chat), requests(world)) == ("11-23 16:00", ["agreed"])
    world.settled()


@BOTH
def test_of_two_who_come_together_both_must_agree_and_neither_is_swapped_in_chat(world: World, lang: str) -> None:
    chat, lead, companion = four_hands(world, lang)
    for one in (lead, companion):
        one.presses("接单" if lang == ZH else "Accept")
    world.deliver()
    before = local(chat)
    chat.says("换个师傅" if lang == ZH else "can I have a different therapist")
    chat.sees("人工" if lang == ZH else "human")
    chat.says("推迟半小时" if lang == ZH else "half an hour later please")
    chat.presses("就这样改" if lang == ZH else "Change it")
    world.deliver()

    lead.presses(YES[lang])
    lead.sees("也同意" if lang == ZH else "agrees too")
    assert local(chat) == before
    companion.presses(YES[lang])
    world.deliver()
    assert local(chat) == "11-22 18:30"
    world.settled()


def test_traditional_readers_are_answered_in_traditional(world: World) -> None:
    chat, _ = accepted(world, ZH)
    chat.says("請說繁體中文")
    chat.says("改到後天下午四點")

    chat.sees("請核對改動", "改成：11月23日 週一 16:00–17:30")


@BOTH
def test_a_yes_without_a_button_is_shown_what_it_is_to_and_asked_once_more(world: World, lang: str) -> None:
    chat, wang = asks(world, lang)
    said = "可以" if lang == ZH else "ok"
    wang.says(said)
    wang.sees("您同意吗" if lang == ZH else "move it to", "16:00")
    assert requests(world) == ["open"]

    wang.says(said)
    assert local(chat) == "11-23 16:00"
    world.settled()


@BOTH
def test_a_no_without_a_button_keeps_the_old_time_at_once(world: World, lang: str) -> None:
    chat, wang = asks(world, lang)
    wang.says("不行" if lang == ZH else "no")
    wang.presses("时间不合适" if lang == ZH else "The time doesn't suit")

    assert (local(chat), requests(world)) == ("11-22 15:00", ["refused"])
    world.settled()


@BOTH
def test_to_keep_the_old_time_is_a_no_to_the_new_one(world: World, lang: str) -> None:
    chat, _ = proposes(world, lang)
    chat.says("可以" if lang == ZH else "ok")
    chat.says("那算了，还是三点" if lang == ZH else "let's keep the old time")

    assert (local(chat), requests(world)) == ("11-22 15:00", ["refused"])


def test_a_request_that_ran_out_is_asked_no_more(world: World) -> None:
    chat, _ = proposes(world, ZH)
    chat.says("可以")
    assert chat.flow == "answer_change"
    world.at(chat.order.starts_at - timedelta(hours=1))
    chat.says("谢谢")

    chat.sees("原来的安排照旧")
    assert chat.state.stack == []
    assert requests(world) == ["expired"]


def test_an_order_gone_meanwhile_is_moved_no_more(world: World) -> None:
    chat, _ = accepted(world, ZH)
    chat.says("改期")
    order = chat.order
    world.run(lambda tx: cancel_by_operator(tx, order.id, operator_id=7, reason="x", now=world.now))
    chat.says("后天四点")

    chat.sees("情况已经变了")
    assert chat.flow != "retime"


@pytest.mark.parametrize(("lang", "said"), [(ZH, "能不能早一点"), (EN, "could it be a bit earlier")])
def test_a_bit_earlier_is_said_of_the_visit_there_is(world: World, lang: str, said: str) -> None:
    chat, _ = accepted(world, lang)
    chat.says(said)

    assert chat.flow == "retime"


@BOTH
def test_a_yes_with_nothing_to_answer_answers_nothing(world: World, lang: str) -> None:
    chat, wang = accepted(world, lang)
    wang.says("可以" if lang == ZH else "ok")

    assert wang.flow is None
    assert (chat.order.state, requests(world)) == ("accepted", [])
