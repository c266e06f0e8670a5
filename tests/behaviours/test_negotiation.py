"""Negotiation between several people (31-35): who has to say yes, and what stands until they have."""

from datetime import timedelta

import pytest

from core.dispatch import offers_of, refusal_words
from menling.rehearsal import Person, World
from tests.behaviours.scene import (
    BOTH,
    EN,
    STEPS,
    TOTAL,
    ZH,
    accepted,
    at_the_summary,
    at_wall,
    behaviour,
    choices,
    does_not_see,
    only_order,
    paid,
    seen,
    sees,
)

LATER = {ZH: "把明天的改到后天下午四点", EN: "move my booking to Monday at 4pm"}
MOVE_IT = {ZH: "就这样改", EN: "Change it"}


def asked_to_move(w: World, lang: str = ZH) -> tuple[Person, Person]:
    """A customer who has asked Wang, who had accepted for Sunday 15:00, for Monday 16:00."""
    person, wang = accepted(w, lang)
    person.say(LATER[lang])
    sees(person, "16:00")
    person.press(MOVE_IT[lang])
    return person, wang


# --- 31


@behaviour(31)
@BOTH
def test_a_wish_for_another_time_goes_to_the_other_side_with_yes_no_and_another(w: World, lang: str) -> None:
    person, wang = asked_to_move(w, lang)
    sees(person, only_order(w).code)

    sees(wang, only_order(w).code, "15:00", "16:00")
    assert {"同意", "改不了", "换个时间"} <= set(wang.buttons)


@behaviour(31)
def test_both_read_the_same_status_while_the_answer_is_awaited(w: World) -> None:
    person, wang = asked_to_move(w)
    code = only_order(w).code
    person.say("我的订单")
    if "16:00" not in seen(person):
        person.press(code)
    mine = sees(person, code, "16:00")
    wang.say("周日的单")
    theirs = sees(wang, code, "16:00")

    assert "改期" in mine
    assert "改期" in theirs


@behaviour(31)
@BOTH
def test_a_technician_may_ask_the_customer_for_another_time(w: World, lang: str) -> None:
    person, wang = accepted(w, lang)
    wang.press("要改时间")
    wang.say("后天下午五点")
    if "原因" in seen(wang) or "为什么" in seen(wang):
        wang.press("时间不合适")
    wang.press("发给顾客")

    sees(person, only_order(w).code, "15:00", "17:00")
    assert at_wall(only_order(w)) == "11-22 15:00"
    person.press("同意" if lang == ZH else "Agree")
    assert at_wall(only_order(w)) == "11-23 17:00"
    sees(wang, "17:00")


@behaviour(31)
def test_another_time_proposed_in_answer_is_a_question_to_the_first_who_asked(w: World) -> None:
    person, wang = asked_to_move(w)
    wang.press("换个时间")
    wang.say("后天下午五点")
    if "原因" in seen(wang) or "为什么" in seen(wang):
        wang.press("时间不合适")
    wang.press("发给顾客")

    sees(person, "17:00")
    assert at_wall(only_order(w)) == "11-22 15:00"
    person.press("同意")
    assert at_wall(only_order(w)) == "11-23 17:00"


# --- 32


@behaviour(32)
@BOTH
def test_until_the_yes_the_old_time_stands_and_the_new_one_is_kept(w: World, lang: str) -> None:
    _, wang = asked_to_move(w, lang)
    order = only_order(w)
    assert (order.state, at_wall(order)) == ("accepted", "11-22 15:00")

    other = w.person(name="other")
    for said in ("后天下午四点想约个肩颈按摩，90分钟的", STEPS[ZH][2]):
        other.say(said)
    assert not any("王师傅" in label for label in choices(other)), "the new time is kept for the one who asked"
    wang.press("同意")
    assert at_wall(only_order(w)) == "11-23 16:00"


@behaviour(32)
@BOTH
def test_a_yes_moves_the_visit_frees_the_old_time_and_tells_the_one_who_asked(w: World, lang: str) -> None:
    person, wang = asked_to_move(w, lang)
    wang.press("同意")

    order = only_order(w)
    assert (order.state, at_wall(order), order.total_minor) == ("accepted", "11-23 16:00", TOTAL[lang])
    sees(person, order.code, "16:00")
    other = w.person(name="other")
    for said in ("明天下午三点想约个肩颈按摩，90分钟的", STEPS[ZH][2]):
        other.say(said)
    assert any("王师傅" in label for label in choices(other)), "his old time is free"


@behaviour(32)
@BOTH
def test_a_no_leaves_everything_as_it_was_and_tells_the_one_who_asked(w: World, lang: str) -> None:
    person, wang = asked_to_move(w, lang)
    wang.press("改不了")
    if "原因" in seen(wang):
        wang.press("时间不合适")

    order = only_order(w)
    assert (order.state, at_wall(order)) == ("accepted", "11-22 15:00")
    sees(person, order.code, "15:00")
    other = w.person(name="other")
    for said in ("后天下午四点想约个肩颈按摩，90分钟的", STEPS[ZH][2]):
        other.say(said)
    assert any("王师傅" in label for label in choices(other)), "the time he was asked for is free again"


