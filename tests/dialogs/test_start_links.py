"""What a link into the chat opens: an order, a technician's card, an invitation, a booking."""

import re

import pytest

from core import people
from tests.dialogs.chat import World
from tests.dialogs.linking import two_accounts


def test_on_wechat_nobody_is_given_a_link_that_wechat_does_not_open(world: World) -> None:
    _, wechat = two_accounts(world)

    wechat.says("邀请朋友")

    wechat.sees("start=i_")
    wechat.does_not_see("t.me")


@pytest.mark.parametrize(
    "payload", ["", "x", "zz_1", "o_", "l_", "t_", "b_nothing", "i_nobody", "o_NOSUCH", "l_ABCD2345"]
)
def test_whatever_a_link_says_somebody_new_is_greeted(world: World, payload: str) -> None:
    visitor = world.chat("visitor", channel="telegram", account="main")

    visitor.event("start", payload)

    assert visitor.text


def test_a_link_to_an_order_shows_it_to_its_owner_alone(world: World) -> None:
    lin = world.customer("xiaoyu")
    lin.says("明天下午三点做肩颈舒缓，谁都可以")
    for _ in range(8):
        if lin.orders:
            break
        lin.presses(lin.labels[0])
    code = lin.orders[0].code
    stranger = world.chat("stranger", channel="telegram", account="main")

    lin.event("start", f"o_{code}")
    stranger.event("start", f"qrscene_o_{code}")

    lin.sees(code)
    stranger.sees("不在您名下")
    stranger.does_not_see(code)


def test_a_technicians_card_opens_by_link_with_the_way_to_book_them(world: World) -> None:
    wang, visitor = world.technician("wang"), world.chat("visitor", channel="telegram", account="main")

    wang.says("我的名片")
    found = re.search(r"start=(t_\w+)", wang.text)
    assert found is not None
    visitor.event("start", found.group(1))

    visitor.sees("王")
    assert any("约" in label for label in visitor.labels)


def test_an_invitation_counts_at_the_first_touch_only_and_never_for_oneself(world: World) -> None:
    lin, friend = world.customer("xiaoyu"), world.chat("friend", channel="telegram", account="main")

    lin.says("邀请朋友")
    found = re.search(r"start=(i_\w+)", lin.text)
    assert found is not None
    lin.event("start", found.group(1))
    friend.event("start", found.group(1))
    friend.event("start", found.group(1))

    assert world.read(lambda tx: people.came_by(tx, lin.person_id)) == 1
    old = world.customer("laochen")
    old.says("你好")
    old.event("start", found.group(1))
    assert world.read(lambda tx: people.came_by(tx, lin.person_id)) == 1


def test_a_link_begins_a_booking_of_its_service(world: World) -> None:
    visitor = world.chat("visitor", channel="telegram", account="main")

    visitor.event("start", f"b_{world.service_id('肩颈舒缓')}")

    assert visitor.flow == "book"
    assert visitor.values["service"] == world.service_id("肩颈舒缓")
