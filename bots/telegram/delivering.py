"""One message reaches one chat: edited in place, or sent anew with its buttons."""

import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from functools import partial
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
from dialogs.lasting import About, Lasting, lasting
from dialogs.outgoing import Body, Delivery, Outgoing, Place, Refused, Sent

_REMEMBERED = 10_000
_log = logging.getLogger(__name__)
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Open:
    """The prompt with a chat's open buttons: Telegram's id and ours, and which of its buttons outlast it."""

    ref: int
    message_id: int
    lasting: tuple[Lasting, ...] = ()
    body: Body | None = None
    has_buttons: bool = True

    @property
    def about(self) -> frozenset[About]:
        """What its lasting buttons are about."""
        return frozenset(one.about for one in self.lasting)

    def without(self, shown_anew: frozenset[About]) -> InlineKeyboardMarkup | None:
        """Return the buttons that stay once another question follows."""
        places = {one.place for one in self.lasting if one.about not in shown_anew}
        if self.body is None or not places:
            return None
        links = {at for at, one in enumerate(self.body.buttons) if one.url is not None and one.pays is None}
        return inline_keyboard(self.body, self.message_id, only=places | links)


_Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None

Background = Callable[[Coroutine[Any, Any, object]], None]
"""Starts something nobody waits for."""

MovedOn = Callable[[int, str, Sequence[Lasting]], Awaitable[frozenset[About] | None]]
"""Of lasting buttons by our id and Telegram's: what they are about and is over; None where they are left alone."""


