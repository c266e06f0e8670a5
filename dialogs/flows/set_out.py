"""A technician's steps said in words: on my way, at the door; and what to say where the words do not fit the visit."""

import re
from collections.abc import Callable
from datetime import timedelta

from core.orders.moves import Order
from core.orders.states import ADDRESS_OPEN, OrderState
from core.orders.views import visits_of
from dialogs.cards.under_way import visit_now
from dialogs.cards.verbs import VERBS
from dialogs.engine.actions import Look, plain
from dialogs.engine.flow import Done, Flow, Shown
from dialogs.engine.step import Step
from dialogs.outgoing import Button
from dialogs.roles import technician_of
from nlu import Understanding

_BEHIND, _AHEAD = timedelta(days=1), timedelta(days=60)
_SOON = timedelta(hours=2)
_ON_THE_WAY = (OrderState.DEPARTED, OrderState.ARRIVED, OrderState.IN_SERVICE)


def visit_meant(step: Step) -> Order | None:
    """Return the visit a technician speaks of: the one under way, else the next that is accepted."""
    technician = technician_of(step)
    if technician is None:
        return None
    found = visits_of(step.tx, technician.id, from_at=step.now - _BEHIND, until_at=step.now + _AHEAD)
    mine = [one for one in found if one.state in ADDRESS_OPEN and one.technician_id == technician.id]
    under_way = next((one for one in mine if one.state in _ON_THE_WAY), None)
    return under_way or next(iter(mine), None)


def as_it_is(step: Step) -> Done:
    """Say how the visit stands, with what can be done about it now; that there is none."""
    order = visit_meant(step)
    if order is None:
        my_day = Button(step.say("menu.my_day"), plain(Look("my_day")))
        return Done(step.say("set_out.no_visit"), (my_day,))
    if order.state is OrderState.ARRIVED:
        return Done(step.say("my_day.now_arrived"), begin="start_visit", begin_values={"order": order.id})
    shown: Shown = visit_now(step, order)
    return Done(shown.text, shown.buttons, columns=shown.columns)


def start_with(*states: OrderState) -> Callable[[Step], Done | None]:
    """Return the start of a flow whose visit must be in one of these states; else it is shown as it is."""

    def start(step: Step) -> Done | None:
        order = visit_meant(step)
        if "order" not in step.values and order is not None and order.state in states:
            step.values["order"] = order.id
        return None if "order" in step.values else as_it_is(step)

    return start


_GOES = re.compile(r"^(?:我|那我|好)*(?:这就|现在)?(?:走了|走咯|走起|出门了?|过去了)[哈啊呀哦嘛,.!~ ]*(?:$|去|往)")


def _claims(step: Step, understood: Understanding) -> bool:
    """Whoever says "I'm off now" with a visit soon is on the way to it."""
    order = visit_meant(step) if _GOES.search(understood.normal) else None
    return order is not None and order.state is OrderState.ACCEPTED and order.starts_at - step.now < _SOON


def _set_out(step: Step) -> Done:
    return VERBS["depart"](step, step.values["order"])


def _arrive(step: Step) -> Done:
    """Who is at the door has been on the way, said or not."""
    order = visit_meant(step)
    if order is not None and order.state is OrderState.ACCEPTED:
        _set_out(step)
    return VERBS["arrive"](step, step.values["order"])


SET_OUT = Flow(
    name="set_out",
    role="technician",
    intents=("depart",),
    fields=(),
    start=start_with(OrderState.ACCEPTED),
    commit=_set_out,
    claims=_claims,
    outspoken=True,
    keeps={"order": int},
    unsure=True,
)
ARRIVE = Flow(
    name="arrive",
    role="technician",
    intents=("arrive",),
    fields=(),
    start=start_with(OrderState.ACCEPTED, OrderState.DEPARTED),
    commit=_arrive,
    keeps={"order": int},
    unsure=True,
)
