"""The page's own words: the same names in every language, and nobody's script in another's."""

import re
from pathlib import Path

import opencc
import pytest

import bots.web
from dialogs.texts import LANGUAGES

SOURCE = (Path(bots.web.__file__).parent / "static" / "words.js").read_text(encoding="utf-8")


def words_of(lang: str) -> dict[str, str]:
    """The words of one language, each as it stands in the script."""
    block = re.search(rf'^  "?{lang}"?: \{{\n(.*?)^  \}},$', SOURCE, re.DOTALL | re.MULTILINE)
    assert block is not None, lang
    return dict(re.findall(r"^    (\w+): (.+),$", block[1], re.MULTILINE))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_every_word(lang: str) -> None:
    assert words_of(lang).keys() == words_of("en").keys()
    assert len(words_of(lang)) > 50


def test_the_traditional_words_are_traditional() -> None:
    to_taiwan = opencc.OpenCC("s2tw")

    assert {name: text for name, text in words_of("zh-Hant").items() if to_taiwan.convert(text) != text} == {}


def test_every_language_has_its_button() -> None:
    page = (Path(bots.web.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")

    assert re.findall(r'data-lang="([\w-]+)"', page) == list(LANGUAGES)
