"""The Traditional Chinese texts: made of the Simplified ones, with the words that are said there."""

import re

from dialogs.texts import building, path_of, read_catalogue, taiwan
from tests.dialogs.catalogues import placeholders


def test_the_traditional_texts_are_those_made_of_the_simplified_ones_now() -> None:
    assert path_of("zh-Hant").read_text(encoding="utf-8") == building.made(), "run `make texts`"


def test_every_override_says_something_else_than_opencc_would_and_keeps_the_facts() -> None:
    words, whole = taiwan.overrides()
    simplified = read_catalogue("zh-Hans")
    by_letters = building.convert(simplified, {})
    by_words = building.convert(simplified, words)

    assert whole.keys() <= simplified.keys()
    assert [key for key, text in whole.items() if text == by_words[key]] == []
    assert [word for word in words if not any(word in text for text in by_letters.values())] == []
    for key, text in whole.items():
        assert placeholders(text) == placeholders(simplified[key]), key


def test_facts_in_braces_are_never_converted() -> None:
    made = building.convert({"a": "{干净} 干净 {code}"}, {"乾淨": "整潔"})

    assert made == {"a": "{干净} 整潔 {code}"}


MAINLAND = re.compile(r"小區|手機號(?!碼)|賬|短信|信息|視頻|默認|打印|質量|[“”]|軟件|網絡|稽核|專案|繫結")


def test_the_traditional_texts_have_no_word_that_only_the_mainland_says() -> None:
    assert {key: text for key, text in read_catalogue("zh-Hant").items() if MAINLAND.search(text)} == {}
