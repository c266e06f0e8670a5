"""Two accounts made one by a phone number: proved by text message, and by the other side's own word."""

import pytest
from sqlalchemy import select

from core import people
from core.uniting import answer
from core.uniting.tables import joining
from tests.dialogs.chat import Chat, World
from tests.dialogs.linking import PHONE, by_phone, code_in, gave_phone, sms_code, two_accounts


def test_by_phone_the_other_side_has_the_last_word(world: World) -> None:
    telegram, wechat = two_accounts(world)
    gave_phone(world, telegram)

    by_phone(wechat, "13712345678")
    wechat.sees("如果这个号码")
    wechat.says(sms_code(world))
    wechat.sees("尾号 5678")
    wechat.presses("合并")
    wechat.sees("还差一步")
    world.later(seconds=1)
    assert telegram.person_id != wechat.person_id
    telegram.sees("是您本人吗")
    telegram.presses("是我，去合并")
    telegram.says(sms_code(world))
    telegram.sees("正在合并")
    world.later(seconds=1)

    assert telegram.person_id == wechat.person_id, "the card said what the tap does: nobody is asked twice"
    world.settled()


def _asked(world: World) -> tuple[Chat, Chat]:
    """Somebody on WeChat proved the phone that was given on Telegram, and asks to join."""
    telegram, wechat = two_accounts(world)
    gave_phone(world, telegram)
    by_phone(wechat, "13712345678")
    wechat.says(sms_code(world))
    wechat.presses("合并")
    world.later(seconds=1)
    return telegram, wechat


def test_who_has_proved_the_phone_meanwhile_joins_by_one_tap(world: World) -> None:
    telegram, wechat = _asked(world)
    telegram_id = telegram.person_id
    world.run(lambda tx: people.phone_proved(tx, telegram_id, PHONE, world.now))

    telegram.presses("是我，去合并")
    telegram.sees("正在合并")
    world.later(seconds=1)

    assert telegram.person_id == wechat.person_id


@pytest.mark.parametrize(
    "said",
    [
        "怎么回事",
        "谁要合并？",
        "这是什么",
        "什么情况",
        "what is this?",
        "who is asking",
        "huh?",
        "I didn't ask for this",
    ],
)
def test_who_wonders_at_the_question_is_told_who_asks_and_what_to_do(world: World, said: str) -> None:
    telegram, _ = _asked(world)

    telegram.says(said)

    shown = telegram.sees("5678")
    assert ("微信" in shown and "是我" in shown) or ("WeChat" in shown and "That's me" in shown)
    telegram.presses(telegram.labels[0])
    assert telegram.asking == "sms"


def test_with_nothing_asked_the_same_words_are_no_word_of_joining(world: World) -> None:
    telegram, wechat = _asked(world)
    telegram.presses("不是我")

    for chat in (telegram, wechat):
        chat.says("怎么回事")
        chat.does_not_see("合并", "验证")


def test_the_label_on_the_other_side_is_named_as_it_stands_there(world: World) -> None:
    telegram = world.chat("tom", "en", channel="telegram", account="main")
    telegram.says("hello there")
    gave_phone(world, telegram)
    wechat = world.chat("zhou", channel="wechat", account="main")
    by_phone(wechat, "13712345678")
    wechat.says(sms_code(world))

    wechat.presses("合并")

    wechat.sees("还差一步", "“That's me”")


@pytest.mark.parametrize(
    "said", ["我的订单", "绑定好了吗", "我在电报上下的单呢", "where are the orders I made on Telegram"]
)
def test_until_the_other_side_has_said_yes_the_asker_is_told_what_is_missing(world: World, said: str) -> None:
    telegram, wechat = _asked(world)
    wechat.says(said)

    wechat.sees("5678", "是我，去合并")
    assert "绑定账号" not in wechat.labels

    telegram.presses("不是我")
    wechat.says(said)
    wechat.does_not_see("是我，去合并")


