"""Each flow from its first word to its end, and the whole job once, in both languages and on every database."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.support.tables import ticket
from tests.dialogs.chat import World, a_world, make_city
from tests.dialogs.steps import EN, ZH, finished, in_english, paid

BOTH = pytest.mark.parametrize("lang", [ZH, EN])


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
    wang.sees("1201", "138 0013 8000" if lang == ZH else "+447700900123")
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
    chat, _ = paid(world, lang)
    total = chat.order.total_minor
    world.later(minutes=15, seconds=1)
    chat.presses("换个时间" if lang == ZH else "Another time")
    assert chat.flow == "retime"
    chat.says("李师傅" if lang == ZH else "Li")
    chat.says("后天下午四点" if lang == ZH else "Monday at 4pm")
    chat.sees("价格不变" if lang == ZH else "The price stays", "16:00", "李师傅" if lang == ZH else "Li")
    chat.says("改成五点" if lang == ZH else "no, 5pm")
    chat.sees("17:00")
    chat.presses("就这样改" if lang == ZH else "Change it")

    assert chat.order.state == "to_accept"
    assert chat.order.total_minor == total
    assert f"{chat.order.starts_at:%d %H:%M}" == "23 09:00"
    world.deliver()
    in_english(world.technician("li"), lang)
    world.settled()


@BOTH
def test_a_refund_of_an_order_nobody_has_goes_through_the_same_preview(world: World, lang: str) -> None:
    chat, _ = paid(world, lang)
    world.later(minutes=15, seconds=1)
    chat.presses("退款" if lang == ZH else "Refund")
    chat.sees("¥263")
    chat.presses("确认取消" if lang == ZH else "Yes, cancel it")

    assert chat.order.state == "cancelled"
    chat.sees("¥263", "原路退回" if lang == ZH else "the way you paid")
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
    rows = world.read(lambda tx: tx.all(select(ticket.c.person_id, ticket.c.kind, ticket.c.order_id)))
    theirs = [(row.kind, row.order_id) for row in rows if row.person_id == chat.person_id]
    assert theirs == [("complaint", chat.order.id)]
    assert chat.order.state == "finished"


@BOTH
def test_a_review_goes_dimension_by_dimension_when_they_differ(world: World, lang: str) -> None:
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


MEASURED = {
    "你好": 14,  # a newcomer: person, identity, conversation
    "谢谢": 9,
    "明天下午三点想约个肩颈按摩，在家": 11,
    "90分钟的": 10,
    "望京花园 3 号楼 1201": 9,
    "王师傅": 17,  # the time is held from here on
    "13800138000": 18,  # quote for the summary
    "会带精油吗？": 18,
    "好的": 31,  # the count of unpaid orders under its guard; order, event, payment, nudge
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
