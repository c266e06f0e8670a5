"""The clock of a rehearsal: it stands still until it is told to move."""

import itertools
from datetime import datetime, timedelta


class StandingClock:
    """Business time of one World; every look is a microsecond later, so that what is said later is known to be."""

    def __init__(self, now: datetime) -> None:
        self._at = now
        self._looks = itertools.count()

    def now(self) -> datetime:
        """Return the aware UTC time of the rehearsal."""
        return self._at + timedelta(microseconds=next(self._looks))

    @property
    def at(self) -> datetime:
        """The time it was set to, without looking."""
        return self._at

    def move(self, to: datetime) -> None:
        """Set it forward; it never goes back."""
        self._at = max(self._at, to)
