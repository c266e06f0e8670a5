"""Why an offer was refused: asked once it is somebody else's, from a list or in one's own words, or not told."""

from dataclasses import replace

from core import dispatch
from core.dispatch import RefusalReason
from dialogs.engine.flow import Answer, Ask, Choice, Done, Flow, Missed, Took
from dialogs.engine.step import Step
from dialogs.flows.refuse_offer import reason_choices, reason_fields
from dialogs.roles import technician_of

_UNTOLD = "untold"
_REASON, _WORDS = reason_fields("refusal_reason.ask")


def _ask(step: Step) -> Ask:
    skip = Choice(step.say("refusal_reason.skip"), {"reason": _UNTOLD})
    return Ask(step.say("refusal_reason.ask"), (*reason_choices(step), skip), columns=2)


def _read(step: Step, answer: Answer) -> Took | Missed | None:
    """A plain no keeps the reason to oneself."""
    if answer.asked and answer.understood is not None and answer.understood.intent in ("deny", "refuse"):
        return Took({"reason": _UNTOLD})
    return _REASON.read(step, answer)


def _commit(step: Step) -> Done:
    technician = technician_of(step)
    assert technician is not None
    if step.values["reason"] == _UNTOLD:
        return Done(step.say("refusal_reason.untold"))
    dispatch.explain_refusal(
        step.tx,
        step.values["order"],
        technician_id=technician.id,
        reason=RefusalReason(step.values["reason"]),
        words=step.values.get("words"),
    )
    return Done(step.say("refusal_reason.done"))


REFUSAL_REASON = Flow(
    name="refusal_reason",
    role="technician",
    intents=(),
    fields=(replace(_REASON, ask=_ask, read=_read), _WORDS),
    commit=_commit,
    drop=lambda step: step.say("refusal_reason.untold"),
    keeps={"order": int},
)