def test_what_nobody_answered_within_a_day_is_not_waited_for(world: World) -> None:
    _, wechat = _asked(world)
    world.later(hours=25)
    wechat.says("我的订单")

    wechat.does_not_see("是我，去合并")
    wechat.sees("绑定账号")


def test_the_summary_by_phone_warns_of_no_code_that_nobody_sent(world: World) -> None:
    telegram, wechat = two_accounts(world)
    gave_phone(world, telegram)

    by_phone(wechat, "13712345678")
    wechat.says(sms_code(world))

    wechat.sees("不能撤回")
    wechat.does_not_see("别人发给您")


def test_going_back_from_the_phone_brings_the_code_back(world: World) -> None:
    telegram, _ = two_accounts(world)
    telegram.says("绑定")
    code = code_in(telegram)
    telegram.presses("改用手机号")
    telegram.says("138")
    telegram.sees("请发手机号")

    telegram.says("返回")

    telegram.sees(code)
    assert telegram.flow is None


def test_ones_own_contact_under_the_code_is_the_phone_to_link_by(world: World) -> None:
    telegram, wechat = two_accounts(world)
    gave_phone(world, wechat)
    telegram.says("绑定")

    telegram.contact("+8613712345678")

    telegram.sees("微信上尾号 5678 的账号")


def test_a_contact_that_nothing_shown_asks_for_begins_nothing(world: World) -> None:
    telegram, _ = two_accounts(world)

    telegram.contact("+8613712345678")

    telegram.sees("用到时我再问您")
    assert telegram.flow is None


def test_ok_to_the_code_begins_nothing_and_leaves_the_way_by_phone(world: World) -> None:
    telegram, _ = two_accounts(world)
    telegram.says("绑定")

    telegram.says("好的")
    assert telegram.flow is None
    telegram.presses("改用手机号")

    assert telegram.asking == "phone"


@pytest.mark.parametrize(
    ("lang", "said"), [("zh-Hans", "绑定手机"), ("zh-Hant", "綁定手機號碼"), ("en", "link my phone")]
)
def test_binding_a_phone_may_mean_two_things_and_both_are_named(world: World, lang: str, said: str) -> None:
    chat = world.chat("somebody", lang, channel="wechat", account="main")

    chat.says(said)
    chat.says("1")
    assert chat.flow == "set_phone"
    chat.says({"en": "cancel"}.get(lang, "取消"))
    chat.says(said)
    chat.says("2")

    assert (chat.flow, chat.asking) == ("link_account", "phone")


def test_who_told_a_phone_that_is_not_theirs_becomes_nobody_by_saying_it_is_them(world: World) -> None:
    liar, owner = two_accounts(world)
    gave_phone(world, liar)
    by_phone(owner, "13712345678")
    owner.says(sms_code(world))
    owner.presses("合并")
    world.later(seconds=1)

    liar.presses("是我，去合并")
    liar.sees("6 位数字")
    right = sms_code(world)  # on the owner's phone
    liar.says(f"{(int(right) + 1) % 1_000_000:06d}")
    liar.sees("验证码不对")
    liar.says("是")
    world.later(seconds=1)

    assert liar.person_id != owner.person_id
    (asked,) = world.read(lambda tx: tx.all(select(joining.c.id)))
    liar_id = liar.person_id
    assert not world.run(lambda tx: answer(tx, asked.id, person_id=liar_id, yes=True, now=world.now))


def test_who_says_it_is_not_them_stays_alone(world: World) -> None:
    telegram, wechat = two_accounts(world)
    gave_phone(world, telegram)
    by_phone(wechat, "13712345678")
    wechat.says(sms_code(world))
    wechat.presses("合并")
    world.later(seconds=1)

    telegram.presses("不是我")
    telegram.sees("没有合并")
    world.later(seconds=1)
    telegram.presses("是我，去合并")

    telegram.sees("过期或处理过")
    assert telegram.person_id != wechat.person_id


