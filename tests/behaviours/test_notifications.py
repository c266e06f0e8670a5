"""Notifications (36-40): each once, none too late, none at night, none that is no longer true."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from core.messages import Template
from core.messages.tables import message
from menling.rehearsal import Person, World
from tests.behaviours.scene import (
    BOTH,
    EN,
    NOW,
    ZH,
    a_customer,
    at_the_summary,
    behaviour,
    does_not_see,
    only_order,
    orders_of,
    paid,
    seen,
    sees,
)

_reminders = select(message.c.state).where(message.c.template == Template.REMINDER_DAY.value)

TODAY_AT_ONE = "今天下午一点肩颈按摩90分钟王师傅在家"
MONDAY = {
    ZH: "后天上午十一点肩颈按摩90分钟王师傅在家",
    EN: "Monday at 11am, neck massage, 90 minutes, at home, with Wang",
}
REMINDS = {ZH: "提醒您", EN: "A reminder"}


def accepted_for(w: World, said: str) -> tuple[Person, Person]:
    """A visit at the time these words name, paid and taken by Wang."""
    wang = w.person(demo="wang")
    person = at_the_summary(w, said=said)
    person.say("好的")
    person.pay()
    wang.press("接单")
    assert only_order(w).state == "accepted"
    return person, wang


def heard(w: World, person: Person, until: datetime) -> str:
    """Everything a person gets until this moment."""
    w.at(until)
    return person.text


# --- 36


@behaviour(36)
@BOTH
def test_each_event_is_told_once_whatever_is_sent_again_or_restarted(w: World, lang: str) -> None:
    person, wang = paid(w, lang)
    person.redeliver()
    wang.press("接单")
    wang.redeliver()
    w.restart()
    w.advance(minutes=1)
    w.restart()
    w.advance(minutes=30)

    said = person.transcript
    assert said.count("王师傅接单了" if lang == ZH else "Wang has accepted") == 1
    assert said.count("收到 ¥263" if lang == ZH else "¥266 received") == 1
    assert wang.transcript.count("新单") == 1


@behaviour(36)
def test_a_payment_told_three_times_is_said_once(w: World) -> None:
    wang = w.person(demo="wang")
    person = at_the_summary(w)
    person.say("好的")
    person.pay(manner="repeated")
    w.restart()
    w.advance(minutes=5)

    assert person.transcript.count("收到 ¥263") == 1
    assert wang.transcript.count("新单") == 1


# --- 37


@behaviour(37)
def test_a_visit_booked_within_the_day_gets_no_reminder_of_the_day_before(w: World) -> None:
    person, _ = accepted_for(w, TODAY_AT_ONE)
    came = heard(w, person, only_order(w).starts_at - timedelta(minutes=50))

    assert "提醒您" not in came
    assert came.count("上门做") == 1


@behaviour(37)
@BOTH
def test_a_visit_booked_earlier_is_reminded_the_day_before_and_two_hours_before(w: World, lang: str) -> None:
    wang = w.person(demo="wang")
    person = at_the_summary(w, lang, MONDAY[lang])
    person.say("好的" if lang == ZH else "yes please")
    person.pay()
    wang.press("接单")
    starts_at = only_order(w).starts_at

    before = heard(w, person, starts_at - timedelta(hours=25))
    assert before.strip() == ""
    day = heard(w, person, starts_at - timedelta(hours=23))
    assert day.count(REMINDS[lang]) == 1
    hours = heard(w, person, starts_at - timedelta(hours=1))
    assert hours.count("11:00") == 1


@behaviour(37)
def test_a_cancelled_visit_is_never_reminded_of(w: World) -> None:
    person, wang = accepted_for(w, MONDAY[ZH])
    person.say("取消")
    person.press("确认取消")
    starts_at = only_order(w).starts_at
    w.advance(minutes=5)  # the refund is told

    w.at(starts_at)
    for who in (person, wang):
        assert who.replies == []


@behaviour(37)
def test_after_a_long_silence_of_ours_only_the_nearest_reminder_is_sent(w: World) -> None:
    """Everything stood still from Saturday to an hour and a half before the visit."""
    person, _ = accepted_for(w, MONDAY[ZH])
    starts_at = only_order(w).starts_at
    w.clock.move(starts_at - timedelta(minutes=90))
    w.advance(minutes=1)

    came = seen(person)
    assert came.count("上门做") == 1, came
    assert "提醒您" not in came


# --- 38

_EVENING = datetime(2026, 11, 21, 13, 50, tzinfo=UTC)
"""Saturday, 21:50."""


@behaviour(38)
@pytest.mark.parametrize(
    ("minutes", "rings"),
    [(-3, True), (1, False)],
    ids=["just before ten in the evening", "just after"],
)
def test_the_evening_edge_of_the_quiet_hours(door: str, minutes: int, rings: bool) -> None:
    """An invitation to review is not urgent: the visit that ends at ten invites before, or in the morning."""
    edge = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
    with World(now=NOW, door=door) as w:
        person, _ = _finished_by(w, edge + timedelta(minutes=minutes))
        person.press("确认完成")
        w.advance(minutes=2.5)  # on WeChat a card waits two minutes behind a question

        assert ("评个分" in person.transcript) is rings
        if not rings:
            w.at(datetime(2026, 11, 21, 23, 59, tzinfo=UTC))  # 7:59
            does_not_see(person, "评个分")
            w.at(datetime(2026, 11, 22, 0, 11, tzinfo=UTC))  # each person at a minute of their own
            sees(person, "评个分")


def _finished_by(w: World, moment: datetime) -> tuple[Person, Person]:
    """A visit of Saturday evening by Zhou, finished at this moment and not yet confirmed."""
    zhou = w.person(demo="zhou")
    person = at_the_summary(w, said="今晚八点肩颈按摩90分钟周师傅在家")
    person.say("好的")
    person.pay()
    zhou.press("接单")
    order = only_order(w)
    w.at(order.starts_at - timedelta(minutes=40))
    zhou.press("我出发了")
    w.at(order.starts_at)
    zhou.press("我到了")
    zhou.say(_start_code(person))
    person.say("谢谢")  # WeChat lets us write only so much to somebody who says nothing
    w.at(moment)
    zhou.press("完成服务")
    zhou.photo()
    zhou.press("发好了")
    assert only_order(w).state == "finished"
    return person, zhou


def _start_code(person: Person) -> str:
    """The four digits the customer is to tell at the door."""
    after = person.transcript.rpartition("开工码")[2]
    return "".join(letter for letter in after[:12] if letter.isdigit())[:4]


@behaviour(38)
def test_what_cannot_wait_rings_at_night_as_well(door: str) -> None:
    """A visit at ten in the evening, booked at a quarter to nine: the deadline, the offer, the way, all are told."""
    with World(now=datetime(2026, 11, 21, 12, 45, tzinfo=UTC), door=door) as w:
        zhou = w.person(demo="zhou")
        person = at_the_summary(w, said="今晚十点肩颈按摩60分钟周师傅在家")
        person.press("确认下单")
        person.pay()
        sees(zhou, "新单")
        zhou.press("接单")
        w.at(datetime(2026, 11, 21, 13, 20, tzinfo=UTC))
        zhou.press("我出发了")
        sees(person, "出发了")
        w.at(datetime(2026, 11, 21, 14, 1, tzinfo=UTC))  # 22:01
        zhou.press("我到了")
        sees(person, "开工码")
        other = a_customer(w, EN)
        other.say("tomorrow at 3pm, neck massage, 90 minutes, at home, with Wang")
        other.say("yes please")
        w.advance(minutes=11)
        sees(other, orders_of(w, other)[0].code)  # the deadline of a payment is near, at ten past ten


# --- 39


@behaviour(39, doors=("wechat",))
def test_on_wechat_a_closed_window_is_never_noted_as_sent_and_waits_for_the_next_contact(wechat: World) -> None:
    """Three days of silence, then the reminder: the platform takes no words of ours until the customer writes."""
    person = _reminded_after_days_of_silence(wechat)
    assert REMINDS[ZH] not in person.transcript
    assert "sent" not in _reminder_states(wechat)

    person.say("你好")
    wechat.advance(minutes=61)
    assert person.transcript.count(REMINDS[ZH]) == 1
    assert "sent" in _reminder_states(wechat)


@behaviour(39, doors=("wechat",))
def test_on_wechat_what_could_never_be_told_is_seen_by_an_operator(wechat: World) -> None:
    person = _reminded_after_days_of_silence(wechat)
    wechat.at(only_order(wechat).starts_at)

    assert REMINDS[ZH] not in person.transcript
    failed = wechat.operator("auditor").get("/messages/failed")["items"]
    assert "reminder_day" in {one["template"] for one in failed}


def _reminded_after_days_of_silence(w: World) -> Person:
    person, _ = accepted_for(w, "周三下午三点肩颈按摩90分钟王师傅在家")
    w.at(only_order(w).starts_at - timedelta(hours=23))
    return person


def _reminder_states(w: World) -> set[str]:
    return {row.state for row in w.read(lambda tx: tx.all(_reminders))}


# --- 40


@behaviour(40)
@BOTH
def test_the_reminder_asks_for_confirm_move_or_cancel(w: World, lang: str) -> None:
    wang = w.person(demo="wang")
    person = at_the_summary(w, lang, MONDAY[lang])
    person.say("好的" if lang == ZH else "yes please")
    person.pay()
    wang.press("接单")
    w.at(only_order(w).starts_at - timedelta(hours=23, minutes=30))

    sees(person, REMINDS[lang])
    labels = " ".join(person.buttons)
    for wanted in ("换个时间", "取消") if lang == ZH else ("time", "Cancel"):
        assert wanted in labels, labels
    assert len(person.buttons) >= 3


@behaviour(40)
def test_a_reminder_that_is_confirmed_is_noted_and_asked_no_more(w: World) -> None:
    person, _ = accepted_for(w, MONDAY[ZH])
    starts_at = only_order(w).starts_at
    w.at(starts_at - timedelta(hours=23, minutes=30))
    confirm = next(label for label in person.buttons if "时间" not in label and "取消" not in label)
    person.press(confirm)
    assert person.replies
    came = heard(w, person, starts_at - timedelta(minutes=70))

    assert confirm not in came
    assert only_order(w).state == "accepted"


@behaviour(40)
def test_a_reminder_without_an_answer_is_asked_once_more_and_then_the_house_is_told(w: World) -> None:
    person, _ = accepted_for(w, MONDAY[ZH])
    starts_at = only_order(w).starts_at
    came = heard(w, person, starts_at - timedelta(minutes=60))

    assert came.count("上门做") == 2, came
    tickets = w.operator("auditor").get("/tickets")["items"]
    assert any(only_order(w).code in str(one) for one in tickets), tickets
