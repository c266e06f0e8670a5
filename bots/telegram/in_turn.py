"""Work for chats: one chat's in the order it was handed in, different chats' side by side."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any


class InTurn:
    """A webhook is answered once its turn is kept; what is to be shown goes out after it, chat by chat, from here."""

    def __init__(self) -> None:
        self._tails: dict[str, asyncio.Task[None]] = {}

    def add(self, chat: str, work: Callable[[], Awaitable[Any]]) -> None:
        """Begin `work` as soon as everything handed in for this chat before has ended, well or not."""
        task = asyncio.create_task(_after(self._tails.get(chat), work), name="telegram chat")
        self._tails[chat] = task
        task.add_done_callback(lambda ended: self._ended(chat, ended))

    async def drain(self, seconds: float) -> None:
        """Wait for what is under way, at most so long; the rest is given up."""
        under_way = set(self._tails.values())
        if under_way:
            await asyncio.wait(under_way, timeout=seconds)
        for task in under_way:
            task.cancel()

    def _ended(self, chat: str, task: asyncio.Task[None]) -> None:
        if self._tails.get(chat) is task:
            del self._tails[chat]


async def _after(before: asyncio.Task[None] | None, work: Callable[[], Awaitable[Any]]) -> None:
    if before is not None:
        await asyncio.wait([before])
    await work()
