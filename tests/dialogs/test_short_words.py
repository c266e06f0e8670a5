"""Short words that were heard wrongly once: STOP, "offers", a text message that did not come, "wheres wang"."""

import pytest

from core.people.consent import ConsentKind, give_consent
from tests.dialogs.chat import Chat, World
from tests.dialogs.linking import by_phone, gave_phone, sms_code, two_accounts
from tests.dialogs.steps import EN, ZH, accepted, in_english
from tests.dialogs.test_announcements import wants_news


def _consenting(world: World, chat: Chat) -> Chat:
    me = chat.person_id
    world.run(lambda tx: give_consent(tx, me, ConsentKind.NEWS, now=world.now))
    return chat


@pytest.mark.parametrize("words", ["STOP", "quit", "end", "no more offers please", "please stop the offers"])
def test_who_has_a_visit_ends_the_offers_by_one_word_too_and_keeps_the_visit(world: World, words: str) -> None:
    customer, _ = accepted(world, EN)
    _consenting(world, customer)

    customer.says(words)

    assert not wants_news(world, customer)
    assert "Cancel a booking" in customer.labels
    assert customer.flow is None


def test_stop_in_the_middle_of_a_booking_leaves_the_booking_and_the_offers_as_they_are(world: World) -> None:
    emma = _consenting(world, world.customer("emma", EN))

    emma.says("foot massage")
    emma.says("stop")

    assert emma.flow is None
    assert wants_news(world, emma)


@pytest.mark.parametrize("words", ["offers", "open offers", "show me my offers"])
def test_a_technicians_offers_are_visits(world: World, words: str) -> None:
    wang = in_english(world.technician("wang", EN), EN)

    wang.says(words)

    wang.sees("nothing waiting for your answer")


def test_a_technician_who_wants_no_more_offers_goes_off_duty(world: World) -> None:
    wang = in_english(world.technician("wang", EN), EN)
    wang.says("on duty")

    wang.says("no more offers")

    assert wang.working.on_duty_at is None


def test_wheres_wang_asks_for_the_visit_without_an_apostrophe_too(world: World) -> None:
    customer, _ = accepted(world, EN)

    customer.says("wheres wang")

    assert customer.flow is None
    customer.sees("Wang")


@pytest.mark.parametrize(
    ("lang", "words"),
    [(ZH, one) for one in ("没收到", "没收到短信", "收不到验证码", "重新发", "再发一次")]
    + [(EN, one) for one in ("I didn't get it", "no text came", "resend the code", "send it again")],
)
def test_a_text_message_that_did_not_come_is_sent_again_after_a_minute(world: World, lang: str, words: str) -> None:
    telegram, wechat = two_accounts(world)
    gave_phone(world, telegram)
    by_phone(wechat, "13712345678")
    first = sms_code(world)
    assert first
    if lang == EN:
        wechat.says("English please")

    wechat.says(words)
    wechat.sees("刚发过" if lang == ZH else "only just been sent")
    assert not sms_code(world)
    world.later(minutes=2)
    wechat.says(words)

    wechat.sees("又发了一次" if lang == ZH else "sent the code again")
    assert sms_code(world) not in ("", first)


def test_the_link_code_is_a_button_away_from_the_text_message(world: World) -> None:
    telegram, wechat = two_accounts(world)
    gave_phone(world, telegram)
    by_phone(wechat, "13712345678")

    wechat.presses("改用绑定码")

    wechat.sees("绑定")
    assert wechat.flow is None


@pytest.mark.parametrize(("lang", "words"), [(ZH, "没收到短信"), (ZH, "收不到验证码"), (EN, "I didn't get the code")])
def test_with_nothing_running_a_missing_text_leads_to_the_phone(world: World, lang: str, words: str) -> None:
    chat = world.customer("xiaoyu" if lang == ZH else "emma", lang)

    chat.says(words)

    assert chat.flow == "link_account"
    chat.sees("手机号" if lang == ZH else "phone")


@pytest.mark.parametrize(("lang", "words"), [(ZH, "邀请好友有奖励吗"), (EN, "do I get a reward for inviting friends")])
def test_whoever_asks_for_a_reward_is_told_that_there_is_none(world: World, lang: str, words: str) -> None:
    chat = world.customer("xiaoyu" if lang == ZH else "emma", lang)

    chat.says(words)

    chat.sees("没有奖励" if lang == ZH else "no reward", "start=i_")


def test_a_whole_english_sentence_is_answered_in_english_where_nothing_in_it_is_known(world: World) -> None:
    chat = world.chat("newcomer", ZH)
    chat.says("你好")

    chat.says("book a massage tomorrow at 3pm")

    assert chat.loaded.lang == EN


@pytest.mark.parametrize("words", ["通知傳到網頁", "訊息傳到網頁"])
def test_taipeis_word_for_sending_is_heard(world: World, words: str) -> None:
    chat = world.chat("lin", "zh-Hant")

    chat.says(words)

    chat.sees("網頁", "通知")
    assert chat.labels == ["綁定帳號"]
