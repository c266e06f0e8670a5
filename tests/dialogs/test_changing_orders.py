"""Another time or technician for an order that stands: whoever must say yes is asked, and until then nothing moves."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import bindparam, select

from core.changes.tables import change_request
from core.messages.tables import message
from dialogs.incoming import Press
from tests.dialogs.chat import Chat, World
from tests.dialogs.steps import EN, ZH, accepted, arrived, in_english, paid
from tests.dialogs.test_crews import paid as four_hands

BOTH = pytest.mark.parametrize("lang", [ZH, EN])
_OLD = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
_waiting = select(message.c.template, message.c.due_at).where(
    message.c.order_id == bindparam("b_order"), message.c.state == "waiting"
)
_requests = select(change_request.c.state).order_by(change_request.c.id)


def local(chat: Chat) -> str:
    """The newest order's start on the clock in Chengdu."""
    return f"{chat.order.starts_at + timedelta(hours=8):%m-%d %H:%M}"


def waiting(world: World, chat: Chat) -> list[str]:
    """What is still to be told about the newest order, by when."""
    rows = world.read(lambda tx: tx.all(_waiting, {"b_order": chat.order.id}))
    return sorted(f"{row.template} {row.due_at + timedelta(hours=8):%m-%d %H:%M}" for row in rows)


def requests(world: World) -> list[str]:
    return [row.state for row in world.read(lambda tx: tx.all(_requests))]


def asks(world: World, lang: str) -> tuple[Chat, Chat]:
    """An accepted visit whose customer has asked for Monday at four."""
    chat, wang = accepted(world, lang)
    chat.says("改到后天下午四点" if lang == ZH else "can we make it Monday at 4pm instead")
    chat.presses("就这样改" if lang == ZH else "Change it")
    world.deliver()
    return chat, wang


def proposes(world: World, lang: str) -> tuple[Chat, Chat]:
    """An accepted visit whose technician has asked for Monday at four."""
    chat, wang = accepted(world, lang)
    wang.presses("要改时间" if lang == ZH else "Another time")
    wang.says("后天下午四点" if lang == ZH else "Monday at 4pm")
    wang.presses("时间不合适" if lang == ZH else "The time doesn't suit")
    wang.presses("发给顾客" if lang == ZH else "Ask the customer")
    world.deliver()
    return chat, wang


def swaps(world: World, lang: str) -> tuple[Chat, Chat, Chat]:
    """An accepted visit whose customer has asked for Li instead of Wang."""
    chat, wang = accepted(world, lang)
    li = in_english(world.technician("li"), lang)
    chat.says("换成李师傅" if lang == ZH else "could Li come instead")
    chat.presses("就这样改" if lang == ZH else "Change it")
    world.deliver()
    return chat, wang, li


YES = {ZH: "同意", EN: "Agree"}
NO = {ZH: "改不了", EN: "I can't"}


# what words mean


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


# the summary and the yes


@BOTH
def test_the_summary_shows_old_and_new_the_money_whose_yes_it_takes_and_until_when(world: World, lang: str) -> None:
    chat, _ = accepted(world, lang)
    chat.says("改到后天下午四点" if lang == ZH else "can we make it Monday at 4pm instead")

    chat.sees(
        *(
            ("原来：11月22日 周日 15:00–16:30", "改成：11月23日 周一 16:00–17:30", "价格不变", "全额退")
            if lang == ZH
            else ("Sun 22 Nov 15:00–16:30", "Mon 23 Nov 16:00–17:30", "price stays", "full refund")
        )
    )
    chat.sees("王师傅点头" if lang == ZH else "Wang has to agree", "10:05")
    assert len(chat.held) == 1


@BOTH
def test_the_old_time_stands_until_the_technician_has_agreed(world: World, lang: str) -> None:
    chat, wang = asks(world, lang)

    chat.sees("还是" if lang == ZH else "stays")
    assert chat.order.starts_at == _OLD
    wang.sees(*(("顾客想改个时间", "15:00", "16:00", "不变") if lang == ZH else ("another time", "15:00", "16:00")))
    wang.does_not_see("望京花园", "Wangjing", "1201")
    wang.presses(YES[lang])
    world.deliver()

    assert local(chat) == "11-23 16:00"
    assert chat.order.state == "accepted"
    chat.sees("改好了" if lang == ZH else "settled", "16:00")
    world.settled()


