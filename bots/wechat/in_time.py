"""How late it is: what comes in may have waited before anybody looked at it, and WeChat's clock ran all the while."""

import asyncio
import time
from typing import Final

from starlette.requests import Request
from starlette.types import Receive, Scope

from core.db import DatabaseError
from core.settings import rules
from dialogs.reception import Reception

_BEAT: Final = 0.05
_HARDLY_HEARD_SECONDS: Final = 1.0
"""From here on it is asked whether the line still stands: how long a request lay in the system's queue nobody knows."""
_NOT_HEARD_SECONDS: Final = 4.5
_DATABASE_SECONDS: Final = 0.2
_FRESH_SECONDS: Final = 1.0


class LoopWatch:
    """Tells how long a request may have lain unseen because the event loop was busy with others.

    Nobody notes when a request reached the machine. But the loop looks at all that came whenever it has been round: a
    request seen now came at the earliest while the round before this one began.
    """

    def __init__(self) -> None:
        self._beat: asyncio.TimerHandle | None = None
        self._at = 0.0
        self.round = 0.0
        """How long the last round took, beyond its beat, in seconds: so late the loop sees what is due."""

    def start(self) -> None:
        """Watch the running loop."""
        self._at = time.perf_counter()
        self._next()

    def stop(self) -> None:
        """Watch no more; nothing has waited then."""
        if self._beat is not None:
            self._beat.cancel()
        self._beat, self.round = None, 0.0

    def waited(self) -> float:
        """Return the longest that a request seen now can have waited, in seconds; 0 in a loop that is not pressed."""
        if self._beat is None:
            return 0.0
        late = time.perf_counter() - self._at - _BEAT
        return self.round + max(0.0, late)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.round, self._at = max(0.0, now - self._at - _BEAT), now
        self._next()

    def _next(self) -> None:
        self._beat = asyncio.get_running_loop().call_later(_BEAT, self._tick)


class DatabaseLook:
    """Whether the database answers at once: a turn that waits for one that does not may never be kept."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._answered_at = float("-inf")
        self._asking: asyncio.Task[bool] | None = None

    def answered(self) -> None:
        """Note that it has just done a turn, which tells as much."""
        self._answered_at = time.monotonic()

    async def check(self) -> None:
        """Raise DatabaseError unless it answers. One asks for everybody: where turns are late, they are many."""
        if time.monotonic() - self._answered_at < _FRESH_SECONDS:
            return
        if self._asking is None or self._asking.done():
            self._asking = asyncio.get_running_loop().create_task(self._ask())
        asking = self._asking
        await asyncio.wait({asking}, timeout=_DATABASE_SECONDS)
        if not asking.done() or not asking.result():
            raise DatabaseError("no answer")

    async def _ask(self) -> bool:
        try:
            await self._reception.db.aread(rules)
        except DatabaseError:
            return False
        self.answered()
        return True


async def is_heard(scope: Scope, receive: Receive, came_at: float) -> bool:
    """Tell whether WeChat is going to hear what is answered now: it hangs up when it has waited too long."""
    taken = time.perf_counter() - came_at
    if taken < _HARDLY_HEARD_SECONDS:
        return True
    return taken < _NOT_HEARD_SECONDS and not await Request(scope, receive).is_disconnected()
