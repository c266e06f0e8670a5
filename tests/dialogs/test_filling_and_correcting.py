"""One sentence fills several fields; a later one changes what it names and nothing else."""

import pytest
from sqlalchemy import select

from core.catalog import catalogue
from core.db import Tx
from core.stores import stores
from core.support.tables import ticket
from tests.builders import a_technician
from tests.dialogs.chat import PIN, Chat, World
from tests.dialogs.words import WORDS

ZH, EN = "zh-Hans", "en"
BOTH = pytest.mark.parametrize("lang", [ZH, EN])


def at_summary(world: World, lang: str, **over: str) -> Chat:
    chat = world.chat("lin", lang)
    chat.books_to_summary(**over)
    return chat


@BOTH
def test_one_sentence_gives_service_and_time(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.says(WORDS[lang]["book"])

    assert chat.values["service"] == world.service_id("肩颈舒缓")
    assert chat.start == "11-22 15:00"
    assert chat.asking == "option"


def test_at_home_means_the_address_on_record(world: World) -> None:
    chat = world.customer("xiaoyu")
    chat.says("明天下午三点想约个肩颈按摩，在家")
    chat.says("90分钟的")

    assert "望京花园" in chat.values["address"]["text"]
    assert chat.asking == "technician"


@pytest.mark.parametrize(
    ("lang", "said", "minutes"), [(ZH, "王师傅，90分钟的", 90), (EN, "the 60 minute one, with Wang", 60)]
)
def test_technician_and_length_come_in_one_answer(world: World, lang: str, said: str, minutes: int) -> None:
    chat = world.chat("lin", lang)
    for words in (WORDS[lang]["book"], said, WORDS[lang]["address"], WORDS[lang]["phone"]):
        chat.says(words)

    assert chat.values["technician"] == {"id": world.technician("wang").working.id}
    chat.sees(f"{minutes} 分钟 · 王师傅" if lang == ZH else f"{minutes} min, with Wang")


@pytest.mark.parametrize(
    ("lang", "said", "start"),
    [
        (ZH, "改成四点吧", "11-22 16:00"),
        (ZH, "不是明天，后天", "11-23 15:00"),
        (ZH, "两小时后", "11-21 12:00"),
        (EN, "no, 4pm", "11-22 16:00"),
        (EN, "no, Friday", "11-27 15:00"),
        (EN, "tomorrow at 3", "11-22 15:00"),
        (EN, "not tomorrow, Monday", "11-23 15:00"),
    ],
)
def test_a_correction_changes_the_time_alone_and_holds_the_new_one(
    world: World, lang: str, said: str, start: str
) -> None:
    chat = at_summary(world, lang)
    before = dict(chat.values)
    chat.says(said)

    assert chat.start == start
    assert chat.asking == "*summary*"
    for kept in ("service", "option", "address", "technician", "phone"):
        assert chat.values[kept] == before[kept]
    day = start[3:5].lstrip("0")
    chat.sees(f"{day}日" if lang == ZH else f" {day} Nov", f"{start[6:]}–")
    if start != "11-22 15:00":
        chat.sees("已改好（时间）" if lang == ZH else "Changed: time.")
    assert [f"{held.starts_at:%m-%d %H}" for held in chat.held] == [_utc(start)]


def _utc(start: str) -> str:
    return f"{start[:6]}{int(start[6:8]) - 8:02d}"


def test_half_past_eight_tonight_is_tonight(world: World) -> None:
    """Zhou works late; Wang goes home at nine."""
    chat = at_summary(world, ZH, who="周师傅", book="明天晚上七点想约个肩颈按摩")
    chat.says("今晚八点半")

    assert chat.start == "11-21 20:30"
    chat.sees("11月21日 周六 20:30–22:00")


@pytest.mark.parametrize(
    ("lang", "said", "start"),
    [(ZH, "下周二下午两点半", "11-24 14:30"), (EN, "next Tuesday at half past two", "11-24 14:30")],
)
def test_next_tuesday_is_the_one_of_next_week(world: World, lang: str, said: str, start: str) -> None:
    chat = world.chat("lin", lang)
    chat.says("约个足疗，60分钟" if lang == ZH else "a foot massage, 60 minutes")
    chat.says(WORDS[lang]["address"])
    chat.says("谁都行" if lang == ZH else "anyone is fine")
    chat.says(said)

    assert chat.start == start


@pytest.mark.parametrize(("lang", "said"), [(ZH, "这周六上午"), (EN, "Saturday morning")])
def test_a_stretch_of_time_shows_its_free_starts_only(world: World, lang: str, said: str) -> None:
    chat = world.chat("lin", lang)
    chat.says("约个肩颈按摩，90分钟" if lang == ZH else "a neck massage, the 90 minute one")
    chat.says(WORDS[lang]["address"])
    chat.says("谁都行" if lang == ZH else "anyone will do")
    chat.says(said)

    assert chat.asking == "start"
    assert chat.labels
    for label in chat.labels:
        assert "11:" in label


@pytest.mark.parametrize(("lang", "said"), [(ZH, "谁都行"), (EN, "anyone is fine")])
def test_anyone_leaves_the_technician_to_us_and_says_who_is_asked_first(world: World, lang: str, said: str) -> None:
    chat = at_summary(world, lang)
    chat.says(said)

    assert chat.values["technician"] == {"anyone": True}
    chat.sees("技师不限（先问" if lang == ZH else "asked first")


@pytest.mark.parametrize(("lang", "said"), [(ZH, "换个女师傅"), (EN, "a woman please")])
def test_asking_for_a_woman_leaves_only_women_to_choose_from(world: World, lang: str, said: str) -> None:
    chat = at_summary(world, lang)
    chat.says(said)

    assert chat.values["sex"] == "female"
    assert chat.asking == "technician"
    *women, anyone, keep = chat.labels
    assert women
    assert keep == ("不改了" if lang == ZH else "Leave it as it was")
    assert all(("女" if lang == ZH else "female") in label for label in women)

    chat.presses(anyone)
    held = chat.held[0].technician_id
    women_ids = {world.technician(code).working.id for code in ("li", "susu", "lin")}
    assert held in women_ids


@pytest.mark.parametrize(("lang", "said"), [(ZH, "第二个"), (EN, "the second one")])
def test_the_second_is_the_second_of_the_choices_shown(world: World, lang: str, said: str) -> None:
    chat = world.chat("lin", lang)
    chat.says(WORDS[lang]["book"])
    second = chat.labels[1]
    chat.says(said)
    assert "90" in second
    assert chat.asking == "address"

    chat.says(WORDS[lang]["address"])
    name = chat.labels[1].split(" · ")[0]
    chat.says(said)
    chat.says(WORDS[lang]["phone"])
    chat.sees(name)


@pytest.mark.parametrize(("lang", "said"), [(ZH, "老地方"), (EN, "the usual place")])
def test_the_usual_place_is_where_one_was_last(world: World, lang: str, said: str) -> None:
    chat = world.customer("xiaoyu" if lang == ZH else "emma", lang)
    chat.says("明天下午三点肩颈按摩，送到锦江区春熙路 1 号" if lang == ZH else "neck massage tomorrow at 3pm")
    chat.says("90分钟的" if lang == ZH else "the 90 minute one")
    if lang == EN:
        chat.says("change the address to No. 1, Chunxi Road, Jinjiang")
    expected = "锦江区春熙路 1 号" if lang == ZH else "No. 1, Chunxi Road, Jinjiang"
    assert chat.values["address"]["text"] == expected
    chat.says(said)

    assert ("望京花园" if lang == ZH else "Jiaozi Bay") in chat.values["address"]["text"]


@pytest.mark.parametrize(("lang", "said"), [(ZH, "老地方"), (EN, "the usual place")])
def test_a_usual_place_we_do_not_know_is_said_and_takes_nothing_away(world: World, lang: str, said: str) -> None:
    chat = at_summary(world, lang)
    before = dict(chat.values)
    chat.says(said)

    chat.sees("还没有您用过的地址" if lang == ZH else "don't have an address")
    assert chat.values["address"] == before["address"]
    assert chat.asking == "*summary*"


@pytest.mark.parametrize(
    ("lang", "said", "later"),
    [
        (ZH, "明天下午三点在我家做肩颈按摩", "待会儿再问您"),
        (EN, "neck massage at my place tomorrow 3pm", "ask you for it in a moment"),
    ],
)
def test_an_address_we_do_not_know_is_asked_for_once(world: World, lang: str, said: str, later: str) -> None:
    chat = world.chat("lin", lang)
    chat.says(said)

    chat.sees(later)
    assert chat.asking == "option"
    assert ("门牌" if lang == ZH else "building and flat") not in chat.text


@pytest.mark.parametrize(
    ("lang", "said", "price"), [(ZH, "多少钱", "90 分钟 ¥268"), (EN, "how much is it", "90 min ¥268")]
)
def test_how_much_is_answered_for_the_service_at_hand(world: World, lang: str, said: str, price: str) -> None:
    chat = world.chat("lin", lang)
    chat.says(WORDS[lang]["book"])
    question = chat.text.splitlines()[-1]
    chat.says(said)

    chat.sees(price)
    assert chat.text.count(question) == 1
    assert chat.asking == "option"


@pytest.mark.parametrize(("lang", "said"), [(ZH, "多少钱"), (EN, "how much is it")])
def test_how_much_out_of_the_blue_is_the_whole_price_list(world: World, lang: str, said: str) -> None:
    chat = world.chat("lin", lang)
    chat.says(said)

    chat.sees("¥198", "¥368", "¥98")
    assert chat.flow is None


@pytest.mark.parametrize(("lang", "said"), [(ZH, "我的订单"), (EN, "my orders")])
def test_my_orders_lists_them_and_one_tap_shows_one(world: World, lang: str, said: str) -> None:
    chat = world.chat("lin", lang)
    chat.says(said)
    chat.sees("您还没有订单" if lang == ZH else "no orders")

    order = chat.books()
    chat.says(said)
    chat.sees(order.code, "待付款" if lang == ZH else "to be paid")
    chat.presses(order.code)
    chat.sees("138****8000" if lang == ZH else "447****0123", "¥263")


@pytest.mark.parametrize(
    ("lang", "said"), [(ZH, "取消"), (ZH, "算了不约了"), (EN, "cancel"), (EN, "cancel my booking")]
)
def test_giving_up_an_unfinished_booking_lets_the_time_go_and_says_so(world: World, lang: str, said: str) -> None:
    chat = at_summary(world, lang)
    assert len(chat.held) == 1
    chat.says(said)

    chat.sees("时间已经放开" if lang == ZH else "let the time go")
    assert chat.flow is None
    assert chat.held == []
    assert chat.orders == []


@pytest.mark.parametrize(("lang", "said"), [(ZH, "取消"), (EN, "cancel my booking")])
def test_cancelling_a_paid_order_shows_the_money_first(world: World, lang: str, said: str) -> None:
    chat = world.chat("lin", lang)
    chat.books()
    chat.pays()
    chat.says(said)

    chat.sees("全额退 ¥263" if lang == ZH else "full refund of ¥263")
    assert chat.order.state == "to_accept"


@pytest.mark.parametrize(("lang", "said"), [(ZH, "人工"), (EN, "talk to a person")])
def test_a_human_is_called_at_any_step_and_the_step_stays(world: World, lang: str, said: str) -> None:
    chat = at_summary(world, lang)
    chat.says(said)

    chat.sees("同事" if lang == ZH else "colleague")
    assert chat.asking == "*summary*"
    me = chat.person_id
    tickets = world.read(lambda tx: tx.all(select(ticket.c.person_id, ticket.c.kind)))
    assert [(row.person_id, row.kind) for row in tickets] == [(me, "human")]


@pytest.mark.parametrize(("lang", "said"), [(ZH, "好的"), (EN, "yes please")])
def test_yes_to_the_summary_places_the_order(world: World, lang: str, said: str) -> None:
    chat = at_summary(world, lang)
    chat.says(said)

    assert chat.order.state == "to_pay"
    assert chat.order.total_minor == 26300
    chat.sees(chat.order.code, "¥263")
    assert chat.flow is None


@pytest.mark.parametrize(("lang", "said"), [(ZH, "好的"), (EN, "yes please")])
def test_yes_to_nothing_does_nothing(world: World, lang: str, said: str) -> None:
    chat = world.chat("lin", lang)
    chat.says(said)

    assert chat.flow is None
    assert chat.orders == []


@pytest.mark.parametrize(
    ("lang", "said", "kept", "shown"),
    [(ZH, "13800138000", "+8613800138000", "138****8000"), (EN, "+44 7700 900123", "+447700900123", "447****0123")],
)
def test_a_phone_number_is_taken_and_shown_masked(world: World, lang: str, said: str, kept: str, shown: str) -> None:
    chat = at_summary(world, lang)

    assert chat.values["phone"] == kept
    chat.sees(shown)
    chat.does_not_see(said)
    if lang == ZH:
        chat.says("电话改成13900139000")
        assert chat.values["phone"] == "+8613900139000"


def test_an_evening_manicure_after_seven_offers_starts_after_seven(world: World) -> None:
    chat = world.chat("you", EN)
    chat.says("hi, any manicure this evening? after 7")
    assert chat.asking == "address"
    chat.location(PIN)

    assert chat.asking == "start"
    assert chat.labels
    for label in chat.labels:
        assert label.split()[1] >= "19:00"

    chat.says("8pm then")
    assert chat.start == "11-21 20:00"
    chat.says("anyone is fine")
    chat.says("Tower B 2203")
    chat.says("+44 7700 900123")
    chat.sees("20:00–21:15", "your pin Tower B 2203", "Gel manicure")


@BOTH
def test_a_later_statement_beats_an_earlier_one(world: World, lang: str) -> None:
    chat = at_summary(world, lang)
    for said in ("改成四点吧", "还是五点", "王师傅") if lang == ZH else ("no, 4pm", "make it 5pm", "with Li"):
        chat.says(said)

    assert chat.start == "11-22 17:00"


@BOTH
def test_changing_the_address_rechecks_whoever_does_not_go_there(world: World, lang: str) -> None:
    """Li does not serve Jinniu: the technician is asked anew, the rest stays."""
    chat = world.chat("lin", lang)
    chat.books_to_summary(who="李师傅" if lang == ZH else "Li")
    chat.says("地址改成金牛区茶店子路 8 号" if lang == ZH else "change the address to 8 Chadianzi Road, Jinniu")

    chat.sees("李师傅不到这个区" if lang == ZH else "Li doesn't cover that district")
    assert chat.asking == "technician"
    assert chat.start == "11-22 15:00"


def another_wang(world: World, *regions: str) -> int:
    """A second technician whom everybody calls Wang."""

    def enrolled(tx: Tx) -> int:
        shop = catalogue(tx)
        neck = shop.service(world.service_id("肩颈舒缓"))
        served = [region for region in shop.regions if region.names["zh-Hans"] in regions]
        names = {"zh-Hans": "王师傅", "en": "Wang"}
        return a_technician(tx, store=stores(tx)[0], services=[neck], regions=served, names=names).id

    return world.run(enrolled)


@BOTH
def test_of_two_with_one_name_the_one_who_comes_here_is_meant(world: World, lang: str) -> None:
    another_wang(world, "温江区")
    chat = at_summary(world, lang)

    assert chat.values["technician"] == {"id": world.technician("wang").working.id}


@BOTH
def test_two_with_one_name_who_both_come_here_are_shown_to_choose_from(world: World, lang: str) -> None:
    other = another_wang(world, "高新区")
    chat = world.chat("lin", lang)
    for told in ("book", "option", "address", "who"):
        chat.says(WORDS[lang][told])

    chat.sees("不止一位王师傅" if lang == ZH else "more than one Wang")
    assert chat.asking == "technician"
    wangs = [label for label in chat.labels if label.startswith("王师傅" if lang == ZH else "Wang")]
    assert len(wangs) == 2
    chat.presses(next(label for label in wangs if ("女" if lang == ZH else "female") in label))
    assert chat.values["technician"] == {"id": other}
