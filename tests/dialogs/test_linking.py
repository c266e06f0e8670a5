"""One person on several channels: two accounts made one by a code or a link, after a yes."""

from core import people
from core.money.payments import live_payment
from tests.dialogs.chat import World
from tests.dialogs.linking import code_in, two_accounts


def test_a_code_shown_on_one_side_and_typed_on_the_other_makes_two_accounts_one(world: World) -> None:
    telegram, wechat = two_accounts(world)

    telegram.says("绑定")
    wechat.says(f"绑定 {code_in(telegram)}")
    wechat.sees("要把 Telegram 上的账号和这里", "合并")
    wechat.presses("合并")
    wechat.sees("正在合并")
    world.later(seconds=1)

    assert telegram.person_id == wechat.person_id
    telegram.sees("绑定好了", "微信")
    wechat.sees("绑定好了", "Telegram")
    world.settled()


def test_the_code_alone_is_enough_in_the_middle_of_something_too(world: World) -> None:
    telegram, wechat = two_accounts(world)

    telegram.says("绑定")
    wechat.says("绑定账号")
    wechat.says("想约个肩颈按摩")
    code = code_in(telegram).lower()
    wechat.says(f"{code[:4]} {code[4:]}")
    wechat.presses("合并")
    world.later(seconds=1)

    assert telegram.person_id == wechat.person_id


def test_a_link_opens_the_summary_on_the_other_side(world: World) -> None:
    telegram, wechat = two_accounts(world)

    wechat.says("link my Telegram")
    telegram.event("start", f"l_{code_in(wechat)}")
    telegram.sees("微信上的账号")
    telegram.presses("合并")
    world.later(seconds=1)

    assert telegram.person_id == wechat.person_id


def test_nothing_happens_without_a_yes(world: World) -> None:
    telegram, wechat = two_accounts(world)

    telegram.says("绑定")
    wechat.says(f"绑定 {code_in(telegram)}")
    wechat.presses("先不要")
    wechat.sees("先不合并")
    world.later(seconds=1)

    assert telegram.person_id != wechat.person_id


def test_of_two_accounts_on_one_channel_each_is_told(world: World) -> None:
    old, new = (world.chat(name, channel="telegram", account="main") for name in ("old", "new"))
    old.says("绑定")

    new.says(f"绑定 {code_in(old)}")
    new.presses("合并")
    world.later(seconds=1)

    assert old.person_id == new.person_id
    for chat in (old, new):
        chat.sees("绑定好了")


def test_each_side_of_two_who_became_one_is_told_so_in_the_language_it_had(world: World) -> None:
    telegram = world.chat("lin-on-telegram", channel="telegram", account="main")
    telegram.says("我想约个肩颈按摩")
    wechat = world.chat("lin-on-wechat", "zh-Hant", channel="wechat", account="main")
    wechat.says("我想預約肩頸按摩")
    wechat.says("取消")

    telegram.says("绑定")
    wechat.event("start", f"l_{code_in(telegram)}")
    wechat.presses("合併")
    world.later(seconds=1)

    wechat.sees("綁定好了")
    telegram.sees("绑定好了")
    telegram.says("我的消息")
    assert telegram.text.count("定好了") == 1, "both told one person the same"


def test_what_comes_next_is_told_in_the_language_of_the_side_that_spoke_last(world: World) -> None:
    wechat = world.chat("zhou-on-wechat", channel="wechat", account="main")
    wechat.says("我想约个肩颈按摩")
    wechat.says("绑定")
    code = code_in(wechat)
    world.later(seconds=30)
    telegram = world.chat("zhou-on-telegram", "zh-Hant", channel="telegram", account="main")
    telegram.says("我想預約肩頸按摩")
    telegram.says("取消")
    telegram.event("start", f"l_{code}")
    telegram.presses("合併")
    world.later(seconds=1)

    wechat.sees("绑定好了")
    who = telegram.person_id
    assert who == wechat.person_id
    assert world.read(lambda tx: people.person(tx, who).lang) == "zh-Hant"
    wechat.says("我的订单怎么还没到")
    assert world.read(lambda tx: people.person(tx, who).lang) == "zh-Hans"


def test_what_is_pasted_from_the_other_side_changes_nobodys_language(world: World) -> None:
    telegram = world.chat("lin-on-telegram", channel="telegram", account="main")
    telegram.says("你好")
    wechat = world.chat("lin-on-wechat", "zh-Hant", channel="wechat", account="main")
    wechat.says("我想預約肩頸按摩")
    telegram.says("绑定")

    wechat.says(f"绑定 {code_in(telegram)}")
    wechat.presses("合併")
    wechat.says("通知发到 Telegram")

    wechat.sees("綁定")


