"""Answers of one chat reach it in the order they were given, also when some of them had to wait."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bots.telegram.delivering import ChatMemory
from core.db import Tx
from core.messages import MessageState
from core.messages.tables import message
from simulators.telegram import Person
from tests.telegram.conftest import Open, Opened
from tests.telegram.trade import Trade, a_trade

pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Talk:
    """Somebody who talks with a house of her own in Telegram."""

    opened: Opened
    trade: Trade
    anna: Person

    async def says(self, words: str) -> None:
        await self.anna.says(words)
        await self.shown()

    async def shown(self) -> None:
        """Everything taken, and shown or left to the sender."""
        await self.opened.sim.settled()
        await self.opened.door._in_turn.drain(5)

    async def refused_once(self, words: str) -> None:
        """Say something whose answer Telegram refuses with 401; the door itself has forgotten that it did."""
        self.opened.sim.fail_next("sendMessage", "401")
        await self.says(words)
        self.forgets()

    def forgets(self) -> None:
        """Let the door know as much as one that was started this moment."""
        self.opened.door._delivering.memory = ChatMemory()

    @property
    def answers(self) -> list[str]:
        return [one.text for one in self.anna.messages if not one.mine]

    def written(self) -> list[tuple[int, MessageState]]:
        """Every answer given, oldest first: Telegram's id of it, 0 for none, and how it stands."""

        def read(tx: Tx) -> list[tuple[int, MessageState]]:
            rows = select(message.c.external_ref, message.c.state).order_by(message.c.id)
            return [(int(row.external_ref or 0), MessageState(row.state)) for row in tx.all(rows)]

        return self.trade.database.read(read)

    async def goes_on(self) -> None:
        """Let the time pass for which what was refused has to wait, and whatever is due go out."""
        self.trade.passes(minutes=2)
        await self.trade.sends(self.opened)


async def a_talk(open_door: Open, folder: Path) -> Talk:
    trade = a_trade(folder)
    opened = await open_door(trade)
    trade.city()
    return Talk(opened, trade, opened.sim.user("Anna"))


async def order_kept(talk: Talk) -> None:
    """Say three things, the first refused; each answer is shown below the one before it, and nothing twice."""
    await talk.refused_once("价格")
    await talk.says("我的订单")
    await talk.says("明天下午五点肩颈按摩60分钟")
    assert talk.answers == []

    await talk.goes_on()

    written = talk.written()
    assert [state for _, state in written] == [MessageState.SENT] * 3
    refs = [ref for ref, _ in written]
    assert refs == sorted(set(refs))


async def test_a_later_word_is_not_answered_before_an_earlier_answer_that_waits(
    open_door: Open, tmp_path: Path
) -> None:
    await order_kept(await a_talk(open_door, tmp_path))


async def test_without_the_look_at_what_waits_a_later_answer_would_overtake(
    open_door: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ChatMemory, "was_told", lambda *_: True)
    with pytest.raises(AssertionError):
        await order_kept(await a_talk(open_door, tmp_path))


async def test_what_a_door_that_died_was_about_to_show_is_not_overtaken_either(open_door: Open, tmp_path: Path) -> None:
    talk = await a_talk(open_door, tmp_path)
    await talk.refused_once("价格")
    talk.trade.database.run(_under_the_dead_doors_lease)

    await talk.says("我的订单")
    assert talk.answers == []

    talk.trade.database.run(_the_lease_ends)
    await talk.goes_on()
    refs = [ref for ref, _ in talk.written()]
    assert refs == sorted(refs) != [0, 0]


async def test_who_writes_faster_than_telegram_answers_is_answered_at_once_all_the_same(
    open_door: Open, tmp_path: Path
) -> None:
    talk = await a_talk(open_door, tmp_path)

    for words in ("价格", "我的订单", "你好"):
        await talk.anna.says(words)
    await talk.shown()

    assert len(talk.answers) == 3
    assert [state for _, state in talk.written()] == [MessageState.SENT] * 3


async def test_the_question_that_stands_keeps_its_buttons_when_an_older_one_comes_after_it(
    open_door: Open, tmp_path: Path
) -> None:
    talk = await a_talk(open_door, tmp_path)
    await talk.says("价格")
    first, *_ = talk.trade.database.read(lambda tx: tx.all(select(message.c.id)))
    await talk.says("肩颈按摩60分钟")
    standing = talk.anna.messages[-1]
    assert standing.labels
    again = {"state": MessageState.UNKNOWN, "due_at": talk.trade.clock.at}
    talk.trade.database.run(lambda tx: tx.execute(update(message).where(message.c.id == first.id).values(again)))

    await talk.goes_on()
    await talk.opened.door.stop()

    late = talk.anna.messages[-1]
    assert late.message_id != standing.message_id
    assert late.labels == []
    assert next(one.labels for one in talk.anna.messages if one.message_id == standing.message_id) == standing.labels


def _under_the_dead_doors_lease(tx: Tx) -> None:
    there = select(message.c.id, message.c.created_at)
    (row,) = tx.all(there)
    far = row.created_at.replace(year=row.created_at.year + 10)
    tx.execute(update(message).values(leased_until=far, due_at=row.created_at))


def _the_lease_ends(tx: Tx) -> None:
    tx.execute(update(message).values(leased_until=None))
