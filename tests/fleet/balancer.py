"""What stands before several processes: each request goes to one that is up, and to another when that one is not."""

import asyncio
import itertools
import time
from collections.abc import Iterable
from typing import Final

import httpx

_QUEUE_SECONDS: Final = 4.0

HOUSE: Final = "http://house.test"
"""Where people and platforms find the house, whichever process answers."""


class Balancer(httpx.AsyncBaseTransport):
    """Sends requests for the house round those who are up; what breaks on the way is the caller's to repeat."""

    def __init__(self) -> None:
        self._inner = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=400, max_keepalive_connections=100))
        self._up: list[int] = []
        self._turn = itertools.count()
        self.taken: dict[int, int] = {}
        """Requests by the port that answered."""

    def open(self, ports: Iterable[int]) -> None:
        """Send requests to these ports from now on."""
        self._up = list(ports)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on; while nobody is up it waits, and ConnectError when that takes too long."""
        ends = time.monotonic() + _QUEUE_SECONDS
        while True:
            answer = await self._through(request)
            if answer is not None:
                return answer
            if time.monotonic() > ends:
                raise httpx.ConnectError("no process is up", request=request)
            await asyncio.sleep(0.05)

    async def _through(self, request: httpx.Request) -> httpx.Response | None:
        up, first = self._up, next(self._turn)
        for port in (up[(first + step) % len(up)] for step in range(len(up))):
            url = request.url.copy_with(scheme="http", host="127.0.0.1", port=port)
            passed = httpx.Request(
                request.method, url, headers=request.headers, stream=request.stream, extensions=request.extensions
            )
            try:
                answer = await self._inner.handle_async_request(passed)
            except httpx.ConnectError:
                continue
            self.taken[port] = self.taken.get(port, 0) + 1
            return answer
        return None

    async def aclose(self) -> None:
        """Hang up."""
        await self._inner.aclose()
