"""Each flow from its first word to its end, and the whole job once, in both languages and on every database."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import technicians
from core.dispatch.tables import offer
from core.support.tables import ticket
from core.technicians.tables import technician as technician_table
from tests.dialogs.chat import Chat, World, a_world, make_city

ZH, EN = "zh-Hans", "en"
BOTH = pytest.mark.parametrize("lang", [ZH, EN])


def in_english(chat: Chat, lang: str) -> Chat:
    if lang == EN:
        chat.says("English please")
    return chat


def paid(world: World, lang: str, **over: str) -> tuple[Chat, Chat]:
    """A paid order, the technician asked."""
    chat, wang = world.chat("lin", lang), in_english(world.technician("wang"), lang)
    chat.books(**over)
    chat.pays()
    return chat, wang


def accepted(world: World, lang: str) -> tuple[Chat, Chat]:
    chat, wang = paid(world, lang)
    wang.presses("接单" if lang == ZH else "Accept")
    world.deliver()
    return chat, wang


def arrived(world: World, lang: str) -> tuple[Chat, Chat]:
    chat, wang = accepted(world, lang)
    world.at(chat.order.starts_at - timedelta(minutes=40))
    wang.presses("我出发了" if lang == ZH else "I'm on my way")
    world.at(chat.order.starts_at - timedelta(minutes=5))
    wang.presses("我到了" if lang == ZH else "I'm here")
    world.deliver()
    return chat, wang


def in_service(world: World, lang: str) -> tuple[Chat, Chat]:
    chat, wang = arrived(world, lang)
    wang.says(chat.order.start_code)
    world.deliver()
    return chat, wang


def finished(world: World, lang: str) -> tuple[Chat, Chat]:
    chat, wang = in_service(world, lang)
    world.at(chat.order.ends_at)
    wang.presses("完成服务" if lang == ZH else "Finish")
    wang.photo()
    wang.presses("发好了" if lang == ZH else "That's all")
    world.deliver()
    return chat, wang


def whole_story(world: World, lang: str) -> None:
    chat, wang = finished(world, lang)
    chat.presses("确认完成" if lang == ZH else "All done")
    world.deliver()
    chat.presses("去评价" if lang == ZH else "Leave a review")
    chat.says("5")
    chat.presses("都是 5" if lang == ZH else "All 5")
    chat.says("手法很好，很准时" if lang == ZH else "Lovely, and right on time")
    chat.presses("不用照片" if lang == ZH else "No photo")

    chat.sees("谢谢您的评价" if lang == ZH else "Thank you for your review")
    assert chat.order.state == "reviewed"
    world.deliver()
    wang.sees("5 星" if lang == ZH else "5 stars")
    wang.says("我的收入" if lang == ZH else "my earnings")
    wang.sees("¥229.40")
    world.settled()


@BOTH
def test_the_whole_job_ends_reviewed_with_the_money_where_it_belongs(world: World, lang: str) -> None:
    # story of: book
    whole_story(world, lang)


@pytest.fixture
def server_world(database_url: str) -> Iterator[World]:
    db = make_city(database_url)
    yield a_world(db)
    db.close()


@pytest.mark.parametrize("database_url", ["mariadb", "postgresql"], indirect=True)
def test_the_same_job_ends_the_same_on_a_server_database(server_world: World) -> None:
    whole_story(server_world, ZH)


@BOTH
def test_both_are_told_each_step_once(world: World, lang: str) -> None:
    chat, wang = paid(world, lang)
    chat.sees("收到 ¥263" if lang == ZH else "¥263 received")
    wang.sees("新单" if lang == ZH else "New visit", chat.order.code, "¥229.40")
    wang.does_not_see("1201", "138", "7700")
    wang.presses("接单" if lang == ZH else "Accept")
    wang.sees("1201", "+86138" if lang == ZH else "+447700900123")
    world.deliver()
    chat.sees("王师傅接单了" if lang == ZH else "Wang has accepted")

    start = chat.order.starts_at
    world.at(start - timedelta(hours=24))
    chat.sees("提醒您" if lang == ZH else "A reminder")
    world.at(start - timedelta(hours=2))
    chat.sees("上门做" if lang == ZH else "is coming at")
    world.at(start - timedelta(minutes=50))
    wang.sees("该出发了" if lang == ZH else "Time to set out")
    count = len(chat.received)
    world.at(start - timedelta(minutes=45))
    assert len(chat.received) == count
    wang.presses("我出发了" if lang == ZH else "I'm on my way")
    world.deliver()
    chat.sees("王师傅出发了" if lang == ZH else "Wang is on the way")
    assert len(chat.received) == count + 1


@BOTH
def test_the_day_before_is_reminded_only_when_booked_earlier_and_not_after_a_cancel(world: World, lang: str) -> None:
    chat, wang = paid(
        world, lang, book="周三下午三点想约个肩颈按摩" if lang == ZH else "a neck massage on Wednesday at 3pm please"
    )
    wang.presses("接单" if lang == ZH else "Accept")
    world.deliver()
    world.at(chat.order.starts_at - timedelta(hours=24))
    chat.sees("提醒您" if lang == ZH else "A reminder")

    chat.presses("取消这单" if lang == ZH else "Cancel")
    chat.presses("确认取消" if lang == ZH else "Yes, cancel it")
    world.deliver()
    count = len(chat.received)
    world.at(chat.orders[-1].starts_at - timedelta(hours=2))
    assert len(chat.received) == count


@BOTH
def test_applying_to_be_a_technician_ends_with_an_operator_s_word(world: World, lang: str) -> None:
    # story of: apply_technician
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
    # story of: refuse_offer
    chat, wang = paid(world, lang)
    wang.presses("不接" if lang == ZH else "Turn down")
    wang.presses("太远" if lang == ZH else "Too far")
    wang.sees("转给别人" if lang == ZH else "pass it on")
    world.deliver()

    assert chat.order.state == "undecided"
    chat.sees(*(("再等等", "换个时间", "退款") if lang == ZH else ("Keep looking", "Another time", "Refund")))
    chat.does_not_see("太远", "Too far")
    [row] = world.read(lambda tx: tx.all(select(offer.c.state, offer.c.reason)))
    assert (row.state, row.reason) == ("refused", "far")


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
def test_an_unanswered_offer_of_anyone_goes_to_the_next_and_the_customer_is_told(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.books(who="谁都行" if lang == ZH else "anyone is fine")
    chat.pays()
    first = chat.order.technician_id
    world.later(minutes=5, seconds=1)

    assert chat.order.state == "to_accept"
    assert chat.order.technician_id != first
    chat.sees("正在请下一位" if lang == ZH else "I'm asking")
    world.later(minutes=20)
    assert chat.order.state == "undecided"
    chat.sees("退款" if lang == ZH else "Refund")
    world.settled()


@BOTH
def test_waiting_asks_somebody_else_who_is_free(world: World, lang: str) -> None:
    chat, _ = paid(world, lang)
    wang = chat.order.technician_id
    world.later(minutes=15, seconds=1)
    assert chat.order.state == "undecided"
    chat.presses("再等等" if lang == ZH else "Keep looking")

    assert chat.order.state == "to_accept"
    assert chat.order.technician_id != wang


@BOTH
def test_another_time_for_a_paid_order_costs_nothing_more(world: World, lang: str) -> None:
    # story of: retime
    chat, _ = paid(world, lang)
    total = chat.order.total_minor
    world.later(minutes=15, seconds=1)
    chat.presses("换个时间" if lang == ZH else "Another time")
    assert chat.flow == "retime"
    chat.says("李师傅" if lang == ZH else "Li")
    chat.says("后天下午四点" if lang == ZH else "Monday at 4pm")
    chat.sees("价格不变" if lang == ZH else "at the same price", "16:00", "李师傅" if lang == ZH else "Li")
    chat.says("改成五点" if lang == ZH else "no, 5pm")
    chat.sees("17:00")
    chat.presses("就这样改" if lang == ZH else "Move it")

    assert chat.order.state == "to_accept"
    assert chat.order.total_minor == total
    assert f"{chat.order.starts_at:%d %H:%M}" == "23 09:00"
    world.deliver()
    in_english(world.technician("li"), lang)
    world.settled()


@BOTH
def test_a_refund_of_an_order_nobody_has_goes_through_the_same_preview(world: World, lang: str) -> None:
    # story of: cancel_order
    chat, _ = paid(world, lang)
    world.later(minutes=15, seconds=1)
    chat.presses("退款" if lang == ZH else "Refund")
    chat.sees("¥263")
    chat.presses("确认取消" if lang == ZH else "Yes, cancel it")

    assert chat.order.state == "cancelled"
    chat.sees("¥263", "原路退回" if lang == ZH else "the way you paid")
    world.settled()


@BOTH
def test_giving_up_an_accepted_visit_needs_a_reason_and_a_yes_and_looks_for_another(world: World, lang: str) -> None:
    # story of: give_up_visit
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
    wang.sees("转给别人" if lang == ZH else "passed on")
    world.deliver()
    assert chat.order.state in ("undecided", "to_accept")
    assert chat.order.technician_id != first or chat.order.state == "undecided"
    chat.does_not_see("身体不适", "Not feeling well")
    world.settled()


@BOTH
def test_the_start_code_starts_the_visit_and_five_wrong_ones_ask_the_customer(world: World, lang: str) -> None:
    # story of: start_visit
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
    wang.sees("5 次" if lang == ZH else "five wrong codes")
    world.deliver()
    chat.presses("已开始服务" if lang == ZH else "It has started")

    assert chat.order.state == "in_service"
    world.deliver()
    wang.sees("可以开始了" if lang == ZH else "You can start")


@BOTH
def test_finishing_takes_up_to_four_photos_and_tells_the_money(world: World, lang: str) -> None:
    # story of: finish_visit
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
def test_an_unconfirmed_visit_confirms_itself_after_a_day(world: World, lang: str) -> None:
    chat, wang = finished(world, lang)
    world.later(hours=24, seconds=1)

    assert chat.order.state == "confirmed"
    world.deliver()
    assert any("已入账" in m.body.text or "credited" in m.body.text for m in wang.received)


@BOTH
def test_a_problem_at_the_end_opens_a_complaint_about_that_order(world: World, lang: str) -> None:
    chat, _ = finished(world, lang)
    chat.presses("有问题" if lang == ZH else "There's a problem")

    chat.sees(chat.order.code)
    [row] = world.read(lambda tx: tx.all(select(ticket.c.kind, ticket.c.order_id)))
    assert (row.kind, row.order_id) == ("complaint", chat.order.id)
    assert chat.order.state == "finished"


@BOTH
def test_a_review_goes_dimension_by_dimension_when_they_differ(world: World, lang: str) -> None:
    # story of: review
    chat, _ = finished(world, lang)
    chat.presses("确认完成" if lang == ZH else "All done")
    world.deliver()
    chat.says("评价" if lang == ZH else "I'd like to leave a review")
    chat.presses("★★★★")
    chat.presses("分开评" if lang == ZH else "One by one")
    for stars in ("5", "四星" if lang == ZH else "4 stars", "3", "5"):
        chat.says(stars)
    assert chat.asking == "words"
    chat.says("多少钱都值，下次还约" if lang == ZH else "worth it; how much I needed that")
    assert chat.asking == "photo"
    chat.photo()

    assert chat.order.state == "reviewed"
    world.settled()


@BOTH
def test_a_technician_s_day_shows_the_visits_and_the_next_step(world: World, lang: str) -> None:
    chat, wang = accepted(world, lang)
    wang.says("今天的单" if lang == ZH else "my day")
    wang.sees("还没有单" if lang == ZH else "No visits on")
    wang.says("明天有几单" if lang == ZH else "my schedule tomorrow")
    wang.sees("15:00–16:30", chat.order.code, "我出发了" if lang == ZH else "I'm on my way")


MEASURED = {
    "你好": 14,  # a newcomer: person, identity, conversation
    "谢谢": 9,
    "明天下午三点想约个肩颈按摩，在家": 11,
    "90分钟的": 10,
    "望京花园 3 号楼 1201": 9,
    "王师傅": 9,
    "13800138000": 18,  # hold and quote for the summary
    "会带精油吗？": 18,
    "好的": 30,  # order, event, payment, nudge
    "我的订单": 9,
}
"""Statements of each turn of a booking on SQLite, as measured: a turn that grows shows here."""


def test_a_turn_runs_no_more_statements_than_were_measured(world: World) -> None:
    chat = world.chat("lin")
    counts = {}
    for said in MEASURED:
        chat.says(said)
        counts[said] = chat.statements
    print(f"statements a turn: {counts}")  # noqa: T201

    assert {said: count for said, count in counts.items() if count > MEASURED[said]} == {}
