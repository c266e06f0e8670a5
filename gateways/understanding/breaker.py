"""A circuit breaker: after failures in a row nobody is asked for a while, then one alone finds out."""

import time
from collections.abc import Callable
from typing import Final

MOST_FAILURES: Final = 3
OPEN_SECONDS: Final = 30.0


class Breaker:
    """Of one process and one server; used from the event loop only."""

    def __init__(
        self,
        *,
        most_failures: int = MOST_FAILURES,
        open_seconds: float = OPEN_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = most_failures
        self._seconds = open_seconds
        self._clock = clock
        self._failures = 0
        self._open_until: float | None = None
        self._probing = False

    @property
    def is_open(self) -> bool:
        """Whether the server counts as away."""
        return self._open_until is not None

    def may_call(self) -> bool:
        """Tell whether to call now; whoever is told yes must say afterwards how it went."""
        if self._open_until is None:
            return True
        if self._probing or self._clock() < self._open_until:
            return False
        self._probing = True
        return True

    def succeeded(self) -> None:
        """Note that the server answered as it should."""
        self._failures, self._open_until, self._probing = 0, None, False

    def failed(self) -> None:
        """Note that it did not; the third time in a row, and each failed probe, opens the breaker anew."""
        self._failures += 1
        if self._failures >= self._most or self._probing:
            self._open_until = self._clock() + self._seconds
        self._probing = False

    def gave_up(self) -> None:
        """Note that a call was broken off by us: it tells nothing of the server."""
        self._probing = False
