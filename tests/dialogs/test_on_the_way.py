"""Where are they: the answer is the first line of what is said; and what a technician on the way says and asks."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from core.orders.states import OrderState
from core.people.tables import person
from tests.dialogs.chat import World
from tests.dialogs.steps import EN, ZH, accepted, arrived, in_english, paid

BOTH = pytest.mark.parametrize("lang", [ZH, EN])


@BOTH
def test_nobody_is_on_the_way_before_somebody_accepted(world: World, lang: str) -> None:
    chat, _ = paid(world, lang)
    chat.says("师傅到哪了" if lang == ZH else "where is she")

    chat.sees("还没有人出发" if lang == ZH else "Nobody is on the way yet", chat.order.code)


@BOTH
def test_who_asks_where_they_are_when_nobody_took_it_may_choose_what_now(world: World, lang: str) -> None:
    chat, wang = paid(world, lang)
    wang.says("不想去" if lang == ZH else "can't make it")
    assert chat.order.state is OrderState.UNDECIDED

    chat.says("到哪了" if lang == ZH else "where is she")

    chat.sees(chat.order.code, "再等等" if lang == ZH else "Keep looking", "换个时间" if lang == ZH else "Another time")


@BOTH
def test_what_is_asked_when_nobody_took_it_stands_above_the_choices_that_the_card_has_too(
    world: World, lang: str
) -> None:
    chat, wang = paid(world, lang)
    wang.says("不想去" if lang == ZH else "can't make it")
    world.deliver()
    on_the_card = chat.labels

    chat.says("到哪了" if lang == ZH else "where is she")

    assert chat.labels == on_the_card
    assert chat.text.startswith("还没有技师接" if lang == ZH else "Nobody has taken this visit")
    assert chat.text.endswith("您看怎么安排？" if lang == ZH else "What would you like to do?")


@BOTH
@pytest.mark.parametrize("said", ["where", "late"])
def test_who_asks_where_they_are_before_paying_is_told_that_nobody_was_asked_and_how_to_pay(
    world: World, lang: str, said: str
) -> None:
    chat = world.chat("lin", lang)
    order = chat.books()
    words = {"where": ("到哪了", "where is he"), "late": ("怎么还没来", "why hasn't he come?")}[said]
    chat.says(words[lang == EN])

    chat.sees("还没付款，所以还没有通知技师" if lang == ZH else "isn't paid yet, so nobody has been asked", order.code)
    assert any(button.pays for button in chat.buttons)


@BOTH
def test_where_they_are_is_asked_of_the_visit_under_way_and_not_of_what_is_yet_to_be_paid(
    world: World, lang: str
) -> None:
    chat, _ = accepted(world, lang)
    first = chat.order.code
    chat.books(book="后天下午三点想约个肩颈按摩" if lang == ZH else "a neck massage the day after tomorrow at 3pm")
    chat.says("师傅到哪了" if lang == ZH else "where is he")

    chat.sees(first, "已接单" if lang == ZH else "has accepted")


@BOTH
def test_minutes_left_are_said_while_somebody_is_on_the_way(world: World, lang: str) -> None:
    chat, wang = accepted(world, lang)
    world.now = chat.order.starts_at - timedelta(minutes=40)
    wang.says("我出发了" if lang == ZH else "on my way")
    world.deliver()
    world.later(minutes=5)
    chat.says("还要多久" if lang == ZH else "how long still?")

    chat.sees("分钟后到" if lang == ZH else "should be with you in about")


@BOTH
@pytest.mark.parametrize("said", ["where", "late"])
def test_a_visit_nobody_has_set_out_for_is_admitted_and_a_person_offered(world: World, lang: str, said: str) -> None:
    chat, _ = accepted(world, lang)
    world.now = chat.order.starts_at + timedelta(minutes=20)
    words = {"where": ("师傅到哪了", "where is he??"), "late": ("等了二十分钟了还没到", "he's 20 minutes late")}[said]
    chat.says(words[lang == EN])

    chat.sees("抱歉让您久等" if lang == ZH else "Sorry to keep you waiting")
    chat.presses("人工" if lang == ZH else "A person")


@BOTH
def test_a_delay_told_by_the_technician_reaches_the_customer(world: World, lang: str) -> None:
    chat, wang = accepted(world, lang)
    world.now = chat.order.starts_at - timedelta(minutes=20)
    wang.says("堵车 晚十分钟" if lang == ZH else "stuck in traffic, 10 minutes late")
    world.deliver()
    chat.sees("会晚 10 分钟" if lang == ZH else "10 min late")

    wang.says("堵车了" if lang == ZH else "running late")
    wang.presses("20 分钟" if lang == ZH else "20 min")
    world.deliver()
    chat.sees("会晚 20 分钟" if lang == ZH else "20 min late")


def test_a_delay_is_told_whatever_the_hour_is_where_the_customer_is(world: World) -> None:
    chat, wang = accepted(world, ZH)
    person_id = chat.person_id
    abroad = update(person).where(person.c.id == person_id).values(zone="America/New_York")  # two in the morning
    world.run(lambda tx: tx.execute(abroad))
    world.now = chat.order.starts_at - timedelta(minutes=20)

    wang.says("堵车 晚十分钟")
    world.deliver()

    chat.sees("会晚 10 分钟")


@BOTH
def test_nobody_at_the_door_is_answered_with_whom_to_ring_and_how_long_to_wait(world: World, lang: str) -> None:
    _, wang = arrived(world, lang)
    wang.says("敲门没人" if lang == ZH else "nobody's answering the door")

    wang.sees("先打顾客电话" if lang == ZH else "ring the customer first", "15")


@BOTH
@pytest.mark.parametrize("asked", ["phone", "address"])
def test_the_door_and_number_of_the_next_visit_are_told_on_any_day(world: World, lang: str, asked: str) -> None:
    chat, wang = accepted(world, lang)
    words = {"phone": ("客人电话", "client's number?"), "address": ("地址发一下", "what's the address")}[asked]
    wang.says(words[lang == EN])

    wang.sees(chat.order.code, "138 0013 8000" if lang == ZH else "+447700900123")


def test_a_customer_who_asks_for_addresses_sees_their_own(world: World) -> None:
    chat = world.customer("xiaoyu")
    chat.says("我的地址")

    chat.sees("1201")


def test_he_is_no_name(world: World) -> None:
    chat = in_english(world.chat("lin"), EN)
    chat.says("is he any good?")

    chat.does_not_see("26 years in the trade")


@BOTH
def test_somebody_else_wished_for_when_nobody_came_is_shown_how_it_stands(world: World, lang: str) -> None:
    chat, _ = accepted(world, lang)
    world.now = chat.order.starts_at + timedelta(minutes=10)
    chat.says("换个师傅" if lang == ZH else "get me someone else")

    chat.sees("抱歉让您久等" if lang == ZH else "Sorry to keep you waiting")
    chat.presses("人工" if lang == ZH else "A person")


@pytest.mark.parametrize("words", ["堵车了，晚到二十分钟", "明天晚到二十分钟", "stuck in traffic, running 20 min late"])
def test_held_up_with_the_next_visit_another_day_nobody_is_troubled(world: World, words: str) -> None:
    chat, wang = accepted(world, EN if words.isascii() else ZH)
    wang.says(words)

    wang.sees(*(("haven't troubled", "15:00") if words.isascii() else ("没有惊动顾客", "15:00")))
    assert wang.flow is None
    world.deliver()
    chat.does_not_see("20")


def test_held_up_with_no_visit_at_all_is_told_so_and_not_what_customers_are_told(world: World) -> None:
    wang = world.technician("wang")
    wang.says("堵车了，晚到二十分钟")

    wang.sees("没有要上门的单")
