"""The menus below the chat: put up once, by role and language, and never what somebody else made."""

import asyncio

import pytest
from sqlalchemy import update

from bots.wechat import Capabilities
from bots.wechat.words import MENUS, menu_tag
from core import people, uniting
from core.messages import Template
from core.technicians import of_person
from core.technicians.tables import technician as technician_table
from core.uniting import Side, ask_to_join
from dialogs.building import build_house
from simulators.wechat.fan import Fan
from simulators.wechat.menus import leaves
from tests.builders import ZONE, a_city
from tests.wechat.conftest import Open, Opened, opening
from tests.wechat.messages import told
from tests.wechat.test_coming_in import a_follower

pytestmark = pytest.mark.anyio


def names(fan: Fan) -> list[object]:
    return [button["name"] for button in fan.menu]


async def shows(fan: Fan, wanted: list[str]) -> bool:
    """Whether the person sees these names before long: the door tags people beside its answers."""
    for _ in range(1500):
        if names(fan) == wanted:
            return True
        await asyncio.sleep(0.02)
    return False


async def beside(opened: Opened, messages: int) -> None:
    """Wait until the door has noted so many messages, and has done what it does after that."""
    await opened.reception.notes(messages)
    await asyncio.gather(*opened.door._background)


def test_every_button_says_something_the_house_understands_within_wechats_limits() -> None:
    house = build_house(public_url="http://127.0.0.1:8000", zone=ZONE, currency="CNY")

    for name, buttons in MENUS.items():
        assert 1 <= len(buttons) <= 3
        assert len(menu_tag(name)) <= 30
        assert all(len(button["name"].encode()) <= 16 for button in buttons)
        for leaf in leaves(buttons):  # type: ignore[arg-type]
            assert len(str(leaf["name"]).encode()) <= 60
            assert leaf["key"] == "human" or leaf["key"] in {**house.flows, **house.views}


async def test_customers_see_the_menu_for_everybody(open_door: Open) -> None:
    opened = await open_door()

    assert names(a_follower(opened)) == ["预约", "我的", "更多"]


async def test_a_second_start_changes_nothing(open_door: Open) -> None:
    first = await open_door()
    made = [call.path for call in first.sim.calls if call.path.startswith(("/cgi-bin/menu", "/cgi-bin/tags"))]

    await open_door(sim=first.sim)

    again = [call.path for call in first.sim.calls if call.path.startswith(("/cgi-bin/menu", "/cgi-bin/tags"))]
    assert made.count("/cgi-bin/menu/create") == 1
    assert made.count("/cgi-bin/menu/addconditional") == 5
    assert again[len(made) :] == ["/cgi-bin/menu/get", "/cgi-bin/tags/get"]


async def test_an_outdated_menu_of_ours_is_replaced_and_another_ones_is_left(open_door: Open) -> None:
    opened = await open_door()
    menus = opened.sim._platform.conditional_menus
    ours = dict(menus[0])
    menus[0]["button"] = [{"type": "click", "name": "旧", "key": "old"}]
    buttons = [{"type": "click", "name": "VIP", "key": "vip"}]
    foreign: dict[str, object] = {"button": buttons, "matchrule": {"tag_id": "999"}, "menuid": "7"}
    menus.append(foreign)

    await open_door(sim=opened.sim)

    now = opened.sim._platform.conditional_menus
    assert foreign in now
    assert len(now) == 6
    assert [one["button"] for one in now if one["matchrule"] == ours["matchrule"]] == [ours["button"]]


async def test_a_technician_gets_the_technicians_menu_and_loses_it_again(open_door: Open) -> None:
    opened = await open_door()
    city = opened.db.run(a_city)
    fan = a_follower(opened)
    await fan.says("hi")
    await beside(opened, 1)
    assert names(fan) == ["预约", "我的", "更多"]
    who = opened.db.read(lambda tx: opening(tx, fan.openid)).person_id
    change = update(technician_table).where(technician_table.c.id == city.technician.id)

    opened.db.run(lambda tx: tx.execute(change.values(person_id=who)))
    await opened.door._menus.look(fan.openid, "zh-Hans", person_id=who, anew=True)
    assert names(fan) == ["接单", "我的", "更多"]
    assert opened.db.read(lambda tx: of_person(tx, who)) is not None

    opened.db.run(lambda tx: tx.execute(change.values(person_id=0)))
    await opened.door._menus.look(fan.openid, "zh-Hans", person_id=who, anew=True)
    assert names(fan) == ["预约", "我的", "更多"]


async def test_being_approved_brings_the_technicians_menu_at_once(open_door: Open) -> None:
    opened = await open_door()
    city = opened.db.run(a_city)
    fan = a_follower(opened)
    await fan.says("hi")
    await beside(opened, 1)
    who = opened.db.read(lambda tx: opening(tx, fan.openid)).person_id
    change = update(technician_table).where(technician_table.c.id == city.technician.id).values(person_id=who)
    opened.db.run(lambda tx: tx.execute(change))

    await opened.door.deliver(told(opened, fan, Template.APPLICATION_APPROVED))

    assert await shows(fan, ["接单", "我的", "更多"])


async def test_a_technician_who_is_joined_to_a_customer_has_their_menu_with_the_next_answer(open_door: Open) -> None:
    opened = await open_door()
    city = opened.db.run(a_city)
    fan = a_follower(opened)
    await fan.says("hi")
    await beside(opened, 1)
    who, here = opened.db.read(lambda tx: opening(tx, fan.openid)).person_id, city.technician.person_id
    assert who != here

    both = Side(who, "wechat", "bell"), Side(here, "web", "main")
    opened.db.run(lambda tx: ask_to_join(tx, *both, agreed=True, now=opened.reception.clock.now()))
    opened.db.run(lambda tx: uniting.due_work(tx, opened.reception.clock.now()))
    await fan.says("hi")

    assert await shows(fan, ["接单", "我的", "更多"])


async def test_who_speaks_english_gets_an_english_menu_and_follows_again_with_it(open_door: Open) -> None:
    opened = await open_door()
    fan = opened.sim.fan()
    await fan.follows()
    await beside(opened, 1)
    who = opened.db.read(lambda tx: opening(tx, fan.openid)).person_id
    opened.db.run(lambda tx: people.set_language(tx, who, lang="en"))

    await opened.door._menus.look(fan.openid, "en", person_id=who)
    assert names(fan) == ["Book", "Mine", "More"]
    await fan.unfollows()
    fan.account.tags.clear()
    opened.advance(1)
    await fan.follows()

    assert await shows(fan, ["Book", "Mine", "More"])


async def test_nobody_is_asked_about_twice_in_a_while(open_door: Open) -> None:
    opened = await open_door()
    fan = a_follower(opened)

    for nth in range(5):
        await fan.says("hi")
        await beside(opened, nth + 1)

    assert [call.path for call in opened.sim.calls if "members" in call.path] == []


@pytest.mark.parametrize("name", ["menu", "tags"])
async def test_an_account_that_may_not_have_it_still_answers(open_door: Open, name: str) -> None:
    opened = await open_door(capabilities=Capabilities(menu=False))
    opened.sim.revoke(name)
    await opened.door._menus.put_up()
    fan = a_follower(opened)

    await fan.says("hi")

    assert (await fan.sees("heard")).kind == "passive"


async def test_a_menu_that_is_refused_does_not_stop_the_start(open_door: Open) -> None:
    opened = await open_door(secret="wrong-secret")

    assert opened.sim.calls_of("/cgi-bin/menu/create") == []
    assert await opened.sim.verify_callback()
    assert opened.door.health()["state"] == "the token is refused"
