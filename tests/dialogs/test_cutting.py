"""Long texts in parts: between lines, after sentences, never inside a character, and nothing lost."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from dialogs.cutting import pieces, shortened

_WORDS = st.text(alphabet="王师傅出发了。好，a b\n🙂\u200d👍🏽é\u0301", max_size=300)


def octets(text: str) -> int:
    return len(text.encode())


def letters(text: str) -> str:
    return "".join(text.split())


def test_a_text_that_fits_is_one_part() -> None:
    assert pieces("您好\n门铃", 100, octets) == ["您好\n门铃"]


def test_lines_stay_whole_where_they_can() -> None:
    assert pieces("一二三\n四五六\n七八九", 20, octets) == ["一二三\n四五六", "七八九"]


def test_a_line_too_long_is_cut_after_a_sentence() -> None:
    assert pieces("他来了。她也来了。大家都到齐了", 30, octets) == ["他来了。她也来了。", "大家都到齐了"]


def test_an_emoji_made_of_several_stays_one() -> None:
    assert pieces("啊" * 8 + "👩‍🔧", 30, octets) == ["啊" * 8, "👩‍🔧"]


def test_a_label_is_shortened_with_an_ellipsis_and_in_whole_characters() -> None:
    assert shortened("王师傅", 3) == "王师傅"
    assert shortened("王师傅李师傅", 4) == "王师傅…"
    assert shortened("abc👍🏽d", 5) == "abc…"
    assert octets(shortened("王师傅李师傅", 10, octets)) <= 10


def test_no_word_and_no_amount_is_cut_in_two() -> None:
    assert shortened("£5 off every Wednesday", 20) == "£5 off every…"
    assert shortened("You earn ¥1,226.40 for it", 16) == "You earn…"
    assert shortened("Bartholomew", 6) == "Barth…"
    assert shortened("王师傅 Christopher 到了", 12) == "王师傅 Christo…"


@given(_WORDS, st.integers(min_value=24, max_value=200))
def test_every_part_fits_and_together_they_say_it_all(text: str, most: int) -> None:
    parts = pieces(text, most, octets)

    assert all(0 < octets(part) <= most for part in parts)
    assert letters("".join(parts)) == letters(text)


@given(st.lists(st.sampled_from(["a", "e\u0301", "x\u0323\u0301", "👍🏽"])), st.integers(min_value=12, max_value=30))
def test_no_part_begins_with_a_loose_mark(letters_typed: list[str], most: int) -> None:
    begun = [part[0] for part in pieces("".join(letters_typed), most, len)]

    assert not any(unicodedata.category(one) in ("Mn", "Sk") for one in begun)
