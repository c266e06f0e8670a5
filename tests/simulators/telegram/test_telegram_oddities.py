"""What Telegram does to a bot on its worse days."""

import asyncio

import pytest

from simulators.client import http_client
from simulators.screen import CannotDo
from simulators.telegram import Limits, TelegramSimulator
from simulators.telegram.oddities import KINDS
from tests.simulators.telegram.conftest import Bot

pytestmark = pytest.mark.anyio


async def updates(bot: Bot, kind: str) -> list[dict[str, object]]:
    found = (await bot("getUpdates"))["result"]
    return [one[kind] for one in found if kind in one]


async def test_a_flood_refuses_one_chat_or_the_whole_bot_until_it_is_over(sim: TelegramSimulator, bot: Bot) -> None:
    one, other = sim.user("One"), sim.user("Other")
    await one.starts()
    await other.starts()
    sim.flood(30, chat_id=one.id)
    refused = await bot("sendMessage", chat_id=one.id, text="a")
    passed = await bot("sendMessage", chat_id=other.id, text="b")
    sim.flood(60)
    both = [await bot("sendMessage", chat_id=who.id, text="c") for who in (one, other)]
    sim.advance(61)

    assert (refused["error_code"], refused["parameters"]) == (429, {"retry_after": 30})
    assert passed["ok"]
    assert [answer["parameters"]["retry_after"] for answer in both] == [60, 60]
    assert (await bot("sendMessage", chat_id=one.id, text="d"))["ok"]
    assert len(sim.violations) == 1  # the second call to a chat that had been told to wait


async def test_a_group_gets_twenty_messages_a_minute() -> None:
    sim = TelegramSimulator(limits=Limits(overall_burst=100))
    await sim.start()
    bot, group = Bot(sim), sim.group()
    sent = [(await bot("sendMessage", chat_id=group.id, text=str(i)))["ok"] for i in range(21)]
    await bot.client.aclose()
    await sim.stop()

    assert sent == [True] * 20 + [False]


async def test_a_group_that_became_a_supergroup_names_its_new_id(sim: TelegramSimulator, bot: Bot) -> None:
    member, group = sim.user("Ming").account, sim.group("Family")
    await group.adds_bot(member)
    new = await group.becomes_supergroup(member)
    refused = await bot("sendMessage", chat_id=group.id, text="hello")
    told = await updates(bot, "message")

    assert refused["parameters"] == {"migrate_to_chat_id": new.id}
    assert [one.get("migrate_to_chat_id") for one in told][-2] == new.id
    assert told[-1]["migrate_from_chat_id"] == group.id
    assert (await bot("sendMessage", chat_id=new.id, text="hello"))["ok"]
    await new.removes_bot(member)
    assert "kicked" in await bot.refusal("sendMessage", chat_id=new.id, text="hello")


async def test_a_closed_account_is_gone(sim: TelegramSimulator, bot: Bot) -> None:
    person = sim.user()
    await person.starts()
    person.deactivates()

    assert await bot.refusal("sendMessage", chat_id=person.id, text="a") == "Forbidden: user is deactivated"
    with pytest.raises(CannotDo):
        await person.says("hello")


@pytest.mark.parametrize(("kind", "code"), [("400", 400), ("401", 401), ("404", 404), ("409", 409), ("502", 502)])
async def test_a_planned_refusal_comes_once(sim: TelegramSimulator, bot: Bot, kind: str, code: int) -> None:
    person = sim.user()
    await person.starts()
    sim.fail_next("sendMessage", kind)
    planned = sim.planned_faults()

    assert (await bot("sendMessage", chat_id=person.id, text="a"))["error_code"] == code
    assert (await bot("sendMessage", chat_id=person.id, text="a"))["ok"]
    assert (planned, sim.planned_faults()) == ([("sendMessage", kind)], [])


