"""How the Bot API simulator delivers updates, refuses and fails, spoken to over plain HTTP."""

import asyncio
import json

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulators.client import http_client
from simulators.telegram import Limits, TelegramSimulator
from tests.simulators.conftest import ListeningApp
from tests.simulators.telegram.conftest import Bot, inline

pytestmark = pytest.mark.anyio


async def test_a_wrong_token_and_an_unknown_method_are_refused_as_telegram_refuses_them(sim: TelegramSimulator) -> None:
    async with http_client() as client:
        stranger = await client.post(f"{sim.base_url}/bot1:wrong/getMe")
        unknown = await client.post(f"{sim.base_url}/bot{sim.token}/sendHologram")

    assert (stranger.status_code, stranger.json()["description"]) == (401, "Unauthorized")
    assert unknown.status_code == 404
    assert unknown.json() == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_polling_gives_each_update_until_its_successor_is_asked_for(sim: TelegramSimulator, bot: Bot) -> None:
    anna = sim.user("Anna")
    await anna.says("你好")
    await anna.says("在吗")

    first = (await bot("getUpdates"))["result"]
    again = (await bot("getUpdates"))["result"]
    rest = (await bot("getUpdates", offset=first[0]["update_id"] + 1))["result"]

    assert [update["message"]["text"] for update in first] == ["你好", "在吗"]
    assert again == first
    assert rest == first[1:]


async def test_a_long_poll_answers_as_soon_as_something_is_said(sim: TelegramSimulator, bot: Bot) -> None:
    anna = sim.user("Anna")

    waiting = asyncio.create_task(bot("getUpdates", timeout=4))
    await sim._bell.wait_for(lambda: sim._feed._pollers or None, timeout=2)
    rival = await bot.refusal("getUpdates", timeout=0)
    await anna.says("/start abc")
    update = (await waiting)["result"][0]

    assert rival.startswith("Conflict: terminated by other getUpdates request")
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert update["message"]["chat"] == {"id": anna.id, "first_name": "Anna", "type": "private"}


async def test_polling_beside_a_webhook_is_a_conflict(sim: TelegramSimulator, bot: Bot, app: ListeningApp) -> None:
    await bot("setWebhook", url=app.url)

    answer = await bot("getUpdates")

    assert answer["error_code"] == 409
    assert (await bot("getWebhookInfo"))["result"]["url"] == app.url


async def test_a_webhook_gets_updates_in_order_and_again_until_it_says_2xx(
    sim: TelegramSimulator, bot: Bot, app: ListeningApp
) -> None:
    got: list[tuple[str, str]] = []
    refusals = iter([500, 500, 200, 200, 200])

    async def handler(request: Request) -> Response:
        got.append((request.headers["x-telegram-bot-api-secret-token"], (await request.json())["message"]["text"]))
        return Response(status_code=next(refusals))

    app.handler = handler
    anna = sim.user("Anna")
    await anna.says("said before there was a webhook")
    await bot("setWebhook", url=app.url, secret_token="s3cret")
    await anna.says("second")
    await anna.says("third")
    await sim.settled()

    assert [text for _, text in got] == ["said before there was a webhook"] * 3 + ["second", "third"]
    assert {secret for secret, _ in got} == {"s3cret"}
    assert [delivery.status for delivery in sim.deliveries] == [500, 500, 200, 200, 200]
    assert (await bot("getWebhookInfo"))["result"]["last_error_message"].endswith("500 Internal Server Error")


async def test_a_failing_chat_does_not_hold_up_another(sim: TelegramSimulator, bot: Bot, app: ListeningApp) -> None:
    anna, ben = sim.user("Anna"), sim.user("Ben")
    served: list[str] = []

    async def handler(request: Request) -> Response:
        name = (await request.json())["message"]["from"]["first_name"]
        served.append(name)
        return Response(status_code=503 if name == "Anna" and served.count("Ben") == 0 else 200)

    app.handler = handler
    await bot("setWebhook", url=app.url)
    await anna.says("hello")
    await ben.says("hello")
    await sim.settled()

    assert served.count("Ben") == 1


async def test_a_call_in_the_answer_to_a_webhook_is_carried_out(
    sim: TelegramSimulator, bot: Bot, app: ListeningApp
) -> None:
    anna = sim.user("Anna")

    async def handler(request: Request) -> Response:
        return JSONResponse({"method": "sendMessage", "chat_id": anna.id, "text": "answered in place"})

    app.handler = handler
    await bot("setWebhook", url=app.url)
    await anna.says("hello")

    assert (await anna.sees("answered in place")).mine is False


async def test_after_an_outage_delivery_goes_on_where_it_stopped(
    sim: TelegramSimulator, bot: Bot, app: ListeningApp
) -> None:
    got: list[str] = []

    async def handler(request: Request) -> Response:
        got.append((await request.json())["message"]["text"])
        return Response()

    app.handler = handler
    await bot("setWebhook", url=app.url)
    anna = sim.user("Anna")
    port = int(sim.base_url.rpartition(":")[2])

    await sim.stop()
    await anna.says("said during the outage")
    with pytest.raises(httpx.NetworkError):
        await bot("getMe")
    before = list(got)
    await sim.start(port)
    await sim.settled()

    assert (before, got) == ([], ["said during the outage"])
    assert (await bot("getMe"))["ok"]