@behaviour(32)
@BOTH
def test_no_answer_leaves_everything_as_it_was_and_tells_both(w: World, lang: str) -> None:
    person, wang = asked_to_move(w, lang)
    wang.say("看到了")  # WeChat lets us write to who has written, not to who has only tapped
    w.advance(hours=23)

    order = only_order(w)
    assert (order.state, at_wall(order)) == ("accepted", "11-22 15:00")
    sees(person, order.code, "没有改成" if lang == ZH else "stays as it was")
    sees(wang, "同意", "过了答复时间")
    assert len([one for one in wang.replies if order.code in one.text and "同意" in one.buttons]) == 1  # nudged once
    other = w.person(name="other")
    for said in ("11月23日下午四点想约个肩颈按摩，90分钟的", STEPS[ZH][2]):
        other.say(said)
    assert any("王师傅" in label for label in choices(other)), "the time that was asked for is free again"


@behaviour(32)
def test_a_wish_that_is_taken_back_frees_the_new_time_and_tells_the_other(w: World) -> None:
    person, wang = asked_to_move(w)
    person.say("不改了")
    if "撤回" in " ".join(choices(person)):
        person.press("撤回")

    sees(wang, only_order(w).code, "15:00")
    wang.press("同意", ago=0)
    assert at_wall(only_order(w)) == "11-22 15:00"


@behaviour(32)
def test_cancelling_while_a_change_is_open_frees_both_times(w: World) -> None:
    person, _ = asked_to_move(w)
    person.say("取消订单")
    person.press("确认取消")
    assert only_order(w).state == "cancelled"

    other = w.person(name="other")
    for said in ("后天下午四点想约个肩颈按摩，90分钟的", STEPS[ZH][2]):
        other.say(said)
    assert any("王师傅" in label for label in choices(other))
    other.say("不对，明天下午三点")
    assert any("王师傅" in label for label in choices(other))


# --- 33


@behaviour(33)
@BOTH
@pytest.mark.parametrize(("reason", "words"), [("身体不适", None), ("其他", "顾客上次骂人，我不想去")])
def test_a_technicians_reason_is_from_a_list_and_the_customer_reads_neutral_words(
    w: World, lang: str, reason: str, words: str | None
) -> None:
    person, wang = paid(w, lang)
    order = only_order(w)
    wang.press("不接")
    assert {"时间不合适", "太远", "身体不适", "其他"} <= set(wang.buttons)
    wang.press(reason)
    if words is not None:
        wang.say(words)

    came = person.transcript
    for private in ("不适", "骂人", "不想去", "unwell", "太远"):
        assert private not in came
    refused = w.read(lambda tx: [refusal_words(tx, one.id) or one.reason for one in offers_of(tx, order.order_id)])
    assert refused[0] == (words or refused[0])
    assert refused[0]


# --- 35


@behaviour(35)
@BOTH
def test_an_offer_without_an_answer_goes_to_the_next_and_after_the_last_the_customer_chooses(
    w: World, lang: str
) -> None:
    person = at_the_summary(
        w,
        lang,
        "明天下午三点肩颈按摩90分钟在家，谁都行"
        if lang == ZH
        else "tomorrow at 3pm, neck massage, 90 minutes, at home, anyone is fine",
    )
    person.say("好的" if lang == ZH else "yes please")
    person.pay()
    first = only_order(w).technician
    w.advance(minutes=6)
    second = only_order(w).technician
    assert second != first
    assert person.replies
    w.advance(minutes=25)

    assert only_order(w).state == "undecided"
    labels = {ZH: {"再等等，继续找", "换个时间", "退款"}, EN: {"Keep looking", "Another time", "Refund"}}[lang]
    assert labels <= set(person.buttons)


@behaviour(35)
@pytest.mark.parametrize(
    ("choice", "state"), [("再等等", "to_accept"), ("退款", "cancelled"), ("换个时间", "to_accept")]
)
def test_each_of_the_three_choices_does_what_it_says(w: World, choice: str, state: str) -> None:
    person, _ = paid(w)
    total = only_order(w).total_minor
    w.advance(minutes=16)
    assert only_order(w).state == "undecided"
    person.press(choice)
    if choice == "退款":
        sees(person, f"¥{total // 100}")
        person.press("确认取消")
    if choice == "换个时间":
        person.say("李师傅")
        person.say("后天下午四点")
        person.press("就这样改")
        assert at_wall(only_order(w)) == "11-23 16:00"

    assert only_order(w).state == state
    assert only_order(w).total_minor == total


@behaviour(35)
def test_an_answer_that_comes_after_the_next_was_asked_is_told_so(w: World) -> None:
    person, wang = paid(w)
    w.advance(minutes=16)
    wang.press("接单")

    assert only_order(w).state == "undecided"
    does_not_see(wang, "桐梓苑", "望京花园", "138")
    assert wang.replies
    assert person.replies == [] or "接单了" not in seen(person)


@behaviour(32)
def test_a_move_leaves_the_reminders_of_the_new_time_alone(w: World) -> None:
    person, wang = asked_to_move(w)
    wang.press("同意")
    order = only_order(w)
    w.at(order.starts_at - timedelta(hours=26))  # past every reminder of Sunday 15:00
    does_not_see(person, "15:00")
    heard = ""
    for _ in range(26):
        w.advance(hours=1)
        heard += person.text
    assert "16:00" in heard
    assert "15:00" not in heard
