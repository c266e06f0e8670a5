"""The summary, the yes to it, and money before any yes that costs."""

from datetime import timedelta

import pytest

from core import settings
from tests.dialogs.chat import World
from tests.dialogs.words import WORDS

ZH, EN = "zh-Hans", "en"
BOTH = pytest.mark.parametrize("lang", [ZH, EN])


@BOTH
def test_the_summary_holds_every_fact_that_matters_once(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.books_to_summary()
    facts = {
        ZH: [
            "肩颈舒缓",
            "90 分钟",
            "王师傅",
            "11月22日 周日",
            "15:00–16:30",
            "望京花园 3 号楼 1201",
            "138****8000",
            "服务 ¥268",
            "车费 ¥15",
            "新客券 −¥20",
            "¥263",
            "出发前取消全额退",
        ],
        EN: [
            "Neck and shoulder massage",
            "90 min",
            "with Wang",
            "Sun 22 Nov",
            "15:00–16:30",
            "Wangjing Garden, Block 3, 1201",
            "447****0123",
            "Service ¥268",
            "travel ¥15",
            "new customer offer −¥20",
            "¥263",
            "Free to cancel until",
        ],
    }
    for fact in facts[lang]:
        shown = fact.replace("−¥", "¥")
        assert chat.text.count(shown) == 1, f"{shown}\n{chat.text}"


@BOTH
def test_what_was_shown_is_what_is_charged(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    order = chat.books()

    assert order.total_minor == order.quote.total_minor == 26300
    chat.sees("¥263")
    url = next(button.url for button in chat.buttons if button.url)
    assert url.startswith("http://127.0.0.1:8000/pay/")


@BOTH
def test_a_price_that_changed_after_the_summary_needs_a_new_yes(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.books_to_summary()
    world.run(lambda tx: settings.change(tx, "fare_base_minor", 1600, world.now))
    chat.says(WORDS[lang]["yes"])

    assert chat.orders == []
    chat.sees("价格刚刚有变动" if lang == ZH else "price has just changed", "¥273")
    chat.says(WORDS[lang]["yes"])
    assert chat.order.total_minor == 27300


@BOTH
def test_a_yes_with_something_else_in_it_is_not_a_yes(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.books_to_summary()
    chat.says("好的，改成四点" if lang == ZH else "yes, but make it 4pm")

    assert chat.orders == []
    assert chat.start == "11-22 16:00"
    assert chat.asking == "*summary*"


@BOTH
def test_the_yes_that_follows_an_answered_question_still_counts_for_the_summary_shown_with_it(
    world: World, lang: str
) -> None:
    chat = world.chat("lin", lang)
    chat.books_to_summary()
    chat.says("会带精油吗？" if lang == ZH else "do you bring oil?")
    chat.sees("¥263")
    chat.says(WORDS[lang]["yes"])

    assert chat.order.total_minor == 26300


@BOTH
def test_an_order_not_paid_in_time_frees_its_time_and_one_tap_revives_it(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.books()
    world.later(minutes=10, seconds=1)
    chat.sees("还没付款" if lang == ZH else "still to be paid", "10:15")
    nudges = len(chat.received)
    world.later(minutes=2)
    assert len(chat.received) == nudges

    world.later(minutes=4)
    assert chat.order.state == "expired"
    chat.sees("没有按时付款" if lang == ZH else "wasn't paid in time")
    chat.presses("重新下单" if lang == ZH else "Book it again")
    assert chat.order.state == "to_pay"
    chat.sees("¥263")
    chat.pays()
    assert chat.order.state == "to_accept"
    world.settled()


@BOTH
def test_reviving_when_somebody_else_has_the_time_says_so(world: World, lang: str) -> None:
    chat, other = world.chat("lin", lang), world.chat("other", lang)
    chat.books()
    world.later(minutes=16)
    other.books(phone="13900139000")
    chat.presses("重新下单" if lang == ZH else "Book it again")

    chat.sees("约走了" if lang == ZH else "has already been taken")
    assert chat.order.state == "expired"
    world.settled()


@BOTH
def test_cancelling_says_the_consequence_and_does_it_only_on_yes(world: World, lang: str) -> None:
    chat, wang = world.chat("lin", lang), world.technician("wang")
    chat.books()
    chat.pays()
    wang.presses("接单")
    world.deliver()
    world.at(chat.order.starts_at - timedelta(minutes=40))
    wang.presses("我出发了")
    world.deliver()
    chat.says("取消" if lang == ZH else "cancel my booking")

    chat.sees("扣车费和补偿共 ¥45" if lang == ZH else "¥45 is kept", "¥218")
    chat.presses("保留订单" if lang == ZH else "Keep it")
    assert chat.order.state == "departed"
    assert chat.flow is None

    chat.says("取消" if lang == ZH else "cancel my booking")
    chat.presses("确认取消" if lang == ZH else "Yes, cancel it")
    assert chat.order.state == "cancelled"
    chat.sees("¥218")
    world.settled()


@BOTH
def test_a_consequence_that_changed_before_the_yes_is_shown_again(world: World, lang: str) -> None:
    chat, wang = world.chat("lin", lang), world.technician("wang")
    chat.books()
    chat.pays()
    wang.presses("接单")
    world.deliver()
    world.now = chat.order.starts_at - timedelta(minutes=40)
    chat.says("取消" if lang == ZH else "cancel my booking")
    chat.sees("全额退" if lang == ZH else "full refund")
    wang.presses("我出发了")
    chat.presses("确认取消" if lang == ZH else "Yes, cancel it")

    chat.sees("情况刚刚有变化" if lang == ZH else "Things have just changed", "¥218")
    assert chat.order.state == "departed"
    chat.presses("确认取消" if lang == ZH else "Yes, cancel it")
    assert chat.order.state == "cancelled"


@BOTH
def test_which_order_is_asked_when_there_are_two_and_a_code_answers(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    first = chat.books()
    chat.says("后天下午两点约王师傅足疗60分钟" if lang == ZH else "a 60 minute foot massage with Wang on Monday at 2pm")
    chat.says(WORDS[lang]["yes"])
    assert len(chat.orders) == 2
    chat.says("取消订单" if lang == ZH else "cancel my booking")
    assert chat.asking == "order"

    chat.says("M7K2QX")
    chat.sees("没有找到这个订单号" if lang == ZH else "couldn't find that order")
    chat.says(first.code.lower())
    assert chat.asking == "*summary*"
    chat.sees(first.code)
    chat.says("确认" if lang == ZH else "yes")
    assert [order.state for order in chat.orders] == ["cancelled", "to_pay"]
