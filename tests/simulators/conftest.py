"""What the tests of the simulators share: asyncio, and an application that receives webhooks on the loopback."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulators.server import LocalServer

Handler = Callable[[Request], Awaitable[Response]]


class ListeningApp:
    """An application with one address; what it answers is the test's business."""

    def __init__(self) -> None:
        self.handler: Handler | None = None
        self.server = LocalServer(Starlette(routes=[Route("/hook", self._handle, methods=["GET", "POST"])]))

    @property
    def url(self) -> str:
        return f"{self.server.url}/hook"

    async def _handle(self, request: Request) -> Response:
        assert self.handler is not None
        return await self.handler(request)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def app() -> AsyncIterator[ListeningApp]:
    listening = ListeningApp()
    await listening.server.start()
    yield listening
    await listening.server.stop()
