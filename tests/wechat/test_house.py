"""The door on a real reception: what waited rides with the next reply, and a retry gets what was answered before."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from msgspec.structs import replace
from sqlalchemy import select, update

from bots.wechat import Capabilities, door
from bots.wechat.reading import read_message
from bots.wechat.showing import merge, text_of, together, with_held
from bots.wechat.xml import read_xml
from core import support
from core.db import Database, Tx
from core.messages import Template, tell
from core.messages.tables import held as held_table
from core.messages.tables import message as message_table
from core.people.tables import identity
from dialogs import kept
from dialogs.building import build_house
from dialogs.outgoing import Body, Button, Outgoing, Waited
from dialogs.reception import Reception
from dialogs.rendering import prepare
from dialogs.turn import Turn
from menling.sender import Sender
from tests.builders import ZONE, a_city
from tests.wechat.conftest import MovedClock, Open, Opened, RowReception, opening
from tests.wechat.test_coming_in import a_follower, a_message, post, reply_of, sealed

pytestmark = pytest.mark.anyio
_NO_KEFU = Capabilities(kefu=False, menu=False)


class HouseReception(RowReception):
    """The same for a door's tests, with a house behind it."""

    def for_door(self) -> Reception:
        """The real reception."""
        assert self.db is not None
        house = build_house(public_url="http://127.0.0.1:8000", zone=ZONE, currency="CNY")
        self.real = Reception(self.db, house, self.clock)
        return self.real


@asynccontextmanager
async def a_sender(opened: Opened, reception: HouseReception) -> AsyncIterator[Sender]:
    """A sender, as soon as the door has noted what it answered: until then all else to that person waits."""
    while ("turn", "waiting", None) in states(opened.db):  # noqa: ASYNC110  a database rings no bell
        await asyncio.sleep(0.01)
    sender = Sender(reception.real, {"wechat": opened.door}, prepare)
    yield sender
    await sender.drain(10)


def states(db: Database) -> list[tuple[str, str, str | None]]:
    """Template, state and way of every message, oldest first."""
    columns = (message_table.c.template, message_table.c.state, message_table.c.sent_by)
    return [tuple(row) for row in db.read(lambda tx: tx.all(select(*columns).order_by(message_table.c.id)))]


def told(tx: Tx, openid: str, reception: HouseReception, template: Template, nth: int = 0) -> None:
    tell(tx, opening(tx, openid).person_id, template, dedupe=f"{template}:{nth}", now=reception.clock.now(), facts={})


async def test_without_customer_service_words_ride_with_the_next_reply(open_door: Open) -> None:
    reception = HouseReception()
    opened = await open_door(reception, capabilities=_NO_KEFU)
    opened.db.run(a_city)
    fan = a_follower(opened)
    await fan.says("你好")
    opened.db.run(lambda tx: told(tx, fan.openid, reception, Template.HUMAN_HERE))
    async with a_sender(opened, reception) as sender:
        assert await sender.send_due() == 1
    assert states(opened.db)[-1] == ("human_here", "held", None)

    await fan.says("在吗")
    seen = await fan.sees("之前没能发给您的")
    await opened.door.stop()

    assert seen.kind == "passive"
    above, below = seen.text.split("— — —")
    assert len(above.strip()) > len("之前没能发给您的：") + 4
    assert below.strip()
    assert [state for _, state, _ in states(opened.db)] == ["sent"] * 3
    assert states(opened.db)[1] == ("human_here", "sent", "passive")
    assert opened.db.read(lambda tx: tx.all(select(held_table))) == []