async def test_a_download_may_be_gone_or_never_end(sim: TelegramSimulator, bot: Bot) -> None:
    person = sim.user()
    await person.sends_document(b"%PDF", name="a.pdf")
    document = (await updates(bot, "message"))[0]["document"]
    assert isinstance(document, dict)
    path = (await bot("getFile", file_id=document["file_id"]))["result"]["file_path"]
    sim.fail_next("file", "404")
    sim.fail_next("file", "endless")
    async with http_client(base_url=sim.base_url) as client:
        gone = await client.get(f"/file/bot{sim.token}/{path}")
        size = 0
        async with client.stream("GET", f"/file/bot{sim.token}/{path}") as endless:
            async for chunk in endless.aiter_bytes():
                size += len(chunk)
                if size > 10_000_000:
                    break
        whole = await client.get(f"/file/bot{sim.token}/{path}")

    assert (gone.status_code, whole.content) == (404, b"%PDF")
    assert size > 10_000_000


async def test_every_odd_kind_arrives_under_its_own_name(sim: TelegramSimulator, bot: Bot) -> None:
    person = sim.user()
    for kind in KINDS:
        await person.sends_odd(kind)

    assert [next(kind for kind in KINDS if kind in one) for one in await updates(bot, "message")] == list(KINDS)


async def test_a_live_location_that_ends_comes_without_its_period(sim: TelegramSimulator, bot: Bot) -> None:
    person = sim.user()
    await person.sends_location(30.6, 104.0, live_period=900)
    await person.stops_live_location()
    edited = await updates(bot, "edited_message")

    assert edited[0]["location"] == {"latitude": 30.6, "longitude": 104.0}
    with pytest.raises(CannotDo):
        await person.stops_live_location()


async def test_a_payment_may_be_told_late_and_twice(sim: TelegramSimulator, bot: Bot) -> None:
    person = sim.user()
    await person.starts()
    bill = {"title": "Massage", "description": "90 min", "payload": "P1", "currency": "CNY", "provider_token": "t"}
    sent = await bot("sendInvoice", chat_id=person.id, prices=[{"label": "all", "amount": 26300}], **bill)
    with pytest.raises(CannotDo):
        await person.told_payment_again()
    await bot("getUpdates", offset=-1)

    async def agree() -> None:
        question = (await bot("getUpdates", timeout=5, offset=100_000_002))["result"][0]["pre_checkout_query"]
        await bot("answerPreCheckoutQuery", pre_checkout_query_id=question["id"], ok=True)

    await asyncio.gather(person.pays(sent["result"]["message_id"], tell=False), agree())
    before = await updates(bot, "message")
    await person.told_payment_again()
    await person.told_payment_again()
    paid = [one["successful_payment"] for one in await updates(bot, "message") if "successful_payment" in one]

    assert not [one for one in before if "successful_payment" in one]
    assert len(paid) == 2
    assert paid[0] == paid[1]


async def test_a_page_in_a_button_needs_https_and_a_private_chat(sim: TelegramSimulator, bot: Bot) -> None:
    person, group = sim.user(), sim.group()
    await person.starts()

    def button(url: str) -> dict[str, object]:
        return {"inline_keyboard": [[{"text": "open", "web_app": {"url": url}}]]}

    wish = {"chat_id": person.id, "text": "a"}
    assert (await bot("sendMessage", **wish, reply_markup=button("https://example.com/")))["ok"]
    assert "Only HTTPS" in await bot.refusal("sendMessage", **wish, reply_markup=button("http://example.com/"))
    in_group = await bot.refusal("sendMessage", chat_id=group.id, text="a", reply_markup=button("https://example.com/"))
    assert "BUTTON_TYPE_INVALID" in in_group


async def test_the_bot_can_say_who_it_is_and_leave(sim: TelegramSimulator, bot: Bot) -> None:
    group = sim.group()
    await bot("setMyDescription", description="门铃", language_code="zh")
    await bot("setChatMenuButton", menu_button={"type": "commands"})

    assert (await bot("getMyDescription", language_code="zh"))["result"] == {"description": "门铃"}
    assert (await bot("getChatMenuButton"))["result"] == {"type": "commands"}
    assert (await bot("getChat", chat_id=group.id))["result"]["type"] == "group"
    assert (await bot("leaveChat", chat_id=group.id))["ok"]
    assert "kicked" in await bot.refusal("sendMessage", chat_id=group.id, text="a")
