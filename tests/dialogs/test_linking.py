"""One person on several channels: linked by a code, a link or a phone; told where they like; going on elsewhere."""

import re

import pytest
from sqlalchemy import select

from core import people
from core.db import Tx
from core.effects import EffectKind
from core.effects.sms import open_sms
from core.effects.work import claim_due
from core.money.payments import live_payment
from core.uniting import answer
from core.uniting.tables import joining
from tests.dialogs.chat import Chat, World

_PHONE = "+8613712345678"
_CODE = re.compile(r"[2-9A-HJKMNP-Z]{8}")


def _code(chat: Chat) -> str:
    found = _CODE.search(chat.text)
    assert found is not None, chat.text
    return found.group()


def _two(world: World) -> tuple[Chat, Chat]:
    """A customer with a past on Telegram, and the same human as a stranger on WeChat."""
    telegram = world.chat("lin-on-telegram", channel="telegram", account="main")
    telegram.says("你好")
    wechat = world.chat("lin-on-wechat", channel="wechat", account="main")
    wechat.says("你好")
    return telegram, wechat


def test_a_code_shown_on_one_side_and_typed_on_the_other_makes_two_accounts_one(world: World) -> None:
    telegram, wechat = _two(world)

    telegram.says("绑定")
    wechat.says(f"绑定 {_code(telegram)}")
    wechat.sees("要把 Telegram 上的账号和这里", "合并")
    wechat.presses("合并")
    wechat.sees("正在合并")
    world.later(seconds=1)

    assert telegram.person_id == wechat.person_id
    telegram.sees("绑定好了", "微信")
    wechat.sees("绑定好了", "Telegram")
    world.settled()


def test_the_code_alone_is_enough_in_the_middle_of_something_too(world: World) -> None:
    telegram, wechat = _two(world)

    telegram.says("绑定")
    wechat.says("绑定账号")
    wechat.says("想约个肩颈按摩")
    code = _code(telegram).lower()
    wechat.says(f"{code[:4]} {code[4:]}")
    wechat.presses("合并")
    world.later(seconds=1)

    assert telegram.person_id == wechat.person_id


def test_a_link_opens_the_summary_on_the_other_side(world: World) -> None:
    telegram, wechat = _two(world)

    wechat.says("link my Telegram")
    telegram.event("start", f"l_{_code(wechat)}")
    telegram.sees("微信上的账号")
    telegram.presses("合并")
    world.later(seconds=1)

    assert telegram.person_id == wechat.person_id


def test_nothing_happens_without_a_yes(world: World) -> None:
    telegram, wechat = _two(world)

    telegram.says("绑定")
    wechat.says(f"绑定 {_code(telegram)}")
    wechat.presses("先不要")
    wechat.sees("先不合并")
    world.later(seconds=1)

    assert telegram.person_id != wechat.person_id


def test_of_two_accounts_on_one_channel_each_is_told(world: World) -> None:
    old, new = (world.chat(name, channel="telegram", account="main") for name in ("old", "new"))
    old.says("绑定")

    new.says(f"绑定 {_code(old)}")
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
    wechat.event("start", f"l_{_code(telegram)}")
    wechat.presses("合併")
    world.later(seconds=1)

    wechat.sees("綁定好了")
    telegram.sees("绑定好了")
    telegram.says("我的消息")
    assert telegram.text.count("定好了") == 1, "both told one person the same"


def test_what_is_pasted_from_the_other_side_changes_nobodys_language(world: World) -> None:
    telegram = world.chat("lin-on-telegram", channel="telegram", account="main")
    telegram.says("你好")
    wechat = world.chat("lin-on-wechat", "zh-Hant", channel="wechat", account="main")
    wechat.says("我想預約肩頸按摩")
    telegram.says("绑定")

    wechat.says(f"绑定 {_code(telegram)}")
    wechat.presses("合併")
    wechat.says("通知发到 Telegram")

    wechat.sees("綁定")


def test_of_two_seats_of_the_page_one_message_tells_that_they_are_one(world: World) -> None:
    old, new = world.chat("old-seat"), world.chat("new-seat")
    old.says("你好")
    old.says("绑定")

    new.says(f"绑定 {_code(old)}")
    new.presses("合并")
    world.later(seconds=1)

    said = [message.body.text for chat in (old, new) for message in chat.received]
    assert sum("绑定好了" in text for text in said) == 1


