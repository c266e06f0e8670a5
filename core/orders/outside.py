"""Visits a technician has sold that lie outside their working time: nothing removes them, a person has to act."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_, select

from core import technicians
from core.calendar.tables import occupation
from core.db import Tx
from core.orders.moves import COLUMNS, Order, order_from
from core.orders.states import HOLDING, OrderState
from core.orders.tables import order
from core.technicians import WorkingTime
from core.wall import wall_minute

_DAY = timedelta(days=1)
_TO_COME = (
    select(*COLUMNS)
    .join(occupation, occupation.c.order_id == order.c.id)
    .where(
        occupation.c.technician_id == bindparam("b_technician"),
        occupation.c.change_id.is_(None),
        occupation.c.free_at > bindparam("b_now"),
        order.c.ends_at > bindparam("b_now"),
        or_(*(order.c.state == state.value for state in sorted(HOLDING))),
    )
    .order_by(order.c.starts_at, order.c.id)
)


def visits_outside(tx: Tx, technician_id: int, *, now: datetime, times: WorkingTime | None = None) -> tuple[Order, ...]:
    """Return the visits, unpaid ones too, that are not over and not wholly in the working time, in order.

    With `times`: not in those, should they become the working time.
    """
    times = times or technicians.times_of(tx, technician_id)
    return tuple(one for one in _to_come(tx, technician_id, now) if not _within(times, one))


def visits_to_come(tx: Tx, technician_id: int, *, now: datetime) -> tuple[Order, ...]:
    """Return the visits sold that are not over, in order."""
    return tuple(one for one in _to_come(tx, technician_id, now) if one.state is not OrderState.TO_PAY)


def visits_between(tx: Tx, technician_id: int, first: date, last: date, *, now: datetime) -> tuple[Order, ...]:
    """Return the visits sold that are not over and begin on these local days, in order."""
    return tuple(one for one in visits_to_come(tx, technician_id, now=now) if first <= _local_day(one) <= last)


def _to_come(tx: Tx, technician_id: int, now: datetime) -> tuple[Order, ...]:
    return tuple(order_from(row) for row in tx.all(_TO_COME, {"b_technician": technician_id, "b_now": now}))


def _local_day(one: Order) -> date:
    return one.starts_at.astimezone(ZoneInfo(one.zone)).date()


def _within(times: WorkingTime, one: Order) -> bool:
    """Whether working time covers a visit; the evening before may run past midnight, and spans that touch are one."""
    zone, day = ZoneInfo(one.zone), _local_day(one)
    reached, end = (int(at.timestamp()) // 60 for at in (one.starts_at, one.ends_at))
    for near in (day - _DAY, day, day + _DAY):
        for span in times.on(near):
            start, until = (wall_minute(near, minute, zone) for minute in span)
            if start <= reached < until:
                reached = until
    return reached >= end
