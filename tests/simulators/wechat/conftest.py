"""An official account written with wechatpy, and the simulator it speaks to."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature

from simulators.client import http_client
from simulators.wechat import Fan, WeChatSimulator
from tests.simulators.conftest import ListeningApp

KEY = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aQ"
APPID, SECRET, TOKEN = "wx9999999999999999", "app-secret", "callback-token"
Reply = Callable[[Any], object]


class Account:
    """An official account written with wechatpy; `reply` makes the passive answer of each message."""

    def __init__(self, sim: WeChatSimulator, app: ListeningApp) -> None:
        self.sim = sim
        self.crypto = WeChatCrypto(TOKEN, KEY, APPID)
        self.reply: Reply = lambda _: ""
        self.got: list[Any] = []
        self.delays: list[float] = []
        self.client = http_client(base_url=sim.base_url, timeout=5)
        self.token = ""
        app.handler = self.handle
        sim.callback_url = app.url

    async def handle(self, request: Request) -> Response:
        query = request.query_params
        check_signature(TOKEN, query["signature"], query["timestamp"], query["nonce"])
        if request.method == "GET":
            return PlainTextResponse(query["echostr"])
        body = (await request.body()).decode()
        xml = self.crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
        message = parse_message(xml)
        self.got.append(message)
        if self.delays:
            await asyncio.sleep(self.delays.pop(0))
        reply = self.reply(message)
        if isinstance(reply, Response):
            return reply
        if not reply:
            return Response()
        sealed = self.crypto.encrypt_message(create_reply(reply, message).render(), query["nonce"], query["timestamp"])
        return Response(sealed, media_type="text/xml")

    async def login(self) -> None:
        wish = {"grant_type": "client_credential", "appid": APPID, "secret": SECRET}
        self.token = (await self.client.post("/cgi-bin/stable_token", json=wish)).json()["access_token"]

    async def post(self, path: str, **body: object) -> dict[str, Any]:
        answer = await self.client.post(path, params={"access_token": self.token}, json=body)
        decoded: dict[str, Any] = answer.json()
        return decoded

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        decoded: dict[str, Any] = (await self.client.get(path, params={"access_token": self.token} | query)).json()
        return decoded

    async def writes(self, fan: Fan, text: str) -> int:
        sent = await self.post(
            "/cgi-bin/message/custom/send", touser=fan.openid, msgtype="text", text={"content": text}
        )
        return int(sent["errcode"])


@pytest.fixture
async def sim() -> AsyncIterator[WeChatSimulator]:
    simulator = WeChatSimulator(APPID, SECRET, TOKEN, KEY)
    await simulator.start()
    yield simulator
    await simulator.stop()


@pytest.fixture
async def account(sim: WeChatSimulator, app: ListeningApp) -> AsyncIterator[Account]:
    an_account = Account(sim, app)
    await an_account.login()
    yield an_account
    await an_account.client.aclose()


@pytest.fixture
async def fan(sim: WeChatSimulator, account: Account) -> Fan:
    person = sim.fan("小安")
    await person.follows()
    account.got.clear()
    return person
