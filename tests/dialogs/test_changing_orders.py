"""Another time for an order that stands: whoever must say yes is asked, and until then nothing moves."""

from datetime import timedelta

import pytest

from dialogs.incoming import Press
from tests.dialogs.changing import BOTH, NO, OLD, YES, asks, local, requests, waiting
from tests.dialogs.chat import World
from tests.dialogs.steps import ZH, accepted

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
    chat.sees("王师傅确认了" if lang == ZH else "Wang has to agree", "10:05")
    assert len(chat.held) == 1


@BOTH
def test_the_old_time_stands_until_the_technician_has_agreed(world: World, lang: str) -> None:
    chat, wang = asks(world, lang)

    chat.sees("还是" if lang == ZH else "still")
    assert chat.order.starts_at == OLD
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
    world.at(OLD + timedelta(minutes=1))
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
        m for m in wang.received[before:] if ("还在等您答复" if lang == ZH else "still the question") in m.body.text
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