def test_a_code_is_good_once_and_for_ten_minutes(world: World) -> None:
    telegram, wechat = _two(world)
    third = world.chat("someone-else", channel="wechat", account="main")
    third.says("你好")

    telegram.says("绑定")
    code = _code(telegram)
    wechat.says(f"绑定 {code}")
    wechat.presses("合并")
    third.says(f"绑定 {code}")
    third.sees("不对，或者已经过期")

    world.later(seconds=1)
    telegram.says("绑定")
    later = _code(telegram)
    world.later(minutes=10)
    third.says(f"绑定 {later}")
    third.sees("不对，或者已经过期")


def test_the_same_code_is_shown_again_while_it_is_good(world: World) -> None:
    telegram, _ = _two(world)

    telegram.says("绑定")
    code = _code(telegram)
    telegram.says("绑定账号")

    telegram.sees(code)
    assert telegram.flow is None, "nothing is asked of whoever goes to the other phone"


def test_after_five_codes_nothing_is_looked_at_for_ten_minutes(world: World) -> None:
    telegram, wechat = _two(world)
    telegram.says("绑定")
    code = _code(telegram)

    for _ in range(5):
        wechat.event("start", "l_2222ABCD")
        wechat.sees("不对，或者已经过期")
    wechat.event("start", f"l_{code}")
    wechat.sees("次数有限")
    world.later(minutes=10)
    telegram.says("绑定")
    wechat.says(f"绑定 {_code(telegram)}")

    wechat.sees("Telegram 上的账号")


def test_ones_own_code_joins_nobody(world: World) -> None:
    telegram, _ = _two(world)

    telegram.says("绑定")
    telegram.says(_code(telegram))

    telegram.sees("到那边发给我")


def test_two_technicians_are_never_joined_and_are_told_so(world: World) -> None:
    wang, zhao = world.technician("wang"), world.technician("zhao")

    wang.says("绑定")
    zhao.says(f"绑定 {_code(wang)}")

    zhao.sees("技师")
    assert wang.person_id != zhao.person_id


def test_a_customer_who_is_a_technician_elsewhere_becomes_the_technician(world: World) -> None:
    wang, wechat = world.technician("wang"), world.chat("wang-as-customer", channel="wechat", account="main")
    before = wang.person_id

    wechat.says("你好")
    wechat.says("绑定")
    wang.says(f"绑定 {_code(wechat)}")
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
    lin.says(f"绑定 {_code(wechat)}")
    lin.presses("合并")
    world.later(seconds=1)
    wechat.says("我的订单")

    assert wechat.person_id == before
    wechat.sees(code)
    assert world.read(lambda tx: live_payment(tx, wechat.orders[0].id)) is not None
    world.settled()


def _gave_phone(world: World, chat: Chat) -> None:
    person_id = chat.person_id
    world.run(lambda tx: people.set_phone(tx, person_id, _PHONE))


def _sms_code(world: World) -> str:
    """The code of the newest text message that is to go out; none when there is none."""

    def newest(tx: Tx) -> str:
        found = claim_due(tx, kinds=[EffectKind.SMS], real_now=world.now, most=5)
        return open_sms(tx, found[-1]).code if found else ""

    return world.run(newest)


def _by_phone(chat: Chat, phone: str) -> None:
    chat.says("绑定")
    chat.presses("改用手机号")
    chat.says(phone)


def test_by_phone_the_other_side_has_the_last_word(world: World) -> None:
    telegram, wechat = _two(world)
    _gave_phone(world, telegram)

    _by_phone(wechat, "13712345678")
    wechat.sees("如果这个号码")
    wechat.says(_sms_code(world))
    wechat.sees("尾号 5678")
    wechat.presses("合并")
    wechat.sees("还差一步")
    world.later(seconds=1)
    assert telegram.person_id != wechat.person_id
    telegram.sees("是您本人吗")
    telegram.presses("是我，去合并")
    telegram.says(_sms_code(world))
    telegram.presses("合并")
    world.later(seconds=1)

    assert telegram.person_id == wechat.person_id
    world.settled()


