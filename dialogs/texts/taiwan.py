"""What is said otherwise in Taiwan than OpenCC makes it of Simplified Chinese: the words of zh_Hant.overrides.po."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

OVERRIDES: Final = Path(__file__).parent / "zh_Hant.overrides.po"


@cache
def overrides() -> tuple[dict[str, str], dict[str, str]]:
    """Return what a translator wrote: words by the word OpenCC gives, and whole texts by their name."""
    with OVERRIDES.open("rb") as file:
        found = [one for one in read_po(file) if one.id and one.string]
    words = {str(one.id): str(one.string) for one in found if one.context == "word"}
    return words, {str(one.id): str(one.string) for one in found if one.context is None}


def reworded(text: str, words: Mapping[str, str] | None = None) -> str:
    """Return a text in Traditional letters with its words as Taiwan says them; `words` are the overrides' own."""
    known = overrides()[0] if words is None else words
    longest_first = sorted(map(re.escape, known), key=len, reverse=True)
    return re.sub("|".join(longest_first) or r"(?!)", lambda found: known[found[0]], text)
