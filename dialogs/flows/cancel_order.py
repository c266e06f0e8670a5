"""Cancelling an order: the consequence in money first, then one yes to exactly that."""

from dataclasses import asdict

from core.dispatch.offering import said_yes
from core.money.refunds import RefundState, refunds_of
from core.orders.cancelling import Consequence, ConsequenceChanged, cancel, consequence
from core.orders.moves import Order
from core.orders.states import CANCELLABLE, SERVED, OrderState
from core.orders.views import order_of, orders_of
from dialogs.engine.actions import Commit, Word, plain
from dialogs.engine.flow import Ask, Done, Flow, Redo
from dialogs.engine.step import Step
from dialogs.flows.which_order import of_states, order_field, order_line
from dialogs.outgoing import Button
from dialogs.placed_elsewhere import none_here

_listed = of_states(CANCELLABLE)
_NOBODYS = (OrderState.TO_ACCEPT, OrderState.UNDECIDED)


def _start(step: Step) -> Done | None:
    """With nothing to cancel: the money of what was cancelled lately, for that is what is asked about."""
    if "order" in step.values or _listed(step):
        return None
    for order in orders_of(step.tx, step.person_id, most=1):
        refunds = [one for one in refunds_of(step.tx, order.id) if one.state is not RefundState.STUCK]
        if refunds:
            back = all(one.state is RefundState.DONE for one in refunds)
            amount = step.money(sum(one.amount_minor for one in refunds), order.currency)
            return Done(step.say("refund.done" if back else "refund.coming", code=order.code, amount=amount))
    for order in orders_of(step.tx, step.person_id, most=1):
        if order.state in SERVED:
            human = Button(step.say("word.human"), plain(Word("human")))
            return Done(step.say("cancel_order.served", code=order.code, human=human.label), (human,))
        return Done(step.say("cancel_order.none"))
    none = none_here(step)
    return Done(none.text, none.buttons, columns=none.columns)


def _summary(step: Step) -> Ask | Redo:
    order = order_of(step.tx, step.person_id, step.values["order"])
    if order.state not in CANCELLABLE:
        return Redo(step.say("cancel_order.over"), ("order",))
    found = consequence(step.tx, order, step.now)
    step.values["shown"] = {**asdict(found), "until_at": None}
    text = step.say("cancel_order.summary", order=order_line(step, order), money=consequence_words(step, order, found))
    buttons = (
        Button(step.say("cancel_order.yes"), plain(Commit())),
        Button(step.say("cancel_order.keep"), plain(Word("drop"))),
    )
    return Ask(text, extra=buttons)


def consequence_words(step: Step, order: Order, found: Consequence) -> str:
    """Write what cancelling costs at this minute, and until when it stays so."""
    facts = {
        "refund": step.money(found.refund_minor, found.currency),
        "kept": step.money(found.kept_minor, found.currency),
    }
    nobody = order.state in _NOBODYS and not any(said_yes(step.tx, order, one) for one in order.crew_ids)
    text = step.say(f"cancel_order.money_{'nobody' if nobody else found.reason}", **facts)
    # An unpaid order costs nothing later either, nor one that nobody has taken.
    until_at = None if nobody or found.reason == "unpaid" else found.until_at
    if until_at is not None and until_at > step.now:
        text += step.say("cancel_order.until", until=step.short_moment(until_at))
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
    fields=(order_field(_listed, "cancel_order.ask_order", "cancel_order.none"),),
    start=_start,
    summary=_summary,
    commit=_commit,
    drop=lambda step: step.say("cancel_order.kept"),
    unsure=True,
    deed=r"确认取消|取消|退款?|退掉|\b(?:cancel|refund)\b",
)
