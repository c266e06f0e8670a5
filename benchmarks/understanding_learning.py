"""What is wanted, by n-grams: scikit-learn's own pipeline trained on our examples, beside our look-ups."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from menling.understanding.cases import Case
from nlu.labelled import own_examples
from nlu.model import the_model
from nlu.model.features import features
from nlu.text import normalise

_LONGEST_GRAM = 3
_LEAST_SEEN = 2
_STRENGTH = 10.0
_ROUNDS = 40
"""More make it no better, and it trains for most of a minute as it is."""


class NotHere(Exception):
    """A library is not installed; carries its name."""


@dataclass(frozen=True, slots=True)
class Learner:
    """Reads the likeliest intent of one text, or of many at once."""

    read: Callable[[str], str]
    read_all: Callable[[Sequence[str]], list[str]]


def look_ups() -> Learner:
    """Our model by itself: folding, n-grams, look-ups; a whole reading also tells it what rules and entities found."""
    model = the_model()

    def read(text: str) -> str:
        likely = model.likelihoods(features(normalise(text).text), 1)
        return likely[0][0] if likely else ""

    return Learner(read, lambda texts: [read(text) for text in texts])


def scikit_learn() -> Learner:
    """Characters one to three long by TF-IDF into a logistic regression; raises NotHere."""
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415  may be missing
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415  may be missing
    except ImportError:
        raise NotHere("scikit-learn") from None
    examples = own_examples()
    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, _LONGEST_GRAM), min_df=_LEAST_SEEN, sublinear_tf=True)
    rows = vectors.fit_transform([each.text for each in examples])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it might go on learning
        model = LogisticRegression(C=_STRENGTH, max_iter=_ROUNDS).fit(rows, [each.intent for each in examples])

    def read_all(texts: Sequence[str]) -> list[str]:
        return [str(name) for name in model.predict(vectors.transform(texts))]

    return Learner(lambda text: read_all([text])[0], read_all)


def share_right(found: Sequence[str], cases: Sequence[Case]) -> float:
    """Return the part of the messages whose intent is one of those labelled."""
    return sum(name in case.intents for name, case in zip(found, cases, strict=True)) / len(cases)
