"""The access token: one for all processes, fetched through stable_token, kept in Redis where there is one."""

import asyncio
import logging
import time
from dataclasses import dataclass, field

import httpx
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bots.wechat.params import WeChatParams

_REDIS_SECONDS = 0.3
_REDIS_REST_SECONDS = 5.0
_EARLY_SECONDS = 300
_LOCK_SECONDS = 12
_WAITS = 30
_FORCED_EVERY_SECONDS = 3600.0
_REFUSED = 40001

_log = logging.getLogger(__name__)


class TokenRefused(Exception):
    """WeChat gives this account no token; `errcode` says why, 0 when its answer was no answer at all."""

    def __init__(self, errcode: int) -> None:
        super().__init__(f"errcode {errcode}")
        self.errcode = errcode


@dataclass(slots=True)
class SharedToken:
    """What other processes know; a Redis that is lost or hung is left alone for a while and costs 0.3 s once."""

    redis: Redis | None
    key: str
    _rests_until: float = 0.0

    async def read(self) -> str | None:
        """Return the token another process left; None when there is none or Redis is away."""
        if self.redis is None or time.monotonic() < self._rests_until:
            return None
        try:
            async with asyncio.timeout(_REDIS_SECONDS):
                found: bytes | str | None = await self.redis.get(self.key)
        except (RedisError, OSError, TimeoutError):
            self._rest()
            return None
        return found.decode() if isinstance(found, bytes) else found

    async def leave(self, token: str, *, seconds: int) -> None:
        """Leave a token for the others, for as long as it is good."""
        if self.redis is None or time.monotonic() < self._rests_until:
            return
        try:
            async with asyncio.timeout(_REDIS_SECONDS):
                await self.redis.set(self.key, token, ex=max(1, seconds))
        except (RedisError, OSError, TimeoutError):
            self._rest()

    async def is_mine_to_refresh(self) -> bool:
        """Tell whether this process shall fetch; while Redis is away all may: stable_token gives everybody the same."""
        if self.redis is None or time.monotonic() < self._rests_until:
            return True
        try:
            async with asyncio.timeout(_REDIS_SECONDS):
                return bool(await self.redis.set(f"{self.key}:lock", "1", nx=True, ex=_LOCK_SECONDS))
        except (RedisError, OSError, TimeoutError):
            self._rest()
            return True

    async def release(self) -> None:
        """Let the next one refresh."""
        if self.redis is None or time.monotonic() < self._rests_until:
            return
        try:
            async with asyncio.timeout(_REDIS_SECONDS):
                await self.redis.delete(f"{self.key}:lock")
        except (RedisError, OSError, TimeoutError):
            self._rest()

    def _rest(self) -> None:
        self._rests_until = time.monotonic() + _REDIS_REST_SECONDS
        _log.warning("redis is away", extra={"used_for": "wechat token"})


@dataclass(slots=True)
class Tokens:
    """The token of one account in this process; concurrent callers cause one fetch."""

    params: WeChatParams
    http: httpx.AsyncClient
    shared: SharedToken
    _token: str | None = None
    _good_until: float = 0.0
    _forced_at: float = float("-inf")
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def get(self) -> str:
        """Return a token that should be good; raises TokenRefused or httpx.HTTPError."""
        if self._token is not None and time.monotonic() < self._good_until:
            return self._token
        async with self._lock:
            if self._token is not None and time.monotonic() < self._good_until:
                return self._token
            return await self._renew(bad=None)

    async def replace(self, bad: str) -> str:
        """Return another token than the one WeChat has just refused; one refresh, however many ask."""
        async with self._lock:
            if self._token is not None and self._token != bad:
                return self._token
            return await self._renew(bad=bad)

    async def _renew(self, *, bad: str | None) -> str:
        mine = False
        for _ in range(_WAITS):
            left = await self.shared.read()
            if left is not None and left != bad:
                return self._keep(left, seconds=60)
            mine = await self.shared.is_mine_to_refresh()
            if mine:
                break
            await asyncio.sleep(0.1)  # another process is at it; one that died at it is waited for so long
        try:
            token, seconds = await self._fetch(force=False)
            if token == bad:
                token, seconds = await self._forced()
            await self.shared.leave(token, seconds=seconds - _EARLY_SECONDS)
        finally:
            if mine:
                await self.shared.release()
        return self._keep(token, seconds=seconds - _EARLY_SECONDS)

    async def _forced(self) -> tuple[str, int]:
        """Have WeChat make another token; once an hour, for it does so 20 times a day, and a second would not help."""
        if time.monotonic() - self._forced_at < _FORCED_EVERY_SECONDS:
            raise TokenRefused(_REFUSED)
        fetched = await self._fetch(force=True)
        self._forced_at = time.monotonic()
        return fetched

    def _keep(self, token: str, *, seconds: int) -> str:
        self._token, self._good_until = token, time.monotonic() + max(1, seconds)
        return token

    async def _fetch(self, *, force: bool) -> tuple[str, int]:
        """Ask stable_token; a forced refresh is allowed 20 times a day, so it comes only after a plain one failed."""
        asked = {
            "grant_type": "client_credential",
            "appid": self.params.appid,
            "secret": self.params.secret,
            "force_refresh": force,
        }
        response = await self.http.post(f"{self.params.api_base.rstrip('/')}/cgi-bin/stable_token", json=asked)
        try:
            answer = response.json()
            token, seconds = answer.get("access_token"), answer.get("expires_in", 7200)
            errcode = int(answer.get("errcode", 0))
        except (ValueError, AttributeError, TypeError):
            raise TokenRefused(0) from None
        if not isinstance(token, str) or not isinstance(seconds, int):
            _log.error("wechat gives no token", extra={"errcode": errcode})
            raise TokenRefused(errcode)
        _log.info("wechat token fetched", extra={"seconds": seconds, "forced": force})
        return token, seconds
