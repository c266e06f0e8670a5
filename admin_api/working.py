"""Working time: the weekly rota, days that differ, leave and duty; and the visits sold that a change leaves outside."""

from collections.abc import Callable, Iterable
from datetime import date
from itertools import groupby
from typing import Annotated, Any, TypeVar

from fastapi import Query
from pydantic import BeforeValidator, Field, StrictBool, StrictInt

from admin_api.acting import Act, Acting
from admin_api.shapes import Id, Limit, Model, Moment, shown
from admin_api.technicians import RotaOut
from core import audit, technicians
from core.audit import Operator
from core.db import Tx
from core.orders.moves import Order
from core.orders.outside import visits_outside
from core.orders.states import OrderState
from core.technicians import Leave, RotaException, RotaSpan, WorkingChange

Out = TypeVar("Out")
_MOST_SPANS = 24

_VISIT = {
    "id": "112365899124084743",
    "code": "K7QX3M",
    "state": "accepted",
    "starts_at": "2026-03-11T07:00:00Z",
    "ends_at": "2026-03-11T08:00:00Z",
}
_WEEK = [{"weekday": 0, "from_minute": 540, "to_minute": 720}, {"weekday": 0, "from_minute": 780, "to_minute": 1260}]
_SPAN = {"from_minute": 600, "to_minute": 900}
_SPECIAL = {"day": "2026-03-11", "spans": [_SPAN]}
_LEAVE = {"first": "2026-03-16", "last": "2026-03-20"}


def _day(value: object) -> object:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or len(value) != 10:
        raise ValueError("a day is written YYYY-MM-DD")
    return date.fromisoformat(value)


Day = Annotated[date, BeforeValidator(_day), Field(examples=["2026-03-11"])]
FromDay = Annotated[
    Day | None,
    Query(description="Days from this one on: `next_cursor` of the page before, or today to leave out the past."),
]
Minute = Annotated[StrictInt, Field(ge=0, lt=1440)]
UntilMinute = Annotated[StrictInt, Field(ge=1, lt=2880, description="Past 1440 it is the next morning.")]


class VisitOutside(Model):
    """A visit sold that does not lie in the working time any more; it stays until somebody moves or cancels it."""

    id: Id
    code: str
    state: OrderState
    starts_at: Moment
    ends_at: Moment


class DaySpan(Model):
    """Working time within a day, in minutes of the local day; a break is the gap between two."""

    from_minute: Minute
    to_minute: UntilMinute


class WeekSpan(DaySpan):
    """Working time every week: weekday 0 is Monday."""

    weekday: Annotated[StrictInt, Field(ge=0, le=6)]


class Week(Model):
    """The weekly rota that replaces the one there is; no spans: no weekly work."""

    model_config = shown({"spans": _WEEK})

    spans: Annotated[list[WeekSpan], Field(max_length=7 * _MOST_SPANS)]


class WeekOut(Model):
    """The weekly rota, and every visit sold that lies outside the working time as it is now."""

    model_config = shown({"spans": _WEEK, "visits_outside": [_VISIT]})

    spans: list[RotaOut]
    visits_outside: list[VisitOutside]


class SpecialDay(Model):
    """A day that differs from the rota; no spans: the day off."""

    day: Day
    spans: list[DaySpan]


class SpecialDayPage(Model):
    """Days that differ from the rota, in order; `next_cursor` is the day the next page begins with."""

    model_config = shown({"items": [_SPECIAL], "next_cursor": None})

    items: list[SpecialDay]
    next_cursor: Day | None


class DaySpans(Model):
    """What the day looks like instead of the rota; no spans: the day off."""

    model_config = shown({"spans": [_SPAN]})

    spans: Annotated[list[DaySpan], Field(max_length=_MOST_SPANS)]


class DayOut(Model):
    """The working time of one day with leave and rota taken into account, and the visits sold outside any of it."""

    model_config = shown({**_SPECIAL, "on_leave": False, "visits_outside": []})

    day: Day
    spans: list[DaySpan]
    on_leave: bool
    visits_outside: list[VisitOutside]


