"""Fetching updates where there is no public address: nothing is confirmed before it is stored."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aiogram import Bot
from aiogram.exceptions import AiogramError, ClientDecodeError, TelegramRetryAfter
from aiogram.types import Update
from pydantic import ValidationError

from bots.telegram.reading import ALLOWED_UPDATES
from core.db import DatabaseError

_WAIT_SECONDS = 25
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 30.0

_log = logging.getLogger(__name__)
Handle = Callable[[Update], Awaitable[object]]


async def poll(bot: Bot, handle: Handle) -> None:
    """Fetch and handle updates for ever: one chat's in their order, different chats at once."""
    offset, pause = 0, _FIRST_PAUSE
    while True:
        try:
            raw = await _fetch(bot, offset)
            await _handle_all(_readable(raw), handle)
        except (AiogramError, DatabaseError) as error:
            # Nothing was confirmed, so the same updates come again; those already taken are known as repeats.
            asked = error.retry_after if isinstance(error, TelegramRetryAfter) else 0
            _log.warning("telegram polling waits", extra={"error": type(error).__name__})
            await asyncio.sleep(max(pause, asked))
            pause = min(pause * 2, _LONGEST_PAUSE)
            continue
        pause = _FIRST_PAUSE
        offset = max([offset, *(_id_of(one) + 1 for one in raw)])


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


def _readable(raw: Sequence[Any]) -> list[Update]:
    updates = []
    for one in raw:
        try:
            updates.append(one if isinstance(one, Update) else Update.model_validate(one))
        except ValidationError:
            _log.warning("telegram update refused", extra={"outcome": "unreadable"})
    return updates


def _id_of(one: Any) -> int:
    if isinstance(one, Update):
        return one.update_id
    found = one.get("update_id") if isinstance(one, dict) else None
    return found if isinstance(found, int) else -1


async def _handle_all(updates: Sequence[Update], handle: Handle) -> None:
    chats: dict[int, list[Update]] = {}
    for update in updates:
        chats.setdefault(_chat_of(update), []).append(update)
    await asyncio.gather(*(_in_order(of_chat, handle) for of_chat in chats.values()))


async def _in_order(updates: Sequence[Update], handle: Handle) -> None:
    for update in updates:
        await handle(update)


def _chat_of(update: Update) -> int:
    event = update.message or update.my_chat_member
    if event is not None:
        return event.chat.id
    return update.callback_query.from_user.id if update.callback_query is not None else update.update_id
