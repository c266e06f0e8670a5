# ruff: noqa: E501 - samples stay on one line
"""Nothing a person can send breaks the understanding.

A commit reads some 3,000 odd texts, always the same. `MENLING_TEST_FUZZ=100000` reads as many as it says, new ones each time.
"""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu import Asked, AskedKind, EntityKind, IntentName, Lang, Lexicon, LexiconEntry, Understanding, When, understand
from tests.nlu.conftest import SATURDAY_MORNING, a_lexicon
from tests.nlu.odd_texts import PIECES, hostile_texts, odd_text

Read = Callable[..., Understanding]

TEXTS: Final = int(os.environ.get("MENLING_TEST_FUZZ", "0"))
SEED: Final = random.SystemRandom().randrange(10**9) if TEXTS else 7
LONGEST: Final = 0.05
"""Processor seconds for a text of any length: far above what the benchmark asks for, as tests share their machine."""
ZONES: Final = ("Asia/Shanghai", "Europe/London", "America/New_York", "Asia/Kathmandu", "Pacific/Apia")
LEXICON = Lexicon.of(
    [LexiconEntry("s", "service", ("肩颈按摩", "massage")), LexiconEntry("t", "technician", ("王师傅",), 9)]
)


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
    assert understood.lang in set(Lang)
    assert {intent.name for intent in understood.intents} <= set(IntentName)
    assert all(0 <= intent.confidence <= 1 for intent in understood.intents)
    assert sorted((intent.confidence for intent in understood.intents), reverse=True) == [
        intent.confidence for intent in understood.intents
    ]
    for entity in (*understood.entities, *understood.negated):
        assert entity.kind in set(EntityKind)
        assert 0 <= entity.start < entity.end <= len(text)
        assert text[entity.start : entity.end] == entity.text
        if isinstance(entity.value, When) and entity.value.start and entity.value.end:
            assert entity.value.start <= entity.value.end
    assert all(stretch in text for stretch in (*understood.unknown, *understood.impossible))


@pytest.mark.timeout(3600 if TEXTS else 60)
def test_thousands_of_odd_texts_break_nothing_take_no_time_and_mean_the_same_twice() -> None:
    chance, lexicon = random.Random(SEED), a_lexicon()
    for _ in range(TEXTS or 3_000):
        text = odd_text(chance)
        asked = Asked(chance.choice([None, None, *AskedKind]), chance.randrange(10))
        lang, zone = chance.choice(tuple(Lang)), chance.choice(ZONES)
        now = SATURDAY_MORNING + timedelta(minutes=chance.randrange(2_000_000))

        def read() -> Understanding:
            return understand(text, lang=lang, zone=zone, now=now, lexicon=lexicon, asked=asked)  # noqa: B023

        told = f"{text!r}, {lang=}, {zone=}, {now=}, {asked=}"
        try:
            began = time.thread_time()
            understood = read()
            taken = time.thread_time() - began
            check(text, understood)
        except Exception as broken:
            raise AssertionError(told) from broken
        assert read() == understood, told
        assert taken < LONGEST or cost(read) < LONGEST, told


def cost(read: Callable[[], object]) -> float:
    """The least processor seconds of a few readings: what the text costs, and not who else is at work."""
    least = float("inf")
    for _ in range(4):
        began = time.thread_time()
        read()
        least = min(least, time.thread_time() - began)
    return least


@pytest.mark.parametrize("text", [*hostile_texts()], ids=lambda text: ascii(text[:8]))
def test_no_text_said_again_and_again_takes_long(read: Read, text: str) -> None:
    read(text)
    assert cost(lambda: read(text, lang="en")) < LONGEST
    assert cost(lambda: read(text, "address")) < LONGEST


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


_ANOTHER_PROCESS = """
import random
from nlu import understand
from tests.nlu.conftest import SATURDAY_MORNING, a_lexicon
from tests.nlu.odd_texts import odd_text, real_sentences
chance, lexicon = random.Random(11), a_lexicon()
texts = [odd_text(chance) for _ in range(150)]
texts += ["，".join(chance.choice(real_sentences()) for _ in range(20)) for _ in range(30)]
for text in texts:
    told = understand(text, lang="zh-Hans", zone="Asia/Shanghai", now=SATURDAY_MORNING, lexicon=lexicon)
    print(ascii((told.intents, told.entities, told.negated, told.unknown)))
"""


def test_two_processes_that_order_their_sets_differently_understand_the_same() -> None:
    one, other = (
        subprocess.run(
            [sys.executable, "-c", _ANOTHER_PROCESS],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    )
    assert one.splitlines() == other.splitlines()
    assert len(one.splitlines()) == 180
