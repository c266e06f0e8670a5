"""Cutting a long text into parts a platform takes: between lines, else after a sentence, never inside a character."""

import re
import unicodedata
from collections.abc import Callable
from typing import Final

Size = Callable[[str], int]
"""How much of a platform's limit a text takes: bytes, UTF-16 units."""

_STOPS: Final = re.compile(r"[。！？；!?;…]+[”」』）)\"']*|[，、,.:：\s]")
_JOINER: Final = "\u200d"


def pieces(text: str, most: int, size: Size) -> list[str]:
    """Return the text in parts of at most `most`, as few as its lines allow; none is empty."""
    parts = []
    while size(text) > most:
        cut = _cut(text, most, size)
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [part for part in [*parts, text] if part.strip()]


def shortened(text: str, most: int, size: Size = len) -> str:
    """Return a text that fits into `most`, with an ellipsis where something was left out; no word is cut in two."""
    if size(text) <= most:
        return text
    end = _whole(text, _fitting(text, most - size("…"), size))
    return text[: _between_words(text, end)].rstrip() + "…"


def _cut(text: str, most: int, size: Size) -> int:
    """Return where the first part ends: before the line that no longer fits, unless that line never will."""
    end = _fitting(text, most, size)
    line = text.rfind("\n", 0, end + 1)
    line_end = text.find("\n", end)
    if line > 0 and size(text[line + 1 : line_end if line_end >= 0 else None]) <= most:
        return line
    stops = [found.end() for found in _STOPS.finditer(text, end // 2, end) if found.end() < end]
    return stops[-1] if stops else _whole(text, end)


def _fitting(text: str, most: int, size: Size) -> int:
    """Return how many characters fit, at least one."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(text[:middle]) <= most else (low, middle - 1)
    return low


def _whole(text: str, end: int) -> int:
    """Return the nearest place before `end` that parts no letter from its marks and no joined emoji."""
    place = end
    while place > 0 and place < len(text) and _clings(text, place):
        place -= 1
    return place or end


def _between_words(text: str, end: int) -> int:
    """Return the place before `end` where no word or amount is cut; `end` itself where that would leave too little."""
    place = end
    while place > 0 and place < len(text) and _in_a_word(text[place - 1]) and _in_a_word(text[place]):
        place -= 1
    return place if place > end // 2 else end


def _in_a_word(letter: str) -> bool:
    """Whether a letter stands in a word with blanks around it, which Chinese has not."""
    return (letter.isalnum() and letter < "\u2e80") or letter in "'’.,:-¥£$€"


def _clings(text: str, place: int) -> bool:
    joined = _JOINER in (text[place - 1], text[place])
    return joined or unicodedata.category(text[place]).startswith("M") or "\U0001f3fb" <= text[place] <= "\U0001f3ff"
