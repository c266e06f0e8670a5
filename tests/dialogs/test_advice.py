"""Words we are unsure of are asked about once, masked, and answered in order; whatever happens, they are answered."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from core import people
from core.conversations.tables import inbox
from dialogs import advising
from dialogs.advising import Question
from dialogs.engine import hearing
from dialogs.incoming import Content, Incoming, Press, Text
from dialogs.reception import Reception
from dialogs.turn import Turn
from nlu import Intent, Understanding, understand
from nlu.proposals import DECISIONS, Proposals, ProposedEntity
from tests.busy import BusyDatabase
from tests.dialogs.chat import Chat, World
from tests.dialogs.words import WORDS

ODD = "想搞个抠咔咔的嘛"
"""Nothing our own reading makes anything of."""
NECK = Proposals((("book", 0.9),), (ProposedEntity("service", "抠咔咔", "肩颈舒缓"),))
NOTHING = Proposals()


@pytest.fixture(autouse=True)
def unsure_of_the_odd(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a later model makes of them: here it is unsure of these words."""

    def reading(text: str, **scene: Any) -> Understanding:
        understood = understand(text, **scene)
        odd = any(word in text for word in ("抠咔咔", "嘎嘎", "knead"))
        grave = (Intent("emergency", 0.4),) if "咕咕" in text else ()
        intents = (Intent("out_of_scope", 0.6), *grave)
        return replace(understood, intents=intents, unknown=(text,)) if odd else understood

    monkeypatch.setattr(hearing, "understand", reading)


Then = Callable[[], Awaitable[object]]


class Told:
    """An adviser that says what it is told to, and keeps what it was asked."""

    def __init__(self, proposals: Proposals | None = NECK, *, then: Then | None = None) -> None:
        self.proposals = proposals
        self.then = then
        self.questions: list[Question] = []
        self.seconds: list[float] = []

    async def propose(self, question: Question, *, seconds: float) -> Proposals | None:
        self.questions.append(question)
        self.seconds.append(seconds)
        if self.then is not None:
            await self.then()
        return self.proposals

    @property
    def texts(self) -> list[str]:
        return [question.text for question in self.questions]


class Talking:
    """Somebody who talks to a reception that has an adviser."""

    def __init__(self, world: World, adviser: Told, name: str = "lin", lang: str = "zh-Hans") -> None:
        self.world, self.adviser = world, adviser
        self.chat: Chat = world.chat(name, lang)
        self.reception = Reception(world.db, world.house, _Stopped(world), adviser)

    def incoming(self, content: Content) -> Incoming:
        chat = self.chat
        return Incoming(chat.channel, chat.account, f"a{next(self.world.numbers)}", chat.name, content, lang=chat.lang)

    def says(self, *texts: str) -> list[Turn]:
        """Say these at once; the platform takes what is answered."""
        return self.sends(*(self.incoming(Text(text)) for text in texts))

    def sends(self, *incoming: Incoming) -> list[Turn]:
        async def at_once() -> list[Turn]:
            return await asyncio.gather(*(self.reception.receive(one) for one in incoming))

        turns = asyncio.run(at_once())
        for turn in turns:
            self.chat.received.extend(turn.messages)
        return turns


class _Stopped:
    """A clock that stands where the world's stands."""

    def __init__(self, world: World) -> None:
        self._world = world

    def now(self) -> datetime:
        return self._world.now


def in_inbox(world: World) -> list[tuple[str, int, bool]]:
    rows = world.read(lambda tx: tx.all(select(inbox.c.state, inbox.c.attempts, inbox.c.retry_at).order_by(inbox.c.id)))
    return [(row.state, row.attempts, row.retry_at is not None) for row in rows]


