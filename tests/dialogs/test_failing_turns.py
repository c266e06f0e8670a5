"""A turn that fails: an apology once, the update waits, a retry ends it; neighbours notice nothing."""

import asyncio
import logging
import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update

from core import tracing
from core.conversations.quarantine import quarantined
from core.conversations.tables import conversation, inbox
from core.db import DatabaseBusy
from core.orders import placing
from dialogs.engine.state import Frame, State, encode_state
from dialogs.incoming import Incoming, Text
from dialogs.reception import Reception
from dialogs.turn import Turn
from tests.busy import BusyDatabase, busy_reception
from tests.dialogs.chat import Chat, World
from tests.dialogs.words import WORDS

ZH, EN = "zh-Hans", "en"
BOTH = pytest.mark.parametrize("lang", [ZH, EN])


def broken(*_: Any, **__: Any) -> Any:
    raise RuntimeError("the shelf fell down")


def in_inbox(world: World) -> list[tuple[str, int]]:
    rows = world.read(lambda tx: tx.all(select(inbox.c.state, inbox.c.attempts).order_by(inbox.c.id)))
    return [(row.state, row.attempts) for row in rows]


@BOTH
def test_a_failed_turn_apologises_once_keeps_the_update_and_ends_well_when_tried_again(
    world: World, lang: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    chat = world.chat("lin", lang)
    chat.books_to_summary()
    before = chat.values
    with monkeypatch.context() as patch:
        patch.setattr(placing, "place", broken)
        chat.says(WORDS[lang]["yes"], failing=True)

    chat.sees("刚才出了点问题" if lang == ZH else "something went wrong on our side")
    assert chat.orders == []
    assert chat.values == before
    assert in_inbox(world)[-1] == ("failed", 1)
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == ["turn failed"]

    assert world.retry() == 1
    assert chat.order.state == "to_pay"
    chat.sees(chat.order.code)
    assert in_inbox(world)[-1] == ("done", 2)
    assert world.retry() == 0
    world.settled()


def test_the_third_failure_sets_the_update_aside_and_is_owned_up_to(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat, other = world.chat("lin"), world.chat("other")
    chat.books_to_summary()
    monkeypatch.setattr(placing, "place", broken)
    chat.says("好的", failing=True)
    messages = len(chat.received)
    assert world.retry() == 1
    other.says("多少钱")
    other.sees("价目表")
    assert len(chat.received) == messages
    assert world.retry() == 1

    assert in_inbox(world)[-2] == ("quarantined", 3)
    assert len(chat.received) == messages + 1
    chat.sees("还是没办成", "人工")
    assert world.retry() == 0
    (aside,) = world.read(lambda tx: quarantined(tx, most=10))
    assert aside.person_id == chat.person_id
    assert aside.error is not None
    assert re.fullmatch(r"RuntimeError at tests/dialogs/test_failing_turns\.py:\d+", aside.error)

    monkeypatch.undo()
    chat.says("好的")
    assert chat.order.state == "to_pay"


def test_one_update_is_followed_by_one_number_however_often_it_is_tried(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    traces: list[str | None] = []

    def noted(*_: Any, **__: Any) -> Any:
        traces.append(tracing.trace())
        raise RuntimeError("the shelf fell down")

    chat = world.chat("lin")
    chat.books_to_summary()
    monkeypatch.setattr(placing, "place", noted)
    try:
        number = tracing.follow(None)
        chat.says("好的", failing=True)
        tracing.follow(None)  # the worker's
        world.retry()
        world.retry()
    finally:
        tracing._TRACE.set(None)

    assert traces == [number] * 3
    assert [one.trace for one in world.read(lambda tx: quarantined(tx, most=10))] == [number]


def test_a_failure_of_one_person_leaves_a_neighbour_of_the_same_batch_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both updates go to the writer together, as on a busy day."""
    chat, other = world.chat("lin"), world.chat("other")
    chat.books_to_summary()
    monkeypatch.setattr(placing, "place", broken)

    async def together() -> tuple[Turn, Turn]:
        reception = Reception(world.db, world.house, _Stopped(world))
        return await asyncio.gather(
            reception.receive(Incoming("web", "demo", "x1", chat.name, Text("好的"))),
            reception.receive(Incoming("web", "demo", "x2", other.name, Text("多少钱"))),
        )

    failed, fine = asyncio.run(together())
    assert failed.failed
    assert not fine.failed
    assert "价目表" in fine.messages[0].body.text


@BOTH
def test_a_turn_the_database_would_not_take_is_kept_said_and_taken_later(world: World, lang: str) -> None:
    chat = world.chat("lin", lang)
    chat.books_to_summary()
    before = chat.values
    reception = busy_reception(world.db)
    yes = Incoming("web", "demo", "busy", chat.name, Text(WORDS[lang]["yes"]), lang=lang)
    turn = asyncio.run(reception.receive(yes))

    assert (turn.failed, turn.repeat) == (True, False)
    assert ("不用重发" if lang == ZH else "no need to send it twice") in turn.messages[0].body.text
    assert (chat.values, chat.orders) == (before, [])
    assert in_inbox(world)[-1] == ("put_off", 1)
    assert asyncio.run(reception.receive(yes)).repeat

    assert world.retry() == 1
    assert chat.order.state == "to_pay"
    chat.sees(chat.order.code)
    world.settled()


def test_what_could_not_even_be_kept_is_the_platforms_to_send_again(world: World) -> None:
    chat = world.chat("lin")
    chat.says("多少钱")
    reception = busy_reception(world.db, "take_turn", "put_off")
    said = Incoming("web", "demo", "busy", chat.name, Text("我的订单"))
    with pytest.raises(DatabaseBusy):
        asyncio.run(reception.receive(said))

    assert not asyncio.run(reception.receive(said)).failed
    assert in_inbox(world)[-1] == ("done", 1)


def test_a_retry_the_database_would_not_take_counts_as_one_and_holds_up_nobody(world: World) -> None:
    chat, other = world.chat("lin"), world.chat("other")
    for one in (chat, other):
        reception = busy_reception(world.db)
        asyncio.run(reception.receive(Incoming("web", "demo", f"busy-{one.name}", one.name, Text("多少钱"))))
    real, world.db = world.db, BusyDatabase(world.db, "_retry")
    assert world.retry() == 2
    world.db = real

    assert in_inbox(world) == [("failed", 2), ("done", 2)]
    assert world.retry() == 1
    assert in_inbox(world) == [("done", 3), ("done", 2)]


def test_a_repeat_of_an_update_does_nothing_and_answers_nothing(world: World) -> None:
    chat = world.chat("lin")
    chat.books_to_summary()
    first = chat.sends(Text("好的"), update="same")
    again = chat.sends(Text("好的"), update="same")

    assert not first.repeat
    assert again.repeat
    assert again.messages == ()
    assert len(chat.orders) == 1


def test_a_repeat_of_a_failed_update_waits_for_its_retry(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    chat = world.chat("lin")
    chat.books_to_summary()
    with monkeypatch.context() as patch:
        patch.setattr(placing, "place", broken)
        chat.sends(Text("好的"), update="same", failing=True)
    assert chat.sends(Text("好的"), update="same").repeat
    assert chat.orders == []
    world.retry()

    assert len(chat.orders) == 1


TYPED = {
    ZH: [
        "明天下午三点想约个肩颈按摩",
        "90分钟的",
        "望京花园 3 号楼 1201",
        "王师傅",
        "13800138000",
        "改成四点吧",
        "会带精油吗？",
        "不是明天，后天",
        "谢谢",
        "换成李师傅",
    ],
    EN: [
        "a neck massage tomorrow at 3pm please",
        "the 90 minute one",
        "Wangjing Garden, Block 3, 1201",
        "Wang",
        "+44 7700 900123",
        "no, 4pm",
        "do you bring oil?",
        "not tomorrow, Monday",
        "thank you",
        "with Li instead",
    ],
}


@BOTH
def test_ten_messages_at_once_come_to_the_same_as_typing_slowly(world: World, lang: str) -> None:
    slow, fast = world.chat("slow", lang), world.chat("fast", lang)
    for said in TYPED[lang]:
        slow.says(said)
    expected, answers = _given(slow), [message.body.text for message in slow.received]
    slow.says("取消" if lang == ZH else "cancel")

    async def at_once() -> list[Turn]:
        reception = Reception(world.db, world.house, _Stopped(world))
        sent = (
            reception.receive(Incoming("web", "demo", f"burst-{at}", fast.name, Text(said), lang=lang))
            for at, said in enumerate(TYPED[lang])
        )
        return await asyncio.gather(*sent)

    turns = asyncio.run(at_once())
    assert [turn.messages[0].body.text for turn in turns] == answers
    assert _given(fast) == expected
    assert fast.start == "11-23 16:00"


def _given(chat: Chat) -> dict[str, Any]:
    return {name: value for name, value in chat.values.items() if name not in ("hold", "shown")}


class _Stopped:
    """A clock that stands where the world's stands."""

    def __init__(self, world: World) -> None:
        self._world = world

    def now(self) -> Any:
        """The world's time."""
        return self._world.now


def _stored(chat: Chat, raw: bytes) -> None:
    """Write another state over the conversation's, sealed as the house does."""
    sealed = chat.loaded.key.seal(raw, "conversation.state")
    me = chat.person_id
    chat.world.run(
        lambda tx: tx.execute(update(conversation).where(conversation.c.person_id == me).values(state_sealed=sealed))
    )


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"[]",
        b'{"version": 1, "stack": [{"values": {}}]}',
        b'{"version": 1, "stack": [{"flow": "sold_elsewhere", "values": {}}]}',
        b'{"version": 1, "stack": "none"}',
    ],
)
@BOTH
def test_a_state_that_cannot_be_read_starts_over_with_an_apology(world: World, lang: str, raw: bytes) -> None:
    chat = world.chat("lin", lang)
    chat.books_to_summary()
    _stored(chat, raw)
    chat.says("重复一遍" if lang == ZH else "say that again")

    chat.sees("抱歉，我们刚刚升级" if lang == ZH else "Sorry, we've just updated")
    assert chat.flow is None
    chat.says(WORDS[lang]["book"])
    assert chat.asking == "option"


def test_somebody_whose_every_message_fails_is_set_free_at_the_third(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it is that cannot be gone on with, the person is not kept in it."""
    chat = world.chat("lin")
    chat.books_to_summary()
    with monkeypatch.context() as patch:
        patch.setattr("core.orders.placing.preview", broken)
        chat.says("重复一遍", failing=True)
        chat.says("改成四点吧", failing=True)
        assert chat.flow == "book"
        chat.says("怎么了", failing=True)
    chat.sees("先放下了")
    assert chat.state.stack == []
    chat.says(WORDS[ZH]["book"])
    assert chat.asking == "option"


STRANGE: dict[str, Callable[[Frame], None]] = {
    "a renamed step": lambda frame: setattr(frame, "asking", "place_of_visit"),
    "a value of a field that is gone": lambda frame: frame.values.update(tip=5),
    "a hold of yesterday": lambda frame: frame.values.update(hold=1),
}
GONE: dict[str, dict[str, Any]] = {
    "a service that was sold off": {"service": 1, "option": 2},
    "an option that was sold off": {"option": 2},
    "a technician who has left": {"technician": {"id": 1}},
    "a district we left": {"address": {"id": None, "text": "x", "region": 1, "lat": 30.6, "lng": 104.0}},
}


@pytest.mark.parametrize("strange", STRANGE)
def test_a_renamed_step_goes_on_where_it_can(world: World, strange: str) -> None:
    chat = world.chat("lin")
    chat.books_to_summary()
    state = chat.state
    STRANGE[strange](state.stack[-1])
    _stored(chat, encode_state(state))
    chat.says("重复一遍")

    chat.sees("请核对", "15:00–16:30")


@pytest.mark.parametrize("wrong", GONE)
@pytest.mark.parametrize("said", ["重复一遍", "改成四点吧", "好的", "多少钱", "王师傅"])
def test_what_has_gone_meanwhile_is_said_and_is_never_a_failure(world: World, wrong: str, said: str) -> None:
    chat = world.chat("lin")
    chat.books_to_summary()
    state = chat.state
    state.stack[-1].values.update(GONE[wrong])
    _stored(chat, encode_state(state))
    chat.says(said)

    chat.says("取消")
    chat.says("明天下午三点想约个肩颈按摩")
    assert chat.asking == "option"


def test_a_state_survives_being_written_and_read() -> None:
    frame = Frame(
        flow="book", values={"service": 1, "start": "2026-11-22T07:00:00+00:00"}, asking="phone", trail=["option"]
    )
    state = State(stack=[frame])

    assert msgspec.json.decode(encode_state(state), type=State) == state
