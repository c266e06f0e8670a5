"""The action server as it really is: rasa-sdk's own, over HTTP, on a copy of the demo city."""

import asyncio
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bots.rasa import RasaParams, open_actions
from bots.rasa.server import ActionServer
from core.db import Tx, open_database
from core.people.joining import known
from dialogs.history import history
from dialogs.reception import Reception
from tests import servers
from tests.dialogs.chat import NOW, VAULT, World, a_world, make_city
from tests.rasa.assistant import SECRET, Assistant

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass
class StandingClock:
    """Business time that stands still."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class Serving:
    """An action server that listens, and a client that has its secret."""

    url: str
    client: httpx.AsyncClient
    world: World
    server: ActionServer

    async def nobody_asks(self) -> None:
        """Wait until every client has hung up, and the server has heard of it."""
        async with asyncio.timeout(20):
            while self.server._server.connections:  # noqa: ASYNC110  Sanic tells nobody
                await asyncio.sleep(0.005)

    def assistant(self, sender: str) -> Assistant:
        return Assistant(self.client, sender)

    def said(self, sender: str) -> list[str]:
        """What this sender's person has said to us, oldest first."""

        def unit(tx: Tx) -> list[str]:
            person = known(tx, channel="rasa", account="main", external_id=sender)
            lines = () if person is None else history(tx, person.id, after=(BEGINNING, 0), most=50)
            return [line.text for line in lines if line.mine]

        return self.world.read(unit)


Serve = Callable[[], Awaitable[Serving]]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def city_file() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=servers.own_servers(), prefix="city-") as folder:
        path = Path(folder) / "master.db"
        make_city(f"sqlite:///{path}").close()
        yield path


@pytest.fixture
def world(city_file: Path) -> Iterator[World]:
    """The demo city on a file of its own."""
    with tempfile.TemporaryDirectory(dir=servers.own_servers(), prefix="rasa-") as folder:
        path = Path(folder) / "menling.db"
        shutil.copyfile(city_file, path)
        db = open_database(f"sqlite:///{path}", VAULT)
        yield a_world(db)
        db.close()


@pytest.fixture
async def serve(world: World) -> AsyncIterator[Serve]:
    """Open the action server on a free port; called again, the first one has stopped and another goes on."""
    async with AsyncExitStack() as stack:
        running = AsyncExitStack()
        stack.push_async_callback(running.aclose)

        async def serving() -> Serving:
            await running.aclose()
            server = open_actions(RasaParams(SECRET), Reception(world.db, world.house, StandingClock()))
            door = socket.create_server(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{door.getsockname()[1]}"
            await server.start(door)
            running.push_async_callback(server.stop)
            client = httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {SECRET}"}, timeout=20)
            running.push_async_callback(client.aclose)
            return Serving(url, client, world, server)

        yield serving


@pytest.fixture
async def serving(serve: Serve) -> Serving:
    """An action server that listens."""
    return await serve()
