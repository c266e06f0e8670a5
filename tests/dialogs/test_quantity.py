"""Booking several of a thing: asked where there is a choice, heard in the first sentence, corrected later."""

from datetime import timedelta

import pytest

from core.catalog import add_option, add_service, catalogue
from core.db import Tx
from tests.dialogs.chat import Chat, World
from tests.dialogs.steps import EN, ZH
from tests.dialogs.words import WORDS

BOTH = pytest.mark.parametrize("lang", [ZH, EN])
WALL = {ZH: "挂机", EN: "Wall unit"}


def at_option(world: World, lang: str, said: str | None = None) -> Chat:
    chat = world.chat("lin", lang)
    chat.says(said or ("约个空调清洗" if lang == ZH else "air conditioner cleaning please"))
    assert chat.asking == "option", chat.transcript()
    return chat


def at_summary(world: World, lang: str, said: str | None = None) -> Chat:
    """Two wall units tomorrow at 15:00, whoever comes."""
    first = "明天下午三点洗两台空调" if lang == ZH else "clean 2 air conditioners tomorrow at 3pm"
    chat = at_option(world, lang, said or first)
    chat.says(WALL[lang])
    chat.says(WORDS[lang]["address"])
    chat.says("谁都行" if lang == ZH else "anyone is fine")
    chat.says(WORDS[lang]["phone"])
    assert chat.asking == "*summary*", chat.transcript()
    return chat


@BOTH
def test_how_many_is_asked_where_a_visit_may_hold_several(world: World, lang: str) -> None:
    chat = at_option(world, lang)
    chat.says(WALL[lang])

    assert chat.asking == "quantity"
    chat.sees("“挂机”一共几个" if lang == ZH else "Wall unit: how many?", "45", "5")
    chat.sees("2 个 ¥198" if lang == ZH else "2 for ¥198")


def test_how_many_is_not_asked_of_what_comes_once(world: World) -> None:
    chat = world.chat("lin")
    chat.says("约个肩颈按摩")
    chat.says("90分钟")

    assert chat.asking == "address"
    assert "quantity" not in chat.values


@pytest.mark.parametrize(
    ("lang", "answer"),
    [(ZH, "3"), (ZH, "三台"), (ZH, "3 个 ¥297"), (ZH, "就三个吧"), (ZH, "第三个"), (EN, "3"), (EN, "three please")],
)
def test_a_number_a_label_and_words_answer_alike(world: World, lang: str, answer: str) -> None:
    chat = at_option(world, lang)
    chat.says(WALL[lang])
    chat.says(answer)

    assert chat.values["quantity"] == 3
    assert chat.asking == "address"


def test_a_tap_answers_too(world: World) -> None:
    chat = at_option(world, ZH)
    chat.says("挂机")
    chat.presses("4 个")

    assert chat.values["quantity"] == 4


@BOTH
def test_more_than_a_visit_holds_is_said_and_asked_again(world: World, lang: str) -> None:
    chat = at_option(world, lang)
    chat.says(WALL[lang])
    chat.says("9")

    assert chat.asking == "quantity"
    chat.sees("最多做 5 个" if lang == ZH else "One visit takes 5 at most")
    assert "quantity" not in chat.values


@BOTH
def test_the_first_sentence_says_how_many(world: World, lang: str) -> None:
    chat = at_summary(world, lang)

    assert chat.values["quantity"] == 2
    chat.sees("挂机 × 2" if lang == ZH else "Wall unit × 2", "15:00–16:30", "¥99 × 2")


@BOTH
def test_the_order_its_card_and_its_technician_know_how_many(world: World, lang: str) -> None:
    chat = at_summary(world, lang)
    chat.says(WORDS[lang]["yes"])
    order = chat.order
    assert (order.quantity, order.ends_at - order.starts_at) == (2, timedelta(minutes=90))
    chat.says(f"订单 {order.code}" if lang == ZH else f"order {order.code}")
    chat.sees("挂机 × 2" if lang == ZH else "Wall unit × 2", "¥99 × 2")

    asked = order.technician_id
    chat.pays()
    offered = next(
        other
        for other in world.chats.values()
        if other is not chat and other.name.startswith("technician-") and other.working.id == asked
    )
    offered.sees("挂机 × 2")
    offered.presses("接单")
    offered.says("明天的单")
    offered.sees("挂机 × 2")
    world.settled()


