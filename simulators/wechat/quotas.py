"""How often an account may call each API: so many a day and a minute, set back a few times a month."""

import time
from collections import Counter
from dataclasses import dataclass, field

from simulators.clock import Clock
from simulators.wechat.errors import Refusal

_SHANGHAI_SECONDS = 8 * 3600
_CLEARS_A_MONTH = 10

# A day's calls by path, as the platform lists them for a verified service account.
A_DAY = {
    "/cgi-bin/token": 2_000,
    "/cgi-bin/message/custom/send": 500_000,
    "/cgi-bin/message/template/send": 100_000,
    "/cgi-bin/message/subscribe/bizsend": 100_000,
    "/cgi-bin/menu/create": 1_000,
    "/cgi-bin/menu/addconditional": 2_000,
    "/cgi-bin/qrcode/create": 100_000,
    "/cgi-bin/media/upload": 100_000,
    "/cgi-bin/media/get": 200_000,
    "/cgi-bin/user/info": 5_000_000,
    "/cgi-bin/message/mass/send": 100,
    "/cgi-bin/message/mass/sendall": 10,
}


@dataclass(slots=True)
class Quotas:
    """Calls counted by path; a day begins at midnight in Shanghai."""

    clock: Clock
    a_day: dict[str, int] = field(default_factory=lambda: dict(A_DAY))
    a_minute: dict[str, int] = field(default_factory=dict)
    _today: Counter[str] = field(default_factory=Counter)
    _day: int = -1
    _this_minute: Counter[str] = field(default_factory=Counter)
    _minute: int = -1
    _clears: Counter[str] = field(default_factory=Counter)

    def spend(self, path: str) -> None:
        """Count one call; 45009 when the day's are used up, 45011 when the minute's are."""
        self._turn()
        if self.left(path) == 0:
            raise Refusal(45009)
        if self._this_minute[path] >= self.a_minute.get(path, 1 << 60):
            raise Refusal(45011)
        self._today[path] += 1
        self._this_minute[path] += 1

    def used(self, path: str) -> int:
        """Calls of today."""
        self._turn()
        return self._today[path]

    def left(self, path: str) -> int | None:
        """Calls that are left today; None where nobody counts."""
        self._turn()
        return max(0, self.a_day[path] - self._today[path]) if path in self.a_day else None

    def clear(self) -> None:
        """Set every count back; 48006 after the tenth time of a month."""
        month = time.strftime("%Y-%m", time.gmtime(self.clock.now() + _SHANGHAI_SECONDS))
        if self._clears[month] >= _CLEARS_A_MONTH:
            raise Refusal(48006)
        self._clears[month] += 1
        self._today.clear()
        self._this_minute.clear()

    def _turn(self) -> None:
        now = self.clock.now() + _SHANGHAI_SECONDS
        if self._day != int(now // 86_400):
            self._day = int(now // 86_400)
            self._today.clear()
        if self._minute != int(now // 60):
            self._minute = int(now // 60)
            self._this_minute.clear()
