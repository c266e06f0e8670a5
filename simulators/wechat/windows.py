"""How many customer-service messages an account may send to a person, and until when."""

from dataclasses import dataclass, field
from enum import StrEnum

from simulators.wechat.errors import Refusal


class Trigger(StrEnum):
    """Acts of a person that allow the account to write."""

    MESSAGE = "message"
    MENU = "menu"
    FOLLOW = "follow"
    SCAN = "scan"


# Messages and seconds, by the platform's notice in force since 12 June 2023.
_ALLOWED = {Trigger.MESSAGE: (5, 48 * 3600), Trigger.MENU: (3, 60), Trigger.FOLLOW: (3, 60), Trigger.SCAN: (3, 60)}


@dataclass(slots=True)
class _Window:
    left: int
    ends_at: float


@dataclass(slots=True)
class Windows:
    """The open windows of one person."""

    _open: dict[Trigger, _Window] = field(default_factory=dict)

    def grant(self, trigger: Trigger, *, now: float) -> None:
        """Open the trigger's window anew."""
        count, seconds = _ALLOWED[trigger]
        self._open[trigger] = _Window(count, now + seconds)

    def check(self, *, now: float) -> None:
        """45015 when no window is open, 45047 when those open are used up."""
        live = self._live(now)
        if not live:
            raise Refusal(45015)
        if not any(window.left for window in live):
            raise Refusal(45047)

    def spend(self, *, now: float) -> None:
        """Count one message, against the window that closes first; Refusal as `check`."""
        self.check(now=now)
        next(window for window in self._live(now) if window.left).left -= 1

    def is_open(self, *, now: float) -> bool:
        """Whether any window is open at all."""
        return bool(self._live(now))

    def left(self, *, now: float) -> int:
        """How many messages may still be sent."""
        return sum(window.left for window in self._live(now))

    def close(self) -> None:
        """Shut every window, as leaving the account does."""
        self._open.clear()

    def _live(self, now: float) -> list[_Window]:
        return sorted((one for one in self._open.values() if one.ends_at > now), key=lambda one: one.ends_at)
