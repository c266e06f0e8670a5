"""What people say in passing: a trade alone, another trade's work, money after a cancel, a job taken in own words."""

import pytest

from core.orders.states import OrderState
from tests.dialogs.chat import World
from tests.dialogs.steps import EN, ZH, accepted, finished, in_english, paid

BOTH = pytest.mark.parametrize("lang", [ZH, EN])


@pytest.mark.parametrize("said", ["按摩", "维修", "massage", "beauty", "a massage"])
def test_a_trade_alone_opens_the_choice_of_its_services(world: World, said: str) -> None:
    chat = world.chat("lin", EN if said.isascii() else ZH)
    chat.says(said)

    assert (chat.flow, chat.asking) == ("book", "service")


@pytest.mark.parametrize(
    "said", ["剪头发", "修冰箱", "遛狗", "月嫂有吗", "a haircut", "can you fix my laptop", "dog grooming", "babysitter"]
)
def test_other_trades_work_is_turned_down_and_ours_named(world: World, said: str) -> None:
    lang = EN if said.isascii() else ZH
    chat = in_english(world.chat("lin", lang), lang)
    chat.says(said)

    chat.sees("暂时没有" if lang == ZH else "we don't do that")
    assert chat.flow is None


def test_another_trade_s_work_leaves_a_running_booking_as_it_is(world: World) -> None:
    chat = in_english(world.chat("lin"), EN)
    chat.says("neck massage tomorrow 3pm")
    asked, known = chat.asking, dict(chat.values)
    chat.says("a haircut")

    chat.sees("we don't do that")
    assert (chat.asking, chat.values) == (asked, known)


@BOTH
def test_money_of_a_cancelled_order_is_told_and_not_denied(world: World, lang: str) -> None:
    chat, _ = paid(world, lang)
    code = chat.order.code
    chat.says("取消订单" if lang == ZH else "cancel my order")
    chat.presses("确认取消" if lang == ZH else "Yes, cancel it")
    chat.says("我的钱退了吗" if lang == ZH else "do I get my money back")

    chat.sees(code, "退" if lang == ZH else "the way you paid")


@pytest.mark.parametrize(("said", "state"), [
    ("这单要得", OrderState.ACCEPTED), ("yeah i'll take it", OrderState.ACCEPTED),
    ("no wait I can", OrderState.ACCEPTED),
    ("能不能晚点接", OrderState.TO_ACCEPT), ("可以但是晚一点", OrderState.TO_ACCEPT),
    ("不想去", OrderState.UNDECIDED), ("时间不合适", OrderState.UNDECIDED), ("can't make it", OrderState.UNDECIDED),
])  # fmt: skip
def test_a_technician_answers_an_offer_in_their_own_words(world: World, said: str, state: OrderState) -> None:
    chat, wang = paid(world, ZH)
    wang.says(said)

    assert chat.order.state is state


@BOTH
def test_help_in_an_emergency_is_no_way_back_to_the_bot(world: World, lang: str) -> None:
    chat = in_english(world.chat("lin", lang), lang)
    chat.says("师傅摸我，救命" if lang == ZH else "the masseur touched me and won't leave")
    chat.says("帮助" if lang == ZH else "help")

    chat.does_not_see("又是我" if lang == ZH else "it's me again")


@BOTH
def test_a_well_ended_visit_is_confirmed_in_words(world: World, lang: str) -> None:
    chat, _ = finished(world, lang)
    chat.says("没问题 谢谢师傅" if lang == ZH else "all good thanks")

    assert chat.order.state is OrderState.CONFIRMED


@BOTH
@pytest.mark.parametrize("said", ["still", "but"])
def test_a_complaint_confirms_nothing(world: World, lang: str, said: str) -> None:
    chat, _ = finished(world, lang)
    words = {
        "still": ("还没做完", "not all done yet"),
        "but": ("挺好的，不过少做了半小时", "fine but half an hour short"),
    }[said]
    chat.says(words[lang == EN])

    assert chat.order.state is OrderState.FINISHED


@BOTH
def test_stars_and_words_of_a_review_told_at_once_are_kept(world: World, lang: str) -> None:
    chat, _ = finished(world, lang)
    chat.says("五星好评 手法很好 下次还找他" if lang == ZH else "5 stars, great hands")

    assert chat.values["overall"] == 5
    assert chat.values["words"] == ("手法很好 下次还找他" if lang == ZH else "great hands")


def test_a_delay_the_day_before_is_not_told_as_one_on_the_road(world: World) -> None:
    chat, wang = accepted(world, ZH)
    wang.says("晚到十分钟")
    world.deliver()

    chat.does_not_see("会晚 10 分钟")
