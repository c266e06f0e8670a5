"""Reply markups: buttons under a message, and the keyboard below the text box."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast

from simulators.telegram.errors import bad_request

Kind = Literal["inline", "reply", "remove", "force"]

_MOST_BUTTONS = 100
_MOST_DATA_BYTES = 64
_URL = re.compile(r"(https?|tg)://\S+", re.IGNORECASE)
_ACTIONS = ("callback_data", "url", "pay", "web_app", "copy_text", "login_url", "switch_inline_query")


@dataclass(frozen=True, slots=True)
class Button:
    """One button: what it says and what a press on it does."""

    label: str
    data: str | None = None
    url: str | None = None
    asks: Literal["contact", "location"] | None = None
    pay: bool = False
    web_app: bool = False


@dataclass(frozen=True, slots=True)
class Keyboard:
    """A checked reply markup; `wire` is what goes back to the bot."""

    kind: Kind
    rows: tuple[tuple[Button, ...], ...]
    wire: Mapping[str, object]

    def buttons(self) -> list[Button]:
        """Every button, top to bottom."""
        return [button for row in self.rows for button in row]


def read_keyboard(markup: object) -> Keyboard | None:
    """Check a reply_markup; None when there is none or it is empty."""
    if markup is None or markup == {}:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        rows = tuple(tuple(_inline_button(button) for button in row) for row in _rows(markup["inline_keyboard"]))
        _check_size(rows)
        return Keyboard("inline", rows, markup) if any(rows) else None
    if "keyboard" in markup:
        return Keyboard("reply", tuple(tuple(map(_reply_button, row)) for row in _rows(markup["keyboard"])), markup)
    if markup.get("remove_keyboard"):
        return Keyboard("remove", (), markup)
    return Keyboard("force", (), markup)


def _rows(value: object) -> list[list[object]]:
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise bad_request("can't parse reply keyboard markup JSON object: expected an Array of Array")
    return cast("list[list[object]]", value)


def _check_size(rows: tuple[tuple[Button, ...], ...]) -> None:
    if sum(len(row) for row in rows) > _MOST_BUTTONS:
        raise bad_request("reply markup is too long")


def _inline_button(value: object) -> Button:
    if not isinstance(value, dict):
        raise bad_request("can't parse inline keyboard button: expected an Object")
    label = value.get("text")
    if not isinstance(label, str) or not label.strip():
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not any(value.get(action) is not None for action in _ACTIONS):
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    data, url = value.get("callback_data"), value.get("url")
    if data is not None and not 1 <= len(str(data).encode()) <= _MOST_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if url is not None and not _URL.fullmatch(str(url)):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    web_app = value.get("web_app")
    return Button(
        label,
        None if data is None else str(data),
        str(url) if url is not None else _web_app_url(web_app),
        pay=bool(value.get("pay")),
        web_app=web_app is not None,
    )


def _web_app_url(web_app: object) -> str | None:
    if web_app is None:
        return None
    url = str(web_app.get("url") or "") if isinstance(web_app, dict) else ""
    if not url.startswith("https://"):
        raise bad_request(f"inline keyboard button Web App URL '{url}' is invalid: Only HTTPS links are allowed")
    return url


def _reply_button(value: object) -> Button:
    if isinstance(value, str):
        return Button(value)
    if not isinstance(value, dict) or not str(value.get("text") or "").strip():
        raise bad_request("can't parse keyboard button: Can't find field \"text\"")
    if value.get("request_contact"):
        return Button(str(value["text"]), asks="contact")
    if value.get("request_location"):
        return Button(str(value["text"]), asks="location")
    return Button(str(value["text"]))
