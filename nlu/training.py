"""Training the small model from our own examples: a build step, the only place that needs scikit-learn.

`train` writes `nlu/model/weights.json`. It is deterministic: the same examples give the same file.
"""

import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from scipy.sparse import csr_matrix
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.svm import LinearSVC

from nlu.labelled import Example, digest, own_examples
from nlu.lexicon import Lexicon, LexiconEntry
from nlu.model.looking_up import WEIGHTS
from nlu.reading import seen_by_model

_LEAST_SEEN = 2
"""N-grams of one example alone teach its spelling, not its meaning."""
_STRENGTH = 2.0
"""How freely weights may grow (C of the linear machine)."""
_TEMPERATURE = 0.25
"""Margins over this are the exponents of likelihoods: so they came out honest for people who wrote no example."""
_FOLDS = 5
_LEAST_WEIGHT = 3
"""Smaller weights, of 127, say nothing and only fill the file."""
_NAMED = ("service", "option", "technician", "region")
_NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)
_ZONES = {"en": "Europe/London"}


@dataclass(frozen=True, slots=True)
class Trained:
    """What training came to: examples, n-grams kept, accuracy on folds of the examples it had not seen."""

    examples: int
    grams: int
    accuracy: float
    temperature: float


def train() -> Trained:
    """Train on our own examples and write the weights; raises NotLabelled, ImportError without scikit-learn."""
    examples = own_examples()
    lexicon, intents = lexicon_of(examples), _intents(examples)
    rows = [_grams(each, lexicon) for each in examples]
    seen = Counter(gram for row in rows for gram in row)
    vocabulary = {
        gram: at for at, gram in enumerate(sorted(gram for gram, times in seen.items() if times >= _LEAST_SEEN))
    }
    matrix, wanted = _matrix(rows, vocabulary), [intents.index(each.intent) for each in examples]
    accuracy = _by_folds(matrix, wanted)
    learnt = _machine().fit(matrix, wanted)
    stored = _stored(learnt.coef_, learnt.intercept_, vocabulary, intents)
    stored["examples"] = digest(examples)
    lines = json.dumps(stored, ensure_ascii=False, separators=(",", ":")).replace('],"', '],\n"')
    WEIGHTS.write_text(lines + "\n", encoding="utf-8")
    return Trained(len(examples), len(vocabulary), accuracy, _TEMPERATURE)


def lexicon_of(examples: Sequence[Example]) -> Lexicon:
    """A shop that has everything the examples name."""
    named = {(mark.kind, each.text[mark.start : mark.end]) for each in examples for mark in each.marks}
    return Lexicon.of(
        LexiconEntry(f"{kind}{at}", kind, (name,)) for at, (kind, name) in enumerate(sorted(named)) if kind in _NAMED
    )


def _intents(examples: Sequence[Example]) -> list[str]:
    return sorted({each.intent for each in examples})


def _grams(example: Example, lexicon: Lexicon) -> set[str]:
    zone = _ZONES.get(example.lang, "Asia/Shanghai")
    return seen_by_model(example.text, lang=example.lang, zone=zone, now=_NOW, lexicon=lexicon)


def _matrix(rows: Sequence[set[str]], vocabulary: dict[str, int]) -> Any:
    places, values, ends = [], [], [0]
    for row in rows:
        known = [vocabulary[gram] for gram in row if gram in vocabulary]
        places += sorted(known)
        values += [1 / math.sqrt(len(known) or 1)] * len(known)
        ends.append(len(places))
    return csr_matrix((values, places, ends), shape=(len(rows), len(vocabulary)))


def _machine() -> Any:
    return LinearSVC(C=_STRENGTH, random_state=0)


def _by_folds(matrix: Any, wanted: Sequence[int]) -> float:
    """Accuracy on examples it had not seen."""
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    found = cross_val_predict(_machine(), matrix, wanted, cv=folds)
    return sum(int(one == other) for one, other in zip(found, wanted, strict=True)) / len(wanted)


def _stored(weights: Any, bias: Any, vocabulary: dict[str, int], intents: list[str]) -> dict[str, Any]:
    strongest = float(sorted(abs(weights).ravel())[-max(1, weights.size // 100_000)])
    unit = strongest / 127
    rows: dict[str, list[int]] = {}
    for gram, at in vocabulary.items():
        levels = [max(-127, min(127, round(float(weight) / unit))) for weight in weights[:, at]]
        row = [part for place, level in enumerate(levels) if abs(level) >= _LEAST_WEIGHT for part in (place, level)]
        if row:
            rows[gram] = row
    return {
        "intents": intents,
        "scale": round(unit / _TEMPERATURE, 6),
        "bias": [round(float(each) / _TEMPERATURE, 4) for each in bias],
        "rows": rows,
    }
