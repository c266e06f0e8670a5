"""A technician's visits in words: one line each, and what is to be done now about the one that is next."""

from collections.abc import Iterable
from datetime import timedelta

from core import dispatch
from core.calendar import crew_of
from core.catalog import text_in
from core.orders.moves import Order
from core.orders.states import ADDRESS_OPEN, OrderState
from core.orders.telling import SPARE_MINUTES
from core.orders.views import Viewer, details
from dialogs.engine.actions import Look, plain
from dialogs.engine.step import Step
from dialogs.fields.plan import mate_named, option_words
from dialogs.lexicon import catalogue_of
from dialogs.outgoing import Button
from dialogs.roles import technician_of
from dialogs.texts import formats

_STEP = 5
"""Nobody sets out by the minute."""


def visit_line(step: Step, order: Order) -> str:
    """Write a visit in one line: when, how it stands, where, what, and its code."""
    service, option = catalogue_of(step).option(order.option_id)
    what = f"{text_in(service.names, step.lang)} {option_words(step, option, order.quantity)}"
    if order.crew > 1:
        technician = technician_of(step)
        what += step.say("my_day.with", mate=mate_named(step, order, technician.id if technician else 0))
    span = formats.span(order.starts_at, order.ends_at, order.zone)
    return f"{span} {state_words(step, order)} · {_place(step, order)} · {what} · {order.code}"


def state_words(step: Step, order: Order) -> str:
    """Write where a visit stands, as its technician says it."""
    return step.say(f"visit_state.{order.state}")


def _place(step: Step, order: Order) -> str:
    """The door while it is theirs to know, else the district."""
    address = details(step.tx, order.id, viewer=Viewer.TECHNICIAN).address_text
    return address or text_in(catalogue_of(step).region(order.region_id).names, step.lang)


def next_of(orders: Iterable[Order]) -> Order | None:
    """Return the visit to see to now: the first that is accepted or under way."""
    return next((order for order in orders if order.state in ADDRESS_OPEN), None)


def what_now(step: Step, order: Order) -> str:
    """Write what its technician does next about a visit that is theirs, and the customer's number."""
    view = details(step.tx, order.id, viewer=Viewer.TECHNICIAN)
    phone = [step.say("my_day.phone", phone=formats.phone(view.phone))] if view.phone else []
    return "\n".join([_step_words(step, order), *phone])


def _step_words(step: Step, order: Order) -> str:
    if order.state is not OrderState.ACCEPTED:
        return step.say(f"my_day.now_{order.state}", time=step.clock(order.ends_at, order.zone))
    technician = technician_of(step)
    mine = [one for one in crew_of(step.tx, order.id) if technician is not None and one.technician_id == technician.id]
    way = mine[0].leg_minutes if mine else 0
    out_at = order.starts_at - timedelta(minutes=-(-(way + SPARE_MINUTES) // _STEP) * _STEP)
    key = "my_day.set_out_now" if out_at <= step.now else "my_day.set_out_by"
    return step.say(key, code=order.code, out=step.clock(out_at, order.zone), minutes=way)


def offers_button(step: Step) -> tuple[Button, ...]:
    """Return the button to the offers that wait for an answer, when there are any."""
    technician = technician_of(step)
    waiting = () if technician is None else dispatch.to_answer(step.tx, technician.id, now=step.now)
    label = step.say("menu.offers", count=len(waiting))
    return (Button(label, plain(Look("offers"))),) if waiting else ()


def visit_in_brief(step: Step, order: Order) -> str:
    """Write which visit it is: day, hours, service, code."""
    service = text_in(catalogue_of(step).service(order.service_id).names, step.lang)
    span = formats.span(order.starts_at, order.ends_at, order.zone)
    return f"{step.day(order.starts_at, order.zone)} {span} {service} · {order.code}"
