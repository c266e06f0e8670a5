"""Correction and interruption (14-18): what is said last counts, and nothing in between loses the place."""

import pytest

from menling.rehearsal import Person, World
from tests.behaviours.scene import (
    BOTH,
    EN,
    PLEASE_CHECK,
    STEPS,
    YES,
    ZH,
    a_customer,
    at_the_summary,
    at_wall,
    behaviour,
    choices,
    does_not_see,
    messages,
    only_order,
    paid,
    question,
    seen,
    sees,
)

# --- 14, 15

_CORRECTIONS = [
    (ZH, "不是明天，后天", "11月23日 周一 15:00–16:30", "时间"),
    (ZH, "改成四点吧", "11月22日 周日 16:00–17:30", "时间"),
    (ZH, "换成60分钟的", "肩颈舒缓 60 分钟", "时长"),
    (ZH, "换李师傅", "90 分钟 · 李师傅", "技师"),
    (ZH, "改到武侯区桐梓苑 3 栋 502", "桐梓苑 3 栋 502", "地址"),
    (ZH, "电话换成13900139001", "139****9001", "电话"),
    (EN, "not tomorrow, Monday", "Mon 23 Nov, 15:00–16:30", "time"),
    (EN, "no, 4pm", "Sun 22 Nov, 16:00–17:30", "time"),
    (EN, "the 60 minute one", "Neck and shoulder massage, 60 min", "length"),
    (EN, "with Li instead", "90 min, with Li", "technician"),
    (EN, "come to Tongzi Court, Block 3, 502, Wuhou", "Tongzi Court, Block 3, 502", "address"),
]


@behaviour(14)
@pytest.mark.parametrize(("lang", "said", "new", "what"), _CORRECTIONS)
def test_a_correction_changes_what_it_names_says_so_and_leaves_the_rest(
    w: World, lang: str, said: str, new: str, what: str
) -> None:
    person = at_the_summary(w, lang)
    before = _facts(person)
    person.say(said)

    sees(person, PLEASE_CHECK[lang], new, what)
    after = _facts(person)
    assert len(before) == len(after)
    moved = {at for at, (old, now) in enumerate(zip(before, after, strict=True)) if old != now}
    assert moved, "something changed"
    assert len(moved - {len(before) - 1}) <= 2, "one line of the summary, and the price with it"


def _facts(person: Person) -> list[str]:
    """The lines of the summary between its heading and the rule about cancelling."""
    lines = question(person).text.splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith(tuple(PLEASE_CHECK.values())))
    return lines[start + 1 : start + 5]


@behaviour(14)
@BOTH
def test_a_correction_in_the_middle_of_the_questions_changes_that_alone(w: World, lang: str) -> None:
    person = w.person(lang=lang)
    for said in STEPS[lang][:2]:
        person.say(said)
    asked = question(person).text.splitlines()[-1]
    person.say("不是明天，后天" if lang == ZH else "not tomorrow, Monday")

    sees(person, asked)
    for said in STEPS[lang][2:]:
        person.say(said)
    sees(person, PLEASE_CHECK[lang], "11月23日 周一 15:00" if lang == ZH else "Mon 23 Nov, 15:00", "90")


@behaviour(14)
def test_a_longer_visit_that_no_longer_fits_its_start_asks_for_the_time_and_keeps_the_rest(w: World) -> None:
    """Wang goes home at nine: 60 minutes at eight are possible, 90 are not."""
    person = at_the_summary(w, said="明天晚上八点肩颈按摩60分钟王师傅在家")
    person.say("换成90分钟的")

    does_not_see(person, "20:00–21:30")
    person.press(choices(person)[0])
    sees(person, PLEASE_CHECK[ZH], "90 分钟", "望京花园", "138****8000")


@behaviour(14)
@pytest.mark.parametrize(("said", "new"), [("改到公司", "天府三街"), ("送到公司吧", "天府三街")])
def test_a_saved_address_is_known_by_its_label(w: World, said: str, new: str) -> None:
    person = at_the_summary(w)
    before = _facts(person)
    person.say(said)

    assert _facts(person) != before
    sees(person, new)


@behaviour(15)
@BOTH
def test_the_newest_statement_wins_over_every_older_one(w: World, lang: str) -> None:
    person = a_customer(w, lang)
    said = (
        ("肩颈按摩", "60分钟的", "明天下午三点", "李师傅", "还是90分钟的", "后天下午四点", "王师傅")
        if lang == ZH
        else ("a neck massage at home", "60 minutes", "tomorrow at 3pm", "Li", "no, 90 minutes", "Monday 4pm", "Wang")
    )
    for each in said:
        person.say(each)
    if PLEASE_CHECK[lang] not in seen(person):
        person.say("在家" if lang == ZH else "at home")
        person.say(said[-1])

    sees(person, PLEASE_CHECK[lang], "90", "16:00–17:30", "王师傅" if lang == ZH else "Wang")
    person.say(YES[lang])
    order = only_order(w)
    assert (order.option, order.technician, at_wall(order)) == ("90 分钟", "王师傅", "11-23 16:00")


