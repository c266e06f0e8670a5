"""Whom to ring at the door."""

from core.errors import InvalidInput
from core.people import masked_phone, phone_of, phone_proved
from core.people.persons import e164
from dialogs.engine.flow import Answer, Ask, Field, Missed, Took
from dialogs.engine.step import Step

_SOME_DIGITS = 5
"""Whoever types as many meant a number, only it is none that could be rung."""


def _settle(step: Step) -> dict[str, object] | None:
    known = phone_of(step.tx, step.person_id)
    return {"phone": known} if known else None


def ask_phone(step: Step) -> Ask:
    """Ask for a number; a door may offer to share one's own."""
    return Ask(step.say("book.ask_phone"), asks="phone")


def _read(step: Step, answer: Answer) -> Took | Missed | None:
    said = answer.phone
    if said is None and answer.understood is not None:
        found = answer.understood.first("phone")
        said = found.value if found is not None and isinstance(found.value, str) else None
    if said is None:
        digits = sum(character.isdigit() for character in answer.text)
        return Missed(step.say("book.phone_wrong")) if answer.asked and digits >= _SOME_DIGITS else None
    try:
        phone = e164(said)
    except InvalidInput:
        return Missed(step.say("book.phone_wrong"))
    if answer.phone is not None:  # their own contact, as the platform vouches
        phone_proved(step.tx, step.person_id, phone, step.now)
    return Took({"phone": phone})


PHONE = Field(
    "phone", "phone", ask_phone, _read, settle=_settle, holds=str, tell=lambda step: masked_phone(step.values["phone"])
)