async def test_what_a_human_answers_rides_with_a_reply_though_the_bot_says_nothing(open_door: Open) -> None:
    reception = HouseReception()
    opened = await open_door(reception, capabilities=_NO_KEFU)
    opened.db.run(a_city)
    fan = a_follower(opened)
    await fan.says("人工")
    await fan.says("我家有狗，介意吗")

    def answer(tx: Tx) -> None:
        (ticket,) = support.open_tickets(tx)
        now = reception.clock.now()
        support.take(tx, ticket.id, operator_id=7, now=now)
        support.reply(tx, ticket.id, operator_id=7, words="不介意，放心约", now=now)

    opened.db.run(answer)
    async with a_sender(opened, reception) as sender:
        assert await sender.send_due() == 2

    await fan.says("在吗")
    seen = await fan.sees("放心约")
    await opened.door.stop()

    assert seen.kind == "passive"
    assert {state for _, state, _ in states(opened.db)} == {"sent"}


async def test_more_than_a_reply_holds_waits_for_the_one_after(open_door: Open) -> None:
    reception = HouseReception()
    opened = await open_door(reception, capabilities=_NO_KEFU)
    opened.db.run(a_city)
    fan = a_follower(opened)
    await fan.says("你好")
    for nth in range(9):
        opened.db.run(partial(told, openid=fan.openid, reception=reception, template=Template.WORKING_CHANGED, nth=nth))
    async with a_sender(opened, reception) as sender:
        while await sender.send_due():
            await sender.drain(10)

    waiting = []
    for _ in range(4):
        await fan.says("在吗")
        waiting.append(sum(state == "held" for _, state, _ in states(opened.db)))
    await opened.door.stop()

    assert opened.sim.violations == []
    assert waiting == sorted(waiting, reverse=True)
    assert {state for _, state, _ in states(opened.db)} == {"sent"}


async def test_words_too_long_for_a_reply_hold_up_none_behind_them() -> None:
    held = [
        Outgoing(
            message_id=number, person_id=1, kind="notice", channel="wechat", account="bell", external_id="o-lin",
            body=Body(text=words), lang="zh-Hans",
        )
        for number, words in ((1, "休" * 680), (2, "技师到了"), (3, "款已收到"))
    ]  # fmt: skip

    passive = with_held(merge((), tappable=True), held, tappable=True)

    assert [one.message_id for one in passive.shown] == [2, 3]
    assert [one.message_id for one in passive.waiting] == [1]
    assert "技师到了\n\n款已收到" in passive.text


def _waited(
    number: int, words: str, *rows: tuple[Button, ...], texted: bool = False, lang: str = "zh-Hans"
) -> Outgoing:
    """Words that waited since a quarter past two, one minute after another."""
    at = datetime(2026, 11, 21, 6, 14 + number, tzinfo=UTC)
    waited = Waited(at, f"14:{14 + number}", texted=texted)
    return Outgoing(number, 1, "card", "wechat", "bell", "o-lin", Body(words, rows), lang, 9 + number, waited=waited)


_OUT = (Button("回到自助", action="back", minor=True),)


async def test_the_way_out_of_words_that_waited_stands_once_below_them_all() -> None:
    held = [_waited(1, "客服来了", _OUT), _waited(2, "客服：您好", _OUT), _waited(3, "客服：在吗")]

    beside_an_answer = with_held(merge((), tappable=False), held, tappable=False).text
    alone, many = together(held, tappable=False)

    lines = "14:15　客服来了\n\n14:16　客服：您好\n\n14:17　客服：在吗\n（也可以回复“回到自助”）"
    assert beside_an_answer == f"之前没能发给您的：\n{lines}"
    assert (alone, many) == (lines, 3)


@pytest.mark.parametrize(
    ("lang", "all_texted", "one_texted"),
    [
        ("zh-Hans", "之前已发短信告诉您的：\n14:15　苏苏接单了", "之前没能发给您的：\n14:15（已发短信）苏苏接单了"),
        ("zh-Hant", "之前已傳簡訊告訴您的：\n14:15　苏苏接单了", "之前沒能發給您的：\n14:15（已傳簡訊）苏苏接单了"),
        (
            "en",
            "We've already texted you this:\n14:15: 苏苏接单了",
            "We couldn't send you this earlier:\n14:15 (texted to you): 苏苏接单了",
        ),
    ],
)  # fmt: skip
async def test_what_the_phone_has_told_is_not_called_unsent(lang: str, all_texted: str, one_texted: str) -> None:
    texted = _waited(1, "苏苏接单了", (Button("联系技师", action="call"),), texted=True, lang=lang)
    other = _waited(2, "款已收到", lang=lang)
    answer = merge([replace(_waited(3, "您好"), waited=None)], tappable=False)

    assert with_held(answer, [texted], tappable=False).text.startswith(f"{all_texted}\n10 联系技师\n\n— — —")
    assert with_held(answer, [texted, other], tappable=False).text.startswith(f"{one_texted}\n10 联系技师\n\n14:16")


