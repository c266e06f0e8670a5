"""The few words this door says itself: the menu below the chat, and how to leave a question."""

from collections.abc import Sequence

MENU = {
    "button": [
        {"type": "click", "name": "预约", "key": "book"},
        {"type": "click", "name": "我的订单", "key": "my_orders"},
        {"type": "click", "name": "人工", "key": "human"},
    ]
}
"""The customers' menu; a menu's names are of one language for everybody."""


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
