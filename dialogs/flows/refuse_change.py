"""A no to a change request: a technician says why, from a list; a customer need not."""

from dataclasses import replace

from core import changes
from core.changes import ChangeGone
from core.dispatch import RefusalReason
from core.orders.moves import Order, load
from dialogs.cards.changing import gone, is_customer, new_technician, side_of, standing
from dialogs.engine.flow import Ask, Done, Flow
from dialogs.engine.step import Step
from dialogs.flows.refuse_offer import reason_choices, reason_fields

_REASON, _WORDS = reason_fields("refuse_change.ask_reason")


def _start(step: Step) -> Done | None:
    """A request that is over is said at once, before anybody is asked for reasons."""
    change = changes.change_of(step.tx, step.values["change"])
    side_of(step, _order(step), change)
    found = changes.open_change(step.tx, change.order_id)
    return None if found is not None and found.id == change.id else gone(step, _order(step), change)


def _order(step: Step) -> Order:
    return load(step.tx, step.values["order"])


def _ask_reason(step: Step) -> Ask:
    """Whoever has the visit has said before that it is not too far."""
    change = changes.change_of(step.tx, step.values["change"])
    joins = new_technician(_order(step), change)
    choices = reason_choices(step)
    near = tuple(one for one in choices if joins or one.values["reason"] != RefusalReason.FAR)
    return Ask(step.say("refuse_change.ask_reason"), near)


def _no_reason(step: Step) -> bool:
    return is_customer(step, _order(step))


def _commit(step: Step) -> Done:
    order, change = _order(step), changes.change_of(step.tx, step.values["change"])
    reason = step.values.get("reason")
    try:
        changes.refuse(
            step.tx,
            change.id,
            by=side_of(step, order, change),
            reason=None if reason is None else RefusalReason(reason),
            words=step.values.get("words"),
            now=step.now,
        )
    except ChangeGone:
        return gone(step, order, change)
    if is_customer(step, order):
        return Done(step.say("refuse_change.done_customer", **standing(step, order)))
    if new_technician(order, change):
        return Done(step.say("refuse_change.done_visit", code=order.code))
    return Done(step.say("refuse_change.done", **standing(step, order)))


REFUSE_CHANGE = Flow(
    name="refuse_change",
    role="anyone",
    intents=(),
    fields=(
        replace(_REASON, ask=_ask_reason, skip=_no_reason),
        replace(_WORDS, skip=lambda step: step.values.get("reason") != RefusalReason.OTHER),
    ),
    start=_start,
    commit=_commit,
    keeps={"order": int, "change": int},
)
