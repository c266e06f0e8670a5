"""Looking round before booking: technicians by wishes, services by price, each with the way to book it."""

import pytest

from core import technicians
from tests.dialogs.chat import Chat, World
from tests.dialogs.steps import EN, ZH
from tests.dialogs.test_bad_input import with_action

BOTH = pytest.mark.parametrize("lang", [ZH, EN])


@BOTH
def test_technicians_are_filtered_by_stars_and_booked_from_their_card(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.says("评分4.8以上的" if lang == ZH else "rated 4.8 or better")
    chat.sees("4.8", "★4.9")
    chat.does_not_see("★4.7", "4月8日")
    chat.presses("王师傅 ★4.9" if lang == ZH else "Wang ★4.9")
    chat.sees(*(("15 年", "保健按摩师", "¥168", "★4.9") if lang == ZH else ("15", "Massage therapist", "¥168", "★4.9")))
    assert chat.last.body.photo_file_id is not None
    chat.presses("约王师傅" if lang == ZH else "Book Wang")
    assert chat.flow == "book"
    assert chat.values["technician"] == {"id": world.technician("wang").working.id}


def test_wishes_are_put_together(world: World) -> None:
    chat = world.chat("lin")
    chat.says("会做肩颈的女师傅，评分4.8以上，有证的，10年以上")
    assert chat.labels == ["林姐 ★4.9", "李师傅 ★4.8"]


def test_a_district_and_a_price_are_wishes_too(world: World) -> None:
    chat = world.chat("lin")
    chat.says("金牛区的")
    chat.does_not_see("王师傅")  # he does not go there
    chat.says("100以内的师傅")
    assert chat.labels
    chat.does_not_see("王师傅 ★4.9")


def test_where_nobody_fits_each_wish_can_be_dropped(world: World) -> None:
    chat = world.chat("lin")
    chat.says("五星的女师傅")
    chat.sees("没有符合", "5.0", "女技师")
    assert set(chat.labels) == {"男女不限", "不限评分"}
    chat.presses("不限评分")
    chat.sees("米娅")
    chat.does_not_see("王师傅")


def test_a_long_list_comes_eight_at_a_time_and_stands_still_while_it_is_paged(world: World) -> None:
    chat = world.chat("lin")
    chat.says("有哪些技师")
    first = chat.labels
    assert len(first) == 8
    assert first[-1] == "更多"
    qiqi = world.technician("qiqi").working.id
    for _ in range(400):  # would come first in a fresh list
        world.run(lambda tx: technicians.add_stars(tx, qiqi, 5))
    chat.says("更多")
    second = chat.labels
    assert not set(first[:-1]) & set(second[:-1])
    seen = [*first[:-1], *second[:-1]]
    while len(seen) < 16:
        chat.presses("更多")
        seen += [label for label in chat.labels if label != "更多"]
    names = [label.split(" ")[0] for label in seen]
    assert len(set(names)) == len(names) == 16


def test_somebody_who_left_while_the_list_was_shown_is_no_failure(world: World) -> None:
    chat = world.chat("lin")
    chat.says("会做肩颈的")
    wang = world.technician("wang").working.id
    world.run(lambda tx: technicians.suspend(tx, wang, operator_id=1, now=world.now))
    chat.presses("王师傅")
    chat.does_not_see("王师傅 ★4.9")
    assert chat.buttons


@BOTH
def test_services_are_listed_by_trade_with_the_price_they_begin_at(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.says("有什么按摩" if lang == ZH else "what massages do you have")
    chat.sees(*(("按摩", "肩颈舒缓 ¥198") if lang == ZH else ("Massage", "Neck and shoulder massage, from ¥198")))
    chat.does_not_see("光疗美甲", "Gel manicure")
    chat.presses("肩颈舒缓" if lang == ZH else "Neck and shoulder")
    chat.sees("¥268")
    chat.presses("谁会做" if lang == ZH else "Who does it")
    chat.sees("王师傅" if lang == ZH else "Wang")


@BOTH
def test_services_within_a_price(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.says("200以内" if lang == ZH else "under 200")
    chat.sees("¥200", "¥198")
    chat.does_not_see("¥228", "¥368")
    chat.says("20以内" if lang == ZH else "under 20")
    chat.sees("没有符合" if lang == ZH else "No service fits")
    chat.presses("看全部服务" if lang == ZH else "All services")
    chat.sees("¥198")


def to_technician(world: World, lang: str = ZH) -> Chat:
    chat = world.customer("xiaoyu" if lang == ZH else "emma", lang)
    chat.says("约个肩颈按摩，90分钟" if lang == ZH else "a neck massage, 90 minutes please")
    assert chat.asking == "technician"
    return chat


@BOTH
def test_wishes_in_a_booking_narrow_who_is_offered_and_stay(world: World, lang: str) -> None:
    chat = to_technician(world, lang)
    chat.says("评分4.9以上的" if lang == ZH else "rated 4.9 or above")
    chat.sees("4.9")
    chat.does_not_see("李师傅", "Li ★")
    chat.says("女的" if lang == ZH else "a woman please")
    chat.does_not_see("王师傅", "Wang ★")
    assert {name: chat.values[name] for name in ("stars", "sex")} == {"stars": 49, "sex": "female"}


def test_where_nobody_fits_in_a_booking_a_wish_can_be_dropped_and_the_booking_goes_on(world: World) -> None:
    chat = to_technician(world)
    chat.says("五星的，30年以上经验")
    chat.sees("没有符合")
    chat.presses("不限评分")
    chat.sees("没有符合", "30")
    chat.presses("不限年限")
    chat.sees("王师傅")
    assert not {"stars", "years"} & chat.values.keys()
    chat.says("王师傅")
    assert chat.asking == "start"


def test_all_conditions_can_be_dropped_at_once(world: World) -> None:
    chat = to_technician(world)
    chat.says("评分4.9以上，有证的")
    chat.presses("不限条件")
    chat.sees("李师傅")
    assert not {"stars", "certified"} & chat.values.keys()


def test_with_wishes_anyone_is_named_so_that_nobody_else_is_asked(world: World) -> None:
    chat = to_technician(world)
    chat.says("评分4.9以上，女的")
    chat.says("谁都行")
    chat.says("明天下午三点")
    assert chat.asking == "*summary*"
    chat.sees("苏苏")
    chat.says("好的")
    order = chat.order
    assert order.technician_id == world.technician("susu").working.id
    assert order.anyone_at is None


def test_somebody_chosen_who_is_as_wished_stays_and_that_is_said(world: World) -> None:
    chat = to_technician(world)
    chat.says("李师傅")
    chat.says("要女的，有证的")
    chat.sees("李师傅符合")
    assert chat.values["technician"] == {"id": world.technician("li").working.id}


def test_somebody_chosen_who_is_not_as_wished_is_chosen_again(world: World) -> None:
    chat = to_technician(world)
    chat.says("王师傅")
    chat.says("还是要20年以上经验的")
    assert chat.asking == "technician"
    chat.does_not_see("王师傅 ★")


def test_a_price_at_most_asks_for_a_shorter_option_or_says_that_there_is_none(world: World) -> None:
    chat = to_technician(world)
    chat.says("200以内")
    chat.sees("¥268", "超出", "60 分钟")
    chat.does_not_see("90 分钟 ¥268")
    assert chat.asking == "option"
    chat.says("100块以内")
    chat.sees("最低 ¥198")


@BOTH
def test_the_first_free_time_is_told_at_once_for_a_service(world: World, lang: str) -> None:
    chat = world.customer("xiaoyu" if lang == ZH else "emma", lang)
    chat.says("最早什么时候能做肩颈按摩？" if lang == ZH else "what's the earliest you can do a neck massage?")
    chat.sees("最早能约" if lang == ZH else "The earliest for")
    assert chat.asking == "option"
    chat.says("60")
    chat.sees("最早是" if lang == ZH else "The earliest is", chat.labels[0])
    assert chat.asking == "start"
    chat.says("1")
    assert chat.asking in ("phone", "*summary*")


def test_the_first_free_time_can_be_asked_for_in_the_middle_of_a_booking(world: World) -> None:
    chat = to_technician(world)
    chat.says("王师傅")
    chat.says("最早什么时候")
    chat.sees("最早是")
    chosen = chat.labels[0]
    chat.says("1")
    assert chat.start.split(" ")[1] in chosen
    chat.says("换成后天下午四点")
    assert "soonest" not in chat.values


@pytest.mark.parametrize("forged", ["technicians", "services"])
def test_a_button_about_something_that_is_gone_is_answered(world: World, forged: str) -> None:
    chat = world.chat("lin")
    chat.says("你好")
    about = {"technician": 1} if forged == "technicians" else {"service": 1}
    with_action(world, chat, {"type": "look", "view": forged, "about": about})
    assert chat.text
    chat.does_not_see("1 ")
