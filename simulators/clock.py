"""The simulator's own clock: real time plus what a test or a person has skipped."""

import time


class Clock:
    """Tells seconds since the epoch; `advance` skips ahead, never back."""

    def __init__(self) -> None:
        self._skipped = 0.0

    def now(self) -> float:
        """Seconds since the epoch, the skipped ones included."""
        return time.time() + self._skipped

    def advance(self, seconds: float) -> None:
        """Skip `seconds` ahead; a negative number is a ValueError."""
        if seconds < 0:
            raise ValueError("a clock is never turned back")
        self._skipped += seconds
