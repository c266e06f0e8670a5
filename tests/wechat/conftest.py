"""A WeChat simulator, a door on it, and a server for the door's callback."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI

from bots.wechat import WeChatParams, open_wechat
from bots.wechat.door import WeChatDoor
from simulators.server import LocalServer
from simulators.wechat import WeChatSimulator
from tests.fake_reception import FakeReception

APPID, SECRET, TOKEN = "wx0123456789abcdef", "simulated-app-secret", "simulated_token"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


@dataclass(frozen=True)
class Opened:
    """A door that is open on a simulator."""

    sim: WeChatSimulator
    door: WeChatDoor
    reception: FakeReception
    params: WeChatParams


Open = Callable[..., Awaitable[Opened]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def open_door() -> AsyncIterator[Open]:
    """Open a door with what the test wants different."""
    async with AsyncExitStack() as stack:

        async def opened(reception: FakeReception | None = None, *, redis: Any = None, **over: Any) -> Opened:
            sim = WeChatSimulator(APPID, SECRET, TOKEN, AES_KEY)
            await sim.start()
            stack.push_async_callback(sim.stop)
            params = WeChatParams(
                **({"appid": APPID, "secret": SECRET, "token": TOKEN, "aes_key": AES_KEY, "account": "bell",
                    "api_base": sim.base_url} | over)
            )  # fmt: skip
            answering = reception or FakeReception()
            door = open_wechat(params, answering.for_door(), redis)
            app = FastAPI()
            app.include_router(door.router)
            server = LocalServer(app)
            await server.start()
            stack.push_async_callback(server.stop)
            await door.start()
            stack.push_async_callback(door.stop)
            sim.callback_url = f"{server.url}/wechat/bell"
            return Opened(sim, door, answering, params)

        yield opened
