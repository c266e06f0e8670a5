"""An explanation names the words that told, where they stand, and never says otherwise than understanding itself."""

import pytest

from nlu import Asked, Lexicon, understand
from nlu.explaining import Explanation, explain
from nlu.model.features import SIGNS
from tests.nlu.conftest import SATURDAY_MORNING


@pytest.fixture
def why(lexicon: Lexicon) -> "Why":
    return Why(lexicon)


class Why:
    """Explains a message said in this shop on Saturday morning."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def __call__(self, text: str, asked: str | None = None) -> Explanation:
        return explain(
            text, lang="zh-Hans", zone="Asia/Shanghai", now=SATURDAY_MORNING, lexicon=self.lexicon, asked=Asked(asked)
        )


def test_the_words_that_tell_are_shown_as_they_were_typed(why: Why) -> None:
    found = why("我想Ｃａｎｃｅｌ my booking啊")

    clue = next(clue for clue in found.clues if clue.intent == "cancel")
    assert clue.text == found.understood.text[clue.start : clue.end]
    assert "Ｃａｎｃｅｌ" in clue.text
    assert 0 < clue.strength <= 1


def test_the_strongest_clue_comes_first(why: Why) -> None:
    clues = why("多少钱一次，想约一个").clues

    assert len(clues) > 1
    assert [clue.strength for clue in clues] == sorted((clue.strength for clue in clues), reverse=True)


def test_a_set_phrase_is_told_as_one(why: Why) -> None:
    assert why("好的呀").set_phrase == "affirm"
    assert why("约个肩颈").set_phrase is None


def test_a_question_is_told_as_one(why: Why) -> None:
    assert why("明天有空吗").question
    assert not why("明天三点").question


@pytest.mark.parametrize(
    "text", ["", "好", "明天下午三点约肩颈", "7", "asdf qwer", "👍" * 300, "\x00\ud800", "约" * 2000]
)
@pytest.mark.parametrize("asked", [None, "when"])
def test_it_explains_exactly_what_is_understood(why: Why, lexicon: Lexicon, text: str, asked: str | None) -> None:
    found = why(text, asked)

    assert found.understood == understand(
        text, lang="zh-Hans", zone="Asia/Shanghai", now=SATURDAY_MORNING, lexicon=lexicon, asked=Asked(asked)
    )
    assert all(text[clue.start : clue.end] == clue.text for clue in found.clues)


def test_what_the_model_makes_of_it_is_told_with_what_speaks_loudest(why: Why) -> None:
    learnt = why("约个肩颈按摩，明天下午三点").learnt

    assert learnt is not None
    assert learnt.likely[0].name == "book"
    assert "<service>" in " ".join(learnt.reasons)
    assert not any(sign in "".join(learnt.reasons) for sign in (*SIGNS.values(), "@", "=", "~"))


def test_a_set_phrase_needs_no_model(why: Why) -> None:
    assert why("好的").learnt is None
