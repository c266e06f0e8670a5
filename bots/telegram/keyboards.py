"""Buttons and texts in the sizes Telegram takes."""

import re
from collections.abc import Container
from urllib.parse import urlsplit

from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
)
from msgspec.structs import replace

from bots.telegram.words import words_for
from dialogs import cutting
from dialogs.cutting import shortened
from dialogs.outgoing import Body, Button, token_of

MOST_TEXT = 4096
"""UTF-16 units of a message's text."""

MOST_CAPTION = 1024
_MOST_LABEL = 64
_MOST_IN_ROW = 8
_MOST_BUTTONS = 100
# No parse mode is ever set, so neither HTML nor Markdown means anything; a slash before a word still does.
_COMMAND = re.compile(r"(?<![\w/:.<>])/(?=[A-Za-z0-9_])")


def inline_keyboard(body: Body, message_id: int, *, only: Container[int] | None = None) -> InlineKeyboardMarkup | None:
    """Return the buttons under a message, or those at some places alone; None when there are none."""
    rows: list[list[InlineKeyboardButton]] = []
    place = 0
    for row in body.rows:
        line: list[InlineKeyboardButton] = []
        for button in row:
            shows = place < _MOST_BUTTONS and (only is None or place in only)
            if shows and (button.url is None or is_linkable(button.url)):
                line.append(_inline_button(button, token_of(message_id, place)))
            place += 1
        rows.extend(line[at : at + _MOST_IN_ROW] for at in range(0, len(line), _MOST_IN_ROW))
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def unlinked(body: Body) -> Body:
    """Return the message without its links to pay, for a house where the bill that follows is the only way."""
    rows = tuple(tuple(replace(one, url="") if one.pays else one for one in row) for row in body.rows)
    return replace(body, rows=rows)


def text_of(body: Body) -> str:
    """Return the words, with links Telegram takes on no button as lines below them."""
    links = [f"{one.label}: {one.url}" for one in body.buttons if one.url and not is_linkable(one.url)]
    return "\n".join([inert(body.text), *links]).strip() or "…"


def inert(text: str) -> str:
    """Return words that Telegram shows as they are: it makes every /word something to tap, whoever wrote it."""
    return _COMMAND.sub("／", text)


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
    return cutting.pieces(text, most, _units) or ["…"]


def _inline_button(button: Button, token: str) -> InlineKeyboardButton:
    label = shortened(inert(" ".join(button.label.split())), _MOST_LABEL)
    if button.url is not None:
        return InlineKeyboardButton(text=label, url=button.url)
    return InlineKeyboardButton(text=label, callback_data=token)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "replace")) // 2
