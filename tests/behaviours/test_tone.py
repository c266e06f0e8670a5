"""Human (41-43): a person when one is wanted, and nobody's commands but one's own."""

import re
from datetime import UTC, datetime

import pytest

from menling.rehearsal import World
from tests.behaviours.scene import (
    ALL_IN_ONE,
    BOTH,
    EN,
    YES,
    ZH,
    at_the_summary,
    behaviour,
    does_not_see,
    first_ticket,
    only_order,
    paid,
    question,
    seen,
    sees,
)

HUMAN = {ZH: "人工", EN: "can I talk to a person please"}


# --- 41


@behaviour(41)
@BOTH
def test_a_human_takes_over_answers_and_gives_back_with_the_old_task_offered(w: World, lang: str) -> None:
    desk = w.operator("auditor")
    person = at_the_summary(w, lang)
    person.say(HUMAN[lang])
    assert person.replies
    person.say("我家有狗，介意吗" if lang == ZH else "I have a dog, is that all right?")
    ticket = first_ticket(w, desk)
    assert "肩颈" in ticket["summary"] or "Neck" in ticket["summary"]
    assert any("狗" in one["text"] or "dog" in one["text"] for one in ticket["lines"])

    desk.post(f"/tickets/{ticket['id']}/take")
    desk.post(f"/tickets/{ticket['id']}/reply", {"words": "不介意的，王师傅也养狗。"})
    sees(person, "不介意的，王师傅也养狗。")
    person.say("那就好" if lang == ZH else "great, thanks")
    assert person.replies == [], "the bot is silent while a human has the thread"

    desk.post(f"/tickets/{ticket['id']}/give-back")
    sees(person, "继续" if lang == ZH else "Carry on", "预约" if lang == ZH else "booking")
    person.press("继续" if lang == ZH else "Carry on")
    sees(person, "15:00–16:30")
    person.say(YES[lang])
    assert only_order(w).state == "to_pay"


@behaviour(41)
@pytest.mark.parametrize(
    ("lang", "said", "shown"),
    [
        (ZH, "你们太差劲了，我要投诉", "抱歉"),
        (ZH, "救命，有人打我", "110"),
        (ZH, "我不想活了", "120"),
        (EN, "this is a disgrace, I want to complain", "sorry"),
        (EN, "help me, he is attacking me", "110"),
    ],
)
def test_anger_and_danger_are_handed_over_at_once_with_what_was_going_on(
    w: World, lang: str, said: str, shown: str
) -> None:
    desk = w.operator("auditor")
    person = at_the_summary(w, lang)
    person.say(said)

    assert shown.casefold() in seen(person).casefold()
    ticket = first_ticket(w, desk)
    assert ticket["kind"] in ("complaint", "emergency")
    assert "肩颈" in ticket["summary"] or "Neck" in ticket["summary"]
    assert w.orders() == ()


@behaviour(41)
@BOTH
def test_who_is_not_understood_five_times_is_handed_over(w: World, lang: str) -> None:
    desk = w.operator("auditor")
    person = w.person(lang=lang)
    person.say("我想预约" if lang == ZH else "I'd like to book")
    for nonsense in ("叽里咕噜", "哇啦哇啦", "呜里哇啦", "噼里啪啦", "稀里哗啦"):
        person.say(nonsense)

    assert first_ticket(w, desk)["person_id"] == str(person.person_id)


@behaviour(41)
@BOTH
def test_one_may_go_back_to_the_bot_at_any_time(w: World, lang: str) -> None:
    w.operator("auditor")
    person = at_the_summary(w, lang)
    person.say(HUMAN[lang])
    person.say("回到自助" if lang == ZH else "back to the bot")

    sees(person, "继续" if lang == ZH else "Carry on")
    person.press("继续" if lang == ZH else "Carry on")
    sees(person, "15:00–16:30")


# --- 42


@behaviour(42)
@BOTH
def test_when_nobody_comes_the_wait_is_honest_soothed_once_and_ends_with_a_call_back(w: World, lang: str) -> None:
    person = at_the_summary(w, lang)
    person.say(HUMAN[lang])
    sees(person, ":")  # until when somebody gets back
    soothed = []
    for said in ("在吗", "有人吗", "喂") if lang == ZH else ("hello?", "anybody there?", "hello??"):
        person.say(said)
        soothed += person.replies
    assert len(soothed) == 1, soothed

    w.advance(minutes=15)
    sees(person, "抱歉" if lang == ZH else "Sorry", "继续" if lang == ZH else "Carry on")
    person.press("继续" if lang == ZH else "Carry on")
    sees(person, "15:00–16:30")


@behaviour(42)
@BOTH
def test_at_night_a_call_back_is_promised_and_the_bot_goes_on(door: str, lang: str) -> None:
    with World(now=datetime(2026, 11, 21, 18, 0, tzinfo=UTC), door=door) as w:  # two in the morning
        person = at_the_summary(w, lang, ALL_IN_ONE[lang].replace("明天", "周日").replace("tomorrow", "Sunday"))
        person.say(HUMAN[lang])

        sees(person, "15:00–16:30")
        assert re.search(r"\d+:\d\d", question(person).text)
        person.say(YES[lang])
        assert only_order(w).state == "to_pay"
        assert first_ticket(w, w.operator("auditor"))["call_back_at"] is not None


# --- 43


@behaviour(43)
@pytest.mark.parametrize("said", ["接单", "今天的单", "我的收入", "我出发了", "收工", "/admin", "accept", "my week"])
def test_a_customer_never_reaches_what_is_a_technicians_by_typing_it(w: World, said: str) -> None:
    person, wang = paid(w)
    person.say(said)

    assert person.replies
    does_not_see(person, "到手", "行程", "请在", "earned")
    assert only_order(w).state == "to_accept"
    wang.press("接单")
    assert only_order(w).state == "accepted"


@behaviour(43)
@BOTH
def test_another_persons_order_cannot_be_named_by_its_code(w: World, lang: str) -> None:
    owner, _ = paid(w, lang)
    thief = w.person(lang=lang)
    code = only_order(w).code
    for said in (
        (f"取消订单 {code}", f"{code} 改到后天下午四点", f"查一下 {code}", "确认取消")
        if lang == ZH
        else (f"cancel order {code}", f"move {code} to Monday 4pm", f"where is {code}", "yes, cancel it")
    ):
        thief.say(said)
        does_not_see(thief, "王师傅", "Wang", "望京", "Jiaozi", "¥263", "¥266", "15:00")

    assert (only_order(w).state, owner.person_id) == ("to_accept", only_order(w).person_id)


@behaviour(43)
def test_a_technician_cannot_take_what_another_was_asked(w: World) -> None:
    paid(w)
    li = w.person(demo="li")
    code = only_order(w).code
    for said in (f"接单 {code}", "接单", f"{code} 我出发了"):
        li.say(said)
        does_not_see(li, "望京花园", "138")

    assert (only_order(w).state, only_order(w).technician) == ("to_accept", "王师傅")


@behaviour(43)
def test_staff_see_only_what_their_role_may(w: World) -> None:
    person = at_the_summary(w)
    person.say("人工")
    with pytest.raises(Exception, match="403"):
        w.operator("finance").get("/tickets")
    assert first_ticket(w, w.operator("auditor"))["person_id"] == str(person.person_id)
