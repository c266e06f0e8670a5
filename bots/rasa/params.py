"""What the Rasa door must be told, and what it refuses to be told."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_SHORTEST_SECRET = 16
_SECRET = re.compile(r"[\x21-\x7e]+")
_ACCOUNT = re.compile(r"[0-9A-Za-z_-]{1,64}")


@dataclass(frozen=True, slots=True)
class RasaParams:
    """One Rasa assistant; `account` names it in our rows. With a `url` later messages are handed to Rasa's HTTP API."""

    secret: str
    account: str = "main"
    url: str = ""
    token: str = ""

    def check(self) -> None:
        """Raise ValueError with a sentence when the action server would open to anybody, or not at all."""
        if not self.secret:
            raise ValueError("RASA_ACTIONS_SECRET is not set, and without it anybody could speak for Rasa")
        if len(self.secret) < _SHORTEST_SECRET or not _SECRET.fullmatch(self.secret):
            raise ValueError(f"RASA_ACTIONS_SECRET must be at least {_SHORTEST_SECRET} visible ASCII letters")
        self.check_sending()

    def check_sending(self) -> None:
        """Raise ValueError with a sentence when nothing could be sent with these."""
        if not _ACCOUNT.fullmatch(self.account):
            raise ValueError("RASA_ACCOUNT is 1 to 64 letters, digits, - or _")
        if self.url and urlsplit(self.url).scheme not in {"http", "https"}:
            raise ValueError("RASA_URL must begin with http:// or https://")