@pytest.mark.parametrize(
    ("lang", "line"),
    [("zh-Hans", "14:35　王师傅出发了"), ("zh-Hant", "14:35　王师傅出发了"), ("en", "14:35: 王师傅出发了")],
)
async def test_words_that_waited_are_shown_after_the_time_they_were_meant_for(lang: str, line: str) -> None:
    waited = Waited(datetime(2026, 11, 21, 6, 35, tzinfo=UTC), "14:35")
    held = Outgoing(1, 1, "notice", "wechat", "bell", "o-lin", Body("王师傅出发了"), lang, waited=waited)

    beside_an_answer = with_held(merge((), tappable=True), [held], tappable=True)
    alone, _ = together([held], tappable=True)

    assert line in beside_an_answer.text.split("\n")
    assert alone == line


async def test_after_a_restart_a_retry_gets_the_same_answer_and_nothing_is_done_twice(open_door: Open) -> None:
    first_house, second_house = HouseReception(), HouseReception()
    first = await open_door(first_house, capabilities=_NO_KEFU)
    first.db.run(a_city)
    document = a_message(Content="按摩多少钱")

    answered = reply_of(await post(first, *sealed(document)))
    await first.door.stop()
    second = await open_door(second_house, sim=first.sim, capabilities=_NO_KEFU)
    again = reply_of(await post(second, *sealed(document)))
    await second.door.stop()

    assert again == answered != ""
    assert len(states(first.db)) == 1
    assert states(first.db)[0][1:] == ("sent", "passive")


async def test_an_answer_that_a_dead_process_left_is_given_to_the_retry(open_door: Open) -> None:
    first = await open_door(HouseReception(), capabilities=_NO_KEFU)
    first.db.run(a_city)
    document = a_message(Content="按摩多少钱")
    answered = reply_of(await post(first, *sealed(document)))
    await first.door.stop()
    as_left = update(message_table).values(state="waiting", sent_by=None, sent_at=None, leased_until=None)
    first.db.run(lambda tx: tx.execute(as_left.values(due_at=MovedClock().now())))

    second = await open_door(HouseReception(), sim=first.sim, capabilities=_NO_KEFU)
    again = reply_of(await post(second, *sealed(document)))
    await second.door.stop()

    assert again == answered != ""
    assert states(first.db)[0][1:] == ("sent", "passive")


async def test_words_that_had_waited_are_owed_again_with_a_reply_that_did_not_arrive(open_door: Open) -> None:
    reception = HouseReception()
    first = await open_door(reception, capabilities=_NO_KEFU)
    first.db.run(a_city)
    await post(first, *sealed(a_message(Content="你好", MsgId=1)))
    openid = first.db.read(lambda tx: tx.scalar(select(identity.c.external_id).where(identity.c.channel == "wechat")))
    first.db.run(lambda tx: told(tx, openid, reception, Template.HUMAN_HERE))
    async with a_sender(first, reception) as sender:
        await sender.send_due()
    document = a_message(Content="按摩多少钱", MsgId=2)
    answered = reply_of(await post(first, *sealed(document)))
    await first.door.stop()

    for _ in range(2):  # in other processes, which know nothing of the first
        another = await open_door(HouseReception(), sim=first.sim, capabilities=_NO_KEFU)
        again = reply_of(await post(another, *sealed(document)))
        await another.door.stop()
        held, _, answer = again.partition("— — —")
        assert answer == answered.partition("— — —")[2] != ""
        assert "之前没能发给您的" in held
        assert "同事" in held

    assert [state for _, state, _ in states(first.db)] == ["sent"] * 3
    replied = await open_door(HouseReception(), sim=first.sim, capabilities=_NO_KEFU)
    fresh = reply_of(await post(replied, *sealed(a_message(Content="在吗", MsgId=3))))
    await replied.door.stop()
    assert "之前没能发给您的" not in fresh


