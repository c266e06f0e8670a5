"""Confirming and money (25-30): one summary, one yes to exactly that, and never a surprise in money."""

import re
from datetime import timedelta
from typing import Any

import pytest

from core import settings
from core.orders import placing
from menling.rehearsal import World
from tests.behaviours.scene import (
    BOTH,
    EN,
    NOW,
    PLEASE_CHECK,
    STEPS,
    TOTAL,
    YES,
    ZH,
    accepted,
    at_the_summary,
    at_wall,
    behaviour,
    choices,
    departed,
    newcomer_at_the_summary,
    only_order,
    orders_of,
    paid,
    question,
    seen,
    sees,
    to_pay,
)

# --- 25

_FACTS = {
    ZH: (
        "肩颈舒缓 90 分钟",
        "王师傅",
        "11月22日 周日 15:00–16:30",
        "桐梓苑 3 栋 502",
        "138****8001",
        "服务 ¥268",
        "车费 ¥15",
        "新客券",
        "¥20",
        "¥263",
        "出发前取消全额退",
    ),
    EN: (
        "Neck and shoulder massage, 90 min",
        "with Wang",
        "Sun 22 Nov, 15:00–16:30",
        "Tongzi Court, Block 3, 502",
        "447****0123",
        "Service ¥268",
        "travel ¥15",
        "new customer offer",
        "¥20",
        "¥263",
        "Free to cancel until",
    ),
}


@behaviour(25)
@BOTH
def test_the_summary_says_every_fact_once_and_nothing_is_booked_yet(w: World, lang: str) -> None:
    person = newcomer_at_the_summary(w, lang)

    text = question(person).text
    for fact in _FACTS[lang]:
        assert text.count(fact) == 1, f"{fact}: {text.count(fact)} times in\n{text}"
    assert w.orders() == ()


@behaviour(25)
def test_a_night_visit_shows_its_night_fee_on_a_line_of_its_own(w: World) -> None:
    person = at_the_summary(w, said="明天晚上十点肩颈按摩60分钟周师傅在家")
    sees(person, "夜间费")
    parts = re.search(r"服务 ¥(\d+) \+ 车费 ¥(\d+) \+ 夜间费 ¥(\d+) − 新客券 ¥(\d+) = ¥(\d+)", seen(person))
    assert parts is not None, seen(person)
    base, fare, night, coupon, total = (int(part) for part in parts.groups())
    assert base + fare + night - coupon == total
    person.say("好的")
    assert only_order(w).total_minor == total * 100


@behaviour(25)
@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (ZH, "嗯，我再想想"),
        (ZH, "好像不对"),
        (ZH, "好的，改成四点"),
        (ZH, "好贵啊"),
        (EN, "hmm, let me think"),
        (EN, "yes, but make it 4pm"),
        (EN, "is that okay for Wang?"),
    ],
)
def test_only_an_explicit_yes_commits(w: World, lang: str, said: str) -> None:
    person = at_the_summary(w, lang)
    person.say(said)

    assert person.replies
    assert w.orders() == ()


@behaviour(25)
@pytest.mark.parametrize(
    ("lang", "said"), [(ZH, "确认"), (ZH, "可以，下单吧"), (ZH, "没问题"), (EN, "yes"), (EN, "looks good, go ahead")]
)
def test_people_say_yes_in_many_ways(w: World, lang: str, said: str) -> None:
    person = at_the_summary(w, lang)
    person.say(said)

    assert only_order(w).total_minor == TOTAL[lang]


# --- 26


@behaviour(26)
@BOTH
def test_a_yes_after_the_summary_was_left_for_another_question_confirms_nothing(w: World, lang: str) -> None:
    person = at_the_summary(w, lang)
    person.press("改时间" if lang == ZH else "Change time")
    for _ in range(2):
        person.say(YES[lang])
        assert w.orders() == ()

    person.press(choices(person)[0])
    sees(person, PLEASE_CHECK[lang])
    person.say(YES[lang])
    assert only_order(w).state == "to_pay"


@behaviour(26)
@BOTH
def test_a_late_yes_to_a_summary_whose_time_has_gone_asks_again(w: World, lang: str) -> None:
    person = at_the_summary(w, lang)
    w.advance(hours=30)
    person.say(YES[lang])

    assert w.orders() == ()
    sees(person, "已经过了" if lang == ZH else "already passed")


