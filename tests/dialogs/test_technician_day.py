"""A technician's day in words: diary, rota, offers; old buttons, reminders, and what the house tells."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core import dispatch, support, technicians
from core.dispatch.tables import offer
from core.orders.cancelling import cancel_by_operator
from core.orders.confirming import is_confirmed
from core.technicians import RotaSpan, WorkingChange, rota_of
from dialogs.incoming import Press
from tests.dialogs.chat import Chat, World
from tests.dialogs.steps import EN, ZH, accepted, in_english, paid

BOTH = pytest.mark.parametrize("lang", [ZH, EN])


def rota(chat: Chat) -> set[tuple[int, int, int]]:
    me = chat.working.id
    found: tuple[RotaSpan, ...] = chat.world.read(lambda tx: rota_of(tx, me))
    return {(one.weekday, one.from_minute, one.to_minute) for one in found}


def reason_on_record(world: World) -> tuple[str, str | None]:
    [row] = world.read(lambda tx: tx.all(select(offer.c.state, offer.c.reason)))
    return row.state, row.reason


@BOTH
def test_a_bare_day_or_week_from_a_technician_is_their_diary(world: World, lang: str) -> None:
    wang = in_english(world.technician("wang"), lang)
    for said, seen in (
        ("周三" if lang == ZH else "Wednesday", "11月25日" if lang == ZH else "25 Nov"),
        ("周三的单" if lang == ZH else "Wednesday's jobs", "11月25日" if lang == ZH else "25 Nov"),
        ("下周" if lang == ZH else "next week", "11月29日" if lang == ZH else "29 Nov"),
        ("我的一周" if lang == ZH else "my week", "11月22日" if lang == ZH else "22 Nov"),
    ):
        wang.says(said)
        wang.sees(seen)
        assert wang.flow is None

    wang.says("周三下午三点想约个肩颈按摩" if lang == ZH else "book a neck massage on Wednesday at 3pm")
    assert wang.flow == "book"


def test_a_customer_s_bare_day_is_no_diary(world: World) -> None:
    chat = world.chat("lin")
    chat.says("周三")

    assert chat.flow == "book"


@BOTH
def test_the_day_says_what_is_next_and_the_number_only_while_it_is_theirs(world: World, lang: str) -> None:
    chat, wang = accepted(world, lang)
    day = "明天的单" if lang == ZH else "my schedule tomorrow"
    wang.says(day)
    wang.sees("15:00–16:30", "14:35", *(("待出发", "顾客电话") if lang == ZH else ("to come", "phone")))

    world.now = chat.order.starts_at - timedelta(minutes=20)
    wang.says("今天的单" if lang == ZH else "my day")
    wang.sees("该出发了" if lang == ZH else "Time to set out", "我出发了" if lang == ZH else "I'm on my way")

    order = chat.order
    world.run(lambda tx: cancel_by_operator(tx, order.id, operator_id=7, reason="x", now=world.now))
    wang.says("今天的单" if lang == ZH else "my day")
    wang.does_not_see("138 0013 8000", "7700 900123", chat.order.code)


@BOTH
def test_a_week_has_a_line_a_day_and_a_button_to_each_that_is_booked(world: World, lang: str) -> None:
    chat, wang = accepted(world, lang)
    me, wednesday = wang.working.id, date(2026, 11, 25)
    world.run(lambda tx: technicians.take_leave(tx, me, wednesday, wednesday))
    wang.says("这周的单" if lang == ZH else "my jobs this week")
    wang.sees(*(("1 单，1.5 小时", "下一周") if lang == ZH else ("1 booked, 1.5 h", "Next week")))
    wang.does_not_see("11月20日", "20 Nov")
    wang.presses("11月22日" if lang == ZH else "Sun 22 Nov")
    wang.sees(chat.order.code)

    wang.says("下周" if lang == ZH else "next week")
    wang.sees(*(("周三 请假", "周二 休息") if lang == ZH else ("Wed 25 Nov: on leave", "Tue 24 Nov: off")))


@BOTH
def test_the_rota_is_changed_in_words_once_it_is_confirmed(world: World, lang: str) -> None:
    chat, wang = accepted(world, lang)
    before = rota(wang)
    wang.says("我的班表" if lang == ZH else "my rota")
    wang.sees("10:00–21:00")
    wang.presses("改班表" if lang == ZH else "Change my hours")
    wang.says("周一到周五9点到6点，周日休息" if lang == ZH else "Monday to Friday 9 to 6, Sunday off")
    wang.sees("09:00–18:00", chat.order.code, "15:00–16:30")
    wang.says("周六也休息" if lang == ZH else "Saturday off too")
    assert rota(wang) == before

    wang.says("好的" if lang == ZH else "yes")
    wang.sees("班表已更新" if lang == ZH else "hours are changed", "1")
    assert rota(wang) == {(weekday, 540, 1080) for weekday in range(5)}
    assert chat.order.state == "accepted"
    world.settled()


@BOTH
def test_a_rota_that_cannot_be_is_said_to_and_kept_out(world: World, lang: str) -> None:
    wang = in_english(world.technician("wang"), lang)
    before = rota(wang)
    wang.says("改班表" if lang == ZH else "change my hours")
    wang.says("每天25点到30点" if lang == ZH else "every day 25 to 30")
    wang.sees("16 小时" if lang == ZH else "16 at most")
    wang.says("周三" if lang == ZH else "Wednesday")
    wang.sees("几点到几点" if lang == ZH else "from when to when")
    wang.says("周三9点到12点和11点到15点" if lang == ZH else "Wednesday 9am to 12 and 11am to 3pm")
    wang.sees("重叠" if lang == ZH else "overlap")
    wang.says("算了" if lang == ZH else "never mind")

    assert rota(wang) == before


@BOTH
def test_a_refusal_waits_for_no_reason_and_needs_none(world: World, lang: str) -> None:
    chat, wang = paid(world, lang)
    wang.says("不接" if lang == ZH else "decline")
    assert chat.order.state == "undecided"
    assert reason_on_record(world) == ("refused", None)

    wang.presses("不说了" if lang == ZH else "I'd rather not say")
    assert reason_on_record(world) == ("refused", None)
    wang.says("不接" if lang == ZH else "decline")
    wang.sees("没有等您答复" if lang == ZH else "nothing waiting")


@BOTH
def test_a_reason_told_afterwards_is_kept_and_never_overwritten(world: World, lang: str) -> None:
    chat, wang = paid(world, lang)
    wang.presses("不接" if lang == ZH else "Turn down")
    wang.says("家里有事，去不了" if lang == ZH else "something came up at home")
    assert reason_on_record(world) == ("refused", "other")

    order_id, me, far = chat.order.id, wang.working.id, dispatch.RefusalReason.FAR
    told = world.run(lambda tx: dispatch.explain_refusal(tx, order_id, technician_id=me, reason=far))
    assert not told
    assert reason_on_record(world) == ("refused", "other")


@BOTH
def test_accepting_in_words_takes_the_only_offer_and_asks_which_of_several(world: World, lang: str) -> None:
    chat, wang = paid(world, lang)
    other = world.chat("bai", lang)
    monday = (
        "周一上午十一点约个肩颈按摩，在家" if lang == ZH else "could I book a neck massage on Monday at 11am please"
    )
    other.books_to_summary(book=monday)
    other.says("确认下单" if lang == ZH else "yes")
    other.pays()
    wang.says("接单" if lang == ZH else "accept")
    wang.sees(chat.order.code, other.order.code)
    assert {chat.order.state, other.order.state} == {"to_accept"}

    wang.says(other.order.code)
    assert (chat.order.state, other.order.state) == ("to_accept", "accepted")
    wang.says("待接的单" if lang == ZH else "my offers")
    wang.sees(chat.order.code)
    wang.says("接" if lang == ZH else "I'll take it")
    assert chat.order.state == "accepted"
    world.settled()


@BOTH
def test_the_same_words_are_a_customer_s_plain_yes_and_no(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.books_to_summary()
    chat.says("不接" if lang == ZH else "decline")
    assert chat.orders == []
    chat.says("接单" if lang == ZH else "accept")

    assert chat.order.state == "to_pay"


@BOTH
def test_an_old_card_shows_the_order_as_it_stands_with_its_present_buttons(world: World, lang: str) -> None:
    chat, wang = paid(world, lang)
    old = Press(wang.token("接单" if lang == ZH else "Accept"))
    wang.sends(old)
    wang.sends(old)

    wang.sees(chat.order.code, *(("待出发", "我出发了") if lang == ZH else ("to come", "I'm on my way")))
    assert chat.order.state == "accepted"


@BOTH
def test_after_a_standstill_one_reminder_comes_and_it_asks(world: World, lang: str) -> None:
    chat, _ = accepted(world, lang)
    had = len(chat.received)
    world.at(chat.order.starts_at - timedelta(minutes=90))

    ours = [one.body for one in chat.received[had:]]
    assert len(ours) == 1
    labels = [button.label for button in ours[0].buttons]
    assert len(labels) == 3
    assert "没问题，到时见" in labels or "Yes, see you then" in labels


@BOTH
def test_a_confirmed_visit_is_not_asked_again_and_nobody_is_called(world: World, lang: str) -> None:
    chat, _ = accepted(world, lang)
    world.at(chat.order.starts_at - timedelta(hours=23))
    chat.presses("没问题，到时见" if lang == ZH else "Yes, see you then")
    chat.sees("15:00")
    order = chat.order
    assert world.read(lambda tx: is_confirmed(tx, order))

    world.at(chat.order.starts_at - timedelta(minutes=110))
    chat.sees("15:00")
    chat.does_not_see("没问题，到时见", "Yes, see you then", "到时方便吗", "still suit you")
    world.at(chat.order.starts_at - timedelta(minutes=50))
    assert world.read(support.open_tickets) == ()


def test_who_answers_no_reminder_is_rung_while_there_is_time(world: World) -> None:
    chat, _ = accepted(world, ZH)
    world.at(chat.order.starts_at - timedelta(minutes=110))
    assert world.read(support.open_tickets) == ()
    world.at(chat.order.starts_at - timedelta(minutes=59))

    [ticket] = world.read(support.open_tickets)
    assert (ticket.kind, ticket.order_id) == ("house", chat.order.id)
    world.later(minutes=5)
    assert len(world.read(support.open_tickets)) == 1


@BOTH
def test_who_had_set_out_reads_what_stays_theirs_when_the_visit_is_cancelled(world: World, lang: str) -> None:
    chat, wang = accepted(world, lang)
    world.at(chat.order.starts_at - timedelta(minutes=40))
    wang.presses("我出发了" if lang == ZH else "I'm on my way")
    chat.says("取消订单" if lang == ZH else "cancel my order")
    chat.presses("确认取消" if lang == ZH else "Yes, cancel")
    world.deliver()

    wang.sees(*(("顾客取消了", "¥", "归您") if lang == ZH else ("customer cancelled", "¥", "is yours")))


@BOTH
def test_a_visit_the_house_moves_to_somebody_else_blames_nobody(world: World, lang: str) -> None:
    chat, _ = accepted(world, lang)
    li = in_english(world.technician("li"), lang)
    order_id, her = chat.order.id, li.working.id
    world.run(lambda tx: dispatch.assign(tx, order_id, technician_id=her, agreed=False, operator_id=7, now=world.now))
    world.deliver()

    chat.sees(*(("安排有调整", "改请") if lang == ZH else ("change of plan", "instead")))
    chat.does_not_see("来不了", "couldn't make it")


@BOTH
@pytest.mark.parametrize("what", WorkingChange)
def test_what_an_operator_changed_is_told_with_days_and_hours(world: World, lang: str, what: WorkingChange) -> None:
    wang = in_english(world.technician("wang"), lang)
    wang.says("我的班表" if lang == ZH else "my rota")
    monday = None if what in (WorkingChange.ROTA, WorkingChange.ON_DUTY, WorkingChange.OFF_DUTY) else date(2026, 11, 23)
    me = wang.working.id
    world.run(lambda tx: technicians.tell_working_change(tx, me, what, first=monday, last=monday, now=world.now))
    world.deliver()

    if what is not WorkingChange.DAY_CLEARED:
        wang.sees("客服" if lang == ZH else "Our team")
    if monday is not None:
        wang.sees("11月23日" if lang == ZH else "23 Nov")
    if what in (WorkingChange.ROTA, WorkingChange.DAY, WorkingChange.DAY_CLEARED):
        wang.sees("10:00–19:00")


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("明天我休息", "11月22日"),
        ("明天休息", "11月22日"),
        ("我后天不上班", "11月23日"),
        ("周五我要休息一天", "11月27日"),
        ("I'm off tomorrow", "22 Nov"),
        ("I won't be working tomorrow", "22 Nov"),
        ("tomorrow I'm off", "22 Nov"),
    ],
)
def test_a_day_that_a_technician_does_not_work_is_leave_from_that_day(world: World, words: str, first: str) -> None:
    wang = in_english(world.technician("wang"), EN if words.isascii() else ZH)
    wang.says(words)

    assert wang.flow == "leave"
    wang.sees(first)


@pytest.mark.parametrize("words", ["明天我休息，下午三点来做个肩颈", "明天下午休息", "明天客人休息", "师傅明天休息吗"])
def test_what_else_is_said_of_a_day_and_rest_is_no_leave(world: World, words: str) -> None:
    wang = world.technician("wang")
    wang.says(words)

    assert wang.flow != "leave"


def test_a_customer_who_rests_tomorrow_takes_no_leave(world: World) -> None:
    chat = world.chat("lin")
    chat.says("明天我休息")

    assert chat.flow != "leave"


@pytest.mark.parametrize(
    "words",
    [
        "什么时候打款",
        "工资什么时候发",
        "几号结算",
        "钱什么时候到账",
        "when do I get paid",
        "when is payday",
        "when will my money arrive",
    ],
)
def test_a_technician_s_pay_day_is_told_with_what_was_earned(world: World, words: str) -> None:
    lang = EN if words.isascii() else ZH
    wang = in_english(world.technician("wang"), lang)
    wang.says(words)

    wang.sees(*(("门店结算后", "今天入账") if lang == ZH else ("when it settles", "Today:")))
    wang.does_not_see("退款" if lang == ZH else "refund")


def test_who_has_ordered_something_too_may_mean_their_money_back(world: World) -> None:
    wang = world.technician("wang")
    wang.books(technician="苏苏")
    wang.says("钱什么时候到账")
    wang.sees("原路退回")
    wang.says("什么时候打款")
    wang.sees("门店结算后")


@pytest.mark.parametrize(
    "words", ["改一下我的时间表", "我想改接单时间", "我的时间表要改一下", "change my hours", "change my availability"]
)
def test_the_rota_has_other_names_too(world: World, words: str) -> None:
    lang = EN if words.isascii() else ZH
    wang = in_english(world.technician("wang"), lang)
    wang.says(words)

    assert wang.flow == "change_rota"


@pytest.mark.parametrize("words", ["几点的", "这单几点的？", "什么时候的单", "what time is it", "when's that?"])
def test_the_time_asked_of_an_offer_is_told_with_it(world: World, words: str) -> None:
    _, wang = paid(world, EN if words.isascii() else ZH)
    wang.says(words)

    wang.sees("15:00")
    assert wang.labels == (["Accept", "Turn down"] if words.isascii() else ["接单", "不接"])


def test_with_no_offer_open_the_time_asked_is_that_of_the_next_visit(world: World) -> None:
    _, wang = accepted(world, ZH)
    wang.says("几点的")

    wang.sees("11月22日", "15:00–16:30")
