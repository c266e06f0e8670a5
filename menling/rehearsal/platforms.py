"""The platforms of a rehearsal: Telegram and WeChat of this process, called without sockets."""

from datetime import timedelta
from typing import Protocol

from menling.rehearsal.hands import Hands
from menling.rehearsal.wire import Wire


class Platform(Protocol):
    """A simulated platform: people join it, time passes on it."""

    def somebody(self, name: str, lang: str) -> Hands:
        """Let somebody have an account there."""
        ...

    def advance(self, how_long: timedelta) -> None:
        """Let time pass there as well."""
        ...

    async def close(self) -> None:
        """End it."""
        ...


def open_platform(door: str, wire: Wire) -> Platform | None:
    """Return the platform behind a door; the page has none. A platform is imported only for its door."""
    if door == "telegram":
        from menling.rehearsal.on_telegram import TelegramPlatform  # noqa: PLC0415

        return TelegramPlatform(wire)
    if door == "wechat":
        from menling.rehearsal.on_wechat import WeChatPlatform  # noqa: PLC0415

        return WeChatPlatform(wire)
    return None