def test_after_joining_a_short_wish_in_the_letters_of_one_script_is_answered_in_it(world: World) -> None:
    telegram = world.chat("lin-on-telegram", channel="telegram", account="main")
    telegram.says("我想约个肩颈按摩")
    wechat = world.chat("lin-on-wechat", "zh-Hant", channel="wechat", account="main")
    telegram.says("绑定")
    wechat.event("start", f"l_{code_in(telegram)}")
    wechat.presses("合併")
    world.later(seconds=1)
    wechat.says("我想預約足部按摩，後天")

    telegram.says("我的消息")  # in letters of both
    telegram.sees("最近發給您的訊息")
    telegram.says("我的订单")

    telegram.sees("订单")


def test_of_two_seats_of_the_page_one_message_tells_that_they_are_one(world: World) -> None:
    old, new = world.chat("old-seat"), world.chat("new-seat")
    old.says("你好")
    old.says("绑定")

    new.says(f"绑定 {code_in(old)}")
    new.presses("合并")
    world.later(seconds=1)

    said = [message.body.text for chat in (old, new) for message in chat.received]
    assert sum("绑定好了" in text for text in said) == 1


def test_a_code_is_good_once_and_for_ten_minutes(world: World) -> None:
    telegram, wechat = two_accounts(world)
    third = world.chat("someone-else", channel="wechat", account="main")
    third.says("你好")

    telegram.says("绑定")
    code = code_in(telegram)
    wechat.says(f"绑定 {code}")
    wechat.presses("合并")
    third.says(f"绑定 {code}")
    third.sees("不对，或者已经过期")

    world.later(seconds=1)
    telegram.says("绑定")
    later = code_in(telegram)
    world.later(minutes=10)
    third.says(f"绑定 {later}")
    third.sees("不对，或者已经过期")


def test_the_same_code_is_shown_again_while_it_is_good(world: World) -> None:
    telegram, _ = two_accounts(world)

    telegram.says("绑定")
    code = code_in(telegram)
    telegram.says("绑定账号")

    telegram.sees(code)
    assert telegram.flow is None, "nothing is asked of whoever goes to the other phone"


def test_after_five_codes_nothing_is_looked_at_for_ten_minutes(world: World) -> None:
    telegram, wechat = two_accounts(world)
    telegram.says("绑定")
    code = code_in(telegram)

    for _ in range(5):
        wechat.event("start", "l_2222ABCD")
        wechat.sees("不对，或者已经过期")
    wechat.event("start", f"l_{code}")
    wechat.sees("次数有限")
    world.later(minutes=10)
    telegram.says("绑定")
    wechat.says(f"绑定 {code_in(telegram)}")

    wechat.sees("Telegram 上的账号")


def test_ones_own_code_joins_nobody(world: World) -> None:
    telegram, _ = two_accounts(world)

    telegram.says("绑定")
    telegram.says(code_in(telegram))

    telegram.sees("到那边发给我")


def test_two_technicians_are_never_joined_and_are_told_so(world: World) -> None:
    wang, zhao = world.technician("wang"), world.technician("zhao")

    wang.says("绑定")
    zhao.says(f"绑定 {code_in(wang)}")

    zhao.sees("技师")
    assert wang.person_id != zhao.person_id


def test_a_customer_who_is_a_technician_elsewhere_becomes_the_technician(world: World) -> None:
    wang, wechat = world.technician("wang"), world.chat("wang-as-customer", channel="wechat", account="main")
    before = wang.person_id

    wechat.says("你好")
    wechat.says("绑定")
    wang.says(f"绑定 {code_in(wechat)}")
    wang.presses("合并")
    world.later(seconds=1)

    assert wang.person_id == wechat.person_id == before
    world.settled()


def test_orders_addresses_and_what_is_owed_come_along(world: World) -> None:
    lin, wechat = world.customer("xiaoyu"), world.chat("lin-on-wechat", channel="wechat", account="main")
    wechat.says("你好")
    before = lin.person_id
    lin.says("明天下午三点做肩颈舒缓，谁都可以")
    for _ in range(8):
        if lin.orders:
            break
        lin.presses(lin.labels[0])
    code = lin.orders[0].code

    wechat.says("绑定")
    lin.says(f"绑定 {code_in(wechat)}")
    lin.presses("合并")
    world.later(seconds=1)
    wechat.says("我的订单")

    assert wechat.person_id == before
    wechat.sees(code)
    assert world.read(lambda tx: live_payment(tx, wechat.orders[0].id)) is not None
    world.settled()


def test_a_code_with_its_word_is_no_address(world: World) -> None:
    telegram, wechat = two_accounts(world)
    telegram.says("绑定")
    wechat.says("明天下午三点想约个肩颈按摩，60分钟")
    assert wechat.asking == "address"

    wechat.says(f"绑定 {code_in(telegram)}")

    wechat.sees("要把 Telegram 上的账号和这里")


def test_a_wrong_code_in_the_middle_of_something_leaves_that_open_and_offers_the_phone(world: World) -> None:
    _, wechat = two_accounts(world)
    wechat.says("想约个肩颈按摩")

    wechat.says("AB2CD3EF")

    wechat.sees("不对，或者已经过期", "还没办完", "改用手机号")
    assert "\n\n" not in wechat.text
