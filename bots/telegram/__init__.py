"""Door: Telegram updates become Incoming, messages become Bot API calls, through aiogram.

aiogram takes seconds and 165 MB to import, so this package imports it only when the door is opened.
"""

from typing import TYPE_CHECKING

from bots.telegram.params import TelegramParams

if TYPE_CHECKING:
    import httpx

    from bots.telegram.door import TelegramDoor
    from dialogs.reception import Reception

__all__ = ["TelegramParams", "open_telegram"]


def open_telegram(
    params: TelegramParams, reception: "Reception", transport: "httpx.AsyncBaseTransport | None" = None
) -> "TelegramDoor":
    """Open the door, without talking to Telegram yet; ValueError when the settings are unsafe. First time: seconds.

    A `transport` carries every call to a Bot API in this process.
    """
    params.check()
    from bots.telegram.door import TelegramDoor  # noqa: PLC0415  aiogram is slow to import

    return TelegramDoor(params, reception, transport)