@dataclass(slots=True)
class ChatMemory:
    """What a process happens to know of its chats; losing it costs a stale keyboard, never a message."""

    _prompts: OrderedDict[int, Open] = field(default_factory=OrderedDict)
    _left: OrderedDict[tuple[int, About], int] = field(default_factory=OrderedDict)
    _asking: OrderedDict[int, str] = field(default_factory=OrderedDict)
    _groups: OrderedDict[int, None] = field(default_factory=OrderedDict)
    _stale: OrderedDict[tuple[int, int], None] = field(default_factory=OrderedDict)
    _pauses: OrderedDict[int, float] = field(default_factory=OrderedDict)
    _went: OrderedDict[int, int] = field(default_factory=OrderedDict)
    _told: OrderedDict[int, None] = field(default_factory=OrderedDict)

    def new_prompt(self, chat_id: int, prompt: Open) -> list[tuple[int, Open | None]]:
        """Note the message that carries the chat's open buttons.

        Returns the earlier ones whose buttons are to go now, with what they carried where some of that may stay: what
        outlasts its question and is not shown anew.
        """
        standing = self._prompts.get(chat_id)
        if standing is not None and standing.message_id > prompt.message_id:
            return self._late(chat_id, prompt, standing)
        before = self._prompts.pop(chat_id, None)
        if prompt.has_buttons:
            _keep(self._prompts, chat_id, prompt)
        changed: dict[int, Open | None] = {}
        for about in prompt.about:
            shown_before = self._left.pop((chat_id, about), None)
            if shown_before is not None and shown_before != prompt.ref:
                changed[shown_before] = None
        if before is not None and before.ref != prompt.ref:
            changed[before.ref] = before if before.without(prompt.about) is not None else None
            for about in before.about - prompt.about:
                _keep(self._left, (chat_id, about), before.ref)
        for ref, carried in changed.items():
            if carried is None:
                _keep(self._stale, (chat_id, ref), None)
        return list(changed.items())

    def _late(self, chat_id: int, prompt: Open, standing: Open) -> list[tuple[int, Open | None]]:
        """Leave the question that stands its buttons: an older one that came after it is answered already."""
        if prompt.ref == standing.ref or not prompt.has_buttons:
            return []
        stays = prompt.without(standing.about) is not None
        for about in prompt.about - standing.about:
            _keep(self._left, (chat_id, about), prompt.ref)
        if not stays:
            _keep(self._stale, (chat_id, prompt.ref), None)
        return [(prompt.ref, prompt if stays else None)]

    def stands(self, chat_id: int) -> frozenset[About]:
        """Return what the lasting buttons of the chat's open prompt are about."""
        standing = self._prompts.get(chat_id)
        return frozenset() if standing is None else standing.about

    def is_open(self, chat_id: int, message_id: int) -> bool:
        """Tell whether this message carries the chat's open buttons."""
        before = self._prompts.get(chat_id)
        return before is not None and before.ref == message_id

    def would_lose(self, chat_id: int, ref: int, place: int | None, body: Body) -> bool:
        """Tell whether this body in place of the open prompt would take a button away that outlasts it.

        The one pressed has done its work.
        """
        before = self._prompts.get(chat_id)
        if before is None or before.ref != ref:
            return False
        others = {one.about for one in before.lasting if one.place != place}
        return bool(others - {one.about for one in lasting(body)})

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

    def tells(self, message_id: int) -> None:
        """Note that the whole of a message is in its chat."""
        _keep(self._told, message_id, None)

    def was_told(self, message_id: int) -> bool:
        """Tell whether this process has brought this message to its chat."""
        return message_id in self._told

    def went(self, message_id: int) -> int:
        """Return how many parts of a message are in its chat already, though the whole of it is not."""
        return self._went.get(message_id, 0)

    def goes(self, message_id: int, parts: int) -> None:
        """Note that so many parts of a message are in its chat; 0 once there is nothing to go on with."""
        if parts:
            _keep(self._went, message_id, parts)
        else:
            self._went.pop(message_id, None)

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
    """A bot, how it stands, what it remembers of its chats, and a way to start courtesies.

    `moved_on` tells of lasting buttons of a message in a chat which are about something that is over.
    """

    bot: Bot
    background: Background
    health: Health
    moved_on: MovedOn
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
            if isinstance(outcome := delivery_of(error), Sent):
                self.memory.tells(message.message_id)
            return outcome
        self.health.sent()
        self.memory.tells(message.message_id)
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
        self._new_prompt(chat_id, int(ref), message, has_buttons=keyboard is not None)
        self._close_keyboard(chat_id, message)
        return ref

    async def _sent(self, message: Outgoing, photo: bytes | None) -> str:
        chat_id, keyboard = int(message.external_id), inline_keyboard(message.body, message.message_id)
        markup = keyboard or self._other_markup(chat_id, message)
        shown = await self._put(message, photo, markup)
        if message.kind == "prompt":
            self._new_prompt(chat_id, shown.message_id, message, has_buttons=keyboard is not None)
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

    async def _put(self, message: Outgoing, photo: bytes | None, markup: _Markup) -> Message:
        """Write text and picture into the chat, the buttons under the last part, and return that part.

        Another try at the same message goes on with the part that did not get there.
        """
        chat_id, text = int(message.external_id), text_of(message.body)
        picture = None if photo is None else BufferedInputFile(photo, "photo.jpg")
        if picture is not None and len(pieces(text, MOST_CAPTION)) == 1:
            return await self.bot.send_photo(chat_id, picture, caption=text, reply_markup=markup)
        parts: list[BufferedInputFile | str] = [*([] if picture is None else [picture]), *pieces(text)]
        for nth, part in enumerate(parts[:-1]):
            if nth >= self.memory.went(message.message_id):
                await (patiently(partial(self._write, chat_id, part)) if nth else self._write(chat_id, part))
                self.memory.goes(message.message_id, nth + 1)
        last = partial(self._write, chat_id, parts[-1], markup)
        shown = await (patiently(last) if len(parts) > 1 else last())
        self.memory.goes(message.message_id, 0)
        return shown

    async def _write(self, chat_id: int, part: BufferedInputFile | str, markup: _Markup = None) -> Message:
        if isinstance(part, BufferedInputFile):
            return await self.bot.send_photo(chat_id, part)
        return await self.bot.send_message(chat_id, part, reply_markup=markup, link_preview_options=_NO_PREVIEW)

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

    def _new_prompt(self, chat_id: int, ref: int, message: Outgoing, *, has_buttons: bool) -> None:
        found = lasting(message.body)
        prompt = Open(ref, message.message_id, found, message.body if found else None, has_buttons=has_buttons)
        for before, carried in self.memory.new_prompt(chat_id, prompt):
            shown_anew = self.memory.stands(chat_id)
            self.background(best_effort(self._bare(chat_id, before, carried, shown_anew), "remove buttons"))

    async def _bare(self, chat_id: int, ref: int, carried: Open | None, shown_anew: frozenset[About]) -> None:
        """Take the buttons of an earlier prompt away, but for what outlasts its question."""
        if carried is None:
            await self.bot.edit_message_reply_markup(chat_id=chat_id, message_id=ref)
        else:
            await self._thin_out(chat_id, carried, shown_anew)

    async def _thin_out(self, chat_id: int, before: Open, shown_anew: frozenset[About]) -> None:
        """Leave an earlier prompt the buttons that are good still: what is remembered of it may be out of date.

        Whoever clears up after its orders may do so while this is under way: the last look comes after the edit.
        """
        known: frozenset[About] | None = None
        while True:
            over = await self.moved_on(before.message_id, str(before.ref), before.lasting)
            if over is None or over == known:
                return
            markup = before.without(shown_anew | over)
            try:
                await self.bot.edit_message_reply_markup(chat_id=chat_id, message_id=before.ref, reply_markup=markup)
            except TelegramBadRequest as error:
                if not is_unchanged(error):
                    raise
            known = over
