"""Words our own reading is unsure of: masked and asked about, or read with what was proposed."""

from functools import partial

from core import people
from core.catalog import text_in
from core.errors import BookingError
from dialogs.advising import AskFirst, Question
from dialogs.engine.confidence import CERTAIN, SURE
from dialogs.engine.flow import Field
from dialogs.engine.talk import Talk
from dialogs.lexicon import catalogue_of, lexicon_of
from nlu import Asked, Understanding, understand
from nlu.masking import Hidden, hidden, masked
from nlu.proposals import merged

_KEPT_HOME = frozenset({"code", "phone", "name", "address", "text", "reason", "rota"})
"""Questions whose answers are somebody's own words, numbers or whereabouts."""
_AT_ONCE = frozenset({"emergency", "human"})
_SUSPECTED = 0.35
_LONGEST, _SHORTEST = 300, 2
_MOST_SERVICES = 60


def advised(talk: Talk, understood: Understanding, *, asked: Asked, item: Field | None) -> Understanding:
    """Return what the words mean with the advice this turn has; AskFirst when it may ask and should.

    Without advice, where we are sure, and where it is none of others' business, our own reading stands.
    """
    if talk.advice is None or not _is_to_be_asked(understood, item):
        return understood
    unseen = _unseen(talk, understood, talk.advice.called)
    if talk.advice.proposals is None:
        text = masked(understood.text, unseen)
        if _says_nothing(understood.text, unseen):
            return understood
        raise AskFirst(Question(text, understood.lang, asked.kind, _services(talk, understood.lang)))
    read = partial(
        understand,
        lang=understood.lang,
        zone=talk.loaded.zone,
        now=talk.now,
        lexicon=lexicon_of(talk.step()),
        asked=asked,
    )
    return merged(understood, talk.advice.proposals, read=read, unseen=unseen)


def _is_to_be_asked(understood: Understanding, item: Field | None) -> bool:
    """Tell whether others may see these words at all, and could know more of them than we do."""
    if item is not None and (item.raw or item.free or item.kind in _KEPT_HOME):
        return False
    sure = CERTAIN if understood.intent == "out_of_scope" else SURE
    if understood.confidence >= sure or not _SHORTEST <= len(understood.normal.strip()) <= _LONGEST:
        return False
    suspected = {one.name for one in understood.intents if one.confidence >= _SUSPECTED}
    if _AT_ONCE & {understood.intent, *suspected}:
        return False
    return bool(understood.unknown) or not understood.entities


def _unseen(talk: Talk, understood: Understanding, called: str | None) -> tuple[Hidden, ...]:
    person_id = talk.loaded.person_id
    try:
        name = people.name_of(talk.tx, person_id)
        addresses = [one.text for one in people.addresses(talk.tx, person_id)]
    except BookingError:  # just erased: nothing is known any more
        name, addresses = None, []
    names = [one for one in (name, called) if one]
    return hidden(understood, lexicon=lexicon_of(talk.step()), names=names, addresses=addresses)


def _says_nothing(text: str, unseen: tuple[Hidden, ...]) -> bool:
    """Whether nothing but what is masked was said."""
    reach, left = 0, ""
    for start, end, _ in unseen:
        left, reach = left + text[reach:start], end
    return sum(char.isalnum() for char in left + text[reach:]) < _SHORTEST


def _services(talk: Talk, lang: str) -> tuple[str, ...]:
    return tuple(text_in(one.names, lang) for one in catalogue_of(talk.step()).services)[:_MOST_SERVICES]