@behaviour(26)
@BOTH
def test_a_yes_out_of_nowhere_does_nothing(w: World, lang: str) -> None:
    person = w.person(lang=lang)
    person.say(YES[lang])

    assert person.replies
    assert w.orders() == ()


@behaviour(26)
@BOTH
def test_the_yes_counts_for_the_summary_as_it_was_corrected(w: World, lang: str) -> None:
    person = at_the_summary(w, lang)
    person.say("改成四点吧" if lang == ZH else "no, 4pm")
    person.say(YES[lang])

    assert at_wall(only_order(w)) == "11-22 16:00"


# --- 27


@behaviour(27)
@BOTH
def test_what_was_shown_is_what_is_charged_and_received(w: World, lang: str) -> None:
    person = at_the_summary(w, lang)
    shown = f"¥{TOTAL[lang] // 100}"
    sees(person, shown)
    person.say(YES[lang])
    sees(person, shown)
    person.pay()

    sees(person, shown)
    assert only_order(w).total_minor == TOTAL[lang]


@behaviour(27)
@BOTH
def test_a_price_that_changed_meanwhile_makes_a_new_summary(w: World, lang: str) -> None:
    person = at_the_summary(w, lang)
    w.run(lambda tx: settings.change(tx, "fare_base_minor", 1600, w.now))
    person.say(YES[lang])

    assert w.orders() == ()
    dearer = TOTAL[lang] + 1000
    sees(person, "价格" if lang == ZH else "price", PLEASE_CHECK[lang], f"¥{dearer // 100}")
    person.say(YES[lang])
    assert only_order(w).total_minor == dearer


# --- 28


@behaviour(28)
@BOTH
def test_success_names_the_order_its_link_and_until_when_it_is_kept(w: World, lang: str) -> None:
    person = to_pay(w, lang)

    code = only_order(w).code
    sees(person, code, "10:15")
    [link] = question(person).links
    assert "/pay/" in link.url
    person.pay()
    sees(person, "收到" if lang == ZH else "received")


