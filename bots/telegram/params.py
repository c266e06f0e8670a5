"""What the Telegram door must be told, and what it refuses to be told."""

import re
from dataclasses import dataclass

OFFICIAL_API = "https://api.telegram.org"

_TOKEN = re.compile(r"[0-9]{3,20}:[A-Za-z0-9_-]{10,100}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")
_PROVIDER = re.compile(r"[!-~]{8,200}")
_ACCOUNT = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class TelegramParams:
    """One bot: `account` names it in our rows and the webhook's path; `secret` proves that an update is Telegram's."""

    token: str
    secret: str
    public_url: str
    account: str = "main"
    api_base: str = OFFICIAL_API
    polling: bool = False
    provider_token: str = ""
    """Of the payment provider BotFather has connected; with it people can pay in the chat."""
    bills_alone: bool = False
    """Whether the bill is the only way to pay: the link beside it is left out."""

    def check(self) -> None:
        """Raise ValueError with a sentence when anybody could speak in Telegram's name, or nobody could at all."""
        if not _TOKEN.fullmatch(self.token):
            raise ValueError("TELEGRAM_TOKEN does not look like a bot's token: take it from BotFather")
        if not _ACCOUNT.fullmatch(self.account):
            raise ValueError("the Telegram account's name may hold letters, digits, - and _ only")
        if self.provider_token and not _PROVIDER.fullmatch(self.provider_token):
            raise ValueError(
                "TELEGRAM_PROVIDER_TOKEN does not look like a payment provider's token: take it from BotFather"
            )
        if self.polling:
            return
        if not _SECRET.fullmatch(self.secret):
            raise ValueError("the Telegram webhook needs TELEGRAM_SECRET: 16 to 256 letters, digits, - and _")
        if not self.public_url.startswith(("https://", "http://")):
            raise ValueError("the Telegram webhook needs MENLING_PUBLIC_URL; without one set TELEGRAM_POLLING=1")

    @property
    def path(self) -> str:
        """The webhook's path."""
        return f"/telegram/{self.account}"

    @property
    def webhook_url(self) -> str:
        """The address Telegram posts updates to."""
        return self.public_url.rstrip("/") + self.path

    def __repr__(self) -> str:
        """Show which bot, never its token or secret."""
        return f"TelegramParams(account={self.account!r}, polling={self.polling})"
