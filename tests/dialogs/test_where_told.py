"""Several channels of one person: where they are told, what is unlinked, going on elsewhere."""

import pytest

from core import people
from tests.dialogs.chat import World
from tests.dialogs.linking import linked, two_accounts


def test_somebody_says_where_to_be_told(world: World) -> None:
    _, wechat = linked(world)

    wechat.says("通知发到Telegram")
    wechat.sees("先发到 Telegram")

    assert world.read(lambda tx: people.identities_of(tx, wechat.person_id))[0].channel == "telegram"
    wechat.says("我的资料")
    wechat.sees("绑定渠道：Telegram、微信", "通知发到：Telegram")


def test_a_channel_somebody_is_against_is_never_the_one_they_are_told_on(world: World) -> None:
    _, wechat = linked(world)

    wechat.says("别发微信了，发telegram")
    wechat.sees("先发到 Telegram")
    wechat.says("不要发 Telegram 了，通知发微信")
    wechat.sees("先发到微信")
    wechat.says("通知发到网页")

    wechat.sees("网页还没绑定", "先发到哪里", "绑定账号")


def test_a_channel_not_linked_yet_is_named_with_the_way_to_link_it(world: World) -> None:
    _, wechat = two_accounts(world)

    wechat.says("别发微信了，发telegram")

    wechat.sees("Telegram 还没绑定", "绑定账号")


@pytest.mark.parametrize("words", ["短信通知我", "发邮件给我", "text me by SMS"])
def test_who_wants_text_messages_hears_when_they_come(world: World, words: str) -> None:
    _, wechat = linked(world)

    wechat.says(words)

    wechat.sees("都收不到时才发短信")


def test_a_channel_that_is_not_linked_cannot_be_unlinked_and_is_named(world: World) -> None:
    telegram, _ = two_accounts(world)

    telegram.says("解绑微信")

    telegram.sees("您没有绑定微信")
    telegram.does_not_see("不能解绑")


def test_unlinking_the_channel_one_writes_on_speaks_of_here(world: World) -> None:
    telegram, _ = linked(world)

    telegram.says("解绑Telegram")
    telegram.sees("解绑 Telegram 后，这里不再收到提醒")
    telegram.presses("解绑")

    telegram.sees("这里不会再收到通知")


def test_on_wechat_the_messages_are_one_list_of_numbers(world: World) -> None:
    _, wechat = linked(world)

    wechat.says("我的消息")

    assert wechat.text == "最近发给您的消息："
    assert "绑定好了" in wechat.labels[0]


@pytest.mark.parametrize(("words", "answer"), [("我有绑定码", "绑定码"), ("你们刚发了啥", "最近发给您的消息")])
def test_everyday_words_about_codes_and_messages_are_understood(world: World, words: str, answer: str) -> None:
    _, wechat = linked(world)

    wechat.says(words)

    wechat.sees(answer)


def test_with_one_channel_there_is_nothing_to_choose(world: World) -> None:
    visitor = world.chat("visitor", "en", channel="telegram", account="main")

    visitor.says("text me on WeChat")

    visitor.sees("You're only on Telegram")


def test_a_channel_is_unlinked_after_a_yes_but_never_the_last(world: World) -> None:
    telegram, wechat = linked(world)

    telegram.says("解绑微信")
    telegram.presses("解绑")
    telegram.sees("已解绑微信")
    telegram.says("解绑")

    telegram.sees("不能解绑")
    wechat.says("你好")
    assert wechat.person_id != telegram.person_id


def test_what_was_begun_on_one_channel_goes_on_on_the_other(world: World) -> None:
    telegram, wechat = linked(world)

    telegram.says("想约个肩颈按摩")
    wechat.says("60分钟的")

    wechat.sees("我们接着说")
    assert wechat.flow == "book"
    telegram.presses(telegram.labels[0])  # a button of the same person's other channel
    assert telegram.flow == "book"
    assert telegram.last.replaces is None


@pytest.mark.parametrize(
    ("said", "channel"),
    [
        ("微信别发了", "telegram"),
        ("微信上不要再发通知了", "telegram"),
        ("以后发电报就行", "telegram"),
        ("微信別傳了", "telegram"),
        ("发微信不要发电报", "wechat"),
        ("message me on wechat only please", "wechat"),
    ],
)
def test_a_channel_with_a_word_for_writing_is_enough(world: World, said: str, channel: str) -> None:
    _, wechat = linked(world)

    wechat.says(said)

    assert world.read(lambda tx: people.told_on(tx, wechat.person_id)) == channel


@pytest.mark.parametrize("said", ["两边都发", "notify me on both"])
def test_who_wants_to_be_told_twice_hears_why_not(world: World, said: str) -> None:
    _, wechat = linked(world)

    wechat.says(said)

    assert wechat.asking == "channel"
    assert "两遍" in wechat.text or "twice" in wechat.text


@pytest.mark.parametrize(
    "said", ["can you send both of them tomorrow at 3", "please tell both technicians to be on time"]
)
def test_both_of_something_else_is_no_word_about_channels(world: World, said: str) -> None:
    chat = world.chat("tom", "en", channel="wechat", account="main")

    chat.says(said)

    assert chat.flow != "where_told"
    chat.does_not_see("only on WeChat")


def test_where_to_be_told_is_not_asked_of_who_has_one_channel_left(world: World) -> None:
    _, wechat = linked(world)
    wechat.says("通知发哪")
    wechat.says("解绑")
    wechat.says("Telegram")
    wechat.says("确认")

    wechat.says("继续")

    wechat.sees("只绑定了微信")
    assert wechat.flow is None