async def of_a_door_that_died(opened: Opened, document: str) -> tuple[Reception, Turn]:
    """An update another process took and committed, and was killed before it answered: the answer is in its hand."""
    house = HouseReception(db=opened.db, clock=opened.reception.clock).for_door()
    incoming = read_message(read_xml(document.encode()), account=opened.params.account).incoming
    assert incoming is not None
    turn = await house.receive(incoming)
    assert [state for _, state, _ in states(opened.db)] == ["waiting"]
    return house, turn


async def test_a_retry_that_comes_while_a_dead_door_holds_the_answer_gets_it_when_its_lease_ends(
    open_door: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "LEASE", timedelta(seconds=1))
    opened = await open_door(HouseReception(), capabilities=_NO_KEFU, reply_seconds=30.0)
    opened.db.run(a_city)
    document = a_message(Content="按摩多少钱")
    _, turn = await of_a_door_that_died(opened, document)

    again = reply_of(await post(opened, *sealed(document)))
    await opened.door.stop()

    assert again == text_of(turn.messages[0], tappable=True)
    assert [state for _, state, _ in states(opened.db)] == ["sent"]


async def test_where_that_takes_longer_than_a_reply_may_the_retry_after_it_gets_the_answer(
    open_door: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "LEASE", timedelta(minutes=5))
    monkeypatch.setattr(door, "_HANGS_UP_SECONDS", 0.1)
    monkeypatch.setattr(door, "_DRAIN_SECONDS", 0.1)
    hasty = await open_door(HouseReception(), capabilities=_NO_KEFU, reply_seconds=2.0)
    patient = await open_door(HouseReception(), capabilities=_NO_KEFU, reply_seconds=30.0)
    hasty.db.run(a_city)
    document = a_message(Content="按摩多少钱")
    _, turn = await of_a_door_that_died(hasty, document)

    second = await post(hasty, *sealed(document))
    over = update(message_table).values(leased_until=datetime.now(UTC))
    hasty.db.run(lambda tx: tx.execute(over))
    third = await post(patient, *sealed(document))
    await patient.door.stop()
    await hasty.door.stop()

    assert (second.status_code, third.status_code) == (503, 200)
    assert reply_of(third) == text_of(turn.messages[0], tappable=True)
    assert [state for _, state, _ in states(hasty.db)] == ["sent"]


async def test_an_answer_that_a_living_door_is_pushing_is_not_waited_for(open_door: Open) -> None:
    opened = await open_door(HouseReception(), capabilities=_NO_KEFU)
    opened.db.run(a_city)
    document = a_message(Content="按摩多少钱")
    house, turn = await of_a_door_that_died(opened, document)
    await house.keep(turn.messages, seconds=20)

    again = await post(opened, *sealed(document))
    await opened.door.stop()

    assert (again.status_code, again.text) == (200, "")


async def test_a_window_counted_by_the_turn_is_the_one_the_sender_spends(open_door: Open) -> None:
    reception = HouseReception()
    opened = await open_door(reception, capabilities=Capabilities(menu=False))
    opened.db.run(a_city)
    fan = a_follower(opened)
    await fan.says("你好")
    opened.db.run(lambda tx: told(tx, fan.openid, reception, Template.HUMAN_HERE))

    async with a_sender(opened, reception) as sender:
        await sender.send_due()

    assert states(opened.db)[-1] == ("human_here", "sent", "kefu")
    assert opened.left(fan.openid) == opened.sim.kefu_left(fan) == 4
