"""Fetching updates where there is no public address: nothing is confirmed before it is stored."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiogram import Bot
from aiogram.exceptions import AiogramError, ClientDecodeError, TelegramConflictError, TelegramRetryAfter
from aiogram.types import Update

from bots.telegram.health import Health
from bots.telegram.reading import ALLOWED_UPDATES, Came, came_in
from core.db import DatabaseError

_WAIT_SECONDS = 25
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 30.0
_CONFLICT_PAUSE = 5.0

_log = logging.getLogger(__name__)
Handle = Callable[[Came], Awaitable[object]]


async def poll(bot: Bot, handle: Handle, health: Health, *, account: str) -> None:
    """Fetch and handle updates for ever: one chat's in their order, different chats at once."""
    offset, pause = 0, _FIRST_PAUSE
    while True:
        try:
            raw = await _fetch(bot, offset)
            health.received()
            await _handle_all(_readable(raw, account), handle)
        except Exception as error:  # noqa: BLE001  nobody would fetch again if this ended
            # Nothing was confirmed, so the same updates come again; those already taken are known as repeats.
            await asyncio.sleep(_pause_after(error, pause, health))
            pause = _FIRST_PAUSE if isinstance(error, TelegramConflictError) else min(pause * 2, _LONGEST_PAUSE)
            continue
        pause = _FIRST_PAUSE
        offset = max([offset, *(_id_of(one) + 1 for one in raw)])


def _pause_after(error: Exception, pause: float, health: Health) -> float:
    """Note what went wrong and return the seconds to wait: the same each time while somebody else has the bot."""
    if isinstance(error, AiogramError):
        health.not_received(error)
    level = logging.WARNING if isinstance(error, AiogramError | DatabaseError) else logging.ERROR
    _log.log(level, "telegram polling waits", extra={"error": type(error).__name__})
    if isinstance(error, TelegramConflictError):
        return _CONFLICT_PAUSE  # it goes in a moment, or an operator is called: people wait no longer than this
    return max(pause, error.retry_after) if isinstance(error, TelegramRetryAfter) else pause


async def _fetch(bot: Bot, offset: int) -> list[Any]:
    try:
        return list(
            await bot.get_updates(
                offset=offset or None,
                timeout=_WAIT_SECONDS,
                allowed_updates=list(ALLOWED_UPDATES),
                request_timeout=_WAIT_SECONDS + 10,
            )
        )
    except ClientDecodeError as error:
        # One update aiogram does not understand spoils its whole portion: read the others one by one.
        if isinstance(error.data, dict) and isinstance(error.data.get("result"), list):
            return list(error.data["result"])
        raise


def _readable(raw: Sequence[Any], account: str) -> list[Came]:
    found = [came_in(one, account=account) for one in raw]
    for _ in range(found.count(None)):
        _log.warning("telegram update refused", extra={"outcome": "unreadable"})
    return [one for one in found if one is not None]


def _id_of(one: Any) -> int:
    if isinstance(one, Update):
        return one.update_id
    found = one.get("update_id") if isinstance(one, dict) else None
    return found if isinstance(found, int) else -1


async def _handle_all(updates: Sequence[Came], handle: Handle) -> None:
    chats: dict[int, list[Came]] = {}
    for update in updates:
        chats.setdefault(update.chat, []).append(update)
    await asyncio.gather(*(_in_order(of_chat, handle) for of_chat in chats.values()))


async def _in_order(updates: Sequence[Came], handle: Handle) -> None:
    for update in updates:
        await handle(update)
