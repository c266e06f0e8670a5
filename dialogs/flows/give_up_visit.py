"""A technician cannot come after having accepted: why, one yes, and the next one is asked."""

import re

from core.dispatch import RefusalReason
from core.orders.cancelling import technician_cancels
from core.orders.states import OrderState
from core.orders.views import shared_visit_of
from dialogs.engine.actions import Commit, Word, plain
from dialogs.engine.flow import Ask, Done, Flow
from dialogs.engine.step import Step
from dialogs.flows.refuse_offer import offered_orders, reason_fields
from dialogs.flows.set_out import as_it_is, visit_meant
from dialogs.flows.which_order import order_line
from dialogs.outgoing import Button
from dialogs.roles import technician_of
from nlu import Understanding

_CANNOT = re.compile(
    r"(?:那单|这单|我|有事|明天|今天)?.{0,6}[去来]不(?:了|成)|车(?:坏|抛锚|胎爆)|赶不过[去来]"
    r"|\b(?:can't|cannot|can not|won't|not able to) (?:make it|go|come|get there|do (?:it|that|tomorrow|today))\b"
    r"|\bcar(?:'s| has| is)? (?:broken|broke)"
)
_OF_DAYS_OFF = re.compile(r"请.{0,3}假|休息|上班|销假|[吗么?]|\b(?:leave|off|if|holiday)\b")


def _claims(step: Step, understood: Understanding) -> bool:
    """Whoever has taken a visit and no offer to answer says that they cannot come."""
    words = understood.normal
    if _CANNOT.search(words) is None or _OF_DAYS_OFF.search(words) is not None or step.frame.flow == "cancel_order":
        return False
    order = visit_meant(step)
    return order is not None and order.state is OrderState.ACCEPTED and not offered_orders(step)


def _start(step: Step) -> Done | None:
    order = visit_meant(step)
    if "order" not in step.values and order is not None and order.state is OrderState.ACCEPTED:
        step.values["order"] = order.id
    return None if "order" in step.values else as_it_is(step)


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
    start=_start,
    claims=_claims,
    outspoken=True,
    keeps={"order": int},
    fields=reason_fields("give_up_visit.ask_reason"),
    summary=_summary,
    commit=_commit,
    drop=lambda step: step.say("give_up_visit.kept"),
)
