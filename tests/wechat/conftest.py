"""A WeChat simulator, a door on it, and a server for the door's callback."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from fastapi import FastAPI

from bots.wechat import WeChatParams, open_wechat
from bots.wechat.door import WeChatDoor
from bots.wechat.in_time import LoopWatch
from core import people, windows
from core.db import Database, Tx
from core.people import Person
from core.windows import Trigger
from dialogs.incoming import Incoming
from dialogs.outgoing import Outgoing
from dialogs.turn import Turn
from simulators.server import LocalServer
from simulators.wechat import WeChatSimulator
from tests.builders import ZONE, a_database
from tests.fake_reception import FakeReception

APPID, SECRET, TOKEN = "wx0123456789abcdef", "simulated-app-secret", "simulated_token"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


@dataclass
class MovedClock:
    """Real time, moved as the simulator's is; it begins at ten in the morning, when everybody may be told anything."""

    offset: timedelta = field(default_factory=lambda: timedelta(hours=2 - datetime.now(UTC).hour))

    def now(self) -> datetime:
        """Return the time of the trade."""
        return datetime.now(UTC) + self.offset


@dataclass
class RowReception(FakeReception):
    """A scripted reception over a real database: it knows who wrote, and what their acts allow."""

    clock: MovedClock = field(default_factory=MovedClock)

    async def receive(self, incoming: Incoming) -> Turn:
        """Answer by the script; each new act is counted as the turn's unit counts it."""
        seen = (incoming.channel, incoming.account, incoming.external_id) in self._seen
        turn = await super().receive(incoming)
        if not seen and self.db is not None:
            who = await self.db.arun(lambda tx: self._count(tx, incoming))
            messages = tuple(msgspec.structs.replace(one, person_id=who) for one in turn.messages)
            return replace(turn, person_id=who, messages=messages)
        return turn

    async def keep(self, messages: Any, *, seconds: float) -> tuple[Outgoing, ...]:
        """Nobody else takes what is ours."""
        return tuple(messages)

    def _count(self, tx: Tx, incoming: Incoming) -> int:
        person = arrive(tx, incoming.sender, self.clock.now())
        found = opening(tx, incoming.sender)
        if incoming.allows:
            windows.grant(tx, found.identity_id, Trigger(incoming.allows), now=self.clock.now())
        assert found.person_id == person.id
        return person.id


def arrive(tx: Tx, openid: str, now: datetime, *, lang: str = "zh-Hans") -> Person:
    """Return the person behind an openid, new or not."""
    return people.arrive(tx, channel="wechat", account="bell", external_id=openid, lang=lang, zone=ZONE, now=now)


def opening(tx: Tx, openid: str) -> windows.Opening:
    """Return whom an openid belongs to, who must be known."""
    found = windows.opening_of(tx, channel="wechat", account="bell", external_id=openid)
    assert found is not None
    return found


@dataclass(frozen=True)
class Opened:
    """A door that is open on a simulator."""

    sim: WeChatSimulator
    door: WeChatDoor
    reception: RowReception
    params: WeChatParams
    url: str

    @property
    def db(self) -> Database:
        """The database beneath."""
        assert self.reception.db is not None
        return self.reception.db

    def advance(self, hours: float) -> None:
        """Let hours pass, at WeChat's and here."""
        self.sim.advance(hours)
        self.reception.clock.offset += timedelta(hours=hours)

    def left(self, openid: str) -> int:
        """Return how many messages our rows say may still be written to somebody."""
        now = self.reception.clock.now()
        return self.db.read(lambda tx: windows.left(tx, opening(tx, openid).identity_id, now=now))


Open = Callable[..., Awaitable[Opened]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """The database all doors of a test share, as processes do."""
    opened = a_database(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
async def open_door(db: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Open]:
    """Open a door with what the test wants different; on a busy machine a database that is there may be slow."""
    monkeypatch.setattr("bots.wechat.in_time._DATABASE_SECONDS", 10.0)
    monkeypatch.setattr(LoopWatch, "waited", lambda _: 0.0)  # nor is a loop that has to wait too late here
    async with AsyncExitStack() as stack:

        async def opened(
            reception: FakeReception | None = None,
            *,
            redis: Any = None,
            sim: WeChatSimulator | None = None,
            **over: Any,
        ) -> Opened:
            if sim is None:
                sim = WeChatSimulator(APPID, SECRET, TOKEN, AES_KEY)
                await sim.start()
                stack.push_async_callback(sim.stop)
            answering = reception or RowReception()
            answering.db = answering.db or db
            app = FastAPI()
            server = LocalServer(app)
            await server.start()
            stack.push_async_callback(server.stop)
            params = WeChatParams(
                **({"appid": APPID, "secret": SECRET, "token": TOKEN, "aes_key": AES_KEY, "account": "bell",
                    "api_base": sim.base_url, "web_base": sim.base_url, "public_url": server.url} | over)
            )  # fmt: skip
            door = open_wechat(params, answering.for_door(), redis)
            app.include_router(door.router)
            await door.start()
            stack.push_async_callback(door.stop)
            sim.callback_url = f"{server.url}/wechat/bell"
            return Opened(sim, door, answering, params, server.url)  # type: ignore[arg-type]

        yield opened
