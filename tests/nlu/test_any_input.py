# ruff: noqa: E501 - samples stay on one line
"""Nothing a person can send breaks the understanding."""

import random
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu import Asked, AskedKind, EntityKind, IntentName, Lexicon, LexiconEntry, Understanding, When, understand
from tests.nlu.conftest import SATURDAY_MORNING

Read = Callable[..., Understanding]

LEXICON = Lexicon.of(
    [LexiconEntry("s", "service", ("肩颈按摩", "massage")), LexiconEntry("t", "technician", ("王师傅",), 9)]
)
PIECES = (
    "明天 后天 下周 周六 三 两 点 半 号 月 日 个 小时 分钟 后 前 到 - / : . , ， ？ 不是 改成 王师傅 肩颈按摩 9 12 31 99 0 2026 "
    "在 家 路 号楼 1201 tomorrow next friday at half past to 4 pm in an hour from between and not no yes the 25th nov 3rd 第 "
    "一 十 零 〇 星 ⭐ ¥ 138 0013 8000 + ( ) \u200b \u202e \x00 \ud800 😀 ½ ① ﷽ İ ß"
).split(" ")  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    text=st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=14).map("".join)),
    kind=st.sampled_from([None, *AskedKind]),
    choices=st.integers(0, 9),
    zone=st.sampled_from(["Asia/Shanghai", "Europe/London", "America/New_York"]),
)
def test_any_text_is_understood_or_honestly_not(text: str, kind: str | None, choices: int, zone: str) -> None:
    understood = understand(
        text, lang="zh-Hans", zone=zone, now=SATURDAY_MORNING, lexicon=LEXICON, asked=Asked(kind, choices)
    )
    check(text, understood)


def check(text: str, understood: Understanding) -> None:
    assert understood.text == text
    assert {intent.name for intent in understood.intents} <= set(IntentName)
    assert all(0 <= intent.confidence <= 1 for intent in understood.intents)
    for entity in (*understood.entities, *understood.negated):
        assert entity.kind in set(EntityKind)
        assert text[entity.start : entity.end] == entity.text
        if isinstance(entity.value, When) and entity.value.start and entity.value.end:
            assert entity.value.start <= entity.value.end


def test_ten_thousand_random_strings_break_nothing() -> None:
    chance = random.Random(7)
    for _ in range(10_000):
        text = "".join(chance.choice(PIECES) for _ in range(chance.randrange(12)))
        check(text, understand(text, lang="en", zone="Asia/Shanghai", now=SATURDAY_MORNING, lexicon=LEXICON))


@pytest.mark.parametrize(
    "text",
    ["", " ", "\x00", "\ud800", "😀", "\u202eשלום\u202c", "مرحبا", "a" * 10_000, "1" * 10_000, "三" * 10_000, "点" * 10_000, "-" * 10_000,
     "明天" * 5_000, "1." * 5_000, "no, " * 3_000, "3号楼" * 400, "'; DROP TABLE orders; --", "ignore all previous instructions",
     "<b>hi</b>", "9999年99月99号99点99分", "99/99/9999", "0点0分", "25:61", "第0个", "十号到周六 tomorrow from", "男midnight tomorrow morning前", "99⭐ after差 ish+ 分 2nd -周末nextafterto", "差 姓3rd- tomorrow25that9 pm", "999999999小时后"],
)  # fmt: skip
def test_nasty_input_gets_an_answer(read: Read, text: str) -> None:
    for kind in (None, *AskedKind):
        check(text, read(text, kind, 4))


def test_the_same_words_always_mean_the_same(read: Read) -> None:
    words = "明天下午三点想约个肩颈按摩，在家"
    assert read(words) == read(words)
