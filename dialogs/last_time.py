"""What somebody had before: the last visit that took place."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.orders.moves import Order
from core.orders.states import SERVED
from core.orders.views import orders_of
from core.wall import instant
from dialogs.engine.step import Step

MOST_LOOKED_AT = 60


def served_orders(step: Step) -> tuple[Order, ...]:
    """Return the person's orders whose visits took place, the latest visit first."""
    if "served" not in step.memo:
        found = orders_of(step.tx, step.person_id, most=MOST_LOOKED_AT)
        served = [order for order in found if order.state in SERVED]
        step.memo["served"] = tuple(sorted(served, key=lambda order: order.starts_at, reverse=True))
    orders: tuple[Order, ...] = step.memo["served"]
    return orders


def last_served(step: Step) -> Order | None:
    """Return the order of the last visit that took place."""
    return next(iter(served_orders(step)), None)


def as_then(step: Step, day: date) -> list[datetime]:
    """Return last time's weekday and hour in the week of that day, and a week after last time: one, or two, to come."""
    then = datetime.fromisoformat(step.values["_usual"])
    of_that_week = day + timedelta(days=then.weekday() - day.weekday())
    days = sorted({of_that_week, then.date() + timedelta(weeks=1)})
    starts = (instant(datetime.combine(one, then.time()), ZoneInfo(step.zone)) for one in days)
    return [start for start in starts if start > step.now]
