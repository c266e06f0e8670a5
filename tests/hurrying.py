"""A loop that never waits: where nothing else is to be done, its clock jumps to the next timer.

A story that speaks of seconds takes none, and measures the same seconds however busy the machine is. Only what answers
within this process may be waited for: a timer, a task, a server on the same loop.
"""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any


class _Jumping(selectors.DefaultSelector):
    """A selector that skips the time until the next timer when no event is ready."""

    skipped = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if not ready and timeout is None:
            raise RuntimeError("nothing will ever happen again: the story waits for something outside this process")
        if not ready:
            self.skipped += timeout or 0.0
        return ready


class HurriedLoop(asyncio.SelectorEventLoop):
    """An event loop in which time passes only while everybody waits."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Seconds that were waited for, from 1,000 on."""
        return 1000.0 + self._jumping.skipped


def hurried(story: Callable[[Callable[[], float]], Coroutine[Any, Any, None]]) -> None:
    """Play a story that is told the clock of its loop."""
    with asyncio.Runner(loop_factory=HurriedLoop) as runner:
        loop = runner.get_loop()
        runner.run(story(loop.time))
