"""The technician's side: applying, answering offers, the visit."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import technicians
from core.dispatch.tables import offer
from core.technicians.tables import technician as technician_table
from tests.dialogs.chat import World
from tests.dialogs.steps import EN, ZH, accepted, arrived, in_service, paid

BOTH = pytest.mark.parametrize("lang", [ZH, EN])


@BOTH
def test_applying_to_be_a_technician_ends_with_an_operator_s_word(world: World, lang: str) -> None:
    chat = world.chat("new", lang)
    chat.says("我想当技师" if lang == ZH else "I'd like to work with you")
    chat.says("何师傅" if lang == ZH else "Paula")
    chat.presses("女" if lang == ZH else "female")
    chat.presses("肩颈" if lang == ZH else "Neck")
    chat.says("足疗" if lang == ZH else "foot massage")
    chat.presses("就这些" if lang == ZH else "That's all")
    chat.says("高新区" if lang == ZH else "Gaoxin")
    chat.presses("就这些" if lang == ZH else "That's all")
    chat.says("没有照片" if lang == ZH else "I have none")
    assert chat.asking == "certificate"
    chat.photo()
    chat.says("周一到周五 10:00-19:00" if lang == ZH else "Mon to Fri 10:00-19:00")
    chat.sees("10:00–19:00", "何师傅" if lang == ZH else "Paula", "足部按摩" if lang == ZH else "Foot massage")
    chat.presses("提交申请" if lang == ZH else "Send it in")
    assert chat.working.state == "applied"

    chat.says("我想当技师" if lang == ZH else "I'd like to work with you")
    chat.sees("正在审核" if lang == ZH else "being looked at")
    chat.says("今天的单" if lang == ZH else "my earnings")
    chat.does_not_see("到手", "yours ¥")
    for said in (
        ("什么时候通知我结果", "审核要多久", "通过了吗") if lang == ZH else ("when do I hear back", "my application?")
    ):
        chat.says("价格" if lang == ZH else "prices")
        chat.says(said)
        chat.sees("正在审核" if lang == ZH else "being looked at")

    me = chat.working.id
    world.run(lambda tx: technicians.refuse(tx, me, reason="证件不清楚", operator_id=1, now=world.now))
    world.deliver()
    chat.sees("证件不清楚")
    chat.presses("重新申请" if lang == ZH else "Apply again")
    assert chat.flow == "apply_technician"


@BOTH
def test_an_application_can_be_corrected_before_it_is_sent(world: World, lang: str) -> None:
    chat = world.chat("new", lang)
    for said in (
        ("我想当技师", "何师傅", "男", "足疗", "就这些", "高新区", "就这些")
        if lang == ZH
        else ("I'd like to work with you", "Paul", "male", "foot massage", "That's all", "Gaoxin", "That's all")
    ):
        chat.says(said)
    chat.photo()
    chat.presses("周末" if lang == ZH else "Weekends")
    chat.presses("改称呼" if lang == ZH else "Change name")
    chat.says("小何" if lang == ZH else "Pauline")

    chat.sees("小何" if lang == ZH else "Pauline", "足部按摩" if lang == ZH else "Foot massage", "09:00–21:00")
    assert (
        world.read(lambda tx: tx.all(select(technician_table.c.id).where(technician_table.c.state == "applied"))) == []
    )


@BOTH
def test_refusing_an_offer_asks_why_and_leaves_the_customer_to_choose(world: World, lang: str) -> None:
    chat, wang = paid(world, lang)
    wang.presses("不接" if lang == ZH else "Turn down")
    wang.sees("转给别人" if lang == ZH else "somebody else", "方便说下原因" if lang == ZH else "tell us why")
    assert chat.order.state == "undecided"
    wang.presses("太远" if lang == ZH else "Too far")
    wang.sees("记下了" if lang == ZH else "noted")
    world.deliver()

    assert chat.order.state == "undecided"
    chat.sees(*(("再等等", "换个时间", "退款") if lang == ZH else ("Keep looking", "Another time", "Refund")))
    chat.does_not_see("太远", "Too far")
    [row] = world.read(lambda tx: tx.all(select(offer.c.state, offer.c.reason)))
    assert (row.state, row.reason) == ("refused", "far")


@BOTH
def test_money_back_for_what_nobody_took_speaks_of_no_technician(world: World, lang: str) -> None:
    chat, wang = paid(world, lang)
    wang.presses("不接" if lang == ZH else "Turn down")
    wang.presses("太远" if lang == ZH else "Too far")
    world.deliver()

    chat.presses("退款" if lang == ZH else "Refund")

    chat.sees("师傅还没定下来，全额退" if lang == ZH else "No technician is confirmed yet: full refund")
    chat.does_not_see("技师还没出发", "hasn't set out")


@BOTH
def test_a_reason_in_one_s_own_words_is_kept_sealed(world: World, lang: str) -> None:
    chat, wang = paid(world, lang)
    wang.presses("不接" if lang == ZH else "Turn down")
    wang.presses("其他" if lang == ZH else "Something else")
    wang.says("车坏了" if lang == ZH else "my bike broke down")

    [row] = world.read(lambda tx: tx.all(select(offer.c.reason, offer.c.reason_sealed)))
    assert row.reason == "other"
    assert "车坏了".encode() not in bytes(row.reason_sealed)
    assert chat.order.state == "undecided"


@BOTH
def test_giving_up_an_accepted_visit_needs_a_reason_and_a_yes_and_looks_for_another(world: World, lang: str) -> None:
    chat, wang = accepted(world, lang)
    first = chat.order.technician_id
    wang.presses("去不了了" if lang == ZH else "I can't go")
    wang.presses("身体不适" if lang == ZH else "Not feeling well")
    wang.presses("还是我去" if lang == ZH else "I'll go after all")
    assert chat.order.state == "accepted"

    wang.says("明天有几单" if lang == ZH else "my schedule tomorrow")
    wang.presses("去不了了" if lang == ZH else "I can't go")
    wang.presses("身体不适" if lang == ZH else "Not feeling well")
    wang.presses("确定不去了" if lang == ZH else "Yes, I can't go")
    wang.sees("另外安排" if lang == ZH else "arrange it")
    world.deliver()
    assert chat.order.state in ("undecided", "to_accept")
    assert chat.order.technician_id != first or chat.order.state == "undecided"
    chat.does_not_see("身体不适", "Not feeling well")
    world.settled()


@BOTH
def test_the_start_code_starts_the_visit_and_five_wrong_ones_ask_the_customer(world: World, lang: str) -> None:
    chat, wang = arrived(world, lang)
    code = chat.order.start_code
    chat.sees(code)
    wang.sees("4 位开工码" if lang == ZH else "4-digit code")
    wrong = "0000" if code != "0000" else "1111"
    wang.says("不知道" if lang == ZH else "no idea")
    wang.sees("4 位数字" if lang == ZH else "four digits")
    for left in (4, 3, 2, 1):
        wang.says(wrong)
        wang.sees(str(left))
    wang.says(wrong)
    wang.sees("5 次" if lang == ZH else "5 wrong codes")
    world.deliver()
    chat.presses("已开始服务" if lang == ZH else "It has started")

    assert chat.order.state == "in_service"
    world.deliver()
    wang.sees("可以开始了" if lang == ZH else "You can start")


@BOTH
def test_finishing_takes_up_to_four_photos_and_tells_the_money(world: World, lang: str) -> None:
    chat, wang = in_service(world, lang)
    world.at(chat.order.ends_at)
    wang.presses("完成服务" if lang == ZH else "Finish")
    wang.says("做完了" if lang == ZH else "it is done")
    wang.sees("照片" if lang == ZH else "photos")
    assert chat.order.state == "in_service"
    for _ in range(4):
        wang.photo()

    assert chat.order.state == "finished"
    wang.sees("¥229.40")
    world.deliver()
    chat.sees("确认完成" if lang == ZH else "All done")


@BOTH
def test_a_customer_who_is_not_in_ends_the_visit_after_a_quarter_of_an_hour(world: World, lang: str) -> None:
    chat, wang = arrived(world, lang)
    wang.presses("顾客不在" if lang == ZH else "Nobody in")
    wang.sees("还早了点" if lang == ZH else "a little early", "15:10")
    assert chat.order.state == "arrived"
    world.now += timedelta(minutes=16)
    wang.presses("顾客不在" if lang == ZH else "Nobody in")

    assert chat.order.state == "lapsed"
    world.deliver()
    chat.sees("¥")
    world.settled()


@BOTH
def test_a_technician_s_day_shows_the_visits_and_the_next_step(world: World, lang: str) -> None:
    chat, wang = accepted(world, lang)
    wang.says("今天的单" if lang == ZH else "my day")
    wang.sees("还没有单" if lang == ZH else "Nothing booked for")
    wang.says("明天有几单" if lang == ZH else "my schedule tomorrow")
    wang.sees("15:00–16:30", chat.order.code, "我出发了" if lang == ZH else "I'm on my way")
