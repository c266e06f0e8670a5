"""The buttons of cards, by what can be done with the order now."""

from urllib.parse import quote as url_quote

from core.geo import Point, to_gcj02
from core.orders.moves import Order
from core.orders.states import OrderState
from core.orders.views import Viewer, details
from dialogs.engine.actions import Act, Begin, plain
from dialogs.engine.step import Step
from dialogs.outgoing import Button
from dialogs.roles import technician_of


def act(step: Step, verb: str, order_id: int) -> Button:
    """Return the button of a card's verb."""
    return Button(step.say(f"card.{verb}"), plain(Act(verb, order_id)))


def begin(step: Step, label: str, flow: str, order_id: int) -> Button:
    """Return the button that starts a flow about an order."""
    return Button(step.say(f"card.{label}"), plain(Begin(flow, {"order": order_id})))


def visit_buttons(step: Step, order: Order) -> tuple[Button, ...]:
    """Return what the technician can do next with a visit; who comes along goes there, and who leads does the rest."""
    if not _leads(step, order):
        given_up = (begin(step, "give_up", "give_up_visit", order.id),) if order.state is OrderState.ACCEPTED else ()
        return (*navigation(step, order), *given_up)
    match order.state:
        case OrderState.ACCEPTED:
            return (
                act(step, "depart", order.id),
                *navigation(step, order),
                begin(step, "propose_time", "propose_time", order.id),
                begin(step, "give_up", "give_up_visit", order.id),
            )
        case OrderState.DEPARTED:
            return (act(step, "arrive", order.id), *navigation(step, order))
        case OrderState.ARRIVED:
            return (begin(step, "start", "start_visit", order.id), act(step, "absent", order.id))
        case OrderState.IN_SERVICE:
            return (begin(step, "finish", "finish_visit", order.id),)
        case _:
            return ()


def _leads(step: Step, order: Order) -> bool:
    if order.crew == 1:
        return True
    technician = technician_of(step)
    return technician is not None and technician.id == order.technician_id


def navigation(step: Step, order: Order) -> tuple[Button, ...]:
    """Return the link to a map that leads to the door; Amap (GCJ-02, longitude first) in China."""
    if order.technician_id is None:
        return ()
    view = details(step.tx, order.id, viewer=Viewer.TECHNICIAN)
    if view.lat is None or view.lng is None:
        return ()
    if step.lang == "en" and not order.zone.startswith("Asia/"):
        url = f"https://www.google.com/maps/dir/?api=1&destination={view.lat:.6f},{view.lng:.6f}"
    else:
        there = to_gcj02(Point(view.lat, view.lng))
        name = url_quote(order.code)
        url = f"https://uri.amap.com/navigation?to={there.lng:.6f},{there.lat:.6f},{name}&mode=car&callnative=1"
    return (Button(step.say("card.navigate"), url=url),)
