"""How updates reach the door: the webhook it asks for, or fetching where there is no public address."""

import asyncio

import pytest

from core.db import DatabaseBusy
from dialogs.incoming import Text
from tests.fake_reception import FakeReception
from tests.telegram.conftest import Open

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
