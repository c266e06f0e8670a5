"""What the model sees of a message: its n-grams, with what is already understood put as one sign for its kind."""

import re
from collections.abc import Iterable
from itertools import pairwise

from nlu.found import Found
from nlu.near.syllables import keys

SIGNS = {
    "service": "Ⓢ", "option": "Ⓞ", "duration": "Ⓛ", "when": "Ⓣ", "technician": "Ⓟ", "phone": "Ⓝ", "order_code": "Ⓒ",
    "money": "Ⓜ", "region": "Ⓡ", "quantity": "Ⓠ", "address": "Ⓐ", "stars": "Ⓚ", "price_most": "Ⓜ",
}  # fmt: skip
"""One sign a kind: the words of a name say nothing about what is wanted with it."""
LONGEST = 160
"""Characters looked at: what somebody wants is said by then, and every message costs about the same."""

_LATIN = re.compile(r"[a-z][a-z']*")
_DIGITS = re.compile(r"[0-9]+")
_GAP = re.compile(r"\s+")
_LETTERS = re.compile(r"[a-z']{4,}")
_VOWELS = str.maketrans("", "", "aeiou'")
_MARKS = re.compile(r"[,.!~:;\"()\[\]…]+")


def signed(text: str, found: Iterable[Found]) -> str:
    """Put a sign for every stretch of the folded text that names something."""
    spans = sorted((each.start, -each.end, SIGNS[each.kind]) for each in found if each.kind in SIGNS)
    if not spans:
        return text
    parts: list[str] = []
    reach = 0
    for start, minus_end, sign in spans:
        if start < reach:
            continue
        parts += (text[reach:start], sign)
        reach = -minus_end
    return "".join((*parts, text[reach:]))


def features(text: str) -> set[str]:
    """The n-grams of a signed, folded text: of characters where it is Chinese, of words and their parts where Latin."""
    text = _DIGITS.sub("0", text[:LONGEST])
    grams: set[str] = set()
    if text.isascii():
        _latin(text, grams)
        return grams
    rest = text
    if _LATIN.search(text):
        _latin(text, grams)
        rest = _LATIN.sub("w", text)
    line = f"^{_MARKS.sub(',', _GAP.sub('', rest))}$"
    for size in (1, 2, 3, 4):
        grams.update([line[at : at + size] for at in range(len(line) - size + 1)])
    return grams


def _latin(text: str, grams: set[str]) -> None:
    words = ["^", *_MARKS.sub(" ", text).replace("?", " ? ").split(), "$"]
    grams.update(words)
    grams.update([f"{one} {two}" for one, two in pairwise(words)])
    grams.update([f"{one} {two} {three}" for one, two, three in zip(words, words[1:], words[2:], strict=False)])
    for word in words:
        if len(word) > 4:
            whole = f"<{word}>"
            grams.update([f"_{whole[at : at + 4]}" for at in range(len(whole) - 3)])


def sounds(text: str) -> set[str]:
    """What slips of the pen leave standing: the sounds of two characters, the consonants of a Latin word."""
    text = text[:LONGEST]
    heard = {f"%{word[0]}{''.join(sorted(set(word.translate(_VOWELS))))}" for word in _LETTERS.findall(text)}
    if text.isascii():
        return heard
    line = _GAP.sub("", _MARKS.sub(",", text)).translate(keys())
    heard.update([f"%{line[at : at + 2]}" for at in range(len(line) - 1)])
    return heard
