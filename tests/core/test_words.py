"""What people typed, before it is kept: nothing unseen stays in it, and all that is seen does."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.words import one_line, prose

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("王\u202e师傅\u2069", "王师傅"),
        ("\ufeff王\u200b师\u2060傅\u00ad", "王师傅"),
        ("王\x00师\x1b[31m傅", "王师[31m傅"),
        ("王师傅\U000e0041\U000e0042\U000e007f", "王师傅"),
        ("王\ud83d师傅", "王师傅"),
        ("王师傅\r\n1 取消订单", "王师傅 1 取消订单"),
        ("  王　　师傅\t", "王 师傅"),
        ("３号楼Ａ座１２０１（东门）", "3号楼A座1201（东门）"),
        ("\u3164\u115f\u2800", ""),
        ("José", "Jos\u00e9"),
        ("Ann-Marie O’Neill 🌸", "Ann-Marie O’Neill 🌸"),
    ],
)
def test_a_name_or_address_is_one_line_of_what_can_be_seen(typed: str, kept: str) -> None:
    assert one_line(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("很好，下次再来！\r\n\r\n\r\n\r\n谢谢 ", "很好，下次再来！\n\n谢谢"),
        ("第一行\u2028第二行\x0b第三行", "第一行\n第二行\n第三行"),
        ("👩‍🔧 修得好 👨‍👩‍👧 ❤️", "👩‍🔧 修得好 👨‍👩‍👧 ❤️"),
        ("a\u200db\u200d", "ab"),
        ("１２０元", "１２０元"),
        ("Z" + "\u0335" * 40 + "algo", "Z\u0335\u0335algo"),
        ("{0} {code} %s <b>&amp;", "{0} {code} %s <b>&amp;"),
    ],
)
def test_prose_keeps_its_lines_and_its_emoji(typed: str, kept: str) -> None:
    assert prose(typed) == kept


@pytest.mark.parametrize("mark", BIDI)
def test_no_mark_turns_the_direction_of_what_follows(mark: str) -> None:
    assert prose(f"a{mark}b") == "ab"
    assert one_line(f"a{mark}b") == "ab"


@given(st.text())
def test_anything_typed_becomes_words_that_can_be_written_and_are_clean_already(typed: str) -> None:
    for clean in (prose, one_line):
        kept = clean(typed)
        kept.encode()
        assert clean(kept) == kept
        assert not any(unicodedata.category(one) in ("Cc", "Cs") for one in kept.replace("\n", "").replace("\t", ""))
    assert len(one_line(typed).splitlines()) <= 1


@given(st.text(alphabet="明天下午三点约个按摩，好吗？abc 123"))
def test_ordinary_words_stay_as_they_are(typed: str) -> None:
    assert prose(typed) == typed.strip()
