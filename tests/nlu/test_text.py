"""Folding, languages and phrases."""

import pytest

from nlu import detect_language
from nlu.numbers import integer
from nlu.text import Phrases, expand, normalise


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("明天下午三點半", "明天下午三点半"),
        ("ＡＢＣ　１２：３０", "abc 12:30"),
        ("a\u200bb\u202ec\x00d", "abcd"),
        ("1️⃣", "1"),
        ("王\ud800师傅", "王师傅"),
        ("٣ pm", "3 pm"),
        ("It’s", "it's"),
    ],
)
def test_text_is_folded_to_one_plain_form(typed: str, folded: str) -> None:
    assert normalise(typed).text == folded


def test_only_the_first_thousand_characters_are_read() -> None:
    assert len(normalise("a" * 10_000).text) == 1000


@pytest.mark.parametrize(
    ("words", "fallback", "language"),
    [
        ("明天下午三点", "en", "zh-Hans"),
        ("明天下午三點", "zh-Hans", "zh-Hant"),
        ("好的", "zh-Hant", "zh-Hant"),
        ("好的", "en", "zh-Hans"),
        ("tomorrow at three", "zh-Hans", "en"),
        ("book 王师傅 for tomorrow", "zh-Hans", "en"),
        ("我想约个spa", "en", "zh-Hans"),
        ("ok", "zh-Hant", "zh-Hant"),
        ("M7K2QX", "zh-Hans", "zh-Hans"),
        ("13800138000", "en", "en"),
        ("", "zh-Hant", "zh-Hant"),
    ],
)
def test_the_words_tell_the_language_or_the_fallback_does(words: str, fallback: str, language: str) -> None:
    assert detect_language(words, fallback) == language


def test_the_longest_phrase_wins_and_latin_phrases_are_whole_words() -> None:
    phrases = Phrases([("肩颈", 1), ("肩颈按摩", 2), ("man", 3), ("manicure", 4)])

    assert [payload for _, _, payload in phrases.find("肩颈按摩和肩颈")] == [2, 1]
    assert [payload for _, _, payload in phrases.find("manicure, woman, man")] == [4, 3]


def test_patterns_stand_for_all_their_phrases() -> None:
    assert sorted(expand("不(想|)约了")) == ["不想约了", "不约了"]


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("25", 25),
        ("二十五", 25),
        ("十", 10),
        ("一百二", 120),
        ("一百零五", 105),
        ("两", 2),
        ("twenty-five", 25),
        ("x", None),
    ],
)
def test_numbers_are_read_in_any_writing(said: str, number: int | None) -> None:
    assert integer(said) == number