# --- 16

_QUESTIONS = [
    (ZH, "会带精油吗？", "精油和一次性床单"),
    (ZH, "你们有证吗？", "核对过"),
    (ZH, "好停车吗？", "不占车位"),
    (ZH, "多少钱？", "60 分钟 ¥198，90 分钟 ¥268"),
    (EN, "do you bring oil?", "fresh disposable sheet"),
    (EN, "is there parking?", "no space is needed"),
    (EN, "how much is it?", "60 min ¥198, 90 min ¥268"),
]


@behaviour(16)
@pytest.mark.parametrize(("lang", "asked", "answer"), _QUESTIONS)
def test_a_question_at_any_step_is_answered_once_and_the_pending_one_follows_once(
    w: World, lang: str, asked: str, answer: str
) -> None:
    person = w.person(lang=lang)
    for said in STEPS[lang]:
        person.say(said)
        pending, offered = question(person).text.splitlines()[-1], choices(person)
        person.say(asked)

        [reply] = messages(person)
        assert reply.text.count(answer) == 1
        assert choices(person) == offered
        if PLEASE_CHECK[lang] in pending or "留到" in pending or "held for you" in pending:
            pending = "还要确认吗" if lang == ZH else "Shall I go ahead"
        assert reply.text.count(pending) == 1, reply.text
    person.say(YES[lang])
    assert only_order(w).total_minor == 26300


# --- 17


@behaviour(17)
@BOTH
def test_a_second_task_runs_and_then_the_first_is_offered_again(w: World, lang: str) -> None:
    person, _ = paid(w, lang)
    person.say("再约一个足疗，后天下午两点，在家" if lang == ZH else "book a foot massage at home on Monday at 2pm")
    pending = question(person).text.splitlines()[-1]
    person.say("我那单几点来？" if lang == ZH else "when is my booking coming?")
    sees(person, only_order(w).code, pending)

    person.say("我要取消订单" if lang == ZH else "I want to cancel my order")
    person.press("取消订单" if lang == ZH else "Cancel an order")  # or what is being booked: both are named
    person.press("确认取消" if lang == ZH else "Yes, cancel it")
    assert only_order(w).state == "cancelled"
    sees(person, "预约" if lang == ZH else "booking", "继续" if lang == ZH else "Carry on")
    person.press("继续" if lang == ZH else "Carry on")
    sees(person, pending)


@behaviour(17)
@BOTH
def test_the_first_task_may_be_dropped_instead(w: World, lang: str) -> None:
    person, _ = paid(w, lang)
    person.say("再约一个足疗，后天下午两点，在家" if lang == ZH else "book a foot massage at home on Monday at 2pm")
    pending = question(person).text.splitlines()[-1]
    person.say("我要退款" if lang == ZH else "I want a refund")
    person.press("确认取消" if lang == ZH else "Yes, cancel it")
    person.press("不用了" if lang == ZH else "Drop it")

    does_not_see(person, pending)
    person.say(YES[lang])
    assert only_order(w).state == "cancelled"


@behaviour(17)
def test_nesting_ends_somewhere_and_says_so(w: World) -> None:
    person, _ = paid(w)
    told = ["再约一个足疗", "我要退款", "我想当技师", "我要改期", "我要评价", "加一个地址"]
    for said in told:
        person.say(said)
        assert person.replies
    for _ in told:
        person.say("返回")
        person.say("取消")
        assert person.replies

    assert only_order(w).state == "to_accept"


# --- 18


@behaviour(18)
@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (ZH, "哈哈今天天气真好"),
        (ZH, "我明天要开会，好累啊"),
        (ZH, "你是机器人吗"),
        (ZH, "王师傅人真好"),
        (EN, "lovely weather today isn't it"),
        (EN, "I had such a long day yesterday"),
        (EN, "are you a robot?"),
    ],
)
def test_small_talk_touches_nothing(w: World, lang: str, said: str) -> None:
    person = at_the_summary(w, lang)
    facts = _facts(person)
    person.say(said)
    does_not_see(person, "已改好", "Changed")
    person.say("重复一遍" if lang == ZH else "say that again")

    assert _facts(person) == facts
    assert w.orders() == ()


@behaviour(18)
@pytest.mark.parametrize("said", ["哈哈今天天气真好", "lovely weather today isn't it"])
def test_small_talk_begins_nothing(w: World, said: str) -> None:
    person = w.person(lang=ZH if said.startswith("哈") else EN)
    person.say(said)

    does_not_see(person, "想约哪项服务", "Which service")


@behaviour(18)
@pytest.mark.parametrize(("lang", "said"), [(ZH, "想按摩一下"), (EN, "a massage please")])
def test_what_can_mean_several_things_is_answered_with_their_names(w: World, lang: str, said: str) -> None:
    person = w.person(lang=lang)
    person.say(said)

    names = ("肩颈舒缓", "全身推拿", "足部按摩") if lang == ZH else ("Neck and shoulder", "Full-body", "Foot massage")
    for name in names:
        assert any(name in label for label in choices(person))
