"""Asking a remote understanding without ever waiting long, raising, or asking one that is away."""

import asyncio
import logging
from typing import Final

from prometheus_client import Counter

from gateways.understanding.breaker import Breaker
from gateways.understanding.ports import Asked, Failed, Heard, Understands

MOST_AT_ONCE: Final = 16
_log = logging.getLogger(__name__)
_ASKED = Counter("menling_understanding_asked", "Questions to the remote understanding by outcome", ["outcome"])


class Remote:
    """One for a process: a server, its breaker, and a bound on how many wait for it."""

    def __init__(self, server: Understands, breaker: Breaker | None = None) -> None:
        self._server = server
        self._breaker = breaker or Breaker()
        self._under_way = 0

    async def ask(self, asked: Asked, *, seconds: float) -> Heard | None:
        """Return what the server says within so many seconds; None when it is away, slow, busy or not understood."""
        if self._under_way >= MOST_AT_ONCE:
            _ASKED.labels("busy").inc()
            return None
        if not self._breaker.may_call():
            _ASKED.labels("away").inc()
            return None
        self._under_way += 1
        try:
            async with asyncio.timeout(seconds):
                heard = await self._server.hear(asked)
        except asyncio.CancelledError:
            self._breaker.gave_up()
            raise
        except Exception as error:  # noqa: BLE001  whatever goes wrong out there, the turn goes on without it
            self._failed(error)
            return None
        finally:
            self._under_way -= 1
        self._breaker.succeeded()
        _ASKED.labels("answered").inc()
        return heard

    async def aclose(self) -> None:
        """Hang up."""
        await self._server.aclose()

    def _failed(self, error: Exception) -> None:
        """Count a failure; what is logged names it and quotes nothing, neither address nor words."""
        was_open = self._breaker.is_open
        self._breaker.failed()
        _ASKED.labels("late" if isinstance(error, TimeoutError) else "failed").inc()
        why = str(error) if isinstance(error, Failed) else type(error).__name__
        _log.warning("remote understanding failed", extra={"why": why})
        if self._breaker.is_open and not was_open:
            _log.warning("remote understanding is away")
