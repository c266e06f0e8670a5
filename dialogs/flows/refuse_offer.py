"""A technician says no to an offer: the reason from a list, words only for "other"."""

from core import dispatch
from core.dispatch import RefusalReason
from dialogs.engine.flow import Answer, Ask, Choice, Done, Field, Flow, Took
from dialogs.engine.step import Step
from dialogs.roles import technician_of

_LONGEST_WORDS = 300


def reason_choices(step: Step) -> tuple[Choice, ...]:
    """Return the reasons as choices."""
    return tuple(
        Choice(step.say(f"refuse_offer.reason_{reason}"), {"reason": reason.value}) for reason in RefusalReason
    )


def _read_words(_step: Step, answer: Answer) -> Took | None:
    return Took({"words": answer.text.strip()[:_LONGEST_WORDS]}) if answer.asked and answer.sure else None


def reason_fields(ask_key: str) -> tuple[Field, Field]:
    """Return the two fields that ask why."""
    return (
        Field(
            "reason",
            "reason",
            lambda step: Ask(step.say(ask_key), reason_choices(step)),
            lambda _step, answer: (
                Took({"reason": "other", "words": answer.text.strip()[:_LONGEST_WORDS]})
                if answer.asked and answer.sure
                else None
            ),
            raw=True,
        ),
        Field(
            "words",
            "text",
            lambda step: Ask(step.say("refuse_offer.ask_words")),
            _read_words,
            needs=("reason",),
            skip=lambda step: step.values["reason"] != "other",
            raw=True,
        ),
    )


def _commit(step: Step) -> Done:
    technician = technician_of(step)
    assert technician is not None
    dispatch.refuse(
        step.tx,
        step.values["order"],
        technician_id=technician.id,
        reason=RefusalReason(step.values["reason"]),
        words=step.values.get("words"),
        now=step.now,
    )
    return Done(step.say("refuse_offer.done"))


REFUSE_OFFER = Flow(
    name="refuse_offer", role="technician", intents=(), fields=reason_fields("refuse_offer.ask_reason"), commit=_commit
)
