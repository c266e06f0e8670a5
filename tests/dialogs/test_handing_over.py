"""A human takes the chat over and gives it back: the bot is silent in between, and the task is where it was."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from core import audit, support
from core.audit import Role
from core.db import Tx
from core.settings import change
from core.support import Line, Ticket, TicketKind, TicketState
from dialogs.incoming import Unreadable
from dialogs.outgoing import Outgoing
from tests.dialogs.chat import NOW, PIN, Chat, World
from tests.dialogs.linking import linked
from tests.dialogs.steps import ZH, finished

CHANNELS = ("web", "telegram", "wechat")
LANGUAGES = ("zh-Hans", "en")
ANNA = 7
SAID = {
    "zh-Hans": {
        "book": "明天下午三点想约个肩颈按摩", "human": "人工", "angry": "太差了，我要投诉", "danger": "救命，他打我",
        "note": "我家有狗，介意吗", "more": "人呢", "back": "回到自助", "help": "帮助", "resume": "继续",
        "drop": "不用了",
        "angry_words": "很抱歉", "numbers": "110", "left": "接下来还是我", "open": "预约",
        "reads": "您写的同事都能看到", "next": "您是下一位", "ended": "客服已结束对话", "nobody": "没能及时回复",
        "shut": "客服时间是 9:00–22:00", "here": "客服来了", "answer": "不介意，放心约", "says": "客服：",
        "call": "请联系我", "noted": "已经记下",
    },
    "en": {
        "book": "neck massage tomorrow at 3pm please", "human": "talk to a human",
        "angry": "this is terrible, I want to complain", "danger": "help me he hit me",
        "note": "we have a dog at home, is that ok", "more": "hello?", "back": "back to the bot", "help": "help",
        "resume": "Carry on", "drop": "Drop it", "angry_words": "sorry", "numbers": "110", "left": "it's me again",
        "open": "booking", "reads": "see what you write", "next": "You're next", "ended": "has finished",
        "nobody": "is free just now", "shut": "Our desk is open 9:00–22:00", "here": "A colleague is here",
        "answer": "Not at all", "says": "Customer service:", "call": "Get back to me", "noted": "Noted",
    },
}  # fmt: skip


class Talker:
    """A newcomer on a channel in a language, who has begun to book, and what the operators have of them."""

    def __init__(self, world: World, channel: str, lang: str) -> None:
        self.world, self.words = world, SAID[lang]
        self.chat: Chat = world.chat("newcomer", lang, channel=channel, account="a")
        self.says("book")
        self.asked = self.chat.labels

    def says(self, what: str) -> list[Outgoing]:
        """Say something; returns what came back."""
        had = len(self.chat.received)
        self.chat.says(self.words.get(what, what))
        return self.chat.received[had:]

    def after(self, act: Callable[[], object]) -> list[Outgoing]:
        had = len(self.chat.received)
        act()
        self.world.deliver()
        return self.chat.received[had:]

    @property
    def ticket(self) -> Ticket:
        (found,) = [one for one in self.world.read(support.open_tickets) if one.person_id == self.chat.person_id]
        return found

    @property
    def thread(self) -> tuple[Line, ...]:
        return self.world.read(lambda tx: support.lines_of(tx, self.ticket.id))

    def operator(self, verb: Callable[..., object], **how: object) -> list[Outgoing]:
        """Have an operator do something with the ticket; returns what the person got of it."""
        ticket_id, now = self.ticket.id, self.world.now
        return self.after(lambda: self.world.run(lambda tx: verb(tx, ticket_id, operator_id=ANNA, now=now, **how)))


@pytest.fixture(params=[(channel, lang) for channel in CHANNELS for lang in LANGUAGES], ids="-".join)
def talker(request: pytest.FixtureRequest, world: World) -> Talker:
    """Somebody on every channel in every language."""
    return Talker(world, *request.param)


@pytest.fixture
def lin(world: World) -> Talker:
    """Somebody on the page, for what no channel changes."""
    return Talker(world, "web", "zh-Hans")


def somebody_is_there(world: World) -> None:
    """An operator has signed in."""

    def sign_in(tx: Tx) -> None:
        anna = audit.add_operator(tx, "anna", "x", Role.AUDITOR, world.now)
        now = world.now
        audit.note(tx, "operator.signed_in", actor_id=anna.id, subject_kind="operator", subject_id=anna.id, now=now)

    world.run(sign_in)


def test_who_writes_where_the_human_s_answers_do_not_come_is_told_once_where_they_are(world: World) -> None:
    somebody_is_there(world)
    telegram, wechat = linked(world)
    telegram.says("以后发到Telegram")
    wechat.says("人工")
    ticket_id = next(iter(world.read(support.open_tickets))).id
    world.run(lambda tx: support.take(tx, ticket_id, operator_id=ANNA, now=world.now))
    world.run(lambda tx: support.reply(tx, ticket_id, words="不介意", operator_id=ANNA, now=world.now))
    world.deliver()
    telegram.sees("不介意")
    telegram.says("好的谢谢")
    telegram.sees("不介意")

    wechat.says("请问能带狗吗")
    wechat.sees("同事的回复发到了您的 Telegram")
    told = len(wechat.received)
    wechat.says("在吗")
    assert len(wechat.received) == told


def test_a_human_gets_the_chat_with_all_that_was_said_and_the_bot_comes_back_to_the_task(talker: Talker) -> None:
    somebody_is_there(talker.world)
    (called,) = talker.says("human")
    assert talker.words["next"] in called.body.text
    assert talker.chat.labels == []

    (soothed,) = talker.says("note")
    assert talker.words["reads"] in soothed.body.text
    assert talker.says("more") == []
    talker.chat.photo()
    talker.chat.location(PIN)
    talker.chat.contact("+8613800138000", own=False)
    assert talker.chat.received[-1] is soothed

    (here,) = talker.operator(support.take)
    (answered,) = talker.operator(support.reply, words=talker.words["answer"])
    assert talker.words["here"] in here.body.text
    assert answered.body.text == f"{talker.words['says']}{talker.words['answer']}".replace("service:", "service: ")
    assert talker.says("ok, 3") == []
    said = [line.text for line in talker.thread if line.author == "person"]
    assert said[0] == talker.words["book"]
    assert said[2:4] == [talker.words["note"], talker.words["more"]]
    assert said[-1] == "ok, 3"
    assert [line.file_id is not None for line in talker.thread].count(True) == 1

    (ended,) = talker.operator(support.give_back)
    assert talker.words["ended"] in ended.body.text
    assert talker.words["open"] in ended.body.text
    talker.chat.presses(talker.words["resume"])
    assert talker.chat.labels == talker.asked


def test_anger_calls_a_human_at_once_with_an_apology(talker: Talker) -> None:
    (called,) = talker.says("angry")

    assert talker.words["angry_words"] in called.body.text
    assert talker.ticket.kind is TicketKind.COMPLAINT
    talker.says("note")
    assert talker.says("more") == []


def test_danger_shows_the_numbers_to_call_at_once_even_while_a_human_has_the_chat(talker: Talker) -> None:
    talker.says("human")
    talker.operator(support.take)

    (warned,) = talker.says("danger")

    assert talker.words["numbers"] in warned.body.text
    assert talker.ticket.kind is TicketKind.EMERGENCY
    assert talker.thread[-1].text == talker.words["danger"]
    assert talker.says("more") == []


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("妈的", "complaint"), ("你们的态度太差了", "complaint"), ("有病吧你", "complaint"),
        ("this is bullshit", "complaint"), ("piss off", "complaint"), ("他不肯走", "emergency"),
        ("技师对我动手动脚", "emergency"),
        ("he won't leave", "emergency"), ("I don't feel safe", "emergency"), ("叫你们经理来", "human"),
        ("我要跟人说话", "human"), ("can I talk to a person", "human"),
    ],
)  # fmt: skip
def test_hard_words_and_words_of_danger_call_a_human(world: World, said: str, kind: str) -> None:
    world.chat("somebody").says(said)

    assert [one.kind for one in world.read(support.open_tickets)] == [kind]


@pytest.mark.parametrize("said", ["滚筒洗衣机清洗", "送到我妈的家", "能便宜点吗"])
def test_words_that_only_look_hard_call_nobody(world: World, said: str) -> None:
    world.chat("somebody").says(said)

    assert world.read(support.open_tickets) == ()


@pytest.mark.parametrize("word", ["back", "help"])
def test_words_take_the_bot_back_and_the_task_is_offered(talker: Talker, word: str) -> None:
    talker.says("human")

    (back,) = talker.says(word)

    assert talker.words["left"] in back.body.text
    assert talker.words["open"] in back.body.text
    talker.says("resume")
    assert talker.chat.labels == talker.asked


@pytest.mark.parametrize(
    ("lang", "said"), [("zh-Hans", "回到自助"), ("zh-Hant", "回到自助"), ("en", "back to the bot")]
)
def test_who_has_the_bot_already_is_told_so_and_asked_the_same_again(world: World, lang: str, said: str) -> None:
    chat = world.chat("lin", lang)
    chat.says({"zh-Hans": "我想约肩颈按摩", "zh-Hant": "我想約肩頸按摩", "en": "I'd like a neck massage"}[lang])
    asked, values = chat.asking, dict(chat.values)

    chat.says(said)

    chat.sees({"zh-Hans": "现在就是我", "zh-Hant": "現在就是我", "en": "It's me"}[lang])
    assert (chat.asking, chat.values) == (asked, values)


def test_the_button_takes_the_bot_back_from_an_operator_too(talker: Talker) -> None:
    talker.says("human")
    talker.operator(support.take)

    talker.chat.presses(talker.words["back"].capitalize() if talker.chat.lang == "en" else talker.words["back"])

    assert talker.words["left"] in talker.chat.text
    assert talker.ticket.state is TicketState.ANSWERED
    talker.chat.presses(talker.words["drop"])
    assert talker.chat.flow is None


def test_nobody_comes_so_the_bot_is_back_with_a_promise(talker: Talker) -> None:
    (called,) = talker.says("human")
    assert "10:10" in called.body.text
    assert "12:00" in called.body.text

    talker.world.later(minutes=9)
    assert talker.chat.received[-1] is called
    talker.world.later(minutes=1)

    assert talker.words["nobody"] in talker.chat.text
    assert "12:10" in talker.chat.text
    assert talker.ticket.state is TicketState.CALL_BACK
    assert talker.says("more") != []


def test_a_call_back_can_be_asked_for_at_once(talker: Talker) -> None:
    talker.says("human")

    talker.chat.presses(talker.words["call"])

    assert talker.words["noted"] in talker.chat.text
    assert "12:00" in talker.chat.text
    assert talker.ticket.state is TicketState.CALL_BACK
    assert talker.says("more") != []


def test_at_night_a_call_back_is_promised_and_the_bot_goes_on(talker: Talker) -> None:
    talker.world.at(NOW + timedelta(hours=13))  # 23:00 in Chengdu

    (told,) = talker.says("human")

    assert talker.words["shut"] in told.body.text
    assert "11:00" in told.body.text
    assert talker.chat.labels == talker.asked
    assert talker.ticket.state is TicketState.CALL_BACK


def test_the_third_miss_offers_a_human_and_the_fifth_calls_one(lin: Talker) -> None:
    for _ in range(3):
        lin.says("呜啦呜啦")
    assert "人工" in lin.chat.labels

    lin.says("呜啦呜啦")
    (called,) = lin.says("呜啦呜啦")

    assert "没听明白" in called.body.text
    assert lin.ticket.kind is TicketKind.HUMAN
    assert lin.says("呜啦呜啦") != [], "the soothing line"
    assert lin.says("呜啦呜啦") == []


def test_the_summary_says_what_was_being_done_and_shows_no_number_and_no_door(lin: Talker, world: World) -> None:
    chat = world.customer("xiaoyu")
    chat.books_to_summary()
    chat.says("人工")

    ticket = next(one for one in world.read(support.open_tickets) if one.person_id == chat.person_id)

    assert "预约" in ticket.summary
    assert "肩颈舒缓" in ticket.summary
    assert "15:00" in ticket.summary
    thread = world.read(lambda tx: support.lines_of(tx, ticket.id))
    assert 2 < len(thread) <= 8
    shown = "\n".join([ticket.summary, *(line.text for line in thread)])
    assert "138****" in shown
    assert "13800138000" not in shown.replace("-", "").replace(" ", "")


def test_an_open_order_is_on_the_ticket(world: World) -> None:
    chat = world.customer("xiaoyu")
    order = chat.books()
    chat.says("人工")

    ticket = next(one for one in world.read(support.open_tickets) if one.person_id == chat.person_id)

    assert ticket.order_id == order.id
    assert order.code in ticket.summary


def test_buttons_and_cards_still_act_while_a_human_has_the_chat(world: World) -> None:
    chat = world.customer("xiaoyu")
    chat.books()
    chat.pays()
    technician = world.technician("wang")
    technician.says("人工")
    technician.says("客人电话打不通")

    technician.presses("接单")

    assert chat.order.state == "accepted"
    assert technician.says("她回我了").messages == ()


def test_a_number_typed_to_a_human_presses_nothing(lin: Talker) -> None:
    lin.says("human")
    lin.says("note")

    assert lin.says("1") == []
    assert lin.thread[-1].text == "1"


def test_a_number_answers_the_human_and_not_the_list_the_bot_had_shown_before(lin: Talker) -> None:
    lin.says("angry")
    lin.says("back")
    lin.says("resume")
    assert lin.chat.labels == lin.asked
    lin.operator(support.take)

    assert lin.says("1") == []
    assert lin.thread[-1].text == "1"


def test_dropping_the_task_after_the_human_lets_go_of_what_it_held(world: World) -> None:
    chat = world.customer("xiaoyu")
    chat.books_to_summary()
    assert chat.held != []
    chat.says("人工")
    chat.says("回到自助")

    chat.presses("不用了")

    assert chat.flow is None
    assert chat.held == []


def test_who_waits_and_asks_for_the_bot_s_business_is_shown_the_way_back_each_time(lin: Talker) -> None:
    lin.says("human")
    lin.says("note")
    for words in ("取消订单", "我要改期"):
        [shown] = lin.says(words)
        assert "回到自助" in [button.label for button in shown.body.buttons]


def test_what_cannot_be_shown_to_the_human_is_said(lin: Talker) -> None:
    lin.says("human")

    lin.chat.sends(Unreadable("voice"))

    assert lin.chat.text
    assert lin.chat.labels == []


def test_the_language_follows_even_in_silence(lin: Talker) -> None:
    lin.says("human")
    lin.says("can you please answer in english, I would like to ask about the price")

    (here,) = lin.operator(support.take)

    assert "A colleague is here" in here.body.text


def test_the_queue_is_told_as_it_is(world: World) -> None:
    somebody_is_there(world)
    first, second = world.chat("a"), world.chat("b")
    first.says("人工")
    first.sees("您是下一位")

    second.says("人工")

    second.sees("前面还有 1 位", "请联系我")


def test_whoever_starts_the_bot_again_has_it(lin: Talker) -> None:
    lin.says("human")

    lin.chat.event("start")

    lin.chat.sees("接下来还是我")


def test_a_problem_on_a_card_calls_an_operator_and_the_bot_goes_on(world: World) -> None:
    chat, _ = finished(world, ZH)

    chat.presses("有问题")

    (ticket,) = [one for one in world.read(support.open_tickets) if one.person_id == chat.person_id]
    assert chat.order.code in ticket.summary
    assert (ticket.kind, ticket.order_id, ticket.waiting_since) == (TicketKind.COMPLAINT, chat.order.id, None)
    assert chat.says("我的订单").messages != ()


def test_hours_are_the_operators_to_set(lin: Talker, world: World) -> None:
    world.run(lambda tx: change(tx, "human_to_minute", 600, world.now))

    (told,) = lin.says("human")

    assert "9:00–10:00" in told.body.text