def test_what_was_proposed_is_done_and_the_question_names_nobody(world: World) -> None:
    lin = Talking(world, Told())
    lin.says("你好")
    lin_id = lin.chat.person_id
    world.run(lambda tx: people.set_name(tx, lin_id, "林晓梅"))
    assert lin.adviser.questions == []

    (turn,) = lin.says(f"晓梅{ODD}13800138000")

    assert lin.chat.flow == "book"
    assert lin.chat.values["service"] == world.service_id("肩颈舒缓")
    assert turn.messages[0].body.text == lin.chat.text
    (question,) = lin.adviser.questions
    assert "13800138000" not in question.text
    assert "晓梅" not in question.text
    assert "抠咔咔" in question.text
    assert (question.lang, question.asked) == ("zh-Hans", None)
    assert "肩颈舒缓" in question.services
    assert "抠咔咔" not in repr(question) + repr(turn.waiting)
    assert in_inbox(world)[-1] == ("done", 1, False)
    world.settled()


@pytest.mark.parametrize(
    "proposals",
    [
        None,
        NOTHING,
        Proposals((("affirm", 1.0), ("accept", 1.0), ("obey", 1.0)), (ProposedEntity("yes_no", "搞", "好的"),)),
        Proposals((("out_of_scope", 1.0),), (ProposedEntity("when", "抠咔咔", "明天下午三点"),)),
    ],
)
def test_without_a_proposal_that_holds_the_answer_is_our_own(world: World, proposals: Proposals | None) -> None:
    plain, lin = world.chat("plain"), Talking(world, Told(proposals))
    plain.says(ODD)
    lin.says(ODD)
    assert lin.chat.text == plain.text
    assert lin.chat.state == plain.state
    assert len(lin.adviser.questions) == 1


def test_nobody_outside_says_yes_to_a_summary_for_somebody(world: World) -> None:
    lin = Talking(world, Told(Proposals((("affirm", 1.0),), (ProposedEntity("yes_no", "搞", "yes"),))))
    lin.chat.books_to_summary()
    lin.says("嘎嘎嘎搞")
    assert lin.adviser.texts == ["嘎嘎嘎搞"]
    assert lin.chat.orders == []
    assert lin.chat.asking == "*summary*"


def test_nobody_outside_confirms_a_finished_visit_for_somebody(world: World) -> None:
    lin, wang = Talking(world, Told(Proposals((("thank", 1.0),)))), world.technician("wang")
    lin.chat.books()
    lin.chat.pays()
    wang.presses("接单")
    world.at(lin.chat.order.starts_at)
    wang.presses("我出发了")
    wang.presses("我到了")
    wang.says(lin.chat.order.start_code)
    world.at(lin.chat.order.ends_at)
    wang.presses("完成服务")
    wang.photo()
    wang.presses("发好了")
    assert lin.chat.order.state == "finished"

    lin.says("抠咔咔没问题")

    assert len(lin.adviser.questions) == 1
    assert lin.chat.order.state == "finished"


def test_what_acts_without_a_question_or_a_summary_is_nobody_elses_to_propose(world: World) -> None:
    at_once = [flow for flow in world.house.flows.values() if not flow.fields and flow.summary is None]
    intents = {intent for flow in at_once for intent in flow.intents}

    assert "depart" in intents
    assert intents <= DECISIONS


def test_a_booking_under_way_is_not_dropped_by_somebody_outside_but_asked_about(world: World) -> None:
    lin = Talking(world, Told(Proposals((("cancel", 1.0), ("refund", 0.9)))))
    lin.chat.books_to_summary()
    values = lin.chat.values
    lin.says("嘎嘎嘎搞")
    lin.chat.sees("取消订单")
    assert (lin.chat.flow, lin.chat.values) == ("book", values)


@pytest.mark.parametrize(
    "said",
    [
        *(
            "多少钱",
            "明天下午三点想约个肩颈按摩",
            "取消",
            "人工",
            "救命啊他在打我",
            "你好",
            "我不舒服，快叫人",
            "嘎嘎咕咕",
        ),
        *("1", "。。。", "13800138000", "이거 뭐예요"),
    ],
)
def test_what_we_are_sure_of_or_what_cannot_wait_is_nobodys_business(world: World, said: str) -> None:
    lin = Talking(world, Told())
    lin.says(said)
    assert lin.adviser.questions == []
    assert in_inbox(world) == [("done", 1, False)]


