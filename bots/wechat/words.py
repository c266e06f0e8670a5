"""The few words this door says itself: the menu below the chat, and how to leave a question."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

_CUSTOMER = {
    "zh-Hans": ("预约", "我的订单", "更多", "服务项目", "选技师", "我的地址", "我的资料", "人工客服"),
    "zh-Hant": ("預約", "我的訂單", "更多", "服務項目", "選技師", "我的地址", "我的資料", "人工客服"),
    "en": ("Book", "My orders", "More", "Services", "Technicians", "My addresses", "My details", "Talk to us"),
}
_CUSTOMER_KEYS = ("book", "my_orders", "", "services", "technicians", "my_addresses", "profile", "human")
_TECHNICIAN = {
    "zh-Hans": (
        ("接单", "待接订单", "今日安排", "本周安排"),
        ("我的", "排班", "收入"),
        ("更多", "预约服务", "我的订单", "人工客服"),
    ),
    "zh-Hant": (
        ("接單", "待接訂單", "今日安排", "本週安排"),
        ("我的", "排班", "收入"),
        ("更多", "預約服務", "我的訂單", "人工客服"),
    ),
    "en": (
        ("Jobs", "Offers", "Today", "This week"),
        ("Mine", "My rota", "My income"),
        ("More", "Book a service", "My orders", "Talk to us"),
    ),
}
_TECHNICIAN_KEYS = (("offers", "my_day", "my_week"), ("my_rota", "income"), ("book", "my_orders", "human"))


def _click(name: str, key: str) -> dict[str, Any]:
    return {"type": "click", "name": name, "key": key}


def _customers(lang: str) -> list[dict[str, Any]]:
    names = _CUSTOMER[lang]
    below = [_click(name, key) for name, key in zip(names[3:], _CUSTOMER_KEYS[3:], strict=True)]
    return [_click(names[0], "book"), _click(names[1], "my_orders"), {"name": names[2], "sub_button": below}]


def _technicians(lang: str) -> list[dict[str, Any]]:
    return [
        {"name": names[0], "sub_button": [_click(name, key) for name, key in zip(names[1:], keys, strict=True)]}
        for names, keys in zip(_TECHNICIAN[lang], _TECHNICIAN_KEYS, strict=True)
    ]


MENUS: Final[Mapping[str, list[dict[str, Any]]]] = {
    "": _customers("zh-Hans"),
    "customer.zh-Hant": _customers("zh-Hant"),
    "customer.en": _customers("en"),
    "technician.zh-Hans": _technicians("zh-Hans"),
    "technician.zh-Hant": _technicians("zh-Hant"),
    "technician.en": _technicians("en"),
}
"""The buttons of each menu by role and language; "" is everybody's. Keys are names of flows and views."""


def menu_tag(name: str) -> str:
    """Return the tag by which WeChat shows a menu (at most 30 characters)."""
    return f"menling {name}"


def while_away(lang: str) -> str:
    """Return the line above words that waited for the person's next act."""
    return {"en": "While you were away:", "zh-Hant": "您不在的時候："}.get(lang, "您不在的时候：")


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
