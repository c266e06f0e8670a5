"""What a WeChat text shows: words, lines to tap and links."""

import re
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qs, urlsplit

_ANCHOR = re.compile(r"""<a\b[^<>]*?\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')[^<>]*>(.*?)</a>""", re.IGNORECASE | re.DOTALL)
_MENU_SCHEME = "weixin://bizmsgmenu"


@dataclass(frozen=True, slots=True)
class Tap:
    """A line to tap: it sends `content` in the person's name."""

    label: str
    content: str
    id: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a page."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ShownText:
    """A text as it is shown, with what can be tapped in it."""

    text: str
    taps: tuple[Tap, ...] = ()
    links: tuple[Link, ...] = ()


def show(source: str) -> ShownText:
    """Read a text with its anchors as the WeChat client does."""
    taps: list[Tap] = []
    links: list[Link] = []
    for anchor in _ANCHOR.finditer(source):
        href, label = unescape(anchor[1] or anchor[2] or ""), anchor[3]
        if href.startswith(_MENU_SCHEME):
            query = parse_qs(urlsplit(href).query, keep_blank_values=True)
            content = query.get("msgmenucontent", [""])[0]
            taps.append(Tap(label, content, query.get("msgmenuid", [""])[0]))
        else:
            links.append(Link(label, href))
    return ShownText(_ANCHOR.sub(lambda anchor: anchor[3], source), tuple(taps), tuple(links))
