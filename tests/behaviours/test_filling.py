"""Slot filling (7-13): what words are taken for, and what is said when something cannot be had."""

from datetime import UTC, datetime

import pytest

from core.calendar import board
from menling.rehearsal import World
from tests.behaviours.scene import (
    BOTH,
    EN,
    NOW,
    PLEASE_CHECK,
    STEPS,
    WAYS_OUT,
    YES,
    ZH,
    a_customer,
    at_wall,
    behaviour,
    choices,
    does_not_see,
    newcomer_at_the_summary,
    only_order,
    orders_of,
    question,
    sees,
)

AFTER_MIDNIGHT = datetime(2026, 11, 21, 16, 30, tzinfo=UTC)
"""Sunday, 0:30."""
TUESDAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


# --- 7


@behaviour(7)
@pytest.mark.parametrize(
    ("lang", "said", "service"),
    [
        (ZH, "脖子酸得很，想捏捏", "肩颈舒缓"),
        (ZH, "家里空调有味了", "空调清洗"),
        ("zh-Hant", "想做個美甲", "光療美甲"),
        (EN, "my neck is stiff, could someone come round", "Neck and shoulder massage"),
        (EN, "I'd love to get my nails done", "Gel manicure"),
    ],
)
def test_everyday_words_name_a_service_of_the_list(w: World, lang: str, said: str, service: str) -> None:
    person = w.person(lang=lang)
    person.say(said)

    sees(person, service)


@behaviour(7)
@pytest.mark.parametrize(
    "typed", ["13800138001", "138 0013 8001", "138-0013-8001", "+86 13800138001", "１３８００１３８００１"]
)
def test_a_phone_number_is_read_however_it_is_typed(w: World, typed: str) -> None:
    person = newcomer_at_the_summary(w, phone=typed)

    sees(person, "138****8001")


@behaviour(7)
def test_a_name_that_is_on_no_list_is_never_taken(w: World) -> None:
    person = w.person()
    for said in STEPS[ZH][:3]:
        person.say(said)
    person.say("我要约奥巴马师傅")

    does_not_see(person, "奥巴马", "手机号", PLEASE_CHECK[ZH])
    assert any("王师傅" in label for label in choices(person))


@behaviour(7)
@BOTH
def test_a_house_number_is_no_date_and_a_flat_is_no_hour(w: World, lang: str) -> None:
    person = w.person(lang=lang)
    for said in STEPS[lang][:2]:
        person.say(said)
    person.say("武侯区桐梓苑1号楼3单元12楼1201" if lang == ZH else "Tongzi Court, 1 Tower, 12 floor, flat 1201, Wuhou")
    for said in STEPS[lang][3:]:
        person.say(said)

    sees(person, PLEASE_CHECK[lang], "11月22日 周日 15:00" if lang == ZH else "Sun 22 Nov, 15:00")


# --- 8

_DATES = [
    (NOW, ZH, "今晚八点半，周师傅", "11月21日 周六 20:30–22:00"),
    (AFTER_MIDNIGHT, ZH, "今晚八点，周师傅", "11月22日 周日 20:00–21:30"),
    (NOW, ZH, "下周二下午三点，李师傅", "11月24日 周二 15:00–16:30"),
    (TUESDAY, ZH, "下周二下午三点，李师傅", "12月1日 周二 15:00–16:30"),
    (TUESDAY, ZH, "周二下午三点，李师傅", "11月24日 周二 15:00–16:30"),
    (NOW, ZH, "明天3点，王师傅", "11月22日 周日 15:00–16:30"),
    (NOW, ZH, "大后天晚上六点，周师傅", "11月24日 周二 18:00–19:30"),
    (NOW, EN, "tonight at half past eight, with Zhou", "Sat 21 Nov, 20:30–22:00"),
    (AFTER_MIDNIGHT, EN, "tonight at 8, with Zhou", "Sun 22 Nov, 20:00–21:30"),
    (TUESDAY, EN, "next Tuesday at 3pm, with Li", "Tue 1 Dec, 15:00–16:30"),
    (NOW, EN, "tomorrow at 3, with Wang", "Sun 22 Nov, 15:00–16:30"),
]


@behaviour(8)
@pytest.mark.parametrize(("now", "lang", "said", "echoed"), _DATES, ids=[f"{c[0]:%a %H}h {c[2]}" for c in _DATES])
def test_a_relative_date_is_echoed_as_weekday_date_and_time(
    door: str, now: datetime, lang: str, said: str, echoed: str
) -> None:
    with World(now=now, door=door) as w:
        person = a_customer(w, lang)
        person.say(f"肩颈按摩90分钟，在家，{said}" if lang == ZH else f"90 minute neck massage, at home, {said}")

        sees(person, PLEASE_CHECK[lang], echoed)


