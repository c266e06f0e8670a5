"""A technician's week: a line a day with visits and hours, or why there are none, and a button to each day."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from core import technicians
from core.orders.moves import Order
from core.orders.views import visits_of
from core.technicians import WorkingTime
from core.wall import day_starts
from dialogs.cards.visits import offers_button
from dialogs.engine.actions import Look, plain
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.fields.rota import span_words
from dialogs.fields.store_days import today, zone_of
from dialogs.outgoing import Button
from dialogs.roles import technician_of
from dialogs.texts import formats
from nlu import Understanding, When

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_LONGEST = 7
_MOST_DAYS_WITH_TURNING = 6


def days_meant(step: Step, understood: Understanding | None, about: dict[str, Any]) -> tuple[date, date] | None:
    """Return the first and last day that is meant, a week being the whole of it; None when none is named."""
    if "day" in about:
        day = date.fromisoformat(about["day"])
        return day, day
    said = None if understood is None else understood.first("when")
    if said is None or not isinstance(said.value, When) or said.value.start is None or not said.value.date_given:
        return None
    when, first = said.value, said.value.start.date()
    if when.grain in ("week", "month"):
        return monday_of(first), monday_of(first) + _WEEK - _DAY
    if when.kind == "range" and when.end is not None and when.grain == "day":
        last = (when.end - timedelta(microseconds=1)).date()
        return first, min(last, first + (_LONGEST - 1) * _DAY)
    return first, first


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - day.weekday() * _DAY


def _show(step: Step, understood: Understanding | None, about: dict[str, Any]) -> Shown:
    meant = days_meant(step, understood, about)
    first, last = meant or (today(step), today(step))
    if first == last:
        first = monday_of(first)
        last = first + _WEEK - _DAY
    return show_week(step, first, last)


def show_week(step: Step, first: date, last: date) -> Shown:
    """Show a stretch of local days, a week at most."""
    technician = technician_of(step)
    assert technician is not None
    zone = zone_of(step)
    visits = visits_of(step.tx, technician.id, from_at=day_starts(first, zone), until_at=day_starts(last + _DAY, zone))
    by_day: defaultdict[date, list[Order]] = defaultdict(list)
    for order in visits:
        by_day[order.starts_at.astimezone(zone).date()].append(order)
    times = technicians.times_of(step.tx, technician.id)
    days = [first + n * _DAY for n in range((last - first).days + 1)]
    stretch = step.say("leave.days", first=_name(step, first), last=_name(step, last))
    head = step.say("my_week.head" if visits else "my_week.none", days=stretch, count=len(visits), hours=_hours(visits))
    lines = [_line(step, day, by_day[day], times) for day in days if by_day[day] or day >= today(step)]
    return Shown("\n".join([head, *lines]), _buttons(step, first, days, by_day), columns=2)


def _line(step: Step, day: date, visits: list[Order], times: WorkingTime) -> str:
    """A day with its visits and hours; how it is worked at all."""
    name = _name(step, day)
    if visits:
        return step.say("my_week.day", day=name, count=len(visits), hours=_hours(visits))
    if times.on_leave(day):
        return step.say("my_week.leave", day=name)
    spans = times.on(day)
    return (
        step.say("my_week.free", day=name, span=span_words(step, spans)) if spans else step.say("my_week.off", day=name)
    )


def _hours(visits: list[Order] | tuple[Order, ...]) -> str:
    """Hours of work, to the tenth: 7.5."""
    minutes = sum((order.ends_at - order.starts_at) // timedelta(minutes=1) for order in visits)
    return f"{minutes / 60:.1f}".removesuffix(".0")


def _buttons(step: Step, first: date, days: list[date], by_day: dict[date, list[Order]]) -> tuple[Button, ...]:
    """A button to each day that has visits, the weeks on either side, and the offers that wait."""
    busy = tuple(
        Button(
            step.say("my_week.to_day", day=_name(step, day), count=len(by_day[day])),
            plain(Look("my_day", {"day": day.isoformat()})),
        )
        for day in days
        if by_day[day]
    )
    after = Button(step.say("my_week.next"), plain(Look("my_week", {"day": (first + _WEEK).isoformat()})))
    before = Button(step.say("my_week.previous"), plain(Look("my_week", {"day": (first - _WEEK).isoformat()})))
    turning = (before, after) if len(busy) <= _MOST_DAYS_WITH_TURNING else (after,)
    return (*busy, *turning) if busy else (*offers_button(step), *turning)


def _name(step: Step, day: date) -> str:
    return formats.calendar_day(day, step.lang)


MY_WEEK = View("my_week", "technician", ("my_week",), _show)
