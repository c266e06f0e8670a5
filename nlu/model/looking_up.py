"""The model at work: every n-gram has one row of weights, a message is their sum, and a softmax makes it likelihoods.

A row is kept as one whole number with sixteen bits for each intent, so that adding rows is adding numbers: the machine
adds all intents at once, and a message costs some twenty microseconds without any library.
"""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

WEIGHTS = Path(__file__).parent / "weights.json"
"""What `menling nlu train` writes."""

_LIFT = 128
"""Added to every weight, so that fields are never negative."""
_MOST_GRAMS = 200
"""More n-grams than these would carry from one field into the next."""
_FADES = 7.0
"""An intent so many units of the exponent behind the best counts for nothing."""


@dataclass(frozen=True, slots=True)
class Model:
    """Rows by n-gram, the intents in the order of the fields, what each begins with, and the scale of a weight."""

    intents: tuple[str, ...]
    rows: dict[str, int]
    bias: tuple[float, ...]
    scale: float
    begun: dict[int, int] = field(default_factory=dict)

    @staticmethod
    def of(stored: dict[str, Any]) -> "Model":
        """Make the look-ups from what training wrote."""
        intents = tuple(stored["intents"])
        blank = _packed([_LIFT] * len(intents))
        rows = {
            gram: blank + sum(weight << (16 * place) for place, weight in zip(row[::2], row[1::2], strict=True))
            for gram, row in stored["rows"].items()
        }
        return Model(intents, rows, tuple(stored["bias"]), stored["scale"])

    def likelihoods(self, grams: Iterable[str], most: int = 5) -> list[tuple[str, float]]:
        """The likeliest intents with their likelihoods, best first; nothing when no n-gram is known."""
        known = list(filter(None, map(self.rows.get, grams)))
        if not known:
            return []
        if len(known) > _MOST_GRAMS:
            known = sorted(known)[:_MOST_GRAMS]  # the same ones every time
        count = len(known)
        per = self.scale / math.sqrt(count)
        packed = sum(known, self.begun.get(count) or self._begin(count, per))
        fields = memoryview(packed.to_bytes(2 * len(self.intents), "little")).cast("H").tolist()
        best = max(fields)
        least = best - _FADES / per
        near = [(math.exp((reached - best) * per), place) for place, reached in enumerate(fields) if reached >= least]
        whole = sum([share for share, _ in near])
        near.sort(reverse=True)
        return [(self.intents[place], share / whole) for share, place in near[:most]]

    def _begin(self, count: int, per: float) -> int:
        """What every intent begins with where so many n-grams are known, in the units of the fields; never negative."""
        lowest = min(self.bias)
        begun = _packed([round((bias - lowest) / per) for bias in self.bias])
        self.begun[count] = begun
        return begun

    def reasons(self, grams: Iterable[str], intent: str, most: int = 5) -> list[tuple[str, float]]:
        """The n-grams that speak loudest for an intent, for an explanation; weights beside the row's middle."""
        place = self.intents.index(intent)
        said = ((gram, ((self.rows[gram] >> (16 * place)) & 0xFFFF) - _LIFT) for gram in grams if gram in self.rows)
        loudest = sorted(
            ((gram, weight * self.scale) for gram, weight in said if weight > 0), key=lambda each: -each[1]
        )
        return loudest[:most]


@cache
def the_model() -> Model:
    """The model as trained, loaded once."""
    return Model.of(json.loads(WEIGHTS.read_text(encoding="utf-8")))


def _packed(fields: list[int]) -> int:
    return sum(field << (16 * place) for place, field in enumerate(fields))
