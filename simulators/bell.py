"""Waiting for something to become true without polling for it."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Bell:
    """Wakes everybody who waits each time something changed."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()
        self.rings = 0

    def ring(self) -> None:
        """Tell all who wait that they should look again."""
        self.rings += 1
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    async def wait_for(self, look: Callable[[], T | None], *, timeout: float) -> T | None:  # noqa: ASYNC109 - part of the tests' language
        """Return the first thing `look` finds; None when `timeout` seconds pass without one."""
        try:
            async with asyncio.timeout(timeout):
                while (found := look()) is None:
                    await self._next_ring()
        except TimeoutError:
            return look()
        return found

    async def _next_ring(self) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await future
        finally:
            self._waiting.discard(future)
