"""One visit as its technician may see it now, with what can be done about it."""

from datetime import timedelta

from core.orders.moves import Order
from core.orders.states import OrderState
from core.orders.views import visits_of
from core.orders.visit import departs_from
from dialogs.cards.buttons import visit_buttons
from dialogs.cards.changing import open_of, pending_buttons, pending_line
from dialogs.cards.visits import next_of, visit_line, what_now
from dialogs.engine.flow import Shown
from dialogs.engine.step import Step
from dialogs.roles import technician_of

_BEFORE, _AHEAD = timedelta(hours=6), timedelta(hours=18)
"""A visit begins so near to now that whoever shares where they are may have it in mind."""


def visit_now(step: Step, order: Order) -> Shown:
    """Show a technician a visit of theirs as it stands, and what can be done about it now."""
    lines = [f"{step.day(order.starts_at, order.zone)} {visit_line(step, order)}"]
    change = open_of(step, order)
    asked = () if change is None else pending_buttons(step, order, change)
    if change is not None:
        lines.append(pending_line(step, order, change))
    if next_of((order,)) is not None:
        lines.append(what_now(step, order))
    return Shown("\n".join(lines), (*visit_buttons(step, order), *asked), columns=2)


def not_set_out(step: Step) -> Shown | None:
    """Show a technician who shares their way too soon what comes first; None where no visit of theirs is to come."""
    technician = technician_of(step)
    if technician is None:
        return None
    from_at, until_at = step.now - _BEFORE, step.now + _AHEAD
    visits = visits_of(step.tx, technician.id, from_at=from_at, until_at=until_at)
    to_come = next((one for one in visits if one.state is OrderState.ACCEPTED), None)
    if to_come is None:
        return None
    moment = step.moment(to_come.starts_at, to_come.zone)
    departs_at = departs_from(step.tx, to_come)
    if step.now < departs_at:
        from_when = step.moment(departs_at, to_come.zone)
        text = step.say("card.share_from", moment=moment, code=to_come.code, from_at=from_when)
    else:
        text = step.say("card.share_after_departing", moment=moment, code=to_come.code)
    return Shown(text, visit_buttons(step, to_come), columns=2)
