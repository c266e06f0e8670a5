"""What somebody who pressed an old button is shown: the order as it stands, with what can be done about it now."""

from core.dispatch import to_answer
from core.errors import NotFound
from core.messages import Template
from core.orders.states import ADDRESS_OPEN, SERVED
from core.orders.views import shared_visit_of
from dialogs.cards.buttons import act, begin
from dialogs.cards.card import Card
from dialogs.cards.under_way import visit_now
from dialogs.cards.words import words_of
from dialogs.engine.flow import Shown
from dialogs.engine.step import Step
from dialogs.roles import technician_of
from dialogs.views.my_orders import ORDER


def present_state(step: Step, order_id: int) -> Shown | None:
    """Return the order as this person may see it now; None when it is not, or no longer, theirs."""
    try:
        return ORDER.show(step, None, {"order": order_id})
    except NotFound:
        return _as_technician(step, order_id)


def _as_technician(step: Step, order_id: int) -> Shown | None:
    technician = technician_of(step)
    if technician is None:
        return None
    try:
        order = shared_visit_of(step.tx, technician.id, order_id)
    except NotFound:
        return None
    if any(one.order_id == order_id for one in to_answer(step.tx, technician.id, now=step.now)):
        text = words_of(Template.OFFER, Card(step, order, {})).text
        return Shown(text, (act(step, "accept", order_id), begin(step, "refuse", "refuse_offer", order_id)), columns=2)
    return visit_now(step, order) if order.state in ADDRESS_OPEN | SERVED else None
