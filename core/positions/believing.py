"""Whether a position can be right: phones that have lost the sky name places in other cities."""

from core.calendar import crew_of
from core.db import Tx
from core.geo import Point
from core.orders.views import Viewer, details
from core.travel import TRAVEL

_ALWAYS_MINUTES = 180
_LEG_TIMES, _LEG_PLUS_MINUTES = 3, 60


def believable(tx: Tx, order_id: int, *, technician_id: int, point: Point) -> bool:
    """Tell whether somebody on the way to this visit can be there.

    Within 3 hours of the door, or within 3 times the booked leg and an hour; further off the leg itself is the better
    guess of when they come.
    """
    door = details(tx, order_id, viewer=Viewer.CUSTOMER)
    if door.lat is None or door.lng is None:
        return True
    legs = [one.leg_minutes for one in crew_of(tx, order_id) if one.technician_id == technician_id]
    most = max(_ALWAYS_MINUTES, _LEG_TIMES * max(legs, default=0) + _LEG_PLUS_MINUTES)
    return TRAVEL.minutes(point, Point(door.lat, door.lng)) <= most
