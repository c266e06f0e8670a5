"""Orders of another channel: who has none here is told how to see them, in the words of their own language."""

import pytest

from tests.dialogs.chat import World
from tests.dialogs.linking import linked


@pytest.mark.parametrize(
    ("lang", "channel", "said"),
    [
        ("zh-Hans", "telegram", "我在微信下的单怎么看不到"),
        ("zh-Hans", "wechat", "我的订单"),
        ("zh-Hans", "wechat", "取消订单"),
        ("zh-Hans", "web", "微信上的订单呢"),
        ("zh-Hans", "telegram", "我用另一个号约的单找不到了"),
        ("zh-Hant", "telegram", "我在微信訂的單怎麼看不到"),
        ("en", "telegram", "i booked on wechat, where is my order"),
        ("en", "web", "i paid on the other account"),
        ("en", "wechat", "my orders"),
    ],
)
def test_who_has_no_order_here_is_offered_to_link(world: World, lang: str, channel: str, said: str) -> None:
    chat = world.chat("somebody", lang, channel=channel, account="demo" if channel == "web" else "main")

    chat.says(said)
    chat.presses({"zh-Hans": "绑定账号", "zh-Hant": "綁定帳號", "en": "Link an account"}[lang])

    chat.sees({"zh-Hans": "有效", "zh-Hant": "有效", "en": "works once"}[lang])


def test_only_channels_that_are_not_linked_yet_are_named(world: World) -> None:
    telegram, _ = linked(world)

    telegram.says("我的订单")

    telegram.sees("在别处（网页）下的单")


def test_who_has_orders_here_and_misses_another_sees_both_the_list_and_the_way(world: World) -> None:
    lin = world.customer("xiaoyu")
    lin.books_to_summary()
    lin.says("好的")
    code = lin.orders[0].code

    lin.says("我在微信下的单怎么没有")

    lin.sees(code, "绑定账号后")


def test_a_wish_to_book_that_names_a_channel_is_no_order_of_another(world: World) -> None:
    chat = world.chat("somebody", channel="telegram", account="main")

    chat.says("想约明天的肩颈按摩，微信能付款吗")

    chat.does_not_see("绑定账号")