@behaviour(8)
@BOTH
def test_an_hour_that_can_be_morning_or_evening_is_asked(w: World, lang: str) -> None:
    person = a_customer(w, lang)
    person.say(
        "明天10点想约个肩颈按摩，60分钟，在家" if lang == ZH else "60 minute neck massage at home tomorrow at 10"
    )
    sees(person, "10:00", "22:00")
    person.say("晚上" if lang == ZH else "in the evening")

    does_not_see(person, "10:00")
    sees(person, "22:00")


@behaviour(8)
@pytest.mark.parametrize("said", ["明天上午10点", "明天晚上10点", "明天22点", "明天10:00"])
def test_an_hour_that_can_only_be_one_is_not_asked(w: World, said: str) -> None:
    person = a_customer(w)
    person.say(f"{said}想约个肩颈按摩，60分钟，在家")

    does_not_see(person, "哪个时间")
    sees(person, "10:00" if said in ("明天上午10点", "明天10:00") else "22:00")


# --- 9

_RULES = [
    (ZH, "改成今天十点半", "太近了", "今天 11:15"),
    (EN, "make it 10:30 today", "too soon", "Today 11:15"),
    (ZH, "改成明天凌晨四点", "不在营业时间", "明天 10:00"),
    (EN, "make it 4am tomorrow", "outside our hours", "Tomorrow 10:00"),
    (ZH, "改成周二下午三点", "不上班", "周三 10:00"),
    (EN, "no, Tuesday at 3pm", "isn't working", "Wed 10:00"),
    (ZH, "改成12月20号下午三点", "14 天内", "12月5日 周六 10:00"),
    (EN, "no, 20 December at 3pm", "14 days ahead", "Sat 5 Dec 10:00"),
]


@behaviour(9)
@pytest.mark.parametrize(("lang", "said", "rule", "nearest"), _RULES)
def test_a_time_that_cannot_be_had_names_its_rule_and_the_nearest_that_can(
    w: World, lang: str, said: str, rule: str, nearest: str
) -> None:
    person = newcomer_at_the_summary(w, lang)
    person.say(said)
    sees(person, rule, nearest)
    others = {other for at, _, other, _ in _RULES if at == lang} - {rule}
    does_not_see(person, *others)

    person.press(nearest)
    sees(person, PLEASE_CHECK[lang])


@behaviour(9)
@pytest.mark.parametrize(
    ("lang", "said", "passed"),
    [
        (ZH, "昨天下午三点肩颈按摩90分钟在家王师傅", "已经过了"),
        (ZH, "今天早上九点肩颈按摩90分钟在家王师傅", "已经过了"),
        (EN, "yesterday at 3pm, neck massage, 90 minutes, at home, with Wang", "already passed"),
    ],
)
def test_a_time_that_has_passed_is_said_in_the_first_answer_already(
    w: World, lang: str, said: str, passed: str
) -> None:
    person = a_customer(w, lang)
    person.say(said)

    sees(person, passed)
    assert choices(person)  # and when there is somebody


@behaviour(9)
@BOTH
def test_a_place_outside_the_area_is_said_and_another_is_asked(w: World, lang: str) -> None:
    person = w.person(lang=lang)
    for said in STEPS[lang][:2]:
        person.say(said)
    person.location(31.2304, 121.4737)

    sees(person, "不在我们的服务范围内" if lang == ZH else "don't come out that far")
    for said in STEPS[lang][2:]:
        person.say(said)
    sees(person, PLEASE_CHECK[lang])


@behaviour(9)
@pytest.mark.parametrize(
    "said", ["送到上海市浦东新区陆家嘴 8 号", "北京市朝阳区望京花园 3 号楼 1201", "深圳市南山区科技园"]
)
def test_another_city_is_outside_the_area_whatever_the_compound_is_called(w: World, said: str) -> None:
    person = w.person()
    for each in STEPS[ZH][:2]:
        person.say(each)
    person.say(said)

    sees(person, "不在我们的服务范围内")
    does_not_see(person, "在哪个区", "能上门的")


@behaviour(9)
@BOTH
def test_a_customer_whom_we_do_not_serve_is_told_so(w: World, lang: str) -> None:
    person = a_customer(w, lang)
    person.say("我怀孕了，可以按摩吗？" if lang == ZH else "I'm pregnant, can I have a massage?")

    sees(person, "孕" if lang == ZH else "pregnan")
    assert w.orders() == ()


# --- 10


@behaviour(10)
@pytest.mark.parametrize(
    ("lang", "said", "read_back", "included"),
    [
        (ZH, "想捏捏脚", "足部按摩", "泡脚"),
        (ZH, "腰疼，按一按", "全身推拿", "从头到脚"),
        (EN, "something for my tired feet", "Foot massage", "soak"),
        (EN, "I need a top to bottom clean", "Deep clean", "limescale"),
    ],
)
def test_loose_words_for_a_service_are_read_back_with_what_it_includes(
    w: World, lang: str, said: str, read_back: str, included: str
) -> None:
    person = w.person(lang=lang)
    person.say(said)

    came = sees(person, read_back, included)
    assert came.index(read_back) < came.index(included)
    assert w.orders() == ()