@pytest.mark.parametrize(
    ("lang", "said", "count", "until"),
    [
        (ZH, "改成三台", 3, "17:15"),
        (ZH, "再加一台", 3, "17:15"),
        (ZH, "还是一台吧", 1, "15:45"),
        (EN, "make it three units", 3, "17:15"),
        (EN, "one more unit please", 3, "17:15"),
    ],
)
def test_a_correction_changes_the_number_and_holds_the_new_length(
    world: World, lang: str, said: str, count: int, until: str
) -> None:
    chat = at_summary(world, lang)
    chat.says(said)

    assert chat.values["quantity"] == count
    assert chat.asking == "*summary*"
    chat.sees(f"15:00–{until}", "已改好（数量）" if lang == ZH else "Changed: quantity.")
    assert [held.ends_at - held.starts_at for held in chat.held] == [timedelta(minutes=45 * count)]


def test_a_number_too_large_for_the_summary_leaves_it_as_it_was(world: World) -> None:
    chat = at_summary(world, ZH)
    chat.says("改成八台")

    assert chat.values["quantity"] == 2
    chat.sees("最多做 5 个", "15:00–16:30")


def test_more_of_it_that_no_longer_fits_asks_for_another_time(world: World) -> None:
    """From 19:30 two wall units are done by nine; five would last beyond the shop's day."""
    chat = at_summary(world, ZH, "明天晚上七点半洗两台空调")
    chat.says("改成五台")

    assert chat.values["quantity"] == 5
    assert chat.asking == "start"
    chat.presses(chat.labels[0])
    assert chat.asking == "*summary*"
    chat.sees("挂机 × 5")
    assert [held.ends_at - held.starts_at for held in chat.held] == [timedelta(minutes=225)]


@BOTH
def test_the_number_is_changed_by_a_button_or_by_its_name(world: World, lang: str) -> None:
    chat = at_summary(world, lang)
    chat.presses("改数量" if lang == ZH else "Change quantity")
    assert chat.asking == "quantity"
    chat.says("1")
    assert (chat.asking, chat.values["quantity"]) == ("*summary*", 1)
    chat.says("数量不对" if lang == ZH else "change the quantity")
    assert chat.asking == "quantity"


def test_another_option_keeps_the_number_as_far_as_a_visit_may_hold_it(world: World) -> None:
    chat = at_summary(world, ZH, "明天下午三点洗四台空调")
    chat.says("换成柜机")

    assert chat.asking == "quantity"
    chat.sees("最多做 3 个")
    chat.says("2")
    chat.sees("柜机 × 2", "¥139 × 2")


def test_another_service_that_is_not_counted_forgets_the_number(world: World) -> None:
    chat = at_summary(world, ZH)
    chat.says("改成油烟机清洗")
    chat.says("油烟机")

    assert "quantity" not in chat.values
    chat.does_not_see("×")


def test_so_many_hours_are_so_many_of_what_lasts_one(world: World) -> None:
    """ "3 hours of cleaning" where cleaning is sold by the hour."""
    world.run(_sell_hours)
    chat = world.chat("lin", EN)
    chat.says("3 hours of ironing please")

    assert chat.values["quantity"] == 3
    assert chat.asking == "address"


def _sell_hours(tx: Tx) -> None:
    shop = catalogue(tx)
    made = add_service(
        tx,
        shop.services[0].store_id,
        code="ironing",
        category="housekeeping",
        names={"zh-Hans": "熨烫", "en": "Ironing"},
        descriptions={"zh-Hans": "按小时熨烫。", "en": "Ironing by the hour."},
        buffer_minutes=15,
    )
    add_option(
        tx, made.id, code="hour", names={"zh-Hans": "每小时", "en": "Per hour"}, minutes=60, price_minor=6000, most=6
    )