@behaviour(28)
def test_success_is_never_said_before_it_is_stored(door: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with World(now=NOW, door=door) as w:
        person = at_the_summary(w)
        with monkeypatch.context() as broken:
            broken.setattr(placing, "place", _fails)
            person.say("好的")
            sees(person, "抱歉")
            assert "/pay/" not in str([reply.links for reply in person.replies])
            assert w.orders() == ()
        person.say("好的")

        order = only_order(w)
        sees(person, order.code)
        assert order.state == "to_pay"


def _fails(*_: Any, **__: Any) -> Any:
    raise RuntimeError("the disk is full")


@behaviour(28)
@BOTH
def test_one_nudge_before_the_deadline_then_the_time_is_freed_and_one_tap_revives_it(w: World, lang: str) -> None:
    person = to_pay(w, lang)
    code = only_order(w).code
    w.advance(minutes=11)
    assert seen(person).count(code) == 1
    w.advance(minutes=2)
    assert person.replies == []
    w.advance(minutes=4)
    assert only_order(w).state == "expired"
    sees(person, code)

    other = w.person(name="other")
    for said in STEPS[ZH][:3]:
        other.say(said)
    assert any("王师傅" in label for label in choices(other)), "his time is free for others"
    person.press("重新下单" if lang == ZH else "Book it again")
    assert only_order(w).state == "to_pay"
    person.pay()
    assert only_order(w).state == "to_accept"


@behaviour(28)
@BOTH
def test_reviving_what_somebody_else_has_taken_says_so(w: World, lang: str) -> None:
    person = to_pay(w, lang)
    w.advance(minutes=16)
    other = w.person(name="other")
    for said in (*STEPS[ZH], "好的"):
        other.say(said)
    person.press("重新下单" if lang == ZH else "Book it again")

    sees(person, "约走" if lang == ZH else "taken")
    assert [order.state for order in orders_of(w, person)] == ["expired"]


# --- 29


@behaviour(29)
@BOTH
def test_paid_twice_is_returned_once_and_said(w: World, lang: str) -> None:
    person = to_pay(w, lang)
    person.pay(manner="twice")

    assert only_order(w).state == "to_accept"
    sees(person, "已退回" if lang == ZH else "back", f"¥{TOTAL[lang] // 100}")


@behaviour(29)
def test_a_notice_sent_three_times_counts_once(w: World) -> None:
    person = to_pay(w)
    person.pay(manner="repeated")

    assert only_order(w).state == "to_accept"
    assert seen(person).count("收到 ¥263") == 1


@behaviour(29)
@BOTH
def test_money_that_comes_after_the_deadline_revives_the_order_when_its_time_is_free(w: World, lang: str) -> None:
    person = to_pay(w, lang)
    person.pay(manner="late")
    assert only_order(w).state == "to_pay"
    w.advance(minutes=20)

    assert only_order(w).state == "to_accept"
    sees(person, only_order(w).code, "恢复" if lang == ZH else "stands")


@behaviour(29)
@BOTH
def test_money_that_comes_after_somebody_else_has_the_time_is_refunded_and_said(w: World, lang: str) -> None:
    person, other = to_pay(w, lang), w.person(name="other")
    person.pay(manner="late")
    w.clock.move(w.now + timedelta(minutes=16))  # the order lapses before the provider's notice comes
    for said in (*STEPS[ZH], "好的"):
        other.say(said)
    assert [order.state for order in orders_of(w, person, other)] == ["expired", "to_pay"]
    w.advance(minutes=1)

    assert orders_of(w, person)[0].state == "expired"
    sees(person, f"¥{TOTAL[lang] // 100}", "退" if lang == ZH else "returned")


@behaviour(29)
@BOTH
def test_money_for_an_order_cancelled_meanwhile_goes_back_and_is_said(w: World, lang: str) -> None:
    person = to_pay(w, lang)
    person.pay(manner="late")
    person.say("取消订单" if lang == ZH else "cancel my order")
    person.press("确认取消" if lang == ZH else "Yes, cancel it")
    assert only_order(w).state == "cancelled"
    w.advance(minutes=2)

    assert only_order(w).state == "cancelled"
    sees(person, f"¥{TOTAL[lang] // 100}", "退" if lang == ZH else "returned")


# --- 30


@behaviour(30)
@BOTH
def test_cancelling_on_the_way_says_what_is_kept_and_what_comes_back_before_the_yes(w: World, lang: str) -> None:
    person, _ = departed(w, lang)
    person.say("取消" if lang == ZH else "cancel my booking")
    fare = 15 if lang == ZH else 18
    back = TOTAL[lang] // 100 - fare - 30

    sees(person, f"¥{fare + 30}", f"¥{back}")
    assert only_order(w).state == "departed"
    person.press("确认取消" if lang == ZH else "Yes, cancel it")
    assert only_order(w).state == "cancelled"
    sees(person, f"¥{back}")


@behaviour(30)
@BOTH
def test_a_consequence_that_changed_before_the_yes_is_shown_again(w: World, lang: str) -> None:
    person, wang = accepted(w, lang)
    w.at(only_order(w).starts_at - timedelta(minutes=40))
    person.say("取消" if lang == ZH else "cancel my booking")
    sees(person, f"¥{TOTAL[lang] // 100}")
    wang.press("我出发了")
    person.press("确认取消" if lang == ZH else "Yes, cancel it")

    assert only_order(w).state == "departed"
    sees(person, f"¥{45 if lang == ZH else 48}")
    person.press("确认取消" if lang == ZH else "Yes, cancel it")
    assert only_order(w).state == "cancelled"


@behaviour(30)
@BOTH
def test_another_time_shows_that_the_price_stays_before_the_yes(w: World, lang: str) -> None:
    person, _ = paid(w, lang)
    person.say("把订单改到后天下午四点" if lang == ZH else "move my booking to Monday at 4pm")

    sees(person, "16:00", "价格不变" if lang == ZH else "price stays")
    assert at_wall(only_order(w)) == "11-22 15:00"
    person.say(YES[lang])
    assert at_wall(only_order(w)) == "11-23 16:00"
    assert only_order(w).total_minor == TOTAL[lang]