class LeaveDays(Model):
    """Local days without work, both ends counted; a year at most at a time."""

    model_config = shown(_LEAVE)

    first: Day
    last: Day


class LeaveOut(Model):
    """All leave in order, past leave too, and every visit sold that lies outside the working time as it is now."""

    model_config = shown({"leave": [_LEAVE], "visits_outside": [_VISIT]})

    leave: list[LeaveDays]
    visits_outside: list[VisitOutside]


class Duty(Model):
    """Whether the technician takes new visits; those sold stay either way."""

    model_config = shown({"on": False})

    on: StrictBool


class DutyOut(Model):
    """Since when the technician takes visits; null: takes no new ones."""

    model_config = shown({"on_duty_at": "2026-03-10T02:00:00Z"})

    on_duty_at: Moment | None


async def get_rota(technician_id: Id, act: Acting) -> WeekOut:
    """Show the weekly rota and the visits sold that lie outside the working time."""
    return await act.read(lambda tx, _: _week(tx, act, technician_id))


async def set_rota(technician_id: Id, body: Week, act: Acting) -> WeekOut:
    """Replace the weekly rota; visits sold stay, and those now outside it are named."""
    spans = [RotaSpan(one.weekday, one.from_minute, one.to_minute) for one in body.spans]

    def verb(tx: Tx) -> dict[str, Any]:
        done = technicians.set_rota(tx, technician_id, spans)
        technicians.tell_working_change(tx, technician_id, WorkingChange.ROTA, now=act.now)
        return {"minutes": sum(span.to_minute - span.from_minute for span in done)}

    return await _change(act, technician_id, "technician.rota_set", verb, _week)


async def list_exceptions(technician_id: Id, act: Acting, cursor: FromDay = None, limit: Limit = 50) -> SpecialDayPage:
    """List the days that differ from the weekly rota."""

    def page(tx: Tx, by: Operator) -> SpecialDayPage:
        technicians.technician(tx, technician_id)
        rows = [one for one in technicians.exceptions_of(tx, technician_id) if cursor is None or one.day >= cursor]
        days = [SpecialDay(day=day, spans=_day_spans(of)) for day, of in groupby(rows, key=lambda one: one.day)]
        return SpecialDayPage(items=days[:limit], next_cursor=days[limit].day if len(days) > limit else None)

    return await act.read(page)


async def set_exception(technician_id: Id, day: Day, body: DaySpans, act: Acting) -> DayOut:
    """Let one day differ from the rota: other hours, or none; visits sold stay, and those now outside are named."""
    spans = [(one.from_minute, one.to_minute) for one in body.spans]

    def verb(tx: Tx) -> dict[str, Any]:
        technicians.set_exception(tx, technician_id, day=day, spans=spans)
        technicians.tell_working_change(tx, technician_id, WorkingChange.DAY, first=day, now=act.now)
        return {"day": day.isoformat(), "minutes": sum(end - start for start, end in spans)}

    return await _change(act, technician_id, "technician.day_set", verb, _one_day(day))


async def clear_exception(technician_id: Id, day: Day, act: Acting) -> DayOut:
    """Let one day follow the weekly rota again."""

    def verb(tx: Tx) -> dict[str, Any]:
        technicians.clear_exception(tx, technician_id, day=day)
        technicians.tell_working_change(tx, technician_id, WorkingChange.DAY_CLEARED, first=day, now=act.now)
        return {"day": day.isoformat()}

    return await _change(act, technician_id, "technician.day_cleared", verb, _one_day(day))


async def get_leave(technician_id: Id, act: Acting) -> LeaveOut:
    """Show a technician's leave and the visits sold that lie outside the working time."""
    return await act.read(lambda tx, _: _leave(tx, act, technician_id))


async def take_leave(technician_id: Id, body: LeaveDays, act: Acting) -> LeaveOut:
    """Put a technician on leave; visits sold stay, and those in it are named."""
    return await _on_leave(act, technician_id, "technician.leave_taken", technicians.take_leave, body.first, body.last)


