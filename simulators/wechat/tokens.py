"""Access tokens: the classic ones that kill each other, and the stable one."""

import secrets
from dataclasses import dataclass, field

from simulators.clock import Clock
from simulators.wechat.errors import Refusal

LIFETIME_SECONDS = 7200
_RENEWED_BEFORE_SECONDS = 300
_FORCED_A_DAY = 20
_FORCED_APART_SECONDS = 30


@dataclass(slots=True)
class _Token:
    value: str
    expires_at: float


@dataclass(slots=True)
class Tokens:
    """Every token handed out; `overlap_seconds` is how long a replaced one still works."""

    clock: Clock
    overlap_seconds: float = 0.0
    fetched: int = 0
    _classic: _Token | None = None
    _stable: _Token | None = None
    _known: dict[str, float] = field(default_factory=dict)
    _dead: set[str] = field(default_factory=set)
    _forced_at: list[float] = field(default_factory=list)

    def fetch_classic(self) -> dict[str, object]:
        """A new token; the one before is dead at once or after the overlap."""
        self._retire(self._classic)
        self._classic = self._new()
        return {"access_token": self._classic.value, "expires_in": LIFETIME_SECONDS}

    def fetch_stable(self, *, force: bool) -> dict[str, object]:
        """The token of all who ask, until five minutes before its end; Refusal when forced too often."""
        now = self.clock.now()
        if force:
            self._count_forced(now)
            self._retire(self._stable)
            self._stable = None
        if self._stable is None or self._stable.value in self._dead or self._expires_in(now) <= _RENEWED_BEFORE_SECONDS:
            self._stable = self._new()
        return {"access_token": self._stable.value, "expires_in": self._expires_in(now)}

    def check(self, value: str) -> None:
        """Refuse a missing, unknown, replaced or expired token."""
        if not value:
            raise Refusal(41001)
        if value in self._dead or value not in self._known:
            raise Refusal(40001)
        if self._known[value] <= self.clock.now():
            raise Refusal(42001)

    def invalidate_all(self) -> None:
        """Kill every token, as the console's reset of the secret does."""
        self._dead |= set(self._known)

    def state(self) -> str:
        """How the stable token stands: none, dead, expired, or the seconds it is still good for."""
        if self._stable is None:
            return "none fetched"
        if self._stable.value in self._dead:
            return "dead: the next call gets 40001"
        left = self._expires_in(self.clock.now())
        return f"good for {left} s" if left > 0 else "expired: the next call gets 42001"

    def _expires_in(self, now: float) -> int:
        return round(self._stable.expires_at - now) if self._stable is not None else 0

    def _count_forced(self, now: float) -> None:
        today = [at for at in self._forced_at if at > now - 86_400]
        if len(today) >= _FORCED_A_DAY:
            raise Refusal(45009)
        if today and now - today[-1] < _FORCED_APART_SECONDS:
            raise Refusal(45011)
        self._forced_at = [*today, now]

    def _new(self) -> _Token:
        self.fetched += 1
        token = _Token(f"{self.fetched}_{secrets.token_urlsafe(72)}", self.clock.now() + LIFETIME_SECONDS)
        self._known[token.value] = token.expires_at
        return token

    def _retire(self, token: _Token | None) -> None:
        if token is None:
            return
        if self.overlap_seconds <= 0:
            self._dead.add(token.value)
        else:
            end = self.clock.now() + self.overlap_seconds
            self._known[token.value] = min(self._known[token.value], end)
