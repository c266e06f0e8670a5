"""The technician's own time, in words: off duty and on, leave and its end; what was sold stays."""

from datetime import date, timedelta

import pytest

from core import technicians
from core.orders.moves import Order
from core.technicians import Leave, leave_of, roster
from tests.dialogs.chat import Chat, World
from tests.dialogs.steps import EN, ZH, accepted, in_english

BOTH = pytest.mark.parametrize("lang", [ZH, EN])
SATURDAY = date(2026, 11, 21)


def day(n: int) -> date:
    """A day after today, a Saturday."""
    return SATURDAY + timedelta(days=n)


def leave(chat: Chat) -> list[tuple[date, date]]:
    """The leave on record."""
    found: tuple[Leave, ...] = chat.world.read(lambda tx: leave_of(tx, chat.working.id))
    return [(one.first, one.last) for one in found]


def offered(world: World, chat: Chat, order: Order) -> bool:
    """Whether the technician would be looked at for an order like this one."""
    able = world.read(roster).able(order.service_id, order.region_id)
    return chat.working.id in {one.id for one in able}


@BOTH
def test_off_duty_is_one_word_names_what_still_stands_and_is_taken_back_by_one_tap(world: World, lang: str) -> None:
    customer, wang = accepted(world, lang)
    wang.says("收工了" if lang == ZH else "I'm done for today")
    wang.sees(*(("不再给您派新单", "1 单", "15:00") if lang == ZH else ("no new visits", "1 visit", "15:00")))
    assert not offered(world, wang, customer.order)
    assert customer.order.state == "accepted"

    wang.says("收工" if lang == ZH else "off duty")
    wang.sees("已经收工" if lang == ZH else "off duty already")

    wang.presses("开工" if lang == ZH else "Start taking visits")
    wang.sees("有新单" if lang == ZH else "on duty")
    assert offered(world, wang, customer.order)
    world.settled()


@BOTH
def test_on_duty_is_said_once_more_and_leave_comes_before_it(world: World, lang: str) -> None:
    wang = world.technician("wang", lang)
    wang.says("开工" if lang == ZH else "on duty")
    wang.sees("正在接单" if lang == ZH else "on duty already")
    me = wang.working.id
    world.run(lambda tx: technicians.take_leave(tx, me, day(0), day(1)))

    wang.says("上班了" if lang == ZH else "back on duty")
    wang.sees(*(("请了假", "11月22日") if lang == ZH else ("on leave", "22 Nov")))


@BOTH
def test_leave_is_asked_day_by_day_shows_what_was_sold_and_needs_a_yes(world: World, lang: str) -> None:
    customer, wang = accepted(world, lang)
    wang.says("请假" if lang == ZH else "I need some time off")
    wang.sees("从哪天" if lang == ZH else "which day")
    wang.presses("明天 11月22日" if lang == ZH else "Tomorrow, Sun 22 Nov")
    wang.sees("请到哪天" if lang == ZH else "last day")
    wang.says("周三" if lang == ZH else "Wednesday")
    wang.sees(customer.order.code, "15:00–16:30", *(("共 4 天", "1 单") if lang == ZH else ("4 days", "(1)")))
    assert leave(wang) == []

    wang.presses("改结束日" if lang == ZH else "Change last day")
    wang.presses("只请这一天" if lang == ZH else "Just that day")
    wang.says("对" if lang == ZH else "yes")

    assert leave(wang) == [(day(1), day(1))]
    wang.sees(*(("请假已登记", "1 单请照常上门") if lang == ZH else ("noted", "still stand: 1")))
    assert customer.order.state == "accepted"
    wang.says("明天有几单" if lang == ZH else "my schedule tomorrow")
    wang.sees(customer.order.code)
    world.settled()


