"""A Telegram simulator, a door on it, and a server for the door's webhook."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from fastapi import FastAPI

from bots.telegram import TelegramParams, open_telegram
from bots.telegram.door import TelegramDoor
from bots.telegram.menus import Menus
from simulators.server import LocalServer
from simulators.telegram import TelegramSimulator
from tests.fake_reception import FakeReception

SECRET = "a-secret-of-the-tests-0123456789"


@dataclass(frozen=True)
class Opened:
    """A door that is open on a simulator."""

    sim: TelegramSimulator
    door: TelegramDoor
    reception: FakeReception
    params: TelegramParams

    @property
    def webhook(self) -> str:
        """Where updates are posted."""
        return self.params.webhook_url

    async def settled(self) -> None:
        """Wait until every update is taken and everything it led to has been shown."""
        await self.sim.settled()
        if isinstance(self.reception, FakeReception):
            await self.reception.notes(len(self.reception.given))


Open = Callable[..., Awaitable[Opened]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def _looks_at_nobody(*_: object, **__: object) -> None:
    """Leave the menu as it is."""


@pytest.fixture
async def open_door(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Open]:
    """Open a door with what the test wants different."""
    async with AsyncExitStack() as stack:

        async def opened(
            reception: FakeReception | None = None,
            *,
            polling: bool = False,
            provider_token: str = "",
            bills_alone: bool = False,
        ) -> Opened:
            sim = TelegramSimulator(first_retry=0.01)
            await sim.start()
            stack.push_async_callback(sim.stop)
            app = FastAPI()
            server = LocalServer(app)
            await server.start()
            stack.push_async_callback(server.stop)
            params = TelegramParams(
                token=sim.token, secret=SECRET, public_url=server.url, account="bell", api_base=sim.base_url,
                polling=polling, provider_token=provider_token, bills_alone=bills_alone,
            )  # fmt: skip
            answering = reception or FakeReception()
            door = open_telegram(params, answering.for_door())
            if answering.db is None:
                monkeypatch.setattr(Menus, "show_to", _looks_at_nobody)  # who they are is in no database
            app.include_router(door.router)
            await door.start()
            stack.push_async_callback(door.stop)
            return Opened(sim, door, answering, params)

        yield opened
