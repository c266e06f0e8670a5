"""Rules and model weighed together: both speak, the confidence is shared, and a yes is only what the rules let pass."""

from collections.abc import Mapping, Sequence

from nlu.names import IntentName as I
from nlu.understanding import Asked, Intent

_UNMISTAKABLE = frozenset((I.EMERGENCY,))
"""Meant whatever else is said: where the rules hear it, no likelihood talks it away."""
_RULE_SPEAKS, _ANSWER_SPEAKS = 0.12, 1.8
"""How loud a rule is beside the model: what was asked is known to the rules alone."""
_ANSWERS = 0.94
"""From here a rule says that this answers what was asked."""
_OWN_WORDS = frozenset(("reason", "text"))
"""Asked for these, people say what they like: only what the rules are sure of is heard as something else."""
_SILENT_RULE, _SILENT_MODEL = 0.15, 0.003
_SILENT_ODDS = _SILENT_RULE / (1 - _SILENT_RULE)
_LOST = 0.2
"""Below this the likeliest is no guess worth naming."""
_LOSTNESS = 0.6
_MOST = 6


def weigh(
    rules: Sequence[Intent], likely: Sequence[tuple[str, float]], asked: Asked, *, no_plain_yes: float | None = None
) -> tuple[Intent, ...]:
    """Rank the intents by what the rules and the model say of them, best first; never empty.

    With `no_plain_yes` the words hold a yes that says more or wavers: it gets no more confidence than this.
    """
    if not likely or rules[0].name in _UNMISTAKABLE or asked.kind in _OWN_WORDS:
        return tuple(rules)
    ruled = {each.name: each.confidence for each in rules if each.name != I.OUT_OF_SCOPE}
    answered = asked.kind is not None and max(ruled.values(), default=0.0) >= _ANSWERS
    loud = _ANSWER_SPEAKS if answered else _RULE_SPEAKS
    said = dict(likely)
    odds = {name: _odds(ruled, said, name, loud) for name in {*ruled, *said}}
    unsaid = max(0.0, 1 - sum(said.values()))  # what the model gave to intents it did not name
    whole = sum(odds.values()) + unsaid * _SILENT_ODDS**loud
    shares = {name: share / whole for name, share in odds.items()}
    if no_plain_yes is not None:
        shares |= {name: min(shares[name], no_plain_yes) for name in (I.AFFIRM, I.ACCEPT) if name in shares}
    ranked = sorted(((share, name) for name, share in shares.items()), reverse=True)[:_MOST]
    if ranked[0][0] < _LOST:
        ranked = [(_LOSTNESS, I.OUT_OF_SCOPE.value), *(each for each in ranked if each[1] != I.OUT_OF_SCOPE)]
    return tuple(Intent(str(name), round(share, 3)) for share, name in ranked)


def _odds(ruled: Mapping[str, float], said: Mapping[str, float], name: str, loud: float) -> float:
    rule = max(ruled.get(name, 0.0), _SILENT_RULE)
    return float((rule / (1 - rule)) ** loud) * max(said.get(name, 0.0), _SILENT_MODEL)
