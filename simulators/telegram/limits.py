"""The send limits of the Bot API: so many a second over all chats and in each chat, and floods that last."""

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
    group_per_second: float = 20 / 60
    group_burst: int = 20
    tolerance_seconds: float = 0.02


@dataclass(slots=True)
class LimitGate:
    """Says whether a call may pass now; a refused call costs nothing."""

    limits: Limits = field(default_factory=Limits)
    _overall: float = 0.0
    _chats: dict[int, float] = field(default_factory=dict)

    def retry_after(self, method: str, chat_id: int, *, now: float) -> int | None:
        """Whole seconds to wait; None when the call passes and has been counted."""
        if not is_counted(method):
            return None
        limits = self.limits
        rate, burst = limits.chat_per_second, limits.chat_burst
        if chat_id < 0:
            rate, burst = limits.group_per_second, limits.group_burst
        overall = _next_time(self._overall, limits.overall_per_second, limits.overall_burst, now)
        chat = _next_time(self._chats.get(chat_id, 0.0), rate, burst, now)
        early = max(overall, chat) - now - limits.tolerance_seconds
        if early > 0:
            return max(1, math.ceil(early))
        self._overall = max(self._overall, now) + 1 / limits.overall_per_second
        self._chats[chat_id] = max(self._chats.get(chat_id, 0.0), now) + 1 / rate
        return None


@dataclass(slots=True)
class Floods:
    """Times in which Telegram refuses whatever is sent, to one chat or by the whole bot."""

    _until: dict[int | None, float] = field(default_factory=dict)

    def begin(self, chat_id: int | None, *, until: float) -> None:
        """Refuse everything to a chat, or everything at all for None, until then."""
        self._until[chat_id] = max(until, self._until.get(chat_id, 0.0))

    def retry_after(self, method: str, chat_id: int, *, now: float) -> int | None:
        """Whole seconds that are left; None when the call passes."""
        left = max(self._until.get(chat_id, 0.0), self._until.get(None, 0.0)) - now
        return max(1, math.ceil(left)) if left > 0 and is_counted(method) else None

    def left(self, *, now: float) -> dict[str, float]:
        """Seconds left of every flood; the whole bot's is called "bot"."""
        return {
            "bot" if chat is None else str(chat): round(end - now, 1) for chat, end in self._until.items() if end > now
        }


def is_counted(method: str) -> bool:
    """Whether a method counts against the send limits."""
    return method.lower().startswith(_COUNTED) and method.lower() != "sendchataction"


def _next_time(booked_until: float, rate: float, burst: int, now: float) -> float:
    """The earliest time for one more, when `booked_until` is where a steady flow of all before would have ended."""
    return max(now, booked_until - (burst - 1) / rate)
