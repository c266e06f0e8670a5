"""Folding any text to one plain form without losing the way back, and finding many phrases at once."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, product
from operator import add, itemgetter
from typing import Generic, TypeVar

import opencc

from nlu.names import Lang

MAX_CHARS = 1000
MASK = "▢"

_ASCII_ALNUM = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
# Words both languages write in Latin letters: they do not tell which one is spoken.
_SHARED_WORDS = frozenset("ok okay okk hi hello hey bye vip spa app wifi am pm no yes min mins sms gps vs".split())


_WORD = re.compile(r"(?<![a-z0-9])[a-z]{2,}(?![a-z0-9])")
_HAN = re.compile("[㐀-鿿]")


def _han() -> str:
    """Every character that can be traditional or simplified: the common plane's Han blocks."""
    return "".join(map(chr, (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000))))


def _char_table(config: str) -> dict[str, str]:
    """A character-for-character conversion table, so that spans survive (phrase rules would change lengths)."""
    source = _han()
    converted = opencc.OpenCC(config).convert("\n".join(source)).split("\n")
    return {a: b for a, b in zip(source, converted, strict=True) if a != b and len(b) == 1}


_TO_SIMPLE = _char_table("t2s") | {"著": "着", "妳": "你", "祂": "他", "牠": "它", "週": "周", "禮": "礼"}
_TO_TRADITIONAL = _char_table("s2t")
# Characters ordinary in both scripts do not tell which one is written.
_BOTH = frozenset("后里面台谷丑几了干于云只系表松别出个余郁卷向征舍斗御蒙漓周著乾妳您")
_TRADITIONAL_ONLY = frozenset(_TO_SIMPLE) - _BOTH
_SIMPLIFIED_ONLY = frozenset(_TO_TRADITIONAL) - frozenset(_TO_SIMPLE) - _BOTH

_PLAIN = {
    "’": "'", "‘": "'", "“": '"', "”": '"', "、": ",", "。": ".", "—": "-", "–": "-", "－": "-", "〜": "~", "﹣": "-",
    "−": "-", "﹐": ",", "；": ";", "「": '"', "」": '"', "《": '"', "》": '"', "【": "[", "】": "]", "･": " ",
    "·": " ",
    "•": " ", "號": "号", "\ufe0f": "", "\u20e3": "", "…": ".",
}  # fmt: skip


class _Fold(dict[str, str]):
    """One character to its plain form; filled as characters are met (a closed alphabet, so it stays small)."""

    def __missing__(self, char: str) -> str:
        folded = self[char] = _fold(char)
        return folded


def _fold(char: str) -> str:
    if char in _PLAIN:
        return _PLAIN[char]
    category = unicodedata.category(char)
    if category in ("Zs", "Zl", "Zp") or char in "\t\n\r\v\f":
        return " "
    if category in ("Cc", "Cf", "Cs"):
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(char))
    plain = unicodedata.normalize("NFKC", char).lower()
    return "".join(_PLAIN.get(_TO_SIMPLE.get(part, part), _TO_SIMPLE.get(part, part)) for part in plain)


_FOLD = _Fold()


@dataclass(frozen=True, slots=True)
class Normal:
    """A folded text and, when positions moved, where each of its characters came from."""

    text: str
    original: str
    origins: tuple[int, ...] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original [start, end) of a stretch of the folded text."""
        if self.origins is None:
            return start, end
        return self.origins[start], self.origins[end - 1] + 1 if end > start else self.origins[start]


def normalise(text: str) -> Normal:
    """Fold the first 1,000 characters: NFKC, lower case, simplified, nothing invisible, runs of spaces as one.

    Never raises.
    """
    original = text
    text = text[:MAX_CHARS]
    if text.isascii() and text.isprintable() and "  " not in text:
        return Normal(text.lower(), original, None)
    folded = [_FOLD[char] for char in text]
    joined = "".join(folded)
    if "  " in joined:
        folded = _spaced_once(folded)
        joined = "".join(folded)
    if len(joined) == len(text) and "" not in folded:
        return Normal(joined, original, None)
    origins = tuple(place for place, part in enumerate(folded) for _ in part)[:MAX_CHARS]  # one ﷺ folds to eighteen
    return Normal(joined[:MAX_CHARS], original, (*origins, len(text)))


def _spaced_once(folded: list[str]) -> list[str]:
    """A run of spaces says no more than one, and patterns that allow for spaces would try every way to share it out."""
    once: list[str] = []
    before = ""
    for part in folded:
        once.append("" if part == before == " " else part)
        before = part or before
    return once


def is_han(char: str) -> bool:
    """Whether this is a Chinese character."""
    return "㐀" <= char <= "鿿"


def detect_language(text: str, fallback: str) -> str:
    """The language the words are in; the fallback when they do not tell."""
    text = text[:MAX_CHARS]
    chars = set(text)
    han = 0 if text.isascii() else len(_HAN.findall(text))
    words = _telling_words(text)
    if han and han >= 2 * words:
        return _script(chars, fallback)
    return Lang.EN.value if words else fallback


def _script(chars: set[str], fallback: str) -> str:
    traditional = len(chars & _TRADITIONAL_ONLY)
    simplified = len(chars & _SIMPLIFIED_ONLY)
    if traditional > simplified:
        return Lang.ZH_HANT.value
    if simplified > traditional or not fallback.startswith("zh"):
        return Lang.ZH_HANS.value
    return fallback


def _telling_words(text: str) -> int:
    return sum(word not in _SHARED_WORDS for word in _WORD.findall(text.lower()))


def mask(text: str, start: int, end: int) -> str:
    """The same text with a stretch made unreadable, its length kept."""
    return text[:start] + MASK * (end - start) + text[end:]


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds whether one of these stands in a text: many times quicker than trying them in turn."""
    return re.compile("|".join(map(re.escape, words)))


