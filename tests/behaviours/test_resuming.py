"""Leaving, coming back, old taps and bursts (19-24): the conversation never loses its place."""

import pytest
from sqlalchemy import bindparam, update

from core import people
from core.conversations.place import STATE_PURPOSE
from core.conversations.tables import conversation
from core.db import Tx
from menling.rehearsal import World
from tests.behaviours.scene import (
    BOTH,
    PLEASE_CHECK,
    STEPS,
    WAYS_OUT,
    YES,
    ZH,
    accepted,
    at_the_summary,
    at_wall,
    behaviour,
    choices,
    does_not_see,
    newcomer_at_the_summary,
    only_order,
    orders_of,
    paid,
    question,
    seen,
    sees,
)

_overwrite = (
    update(conversation)
    .where(conversation.c.person_id == bindparam("b_person"))
    .values(state_sealed=bindparam("state_sealed"))
)

# --- 19


@behaviour(19)
@BOTH
def test_dropping_an_unfinished_booking_frees_its_time_and_says_so(w: World, lang: str) -> None:
    person, other = newcomer_at_the_summary(w, lang), w.person(name="other")
    person.say(WAYS_OUT[lang][1])
    sees(person, "放开" if lang == ZH else "let the time go")

    for said in (*STEPS[ZH][:-1], "13900139001", "好的"):
        other.say(said)
    assert at_wall(only_order(w)) == "11-22 15:00"
    # and the newcomer's coupon is still there for the next time
    for said in STEPS[lang]:
        person.say(said.replace("三点", "五点").replace("3pm", "5pm"))
    sees(person, "新客券" if lang == ZH else "new customer offer")


@behaviour(19)
@BOTH
def test_cancelling_what_is_paid_shows_the_refund_before_anything_happens(w: World, lang: str) -> None:
    person, _ = paid(w, lang)
    person.say("取消" if lang == ZH else "cancel")

    sees(person, f"¥{only_order(w).total_minor // 100}")
    assert only_order(w).state == "to_accept"
    person.press("保留订单" if lang == ZH else "Keep it")
    assert only_order(w).state == "to_accept"


@behaviour(19)
@pytest.mark.parametrize("said", ["不取消", "还是不取消了", "算了不取消了", "don't cancel it"])
def test_a_cancel_that_is_denied_opens_nothing(w: World, said: str) -> None:
    person, _ = paid(w)
    person.say(said)
    does_not_see(person, "确认取消", "Yes, cancel it")
    for word in ("好了", "是"):
        person.say(word)

    assert only_order(w).state == "to_accept"


# --- 20


@behaviour(20)
@BOTH
def test_within_the_hold_one_goes_on_at_the_same_step(w: World, lang: str) -> None:
    person = newcomer_at_the_summary(w, lang)
    w.advance(minutes=4)
    person.say("会带精油吗？" if lang == ZH else "do you bring oil?")
    does_not_see(person, "又给您留上了" if lang == ZH else "held for you again")
    person.say(YES[lang])

    assert at_wall(only_order(w)) == "11-22 15:00"


@behaviour(20)
@BOTH
def test_after_the_hold_all_but_the_time_is_kept_and_the_lapse_is_said(w: World, lang: str) -> None:
    person, other = newcomer_at_the_summary(w, lang), w.person(name="other")
    w.advance(minutes=20)
    for said in (*STEPS[ZH][:-1], "13900139001", "好的"):
        other.say(said)
    person.say("在吗" if lang == ZH else "hello?")

    sees(person, "约走" if lang == ZH else "taken")
    assert orders_of(w, person) == []
    person.press(choices(person)[0])
    sees(person, PLEASE_CHECK[lang], "90", "138****8001" if lang == ZH else "447****0123")
    does_not_see(person, "15:00–16:30\n王师傅")


@behaviour(20)
@BOTH
def test_a_time_that_is_still_free_after_the_hold_is_held_again_and_said(w: World, lang: str) -> None:
    person = newcomer_at_the_summary(w, lang)
    w.advance(minutes=20)
    person.say("重复一遍" if lang == ZH else "say that again")

    sees(person, "又给您留上了" if lang == ZH else "held for you again", "15:00–16:30")
    person.say(YES[lang])
    assert at_wall(only_order(w)) == "11-22 15:00"


@behaviour(20)
def test_the_next_day_the_chosen_time_has_passed_and_everything_else_stands(w: World) -> None:
    person = newcomer_at_the_summary(w)
    w.advance(hours=30)
    person.say("你好")

    sees(person, "已经过了")
    person.press(choices(person)[0])
    sees(person, PLEASE_CHECK[ZH], "90 分钟 · 王师傅", "桐梓苑", "138****8001")


# --- 21


@behaviour(21)
@BOTH
def test_a_restart_after_every_turn_goes_unnoticed(w: World, lang: str) -> None:
    person = w.person(lang=lang)
    for said in STEPS[lang]:
        person.say(said)
        offered = choices(person)
        w.restart()
        person.say("重复一遍" if lang == ZH else "say that again")
        assert choices(person) == offered
        does_not_see(person, "抱歉", "Sorry")
        w.restart()
    person.say(YES[lang])
    w.restart()
    person.pay()

    order = only_order(w)
    assert (order.state, order.option, order.technician) == ("to_accept", "90 分钟", "王师傅")
    assert (at_wall(order), order.total_minor) == ("11-22 15:00", 26300)


