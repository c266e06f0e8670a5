"""Taking one's own change request back in words: 不改了 leaves the visit as it is."""

from datetime import timedelta

from core import changes
from core.changes import Change, ChangeGone
from core.orders.moves import Order, load
from core.orders.states import OrderState
from core.orders.views import orders_of, visits_of
from dialogs.cards.changing import gone, side_of, withdrawn_words
from dialogs.engine.flow import Done, Flow
from dialogs.engine.step import Step
from dialogs.flows.which_order import MOST, order_field, refuse_when_none
from dialogs.roles import technician_of

_AHEAD = timedelta(days=60)


def _concerned(step: Step) -> tuple[Order, ...]:
    booked = [one for one in orders_of(step.tx, step.person_id, most=MOST) if one.state is OrderState.ACCEPTED]
    technician = technician_of(step)
    if technician is None:
        return tuple(booked)
    visits = visits_of(step.tx, technician.id, from_at=step.now, until_at=step.now + _AHEAD)
    return (*booked, *(one for one in visits if one.state is OrderState.ACCEPTED))


def _own(step: Step, order: Order) -> Change | None:
    found = changes.open_change(step.tx, order.id)
    return found if found is not None and found.asker == side_of(step, order) else None


def _listed(step: Step) -> tuple[Order, ...]:
    """Return the orders about which this person has asked for a change that nobody has answered yet."""
    return tuple(order for order in _concerned(step) if _own(step, order) is not None)


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
    fields=(order_field(_listed, "withdraw_change.ask_order"),),
    start=refuse_when_none(_listed, "withdraw_change.none"),
    commit=_commit,
)
