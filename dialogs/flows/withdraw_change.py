"""Taking one's own change request back in words: 不改了 leaves the visit as it is."""

from core import changes
from core.changes import Change, ChangeGone
from core.orders.moves import Order, load
from dialogs.cards.changing import gone, open_requests, side_of, withdrawn_words
from dialogs.engine.flow import Done, Flow
from dialogs.engine.step import Step
from dialogs.flows.which_order import order_field, refuse_when_none


def _own(step: Step, order: Order) -> Change | None:
    found = changes.open_change(step.tx, order.id)
    return found if found is not None and found.asker == side_of(step, order) else None


def _listed(step: Step) -> tuple[Order, ...]:
    """Return the orders about which this person has asked for a change that nobody has answered yet."""
    return tuple(order for order, change in open_requests(step) if change.asker == side_of(step, order, change))


def _commit(step: Step) -> Done:
    order = load(step.tx, step.values["order"])
    change = _own(step, order)
    if change is None:
        return Done(step.say("withdraw_change.none"))
    try:
        changes.withdraw(step.tx, change.id, by=side_of(step, order), now=step.now)
    except ChangeGone:
        return gone(step, order, change)
    return withdrawn_words(step, order)


WITHDRAW_CHANGE = Flow(
    name="withdraw_change",
    role="anyone",
    intents=("keep",),
    fields=(order_field(_listed, "withdraw_change.ask_order", "withdraw_change.none"),),
    start=refuse_when_none(_listed, "withdraw_change.none"),
    commit=_commit,
)
