"""The same as last time: everything is taken over that still holds, and only the time is asked."""

from datetime import timedelta

import pytest
from sqlalchemy import bindparam, update

from core import technicians
from core.catalog.catalogue import STAMP
from core.catalog.tables import service
from core.db import Tx
from core.orders.views import Viewer, details
from core.settings import bump
from tests.dialogs.chat import Chat, World
from tests.dialogs.steps import EN, ZH, finished

BOTH = pytest.mark.parametrize("lang", [ZH, EN])
SAME = {ZH: "和上次一样", EN: "same as last time"}
_WITHDRAW = update(service).where(service.c.id == bindparam("b_id")).values(withdrawn_at=bindparam("b_at"))


def served(world: World, lang: str = ZH) -> Chat:
    """Somebody whose visit (neck massage, 90 minutes, Wang, a Sunday at 15:00) took place."""
    chat, _ = finished(world, lang)
    world.later(days=1)
    return chat


def address_of(world: World, order_id: int) -> str | None:
    return world.read(lambda tx: details(tx, order_id, viewer=Viewer.CUSTOMER)).address_text


def withdraw(tx: Tx, service_id: int, world: World) -> None:
    tx.execute(_WITHDRAW, {"b_id": service_id, "b_at": world.now})
    bump(tx, STAMP)


@BOTH
def test_the_same_as_last_time_takes_everything_over_and_asks_only_the_time(world: World, lang: str) -> None:
    chat = served(world, lang)
    before = chat.order
    chat.says(SAME[lang])

    assert (chat.flow, chat.asking) == ("book", "start")
    chat.sees(*(("肩颈舒缓", "90 分钟", "王师傅") if lang == ZH else ("Neck and shoulder", "90 min", "Wang")))
    assert "15:00" in chat.labels[0]  # a Sunday at three, as last time
    chat.says("1")
    chat.sees("确认下单" if lang == ZH else "Confirm")
    chat.says("好的" if lang == ZH else "yes")
    again = chat.order
    assert again.id != before.id
    assert (again.service_id, again.option_id, again.technician_id, again.region_id) == (
        before.service_id,
        before.option_id,
        before.technician_id,
        before.region_id,
    )
    assert again.starts_at == before.starts_at + timedelta(days=7)
    assert address_of(world, again.id) == address_of(world, before.id)


@pytest.mark.parametrize("words", ["老样子", "还是上次那个师傅", "the usual please", "same therapist as last time"])
def test_there_are_many_ways_to_say_it(world: World, words: str) -> None:
    chat = served(world)
    chat.says(words)
    assert (chat.flow, chat.asking) == ("book", "start")
    assert chat.values["technician"] == {"id": world.technician("wang").working.id}


def test_what_the_same_sentence_says_besides_is_taken_too(world: World) -> None:
    chat = served(world)
    chat.says("和上次一样，后天下午四点，换成60分钟")
    assert chat.asking == "*summary*", chat.transcript()
    chat.sees("60 分钟", "王师傅", "11月25日", "16:00")


@BOTH
def test_the_button_under_a_finished_order_books_that_one_again(world: World, lang: str) -> None:
    chat = served(world, lang)
    chat.says(chat.order.code)
    chat.presses("再来一单" if lang == ZH else "Book again")
    assert (chat.flow, chat.asking) == ("book", "start")
    assert chat.values["option"] == chat.order.option_id


def test_somebody_who_has_left_is_said_and_others_are_offered(world: World) -> None:
    chat = served(world)
    wang = world.technician("wang").working.id
    world.run(lambda tx: technicians.suspend(tx, wang, operator_id=1, now=world.now))
    chat.says("和上次一样")
    chat.sees("不在我们这里了", "李师傅")
    chat.does_not_see("王师傅")
    assert chat.asking == "technician"


def test_somebody_off_duty_is_said_by_name(world: World) -> None:
    chat = served(world)
    wang = world.technician("wang").working.id
    world.run(lambda tx: technicians.set_duty(tx, wang, on=False, now=world.now))
    chat.says("和上次一样")
    chat.sees("王师傅现在没有开工")
    assert chat.asking == "technician"


