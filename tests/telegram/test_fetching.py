"""How updates reach the door: the webhook it asks for, or fetching where there is no public address."""

import asyncio
import time
from collections.abc import Callable
from typing import Any, cast

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramConflictError
from aiogram.methods import GetUpdates

from bots.telegram.health import Health
from bots.telegram.polling import poll
from core.db import DatabaseBusy
from dialogs.incoming import Text
from tests.fake_reception import FakeReception
from tests.telegram.conftest import SECRET, Open

pytestmark = pytest.mark.anyio


async def test_the_door_registers_webhook_and_commands_in_both_languages(open_door: Open) -> None:
    opened = await open_door()

    webhook = opened.sim.calls_of("setWebhook")[0].params
    assert webhook["url"] == opened.webhook
    assert webhook["allowed_updates"] == [
        "message", "edited_message", "callback_query", "my_chat_member", "pre_checkout_query",
    ]  # fmt: skip
    menus = opened.sim.calls_of("setMyCommands")
    assert [menu.params.get("language_code") for menu in menus] == [None, "zh"]


async def test_without_a_public_address_updates_are_fetched_in_order(open_door: Open) -> None:
    opened = await open_door(polling=True)
    anna, li = opened.sim.user("Anna"), opened.sim.user("李")

    for nth in range(5):
        await anna.says(f"a{nth}")
        await li.says(f"l{nth}")
    await opened.sim.settled()

    for person, letter in ((anna, "a"), (li, "l")):
        heard = [one.content for one in opened.reception.came if one.sender == str(person.id)]
        assert heard == [Text(f"{letter}{nth}") for nth in range(5)]
    assert opened.reception.repeats == 0


async def test_an_update_nobody_understands_does_not_hold_up_those_behind_it(open_door: Open) -> None:
    opened = await open_door(FakeReception(holds=(holds := asyncio.Event())), polling=True)
    anna = opened.sim.user("Anna")

    await anna.says("before")
    opened.sim._feed.push("message", anna.id, {"message_id": "not a number"})
    await anna.says("after")
    holds.set()
    await opened.sim.settled()

    assert opened.reception.heard == [Text("before"), Text("after")]


async def test_what_the_database_could_not_take_is_fetched_again(
    open_door: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bots.telegram.polling._FIRST_PAUSE", 0.05)
    reception = FakeReception(error=DatabaseBusy("away"))
    opened = await open_door(reception, polling=True)
    anna = opened.sim.user("Anna")

    await anna.says("hi")
    with pytest.raises(TimeoutError):
        await opened.sim.settled(timeout=0.3)
    reception.error = None
    await opened.sim.settled()

    assert reception.heard == [Text("hi")]


@pytest.mark.parametrize("rival", ["webhook", "poller"])
async def test_who_is_not_alone_with_the_bot_says_so_and_waits(
    open_door: Open, monkeypatch: pytest.MonkeyPatch, rival: str
) -> None:
    monkeypatch.setattr("bots.telegram.polling._FIRST_PAUSE", 0.05)
    monkeypatch.setattr("bots.telegram.polling._CONFLICT_PAUSE", 0.1)
    opened = await open_door(polling=True)
    anna = opened.sim.user("Anna")
    if rival == "webhook":
        opened.sim.set_webhook("http://127.0.0.1:9/elsewhere", secret=SECRET)
        await anna.says("hi")
        await _until(lambda: "webhook" in str(opened.door.health()["state"]))
        assert list(opened.door.troubles()) == ["telegram:bell:409 webhook"]
        opened.sim._feed.set_webhook(None, drop_pending=False)
    else:
        opened.sim.fail_next("getUpdates", "409", times=2)
        await anna.says("hi")
        await _until(lambda: "another process" in str(opened.door.health()["state"]))
        assert list(opened.door.troubles()) == ["telegram:bell:409"]

    await opened.settled()

    assert opened.reception.heard == [Text("hi")]
    assert opened.door.health()["state"] == "open"
    assert opened.door.troubles() == {}


async def test_an_error_nobody_foresaw_does_not_end_the_fetching(
    open_door: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bots.telegram.polling._FIRST_PAUSE", 0.05)
    opened = await open_door(polling=True)
    real, failures = opened.door._bot.get_updates, iter([RecursionError("too deep"), ValueError("odd")])

    async def sometimes(**asked: Any) -> Any:
        for failure in failures:
            raise failure
        return await real(**asked)

    monkeypatch.setattr(type(opened.door._bot), "get_updates", lambda _, **asked: sometimes(**asked))
    await opened.sim.user("Anna").says("hi")
    await opened.settled()

    assert opened.reception.heard == [Text("hi")]


async def _until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about"
        await asyncio.sleep(0.02)


async def test_who_is_not_alone_with_the_bot_tries_every_five_seconds_however_long_it_lasts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited: list[float] = []

    async def waits(seconds: float) -> None:
        waited.append(seconds)
        if len(waited) == 8:
            raise asyncio.CancelledError

    class Elsewhere:
        async def get_updates(self, **_: object) -> None:
            raise TelegramConflictError(method=GetUpdates(), message="terminated by other getUpdates request")

    async def handles(_: object) -> None: ...

    monkeypatch.setattr("bots.telegram.polling.asyncio.sleep", waits)
    with pytest.raises(asyncio.CancelledError):
        await poll(cast("Bot", Elsewhere()), handles, Health(), account="bell")

    assert waited == [5.0] * 8
