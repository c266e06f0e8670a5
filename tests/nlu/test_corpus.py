"""What independent people wrote and labelled is understood: times, intents, entities.

They wrote without sight of the grammar. Of each list a part was kept unseen (`-unseen`) until the grammar was finished.
"""

import json
from pathlib import Path

import pytest

from menling.understanding.evaluating import evaluate
from menling.understanding.lexicons import read_lexicon
from menling.understanding.scoring import Score

CORPUS = Path(__file__).parent / "corpus"
TIMES = sorted(CORPUS.glob("times-*.jsonl"))
UTTERANCES = sorted(CORPUS.glob("utterances-*.jsonl"))
LANGUAGES = {"zh", "en"}

TIMES_EXACT = 0.95
INTENTS_RIGHT = 0.93
ENTITIES_F1 = 0.92


def judged(path: Path) -> Score:
    return evaluate([path], read_lexicon(CORPUS / "lexicon.json"), as_json=False, errors=False, say=lambda _: None)


def wrong(found: Score) -> str:
    return "\n".join(f"{each.id} {each.text!r}: wanted {each.wanted}, got {each.got}" for each in found.errors)


@pytest.mark.parametrize("path", TIMES, ids=lambda path: path.stem)
def test_times_are_exact(path: Path) -> None:
    found = judged(path)

    assert found.all_right / found.cases >= TIMES_EXACT, wrong(found)


@pytest.mark.parametrize("path", UTTERANCES, ids=lambda path: path.stem)
def test_intents_are_right_and_entities_are_found(path: Path) -> None:
    found = judged(path)

    right = sum(tally.right for tally in found.kinds.values())
    told = sum(tally.labelled + tally.found for tally in found.kinds.values())
    assert found.judged == found.cases
    assert found.intents_right / found.judged >= INTENTS_RIGHT, wrong(found)
    assert 2 * right / told >= ENTITIES_F1, wrong(found)


def test_the_lists_hold_both_languages_and_no_message_twice() -> None:
    for paths, least in ((TIMES, 350), (UTTERANCES, 550)):
        assert {path.stem.split("-")[1] for path in paths} == LANGUAGES
        messages = [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines()]
        said = {(each["text"], each["now"], each["asked"]) for each in messages}
        assert len(messages) == len({each["id"] for each in messages}) == len(said) >= least