def expand(pattern: str) -> list[str]:
    """All phrases of a pattern such as 'cancel (my |the |)booking'; brackets do not nest."""
    parts = [part.split("|") if odd else [part] for odd, part in _brackets(pattern)]
    return ["".join(choice) for choice in product(*parts)]


def _brackets(pattern: str) -> Iterator[tuple[bool, str]]:
    for place, part in enumerate(pattern.replace(")", "(").split("(")):
        yield bool(place % 2), part


T = TypeVar("T")
_RUN = re.compile(r"[a-z0-9]+")
_first = itemgetter(0)


class Phrases(Generic[T]):
    """Many phrases looked for at once; Latin phrases match whole words only."""

    __slots__ = ("_heads", "_marked", "_singles", "_words")

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        by_head: dict[str, dict[int, dict[str, T]]] = {}
        by_word: dict[str, dict[int, dict[str, T]]] = {}
        self._singles: dict[str, T] = {}
        for phrase, payload in phrases:
            word = _RUN.match(phrase)
            if len(phrase) == 1:
                self._singles[phrase] = payload
            elif word is not None:
                by_word.setdefault(word[0], {}).setdefault(len(phrase), {})[phrase] = payload
            elif phrase:
                by_head.setdefault(phrase[:2], {}).setdefault(len(phrase), {})[phrase] = payload
        # Per first word, or two first characters: the lengths that occur, longest first, each with its phrases.
        self._words = {word: tuple(sorted(sizes.items(), reverse=True)) for word, sizes in by_word.items()}
        self._heads = {head: tuple(sorted(sizes.items(), reverse=True)) for head, sizes in by_head.items()}
        self._marked = any(head[0].isascii() for head in self._heads)

    def phrases(self) -> Iterator[str]:
        """Every phrase that is looked for."""
        for sizes in self._heads.values():
            for _, table in sizes:
                yield from table
        for sizes in self._words.values():
            for _, table in sizes:
                yield from table
        yield from self._singles

    def find(self, text: str) -> list[tuple[int, int, T]]:
        """The longest phrase at each place, none inside another; [start, end, payload] from left to right."""
        found: list[tuple[int, int, T]] = []
        reach, total = 0, len(text)
        for start, sizes in self._begun(text):
            for length, table in sizes:
                end = start + length
                if end <= reach or end > total:
                    continue
                phrase = text[start:end]
                if phrase in table and (
                    end == total or text[end] not in _ASCII_ALNUM or phrase[-1] not in _ASCII_ALNUM
                ):
                    found.append((start, end, table[phrase]))
                    reach = end
                    break
        if self._singles and not self._singles.keys().isdisjoint(text):
            self._add_singles(text, found)
        return found

    def _begun(self, text: str) -> list[tuple[int, tuple[tuple[int, dict[str, T]], ...]]]:
        """Where phrases may begin, from left to right, and those that may."""
        words = self._words
        begun = [(run.start(), words[run[0]]) for run in _RUN.finditer(text) if run[0] in words] if words else []
        if text.isascii() and not self._marked:
            return begun
        heads = map(self._heads.get, map(add, text, islice(text, 1, None)))
        inner = [(start, sizes) for start, sizes in enumerate(heads) if sizes is not None]
        return sorted(begun + inner, key=_first) if begun and inner else begun or inner

    def _add_singles(self, text: str, found: list[tuple[int, int, T]]) -> None:
        left = text
        for start, end, _ in found:
            left = mask(left, start, end)
        for start, char in enumerate(left):
            if char not in self._singles:
                continue
            around = text[start - 1 : start] + text[start + 1 : start + 2] if start else text[1:2]
            if char not in _ASCII_ALNUM or not any(beside in _ASCII_ALNUM for beside in around):
                found.append((start, start + 1, self._singles[char]))
