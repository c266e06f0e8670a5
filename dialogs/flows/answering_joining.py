"""Somebody proved the phone this person gave, elsewhere: is it them? They prove it too, then say yes."""

from core.people import has_proved, phone_of
from core.people.persons import now_is
from core.uniting import answer, asked_of
from dialogs.engine.flow import Done
from dialogs.engine.step import Step
from dialogs.linking import text_code


def is_asked(step: Step) -> bool:
    """Tell whether this is about a question of the other side's, as a card put it."""
    return "joining" in step.values


def opened(step: Step) -> Done | None:
    """Refuse what is no question any more; take a no for an answer; to a yes their own proof belongs.

    They may only have told the phone, and anybody can tell anybody's. The card said what the yes does: with the proof
    it is done, and nobody is asked once more.
    """
    found = asked_of(step.tx, int(step.values["joining"]), step.person_id, step.now)
    if found is None:
        return Done(step.say("link_account.over"))
    if step.values.get("no"):
        return Done(refused(step))
    phone = phone_of(step.tx, step.person_id)
    if phone is None or not has_proved(step.tx, now_is(step.tx, found.asker.person_id), phone):
        return Done(step.say("link_account.over"))
    step.values["phone"] = phone
    if has_proved(step.tx, step.person_id, phone):
        step.values["_proved"] = True
        return None
    refusal = text_code(step, phone)
    return None if refusal is None else Done(refusal)


def agreed(step: Step) -> Done:
    """Say yes for this side."""
    yes = answer(step.tx, int(step.values["joining"]), person_id=step.person_id, yes=True, now=step.now)
    return Done(step.say("link_account.done" if yes else "link_account.over"))


def refused(step: Step) -> str:
    """Say no for this side; returns what to tell them."""
    answer(step.tx, int(step.values["joining"]), person_id=step.person_id, yes=False, now=step.now)
    return step.say("link_account.refused")
