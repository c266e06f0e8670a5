"""A town with an order to pay, our routes over HTTP in memory, and a sandbox that calls them back."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
from fastapi import FastAPI

from core.db import Database
from gateways import Gateways, build_gateways, perform_due, routes
from gateways.sandbox import SandboxGateway
from gateways.sandbox.provider import Habits
from gateways.sms import ConsoleSms
from tests.builders import NOW
from tests.core.money.stories import Story, a_story

BASE = "http://menling.test"
SECRET = b"a secret of sixteen bytes or more"


@dataclass
class StoppedClock:
    """Business time that moves when a test says so."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@dataclass
class World:
    """Everything a gateway test touches; real time stands still unless the test moves it."""

    db: Database
    story: Story
    gateways: Gateways
    client: httpx.AsyncClient
    clock: StoppedClock
    sms: io.StringIO
    real: list[datetime] = field(default_factory=lambda: [datetime(2026, 3, 10, 2, 0, tzinfo=UTC)])

    @property
    def path(self) -> str:
        return f"/pay/{self.story.payment.token}"

    @property
    def sandbox(self) -> SandboxGateway:
        gateway = self.gateways.payment_chosen
        assert isinstance(gateway, SandboxGateway)
        return gateway

    async def works(self) -> int:
        """Let the worker look once, and the sandbox deliver what follows from it."""
        done = await perform_due(self.db, self.gateways, self.clock, real_now=lambda: self.real[0])
        await self.sandbox.provider.settle_down()
        return done

    async def pays(self, manner: str = "normal") -> httpx.Response:
        """Press the button on the page and wait for the notices."""
        answer = await self.client.post(self.path, data={"manner": manner})
        await self.sandbox.provider.settle_down()
        return answer


def in_a_world(
    db: Database,
    tell: Callable[[World], Awaitable[None]],
    *,
    book: Path | None = None,
    habits: Habits | None = None,
    bot: str = "",
) -> None:
    """Run one story in a fresh world; with the address of a `bot`, one that is paid in its chat alone."""

    async def run() -> None:
        clock, out = StoppedClock(), io.StringIO()
        app = FastAPI()
        real = [datetime(2026, 3, 10, 2, 0, tzinfo=UTC)]
        gateways = build_gateways(
            payments="telegram" if bot else "sandbox",
            telegram="main" if bot else None,
            bot=bot,
            secret=SECRET,
            callback_base=BASE,
            sandbox_book=book,
            sms=ConsoleSms(out),
            habits=habits or Habits(late_seconds=0, retry_pauses=(0,)),
            transport=httpx.ASGITransport(app=app),
            real_now=lambda: real[0],
        )
        app.include_router(routes(db, clock, gateways, real_now=lambda: real[0]))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=BASE) as client:
            await tell(World(db, a_story(db), gateways, client, clock, out, real))
        await gateways.aclose()

    asyncio.run(run())
