"""What the house says to many, as each of them sees it, and the two ways out: no more news, and the message centre."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select

from core import announcements
from core.announcements import AnnouncementKind, Audience, Draft, Link
from core.db import Tx
from core.errors import NotFound
from core.messages import MessageState, Template, outbox
from core.messages.centre import told, told_one
from core.messages.tables import message
from core.people.consent import ConsentKind, consents, give_consent
from dialogs.outgoing import Outgoing
from dialogs.rendering import prepare
from tests.dialogs.chat import Chat, World
from tests.dialogs.steps import EN, ZH, accepted

OPERATOR = 5
SPRING = Draft(
    AnnouncementKind.NOTICE,
    Audience.ALL,
    {"zh-Hans": "春节休息五天，初六起正常上门。", "en": "We are closed for five days."},
    link=Link("https://menling.example/spring", {"zh-Hans": "放假安排", "en": "Holiday hours"}),
    pace=6000,
)
OFFER = Draft(
    AnnouncementKind.NEWS, Audience.ALL, {"zh-Hans": "本周肩颈八折。", "en": "A fifth off this week."}, pace=6000
)
BOTH = pytest.mark.parametrize("lang", [ZH, EN])


def announce(world: World, said: Draft) -> int:
    """Start an announcement, and have all of its messages written."""
    made = world.run(partial(announcements.draft, said=said, operator_id=OPERATOR, now=world.now))
    world.run(partial(announcements.start, announcement_id=made.id, operator_id=OPERATOR, now=world.now))
    while world.run(partial(announcements.due_work, now=world.now, real_now=world.now)):
        pass
    return made.id


def wants_news(world: World, chat: Chat) -> bool:
    me = chat.person_id
    return world.read(lambda tx: consents(tx, me, ConsentKind.NEWS))


@BOTH
def test_everybody_reads_it_in_their_language_under_a_heading_that_says_what_it_is(world: World, lang: str) -> None:
    chat = world.customer("xiaoyu" if lang == ZH else "emma", lang)
    announce(world, SPRING)
    world.later(minutes=1)
    chat.sees(
        *(("【门铃通知】春节休息五天", "放假安排") if lang == ZH else ("[Menling] We are closed", "Holiday hours"))
    )
    assert [button.url for button in chat.buttons] == ["https://menling.example/spring"]


def test_words_are_shown_as_they_were_typed(world: World) -> None:
    chat = world.customer("xiaoyu")
    chat.hostile = True
    announce(world, replace(SPRING, texts={"zh-Hans": "{name} <b>放假</b> /start %s"}, link=None))
    world.later(minutes=1)
    assert chat.text == "【门铃通知】{name} <b>放假</b> /start %s"


@BOTH
def test_news_come_only_to_who_asked_for_them_and_end_with_a_tap(world: World, lang: str) -> None:
    chat, other = world.customer("xiaoyu", ZH), world.customer("emma", EN)
    chat, other = (chat, other) if lang == ZH else (other, chat)
    chat.says("有活动通知我" if lang == ZH else "tell me about offers")
    assert wants_news(world, chat)
    announce(world, OFFER)
    world.later(minutes=1)
    chat.sees(
        *(
            ("【门铃活动】本周肩颈八折。", "退订活动通知")
            if lang == ZH
            else ("[Menling offers] A fifth", "Stop sending")
        )
    )
    assert other.received == []

    chat.presses("退订活动通知" if lang == ZH else "Stop sending offers")
    chat.sees("不给您发活动通知了" if lang == ZH else "no more offers")
    assert not wants_news(world, chat)
    announce(world, OFFER)
    before = len(chat.received)
    world.later(minutes=1)
    assert len(chat.received) == before


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        *((ZH, words) for words in ("退订", "TD", "td", "别再发广告", "取消订阅", "不要给我发广告了", "退訂")),
        *((EN, words) for words in ("unsubscribe", "Stop sending me offers", "opt out", "no more ads")),
        *((EN, words) for words in ("STOP", "stop.", "no offers please", "stop your offers", "don't message me")),
    ],
)
def test_words_end_them_as_well(world: World, lang: str, words: str) -> None:
    chat = world.customer("xiaoyu" if lang == ZH else "emma", lang)
    me = chat.person_id
    world.run(lambda tx: give_consent(tx, me, ConsentKind.NEWS, now=world.now))
    chat.says(words)
    assert not wants_news(world, chat)
    chat.presses("重新接收" if lang == ZH else "Get them again")
    assert wants_news(world, chat)


@pytest.mark.parametrize(
    ("lang", "wanted", "said"),
    [(EN, "tell me about offers", one) for one in ("yes", "ok", "thanks")]
    + [(ZH, "有优惠活动通知我", one) for one in ("好的", "嗯", "可以", "谢谢")],
)
def test_a_yes_to_done_undoes_nothing(world: World, lang: str, wanted: str, said: str) -> None:
    chat = world.chat("lin", lang)
    chat.says(wanted)
    assert wants_news(world, chat)

    chat.says(said)
    assert wants_news(world, chat)

    chat.says(wanted)
    chat.presses("退订" if lang == ZH else "Stop sending")
    chat.says(said)
    assert not wants_news(world, chat)


def test_who_gets_no_news_and_has_a_visit_is_shown_how_to_cancel_that(world: World) -> None:
    chat = world.chat("lin")
    chat.says("退订")
    chat.sees("没有订阅活动通知")
    assert "取消预约" not in chat.labels
    accepted(world, ZH)
    chat.says("退订")
    assert "取消预约" in chat.labels


def test_the_profile_says_whether_news_come_and_changes_it(world: World) -> None:
    chat = world.customer("xiaoyu")
    chat.says("我的资料")
    chat.sees("活动通知：不接收")
    chat.presses("接收活动通知")
    chat.says("我的资料")
    chat.sees("活动通知：接收", "退订活动通知")


def test_who_unsubscribes_after_it_was_written_is_not_sent_it(world: World) -> None:
    chat = world.customer("xiaoyu")
    chat.says("有活动通知我")
    announce(world, OFFER)
    chat.says("退订")
    before = len(chat.received)
    world.later(minutes=1)
    assert len(chat.received) == before
    assert _states(world, chat) == ["dropped"]


def test_what_is_stopped_while_it_goes_out_reaches_nobody_else(world: World) -> None:
    chat = world.customer("xiaoyu")
    made = announce(world, replace(SPRING, not_before_at=world.now + timedelta(minutes=5)))
    world.later(minutes=1)
    world.run(partial(announcements.stop, announcement_id=made, operator_id=OPERATOR, now=world.now))
    world.later(minutes=10)
    assert chat.received == []


def test_on_a_channel_without_advertising_news_lie_in_the_message_centre(world: World) -> None:
    chat = world.chat("openid", channel="wechat", account="gh_menling")
    chat.says("有活动通知我")
    chat.sees("不便主动推送", "我的消息")
    announce(world, OFFER)
    (due,) = world.run(partial(_claimed, world=world))
    assert due.news
    chat.says("我的消息")
    chat.sees("本周肩颈八折")
    chat.presses("本周肩颈")
    chat.sees("【门铃活动】本周肩颈八折。", "退订活动通知", "全部消息")
    assert _states(world, chat) == ["sent"]


def test_news_that_wait_are_not_shown_once_they_are_not_wanted(world: World) -> None:
    chat = world.chat("openid", channel="wechat", account="gh_menling")
    chat.says("有活动通知我")
    announce(world, OFFER)
    world.run(partial(_claimed, world=world))
    chat.says("退订")
    chat.says("我的消息")
    chat.sees("目前还没有")


def test_news_that_wait_are_not_shown_once_their_time_is_over(world: World) -> None:
    chat = world.chat("openid", channel="wechat", account="gh_menling")
    chat.says("有活动通知我")
    announce(world, replace(OFFER, expires_at=world.now + timedelta(hours=1)))
    world.run(partial(_claimed, world=world))
    world.later(hours=2)
    chat.says("我的消息")
    chat.sees("目前还没有")


def _claimed(tx: Tx, world: World) -> list[Outgoing]:
    """Prepare what is due, and hold it as the door of a channel without advertising does."""
    world.now += timedelta(minutes=3)  # a card waits for the answer to a numbered question
    found = []
    for due in outbox.claim(tx, now=world.now, real_now=datetime.now(UTC), most=50):
        ready = prepare(tx, due, house=world.house, now=world.now)
        if ready.outgoing and ready.outgoing[0].channel == "wechat":
            outbox.note(tx, due.id, lease=due.lease, state=MessageState.HELD, now=world.now, again_at=None, ref=None)
            found.append(ready.outgoing[0])
    return found


def _states(world: World, chat: Chat) -> list[str]:
    mine = select(message.c.state).where(message.c.person_id == chat.person_id, message.c.template == "news")
    return [row.state for row in world.read(lambda tx: tx.all(mine))]


@BOTH
def test_the_message_centre_shows_what_was_sent_newest_first(world: World, lang: str) -> None:
    chat = world.customer("xiaoyu" if lang == ZH else "emma", lang)
    chat.says("我的消息" if lang == ZH else "what did you send me")
    chat.sees("还没有给您发过" if lang == ZH else "no messages for you yet")
    announce(world, SPRING)
    world.later(minutes=1)
    announce(world, replace(SPRING, texts={"zh-Hans": "初六恢复营业。", "en": "We are back."}, link=None))
    world.later(minutes=1)

    chat.says("消息中心" if lang == ZH else "my messages")
    first, second = ("初六恢复营业", "春节休息五天") if lang == ZH else ("We are back", "We are closed")
    chat.sees(first, second)
    assert chat.text.index(first) < chat.text.index(second)
    chat.presses(second[:4] if lang == ZH else "We are cl")
    chat.sees(second, "放假安排" if lang == ZH else "Holiday hours", "全部消息" if lang == ZH else "All messages")


def test_a_card_in_the_message_centre_has_its_buttons_while_they_are_good(world: World) -> None:
    chat, _ = accepted(world, ZH)
    open_card(world, chat, "accepted")
    assert "取消这单" in chat.labels
    chat.presses("取消这单")
    chat.presses("确认取消")
    open_card(world, chat, "accepted")
    chat.sees("已经失效了", "看订单")
    assert "取消这单" not in chat.labels


def open_card(world: World, chat: Chat, template: str) -> None:
    """Look into the message centre and tap the line of this card."""
    me = chat.person_id
    chat.says("我的消息")
    listed = [one.template for one in world.read(lambda tx: told(tx, me, most=8))]
    chat.presses(chat.labels[listed.index(Template(template))])


def test_a_long_message_centre_is_turned_page_by_page(world: World) -> None:
    chat = world.customer("xiaoyu")
    for count in range(10):
        announce(world, replace(SPRING, texts={"zh-Hans": f"第{count}条通知"}, link=None))
        world.later(minutes=1)
    chat.says("我的消息")
    chat.sees("第9条通知", "第3条通知")
    chat.does_not_see("第2条通知")
    chat.says("更多")
    chat.sees("第2条通知", "第0条通知")


def test_nobody_reads_a_message_of_somebody_else(world: World) -> None:
    chat, other = world.customer("xiaoyu"), world.customer("emma", EN)
    announce(world, SPRING)
    world.later(minutes=1)
    me, they = chat.person_id, other.person_id
    (mine,) = world.read(lambda tx: told(tx, me, most=10))
    assert world.read(lambda tx: told_one(tx, me, mine.id)) == mine
    with pytest.raises(NotFound):
        world.read(lambda tx: told_one(tx, they, mine.id))


@pytest.mark.parametrize("said", ["怎么不发优惠了", "最近怎么没有活动通知", "why don't I get offers any more"])
def test_who_misses_the_offers_is_told_whether_they_come(world: World, said: str) -> None:
    chat = world.chat("lin", channel="telegram", account="main")
    chat.says("你好")

    chat.says(said)
    assert not world.read(lambda tx: consents(tx, chat.person_id, ConsentKind.NEWS)), "asking is no consent"
    chat.says("好" if "怎么" in said else "yes")
    assert world.read(lambda tx: consents(tx, chat.person_id, ConsentKind.NEWS))
    chat.says(said)

    assert len(chat.labels) == 2, "what was sent, and the way to stop it"


@pytest.mark.parametrize("said", ["屏蔽你们", "取关了", "把你们拉黑"])
def test_who_shuts_us_out_is_told_how_to_hear_no_offers(world: World, said: str) -> None:
    chat = world.chat("lin", channel="wechat", account="main")

    chat.says(said)

    chat.sees("没有订阅活动通知")