def test_names_doors_reasons_and_what_a_human_is_told_stay_in_the_house(world: World) -> None:
    lin = Talking(world, Told())
    for said in (WORDS["zh-Hans"]["book"], WORDS["zh-Hans"]["option"]):
        lin.says(said)
    assert lin.chat.asking == "address"
    lin.says("啊这个嘎嘎")
    assert lin.adviser.questions == []

    lin.says("人工")
    lin.says(ODD)
    assert lin.adviser.questions == []
    assert lin.chat.loaded.ticket_id is not None


def test_a_press_a_label_and_a_place_in_a_list_ask_nobody(world: World) -> None:
    lin = Talking(world, Told())
    lin.says("明天下午三点想约个肩颈按摩")
    label = lin.chat.labels[0]
    lin.says(label)
    lin.sends(lin.incoming(Press(lin.chat.token("返回"))))
    lin.says("第二个")
    assert lin.adviser.questions == []


def test_one_persons_messages_are_answered_in_order_and_nobody_else_waits(world: World) -> None:
    held = asyncio.Event()
    adviser = Told(then=held.wait)
    lin, other = Talking(world, adviser), Talking(world, adviser, "other")
    other.reception = lin.reception
    answered: list[str] = []

    async def talk() -> None:
        async def receive(who: str, incoming: Incoming) -> None:
            turn = await lin.reception.receive(incoming)
            answered.append(who)
            world.chats["web", incoming.sender].received.extend(turn.messages)

        first = asyncio.create_task(receive("first", lin.incoming(Text(ODD))))
        while not adviser.questions:  # noqa: ASYNC110  the adviser has no bell
            await asyncio.sleep(0.005)
        second = asyncio.create_task(receive("second", lin.incoming(Text("90分钟"))))
        await receive("neighbour", other.incoming(Text("多少钱")))
        held.set()
        await asyncio.gather(first, second)

    asyncio.run(talk())
    assert answered == ["neighbour", "first", "second"]
    assert lin.chat.values["service"] == world.service_id("肩颈舒缓")
    assert "option" in lin.chat.values


@pytest.mark.parametrize("moves", ["取消", "我的订单"])
def test_a_conversation_that_moved_meanwhile_is_answered_by_our_own_reading(world: World, moves: str) -> None:
    """Another process has taken the person's next message."""
    elsewhere = Reception(world.db, world.house, _Stopped(world))

    async def move() -> None:
        await elsewhere.receive(lin.incoming(Text(moves)))

    lin = Talking(world, Told(then=move))
    (turn,) = lin.says(ODD)
    assert len(lin.adviser.questions) == 1
    assert len(turn.messages) == 1
    assert lin.chat.flow is None, "what was proposed was for a conversation that is no more"
    assert [state for state, _, _ in in_inbox(world)] == ["done", "done"]


def test_a_human_who_took_over_meanwhile_gets_the_words(world: World) -> None:
    elsewhere = Reception(world.db, world.house, _Stopped(world))

    async def move() -> None:
        await elsewhere.receive(lin.incoming(Text("人工")))

    lin = Talking(world, Told(then=move))
    lin.says(ODD)
    assert lin.chat.flow is None
    assert lin.chat.loaded.ticket_id is not None


def test_whoever_was_erased_meanwhile_is_answered_nothing_and_stays_erased(world: World) -> None:
    async def erase() -> None:
        world.run(lambda tx: people.erase(tx, person_id, world.now))

    lin = Talking(world, Told(then=erase))
    lin.says("你好")
    person_id = lin.chat.person_id
    (turn,) = lin.says(ODD)
    assert (turn.messages, turn.repeat) == ((), True)
    assert in_inbox(world)[-1] == ("waiting", 0, False)
    assert world.retry() == 0
    world.settled()


def test_an_answer_that_never_came_back_is_a_workers_after_five_seconds_and_apologised_for_by_nobody(
    world: World,
) -> None:
    """The process died between inbox and answer."""
    lin = Talking(world, Told(then=_die))
    with pytest.raises(asyncio.CancelledError):
        lin.says(ODD)
    assert in_inbox(world) == [("waiting", 0, True)]
    assert lin.chat.received == []

    assert world.retry() == 1
    plain = world.chat("plain")
    plain.says(ODD)
    assert lin.chat.text == plain.text
    assert in_inbox(world)[0] == ("done", 1, False)
    assert world.retry() == 0
    world.settled()