# --- 11


@behaviour(11)
@BOTH
def test_three_misses_give_reason_and_example_then_fewer_choices_then_a_person(w: World, lang: str) -> None:
    person = w.person(lang=lang)
    person.say("我想预约" if lang == ZH else "I'd like to book")
    all_of_them = choices(person)
    misses = []
    for nonsense in ("叽里咕噜", "哇啦哇啦", "呜里哇啦") if lang == ZH else ("blurgh", "frobnitz", "quxly"):
        person.say(nonsense)
        misses.append((question(person).text, choices(person)))

    assert "比如" in misses[0][0] if lang == ZH else "e.g." in misses[0][0]
    assert misses[0][1] == all_of_them
    assert len(misses[1][1]) < len(all_of_them)
    assert "同事" in misses[2][0] if lang == ZH else "colleague" in misses[2][0]
    assert WAYS_OUT[lang][2] in person.buttons


@behaviour(11)
@pytest.mark.parametrize(
    ("told", "wrong", "why"),
    [
        (2, "啊啊啊", "望京花园 3 号楼 1201"),
        (4, "12345", "13800138000"),
        (4, "1380013800", "号码不太对"),
    ],
)
def test_a_wrong_answer_changes_nothing_and_shows_what_a_right_one_looks_like(
    w: World, told: int, wrong: str, why: str
) -> None:
    person = w.person()
    for said in STEPS[ZH][:told]:
        person.say(said)
    asked = question(person).text
    for _ in range(2):
        person.say(wrong)
        sees(person, why, asked.splitlines()[-1])
    for said in STEPS[ZH][told:]:
        person.say(said)

    sees(person, PLEASE_CHECK[ZH], "90 分钟 · 王师傅", "11月22日 周日 15:00–16:30", "桐梓苑", "138****8001")


# --- 12


@behaviour(12)
@BOTH
def test_a_time_somebody_else_has_just_taken_is_cleared_and_three_at_most_are_offered(w: World, lang: str) -> None:
    slow, quick = newcomer_at_the_summary(w, lang), w.person(name="quick")
    w.advance(minutes=6)  # what was held for the slow one has lapsed
    for said in (*STEPS[ZH][:-1], "13900139001", "好的"):
        quick.say(said)
    [taken] = orders_of(w, quick)

    slow.say(YES[lang])
    sees(slow, "约走了" if lang == ZH else "has already been taken")
    offered = choices(slow)
    tomorrow, wang = ("明天", "王师傅") if lang == ZH else ("Tomorrow", "Wang")
    assert 1 <= len(offered) <= 3
    assert any(wang in label and "15:00" not in label for label in offered), "the same person at another time"
    assert any(f"{tomorrow} 15:00" in label and wang not in label for label in offered), "somebody else at the same"
    assert not any(f"{tomorrow} 15:00" in label and wang in label for label in offered)

    for _ in range(2):
        slow.say(YES[lang])
        assert orders_of(w, slow) == []
    slow.press(offered[0])
    sees(slow, PLEASE_CHECK[lang])
    slow.say(YES[lang])
    [mine] = orders_of(w, slow)
    assert (at_wall(mine), mine.technician) != (at_wall(taken), taken.technician)


@behaviour(12)
def test_of_two_who_choose_the_same_time_from_the_same_list_one_gets_it(w: World) -> None:
    first, second = w.person(name="first"), w.person(name="second")
    for person in (first, second):
        for said in STEPS[ZH][:3]:
            person.say(said)
        assert any("王师傅" in label for label in choices(person))
    first.press("王师傅")
    second.press("王师傅")

    sees(second, "约走了")
    does_not_see(second, "手机号")
    for person, phone in ((first, "13800138001"), (second, "13900139001")):
        person.say(phone)
        person.say("好的")
    assert len(w.orders()) == 1
    assert orders_of(w, first) == list(w.orders())


# --- 13


@behaviour(13)
@BOTH
def test_what_could_not_be_checked_is_never_called_full(w: World, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    person = w.person(lang=lang)
    for said in STEPS[lang][:2]:
        person.say(said)
    with monkeypatch.context() as slow:
        slow.setattr(board, "_BUDGET_SECONDS", -1.0)  # every search takes too long
        person.say(STEPS[lang][2])
        sees(person, "不是约满了" if lang == ZH else "does not mean we are full")
        assert w.orders() == ()

    person.press("再查一次" if lang == ZH else "Check again")
    does_not_see(person, "不是约满了" if lang == ZH else "does not mean we are full")
    for said in (*STEPS[lang][3:], YES[lang]):
        person.say(said)
    assert only_order(w).total_minor == 26300
