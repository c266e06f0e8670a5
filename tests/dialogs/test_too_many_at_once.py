"""More than can be done at once is kept, answered with a word of patience, and done a moment later."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from core.clock import SystemClock
from core.db import Database
from core.messages.tables import message
from core.tally import counted
from dialogs.building import build_house
from dialogs.house import House
from dialogs.incoming import Content, Incoming, Press, Text
from dialogs.reception import Reception
from dialogs.turn import Turn, retry_due


@pytest.fixture
def house() -> House:
    return build_house(public_url="http://127.0.0.1:8000", zone="Asia/Shanghai", currency="CNY")


async def all_at_once(reception: Reception, many: int, content: Content) -> list[Turn]:
    said = [Incoming("telegram", "main", f"u{number}", f"p{number}", content, "en") for number in range(many)]
    return await asyncio.gather(*(reception.receive(incoming) for incoming in said))


def test_words_beyond_what_can_be_done_are_kept_and_done_a_moment_later(
    database: Database, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dialogs.reception._CROWDED", 2)
    key = ("menling_turns_put_off", (("channel", "telegram"),))
    before = counted().get(key, 0)
    turns = asyncio.run(all_at_once(Reception(database, house, SystemClock()), 5, Text("help")))

    busy = house.texts.say("en", "engine.busy")
    assert [turn.messages[0].body.text == busy for turn in turns] == [False, False, True, True, True]
    assert counted()[key] - before == 3

    later = datetime.now(UTC) + timedelta(seconds=5)
    assert retry_due(database, house, now=later, real_now=later) == 3
    assert database.read(lambda tx: tx.scalar(select(func.count()).select_from(message))) == 8


def test_a_tap_is_taken_where_words_have_to_wait(
    database: Database, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dialogs.reception._CROWDED", 0)
    (turn,) = asyncio.run(all_at_once(Reception(database, house, SystemClock()), 1, Press("abc.0")))

    assert turn.messages[0].body.text != house.texts.say("en", "engine.busy")
