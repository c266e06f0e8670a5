"""HTTP without a network: requests between apps of this process, by the name of their host."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.types import ASGIApp

HOUSE = "https://rehearsal.menling.test"
TELEGRAM = "https://telegram.menling.test"
WECHAT = "https://wechat.menling.test"


class Wire(httpx.AsyncBaseTransport):
    """Carries each request to the app of its host; the house's app changes when the house is opened anew."""

    def __init__(self) -> None:
        self._apps: dict[str, ASGIApp] = {}
        self._parking: str | None = None
        self._gate: asyncio.Future[None] | None = None
        self.parked: set[asyncio.Task[Any]] = set()

    def connect(self, url: str, app: ASGIApp) -> None:
        """Let this app answer at this address from now on."""
        self._apps[httpx.URL(url).host] = app

    def hold_back(self, path: str) -> None:
        """Let requests to paths that begin like this wait from now on, as on a bad line."""
        self._parking = path

    def let_go(self) -> None:
        """Let what waits arrive, and everything after it at once."""
        self._parking = None
        self.parked.clear()
        if self._gate is not None:
            self._gate.set_result(None)
            self._gate = None

    async def _park(self) -> None:
        if self._gate is None:
            self._gate = asyncio.get_running_loop().create_future()
        task = asyncio.current_task()
        if task is not None:
            self.parked.add(task)
        await asyncio.shield(self._gate)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Carry one request; ConnectError when nobody is at that address."""
        if self._parking is not None and request.url.path.startswith(self._parking):
            await self._park()
        app = self._apps.get(request.url.host)
        if app is None:
            raise httpx.ConnectError(f"nobody is at {request.url.host}", request=request)
        return await httpx.ASGITransport(app=app).handle_async_request(request)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an app answered: status, headers as they came, body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def all(self, name: str) -> list[str]:
        """Every value of one header, by its lower-case name."""
        return [value for key, value in self.headers if key == name]


async def ask(
    app: ASGIApp, method: str, path: str, *, headers: Mapping[str, str], body: bytes = b"", query: str = ""
) -> Answer:
    """Call an app as a server would, and return its whole answer; the short way for requests there are many of."""
    host = httpx.URL(HOUSE).host
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "https",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": _raw({"host": host, "content-length": str(len(body)), **headers}.items()),
        "client": ("127.0.0.1", 1),
        "server": (host, 443),
        "state": {},
    }
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    start = sent[0]
    read = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in start["headers"])
    return Answer(start["status"], read, b"".join(part.get("body", b"") for part in sent[1:]))


def _raw(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
