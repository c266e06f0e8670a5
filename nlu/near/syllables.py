"""Characters that sound alike: each stands for its syllable, with the sounds that people mix up taken for one."""

from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent / "syllables.txt"
"""A line a syllable: how it is written, a space, the characters read so."""

_FIRST_KEY = 0xE000
_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))


@cache
def readings() -> dict[str, str]:
    """The syllable of every common character, tones left out."""
    lines = TABLE.read_text(encoding="utf-8").split("\n")
    return {char: syllable for line in lines if line for syllable, _, chars in (line.partition(" "),) for char in chars}


@cache
def keys() -> dict[int, str]:
    """A translation of characters to one sign for their sound: alike are zh and z, n and l, ang and an, and so on."""
    signs: dict[str, str] = {}
    table: dict[int, str] = {}
    for char, syllable in readings().items():
        sound = _sound(syllable)
        table[ord(char)] = signs.setdefault(sound, chr(_FIRST_KEY + len(signs)))
    return table


def _sound(syllable: str) -> str:
    for said, meant in _INITIALS:
        if syllable.startswith(said):
            syllable = meant + syllable[len(said) :]
            break
    for said, meant in _FINALS:
        if syllable.endswith(said):
            return syllable.removesuffix(said) + meant
    return syllable
