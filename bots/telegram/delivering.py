"""One message reaches one chat: edited in place, or sent anew with its buttons."""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramBadRequest, TelegramRetryAfter
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bots.telegram.health import Health
from bots.telegram.keyboards import MOST_CAPTION, asking_keyboard, inline_keyboard, pieces, text_of
from bots.telegram.sending import best_effort, delivery_of, is_unchanged, patiently
from bots.telegram.words import words_for
from dialogs.outgoing import Delivery, Outgoing, Place, Refused, Sent

_REMEMBERED = 10_000
_log = logging.getLogger(__name__)
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

Background = Callable[[Coroutine[Any, Any, object]], None]
"""Starts something nobody waits for."""


@dataclass(slots=True)
class ChatMemory:
    """What a process happens to know of its chats; losing it costs a stale keyboard, never a message."""

    _prompts: OrderedDict[int, int] = field(default_factory=OrderedDict)
    _asking: OrderedDict[int, str] = field(default_factory=OrderedDict)
    _groups: OrderedDict[int, None] = field(default_factory=OrderedDict)
    _stale: OrderedDict[tuple[int, int], None] = field(default_factory=OrderedDict)
    _pauses: OrderedDict[int, float] = field(default_factory=OrderedDict)

    def new_prompt(self, chat_id: int, message_id: int | None) -> int | None:
        """Note the message that carries the chat's open buttons, and return the one that did until now."""
        before = self._prompts.pop(chat_id, None)
        if message_id is not None:
            _keep(self._prompts, chat_id, message_id)
        if before is None or before == message_id:
            return None
        _keep(self._stale, (chat_id, before), None)
        return before

    def is_open(self, chat_id: int, message_id: int) -> bool:
        """Tell whether this message carries the chat's open buttons."""
        return self._prompts.get(chat_id) == message_id

    def is_stale(self, chat_id: int, message_id: int) -> bool:
        """Tell whether this message carried the chat's open buttons once and has been followed by another."""
        return (chat_id, message_id) in self._stale

    def asks(self, chat_id: int) -> str | None:
        """Return what the keyboard below the chat's text box offers to share."""
        return self._asking.get(chat_id)

    def opens_keyboard(self, chat_id: int, asks: str) -> None:
        """Note that a sharing keyboard was shown."""
        _keep(self._asking, chat_id, asks)

    def closes_keyboard(self, chat_id: int) -> None:
        """Note that the sharing keyboard is gone."""
        self._asking.pop(chat_id, None)

    def pauses(self, chat_id: int, seconds: float) -> None:
        """Note that this chat waits for so long: Telegram said so, or something for it could not go."""
        _keep(self._pauses, chat_id, time.monotonic() + seconds)

    def pause_of(self, chat_id: int) -> float:
        """Return the seconds for which this chat still waits."""
        left = self._pauses.get(chat_id, 0.0) - time.monotonic()
        if left <= 0:
            self._pauses.pop(chat_id, None)
        return max(0.0, left)

    def group_moved(self, old_id: int, new_id: int) -> None:
        """Know a group by the id it has as a supergroup."""
        if old_id in self._groups:
            _keep(self._groups, new_id, None)

    def is_new_group(self, chat_id: int) -> bool:
        """Tell whether this group has not been refused yet, and note that it is now."""
        known = chat_id in self._groups
        _keep(self._groups, chat_id, None)
        return not known


def _keep(where: "OrderedDict[Any, Any]", key: object, value: object) -> None:
    where[key] = value
    where.move_to_end(key)
    if len(where) > _REMEMBERED:
        where.popitem(last=False)