async def end_leave(technician_id: Id, first: Day, last: Day, act: Acting) -> LeaveOut:
    """Let a technician work again on these days as far as they were leave."""
    return await _on_leave(act, technician_id, "technician.leave_ended", technicians.end_leave, first, last)


async def set_duty(technician_id: Id, body: Duty, act: Acting) -> DutyOut:
    """Let a technician take new visits from now on, or none; visits sold stay either way."""

    def verb(tx: Tx, by: Operator) -> DutyOut:
        if technicians.set_duty(tx, technician_id, on=body.on, now=act.now):
            _note(tx, act, by, technician_id, "technician.on_duty" if body.on else "technician.off_duty", {})
            what = WorkingChange.ON_DUTY if body.on else WorkingChange.OFF_DUTY
            technicians.tell_working_change(tx, technician_id, what, now=act.now)
        return DutyOut(on_duty_at=technicians.technician(tx, technician_id).on_duty_at)

    return await act.write(verb)


async def _on_leave(
    act: Act,
    technician_id: int,
    action: str,
    change: Callable[[Tx, int, date, date], tuple[Leave, ...]],
    first: date,
    last: date,
) -> LeaveOut:
    def verb(tx: Tx) -> dict[str, Any]:
        change(tx, technician_id, first, last)
        what = WorkingChange.LEAVE if change is technicians.take_leave else WorkingChange.LEAVE_ENDED
        technicians.tell_working_change(tx, technician_id, what, first=first, last=last, now=act.now)
        return {"first": first.isoformat(), "last": last.isoformat()}

    return await _change(act, technician_id, action, verb, _leave)


async def _change(
    act: Act,
    technician_id: int,
    action: str,
    verb: Callable[[Tx], dict[str, Any]],
    shape: Callable[[Tx, Act, int], Out],
) -> Out:
    """Do a verb, write down its facts, and show what is so afterwards."""

    def unit(tx: Tx, by: Operator) -> Out:
        _note(tx, act, by, technician_id, action, verb(tx))
        return shape(tx, act, technician_id)

    return await act.write(unit)


def _note(tx: Tx, act: Act, by: Operator, technician_id: int, action: str, facts: dict[str, Any]) -> None:
    audit.note(
        tx, action, actor_id=by.id, subject_kind="technician", subject_id=technician_id, facts=facts, now=act.now
    )


def _week(tx: Tx, act: Act, technician_id: int) -> WeekOut:
    technicians.technician(tx, technician_id)
    spans = technicians.rota_of(tx, technician_id)
    return WeekOut(
        spans=[RotaOut(weekday=one.weekday, from_minute=one.from_minute, to_minute=one.to_minute) for one in spans],
        visits_outside=_outside(tx, act, technician_id),
    )


def _one_day(day: date) -> Callable[[Tx, Act, int], DayOut]:
    def shape(tx: Tx, act: Act, technician_id: int) -> DayOut:
        times = technicians.times_of(tx, technician_id)
        return DayOut(
            day=day,
            spans=[DaySpan(from_minute=start, to_minute=end) for start, end in times.on(day)],
            on_leave=times.on_leave(day),
            visits_outside=_outside(tx, act, technician_id),
        )

    return shape


def _leave(tx: Tx, act: Act, technician_id: int) -> LeaveOut:
    technicians.technician(tx, technician_id)
    return LeaveOut(
        leave=[LeaveDays(first=one.first, last=one.last) for one in technicians.leave_of(tx, technician_id)],
        visits_outside=_outside(tx, act, technician_id),
    )


def _day_spans(of: Iterable[RotaException]) -> list[DaySpan]:
    return [DaySpan(from_minute=a.from_minute, to_minute=a.to_minute) for a in of if a.from_minute != a.to_minute]


def _outside(tx: Tx, act: Act, technician_id: int) -> list[VisitOutside]:
    return [_visit(one) for one in visits_outside(tx, technician_id, now=act.now)]


def _visit(one: Order) -> VisitOutside:
    return VisitOutside(id=one.id, code=one.code, state=one.state, starts_at=one.starts_at, ends_at=one.ends_at)
