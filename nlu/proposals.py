"""What somebody else thinks a message means: proposals, believed only as far as our own reading bears them out."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from nlu.masking import Hidden
from nlu.names import EntityKind, IntentName
from nlu.reading import denied
from nlu.understanding import Entity, Intent, Understanding

MOST_SURE = 0.85
"""However sure the other side is, it may begin something and interrupt, but never what takes certainty."""
ONLY_NAMED_SURE = 0.6
"""As sure may it be of what lets go or takes away: enough for a named choice, too little to do it."""
ONLY_NAMED = frozenset(
    (IntentName.CANCEL, IntentName.REFUND, IntentName.ERASE_ME, IntentName.REMOVE_ADDRESS, IntentName.WITHDRAW)
)
DECISIONS = frozenset(
    (
        IntentName.AFFIRM,
        IntentName.DENY,
        IntentName.KEEP,
        IntentName.ACCEPT,
        IntentName.REFUSE,
        IntentName.DEPART,
        IntentName.ARRIVE,
        IntentName.BEGIN_WORK,
        IntentName.FINISH_WORK,
        IntentName.OFF_DUTY,
        IntentName.ON_DUTY,
        IntentName.END_LEAVE,
        IntentName.WANT_NEWS,
        IntentName.STOP_NEWS,
    )
)
"""What acts at once, without a summary and a yes: only we may have heard it."""
PROPOSABLE = frozenset(IntentName) - DECISIONS - {IntentName.OUT_OF_SCOPE}
NAMED_KINDS = frozenset((EntityKind.SERVICE, EntityKind.OPTION, EntityKind.REGION, EntityKind.TECHNICIAN))
"""Things of our lists: what they are called may be proposed, too, for words we do not know ("捏脚": 足疗)."""
PROPOSABLE_KINDS = frozenset(EntityKind) - {EntityKind.YES_NO}
_MOST_INTENTS, _MOST_ENTITIES, _MOST_CHARS = 10, 8, 100


@dataclass(frozen=True, slots=True)
class ProposedEntity:
    """Words of the message and what they may be; `called` is the name our lists may know it by."""

    kind: str
    text: str = field(repr=False)
    called: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Proposals:
    """What a message may mean: intents with how sure the other side is, and entities. Nothing in it is believed yet."""

    intents: tuple[tuple[str, float], ...] = ()
    entities: tuple[ProposedEntity, ...] = ()


Reader = Callable[[str], Understanding]
"""Our own reading of a stretch of words, in the scene of the message it stands in."""


def merged(understood: Understanding, proposals: Proposals, *, read: Reader, unseen: Sequence[Hidden]) -> Understanding:
    """Return our understanding with what of the proposals holds; what we have read ourselves stands.

    Dropped are intents and kinds of no list of ours, decisions, words that are not in the message or were `unseen` by
    the other side, and whatever our own readers make nothing of.
    """
    found = list(_entities(understood, proposals.entities, read, unseen))
    refused = [one for one, is_denied in found if is_denied]
    stated = [one for one, is_denied in found if not is_denied]
    return replace(
        understood,
        intents=_ranked(understood.intents, proposals.intents),
        entities=tuple(sorted((*understood.entities, *stated), key=lambda one: (one.start, one.end))),
        negated=(*understood.negated, *refused),
        unknown=tuple(_still_unknown(understood.unknown, [one.text for one, _ in found])),
    )


def _ranked(own: tuple[Intent, ...], proposed: Sequence[tuple[str, float]]) -> tuple[Intent, ...]:
    """Both rankings in one, each intent with the better of its confidences; of equals ours goes first."""
    sure = {intent.name: intent.confidence for intent in own}
    for name, confidence in proposed[:_MOST_INTENTS]:
        if name in PROPOSABLE and math.isfinite(confidence) and confidence > 0:
            most = ONLY_NAMED_SURE if name in ONLY_NAMED else MOST_SURE
            sure[name] = max(sure.get(name, 0.0), min(confidence, most))
    return tuple(Intent(str(name), sure[name]) for name in sorted(sure, key=lambda name: -sure[name]))


def _entities(
    understood: Understanding, proposed: Sequence[ProposedEntity], read: Reader, unseen: Sequence[Hidden]
) -> Iterable[tuple[Entity, bool]]:
    """Each proposal that holds, as our own readers have it, and whether the person says no to it."""
    ours = {one.kind for one in (*understood.entities, *understood.negated)}
    taken = [(one.start, one.end) for one in (*understood.entities, *understood.negated)]
    taken += [(start, end) for start, end, _ in unseen]
    text = understood.text
    for one in proposed[:_MOST_ENTITIES]:
        if one.kind not in PROPOSABLE_KINDS or one.kind in ours:
            continue
        place = _place(text, one.text, taken)
        if place is None:
            continue
        values = _read(one, text[place[0] : place[1]], place, read)
        if values:
            taken.append(place)
            no = denied(text[: place[0]], text[place[1] :])
            yield from ((value, no) for value in values)


def _place(text: str, words: str, taken: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Where these words first stand in the message, free of what is read already."""
    words = words.strip()
    if not words or len(words) > _MOST_CHARS:
        return None
    start = text.find(words)
    while start >= 0:
        end = start + len(words)
        if all(end <= first or start >= last for first, last in taken):
            return start, end
        start = text.find(words, start + 1)
    return None


def _read(proposed: ProposedEntity, words: str, place: tuple[int, int], read: Reader) -> list[Entity]:
    """What our readers make of the stretch; of a thing of our lists, else what they make of the name proposed."""
    moved = partial(_moved, by=place[0])
    found = [moved(one) for one in read(words).entities if one.kind == proposed.kind]
    if found or proposed.kind not in NAMED_KINDS or not 0 < len(proposed.called) <= _MOST_CHARS:
        return found
    named = [one for one in read(proposed.called).entities if one.kind == proposed.kind]
    if len({one.value for one in named}) != 1 or _says_no(words):
        return []
    return [Entity(proposed.kind, words, place[0], place[1], named[0].value)]


def _says_no(words: str) -> bool:
    """Whether the stretch itself holds a no: what it names is then not what is wanted."""
    cuts = range(1, len(words))
    return any(denied(words[:at], "") or denied("", words[at:]) for at in cuts)


def _moved(entity: Entity, *, by: int) -> Entity:
    return replace(entity, start=entity.start + by, end=entity.end + by)


def _still_unknown(unknown: Iterable[str], explained: Sequence[str]) -> Iterable[str]:
    return (words for words in unknown if not any(words in told or told in words for told in explained))
