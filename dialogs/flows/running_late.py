"""A technician will be late and says so: by how much, and the customer hears of it at once."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from core.orders.moves import Order
from core.orders.states import OrderState
from core.orders.visit import running_late
from dialogs.engine.flow import Answer, Ask, Choice, Done, Field, Flow, Took
from dialogs.engine.step import Step
from dialogs.flows.set_out import as_it_is, visit_meant
from dialogs.roles import technician_of
from nlu import Understanding

_COMING = (OrderState.ACCEPTED, OrderState.DEPARTED)
_SOON = timedelta(hours=4)
_OFFERED = (10, 20, 30)
_MOST_MINUTES = 180
_BARE = re.compile(r"[1-9][0-9]{0,2}")
_SAID = re.compile(r"(?<![0-9])([1-9][0-9]{0,2}) ?(?:min|分)")
_LATE = re.compile(
    r"堵车|堵(?:住|路上|在)|(?:要|会|可能|大概|得|路上)?晚(?:到|[一二两三四五六七八九十半0-9]+个?(?:分|小时|刻))|迟到|赶不到|来不及(?:准时|按时)"
    r"|\b(?:stuck in|traffic|(?:running|be|bit|little|min(?:ute)?s?|hour) late|late for|delayed|held up)\b"
)
_HELD_UP = re.compile(r"堵|晚到|迟到|赶不到|\b(?:stuck in|traffic|running late|delayed|held up)\b")
"""Said of the way there."""
_MOVES = re.compile(r"改|换|\b(?:move|change|make it|instead|reschedule)\b")
_ASKS = re.compile(r"[吗么不没?]|顾客|客人|客户|\b(?:if|can|could|customer|client)\b")
"""可以晚半小时不 asks for another time, 客人迟到了 speaks of somebody else."""


def _claims(step: Step, understood: Understanding) -> bool:
    """Somebody with a visit to go to tells that they are held up."""
    words = understood.normal
    if _LATE.search(words) is None or _ASKS.search(words) is not None or understood.first("order_code") is not None:
        return False
    order = visit_meant(step)
    return _coming(order, step.now) or (_speaks_of_the_way(step, understood) and _is_ahead(order))


def _speaks_of_the_way(step: Step, understood: Understanding) -> bool:
    """Whether a technician tells of the road, and wishes for no other time."""
    words = understood.normal
    if step.frame.flow or _HELD_UP.search(words) is None or _MOVES.search(words) is not None:
        return False
    return technician_of(step) is not None


def _is_ahead(order: Order | None) -> bool:
    """Whether there is nothing to be late for yet: that is told, and no customer is troubled."""
    return order is None or order.state is OrderState.ACCEPTED


def _coming(order: Order | None, now: datetime) -> bool:
    """Whether somebody can be late for it: on the way, or about to be; a day before, another time is proposed."""
    if order is None or order.state not in _COMING:
        return False
    return order.state is OrderState.DEPARTED or order.starts_at - now < _SOON


def _start(step: Step) -> Done | None:
    order = visit_meant(step)
    if order is None or not _coming(order, step.now):
        return _nothing_to_be_late_for(step, order)
    step.values["order"] = order.id
    return None


def _nothing_to_be_late_for(step: Step, order: Order | None) -> Done:
    done = as_it_is(step)
    if order is None or order.state is not OrderState.ACCEPTED:
        return done
    return replace(done, text=f"{step.say('running_late.not_yet')}\n{done.text}")


def _ask(step: Step) -> Ask:
    choices = (Choice(step.say("running_late.minutes", minutes=each), {"minutes": each}) for each in _OFFERED)
    return Ask(step.say("running_late.ask"), tuple(choices))


def _read(_step: Step, answer: Answer) -> Took | None:
    said = None if answer.understood is None else answer.understood.first("duration")
    bare = answer.text.strip()
    counted = _SAID.search(bare)
    if said is None and (counted is not None or (answer.asked and _BARE.fullmatch(bare))):
        return Took({"minutes": min(int(bare if counted is None else counted[1]), _MOST_MINUTES)})
    if said is None or not isinstance(said.value, int) or not 0 < said.value <= _MOST_MINUTES:
        return None
    return Took({"minutes": said.value})


def _commit(step: Step) -> Done:
    technician, minutes = technician_of(step), step.values["minutes"]
    assert technician is not None
    running_late(step.tx, step.values["order"], technician_id=technician.id, minutes=minutes, now=step.now)
    return Done(step.say("running_late.done", minutes=minutes))


RUNNING_LATE = Flow(
    name="running_late",
    role="technician",
    intents=(),
    fields=(Field("minutes", "duration", _ask, _read, holds=int),),
    start=_start,
    commit=_commit,
    claims=_claims,
    keeps={"order": int},
    outspoken=True,
)
