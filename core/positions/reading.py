"""Where the technician of a visit is now, and how long the way still takes."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from core.db import Tx
from core.errors import NotFound, PersonErased
from core.geo import Point
from core.orders.moves import Order
from core.orders.states import OrderState
from core.orders.views import Viewer, details
from core.people import key_of
from core.positions.sharing import PURPOSE
from core.positions.tables import position
from core.travel import TRAVEL

_FRESH = timedelta(minutes=3)
_OF_ORDER = (
    select(position.c.person_id, position.c.sealed, position.c.live_until, position.c.seen_at)
    .where(
        position.c.order_id == bindparam("b_order"),
        position.c.sealed.is_not(None),
        position.c.live_until > bindparam("b_now"),
        position.c.seen_at > bindparam("b_since"),
    )
    .order_by(position.c.seen_at.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Position:
    """Where somebody was at `seen_at`, WGS84, and until when they share it."""

    point: Point
    seen_at: datetime
    live_until: datetime


def where(tx: Tx, order: Order, *, now: datetime) -> Position | None:
    """Return where the technician on the way to this visit was within the last 3 minutes; None in any other state."""
    if order.state is not OrderState.DEPARTED:
        return None
    row = tx.first(_OF_ORDER, {"b_order": order.id, "b_now": now, "b_since": now - _FRESH})
    if row is None:
        return None
    try:
        lat, lng = json.loads(key_of(tx, row.person_id).open(row.sealed, PURPOSE))
    except (PersonErased, NotFound):
        return None
    return Position(Point(lat, lng), row.seen_at, row.live_until)


def minutes_left(tx: Tx, order: Order, *, now: datetime) -> int | None:
    """Return the whole minutes from the position to the door, less what has passed since; None without a position."""
    here = where(tx, order, now=now)
    door = details(tx, order.id, viewer=Viewer.CUSTOMER)
    if here is None or door.lat is None or door.lng is None:
        return None
    since = (now - here.seen_at) // timedelta(minutes=1)
    return max(1, TRAVEL.minutes(here.point, Point(door.lat, door.lng)) - since)
