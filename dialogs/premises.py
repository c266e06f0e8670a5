"""What every step may ask of the house: its texts, where its own links point, its zone and currency."""

from collections.abc import Callable
from dataclasses import dataclass, field

from dialogs.texts import Texts


def nobody() -> None:
    """Nobody to wake: messages wait for the sender's next look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """The part of the house that knows no flow, so that flows may know it."""

    texts: Texts
    public_url: str
    zone: str = "Asia/Shanghai"
    currency: str = "CNY"
    telegram_name: str = ""
    """Of our bot, as links name it; "" where there is none."""
    wake_sender: Callable[[], None] = field(default=nobody)

    def link(self, path: str) -> str:
        """Return our own absolute URL of a path."""
        return f"{self.public_url.rstrip('/')}{path}"