@BOTH
def test_leave_is_over_when_its_technician_says_so(world: World, lang: str) -> None:
    wang = world.technician("wang", lang)
    wang.says("销假" if lang == ZH else "end my leave")
    wang.sees("没有请假" if lang == ZH else "no leave")
    wang.says("明天到周三请假" if lang == ZH else "leave from Sunday to Wednesday")
    wang.says("好的" if lang == ZH else "yes please")
    assert leave(wang) == [(day(1), day(4))]
    wang.presses("销假" if lang == ZH else "End my leave")
    wang.sees("按班表" if lang == ZH else "rota")
    assert leave(wang) == []

    wang.says("下周三请假一天" if lang == ZH else "take next Wednesday off, just that day")
    wang.says("确认" if lang == ZH else "confirm")
    wang.says("周五请假" if lang == ZH else "Friday off")
    wang.says("就一天" if lang == ZH else "just that day")
    wang.says("确认" if lang == ZH else "confirm")
    assert len(leave(wang)) == 2
    wang.says("取消请假" if lang == ZH else "cancel my leave")
    wang.sees("哪一段" if lang == ZH else "Which leave")
    wang.says("周五" if lang == ZH else "Friday")
    assert day(6) not in [first for first, _ in leave(wang)]
    assert len(leave(wang)) == 1


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("从周一到周三请假", (2, 4)),
        ("从周一请假到周三", (2, 4)),
        ("下周请假", (2, 8)),
        ("11月23号到25号请假", (2, 4)),
        ("从明天开始请三天假", (1, 3)),
        ("明天起请假两周", (1, 14)),
        ("明天请假一周", (1, 7)),
        ("今天请假一天", (0, 0)),
        ("I'd like next week off", (2, 8)),
        ("leave from Monday to Wednesday", (2, 4)),
        ("I want to take Friday off, just that day", (6, 6)),
        ("leave from tomorrow for three days", (1, 3)),
        ("leave from tomorrow for a week", (1, 7)),
    ],
)
def test_one_sentence_says_the_whole_leave(world: World, said: str, days: tuple[int, int]) -> None:
    wang = world.technician("wang", ZH if not said.isascii() else EN)

    wang.says(said)

    assert wang.asking == "*summary*", wang.transcript()
    assert (wang.values["first"], wang.values["last"]) == tuple(day(n).isoformat() for n in days)


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("改成周二到周四", (3, 5)),
        ("到周五", (1, 6)),
        ("周一开始", (2, 3)),
        ("周五开始", (6, 6)),
        ("改成五天", (1, 5)),
    ],
)
def test_the_days_are_corrected_in_words_before_the_yes(world: World, said: str, days: tuple[int, int]) -> None:
    wang = world.technician("wang")
    wang.says("从明天开始请三天假")

    wang.says(said)

    if wang.asking == "last":  # it would begin after its end: the end is asked anew
        wang.says("就一天")
    assert wang.asking == "*summary*", wang.transcript()
    assert (wang.values["first"], wang.values["last"]) == tuple(day(n).isoformat() for n in days)
    assert leave(wang) == []


@pytest.mark.parametrize(
    ("first", "last", "sees"),
    [
        ("昨天", "今天", "已经过去"),
        ("周一", "周日", "在开始那天之前"),
        ("明天下午三点", "明天", "按整天算"),
        ("明天", "四百天", "一次最多请 366 天"),
        ("随便", "明天", "没看明白"),
    ],
)
def test_days_that_make_no_leave_are_said_to(world: World, first: str, last: str, sees: str) -> None:
    wang = world.technician("wang")
    wang.says("请假")
    wang.says(first)
    if wang.asking == "last":
        wang.says(last)

    assert sees in wang.transcript()
    assert leave(wang) == []


def test_what_a_technician_may_say_of_their_time_books_for_everybody_else(world: World) -> None:
    chat = world.customer("lin", EN)
    chat.says("I've Friday off, can I book a massage?")
    assert chat.flow == "book"
    chat = world.customer("chen")
    chat.says("收工")
    chat.sees("暂时用不了")
    assert chat.flow is None


@BOTH
def test_the_menu_of_a_technician_offers_what_fits_now(world: World, lang: str) -> None:
    wang = in_english(world.technician("wang"), lang)
    wang.says("你好" if lang == ZH else "hello")
    wang.presses("收工" if lang == ZH else "Finish for now")
    wang.says("你好" if lang == ZH else "hello")
    wang.sees("开工" if lang == ZH else "Start taking visits")
    wang.presses("请假" if lang == ZH else "Take leave")
    wang.presses("11月23日" if lang == ZH else "23 Nov")
    wang.presses("只请这一天" if lang == ZH else "Just that day")
    wang.presses("确认请假" if lang == ZH else "Yes, take leave")
    wang.says("你好" if lang == ZH else "hello")
    wang.presses("销假" if lang == ZH else "End my leave")
    wang.sees("收工状态" if lang == ZH else "still off duty")
    assert leave(wang) == []


def test_who_is_suspended_is_told_so_instead_of_going_on_duty(world: World) -> None:
    wang = world.technician("wang")
    me = wang.working.id
    world.run(lambda tx: technicians.suspend(tx, me, operator_id=1, now=world.now))

    wang.says("开工")

    wang.sees("暂停接单")