def test_a_phone_proved_on_both_sides_needs_no_further_word(world: World) -> None:
    telegram, wechat = two_accounts(world)
    gave_phone(world, telegram)
    telegram_id = telegram.person_id
    world.run(lambda tx: people.phone_proved(tx, telegram_id, PHONE, world.now))

    by_phone(wechat, "13712345678")
    wechat.says(sms_code(world))
    wechat.presses("合并")
    world.later(seconds=1)

    assert telegram.person_id == wechat.person_id


def test_a_contact_of_ones_own_needs_no_text_message(world: World) -> None:
    telegram, wechat = two_accounts(world)
    gave_phone(world, wechat)

    telegram.says("绑定")
    telegram.presses("改用手机号")
    telegram.contact("+8613712345678")

    telegram.sees("微信上尾号 5678 的账号")


def test_who_asks_cannot_tell_whether_a_phone_is_known(world: World) -> None:
    telegram, wechat = two_accounts(world)
    third = world.chat("third", channel="telegram", account="main")
    third.says("你好")
    gave_phone(world, telegram)

    by_phone(wechat, "13712345678")
    by_phone(third, "13787654321")

    assert wechat.text.replace("5678", "") == third.text.replace("4321", "")
    assert sms_code(world) != ""
    assert sms_code(world) == ""


def test_a_wrong_code_by_text_joins_nobody(world: World) -> None:
    telegram, wechat = two_accounts(world)
    gave_phone(world, telegram)

    by_phone(wechat, "13712345678")
    right = sms_code(world)
    wechat.says(f"{(int(right) + 1) % 1_000_000:06d}")

    wechat.sees("验证码不对")


def test_the_code_is_shown_again_to_who_turns_back_from_linking_by_phone(world: World) -> None:
    telegram, _ = two_accounts(world)
    telegram.says("绑定")
    code = code_in(telegram)
    telegram.presses("改用手机号")

    telegram.says("绑定")

    telegram.sees(code)
    assert telegram.flow is None


def test_linking_by_phone_can_be_asked_for_in_words(world: World) -> None:
    _, wechat = two_accounts(world)

    wechat.says("用手机号绑定")

    wechat.sees("您在另一边留的手机号")


@pytest.mark.parametrize("said", ["是我", "是我本人", "對，是我", "That's me", "yes, it's me"])
def test_that_s_me_right_after_the_card_is_its_button(world: World, said: str) -> None:
    telegram, _ = _asked(world)

    telegram.says(said)

    assert telegram.asking == "sms", telegram.transcript()


@pytest.mark.parametrize("said", ["好", "好的", "是的", "对", "對", "yes", "ok"])
def test_a_bare_yes_to_the_card_brings_its_question_again_with_both_answers(world: World, said: str) -> None:
    telegram, wechat = _asked(world)

    telegram.says(said)
    telegram.sees("5678")
    assert len(telegram.labels) >= 2
    assert telegram.person_id != wechat.person_id
    telegram.says("是我")

    assert telegram.asking == "sms", telegram.transcript()


@pytest.mark.parametrize("said", ["不是", "不是我", "不是我本人", "不對", "no", "not me", "No, it's not me"])
def test_a_no_to_the_card_refuses_at_once(world: World, said: str) -> None:
    telegram, _ = _asked(world)

    telegram.says(said)

    assert world.read(lambda tx: tx.scalar(select(joining.c.state))) == "refused", telegram.transcript()


def test_a_yes_to_something_shown_after_the_card_is_no_answer_to_it(world: World) -> None:
    telegram, _ = _asked(world)
    telegram.says("你们有什么服务")

    telegram.says("好的")

    telegram.does_not_see("5678")


@pytest.mark.parametrize(("lang", "taken"), [("zh-Hans", "记下了：137****5678"), ("en", "Noted: 137****5678")])
def test_a_number_shared_at_another_question_is_said_to_be_taken(world: World, lang: str, taken: str) -> None:
    chat = world.chat("lin", lang, channel="telegram", account="main")
    chat.says("明天下午三点肩颈按摩60分钟" if lang == "zh-Hans" else "neck massage 60 min tomorrow 3pm")
    assert chat.asking == "address"
    chat.contact(PHONE)

    chat.sees(taken)
    assert chat.asking == "address"