def test_who_told_a_phone_that_is_not_theirs_becomes_nobody_by_saying_it_is_them(world: World) -> None:
    liar, owner = _two(world)
    _gave_phone(world, liar)
    _by_phone(owner, "13712345678")
    owner.says(_sms_code(world))
    owner.presses("合并")
    world.later(seconds=1)

    liar.presses("是我，去合并")
    liar.sees("6 位数字")
    right = _sms_code(world)  # on the owner's phone
    liar.says(f"{(int(right) + 1) % 1_000_000:06d}")
    liar.sees("验证码不对")
    liar.says("是")
    world.later(seconds=1)

    assert liar.person_id != owner.person_id
    (asked,) = world.read(lambda tx: tx.all(select(joining.c.id)))
    liar_id = liar.person_id
    assert not world.run(lambda tx: answer(tx, asked.id, person_id=liar_id, yes=True, now=world.now))


def test_who_says_it_is_not_them_stays_alone(world: World) -> None:
    telegram, wechat = _two(world)
    _gave_phone(world, telegram)
    _by_phone(wechat, "13712345678")
    wechat.says(_sms_code(world))
    wechat.presses("合并")
    world.later(seconds=1)

    telegram.presses("不是我")
    telegram.sees("没有合并")
    world.later(seconds=1)
    telegram.presses("是我，去合并")

    telegram.sees("过期或处理过")
    assert telegram.person_id != wechat.person_id


def test_a_phone_proved_on_both_sides_needs_no_further_word(world: World) -> None:
    telegram, wechat = _two(world)
    _gave_phone(world, telegram)
    telegram_id = telegram.person_id
    world.run(lambda tx: people.phone_proved(tx, telegram_id, _PHONE, world.now))

    _by_phone(wechat, "13712345678")
    wechat.says(_sms_code(world))
    wechat.presses("合并")
    world.later(seconds=1)

    assert telegram.person_id == wechat.person_id


def test_a_contact_of_ones_own_needs_no_text_message(world: World) -> None:
    telegram, wechat = _two(world)
    _gave_phone(world, wechat)

    telegram.says("绑定")
    telegram.presses("改用手机号")
    telegram.contact("+8613712345678")

    telegram.sees("微信上尾号 5678 的账号")


def test_who_asks_cannot_tell_whether_a_phone_is_known(world: World) -> None:
    telegram, wechat = _two(world)
    third = world.chat("third", channel="telegram", account="main")
    third.says("你好")
    _gave_phone(world, telegram)

    _by_phone(wechat, "13712345678")
    _by_phone(third, "13787654321")

    assert wechat.text.replace("5678", "") == third.text.replace("4321", "")
    assert _sms_code(world) != ""
    assert _sms_code(world) == ""


def test_a_wrong_code_by_text_joins_nobody(world: World) -> None:
    telegram, wechat = _two(world)
    _gave_phone(world, telegram)

    _by_phone(wechat, "13712345678")
    right = _sms_code(world)
    wechat.says(f"{(int(right) + 1) % 1_000_000:06d}")

    wechat.sees("验证码不对")


def _linked(world: World) -> tuple[Chat, Chat]:
    telegram, wechat = _two(world)
    telegram.says("绑定")
    wechat.says(f"绑定 {_code(telegram)}")
    wechat.presses("合并")
    world.later(seconds=1)
    return telegram, wechat


def test_somebody_says_where_to_be_told(world: World) -> None:
    _, wechat = _linked(world)

    wechat.says("通知发到Telegram")
    wechat.sees("先发到 Telegram")

    assert world.read(lambda tx: people.identities_of(tx, wechat.person_id))[0].channel == "telegram"
    wechat.says("我的资料")
    wechat.sees("绑定渠道：Telegram、微信", "通知发到：Telegram")


def test_a_channel_somebody_is_against_is_never_the_one_they_are_told_on(world: World) -> None:
    _, wechat = _linked(world)

    wechat.says("别发微信了，发telegram")
    wechat.sees("先发到 Telegram")
    wechat.says("不要发 Telegram 了，通知发微信")
    wechat.sees("先发到微信")
    wechat.says("通知发到网页")

    wechat.sees("网页还没绑定", "先发到哪里", "绑定账号")


