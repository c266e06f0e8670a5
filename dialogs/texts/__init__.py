"""The words: gettext catalogues beside this file, one a language; keys are names such as `book.ask_service`.

Traditional Chinese is made from zh_Hans.po by OpenCC (Taiwan wording) where zh_Hant.po does not say it better.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import opencc
from babel.messages.pofile import read_po

_HERE = Path(__file__).parent
LANGUAGES = ("zh-Hans", "zh-Hant", "en")


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
        try:
            return template.format_map({name: _plain(value) for name, value in facts.items()})
        except KeyError as missing:
            raise MissingText(f"text {key!r} in {lang} needs the fact {missing}") from None

    def has(self, key: str) -> bool:
        """Tell whether the key exists (all languages hold the same keys, a test sees to it)."""
        return key in self._catalogues["zh-Hans"]

    def keys(self, lang: str) -> frozenset[str]:
        """Return all keys of a language."""
        return frozenset(self._catalogues[lang])

    def template(self, lang: str, key: str) -> str:
        """Return a text before its facts are filled in."""
        return self._catalogues[lang][key]


def _plain(value: object) -> str:
    return value if isinstance(value, str) else str(value)


def _read(name: str) -> dict[str, str]:
    path = _HERE / f"{name}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file) if m.id and m.string}


@lru_cache(maxsize=1)
def read_texts() -> Texts:
    """Read the catalogues (once a process)."""
    simplified = _read("zh_Hans")
    to_taiwan = opencc.OpenCC("s2twp")
    traditional = {key: to_taiwan.convert(text) for key, text in simplified.items()} | _read("zh_Hant")
    return Texts({"zh-Hans": simplified, "zh-Hant": traditional, "en": _read("en")})
