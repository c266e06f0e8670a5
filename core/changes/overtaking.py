"""An order that goes another way than was asked for: its open request is over."""

from datetime import datetime

from core import calendar
from core.changes import requests, rules
from core.changes.requests import Change, ChangeGone
from core.changes.states import ChangeEvent
from core.changes.telling import customer_of, technicians, tell_parties
from core.db import Tx
from core.messages import Template
from core.orders.alerts import alert_worse_off
from core.orders.moves import Order
from core.orders.states import OrderState


def overtake(tx: Tx, before: Order, moved: Order, *, now: datetime) -> Change | None:
    """End the open request of an order that has just moved, free what it asked for, and tell whom nothing else tells.

    The move comes first: what is read then is what was committed before it, and nothing can be asked after it.
    """
    if before.state is not OrderState.ACCEPTED:
        return None
    pending = requests.open_change(tx, moved.id)
    if pending is None:
        return None
    try:
        ended = requests.end(tx, pending, ChangeEvent.OVERTAKEN, now)
    except ChangeGone:
        return None  # it was answered at the same time
    late = calendar.drop_change(tx, moved.id, pending.id, now)
    asked = rules.parties(requests.consents(tx, pending.id))
    known = {customer_of(before), *technicians((*before.crew_ids, *moved.crew_ids))}
    tell_parties(tx, moved, ended, Template.CHANGE_WITHDRAWN, [one for one in asked if one not in known], now=now)
    if moved.state is OrderState.DEPARTED:  # the visit goes on as it was: who waited for an answer hears that
        waiting = [one for one in (pending.asker, *asked) if one == customer_of(before)]
        template = Template.CHANGE_EXPIRED if pending.asker == customer_of(before) else Template.CHANGE_WITHDRAWN
        tell_parties(tx, moved, ended, template, waiting, now=now)
    alert_worse_off(tx, late, now=now)
    return ended