@BOTH
def test_both_sides_read_the_same_while_it_is_open(world: World, lang: str) -> None:
    chat, wang = asks(world, lang)
    chat.says("我的订单" if lang == ZH else "my orders")
    chat.sees("改期待确认" if lang == ZH else "Change requested", "16:00")
    wang.says("明天的单" if lang == ZH else "my day tomorrow")
    wang.sees("等您答复" if lang == ZH else "for you to answer", "16:00")


@BOTH
def test_after_a_move_only_the_new_time_is_reminded_of(world: World, lang: str) -> None:
    chat, wang = asks(world, lang)
    assert any(one.startswith("visit_reminder 11-22") for one in waiting(world, chat))

    wang.presses(YES[lang])
    world.deliver()
    assert {one.split()[1] for one in waiting(world, chat) if "reminder" in one} <= {"11-22", "11-23"}
    assert not [one for one in waiting(world, chat) if one.startswith(("visit_reminder 11-22", "reminder_hours 11-22"))]

    count = len(chat.received), len(wang.received)
    world.at(_OLD + timedelta(minutes=1))
    assert not [m for m in wang.received[count[1] :] if ("出发" if lang == ZH else "set out") in m.body.text]


@BOTH
def test_two_taps_of_yes_move_once(world: World, lang: str) -> None:
    chat, wang = asks(world, lang)
    twice = Press(wang.token(YES[lang]))
    wang.sends(twice)
    version = chat.order.version
    wang.sends(twice)

    assert chat.order.version == version
    assert requests(world) == ["agreed"]
    world.settled()


# no


@BOTH
def test_a_no_with_its_reason_reaches_the_customer_in_neutral_words(world: World, lang: str) -> None:
    chat, wang = asks(world, lang)
    wang.presses(NO[lang])
    wang.presses("身体不适" if lang == ZH else "Not feeling well")
    world.deliver()

    chat.sees("安排不开" if lang == ZH else "can't do", "15:00")
    chat.does_not_see("身体", "well")
    chat.sees(*(("换个时间", "换个技师", "取消") if lang == ZH else ("Another time", "Another technician", "Cancel")))
    assert local(chat) == "11-22 15:00"
    assert requests(world) == ["refused"]
    world.settled()


@BOTH
def test_another_time_in_answer_goes_to_the_customer_as_a_question(world: World, lang: str) -> None:
    chat, wang = asks(world, lang)
    wang.presses("换个时间" if lang == ZH else "Another time")
    wang.says("后天下午五点" if lang == ZH else "Monday at 5pm")
    wang.presses("发给顾客" if lang == ZH else "Ask the customer")
    world.deliver()

    assert requests(world) == ["refused", "open"]
    chat.sees("17:00", YES[lang])
    chat.presses(YES[lang])
    world.deliver()
    assert local(chat) == "11-23 17:00"
    wang.sees("顾客同意了" if lang == ZH else "has agreed", "17:00")
    world.settled()


@BOTH
def test_silence_is_nudged_once_and_ends_with_the_old_time_and_a_word_to_both(world: World, lang: str) -> None:
    chat, wang = asks(world, lang)
    before = len(wang.received)
    world.later(hours=10)
    nudges = [
        m for m in wang.received[before:] if ("等您一句话" if lang == ZH else "still the question") in m.body.text
    ]
    assert len(nudges) == 1

    world.later(hours=10)
    assert requests(world) == ["expired"]
    assert local(chat) == "11-22 15:00"
    assert ("没来得及答复" if lang == ZH else "didn't answer in time") in chat.transcript()
    assert ("过了答复时间" if lang == ZH else "time to answer has passed") in wang.transcript()
    world.settled()


# taking it back


