"""Why a message means what it is taken to mean: the words that tell, and what each of them says."""

from dataclasses import dataclass
from datetime import datetime

from nlu import intents
from nlu.lexicon import Lexicon
from nlu.model import the_model
from nlu.model.features import SIGNS
from nlu.noticing import ASKS
from nlu.reading import seen_by_model, understand
from nlu.text import normalise
from nlu.understanding import Asked, Intent, Understanding

_MOST = 4
_SAY_NOTHING = frozenset(("?", "w"))
"""Signs for a question and for Latin letters among Chinese words."""


@dataclass(frozen=True, slots=True)
class Clue:
    """Words at [start, end) of the original that speak for an intent, and how strongly they do by themselves."""

    text: str
    start: int
    end: int
    intent: str
    strength: float


@dataclass(frozen=True, slots=True)
class Learnt:
    """What the model makes of a message by itself: the likeliest intents, and what speaks loudest for the first."""

    likely: tuple[Intent, ...]
    reasons: tuple[str, ...]
    """Words, or a kind of thing in place of the words that name it."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """An understanding with its reasons, the strongest clue first; `set_phrase` when the whole message is one.

    A set phrase is certain by itself: the model is not asked, `learnt` is None.
    """

    understood: Understanding
    set_phrase: str | None
    clues: tuple[Clue, ...]
    learnt: Learnt | None
    question: bool
    """Whether it asks rather than tells."""


def explain(text: str, *, lang: str, zone: str, now: datetime, lexicon: Lexicon, asked: Asked) -> Explanation:
    """Understand a message and say why; now is aware UTC. Never raises on any text."""
    understood = understand(text, lang=lang, zone=zone, now=now, lexicon=lexicon, asked=asked)
    normal = normalise(text)
    clues = []
    for first, last, (intent, strength) in intents.cued(normal.text):
        start, end = normal.span(first, last)
        clues.append(Clue(text[start:end], start, end, intent.value, strength))
    phrase = intents.whole(normal.text)
    return Explanation(
        understood=understood,
        set_phrase=None if phrase is None else phrase.value,
        clues=tuple(sorted(clues, key=lambda clue: (-clue.strength, clue.start))),
        learnt=None if phrase else _learnt(seen_by_model(text, lang=lang, zone=zone, now=now, lexicon=lexicon)),
        question=intents.is_question(normal.text),
    )


def _learnt(grams: set[str]) -> Learnt | None:
    model = the_model()
    likely = tuple(Intent(name, share) for name, share in model.likelihoods(grams, most=_MOST))
    if not likely:
        return None
    loudest = (_shown(gram) for gram, _ in model.reasons(sorted(grams), likely[0].name, most=2 * _MOST))
    return Learnt(likely, tuple(dict.fromkeys(words for words in loudest if words))[:_MOST])


def _shown(gram: str) -> str:
    """An n-gram as a person can read it; the signs of things named become their kind, hints of the rules nothing."""
    if gram[0] in "#~" or gram in _SAY_NOTHING:
        return ""
    if gram[0] in "@=":
        return " + ".join(_named(sign) for sign in gram.lstrip("=").split("="))
    for kind, sign in SIGNS.items():
        gram = gram.replace(sign, f"<{kind}>")
    return gram.strip("^$_, ")


def _named(sign: str) -> str:
    """A notion, the kind of a thing named, or a sign of the whole message, in brackets."""
    return "<question>" if sign == ASKS else f"<{sign.lstrip('@~')}>"
