"""How a visit stands, as the answer to "where are they?": one sentence, and what can be done when it is late."""

from datetime import datetime, timedelta
from typing import Any

from core import positions
from core.calendar import crew_of
from core.db import Tx
from core.messages import Template
from core.money.payments import live_payment
from core.orders.moves import Order
from core.orders.states import OrderState
from dialogs.engine.actions import Word, plain
from dialogs.engine.step import Step
from dialogs.fields.plan import all_named
from dialogs.outgoing import Button, Place

_MINUTE = timedelta(minutes=1)
_LEAST_LIVE, _MOST_LIVE = 60, 86_400
"""Seconds for which platforms let a place move."""


def way_words(step: Step, order: Order) -> str:
    """Write how far the technician is, at this minute; empty where the order's card says it all."""
    who = all_named(step, order.crew_ids) or step.say("order.nobody_yet")
    facts = {"who": who, "moment": step.moment(order.starts_at, order.zone)}
    match order.state:
        case OrderState.TO_PAY:
            return _unpaid(step, order)
        case OrderState.TO_ACCEPT:
            return _asked(step, order, facts)
        case OrderState.UNDECIDED:
            return step.say("way.undecided")
        case OrderState.ACCEPTED:
            return step.say("way.not_set_out" if late(step, order) else "way.to_come", **facts)
        case OrderState.DEPARTED:
            return _under_way(step, order, facts)
        case OrderState.ARRIVED:
            return step.say("way.arrived", **facts)
        case _:
            return ""


def way_left(step: Step, order: Order) -> dict[str, Any]:
    """Return the minutes the way still takes, and when it ends: from where the technician is, else as was told."""
    ways = [one.leg_minutes for one in crew_of(step.tx, order.id) if one.technician_id == order.technician_id]
    told = (order.departed_at or step.now) + (ways[0] if ways else 0) * _MINUTE
    guess = max(1, -((step.now - told) // _MINUTE))
    minutes = positions.minutes_left(step.tx, order, now=step.now) or guess
    return {"minutes": minutes, "clock": step.clock(step.now + minutes * _MINUTE, order.zone)}


def moving_place(tx: Tx, template: Template, order: Order | None, *, now: datetime) -> Place | None:
    """Return the place a message about a shared position shows, as it is now; None for every other message."""
    if template is not Template.POSITION_SHARED or order is None:
        return None
    here = positions.where(tx, order, now=now)
    if here is None:
        return None
    seconds = int((here.live_until - now).total_seconds())
    return Place(here.point.lat, here.point.lng, min(max(seconds, _LEAST_LIVE), _MOST_LIVE))


def late(step: Step, order: Order) -> bool:
    """Tell whether the visit should have begun, and nobody has come."""
    return order.state in (OrderState.ACCEPTED, OrderState.DEPARTED) and order.starts_at < step.now


def late_buttons(step: Step, order: Order) -> tuple[Button, ...]:
    """Return the way to somebody who can ring the technician, while the visit is late."""
    return (Button(step.say("word.human"), plain(Word("human"))),) if late(step, order) else ()


def way_question(step: Step, order: Order) -> str:
    """Write what the customer has to decide before anybody comes, to stand right above the choices; else empty."""
    return step.say("way.undecided_ask") if order.state is OrderState.UNDECIDED else ""


def _unpaid(step: Step, order: Order) -> str:
    """Nobody is asked before it is paid for."""
    payment = live_payment(step.tx, order.id)
    return "" if payment is None else step.say("way.to_pay", until=step.clock(payment.expires_at, order.zone))


def _asked(step: Step, order: Order, facts: dict[str, str]) -> str:
    if order.decide_by is None or order.anyone_at is not None or not order.crew_ids:
        return step.say("way.asking")
    return step.say("way.asked", who=facts["who"], until=step.clock(order.decide_by, order.zone))


def _under_way(step: Step, order: Order, facts: dict[str, str]) -> str:
    """Minutes are from where they are, if they share it, else those told when they set out, less what has passed.

    Past them nothing is promised.
    """
    seen = positions.minutes_left(step.tx, order, now=step.now)
    if seen is not None:
        clock = step.clock(step.now + seen * _MINUTE, order.zone)
        return step.say("way.seen", **facts, minutes=seen, clock=clock)
    ways = [one.leg_minutes for one in crew_of(step.tx, order.id) if one.technician_id == order.technician_id]
    if order.departed_at is None or not ways:
        return step.say("way.departed", **facts)
    there_at = order.departed_at + ways[0] * _MINUTE
    left = -((step.now - there_at) // _MINUTE)
    if left <= 0 and not late(step, order):  # who sets out early may wait for the hour
        return step.say("way.departed", **facts)
    if left <= 0:
        return step.say("way.overdue", **facts, clock=step.clock(there_at, order.zone))
    return step.say("way.minutes", **facts, minutes=left, clock=step.clock(there_at, order.zone))