@dataclass(slots=True)
class Delivering:
    """A bot, how it stands, what it remembers of its chats, and a way to start courtesies."""

    bot: Bot
    background: Background
    health: Health
    memory: ChatMemory = field(default_factory=ChatMemory)

    async def deliver(self, message: Outgoing, photo: bytes | None) -> Delivery:
        """Hand the message over; never raises for what Telegram can do."""
        if not message.external_id.isascii() or not message.external_id.isdigit():
            return Refused("no Telegram id")
        try:
            ref = await self._edited(message, photo) or await self._sent(message, photo)
            await self._offer_to_share(message)
            if message.body.place is not None:
                ref = await self._placed(message, message.body.place) or ref
        except AiogramError as error:
            self.health.not_sent(error)
            if isinstance(error, TelegramRetryAfter):
                self.memory.pauses(int(message.external_id), error.retry_after)
            return delivery_of(error)
        self.health.sent()
        return Sent(ref)

    async def _edited(self, message: Outgoing, photo: bytes | None) -> str | None:
        """Edit the prompt this one replaces and return its id; None when a new message is needed instead."""
        text, ref = text_of(message.body), message.replaces
        if ref is None or not ref.isdigit() or photo is not None or len(pieces(text)) > 1:
            return None
        chat_id, keyboard = int(message.external_id), inline_keyboard(message.body, message.message_id)
        try:
            await self.bot.edit_message_text(
                text, chat_id=chat_id, message_id=int(ref), reply_markup=keyboard, link_preview_options=_NO_PREVIEW
            )
        except TelegramBadRequest as error:
            if not is_unchanged(error):
                return None  # too old, removed, or a picture: the words go out anew
        self.memory.new_prompt(chat_id, int(ref) if keyboard is not None else None)
        self._close_keyboard(chat_id, message)
        return ref

    async def _sent(self, message: Outgoing, photo: bytes | None) -> str:
        chat_id, keyboard = int(message.external_id), inline_keyboard(message.body, message.message_id)
        markup = keyboard or self._other_markup(chat_id, message)
        shown = await self._put(chat_id, text_of(message.body), photo, markup)
        if message.kind == "prompt":
            before = self.memory.new_prompt(chat_id, shown.message_id if keyboard is not None else None)
            if before is not None:
                self.background(best_effort(self._bare(chat_id, before), "remove buttons"))
        if isinstance(markup, ReplyKeyboardRemove):
            self.memory.closes_keyboard(chat_id)
        elif isinstance(markup, ReplyKeyboardMarkup):
            self.memory.opens_keyboard(chat_id, str(message.body.asks))
        self._close_keyboard(chat_id, message)
        return str(shown.message_id)

    async def _placed(self, message: Outgoing, place: Place) -> str | None:
        """Show a place below its words and return the map's id; the words stand without it if it cannot be shown."""
        chat_id, period = int(message.external_id), place.live_seconds or None
        try:
            shown = await patiently(
                lambda: self.bot.send_location(
                    chat_id, place.lat, place.lng, live_period=period, disable_notification=True
                )
            )
        except AiogramError as error:
            _log.warning("map not shown", extra={"message_id": message.message_id, "error": type(error).__name__})
            return None
        return str(shown.message_id)

    async def _put(
        self,
        chat_id: int,
        text: str,
        photo: bytes | None,
        markup: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None,
    ) -> Message:
        """Write text and picture into the chat, the buttons under the last part, and return that part."""
        parts = pieces(text)
        if photo is not None:
            picture = BufferedInputFile(photo, "photo.jpg")
            if len(parts) == 1 and len(pieces(text, MOST_CAPTION)) == 1:
                return await self.bot.send_photo(chat_id, picture, caption=text, reply_markup=markup)
            await self.bot.send_photo(chat_id, picture)
        for part in parts[:-1]:
            await self.bot.send_message(chat_id, part, link_preview_options=_NO_PREVIEW)
        return await self.bot.send_message(chat_id, parts[-1], reply_markup=markup, link_preview_options=_NO_PREVIEW)

    def _other_markup(self, chat_id: int, message: Outgoing) -> ReplyKeyboardMarkup | ReplyKeyboardRemove | None:
        asking = asking_keyboard(message.body.asks, message.lang)
        if asking is not None:
            return asking[1]
        return ReplyKeyboardRemove() if self.memory.asks(chat_id) is not None else None

    async def _offer_to_share(self, message: Outgoing) -> None:
        """Show the sharing keyboard in a line of its own: a message with buttons cannot carry it too."""
        chat_id = int(message.external_id)
        asking = asking_keyboard(message.body.asks, message.lang)
        if asking is None or self.memory.asks(chat_id) == message.body.asks:
            return
        hint, keyboard = asking
        call = self.bot.send_message(chat_id, hint, reply_markup=keyboard, disable_notification=True)
        if await best_effort(call, "offer to share") is not None:
            self.memory.opens_keyboard(chat_id, str(message.body.asks))

    def _close_keyboard(self, chat_id: int, message: Outgoing) -> None:
        if message.kind == "prompt" and message.body.asks is None and self.memory.asks(chat_id) is not None:
            self.memory.closes_keyboard(chat_id)
            self.background(best_effort(self._remove_keyboard(chat_id, message.lang), "remove keyboard"))

    async def _remove_keyboard(self, chat_id: int, lang: str) -> None:
        # Only a new message can take the keyboard away; it is deleted at once, so that the chat stays tidy.
        gone = await self.bot.send_message(
            chat_id, words_for(lang).keyboard_gone, reply_markup=ReplyKeyboardRemove(), disable_notification=True
        )
        await self.bot.delete_message(chat_id, gone.message_id)

    async def _bare(self, chat_id: int, message_id: int) -> None:
        await self.bot.edit_message_reply_markup(chat_id=chat_id, message_id=message_id, reply_markup=None)
