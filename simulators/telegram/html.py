"""Telegram's HTML: tags to entities, and refusal of what would not arrive."""

import re
from dataclasses import dataclass
from html import unescape

from simulators.telegram.errors import ApiError, bad_request

_ENTITY_OF_TAG = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_TOKEN = re.compile(
    r"<(?P<close>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9-]*)(?P<rest>(?:\s[^<>]*)?)>"
    r"|(?P<reference>&(?:#\d+|#x[0-9a-fA-F]+|lt|gt|amp|quot);)|(?P<special>[<>&])|(?P<plain>[^<>&]+)"
)
_HREF = re.compile(r"""\shref\s*=\s*("[^"]*"|'[^']*')""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Open:
    tag: str
    rest: str
    offset: int


def utf16_length(text: str) -> int:
    """The length Telegram counts in: UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def parse_html(source: str) -> tuple[str, list[dict[str, object]]]:
    """The text as a person sees it and its entities; unknown tags and unescaped signs are refused.

    Telegram itself lets some stray & and > pass. Its manual asks for all three to be escaped, and so does this.
    """
    text: list[str] = []
    length = 0
    entities: list[dict[str, object]] = []
    open_tags: list[_Open] = []
    for token in _TOKEN.finditer(source):
        if token["tag"] is not None:
            tag = token["tag"].lower()
            if tag not in _ENTITY_OF_TAG:
                raise _refusal(source, token.start(), f'Unsupported start tag "{tag}"')
            if not token["close"]:
                open_tags.append(_Open(tag, token["rest"], length))
            elif not open_tags or open_tags[-1].tag != tag:
                raise _refusal(source, token.start(), f'Unmatched end tag "</{tag}>"')
            else:
                entities += _entity(open_tags.pop(), length)
            continue
        if token["special"] is not None:
            raise _refusal(source, token.start(), f'Unescaped sign "{token["special"]}"')
        piece = unescape(token[0]) if token["reference"] is not None else token[0]
        text.append(piece)
        length += utf16_length(piece)
    if open_tags:
        raise bad_request(
            f"can't parse entities: Can't find end tag corresponding to start tag \"{open_tags[-1].tag}\""
        )
    return "".join(text), sorted(entities, key=_position)


def _position(entity: dict[str, object]) -> tuple[int, int]:
    return int(str(entity["offset"])), -int(str(entity["length"]))


def _refusal(source: str, position: int, what: str) -> ApiError:
    offset = len(source[:position].encode())
    return bad_request(f"can't parse entities: {what} at byte offset {offset}")


def _entity(opened: _Open, end: int) -> list[dict[str, object]]:
    if end == opened.offset:
        return []
    entity: dict[str, object] = {
        "offset": opened.offset,
        "length": end - opened.offset,
        "type": _ENTITY_OF_TAG[opened.tag],
    }
    if opened.tag == "a":
        href = _HREF.search(opened.rest)
        if href is None:
            return []
        entity["url"] = unescape(href[1][1:-1])
    return [entity]
