"""A technician cannot come after having accepted: why, one yes, and the next one is asked."""

from core.dispatch import RefusalReason
from core.orders.cancelling import technician_cancels
from core.orders.views import shared_visit_of
from dialogs.engine.actions import Commit, Word, plain
from dialogs.engine.flow import Ask, Done, Flow
from dialogs.engine.step import Step
from dialogs.flows.refuse_offer import reason_fields
from dialogs.flows.which_order import order_line
from dialogs.outgoing import Button
from dialogs.roles import technician_of


def _summary(step: Step) -> Ask:
    technician = technician_of(step)
    assert technician is not None
    order = shared_visit_of(step.tx, technician.id, step.values["order"])
    buttons = (
        Button(step.say("give_up_visit.yes"), plain(Commit())),
        Button(step.say("give_up_visit.no"), plain(Word("drop"))),
    )
    return Ask(step.say("give_up_visit.summary", order=order_line(step, order)), extra=buttons)


def _commit(step: Step) -> Done:
    technician = technician_of(step)
    assert technician is not None
    technician_cancels(
        step.tx,
        step.values["order"],
        technician_id=technician.id,
        reason=RefusalReason(step.values["reason"]),
        now=step.now,
    )
    return Done(step.say("give_up_visit.done"))


GIVE_UP_VISIT = Flow(
    name="give_up_visit",
    role="technician",
    intents=(),
    fields=reason_fields("give_up_visit.ask_reason"),
    summary=_summary,
    commit=_commit,
    drop=lambda step: step.say("give_up_visit.kept"),
)