@BOTH
@pytest.mark.parametrize("by", ["words", "button"])
def test_taking_the_request_back_leaves_the_visit_and_tells_the_technician(world: World, lang: str, by: str) -> None:
    chat, wang = asks(world, lang)
    old = Press(wang.token(YES[lang]))
    if by == "words":
        chat.says("不改了" if lang == ZH else "leave it as it was")
    else:
        chat.presses("撤回" if lang == ZH else "Take it back")
    chat.sees("15:00")
    world.deliver()

    wang.sees("顾客不改了" if lang == ZH else "changed their mind")
    wang.sends(old)
    wang.sees("已经撤回" if lang == ZH else "was taken back", "15:00")
    assert local(chat) == "11-22 15:00"
    assert requests(world) == ["withdrawn"]
    world.settled()


@BOTH
def test_a_yes_on_an_older_card_is_no_yes_to_a_newer_request(world: World, lang: str) -> None:
    chat, wang = asks(world, lang)
    old = Press(wang.token(YES[lang]))
    chat.says("不改了" if lang == ZH else "leave it as it was")
    chat.says("改到后天下午五点" if lang == ZH else "can we make it Monday at 5pm instead")
    chat.presses("就这样改" if lang == ZH else "Change it")
    world.deliver()
    wang.sends(old)

    assert requests(world) == ["withdrawn", "open"]
    assert local(chat) == "11-22 15:00"


@BOTH
def test_asking_for_something_else_takes_the_open_request_back_first(world: World, lang: str) -> None:
    chat, wang = asks(world, lang)
    chat.says("改到后天下午五点" if lang == ZH else "can we make it Monday at 5pm instead")
    chat.sees("16:00", "撤回，重新选" if lang == ZH else "Take it back and choose again")
    chat.presses("撤回，重新选" if lang == ZH else "Take it back and choose again")
    assert (chat.asking, chat.start) == ("*summary*", "11-23 17:00")
    chat.presses("就这样改" if lang == ZH else "Change it")
    world.deliver()

    assert requests(world) == ["withdrawn", "open"]
    wang.presses(YES[lang])
    assert local(chat) == "11-23 17:00"
    world.settled()


@BOTH
def test_cancelling_the_order_ends_the_request(world: World, lang: str) -> None:
    chat, wang = asks(world, lang)
    old = Press(wang.token(YES[lang]))
    chat.says("取消订单" if lang == ZH else "cancel my order")
    chat.presses("确认取消" if lang == ZH else "Yes, cancel")
    world.deliver()
    wang.sends(old)

    assert chat.order.state == "cancelled"
    assert requests(world) == ["overtaken"]
    world.settled()


# somebody else


@BOTH
def test_somebody_else_comes_once_they_have_said_yes(world: World, lang: str) -> None:
    chat, wang, li = swaps(world, lang)
    assert chat.order.technician_id == wang.working.id
    li.sees("换您上门" if lang == ZH else "come instead", "15:00")
    li.does_not_see("望京花园 3", "Block 3", "138 0013 8000")
    li.presses(YES[lang])
    li.sees("望京花园" if lang == ZH else "Wangjing")
    world.deliver()

    assert chat.order.technician_id == li.working.id
    chat.sees("李师傅" if lang == ZH else "Li")
    wang.sees("不用去了" if lang == ZH else "needn't go", "15:00")
    wang.does_not_see("李" if lang == ZH else "Li ")
    assert chat.order.total_minor == 26300
    world.settled()


@BOTH
def test_somebody_elses_no_leaves_who_had_it(world: World, lang: str) -> None:
    chat, wang, li = swaps(world, lang)
    li.presses(NO[lang])
    li.presses("太远" if lang == ZH else "Too far")
    world.deliver()

    assert chat.order.technician_id == wang.working.id
    chat.sees("王师傅上门" if lang == ZH else "with Wang")
    assert not [m for m in wang.received if ("不用去" if lang == ZH else "needn't go") in m.body.text]
    world.settled()


@BOTH
def test_another_technician_is_chosen_among_those_free_then(world: World, lang: str) -> None:
    chat, wang = accepted(world, lang)
    chat.says("换个师傅" if lang == ZH else "can I have a different therapist")

    assert chat.asking == "technician"
    assert not [label for label in chat.labels if ("王师傅" if lang == ZH else "Wang") in label]
    chat.presses("谁都行" if lang == ZH else "Anyone")
    assert chat.asking == "*summary*"
    assert chat.held[0].technician_id != wang.working.id
    assert chat.start == "11-22 15:00"


