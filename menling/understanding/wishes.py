"""What the conversation does with an intent: the details it asks for, in the order it would."""

from nlu import EntityKind, IntentName, Understanding

_A_VISIT = ("service", "address", "technician", "when", "phone")
NEEDS: dict[str, tuple[str, ...]] = {
    IntentName.BOOK: _A_VISIT,
    IntentName.ASK_AVAILABILITY: _A_VISIT,
    IntentName.RECOMMEND: _A_VISIT,
    IntentName.REBOOK: ("when",),
    IntentName.RESCHEDULE: ("when",),
    IntentName.CHANGE_TECHNICIAN: ("technician",),
    IntentName.REVIEW: ("stars",),
    IntentName.SET_NAME: ("name",),
    IntentName.SET_PHONE: ("phone",),
    IntentName.ADD_ADDRESS: ("address",),
    IntentName.APPLY_TECHNICIAN: ("name", "sex", "service", "region"),
    IntentName.LEAVE: ("when",),
}
"""The kinds of the fields of each flow; a test holds them beside the flows themselves."""
_ANSWERED_BY = {
    "address": (EntityKind.ADDRESS, EntityKind.PLACE_NAME),
    "technician": (EntityKind.TECHNICIAN, EntityKind.ANYONE, EntityKind.SEX),
}
_QUESTIONS = {
    "service": "what is wanted",
    "address": "where to come",
    "technician": "who should come",
    "when": "when",
    "phone": "a telephone number",
    "stars": "how many stars",
    "name": "a name",
    "sex": "man or woman",
    "region": "which districts",
}


def still_asked(understood: Understanding) -> list[str]:
    """Return what the conversation would still ask before it acts, in words."""
    told = {entity.kind for entity in understood.entities}
    needs = NEEDS.get(understood.intent, ())
    return [_QUESTIONS[kind] for kind in needs if not told.intersection(_ANSWERED_BY.get(kind, (kind,)))]
