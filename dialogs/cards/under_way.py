"""One visit as its technician may see it now, with what can be done about it."""

from core.orders.moves import Order
from dialogs.cards.buttons import visit_buttons
from dialogs.cards.changing import open_of, pending_buttons, pending_line
from dialogs.cards.visits import next_of, visit_line, what_now
from dialogs.engine.flow import Shown
from dialogs.engine.step import Step


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
