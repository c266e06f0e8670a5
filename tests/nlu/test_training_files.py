"""Our training files: enough sayings of every intent in both languages, each of one meaning, marks of closed kinds."""

from collections import Counter

import pytest

from nlu.labelled import Example, own_examples
from nlu.names import EntityKind, IntentName

_ENOUGH = 40
_LANGUAGES = ("zh-Hans", "en")


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return own_examples()


@pytest.mark.parametrize("lang", _LANGUAGES)
def test_every_intent_of_the_closed_list_has_enough_sayings(examples: list[Example], lang: str) -> None:
    counted = Counter(each.intent for each in examples if each.lang == lang)
    assert set(counted) == {name.value for name in IntentName}
    assert {intent: times for intent, times in counted.items() if times < _ENOUGH} == {}


def test_no_saying_means_two_things(examples: list[Example]) -> None:
    meanings: dict[str, set[str]] = {}
    for each in examples:
        meanings.setdefault(" ".join(each.text.lower().split()), set()).add(each.intent)
    assert {text: intents for text, intents in meanings.items() if len(intents) > 1} == {}


def test_what_is_marked_is_of_a_closed_kind_and_within_the_saying(examples: list[Example]) -> None:
    kinds = {kind.value for kind in EntityKind}
    marks = [(each, mark) for each in examples for mark in each.marks]
    assert len(marks) > 1000
    assert {mark.kind for _, mark in marks} <= kinds
    for each, mark in marks:
        words = each.text[mark.start : mark.end]
        assert words
        assert words == words.strip()


def test_no_mark_is_left_open(examples: list[Example]) -> None:
    assert [each.text for each in examples if "](" in each.text or "]{" in each.text] == []


def test_no_phone_is_anybodys(examples: list[Example]) -> None:
    """Only numbers nobody can have been given stand in the files."""
    phones = {each.text[mark.start : mark.end] for each in examples for mark in each.marks if mark.kind == "phone"}
    digits = {"".join(char for char in phone if char.isdigit()) for phone in phones}
    full = {each for each in digits if len(each) >= 11 and each.isascii()}
    assert len(full) > 20
    odd = {each for each in full if "13800" not in each and "7700900" not in each and "7700 900" not in each}
    assert odd == set()
