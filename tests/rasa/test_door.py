"""Messages nobody is waiting for: Rasa's HTTP API is asked to show them, and believed only when it has."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response

from bots.rasa import RasaDoor, RasaParams
from bots.rasa import door as door_module
from dialogs.outgoing import Body, Delivery, Later, Outgoing, Refused, Sent, Unknown, token_of
from simulators.server import LocalServer
from tests.dialogs.words import WORDS
from tests.rasa.conftest import Serving

pytestmark = pytest.mark.anyio
USER, BOT = {"event": "user", "text": "EXTERNAL: menling_news"}, {"event": "bot", "text": "您的订单已确认"}
Deliver = Callable[..., Awaitable[Delivery]]


class Rasa:
    """Rasa's trigger_intent on this machine: it answers as the test says, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        self.answer: Response = shown([BOT, USER, BOT])
        self.wait = 0.0
        self.before: Callable[[str, Any], Awaitable[None]] | None = None
        self.app = FastAPI()
        self.app.add_api_route("/conversations/{sender:path}/trigger_intent", self.trigger, methods=["POST"])

    async def trigger(self, sender: str, request: Request) -> Response:
        body = await request.json()
        self.asked.append((sender, dict(request.query_params), body))
        await asyncio.sleep(self.wait)
        if self.before is not None:
            await self.before(sender, body)
        return self.answer


def shown(events: list[dict[str, Any]], channel: str | None = "telegram", **more: Any) -> Response:
    """What Rasa answers when it has run the intent."""
    return JSONResponse({"tracker": {"events": events, "latest_input_channel": channel}, **more})


@pytest.fixture
def rasa() -> Rasa:
    return Rasa()


@pytest.fixture
async def deliver(rasa: Rasa) -> AsyncIterator[Deliver]:
    """Deliver one message through a door that is told where this Rasa is."""
    server = LocalServer(rasa.app)
    await server.start()
    door = RasaDoor(RasaParams("", url=f"{server.url}/", token="api-token"))

    async def delivering(message_id: int = 77, to: str = "lin", account: str = "main") -> Delivery:
        return await door.deliver(a_message(message_id, to, account))

    yield delivering
    await door.stop()
    await server.stop()


def a_message(message_id: int, to: str = "lin", account: str = "main") -> Outgoing:
    return Outgoing(
        message_id=message_id,
        person_id=1,
        kind="notice",
        channel="rasa",
        account=account,
        external_id=to,
        body=Body("明天见"),
        lang="zh-Hans",
    )


async def test_rasa_is_told_which_message_and_for_whom_and_never_its_words(rasa: Rasa, deliver: Deliver) -> None:
    assert await deliver(77, "user:4+a@b") == Sent()

    ((sender, params, body),) = rasa.asked
    assert sender == "user:4+a@b"
    assert (params["output_channel"], params["token"]) == ("latest", "api-token")
    assert body == {"name": "menling_news", "entities": {"menling_message": token_of(77, 0)}}


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (shown([USER, BOT]), Sent()),
        (shown([USER, BOT], "callback", messages=[{"text": "您的订单已确认"}]), Sent()),
        (shown([BOT, USER]), Refused("Rasa has shown nothing")),
        (shown([]), Refused("Rasa has shown nothing")),
        (
            shown([USER, BOT], "rest", messages=[{"text": "您的订单已确认"}]),
            Refused("the person's channel takes no messages that were not asked for"),
        ),
        (
            shown([USER, BOT], None, messages=[]),
            Refused("the person's channel takes no messages that were not asked for"),
        ),
        (Response(status_code=401), Refused("status 401")),
        (Response(status_code=404), Refused("status 404")),
        (Response(status_code=409), Later(5)),
        (Response(status_code=503), Later(5)),
        (Response(status_code=500), Unknown("status 500")),
        (PlainTextResponse("hello"), Unknown("an answer that is none of Rasa's")),
        (JSONResponse([]), Unknown("an answer that is none of Rasa's")),
        (JSONResponse({"tracker": None}), Unknown("an answer that is none of Rasa's")),
    ],
)
async def test_the_door_tells_what_became_of_a_message(
    rasa: Rasa, deliver: Deliver, answer: Response, outcome: Delivery
) -> None:
    rasa.answer = answer

    assert await deliver() == outcome


async def test_a_rasa_that_hangs_may_have_shown_it(
    rasa: Rasa, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door_module, "_SECONDS", 0.05)
    rasa.wait = 0.5

    assert isinstance(await deliver(), Unknown)


async def test_a_rasa_that_is_away_is_tried_again(deliver: Deliver) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    door = RasaDoor(RasaParams("", url=f"http://127.0.0.1:{port}"))

    assert await door.deliver(a_message(1)) == Later(5)

    await door.stop()


async def test_who_cannot_be_named_at_rasa_is_not_asked_for(rasa: Rasa, deliver: Deliver) -> None:
    assert isinstance(await deliver(to="~0123"), Refused)
    assert isinstance(await deliver(account="another"), Refused)
    assert rasa.asked == []


async def test_a_card_goes_by_way_of_rasa_to_the_chat_and_its_buttons_come_back(
    serving: Serving, rasa: Rasa, deliver: Deliver
) -> None:
    lin = serving.assistant("lin")
    for name in ("book", "option", "address", "who", "phone", "yes"):
        await lin.says(WORDS["zh-Hans"][name])
    chat = serving.world.chat("lin", channel="rasa", account="main")
    chat.pays()

    async def calls_back(sender: str, body: Any) -> None:
        told = await lin.is_told(body["entities"]["menling_message"])
        rasa.answer = shown([USER, *(BOT for _ in told)])

    rasa.before = calls_back

    assert await deliver(chat.last.message_id) == Sent()
    assert chat.text in lin.sees()
    assert not lin.active
