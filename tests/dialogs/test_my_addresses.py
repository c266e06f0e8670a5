"""One's own addresses: listed, added, removed after a yes, one of them always meant; nobody else's can be reached."""

import pytest

from core import people
from core.people import Address
from tests.dialogs.chat import Chat, World
from tests.dialogs.steps import EN, ZH
from tests.dialogs.test_bad_input import with_action

BOTH = pytest.mark.parametrize("lang", [ZH, EN])


def kept(world: World, chat: Chat) -> tuple[Address, ...]:
    return world.read(lambda tx: people.addresses(tx, chat.person_id))


@BOTH
def test_addresses_are_listed_with_what_they_are(world: World, lang: str) -> None:
    chat = world.customer("xiaoyu" if lang == ZH else "emma", lang)
    chat.says("我的地址" if lang == ZH else "my addresses")
    chat.sees(*(("家 · 望京花园", "公司 · 天府三街") if lang == ZH else ("Home · ", "Hotel · ")))


@BOTH
def test_an_address_is_added_with_its_label_and_meant_by_it_from_then_on(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.says("我的地址" if lang == ZH else "my addresses")
    chat.sees("还没有" if lang == ZH else "no saved")
    chat.presses("添加地址" if lang == ZH else "Add an address")
    chat.says("锦江区春熙路3号201" if lang == ZH else "3 Chunxi Road, flat 201, Jinjiang")
    assert chat.asking == "label", chat.transcript()
    chat.presses("公司" if lang == ZH else "Work")
    chat.sees("公司 · " if lang == ZH else "Work · ")
    assert [(one.label, one.always) for one in kept(world, chat)] == [("work", False)]

    chat.says("约个肩颈按摩，60分钟，到公司" if lang == ZH else "a neck massage, 60 minutes, at my office")
    assert chat.values["address"]["id"] == kept(world, chat)[0].id


def test_a_pin_needs_its_door_before_it_is_kept(world: World) -> None:
    chat = world.chat("lin")
    chat.says("加个地址")
    chat.location()
    assert chat.asking == "door"
    chat.says("8栋1101")
    chat.says("不用标")
    assert [one.label for one in kept(world, chat)] == [None]
    assert "8栋1101" in kept(world, chat)[0].text


def test_an_address_elsewhere_is_not_kept(world: World) -> None:
    chat = world.chat("lin")
    chat.says("加个地址")
    chat.says("上海市浦东新区陆家嘴环路1000号")
    assert chat.asking == "address"
    assert kept(world, chat) == ()


@BOTH
def test_an_address_is_removed_after_one_yes(world: World, lang: str) -> None:
    chat = world.customer("xiaoyu" if lang == ZH else "emma", lang)
    before = kept(world, chat)
    chat.says("删除地址" if lang == ZH else "delete an address")
    chat.says("1")
    assert kept(world, chat) == before
    chat.says("好的" if lang == ZH else "yes")
    assert kept(world, chat) == before[1:]


def test_no_keeps_the_address(world: World) -> None:
    chat = world.customer("xiaoyu")
    before = kept(world, chat)
    chat.says("删除公司的地址")
    chat.sees("天府三街")
    chat.presses("先留着")
    assert kept(world, chat) == before
    assert chat.flow is None


def test_the_default_address_is_the_one_meant_when_none_is_named(world: World) -> None:
    chat = world.customer("xiaoyu")
    chat.says("我的地址")
    chat.presses("天府三街")
    chat.presses("设为默认")
    chat.sees("默认")
    assert [one.always for one in kept(world, chat)] == [True, False]
    chat.says("约个肩颈按摩，60分钟")
    assert "天府三街" in chat.values["address"]["text"]
    chat.says("在家")
    assert "望京花园" in chat.values["address"]["text"]


def test_a_place_never_kept_is_asked_for(world: World) -> None:
    chat = world.customer("xiaoyu")
    chat.says("约个肩颈按摩，60分钟，到酒店")
    chat.sees("没有存过酒店")


def test_the_list_is_full_at_twenty(world: World) -> None:
    chat = world.customer("xiaoyu")
    region = kept(world, chat)[0].region_id
    me = chat.person_id
    for n in range(18):
        world.run(
            lambda tx, n=n: people.save_address(  # type: ignore[misc]
                tx, me, text=f"春熙路{n}号", region_id=region, lat=30.65, lng=104.08, now=world.now
            )
        )
    chat.says("加个地址")
    chat.sees("最多保存 20 个")
    assert chat.flow is None
    chat.says("我的地址")
    assert len(chat.labels) == 9  # seven, the next page, and adding one
    chat.presses("更多")
    assert len(chat.labels) == 9


@pytest.mark.parametrize("flow", ["remove_address", "default_address"])
@pytest.mark.parametrize("which", ["foreign", "missing"])
def test_somebody_else_s_address_and_a_missing_one_look_alike(world: World, flow: str, which: str) -> None:
    owner, thief = world.customer("xiaoyu"), world.customer("laochen")
    theirs = kept(world, owner)
    thief.says("你好")
    address_id = theirs[0].id if which == "foreign" else 12345
    with_action(world, thief, {"type": "begin", "flow": flow, "values": {"which": address_id}})
    thief.sees("没有找到")
    thief.does_not_see("望京花园")
    thief.says("好的")
    assert kept(world, owner) == theirs

    thief.says("你好")
    with_action(world, thief, {"type": "look", "view": "my_addresses", "about": {"address": address_id}})
    thief.sees("没有找到")
    thief.does_not_see("望京花园")