async def test_a_corrected_text_is_told_as_an_edited_message(sim: TelegramSimulator, bot: Bot) -> None:
    anna = sim.user("Anna")
    await anna.edits(await anna.says("三点"), "四点")

    update = (await bot("getUpdates"))["result"][1]

    assert update["edited_message"]["text"] == "四点"
    assert anna.transcript() == "> 四点 (edited)"


async def test_a_delivered_update_can_come_again(sim: TelegramSimulator, bot: Bot, app: ListeningApp) -> None:
    got: list[int] = []

    async def handler(request: Request) -> Response:
        got.append((await request.json())["update_id"])
        return Response()

    app.handler = handler
    await bot("setWebhook", url=app.url)
    await sim.user("Anna").says("hello")
    await sim.settled()
    sim.redeliver(got[0])
    await sim.settled()

    assert got == [got[0], got[0]]


async def test_kinds_that_were_not_allowed_are_not_told(sim: TelegramSimulator, bot: Bot) -> None:
    anna = sim.user("Anna")
    await bot("setWebhook", url="", allowed_updates=["message"])

    await anna.says("hello")
    await anna.blocks()

    assert [set(update) for update in (await bot("getUpdates"))["result"]] == [{"update_id", "message"}]


async def test_planned_faults_happen_as_often_as_planned(sim: TelegramSimulator, bot: Bot) -> None:
    anna = sim.user("Anna")
    await anna.starts()
    sim.fail_next("sendMessage", "429", retry_after=7)
    sim.fail_next("sendMessage", "500", times=2)
    sim.fail_next("sendMessage", "403", chat_id=anna.id + 1)

    answers = [await bot("sendMessage", chat_id=anna.id, text="hello") for _ in range(4)]

    assert [answer.get("error_code") for answer in answers] == [429, 500, 500, None]
    assert answers[0]["parameters"] == {"retry_after": 7}
    assert [call.error_code for call in sim.calls_of("sendMessage")] == [429, 500, 500, None]
    assert "before retry_after was over" in sim.violations[0]


async def test_a_planned_400_has_the_reason_it_was_given_and_a_bills_own_without_one(
    sim: TelegramSimulator, bot: Bot
) -> None:
    sim.fail_next("sendInvoice", "400")
    sim.fail_next("sendInvoice", "400", description="CURRENCY_INVALID")
    sim.fail_next("sendMessage", "400")

    refused = [await bot.refusal(method, chat_id=1) for method in ("sendInvoice", "sendInvoice", "sendMessage")]

    assert refused == [
        "Bad Request: PAYMENT_PROVIDER_INVALID", "Bad Request: CURRENCY_INVALID", "Bad Request: chat not found",
    ]  # fmt: skip


async def test_cut_lines_leave_the_caller_without_an_answer(sim: TelegramSimulator, bot: Bot) -> None:
    anna = sim.user("Anna")
    await anna.starts()
    sim.fail_next("sendMessage", "reset")
    sim.fail_next("sendMessage", "success_then_timeout", seconds=30)

    with pytest.raises(httpx.NetworkError):
        await bot("sendMessage", chat_id=anna.id, text="lost")
    with pytest.raises(httpx.ReadTimeout):
        await bot.client.post(
            "/sendMessage", json={"chat_id": anna.id, "text": "arrived"}, timeout=httpx.Timeout(10, read=0.2)
        )
    sim.fail_next("sendMessage", "slow", seconds=0.15)
    await bot("sendMessage", chat_id=anna.id, text="late")

    assert [message.text for message in anna.messages] == ["/start", "arrived", "late"]


async def test_limits_hold_for_each_chat_and_over_all(bot: Bot, sim: TelegramSimulator) -> None:
    strict = TelegramSimulator(limits=Limits(overall_per_second=2, overall_burst=3))
    await strict.start()
    people = [strict.user(name) for name in "ABCD"]
    strict_bot = Bot(strict)
    for person in people:
        await person.starts()

    once = await strict_bot("sendMessage", chat_id=people[0].id, text="1")
    too_soon = await strict_bot("sendMessage", chat_id=people[0].id, text="2")
    others = [await strict_bot("sendMessage", chat_id=one.id, text="1") for one in people[1:]]
    strict.advance(too_soon["parameters"]["retry_after"])
    later = await strict_bot("sendMessage", chat_id=people[0].id, text="2")

    assert (once["ok"], too_soon["error_code"], later["ok"]) == (True, 429, True)
    assert [one["ok"] for one in others] == [True, True, False]
    await strict_bot.client.aclose()
    await strict.stop()


async def test_the_page_shows_the_chats_and_lets_a_person_act(sim: TelegramSimulator, bot: Bot) -> None:
    async with http_client(base_url=sim.base_url) as browser:
        page = await browser.get("/")
        await browser.post("/simulator/act", json={"act": "new", "text": "Anna"})
        anna = sim.people[0]
        await bot("sendMessage", chat_id=anna.id, text="几点？", reply_markup=inline(("三点", "t:3")))
        state = (await browser.get("/simulator/state")).json()
        shown = state["people"][0]["messages"][1]
        press = {"person": str(anna.id), "act": "presses", "message": shown["id"], "text": "t:3"}
        await browser.post("/simulator/act", json=press)
        impossible = await browser.post("/simulator/act", json=press | {"text": "no such"})

    assert "<title>" in page.text
    assert shown["buttons"] == [[{"label": "三点", "value": "t:3", "url": None}]]
    assert (await bot("getUpdates"))["result"][-1]["callback_query"]["data"] == "t:3"
    assert impossible.status_code == 400
    assert json.loads(impossible.text)["error"] == "no button 'no such'"
