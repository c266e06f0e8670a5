"""The race between a turn and WeChat's patience: a reply in time is passive, a late one goes by customer service."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

_REMEMBERED = 2_000


@dataclass(slots=True)
class Reply:
    """The text of a passive reply, empty for none, and what is to be done once it has left."""

    text: str = ""
    then: Callable[[], Awaitable[None]] | None = None
    stands: bool = True
    """Whether the next try gets it too, rather than asking anew."""

    async def after(self) -> None:
        """Do what follows the reply, once however often the same reply is given."""
        then, self.then = self.then, None
        if then is not None:
            await then()


@dataclass(slots=True)
class _Slot:
    """One message of WeChat with all its tries; `answer` is set once and never changes."""

    settled: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: int = 0
    reply: Reply | None = None
    error: Exception | None = None


Work = Callable[[Callable[[], bool]], Awaitable[Reply]]
"""Runs the turn; the callable it is given tells whether a reply still has somebody waiting for it."""


class Answers:
    """The replies of one door by WeChat's id: every try of a message gets the same one."""

    def __init__(self) -> None:
        self._slots: OrderedDict[str, _Slot] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()

    async def answer(self, key: str, work: Work, *, seconds: float) -> Reply | None:
        """Return the reply when it is ready within the time, else None; the work goes on either way.

        What the work raises while somebody waits is raised to them, and the next try begins anew.
        """
        slot = self._slots.get(key)
        if slot is None:
            slot = self._begin(key, work)
        slot.waiting += 1
        try:
            async with asyncio.timeout(seconds):
                await slot.settled.wait()
        except TimeoutError:
            pass
        finally:
            slot.waiting -= 1
        if slot.error is not None:
            raise slot.error
        return slot.reply

    async def drain(self, *, seconds: float) -> None:
        """Give running turns a moment to end; what does not is kept by its lease and sent later."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in self._tasks:
            task.cancel()

    def _begin(self, key: str, work: Work) -> _Slot:
        slot = _Slot()
        self._slots[key] = slot
        while len(self._slots) > _REMEMBERED:
            self._slots.popitem(last=False)
        task = asyncio.get_running_loop().create_task(self._run(key, slot, work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return slot

    async def _run(self, key: str, slot: _Slot, work: Work) -> None:
        try:
            slot.reply = await work(lambda: slot.waiting > 0)
            if not slot.reply.stands:
                self._slots.pop(key, None)
        except Exception as error:  # noqa: BLE001  handed to whoever waits
            slot.error = error
            self._slots.pop(key, None)
        finally:
            slot.settled.set()
