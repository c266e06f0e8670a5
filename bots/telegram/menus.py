"""The commands menu: one for everybody in the language of their Telegram, and one of their own for whoever needs it.

Telegram knows two-letter languages only, so it cannot tell 简体 from 繁體, and no roles. A technician, and somebody who
speaks another language with us than with Telegram, gets a menu in their own chat.
"""

import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from aiogram import Bot
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat

from bots.telegram.sending import best_effort
from bots.telegram.words import WORDS
from core import people, technicians
from core.db import Database, DatabaseError, Tx
from core.errors import BookingError
from core.technicians import TechnicianState

_LOOKED_EVERY: Final = 120.0
_REMEMBERED: Final = 10_000
_AT_WORK: Final = (TechnicianState.APPROVED, TechnicianState.SUSPENDED)


@dataclass(frozen=True, slots=True)
class _Menu:
    """Whose commands a chat shows, and in which language."""

    at_work: bool
    lang: str


@dataclass(slots=True)
class Menus:
    """The menus of one bot; what a process forgets is set once more."""

    bot: Bot
    _shown: "OrderedDict[str, tuple[_Menu | None, float]]" = field(default_factory=OrderedDict)

    async def show_to_everybody(self) -> None:
        """Set the menu of people who are no technicians; raises what the calls raise."""
        for lang, code in (("en", None), ("zh-Hans", "zh")):
            await self.bot.set_my_commands(
                _commands(WORDS[lang].commands), scope=BotCommandScopeAllPrivateChats(), language_code=code
            )

    async def show_to(self, chat: str, person_id: int, db: Database, *, platform_lang: str | None) -> None:
        """Give the chat a menu of its own if it needs one and has it not yet; looked at every 2 minutes at most."""
        before, looked_at = self._shown.get(chat, (None, float("-inf")))
        if time.monotonic() - looked_at < _LOOKED_EVERY:
            return
        self._remember(chat, before)
        try:
            wanted = await db.aread(lambda tx: _menu_of(tx, person_id))
        except (BookingError, DatabaseError):
            return
        usual = _Menu(at_work=False, lang="zh-Hans" if (platform_lang or "").startswith("zh") else "en")
        own = None if wanted == usual else wanted
        if own == before:
            return
        scope = BotCommandScopeChat(chat_id=int(chat))
        if own is None:
            done = await best_effort(self.bot.delete_my_commands(scope=scope), "remove menu")
        else:
            words = WORDS.get(own.lang, WORDS["en"])
            commands = _commands(words.at_work if own.at_work else words.commands)
            done = await best_effort(self.bot.set_my_commands(commands, scope=scope), "set menu")
        if done:
            self._remember(chat, own)

    def _remember(self, chat: str, menu: _Menu | None) -> None:
        self._shown[chat] = (menu, time.monotonic())
        self._shown.move_to_end(chat)
        if len(self._shown) > _REMEMBERED:
            self._shown.popitem(last=False)


def _commands(lines: Mapping[str, str]) -> list[BotCommand]:
    return [BotCommand(command=name, description=line) for name, line in lines.items()]


def _menu_of(tx: Tx, person_id: int) -> _Menu:
    found = technicians.of_person(tx, person_id)
    at_work = found is not None and found.state in _AT_WORK
    return _Menu(at_work, people.person(tx, person_id).lang)
