"""Buttons and texts in the sizes Telegram takes."""

from urllib.parse import urlsplit

from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)

from bots.telegram.words import words_for
from dialogs.outgoing import Body, Button, token_of

MOST_TEXT = 4096
"""UTF-16 units of a message's text."""

MOST_CAPTION = 1024
_MOST_LABEL = 64
_MOST_IN_ROW = 8
_MOST_BUTTONS = 100


def inline_keyboard(body: Body, message_id: int) -> InlineKeyboardMarkup | None:
    """Return the buttons under a message; None when it has none."""
    rows: list[list[InlineKeyboardButton]] = []
    place = 0
    for row in body.rows:
        line: list[InlineKeyboardButton] = []
        for button in row:
            if place < _MOST_BUTTONS and (button.url is None or is_linkable(button.url)):
                line.append(_inline_button(button, token_of(message_id, place)))
            place += 1
        rows.extend(line[at : at + _MOST_IN_ROW] for at in range(0, len(line), _MOST_IN_ROW))
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def text_of(body: Body) -> str:
    """Return the words, with links Telegram takes on no button as lines below them."""
    links = [f"{one.label}: {one.url}" for one in body.buttons if one.url is not None and not is_linkable(one.url)]
    return "\n".join([body.text, *links]).strip() or "…"


def is_linkable(url: str) -> bool:
    """Tell whether Telegram takes this address on a button: http or https, and a host with a dot."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and "." in (parts.hostname or "")


def asking_keyboard(asks: str | None, lang: str) -> tuple[str, ReplyKeyboardMarkup] | None:
    """Return a hint and the keyboard that shares phone or location; None when nothing of the kind is asked."""
    words = words_for(lang)
    if asks == "phone":
        hint, button = words.share_phone_hint, KeyboardButton(text=words.share_phone, request_contact=True)
    elif asks == "location":
        hint, button = words.share_location_hint, KeyboardButton(text=words.share_location, request_location=True)
    else:
        return None
    return hint, ReplyKeyboardMarkup(keyboard=[[button]], resize_keyboard=True, one_time_keyboard=True)


def pieces(text: str, most: int = MOST_TEXT) -> list[str]:
    """Cut a text into parts of at most `most` UTF-16 units, at line ends where there are any."""
    parts: list[str] = []
    while _units(text) > most:
        end = _fitting(text, most)
        line_end = text.rfind("\n", 1, end)
        cut = line_end if line_end > end // 2 else end
        parts.append(text[:cut].strip() or "…")
        text = text[cut:].lstrip("\n")
    return [*parts, text] if text.strip() else parts


def _inline_button(button: Button, token: str) -> InlineKeyboardButton:
    label = button.label if len(button.label) <= _MOST_LABEL else button.label[: _MOST_LABEL - 1] + "…"
    if button.url is not None:
        return InlineKeyboardButton(text=label, url=button.url)
    return InlineKeyboardButton(text=label, callback_data=token)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2


def _fitting(text: str, most: int) -> int:
    """Return how many characters fit into `most` UTF-16 units; characters beyond the BMP take two."""
    units = 0
    for at, character in enumerate(text):
        units += 2 if ord(character) > 0xFFFF else 1
        if units > most:
            return at
    return len(text)
