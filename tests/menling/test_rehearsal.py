"""The rehearsal kit itself: what outside drivers rely on."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from menling.demo.entry import DemoDataError
from menling.rehearsal import NotOnScreen, NotPossible, World

OWN: dict[str, Any] = {
    "services": [{"name": "猫咪洗澡", "options": [{"minutes": 45, "price": 88.5}]}],
    "technicians": [
        {
            "name": "小美",
            "skills": ["猫咪洗澡"],
            "base": [30.60, 104.06],
            "rota": "09:00-21:00",
            "busy": [{"from": "2026-11-22T14:00", "to": "2026-11-22T17:00"}],
        }
    ],
}


@pytest.fixture(params=["web", "telegram", "wechat"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with World(door=request.param) as made:
        yield made
        assert made.check() == []


@pytest.mark.timeout(60)
def test_whoever_comes_is_greeted_and_an_act_is_answered_before_it_returns(world: World) -> None:
    lin = world.person(lang="zh-Hans", name="林")
    assert "门铃" in lin.replies[-1].text

    lin.say("明天下午三点想约个肩颈按摩")

    assert any("60 分钟" in label for label in lin.buttons)
    assert "明天下午三点" in lin.transcript


@pytest.mark.timeout(60)
@pytest.mark.parametrize(("lang", "word"), [("zh-Hans", "预约"), ("zh-Hant", "預約"), ("en", "Book")])
def test_a_newcomer_is_spoken_to_in_the_language_they_came_with(world: World, lang: str, word: str) -> None:
    assert word in world.person(lang=lang).text


@pytest.mark.timeout(60)
def test_an_order_is_paid_by_its_link_and_offered_to_its_technician(world: World) -> None:
    customer, wang = world.person(demo="xiaoyu"), world.person(demo="王师傅")
    customer.say("明天下午三点约王师傅肩颈按摩90分钟，在家")
    customer.press("确认下单")
    order = world.orders()[0]
    assert (order.state, order.service, order.option, order.technician) == ("to_pay", "肩颈舒缓", "90 分钟", "王师傅")
    assert f"{order.starts_at:%Y-%m-%d %H:%M}" == "2026-11-22 15:00"

    customer.pay()

    assert "收到 ¥" in customer.text
    assert "接单" in wang.buttons
    wang.press("接单")
    assert world.orders()[0].state == "accepted"
    assert "接单了" in customer.text


@pytest.mark.timeout(60)
def test_a_late_notice_comes_when_time_has_passed_and_the_order_is_none_the_worse(world: World) -> None:
    customer = world.person(demo="xiaoyu")
    customer.say("明天下午三点约王师傅肩颈按摩90分钟，在家")
    customer.press("确认下单")

    customer.pay(manner="late")
    assert world.orders()[0].state == "to_pay"
    world.advance(minutes=4)

    assert world.orders()[0].state == "to_accept"


@pytest.mark.timeout(60)
def test_after_a_restart_the_next_word_goes_on_where_the_talk_stood(world: World) -> None:
    lin = world.person(demo="xiaoyu")
    lin.say("明天下午三点想约个肩颈按摩，在家")

    world.restart()
    lin.press("90 分钟")

    assert "王师傅" in "".join(lin.buttons)


@pytest.mark.timeout(60)
def test_a_burst_an_old_button_and_an_update_delivered_twice_are_all_answered_and_do_nothing_twice(
    world: World,
) -> None:
    lin = world.person(demo="xiaoyu")
    world.burst(lin, ["明天下午三点约王师傅肩颈按摩", "90分钟", "在家"])
    assert lin.replies
    lin.say("改成四点吧")
    lin.press("确认下单")
    assert len(world.orders()) == 1

    lin.redeliver()
    lin.press("确认下单", ago=1)

    assert len(world.orders()) == 1


@pytest.mark.timeout(60)
def test_a_photo_and_a_pin_arrive_by_the_doors_own_ways(world: World) -> None:
    lin = world.person(name="林")
    lin.photo()
    assert lin.replies
    lin.say("明天下午三点约肩颈按摩60分钟")

    lin.location(30.5868, 104.0727)

    assert "能上门的" in lin.text
    lin.press("谁都行")
    assert "定位" in lin.text


@pytest.mark.timeout(60)
def test_time_passes_for_everybody_and_a_replys_list_begins_afresh(world: World) -> None:
    lin = world.person(demo="xiaoyu")
    lin.say("明天下午三点约王师傅肩颈按摩90分钟，在家")
    lin.press("确认下单")
    began = world.now

    world.advance(minutes=30)

    assert world.now - began == timedelta(minutes=30)
    assert world.orders()[0].state == "expired"
    assert "付款" in lin.text


@pytest.mark.timeout(60)
def test_an_operator_works_at_the_admin_api(world: World) -> None:
    lin = world.person(demo="xiaoyu")
    lin.say("明天下午三点约王师傅肩颈按摩90分钟，在家")
    lin.press("确认下单")

    found = world.operator("admin").get("/orders")

    assert [one["code"] for one in found["items"]] == [world.orders()[0].code]


@pytest.mark.timeout(60)
def test_a_city_of_ones_own_sells_its_services_by_its_technicians_when_they_are_free() -> None:
    with World(OWN, now=datetime(2026, 11, 21, 10, 0)) as world:  # noqa: DTZ001  the city's time
        assert world.now == datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
        guest = world.person(name="客人")
        guest.say("明天下午三点猫咪洗澡")
        guest.location(30.5868, 104.0727)
        guest.say("3号楼1201")
        assert "15:00" in guest.text
        assert not any("明天 15:00" in label for label in guest.buttons)

        guest.press("小美")
        guest.say("13800138001")
        guest.press("确认下单")

        order = world.orders()[0]
        assert (order.service, order.technician, order.currency) == ("猫咪洗澡", "小美", "CNY")
        assert order.starts_at.hour not in range(14, 17)


def test_a_label_nobody_was_shown_cannot_be_pressed() -> None:
    with World() as world:
        lin = world.person(name="林")
        with pytest.raises(NotOnScreen, match="no button '没有这个'"):
            lin.press("没有这个")
        with pytest.raises(NotPossible, match="no link to pay"):
            lin.pay()
        with pytest.raises(NotPossible, match="knows nobody"):
            world.person(demo="nobody")


def test_a_catalogue_that_is_wrong_is_refused_with_its_place() -> None:
    with pytest.raises(DemoDataError, match="technicians 小美: there is no service 遛狗"):
        World({**OWN, "technicians": [{"name": "小美", "skills": ["遛狗"]}]})
    with pytest.raises(DemoDataError, match="unknown servces"):
        World({"servces": []})
    with pytest.raises(ValueError, match="there is no door fax"):
        World(door="fax")


def test_what_goes_wrong_behind_an_apology_is_found_by_check() -> None:
    with World() as world:
        lin = world.person(name="林")
        view = world.house.views["menu"]

        def broken(*_: object) -> None:
            raise RuntimeError("broken on purpose")

        object.__setattr__(view, "show", broken)
        lin.say("菜单")

        assert lin.replies
        assert any("broken on purpose" in finding for finding in world.check())


@pytest.mark.timeout(60)
def test_worlds_are_apart_and_a_hundred_conversations_fit_into_one() -> None:
    with World() as one, World() as other:
        for number in range(100):
            one.person(name=f"客{number}").say("我的订单")
        other.person(name="林").say("我的订单")

        assert len(one.people) == 100
        assert len(other.people) == 1