def test_a_channel_not_linked_yet_is_named_with_the_way_to_link_it(world: World) -> None:
    _, wechat = _two(world)

    wechat.says("别发微信了，发telegram")

    wechat.sees("Telegram 还没绑定", "绑定账号")


@pytest.mark.parametrize("words", ["短信通知我", "发邮件给我", "text me by SMS"])
def test_who_wants_text_messages_hears_when_they_come(world: World, words: str) -> None:
    _, wechat = _linked(world)

    wechat.says(words)

    wechat.sees("都收不到时才发短信")


def test_the_code_is_shown_again_to_who_turns_back_from_linking_by_phone(world: World) -> None:
    telegram, _ = _two(world)
    telegram.says("绑定")
    code = _code(telegram)
    telegram.presses("改用手机号")

    telegram.says("绑定")

    telegram.sees(code)
    assert telegram.flow is None


def test_a_code_with_its_word_is_no_address(world: World) -> None:
    telegram, wechat = _two(world)
    telegram.says("绑定")
    wechat.says("明天下午三点想约个肩颈按摩，60分钟")
    assert wechat.asking == "address"

    wechat.says(f"绑定 {_code(telegram)}")

    wechat.sees("要把 Telegram 上的账号和这里")


def test_linking_by_phone_can_be_asked_for_in_words(world: World) -> None:
    _, wechat = _two(world)

    wechat.says("用手机号绑定")

    wechat.sees("您在另一边留的手机号")


def test_a_channel_that_is_not_linked_cannot_be_unlinked_and_is_named(world: World) -> None:
    telegram, _ = _two(world)

    telegram.says("解绑微信")

    telegram.sees("您没有绑定微信")
    telegram.does_not_see("不能解绑")


def test_unlinking_the_channel_one_writes_on_speaks_of_here(world: World) -> None:
    telegram, _ = _linked(world)

    telegram.says("解绑Telegram")
    telegram.sees("解绑 Telegram 后，这里不再收到提醒")
    telegram.presses("解绑")

    telegram.sees("这里不会再收到通知")


def test_on_wechat_the_messages_are_one_list_of_numbers(world: World) -> None:
    _, wechat = _linked(world)

    wechat.says("我的消息")

    assert wechat.text == "最近发给您的消息："
    assert "绑定好了" in wechat.labels[0]


def test_a_wrong_code_in_the_middle_of_something_leaves_that_open_and_offers_the_phone(world: World) -> None:
    _, wechat = _two(world)
    wechat.says("想约个肩颈按摩")

    wechat.says("AB2CD3EF")

    wechat.sees("不对，或者已经过期", "还没办完", "改用手机号")
    assert "\n\n" not in wechat.text


def test_on_wechat_nobody_is_given_a_link_that_wechat_does_not_open(world: World) -> None:
    _, wechat = _two(world)

    wechat.says("邀请朋友")

    wechat.sees("start=i_")
    wechat.does_not_see("t.me")


@pytest.mark.parametrize(("words", "answer"), [("我有绑定码", "绑定码"), ("你们刚发了啥", "最近发给您的消息")])
def test_everyday_words_about_codes_and_messages_are_understood(world: World, words: str, answer: str) -> None:
    _, wechat = _linked(world)

    wechat.says(words)

    wechat.sees(answer)


def test_with_one_channel_there_is_nothing_to_choose(world: World) -> None:
    visitor = world.chat("visitor", "en", channel="telegram", account="main")

    visitor.says("text me on WeChat")

    visitor.sees("You're only on Telegram")


def test_a_channel_is_unlinked_after_a_yes_but_never_the_last(world: World) -> None:
    telegram, wechat = _linked(world)

    telegram.says("解绑微信")
    telegram.presses("解绑")
    telegram.sees("已解绑微信")
    telegram.says("解绑")

    telegram.sees("不能解绑")
    wechat.says("你好")
    assert wechat.person_id != telegram.person_id


def test_what_was_begun_on_one_channel_goes_on_on_the_other(world: World) -> None:
    telegram, wechat = _linked(world)

    telegram.says("想约个肩颈按摩")
    wechat.says("60分钟的")

    wechat.sees("我们接着说")
    assert wechat.flow == "book"
    telegram.presses(telegram.labels[0])  # a button of the same person's other channel
    assert telegram.flow == "book"
    assert telegram.last.replaces is None


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
