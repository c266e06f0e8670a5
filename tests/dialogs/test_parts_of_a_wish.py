"""A wish told in parts or in two: a door said after its place, an option by its number, one visit after the other."""

import pytest

from core.catalog import catalogue
from dialogs.fields.doors import is_a_door, joined
from tests.dialogs.chat import World
from tests.dialogs.steps import EN, ZH, in_english

BOTH = pytest.mark.parametrize("lang", [ZH, EN])


def test_a_building_and_a_flat_complete_the_address_said_before(world: World) -> None:
    chat = world.chat("lin")
    chat.says("肩颈60分钟明天下午三点谁都行")
    chat.says("锦江区春熙路88号3栋")
    chat.says("3栋1单元502")

    assert chat.values["address"]["text"] == "锦江区春熙路88号3栋1单元502"


def test_a_hotel_s_place_said_after_it_stays_with_it(world: World) -> None:
    chat = world.chat("lin")
    chat.says("肩颈60分钟明天下午三点谁都行")
    chat.says("我在全季酒店 808房 春熙路那家")

    assert chat.values["address"]["text"] == "春熙路 全季酒店 808房"
    assert chat.values["address"]["region"] is not None


def test_what_is_said_before_an_address_is_no_part_of_it(world: World) -> None:
    chat = in_english(world.chat("lin"), EN)
    chat.says("neck massage 60 minutes tomorrow 3pm anyone")
    chat.says("I'm staying at the Ritz-Carlton, room 1507")

    assert chat.values["address"]["text"] == "Ritz-Carlton, room 1507"


@pytest.mark.parametrize(("place", "door", "whole"), [
    ("望京花园", "3号楼 502", "望京花园3号楼 502"),
    ("望京花园3号楼", "5号楼502", "望京花园5号楼502"),
    ("春熙路88号1栋2单元1203", "1栋1单元502", "春熙路88号1栋1单元502"),
    ("10 Camden Road", "flat 3", "10 Camden Road flat 3"),
])  # fmt: skip
def test_a_door_is_put_to_its_place_and_replaces_what_it_names_anew(place: str, door: str, whole: str) -> None:
    assert is_a_door(door)
    assert joined(place, door) == whole


@pytest.mark.parametrize("said", ["春熙路", "望京花园3号楼", "明天三点", "90分钟", "flat white", "一点", "502号技师"])
def test_what_names_a_place_or_something_else_is_no_door(said: str) -> None:
    assert not is_a_door(said)


@pytest.mark.parametrize(("said", "option"), [
    ("全身90", "90 分钟"), ("全身按摩九十", "90 分钟"), ("full body 120", "120 分钟"),
    ("马桶堵了", "下水疏通"), ("家里漏水了很急", "龙头漏水"), ("fix my leaky tap", "龙头漏水"),
    ("toilet blocked", "下水疏通"),
])  # fmt: skip
def test_an_option_told_by_its_number_or_its_purpose_is_not_asked_again(world: World, said: str, option: str) -> None:
    chat = in_english(world.chat("lin"), EN if said.isascii() else ZH)
    chat.says(said)

    assert chat.asking != "option"
    names = {each.id: each.names[ZH] for service in world.read(catalogue).services for each in service.options}
    assert names[chat.values["option"]] == option


@BOTH
def test_a_second_visit_wished_for_is_told_and_offered_when_the_first_stands(world: World, lang: str) -> None:
    chat = in_english(world.customer("xiaoyu"), lang)
    chat.says(
        "帮我约明天下午美甲再约一个保洁" if lang == ZH else "book a manicure tomorrow afternoon and a house cleaning"
    )
    chat.sees("接着约日常保洁" if lang == ZH else "then Home cleaning")
    chat.says("下午两点" if lang == ZH else "2pm")
    chat.says("谁都行" if lang == ZH else "anyone")
    chat.presses("确认下单" if lang == ZH else "Confirm")

    chat.presses("接着约日常保洁" if lang == ZH else "Book Home cleaning next")
    assert chat.flow == "book"


@BOTH
def test_a_service_added_to_a_booking_does_not_replace_it(world: World, lang: str) -> None:
    chat = in_english(world.customer("xiaoyu"), lang)
    chat.says("明天下午两点日常保洁3小时 谁都行" if lang == ZH else "home cleaning 3 hours tomorrow 2pm anyone")
    known = chat.values["service"]
    chat.says("再加一次空调清洗" if lang == ZH else "and add an AC clean")

    assert chat.values["service"] == known
    assert chat.values["then"] != known


def test_one_or_the_other_is_no_wish_for_both(world: World) -> None:
    chat = in_english(world.chat("lin"), EN)
    chat.says("a manicure or a facial tomorrow")

    assert "then" not in chat.values