async def _die() -> None:
    raise asyncio.CancelledError


def test_a_worker_that_came_first_has_answered_and_the_late_one_says_nothing(world: World) -> None:
    async def retried() -> None:
        assert world.retry() == 1

    lin = Talking(world, Told(then=retried))
    (turn,) = lin.says(ODD)
    assert (turn.messages, turn.repeat) == ((), True)
    assert len(lin.chat.received) == 1
    assert in_inbox(world) == [("done", 1, False)]


def test_a_repeat_while_the_first_waits_does_nothing(world: World) -> None:
    lin = Talking(world, Told())
    same = lin.incoming(Text(ODD))
    first, again = lin.sends(same, same)
    assert (first.repeat, again.repeat) == (False, True)
    assert len(lin.chat.received) == 1
    assert len(lin.adviser.questions) == 1


def test_a_turn_the_database_would_not_take_up_is_a_workers(world: World, caplog: pytest.LogCaptureFixture) -> None:
    lin = Talking(world, Told())
    real = world.db
    lin.reception.db = BusyDatabase(real, "take_up")
    with caplog.at_level(logging.WARNING):
        (turn,) = lin.says(ODD)
    assert (turn.failed, turn.messages) == (True, ())
    assert in_inbox(world) == [("waiting", 0, True)]
    assert world.retry() == 1
    assert len(lin.chat.received) == 1
    assert "抠咔咔" not in caplog.text


def test_a_turn_that_fails_with_its_answer_apologises_and_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    lin = Talking(world, Told())

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("the shelf fell down")

    with monkeypatch.context() as patch:
        patch.setattr("dialogs.engine.hearing.routing.meaning", broken)
        (turn,) = lin.says(ODD)
    assert turn.failed
    assert "刚才出了点问题" in lin.chat.text
    assert in_inbox(world) == [("failed", 1, True)]
    assert world.retry() == 1
    assert in_inbox(world) == [("done", 2, False)]


def test_whoever_has_waited_in_the_queue_is_asked_about_shortly_or_not_at_all() -> None:
    assert advising.seconds_left(0.0) == 1.5
    assert advising.seconds_left(1.8) == pytest.approx(0.7)
    assert advising.seconds_left(2.1) == 0.0
    assert advising.seconds_left(60.0) == 0.0


def test_three_odd_messages_at_once_are_all_answered_before_wechat_hangs_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each answer takes all the time it has: the third message is not asked about any more. A third of real time."""
    for name, seconds in (("MOST_SECONDS", 0.4), ("_WITHIN_SECONDS", 0.7), ("_LEAST_SECONDS", 0.1)):
        monkeypatch.setattr(advising, name, seconds)

    async def slow() -> None:
        await asyncio.sleep(lin.adviser.seconds[-1])

    lin = Talking(world, Told(NOTHING, then=slow))
    lin.says("你好")
    turns = lin.says(ODD, "嘎嘎抠咔咔", "抠咔咔抠咔咔呀")
    assert len(lin.adviser.seconds) == 2
    assert lin.adviser.seconds[1] < lin.adviser.seconds[0] == 0.4
    assert all(len(turn.messages) == 1 for turn in turns)
    assert [state for state, _, _ in in_inbox(world)] == ["done"] * 4


def test_without_an_adviser_nothing_is_masked_looked_up_or_put_off(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any, **__: Any) -> Any:
        raise AssertionError("nobody is to be asked")

    monkeypatch.setattr("dialogs.engine.hearing.advised", never)
    monkeypatch.setattr("dialogs.engine.routing.is_answered", never)
    turn = world.chat("lin").says(ODD)
    assert turn.waiting is None
    assert in_inbox(world) == [("done", 1, False)]


def test_a_foreign_language_is_asked_about_by_the_tongue_it_is_in(world: World) -> None:
    amy = Talking(world, Told(Proposals((("ask_price", 0.9),))), "amy", "en")
    amy.says("whats the damage for a knead")
    assert amy.adviser.questions[0].lang == "en"
    assert "Prices" in amy.chat.text or "£" in amy.chat.text or "¥" in amy.chat.text
