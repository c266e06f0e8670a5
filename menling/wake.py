"""Wake-ups: within the process at once, between processes over Redis when it answers. Losing one costs half a second.

What is due lives in our tables and is looked for anyway; a wake-up only spares the wait. So nothing here may raise into
a turn, block it, or be waited for.
"""

import asyncio
import contextlib
import logging
import secrets
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from prometheus_client import Counter, Gauge

if TYPE_CHECKING:
    from redis.asyncio import Redis

_TIMEOUT_SECONDS: Final = 0.3
_BREAK_SECONDS: Final = 2.0
_GATHERED_SECONDS: Final = 0.02
"""After one call to the others, what is rung so soon behind it goes together: under load, one call for many turns."""
_MOST_WAITING: Final = 1000
_log = logging.getLogger(__name__)
_SENT = Counter("menling_wakes", "Wake-ups for other processes by what became of them", ["outcome"])
_AWAY = Gauge("menling_redis_away", "1 while Redis does not answer and is left alone")


class Wakes:
    """Bells by name ("sender", "person"), each with a number that says for whom (0: for anybody)."""

    def __init__(self, *, channel: str = "menling:wakes") -> None:
        self._channel = channel
        self._me = secrets.token_hex(8)
        self._listeners: dict[str, list[Callable[[int], None]]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: dict[tuple[str, int], None] = {}
        self._pending = asyncio.Event()
        self._closed_until = 0.0
        self._redis: Redis | None = None
        self._failures: tuple[type[Exception], ...] = (OSError, TimeoutError)
        self._tasks: list[asyncio.Task[None]] = []
        _AWAY.set_function(lambda: float(time.monotonic() < self._closed_until))

    def on(self, name: str, listen: Callable[[int], None]) -> None:
        """Call `listen`, in the event loop, whenever this bell is rung here or in another process."""
        self._listeners.setdefault(name, []).append(listen)

    def bind(self) -> None:
        """Work in the running event loop."""
        self._loop = asyncio.get_running_loop()

    def ring(self, name: str, number: int = 0) -> None:
        """Ring a bell here and, when Redis is there, everywhere; from any thread, never raises, never waits."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has just been closed
                self._loop.call_soon_threadsafe(self._ring, name, number)

    def tell_others(self, name: str, number: int = 0) -> None:
        """Ring a bell in the other processes only; in the event loop."""
        if self._redis is not None and len(self._waiting) < _MOST_WAITING:
            self._waiting[name, number] = None
            self._pending.set()

    def connect(self, url: str) -> None:
        """Begin to share wake-ups over the Redis at this URL, whether it answers now or later."""
        from redis import RedisError  # noqa: PLC0415
        from redis.asyncio import Redis  # noqa: PLC0415  a second of imports that the page need not wait for

        self._redis = Redis.from_url(
            url,
            socket_timeout=_TIMEOUT_SECONDS,
            socket_connect_timeout=_TIMEOUT_SECONDS,
            retry=None,
            decode_responses=True,
            health_check_interval=0,
        )
        self._failures = (RedisError, OSError, TimeoutError)
        self._tasks = [asyncio.create_task(self._publish()), asyncio.create_task(self._listen())]

    async def close(self) -> None:
        """Stop sharing."""
        await ended(self._tasks)
        self._tasks = []
        if self._redis is not None:
            with contextlib.suppress(*self._failures):
                await self._redis.aclose()
            self._redis = None

    def _ring(self, name: str, number: int) -> None:
        self._hear(name, number)
        self.tell_others(name, number)

    def _hear(self, name: str, number: int) -> None:
        for listen in self._listeners.get(name, ()):
            listen(number)

    async def _publish(self) -> None:
        """Send what waits, all of it in one go; while Redis fails, drop it unsent and look again after a break."""
        assert self._redis is not None
        while True:
            await self._pending.wait()
            self._pending.clear()
            rung, self._waiting = list(self._waiting), {}
            if time.monotonic() < self._closed_until:
                _SENT.labels("dropped").inc(len(rung))
                continue
            words = " ".join([self._me, *(f"{name}:{number}" for name, number in rung)])
            try:
                async with asyncio.timeout(_TIMEOUT_SECONDS):
                    await self._redis.publish(self._channel, words)
                _SENT.labels("sent").inc(len(rung))
            except self._failures as error:
                self._break(error)
            await asyncio.sleep(_GATHERED_SECONDS)

    async def _listen(self) -> None:
        """Hear what other processes ring, and come back for ever when the line is lost."""
        assert self._redis is not None
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=True) as line:
                    await line.subscribe(self._channel)
                    while True:
                        heard = await line.get_message(timeout=None)
                        if heard is not None:
                            self._take(str(heard["data"]))
            except self._failures as error:
                self._break(error)
                await asyncio.sleep(_BREAK_SECONDS)

    def _take(self, words: str) -> None:
        sender, *rung = words.split(" ")
        if sender == self._me:
            return
        for one in rung:
            name, _, number = one.partition(":")
            if number.isdecimal() and number.isascii():
                self._hear(name, int(number))

    def _break(self, error: BaseException) -> None:
        if time.monotonic() >= self._closed_until:
            _log.warning("redis is away", extra={"error": type(error).__name__})
        self._closed_until = time.monotonic() + _BREAK_SECONDS
        _SENT.labels("failed").inc()


async def ended(tasks: Sequence[asyncio.Task[Any]], *, tries: int = 6, pause: float = 0.5) -> None:
    """Cancel tasks until they have ended, for at most 3 s: a library that times out just then may swallow the first."""
    for _ in range(tries):
        running = [task for task in tasks if not task.done()]
        if not running:
            return
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=pause)
