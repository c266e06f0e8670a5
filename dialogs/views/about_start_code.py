"""The four digits that start a visit: where they are, when they come, and who may be given them."""

from typing import Any

from core.orders.moves import Order
from core.orders.states import OrderState
from core.orders.views import orders_of
from dialogs.cards.buttons import visit_buttons
from dialogs.engine.actions import Look, plain
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.engine.talk import MOST_LISTED
from dialogs.fields.plan import all_named
from dialogs.flows.set_out import visit_meant
from dialogs.outgoing import Button
from dialogs.start_codes import Spoken, spoken_of
from nlu import Understanding

_ASKING = "start_visit"
_COMING = (OrderState.ACCEPTED, OrderState.DEPARTED)
_STATES = {
    Spoken.NAMED: (OrderState.ARRIVED, *_COMING, OrderState.IN_SERVICE, OrderState.TO_ACCEPT, OrderState.UNDECIDED),
    Spoken.BARE: (OrderState.ARRIVED, *_COMING, OrderState.TO_ACCEPT, OrderState.UNDECIDED),
    Spoken.TEXTED: (OrderState.ARRIVED, *_COMING),
}
"""The visits whose code may be meant, the likeliest first."""


def _order(step: Step, spoken: Spoken) -> Order | None:
    """Return the order of this customer whose code is spoken of."""
    states = _STATES[spoken]
    found = [one for one in orders_of(step.tx, step.person_id, most=MOST_LISTED) if one.state in states]
    return min(found, key=lambda one: (states.index(one.state), one.starts_at), default=None)


def _visit(step: Step, spoken: Spoken) -> Order | None:
    """Return the visit of this technician whose code is spoken of; at the door `start_visit` asks for it by itself."""
    if step.frame.flow != _ASKING and spoken is not Spoken.NAMED:
        return None
    order = visit_meant(step)
    return order if order is not None and (step.frame.flow == _ASKING or order.state in _COMING) else None


def _claims(step: Step, understood: Understanding) -> bool:
    spoken = spoken_of(understood.normal)
    if spoken is None or (step.frame.flow == "link_account" and spoken is not Spoken.NAMED):
        return False
    return _visit(step, spoken) is not None or _order(step, spoken) is not None


def _show(step: Step, understood: Understanding | None, _about: dict[str, Any]) -> Shown:
    spoken = (None if understood is None else spoken_of(understood.normal)) or Spoken.NAMED
    visit = _visit(step, spoken)
    if visit is not None:
        if visit.state in _COMING:
            text = step.say("about_start_code.to_come", arrived=step.say("card.arrive"))
            return Shown(text, visit_buttons(step, visit), columns=2)
        return Shown(step.say("about_start_code.ask_them"))
    order = _order(step, spoken)
    return Shown(step.say("my_orders.none")) if order is None else _theirs(step, order)


def _theirs(step: Step, order: Order) -> Shown:
    shown = (Button(order.code, plain(Look("order", {"order": order.id}))),)
    match order.state:
        case OrderState.ARRIVED:
            who = all_named(step, order.crew_ids)
            return Shown(step.say("about_start_code.arrived", start_code=order.start_code, who=who), shown)
        case OrderState.IN_SERVICE:
            return Shown(step.say("about_start_code.started"), shown)
        case OrderState.TO_ACCEPT | OrderState.UNDECIDED:
            return Shown(step.say("about_start_code.nobody_yet"), shown)
        case _:
            return Shown(step.say("about_start_code.coming"), shown)


ABOUT_START_CODE = View("about_start_code", "anyone", (), _show, claims=_claims, outspoken=True)
