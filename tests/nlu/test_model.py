"""The small model: made of the examples there are, packed without loss, silent about what it never saw."""

import json
import math
import random
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from nlu.labelled import digest, own_examples
from nlu.model import Model, the_model
from nlu.model.looking_up import WEIGHTS
from nlu.names import IntentName

_WIDTH = 64
_weights = st.dictionaries(st.integers(0, _WIDTH - 1), st.integers(-127, 127), max_size=8)


def a_model(rows: dict[str, dict[int, int]], bias: list[float]) -> Model:
    flat = {gram: [part for pair in row.items() for part in pair] for gram, row in rows.items()}
    names = [f"intent{place:02}" for place in range(_WIDTH)]
    return Model.of({"intents": names, "scale": 0.05, "bias": bias, "rows": flat})


def slowly(rows: dict[str, dict[int, int]], bias: list[float], grams: set[str]) -> list[float]:
    """The likelihoods by the plain sum of the weights, intent by intent."""
    known = [rows[gram] for gram in grams if gram in rows]
    per = 0.05 / math.sqrt(len(known))
    scores = [bias[place] + per * sum(row.get(place, 0) for row in known) for place in range(_WIDTH)]
    shares = [math.exp(score - max(scores)) for score in scores]
    return [share / sum(shares) for share in shares]


@given(
    rows=st.dictionaries(st.text("abcd", min_size=1, max_size=3), _weights, min_size=1, max_size=40),
    seed=st.integers(0, 10_000),
)
def test_the_packed_sum_is_the_plain_sum(rows: dict[str, dict[int, int]], seed: int) -> None:
    chance = random.Random(seed)
    bias = [round(chance.uniform(-2, 2), 3) for _ in range(_WIDTH)]
    wanted = slowly(rows, bias, set(rows))
    told = a_model(rows, bias).likelihoods(rows)
    assert len(told) == 5
    for name, share in told:
        assert math.isclose(share, wanted[int(name[-2:])], rel_tol=0.08, abs_tol=0.02)


def test_weights_at_their_limit_do_not_carry_into_the_next_intent() -> None:
    rows = {f"gram{at}": {0: 127, 1: -127, 2: 127, 3: -127, 63: 127} for at in range(900)}
    told = a_model(rows, [0.0] * _WIDTH).likelihoods(rows)
    assert {name for name, _ in told} >= {"intent00", "intent02", "intent63"}
    assert {name for name, _ in told}.isdisjoint({"intent01", "intent03"})


def test_likelihoods_are_shares_of_one() -> None:
    model = the_model()
    for grams in (islice(model.rows, 40), islice(model.rows, 1000, 1100), islice(model.rows, 5000, 5003)):
        shares = [share for _, share in model.likelihoods(set(grams), most=len(model.intents))]
        assert math.isclose(sum(shares), 1.0, rel_tol=1e-9)
        assert shares == sorted(shares, reverse=True)


def test_what_was_never_seen_says_nothing() -> None:
    assert the_model().likelihoods({"ϟϟϟϟ", "no such gram of ours"}) == []


def test_it_was_trained_on_the_examples_there_are() -> None:
    stored = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    assert stored["examples"] == digest(own_examples()), "run `menling nlu train`"


def test_it_knows_every_intent_and_no_other() -> None:
    assert set(the_model().intents) == {name.value for name in IntentName}


def test_it_is_small_and_holds_whole_numbers_within_a_byte() -> None:
    assert WEIGHTS.stat().st_size <= 3_000_000
    stored = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    weights = [weight for row in stored["rows"].values() for weight in row[1::2]]
    assert all(isinstance(weight, int) and -127 <= weight <= 127 and weight != 0 for weight in weights)
    assert all(list(row[::2]) == sorted(set(row[::2])) for row in stored["rows"].values())


def test_the_reasons_are_the_grams_that_speak_loudest() -> None:
    model = a_model({"cancel": {0: 90}, "my": {0: 5}, "booking": {0: 20, 1: 100}, "not": {0: -50}}, [0.0] * _WIDTH)
    reasons = model.reasons({"cancel", "my", "booking", "not", "unheard"}, "intent00")
    assert [gram for gram, _ in reasons] == ["cancel", "booking", "my"]
