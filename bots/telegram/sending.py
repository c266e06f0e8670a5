"""Calls to the Bot API, and what each of its refusals means for a message."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
import httpx
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    AiogramError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)

from bots.telegram.carrying import CarriedSession
from bots.telegram.params import TelegramParams
from dialogs.outgoing import Delivery, Later, Refused, Sent, Unknown

CALL_SECONDS = 10.0
_BACK_SOON = 5.0
_A_MOMENT = 5
_BACK_LATER = 15.0
_GONE = ("chat not found", "user is deactivated", "bot was blocked", "peer_id_invalid")

_NEVER_LEFT = (
    aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, httpx.ConnectError, httpx.ConnectTimeout,
    httpx.PoolTimeout,
)  # fmt: skip

_log = logging.getLogger(__name__)
T = TypeVar("T")


def open_bot(params: TelegramParams, transport: httpx.AsyncBaseTransport | None = None) -> Bot:
    """Return aiogram's client with our own time limit; it connects at its first call, or goes by a `transport`."""
    server = TelegramAPIServer.from_base(params.api_base)
    if transport is not None:
        return Bot(params.token, session=CarriedSession(transport, server, seconds=CALL_SECONDS))
    return Bot(params.token, session=AiohttpSession(api=server, timeout=CALL_SECONDS))


def is_unchanged(error: TelegramAPIError) -> bool:
    """Tell whether an edit was refused because it would change nothing: it has already happened."""
    return isinstance(error, TelegramBadRequest) and "message is not modified" in error.message


def delivery_of(error: AiogramError) -> Delivery:
    """Return what a failed call means for its message."""
    match error:
        case TelegramRetryAfter(retry_after=seconds):
            return Later(float(seconds))
        case TelegramForbiddenError():
            return Refused("blocked", gone=True)
        case TelegramBadRequest():
            return _of_bad_request(error)
        case TelegramNetworkError() if not isinstance(error, TelegramEntityTooLarge):
            return _of_network(error)
        case TelegramServerError() | TelegramConflictError():
            return Later(_BACK_SOON, away=True)
        case TelegramUnauthorizedError() | TelegramNotFound():
            _log.error("telegram refuses the token")
            return Later(_BACK_LATER, away=True)
        case TelegramAPIError():
            return Refused(type(error).__name__, final=True)
    return Unknown("the answer could not be read")


def _of_bad_request(error: TelegramBadRequest) -> Delivery:
    if is_unchanged(error):
        return Sent()
    reason = error.message.casefold()
    # The reason is Telegram's own words about the call; they quote nothing of the message.
    gone = any(words in reason for words in _GONE)
    return Refused(error.message[:120], gone=gone, final=not gone)


def _of_network(error: TelegramNetworkError) -> Delivery:
    if isinstance(error.__cause__, _NEVER_LEFT):
        return Later(_BACK_SOON, away=True)
    return Unknown(type(error.__cause__).__name__)


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """Make a call that belongs to a message just sent; told to slow down for a moment, wait so long, once."""
    try:
        return await call()
    except TelegramRetryAfter as error:
        if error.retry_after > _A_MOMENT:
            raise
        await asyncio.sleep(error.retry_after)
    return await call()


async def settled(call: Awaitable[object], what: str) -> Later | None:
    """Await a call that is to be made until it was: None once Telegram has done or refused it, else when to try again.

    What was refused is done with: the message is gone, or too old to be changed.
    """
    try:
        await call
    except (AiogramError, TimeoutError) as error:
        outcome = delivery_of(error) if isinstance(error, AiogramError) else Unknown("timeout")
        _log.info("telegram courtesy failed", extra={"what": what, "error": type(error).__name__})
        if isinstance(outcome, Later):
            return outcome
        return Later(0.0) if isinstance(outcome, Unknown) else None
    return None


async def best_effort(call: Awaitable[T], what: str) -> T | None:
    """Await a call whose failure costs nobody anything; None then."""
    try:
        return await call
    except (AiogramError, TimeoutError) as error:
        _log.info("telegram courtesy failed", extra={"what": what, "error": type(error).__name__})
        return None
