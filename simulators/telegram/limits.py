"""The send limits of the Bot API: so many a second over all chats and in each chat."""

import math
from dataclasses import dataclass, field

_COUNTED = ("send", "edit", "stop", "copy", "forward")


@dataclass(frozen=True, slots=True)
class Limits:
    """Rates a second and how many may come at once; the figures are those of Telegram's own advice."""

    overall_per_second: float = 30.0
    overall_burst: int = 30
    chat_per_second: float = 1.0
    chat_burst: int = 1
    tolerance_seconds: float = 0.02


@dataclass(slots=True)
class LimitGate:
    """Says whether a call may pass now; a refused call costs nothing."""

    limits: Limits = field(default_factory=Limits)
    _overall: float = 0.0
    _chats: dict[int, float] = field(default_factory=dict)

    def retry_after(self, method: str, chat_id: int, *, now: float) -> int | None:
        """Whole seconds to wait; None when the call passes and has been counted."""
        if not method.lower().startswith(_COUNTED) or method.lower() == "sendchataction":
            return None
        limits = self.limits
        overall = _next_time(self._overall, limits.overall_per_second, limits.overall_burst, now)
        chat = _next_time(self._chats.get(chat_id, 0.0), limits.chat_per_second, limits.chat_burst, now)
        early = max(overall, chat) - now - limits.tolerance_seconds
        if early > 0:
            return max(1, math.ceil(early))
        self._overall = max(self._overall, now) + 1 / limits.overall_per_second
        self._chats[chat_id] = max(self._chats.get(chat_id, 0.0), now) + 1 / limits.chat_per_second
        return None


def _next_time(booked_until: float, rate: float, burst: int, now: float) -> float:
    """The earliest time for one more, when `booked_until` is where a steady flow of all before would have ended."""
    return max(now, booked_until - (burst - 1) / rate)
