"""The commands menu: everybody's by the language of their Telegram, a technician's and a 繁體 reader's their own."""

from pathlib import Path

import pytest

from bots.telegram.words import WORDS
from core import people
from core.orders.states import OrderState
from dialogs.incoming import Event
from simulators.telegram import TelegramSimulator
from tests.telegram.conftest import Open
from tests.telegram.trade import a_trade

pytestmark = pytest.mark.anyio


def own_menus(sim: TelegramSimulator) -> list[tuple[int, list[str]]]:
    """The menus set for single chats: whose, and their commands."""
    found = []
    for call in sim.calls_of("setMyCommands"):
        scope, commands = call.params.get("scope"), call.params["commands"]
        if isinstance(scope, dict) and scope["type"] == "chat" and isinstance(commands, list):
            found.append((int(scope["chat_id"]), [one["command"] for one in commands]))
    return found


def test_every_language_has_the_same_commands_and_none_is_too_long() -> None:
    for words in WORDS.values():
        assert [*words.commands] == [*WORDS["en"].commands]
        assert [*words.at_work] == [*WORDS["en"].at_work]
        assert [*words.checkout] == [*WORDS["en"].checkout]
        assert all(3 <= len(line) <= 256 for line in (*words.commands.values(), *words.at_work.values()))
        assert all(0 < len(line) <= 200 for line in (*words.checkout.values(), words.stale))


async def test_customers_in_the_language_of_their_telegram_need_no_menu_of_their_own(
    open_door: Open, tmp_path: Path
) -> None:
    opened = await open_door(a_trade(tmp_path))

    for code in ("zh-hans", "en"):
        person = opened.sim.user("Anna", language_code=code)
        await person.starts()
        await person.sees("")
    await opened.door.stop()

    assert own_menus(opened.sim) == []


async def test_who_reads_traditional_characters_gets_a_menu_in_them(open_door: Open, tmp_path: Path) -> None:
    opened = await open_door(a_trade(tmp_path))
    lin = opened.sim.user("林", language_code="zh-hant")

    await lin.starts()
    await lin.sees("")
    await lin.says("你好")
    await opened.sim.settled()
    await opened.door.stop()

    assert own_menus(opened.sim) == [(lin.id, [*WORDS["zh-Hant"].commands])]


async def test_a_technician_gets_the_menu_of_their_work(open_door: Open, tmp_path: Path) -> None:
    trade = a_trade(tmp_path)
    opened = await open_door(trade)
    wang, city = opened.sim.user("王师傅"), trade.city()
    trade.has_telegram(trade.technician_person(city), wang.id)

    await wang.starts()
    await wang.sees("")
    await wang.says("/today")
    await wang.sees("")
    await opened.door.stop()

    assert own_menus(opened.sim) == [(wang.id, ["today", "offers", "rota", "income", "off", "on", "human", "help"])]


async def test_the_commands_of_work_open_what_they_name(open_door: Open) -> None:
    opened = await open_door()
    wang = opened.sim.user("王师傅")

    for command in WORDS["en"].at_work:
        await wang.says(f"/{command}")
    await opened.settled()

    assert opened.reception.heard[:6] == [
        Event("menu", key) for key in ("my_day", "offers", "my_rota", "income", "go_off_duty", "go_on_duty")
    ]


async def test_who_lets_the_bot_write_again_is_told_what_waited(open_door: Open, tmp_path: Path) -> None:
    trade = a_trade(tmp_path)
    opened = await open_door(trade)
    anna, city = opened.sim.user("Anna"), trade.city()
    anna.account.started = True
    trade.has_telegram(city.customer.id, anna.id)
    await anna.blocks()
    await opened.sim.settled()
    assert trade.database.read(lambda tx: people.identities_of(tx, city.customer.id)) == ()

    await anna.unblocks()
    await opened.sim.settled()
    trade.order(city, OrderState.ACCEPTED)
    await trade.sends(opened)

    await anna.sees("王师傅")
