"""The few words this door says itself: the menu below the chat, and how to leave a question."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

_Entry = tuple[str, str | tuple[tuple[str, str], ...]]
"""A button's name, and its key or the buttons below it."""

_BOOK, _ORDERS, _MESSAGES, _HUMAN = "book", "my_orders", "my_messages", "human"
_CUSTOMER: Mapping[str, tuple[_Entry, ...]] = {
    "zh-Hans": (
        ("预约", _BOOK),
        (
            "我的",
            (("我的订单", _ORDERS), ("我的消息", _MESSAGES), ("我的地址", "my_addresses"), ("我的资料", "profile")),
        ),
        ("更多", (("服务项目", "services"), ("选技师", "technicians"), ("人工客服", _HUMAN))),
    ),
    "zh-Hant": (
        ("預約", _BOOK),
        (
            "我的",
            (("我的訂單", _ORDERS), ("我的訊息", _MESSAGES), ("我的地址", "my_addresses"), ("我的資料", "profile")),
        ),
        ("更多", (("服務項目", "services"), ("選技師", "technicians"), ("人工客服", _HUMAN))),
    ),
    "en": (
        ("Book", _BOOK),
        (
            "Mine",
            (
                ("My orders", _ORDERS),
                ("My messages", _MESSAGES),
                ("My addresses", "my_addresses"),
                ("My details", "profile"),
            ),
        ),
        ("More", (("Services", "services"), ("Technicians", "technicians"), ("Talk to us", _HUMAN))),
    ),
}
_TECHNICIAN: Mapping[str, tuple[_Entry, ...]] = {
    "zh-Hans": (
        ("接单", (("待接订单", "offers"), ("今天的单", "my_day"), ("看这一周", "my_week"))),
        ("我的", (("我的班表", "my_rota"), ("我的收入", "income"), ("我的消息", _MESSAGES))),
        ("更多", (("预约服务", _BOOK), ("我的订单", _ORDERS), ("人工客服", _HUMAN))),
    ),
    "zh-Hant": (
        ("接單", (("待接訂單", "offers"), ("今天的單", "my_day"), ("看這一週", "my_week"))),
        ("我的", (("我的班表", "my_rota"), ("我的收入", "income"), ("我的訊息", _MESSAGES))),
        ("更多", (("預約服務", _BOOK), ("我的訂單", _ORDERS), ("人工客服", _HUMAN))),
    ),
    "en": (
        ("Jobs", (("New jobs", "offers"), ("Today", "my_day"), ("This week", "my_week"))),
        ("Mine", (("My rota", "my_rota"), ("My income", "income"), ("My messages", _MESSAGES))),
        ("More", (("Book a service", _BOOK), ("My orders", _ORDERS), ("Talk to us", _HUMAN))),
    ),
}


def _buttons(entries: tuple[_Entry, ...]) -> list[dict[str, Any]]:
    return [
        {"type": "click", "name": name, "key": below}
        if isinstance(below, str)
        else {"name": name, "sub_button": _buttons(below)}
        for name, below in entries
    ]


MENUS: Final[Mapping[str, list[dict[str, Any]]]] = {
    "": _buttons(_CUSTOMER["zh-Hans"]),
    "customer.zh-Hant": _buttons(_CUSTOMER["zh-Hant"]),
    "customer.en": _buttons(_CUSTOMER["en"]),
    "technician.zh-Hans": _buttons(_TECHNICIAN["zh-Hans"]),
    "technician.zh-Hant": _buttons(_TECHNICIAN["zh-Hant"]),
    "technician.en": _buttons(_TECHNICIAN["en"]),
}
"""The buttons of each menu by role and language; "" is everybody's. Keys are names of flows and views."""


def menu_tag(name: str) -> str:
    """Return the tag by which WeChat shows a menu (at most 30 characters)."""
    return f"menling {name}"


_AWAY: Final = {
    "en": "We couldn't send you this earlier:",
    "zh-Hant": "之前沒能發給您的：",
    "zh-Hans": "之前没能发给您的：",
}
_TEXTED: Final = {
    "en": "We've already texted you this:",
    "zh-Hant": "之前已傳簡訊告訴您的：",
    "zh-Hans": "之前已发短信告诉您的：",
}


def while_away(lang: str, *, texted: bool) -> str:
    """Return the line above words that waited for the person's next act; `texted` when their phone has them all."""
    words = _TEXTED if texted else _AWAY
    return words.get(lang, words["zh-Hans"])


def said_at(when: str, words: str, lang: str, *, texted: bool) -> str:
    """Return words after the time at which they would have been said; `texted` says that they went to the phone."""
    if lang == "en":
        return f"{when} (texted to you): {words}" if texted else f"{when}: {words}"
    told = ("（已傳簡訊）" if lang == "zh-Hant" else "（已发短信）") if texted else "　"
    return f"{when}{told}{words}"


BETWEEN: Final = "— — —"
"""The line between words that waited and the answer to what was just said."""


def ways_out(labels: Sequence[str], lang: str) -> str:
    """Return the line that names the ways out of a question, which have no number."""
    if lang == "en":
        quoted = [f"“{label}”" for label in labels]
        return f"(or reply {_joined(quoted, ', ', ' or ')})"
    if lang == "zh-Hant":
        return f"（也可以回覆{_joined([f'「{label}」' for label in labels], '', '或')}）"
    return f"（也可以回复{_joined([f'“{label}”' for label in labels], '', '或')}）"


def link_line(label: str, url: str, lang: str) -> str:
    """Return a link as a line of its own."""
    return f"{label}: {url}" if lang == "en" else f"{label}：{url}"


def _joined(words: Sequence[str], between: str, last: str) -> str:
    return words[0] if len(words) == 1 else between.join(words[:-1]) + last + words[-1]
