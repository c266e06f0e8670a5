"""The words: gettext catalogues beside this file, one a language; keys are names such as `book.ask_service`.

zh_Hant.po is made from zh_Hans.po by `make texts` (dialogs/texts/building.py); a translator edits zh_Hant.overrides.po.
"""

import re
from collections.abc import Mapping
from functools import lru_cache, partial
from pathlib import Path

from babel.messages.pofile import read_po

_HERE = Path(__file__).parent
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
_SENTENCE = re.compile(r"\}.*[.?!:]")
_NAMES_CHANNELS = frozenset(("channel", "that"))
_BESIDE_HAN = re.compile(r"(?P<left>[\u4e00-\u9fff]?)\{(?P<name>channel|that)\}(?P<right>[\u4e00-\u9fff]?)")
"""Where the name of a channel, or what begins with it, stands in a Chinese sentence."""


class MissingText(KeyError):
    """A key that a catalogue does not have, or a fact the text needs and was not given: a wiring error."""


class Texts:
    """Every sentence in every language; what people typed is only ever a value put into them, never a format itself."""

    def __init__(self, catalogues: Mapping[str, Mapping[str, str]]) -> None:
        self._catalogues = catalogues

    def say(self, lang: str, key: str, /, **facts: object) -> str:
        """Return the sentence of this key with its facts filled in."""
        template = self._catalogues[lang].get(key)
        if template is None:
            raise MissingText(f"no text {key!r} in {lang}")
        if not facts and "{" not in template:
            return template
        if not _NAMES_CHANNELS.isdisjoint(facts):
            template = _BESIDE_HAN.sub(partial(_set_apart, facts), template)
        try:
            said = template.format_map({name: _fact(value) for name, value in facts.items()})
        except KeyError as missing:
            raise MissingText(f"text {key!r} in {lang} needs the fact {missing}") from None
        except ValueError:
            raise MissingText(f"text {key!r} in {lang} needs a number to count with") from None
        # A sentence may begin with a fact that is written small elsewhere: "tomorrow 15:00 has been taken."
        return said[:1].upper() + said[1:] if template[0] == "{" and _SENTENCE.search(template) else said

    def has(self, key: str) -> bool:
        """Tell whether the key exists (all languages hold the same keys, a test sees to it)."""
        return key in self._catalogues["zh-Hans"]

    def keys(self, lang: str) -> frozenset[str]:
        """Return all keys of a language."""
        return frozenset(self._catalogues[lang])

    def template(self, lang: str, key: str) -> str:
        """Return a text before its facts are filled in."""
        return self._catalogues[lang][key]


class _Count(int):
    """A number that knows its noun: "{count} {count:visit|visits}" for a text that has two forms."""

    def __format__(self, forms: str) -> str:
        one, bar, many = forms.partition("|")
        return str(int(self)) if not bar else one if self == 1 else many


def _set_apart(facts: Mapping[str, object], found: re.Match[str]) -> str:
    """Put a space between Chinese and a name in Latin letters: 发到 Telegram, but 发到微信."""
    left, name, right = found["left"], found["name"], found["right"]
    words = str(facts.get(name, ""))
    before = " " if left and _is_latin(words[:1]) else ""
    after = " " if right and _is_latin(words[-1:]) else ""
    return f"{left}{before}{{{name}}}{after}{right}"


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def _fact(value: object) -> str | _Count:
    """What a text is given: words, or a number to count with, never an object whose attributes a text could reach."""
    if isinstance(value, int):
        return _Count(value)
    return value if isinstance(value, str) else str(value)


def read_catalogue(lang: str) -> dict[str, str]:
    """Return the texts of one catalogue by their names."""
    with path_of(lang).open("rb") as file:
        return {str(one.id): str(one.string) for one in read_po(file) if one.id and one.string}


def path_of(lang: str) -> Path:
    """Return where the catalogue of a language lies."""
    return _HERE / f"{lang.replace('-', '_')}.po"


@lru_cache(maxsize=1)
def read_texts() -> Texts:
    """Read the catalogues (once a process)."""
    return Texts({lang: read_catalogue(lang) for lang in LANGUAGES})
