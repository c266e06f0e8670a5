"""Making the plain data of near readings: a build step, the only place that needs pypinyin.

`python -m nlu.near.building` writes `syllables.txt` (each common character under the syllable it is read with) and
`ordinary.txt` (English words that are no misspelling of anything). It is deterministic.
"""

import re
from collections import Counter
from pathlib import Path

from pypinyin import lazy_pinyin

from nlu.labelled import own_examples
from nlu.near.ordinary import WORDS
from nlu.near.syllables import TABLE

_LEVELS = range(0xB0, 0xF8)
"""First bytes of the two levels of the national standard set: the characters a phone offers."""
_WORD = re.compile(r"[a-z]{4,}")
_OFTEN = 2
"""A word of one example alone may be a slip of the pen."""


def _characters() -> list[str]:
    found = []
    for first in _LEVELS:
        for second in range(0xA1, 0xFF):
            try:
                found.append(bytes((first, second)).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return found


def write_syllables(path: Path) -> int:
    """Write every common character under its first reading, tones left out; returns how many there are."""
    by_syllable: dict[str, list[str]] = {}
    for char in _characters():
        by_syllable.setdefault(lazy_pinyin(char)[0].replace("ü", "v"), []).append(char)
    lines = [f"{syllable} {''.join(chars)}" for syllable, chars in sorted(by_syllable.items()) if syllable.isascii()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return sum(map(len, by_syllable.values()))


def write_ordinary(path: Path) -> int:
    """Write the English words our own examples use more than once; returns how many there are."""
    used = Counter(word for each in own_examples() if each.lang == "en" for word in _WORD.findall(each.text.lower()))
    words = sorted(word for word, times in used.items() if times >= _OFTEN)
    path.write_text("\n".join(words) + "\n", encoding="utf-8")
    return len(words)


if __name__ == "__main__":
    write_syllables(TABLE)
    write_ordinary(WORDS)
