# ruff: noqa: E501 - rows of sayings read best whole
"""Questions around linking: what it is for, where the code goes, whether it is done; and too many messages."""

import pytest

from core import people
from tests.dialogs.chat import World
from tests.dialogs.linking import code_in, linked, two_accounts
from tests.dialogs.steps import EN, ZH, arrived


@pytest.mark.parametrize(
    "said",
    [
        "码呢",
        "码在哪看",
        "这个码给谁",
        "过期了怎么办",
        "重新给我一个码",
        "where do I put the code",
        "another code please",
    ],
)
def test_whoever_was_shown_a_code_is_shown_it_again_with_what_to_do(world: World, said: str) -> None:
    telegram, _ = two_accounts(world)
    telegram.says("绑定")
    code = code_in(telegram)

    telegram.says(said)

    telegram.sees(code)


@pytest.mark.parametrize("said", ["码呢", "已经输入了", "where do I put it"])
def test_of_no_code_nobody_is_told_of_one(world: World, said: str) -> None:
    telegram, _ = two_accounts(world)

    telegram.says(said)

    telegram.does_not_see("到另一边", "Over there", "绑定")


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh-Hans", "怎么和我手机上那个电报绑一起"),
        ("zh-Hans", "能不能把两边的账号合并一下"),
        ("zh-Hant", "請問可以把微信跟這裡合併嗎"),
        ("en", "can I have my two accounts together"),
    ],
)
def test_linking_is_wished_for_in_many_words(world: World, lang: str, said: str) -> None:
    chat = world.chat("somebody", lang, channel="wechat", account="main")

    chat.says(said)

    assert code_in(chat)


@pytest.mark.parametrize(
    "said", ["绑定有什么用", "为什么要绑定", "what is linking", "绑定好了吗", "are my accounts linked?"]
)
def test_what_linking_does_and_how_it_stands_is_told(world: World, said: str) -> None:
    telegram, _ = two_accounts(world)

    telegram.says(said)

    assert "优惠券" in telegram.text or "vouchers" in telegram.text
    assert len(telegram.labels) == 1


@pytest.mark.parametrize("said", ["我绑了哪些", "which accounts are linked", "绑定了什么"])
def test_who_is_linked_is_told_with_what(world: World, said: str) -> None:
    telegram, _ = linked(world)

    telegram.says(said)

    telegram.sees("您已经绑定：Telegram、微信")


@pytest.mark.parametrize(
    "said",
    [
        "能不能别老给我发消息", "通知太多了", "晚上别给我发", "关闭通知", "不要提醒我", "静音", "能早点提醒我吗", "什么时候会提醒我",
        "stop notifications", "mute", "too many messages", "don't message me at night", "turn off reminders",
        "can you remind me 2 hours before",
    ],
)  # fmt: skip
def test_who_wants_to_hear_less_is_told_what_is_sent_and_when(world: World, said: str) -> None:
    chat = world.chat("lin", channel="wechat", account="main")

    chat.says(said)

    chat.sees("22:00", "08:00")


@pytest.mark.parametrize("said", ["明天晚上别的师傅有空吗", "提前一小时可以吗", "不要这个时间", "取消订单", "退订"])
def test_words_that_only_sound_like_it_mean_what_they_meant(world: World, said: str) -> None:
    chat = world.chat("lin", channel="wechat", account="main")

    chat.says(said)

    chat.does_not_see("22:00 到第二天")


@pytest.mark.parametrize(("said", "seen"), [("forget it", "All right"), ("算了不绑了", "先不办了")])
def test_who_lets_go_of_nothing_is_not_asked_for_an_order(world: World, said: str, seen: str) -> None:
    chat = world.chat("lin", "en" if said.isascii() else "zh-Hans", channel="telegram", account="main")

    chat.says(said)

    chat.sees(seen)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh-Hans", "这个码可以给别人吗"),
        ("zh-Hans", "有人打电话问我要验证码"),
        ("zh-Hant", "有人傳給我一個碼叫我傳給你，安全嗎"),
        ("en", "someone asked me for the code"),
        ("en", "is it safe to share the code"),
    ],
)
def test_whoever_wonders_about_a_code_is_warned_to_keep_it(world: World, lang: str, said: str) -> None:
    chat = world.chat("somebody", lang, channel="telegram", account="main")

    chat.says(said)

    chat.sees({"zh-Hans": "只给您自己用", "zh-Hant": "只給您自己用", "en": "for you alone"}[lang])
    assert len(chat.labels) == 1, "a person to turn to"


@pytest.mark.parametrize(("lang", "said"), [("zh-Hans", "13800138000"), ("en", "+44 7700 900123")])
def test_a_phone_out_of_nothing_is_kept_or_links_as_they_like(world: World, lang: str, said: str) -> None:
    chat = world.chat("somebody", lang, channel="telegram", account="main")

    chat.says(said)
    chat.says("1")

    assert chat.flow is None
    assert world.read(lambda tx: people.phone_of(tx, chat.person_id)) == {"en": "+447700900123"}.get(lang, f"+86{said}")


@pytest.mark.parametrize(
    ("lang", "said"), [(ZH, "师傅说要这个码，能给他吗"), (EN, "do I give the code to the technician?")]
)
def test_the_start_code_of_a_visit_is_no_code_to_keep(world: World, lang: str, said: str) -> None:
    chat, _ = arrived(world, lang)

    chat.says(said)

    chat.does_not_see("只给您自己用", "for you alone")


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (ZH, "朋友说他给的号码打不通"), (ZH, "朋友给了我一个折扣码"), (ZH, "他让我扫码付款"), (ZH, "两个订单能合并吗"),
        (EN, "which account is my refund going to?"),
    ],
)  # fmt: skip
def test_other_codes_and_accounts_are_not_taken_for_linking(world: World, lang: str, said: str) -> None:
    chat = world.chat("somebody", lang, channel="telegram", account="main")

    chat.says(said)

    chat.does_not_see("只给您自己用", "for you alone", "linked", "和别处绑定")


def test_a_phone_that_is_asked_for_is_the_answer(world: World) -> None:
    chat = world.chat("somebody", channel="telegram", account="main")
    chat.says("改手机号")

    chat.says("13800138000")

    chat.sees("手机号已改为")


@pytest.mark.parametrize(
    ("said", "seen"), [("STOP", "not signed up"), ("stop", "not signed up"), ("quit", "I've left it")]
)
def test_stop_of_who_has_nothing_to_stop_is_told_that_nothing_comes(world: World, said: str, seen: str) -> None:
    chat = world.chat("tom", "en", channel="telegram", account="main")

    chat.says(said)

    chat.sees(seen)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh-Hans", "我换了个微信，怎么找回以前的"),
        ("zh-Hans", "我原来的账号登不上了"),
        ("zh-Hant", "我換手機了，以前的訂單不見了"),
        ("en", "I lost my old account"),
        ("en", "my old orders are gone"),
    ],
)
def test_who_misses_an_account_is_shown_every_way_back(world: World, lang: str, said: str) -> None:
    chat = world.chat("somebody", lang, channel="wechat", account="main")

    chat.says(said)
    assert len(chat.labels) == 3, "by the code, by the phone, by a person"
    chat.says("2")

    assert (chat.flow, chat.asking) == ("link_account", "phone")


@pytest.mark.parametrize("said", ["什么时候通知我结果", "面试什么时候会通知我结果"])
def test_who_asks_when_we_answer_asks_for_no_fewer_messages(world: World, said: str) -> None:
    chat = world.chat("new")
    chat.says(said)

    chat.does_not_see("退订")
