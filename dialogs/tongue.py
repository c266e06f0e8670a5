"""The language somebody is answered in: that of their own words, once these are enough to tell."""

from core.people import link_code_in
from dialogs.engine.confidence import GUESS, SURE
from dialogs.start_codes import spoken_of
from nlu import Entity, EntityKind, Lang, Understanding, detect_language
from nlu.names import IntentName
from nlu.text import is_han

_LEAST_LATIN, _LEAST_HAN = 2, 2
_A_SENTENCE = 4
"""So many English words, all of them known, tell the language even where what they want is not clear."""
_NAMES = frozenset(
    {
        EntityKind.ADDRESS,
        EntityKind.PLACE_NAME,
        EntityKind.REGION,
        EntityKind.NAME,
        EntityKind.TECHNICIAN,
        EntityKind.ORDER_CODE,
        EntityKind.PHONE,
        EntityKind.SERVICE,
        EntityKind.OPTION,
    }
)
"""What is called the same whatever one speaks: a street in Chengdu stays Chinese in an English sentence."""
_OF_CHANNELS = frozenset((IntentName.LINK_ACCOUNT, IntentName.WHERE_TOLD, IntentName.UNLINK_ACCOUNT))
_SCRIPT_NAMED = frozenset("简簡繁正")


def first(text: str, hint: str, *, told: bool) -> str:
    """Return the language for a newcomer: that of the words; one English word gives way to what is `told`."""
    spoken = detect_language(text, hint)
    return hint if told and spoken == Lang.EN and not _tells(text, spoken) else spoken


def after(lang: str, understood: Understanding, *, before: str | None = None, raw: bool = False) -> str:
    """Return the language to answer in; `raw` words, kept as they are (a review, a reason), tell nothing.

    Back to the language of `before`, left a moment ago, any words of it lead.
    """
    wished = understood.first(EntityKind.LANGUAGE)
    if wished is not None and understood.intent == "language":
        return _wished(wished, understood.text, lang)
    if raw or link_code_in(understood.text) is not None:  # what is pasted is in the words of the other side
        return lang
    words, sure = _without_names(understood), understood.confidence >= SURE
    spoken = detect_language(words, lang if before is None or lang != Lang.EN else before)
    if spoken == before and spoken != lang and _tells(words, spoken):
        return spoken
    if spoken == Lang.EN:
        known = spoken_of(understood.normal) is not None  # "my code", which the understanding has no intent for
        for strange in () if known else understood.unknown:  # what makes no sense may be of any language
            words = words.replace(strange, " ")
        plain = (
            sure
            or known
            or (understood.confidence >= GUESS and not understood.unknown and len(words.split()) >= _A_SENTENCE)
        )
        return spoken if plain and _tells(words, spoken) else lang
    if understood.intent in _OF_CHANNELS and lang != Lang.EN:
        return lang  # a short command, as the other side showed it, tells nothing of one's letters
    plain = sure or sum(map(is_han, words)) > _LEAST_HAN
    return spoken if spoken != lang and plain and _tells(words, spoken) else lang


def speaks(lang: str, understood: Understanding) -> bool:
    """Tell whether these words, names left aside, are surely of this language."""
    words = _without_names(understood)
    return detect_language(words, lang) == lang and _tells(words, lang)


def _wished(wished: Entity, text: str, lang: str) -> str:
    """Return the language asked for; plain "Chinese" is written as whoever asks writes it."""
    wanted = str(wished.value)
    if wanted == Lang.EN or _SCRIPT_NAMED & set(wished.text):
        return wanted
    known = lang if lang != Lang.EN else wanted
    return detect_language(text.replace(wished.text, ""), known) if any(map(is_han, text)) else known


def _without_names(understood: Understanding) -> str:
    words = understood.text
    for entity in sorted(understood.entities, key=lambda one: one.start, reverse=True):
        if entity.kind in _NAMES:
            words = f"{words[: entity.start]} {words[entity.end :]}"
    return words


def _tells(words: str, spoken: str) -> bool:
    han = sum(map(is_han, words))
    if spoken != Lang.EN:
        return han >= _LEAST_HAN
    return not han and sum(word.isascii() and word.isalpha() for word in words.split()) >= _LEAST_LATIN