@behaviour(21)
def test_a_conversation_of_a_version_that_cannot_be_read_begins_anew_with_an_apology(w: World) -> None:
    person = newcomer_at_the_summary(w)
    me = person.person_id
    w.run(lambda tx: _make_unreadable(tx, me))
    w.restart()
    person.say("好的")

    sees(person, "抱歉")
    assert w.orders() == ()
    for said in (*STEPS[ZH], "好的"):
        person.say(said)
    assert only_order(w).state == "to_pay"


def _make_unreadable(tx: Tx, person_id: int) -> None:
    """What a later version may leave behind: sealed well, and of a shape this one has never seen."""
    sealed = people.key_of(tx, person_id).seal(b'{"version":99,"stack":"elsewhere"}', STATE_PURPOSE)
    tx.execute(_overwrite, {"b_person": person_id, "state_sealed": sealed})


# --- 22


@behaviour(22)
@BOTH
def test_an_old_button_is_answered_with_where_one_is_now(w: World, lang: str) -> None:
    person = w.person(lang=lang)
    person.say(STEPS[lang][0])
    for said in STEPS[lang][1:3]:
        person.say(said)
    now_open = question(person).text.splitlines()[-1]
    person.press("60")

    sees(person, "过期" if lang == ZH else "out of date", now_open)
    for said in STEPS[lang][3:]:
        person.say(said)
    sees(person, "90")


@behaviour(22)
@BOTH
def test_confirm_pressed_twice_makes_one_order(w: World, lang: str) -> None:
    person = at_the_summary(w, lang)
    confirm = "确认下单" if lang == ZH else "Confirm"
    person.press(confirm)
    person.press(confirm)

    assert person.replies
    assert only_order(w).state == "to_pay"


@behaviour(22)
def test_the_confirm_of_an_older_summary_buys_nothing(w: World) -> None:
    person = at_the_summary(w)
    person.say("改成四点吧")
    person.press("确认下单", ago=1)
    sees(person, "过期", "16:00–17:30")
    assert w.orders() == ()

    person.press("确认下单")
    assert at_wall(only_order(w)) == "11-22 16:00"


@behaviour(22)
def test_an_accept_pressed_twice_is_accepted_once_and_shows_how_the_visit_stands(w: World) -> None:
    person, wang = accepted(w)
    wang.press("接单")

    sees(wang, only_order(w).code)
    assert only_order(w).state == "accepted"
    assert seen(person).count("接单了") <= 1


@behaviour(22)
def test_an_offer_of_an_order_cancelled_meanwhile_says_so(w: World) -> None:
    person, wang = paid(w)
    person.say("取消")
    person.press("确认取消")
    wang.press("接单")

    assert wang.replies
    does_not_see(wang, "望京花园", "138")
    assert only_order(w).state == "cancelled"


# --- 23


@behaviour(23)
@BOTH
def test_ten_messages_at_once_come_to_what_ten_slow_ones_do(w: World, lang: str) -> None:
    fast = w.person(lang=lang)
    told = [*STEPS[lang], "会带精油吗？", "重复一遍"] if lang == ZH else [*STEPS[lang], "do you bring oil?", "repeat"]
    w.burst(fast, [*told, "改成四点吧" if lang == ZH else "no, 4pm"])
    fast.say("重复一遍" if lang == ZH else "say that again")

    sees(fast, PLEASE_CHECK[lang], "16:00–17:30", "90")
    fast.say(YES[lang])
    assert at_wall(only_order(w)) == "11-22 16:00"


@behaviour(23)
def test_the_platform_sending_an_update_again_does_nothing_again(w: World) -> None:
    person = at_the_summary(w)
    person.say("好的")
    before = w.orders()
    for _ in range(3):
        person.redeliver()

    assert w.orders() == before


@behaviour(23)
def test_yes_sent_five_times_at_once_buys_once(w: World) -> None:
    person = at_the_summary(w)
    w.burst(person, ["好的"] * 5)

    assert only_order(w).state == "to_pay"


# --- 24


@behaviour(24)
@BOTH
def test_repeat_puts_the_last_question_again_and_help_says_what_is_possible(w: World, lang: str) -> None:
    person = w.person(lang=lang)
    for said in STEPS[lang]:
        person.say(said)
        asked, offered = question(person).text.splitlines()[-1], choices(person)
        person.say("重复一遍" if lang == ZH else "say that again")
        sees(person, asked)
        assert choices(person) == offered

        person.say("帮助" if lang == ZH else "help")
        sees(person, *(("预约", "返回", "取消", "人工") if lang == ZH else ("booking", "back", "cancel", "human")))
        assert choices(person) == offered


@behaviour(24)
@BOTH
def test_help_with_nothing_begun_says_what_can_be_begun(w: World, lang: str) -> None:
    person = w.person(lang=lang)
    person.say("帮助" if lang == ZH else "help")

    assert len(choices(person)) >= 3
    sees(person, "预约" if lang == ZH else "Book")
