"""At the door and nobody opens: whom to ring, how long to wait, and what to press then."""

import re
from datetime import datetime, timedelta
from typing import Any

from core.orders.moves import Order
from core.orders.states import OrderState
from core.orders.views import Viewer, details
from core.settings import rules
from dialogs.cards.buttons import visit_buttons
from dialogs.engine.actions import Begin, plain
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.flows.set_out import as_it_is, visit_meant
from dialogs.outgoing import Button
from dialogs.texts import formats
from nlu import Understanding

_NOBODY = re.compile(
    r"没人(?:开门|应|在|接|出来|理)?|敲(?:了|半天|好久).{0,4}没|不(?:开门|在家|应门)|联系不上|打不通|(?:客人|顾客|客户|人)不在"
    r"|\b(?:no ?one|nobody|no answer|not answering|isn't (?:in|home|here|answering)"
    r"|not (?:in|home|at home)|(?:won't|doesn't) (?:answer|open))\b"
)


_SOON = timedelta(hours=1)


def _claims(step: Step, understood: Understanding) -> bool:
    if _NOBODY.search(understood.normal) is None:
        return False
    order = visit_meant(step)
    return order is not None and (order.state is OrderState.ARRIVED or _at_the_door(order, step.now))


def _at_the_door(order: Order, now: datetime) -> bool:
    """Whether somebody may well stand there who has not said so."""
    coming = order.state in (OrderState.ACCEPTED, OrderState.DEPARTED)
    return coming and order.starts_at - now < _SOON


def _show(step: Step, _understood: Understanding | None, _about: dict[str, Any]) -> Shown:
    order = visit_meant(step)
    if order is not None and _at_the_door(order, step.now):
        arrived = Button(step.say("card.arrive"), plain(Begin("arrive", {"order": order.id})))
        return Shown(step.say("nobody_home.arrive_first"), (arrived,))
    if order is None or order.state is not OrderState.ARRIVED:
        done = as_it_is(step)
        return Shown(done.text, done.buttons)
    view = details(step.tx, order.id, viewer=Viewer.TECHNICIAN)
    words = step.say(
        "nobody_home.text", phone=formats.phone(view.phone or ""), minutes=rules(step.tx).absent_wait_minutes
    )
    return Shown(words, () if step.frame.flow else visit_buttons(step, order))  # the question for the code has them


NOBODY_HOME = View("nobody_home", "technician", (), _show, claims=_claims, outspoken=True)
