"""How the door stands with Telegram, in words for whoever looks after the house."""

import logging
from dataclasses import dataclass
from typing import Final

from aiogram.exceptions import (
    AiogramError,
    TelegramConflictError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)

OPEN: Final = "open"
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Health:
    """What the last calls came to; a state other than "open" is a sentence."""

    state: str = OPEN
    last_error: str | None = None

    def well(self) -> None:
        """Note that Telegram does what it is asked."""
        if self.state != OPEN:
            _log.info("telegram is back", extra={"was": self.state})
        self.state = OPEN

    def trouble(self, error: AiogramError) -> None:
        """Note what is wrong; said in the log when it is news."""
        state = state_of(error)
        self.last_error = type(error).__name__
        if state != self.state:
            _log.warning("telegram trouble", extra={"state": state, "error": self.last_error})
        self.state = state


def state_of(error: AiogramError) -> str:
    """Return the sentence for what went wrong."""
    match error:
        case TelegramUnauthorizedError() | TelegramNotFound():
            return "the token is refused: take a new one from BotFather"
        case TelegramConflictError() if "webhook" in error.message.casefold():
            return "a webhook is set: updates cannot be fetched while it is"
        case TelegramConflictError():
            return "another process fetches this bot's updates: let one alone do it"
        case TelegramRetryAfter():
            return "Telegram asks us to slow down"
    return "Telegram is away"