# before anybody has accepted


@BOTH
def test_an_order_nobody_has_accepted_moves_at_once(world: World, lang: str) -> None:
    chat, wang = paid(world, lang)
    world.deliver()
    old = Press(wang.token("接单" if lang == ZH else "Accept"))
    chat.says("改到后天下午四点" if lang == ZH else "can we make it Monday at 4pm instead")
    chat.presses("就这样改" if lang == ZH else "Change it")
    world.deliver()

    assert (local(chat), chat.order.state) == ("11-23 16:00", "to_accept")
    wang.sends(old)
    assert chat.order.state == "to_accept"
    wang.presses("接单" if lang == ZH else "Accept")
    assert chat.order.state == "accepted"
    world.settled()


@BOTH
def test_an_order_not_paid_yet_moves_at_once_and_is_paid_then(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.books()
    chat.says("改到后天下午四点" if lang == ZH else "can we make it Monday at 4pm instead")
    chat.sees("¥263")
    chat.presses("就这样改" if lang == ZH else "Change it")

    assert (local(chat), chat.order.state) == ("11-23 16:00", "to_pay")
    chat.sees("付款" if lang == ZH else "Pay")
    chat.pays()
    assert chat.order.state == "to_accept"
    world.settled()


# the technician asks


@BOTH
def test_a_technician_s_wish_for_another_time_waits_for_the_customer(world: World, lang: str) -> None:
    chat, wang = proposes(world, lang)

    assert local(chat) == "11-22 15:00"
    wang.sees("还是" if lang == ZH else "stays")
    chat.sees("临时有变动" if lang == ZH else "something has come up", "16:00")
    chat.does_not_see("时间不合适", "suit")
    chat.presses(YES[lang])
    world.deliver()

    assert local(chat) == "11-23 16:00"
    wang.sees("顾客同意了" if lang == ZH else "has agreed")
    world.settled()


@BOTH
def test_a_customer_who_would_rather_keep_the_time_needs_no_reason(world: World, lang: str) -> None:
    chat, wang = proposes(world, lang)
    chat.presses("还是原来的时间" if lang == ZH else "Keep the present time")
    chat.sees("15:00")
    world.deliver()

    assert (local(chat), requests(world)) == ("11-22 15:00", ["refused"])
    wang.sees("照原来的时间" if lang == ZH else "keep the present time")
    world.settled()


@BOTH
def test_a_time_the_customer_names_answers_the_technicians_request(world: World, lang: str) -> None:
    chat, wang = proposes(world, lang)
    chat.says("改到后天下午五点" if lang == ZH else "can we make it Monday at 5pm instead")
    chat.presses("就这样改" if lang == ZH else "Change it")
    world.deliver()

    assert requests(world) == ["refused", "open"]
    wang.presses(YES[lang])
    assert local(chat) == "11-23 17:00"
    world.settled()


@BOTH
def test_a_technician_says_it_in_words(world: World, lang: str) -> None:
    chat, wang = accepted(world, lang)
    wang.says("这单要改时间" if lang == ZH else "I need to reschedule this one")
    assert (wang.flow, wang.asking) == ("propose_time", "start")
    wang.says("推迟一小时" if lang == ZH else "an hour later")
    assert wang.start == "11-22 16:00"
    wang.says("算了" if lang == ZH else "never mind")
    wang.sees("照旧" if lang == ZH else "stays as it was")
    assert local(chat) == "11-22 15:00"
    assert requests(world) == []


@BOTH
def test_a_technician_takes_the_request_back(world: World, lang: str) -> None:
    chat, wang = proposes(world, lang)
    wang.says("不改了" if lang == ZH else "leave it as it was")
    world.deliver()

    chat.sees("又可以了" if lang == ZH else "after all", "15:00")
    assert requests(world) == ["withdrawn"]


# what cannot be


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
    world.at(_OLD - timedelta(minutes=50))
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
    world.at(_OLD - timedelta(hours=2, minutes=10))
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
