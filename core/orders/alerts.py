"""A visit gone leaves another worse off: its technician and the operators must know in time."""

from collections.abc import Iterable
from datetime import datetime

from core.calendar import Occupation, crew_of
from core.db import Tx
from core.messages import Template
from core.orders.moves import Order, load
from core.orders.states import OrderState
from core.orders.telling import tell_technician
from core.support import open_house_ticket


def alert_worse_off(tx: Tx, late: Iterable[Occupation], *, now: datetime) -> None:
    """Call an operator for each visit whose way has become longer than the time there is, and tell its technician.

    A technician who has not said yes yet is told nothing: the way is in nobody's plans.
    """
    for gone_by in late:
        taken = next((one for one in crew_of(tx, gone_by.order_id or 0) if one.id == gone_by.id), None)
        if taken is None or taken.order_id is None:
            continue
        order = load(tx, taken.order_id)
        open_house_ticket(tx, summary=_words(order, taken), order_id=order.id, now=now)
        if order.state is OrderState.ACCEPTED:
            tell_technician(
                tx,
                order,
                Template.VISIT_TIGHT,
                now=now,
                technician_id=taken.technician_id,
                expires_at=order.starts_at,
                leg_minutes=taken.leg_minutes,
                from_home=taken.leg_from == "base",
            )


def _words(order: Order, taken: Occupation) -> str:
    """Say in ids and figures what an operator has to look at."""
    return (
        f"order {order.code} ({order.state}) at {taken.starts_at.isoformat()}: technician {taken.technician_id} comes "
        f"from {taken.leg_from} in {taken.leg_minutes} min, later than that"
    )
