"""How the door stands with Telegram, in words for whoever looks after the house."""

import logging
from dataclasses import dataclass
from typing import Final

from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)

OPEN: Final = "open"
_TOKEN: Final = "the token is refused: take a new one from BotFather"  # noqa: S105  a sentence
_WEBHOOK: Final = "a webhook is set: updates cannot be fetched while it is"
_TWICE: Final = "another process fetches this bot's updates: let one alone do it"
_BILLS: Final = "bills are refused: look at the payment provider's token and at the least amount it takes"
_FOR_OPERATORS: Final = {_TOKEN: "401", _WEBHOOK: "409 webhook", _TWICE: "409", _BILLS: "bills"}
"""What nobody but an operator can mend, with the status Telegram says it by."""
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Health:
    """What the last calls came to, each way; anything but "open" is a sentence."""

    receiving: str = OPEN
    sending: str = OPEN
    billing: str = OPEN
    last_error: str | None = None

    @property
    def state(self) -> str:
        """Return "open" when both ways are, else what is wrong."""
        return self.receiving if self.receiving != OPEN else self.sending

    @property
    def troubles(self) -> dict[str, str]:
        """Return what an operator has to mend: the sentence of each by its short name."""
        return {_FOR_OPERATORS[one]: one for one in self._ways if one in _FOR_OPERATORS}

    @property
    def _ways(self) -> tuple[str, ...]:
        return self.receiving, self.sending, self.billing

    def received(self) -> None:
        """Note that updates come in, or are told where to go."""
        self.receiving = _said("receiving", self.receiving, OPEN)

    def not_received(self, error: AiogramError) -> None:
        """Note why updates do not come in."""
        self.receiving = _said("receiving", self.receiving, self._state_of(error))

    def sent(self) -> None:
        """Note that Telegram took a message."""
        self.sending = _said("sending", self.sending, OPEN)

    def billed(self) -> None:
        """Note that Telegram took a bill."""
        self.billing = _said("billing", self.billing, OPEN)

    def bill_refused(self) -> None:
        """Note that Telegram refuses a bill for what is in it, or for the provider behind it."""
        self.billing = _said("billing", self.billing, _BILLS)

    def not_sent(self, error: AiogramError) -> None:
        """Note why it took none; a refusal of one chat or one message says nothing about the others."""
        if not isinstance(error, TelegramBadRequest | TelegramForbiddenError | TelegramRetryAfter):
            self.sending = _said("sending", self.sending, self._state_of(error))

    def _state_of(self, error: AiogramError) -> str:
        self.last_error = type(error).__name__
        return state_of(error)


def _said(way: str, before: str, now: str) -> str:
    """Say in the log what is news, and return it."""
    if now != before:
        _log.log(logging.INFO if now == OPEN else logging.WARNING, "telegram %s", way, extra={"state": now})
    return now


def state_of(error: AiogramError) -> str:
    """Return the sentence for what went wrong."""
    match error:
        case TelegramUnauthorizedError() | TelegramNotFound():
            return _TOKEN
        case TelegramConflictError() if "webhook" in error.message.casefold():
            return _WEBHOOK
        case TelegramConflictError():
            return _TWICE
        case TelegramRetryAfter():
            return "Telegram asks us to slow down"
    return "Telegram is away"