def test_a_service_no_longer_sold_is_said_and_another_is_asked(world: World) -> None:
    chat = served(world)
    order = chat.order
    world.run(lambda tx: withdraw(tx, order.service_id, world))
    chat.says("和上次一样")
    chat.sees("不做了")
    assert (chat.flow, chat.asking) == ("book", "service")


@BOTH
def test_without_a_booking_behind_one_there_is_nothing_to_repeat(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.says(SAME[lang])
    chat.sees("没有做过" if lang == ZH else "had a visit")
    chat.presses("预约服务" if lang == ZH else "Book a visit")
    assert chat.flow == "book"


def test_an_order_named_that_is_foreign_or_missing_looks_alike(world: World) -> None:
    chat, thief = served(world), world.customer("laochen")
    thief.says(f"再来一单 {chat.order.code}")
    foreign = thief.text
    thief.says("再来一单 ZZ9ZZ9")
    assert foreign == thief.text
    assert "没有找到" in foreign


def test_an_order_that_has_not_taken_place_cannot_be_repeated(world: World) -> None:
    chat = served(world)
    done = chat.order
    chat.says("和上次一样")
    chat.says("1")
    chat.says("好的")
    chat.says(f"再来一单 {chat.order.code}")
    chat.sees("还没有服务过")
    assert chat.flow == "book"
    assert chat.values["option"] == done.option_id


@BOTH
def test_whoever_came_last_time_can_be_asked_for_in_the_middle_of_a_booking(world: World, lang: str) -> None:
    chat = served(world, lang)
    chat.says("约个足部按摩，60分钟" if lang == ZH else "I'd like a foot massage, 60 minutes")
    assert chat.asking == "technician"
    chat.says("还是上次那个师傅" if lang == ZH else "same therapist as last time")
    assert chat.values["technician"] == {"id": world.technician("wang").working.id}
    assert chat.asking == "start"
    chat.sees("王师傅" if lang == ZH else "Wang")


def test_asking_for_whoever_came_last_time_without_a_last_time_is_said(world: World) -> None:
    chat = world.customer("xiaoyu")
    chat.says("约个足部按摩，60分钟")
    chat.says("还是上次那个师傅")
    chat.sees("没有做过")
    assert chat.asking == "technician"


@pytest.mark.parametrize("words", ["下周同一时间再约", "再约下周同一时间", "下星期老时间", "same time next week"])
def test_the_same_time_next_week_is_last_visit_s_weekday_and_hour(world: World, words: str) -> None:
    chat = served(world, EN if words.isascii() else ZH)
    before = chat.order
    chat.says(words)

    assert (chat.flow, chat.asking) == ("book", "start")  # said on a Monday of a Sunday: six days on, or thirteen
    assert len([label for label in chat.labels if "15:00" in label]) == 2
    chat.says("1")
    chat.says("yes" if words.isascii() else "好的")
    assert chat.order.starts_at == before.starts_at + timedelta(days=7)


def test_the_same_time_next_week_on_the_day_itself_is_one_time_and_needs_no_question(world: World) -> None:
    chat, _ = finished(world, ZH)
    before = chat.order
    chat.says("下周同一时间再约")

    assert (chat.flow, chat.asking) == ("book", "*summary*")
    chat.says("好的")
    assert chat.order.starts_at == before.starts_at + timedelta(days=7)


@pytest.mark.parametrize("words", ["下周同一时间有空吗", "改到下周同一时间", "下周同一时间做美甲"])
def test_a_question_a_move_or_another_service_is_no_repetition(world: World, words: str) -> None:
    chat = served(world)
    chat.says(words)

    chat.does_not_see("和上次一样")


def test_the_same_time_next_week_of_somebody_with_no_last_time_is_a_booking(world: World) -> None:
    chat = world.chat("lin")
    chat.says("下周同一时间再约")

    assert (chat.flow, chat.asking) == ("book", "service")
