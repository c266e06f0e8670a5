"""Cancelling an order: the consequence in money first, then one yes to exactly that."""

from dataclasses import asdict

from core.orders.cancelling import Consequence, ConsequenceChanged, cancel, consequence
from core.orders.states import CANCELLABLE
from core.orders.views import order_of
from dialogs.engine.actions import Commit, Word, plain
from dialogs.engine.flow import Ask, Done, Flow, Redo
from dialogs.engine.step import Step
from dialogs.flows.which_order import of_states, order_field, order_line, refuse_when_none
from dialogs.outgoing import Button

_listed = of_states(CANCELLABLE)


def _summary(step: Step) -> Ask | Redo:
    order = order_of(step.tx, step.person_id, step.values["order"])
    if order.state not in CANCELLABLE:
        return Redo(step.say("cancel_order.over"), ("order",))
    found = consequence(step.tx, order, step.now)
    step.values["shown"] = {**asdict(found), "until_at": None}
    text = step.say("cancel_order.summary", order=order_line(step, order), money=consequence_words(step, found))
    buttons = (
        Button(step.say("cancel_order.yes"), plain(Commit())),
        Button(step.say("cancel_order.keep"), plain(Word("drop"))),
    )
    return Ask(text, extra=buttons)


def consequence_words(step: Step, found: Consequence) -> str:
    """Write what cancelling costs at this minute, and until when it stays so."""
    facts = {
        "refund": step.money(found.refund_minor, found.currency),
        "kept": step.money(found.kept_minor, found.currency),
    }
    text = step.say(f"cancel_order.money_{found.reason}", **facts)
    if found.until_at is not None and found.reason != "unpaid":  # an unpaid order costs nothing later either
        text += step.say("cancel_order.until", until=step.short_moment(found.until_at))
    return text


def _commit(step: Step) -> Done | Redo:
    shown = Consequence(**step.values["shown"])
    try:
        order = cancel(step.tx, step.values["order"], person_id=step.person_id, shown=shown, now=step.now)
    except ConsequenceChanged:
        return Redo(step.say("cancel_order.changed"), ())
    key = "cancel_order.done_refund" if shown.refund_minor else "cancel_order.done"
    return Done(step.say(key, code=order.code, refund=step.money(shown.refund_minor, order.currency)))


CANCEL_ORDER = Flow(
    name="cancel_order",
    role="customer",
    intents=("cancel", "refund"),
    fields=(order_field(_listed, "cancel_order.ask_order"),),
    start=refuse_when_none(_listed, "cancel_order.none"),
    summary=_summary,
    commit=_commit,
    drop=lambda step: step.say("cancel_order.kept"),
    unsure=True,
    grave=True,
)
