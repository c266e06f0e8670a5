"""When a technician works, whether on duty, and what their visits and reviews add up to."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import bindparam, delete, update

from core.db import Tx, insert_into
from core.errors import InvalidInput, NotFound, StateConflict
from core.settings import bump
from core.technicians import tables
from core.technicians.reading import FIGURES_STAMP, TIMES_STAMP, technician
from core.technicians.shapes import TechnicianState
from core.technicians.stored_times import leave_of
from core.technicians.times import (
    Leave,
    RotaSpan,
    checked_exceptions,
    checked_leave,
    checked_rota,
    with_leave,
    without_leave,
)

_T = tables.technician
_EXCEPTION, _LEAVE, _STAMP = tables.rota_exception, tables.technician_leave, tables.times_stamp
_THIS = _T.c.id == bindparam("b_id")
_MEET = update(_T).where(_THIS).values(calendar_version=_T.c.calendar_version + 1)
_GO_ON_DUTY = (
    update(_T)
    .where(_THIS, _T.c.state == TechnicianState.APPROVED.value, _T.c.on_duty_at.is_(None))
    .values(on_duty_at=bindparam("new_on_duty_at"))
)
_GO_OFF_DUTY = update(_T).where(_THIS, _T.c.on_duty_at.is_not(None)).values(on_duty_at=None)
_ADD_STARS = (
    update(_T).where(_THIS).values(stars_sum=_T.c.stars_sum + bindparam("more"), stars_count=_T.c.stars_count + 1)
)
_COUNT_VISIT = update(_T).where(_THIS).values(visits_done=_T.c.visits_done + 1)
_DELETE_ROTA = delete(tables.rota).where(tables.rota.c.technician_id == bindparam("b_id"))
_INSERT_ROTA = insert_into(tables.rota)
_DELETE_EXCEPTION = delete(_EXCEPTION).where(
    _EXCEPTION.c.technician_id == bindparam("b_id"), _EXCEPTION.c.day == bindparam("b_day")
)
_INSERT_EXCEPTION = insert_into(_EXCEPTION)
_DELETE_LEAVE = delete(_LEAVE).where(_LEAVE.c.technician_id == bindparam("b_id"))
_INSERT_LEAVE = insert_into(_LEAVE)
_SET_STAMP = update(_STAMP).where(_STAMP.c.technician_id == bindparam("b_id")).values(stamp=bindparam("new_stamp"))
_INSERT_STAMP = insert_into(_STAMP)


def set_rota(tx: Tx, technician_id: int, spans: Iterable[RotaSpan]) -> tuple[RotaSpan, ...]:
    """Replace the weekly rota and return it in order; visits already sold stay. Raises InvalidInput, NotFound."""
    ordered = checked_rota(spans)
    _guard(tx, technician_id)
    write_rota(tx, technician_id, ordered)
    _changed(tx, technician_id)
    return ordered


def set_exception(tx: Tx, technician_id: int, *, day: date, spans: Iterable[tuple[int, int]]) -> None:
    """Let one local day differ from the rota: (from, to) minutes, none: the day off. Raises InvalidInput, NotFound."""
    special = checked_exceptions(day, spans)
    _guard(tx, technician_id)
    tx.execute(_DELETE_EXCEPTION, {"b_id": technician_id, "b_day": day})
    tx.execute_many(
        _INSERT_EXCEPTION,
        (
            {"technician_id": technician_id, "day": day, "from_minute": one.from_minute, "to_minute": one.to_minute}
            for one in special
        ),
    )
    _changed(tx, technician_id)


def clear_exception(tx: Tx, technician_id: int, *, day: date) -> None:
    """Let one local day follow the rota again; raises NotFound."""
    _guard(tx, technician_id)
    tx.execute(_DELETE_EXCEPTION, {"b_id": technician_id, "b_day": day})
    _changed(tx, technician_id)


def take_leave(tx: Tx, technician_id: int, first: date, last: date) -> tuple[Leave, ...]:
    """Work on none of these local days, a year at most, and return all leave; visits already sold stay.

    What the days' exceptions say holds again once the leave is over. Raises InvalidInput, NotFound.
    """
    more = checked_leave(first, last)
    _guard(tx, technician_id)
    return _set_leave(tx, technician_id, with_leave(leave_of(tx, technician_id), more))


def end_leave(tx: Tx, technician_id: int, first: date, last: date) -> tuple[Leave, ...]:
    """Work again on these local days as far as they were leave, and return the leave left; raises InvalidInput."""
    less = checked_leave(first, last)
    _guard(tx, technician_id)
    return _set_leave(tx, technician_id, without_leave(leave_of(tx, technician_id), less))


def set_duty(tx: Tx, technician_id: int, *, on: bool, now: datetime) -> bool:
    """Take visits from now on, or no new ones, those sold stay; tell whether that is news.

    Raises NotFound, and StateConflict for somebody who is not approved and would take visits.
    """
    this = {"b_id": technician_id}
    if tx.execute(_GO_ON_DUTY, this | {"new_on_duty_at": now}) if on else tx.execute(_GO_OFF_DUTY, this):
        bump(tx, FIGURES_STAMP)
        return True
    known = technician(tx, technician_id)
    if on and known.state is not TechnicianState.APPROVED:
        raise StateConflict(kind="technician", state=known.state)
    return False


def add_stars(tx: Tx, technician_id: int, stars: int) -> None:
    """Count one review of 1 to 5 stars; raises InvalidInput, NotFound."""
    if not 1 <= stars <= 5:
        raise InvalidInput(field="stars")
    if not tx.execute(_ADD_STARS, {"b_id": technician_id, "more": stars}):
        raise NotFound(kind="technician")
    bump(tx, FIGURES_STAMP)


def count_visit(tx: Tx, technician_id: int) -> None:
    """Count one visit that was done; cards show it when the roster is read next. Raises NotFound."""
    if not tx.execute(_COUNT_VISIT, {"b_id": technician_id}):
        raise NotFound(kind="technician")


def write_rota(tx: Tx, technician_id: int, ordered: tuple[RotaSpan, ...]) -> None:
    """Replace the rows of a rota that was checked."""
    tx.execute(_DELETE_ROTA, {"b_id": technician_id})
    tx.execute_many(
        _INSERT_ROTA,
        (
            {
                "technician_id": technician_id,
                "weekday": span.weekday,
                "from_minute": span.from_minute,
                "to_minute": span.to_minute,
            }
            for span in ordered
        ),
    )


def _guard(tx: Tx, technician_id: int) -> None:
    """Working time decides what may be sold, so it changes under the technician's calendar guard."""
    if not tx.execute(_MEET, {"b_id": technician_id}):
        raise NotFound(kind="technician")


def _set_leave(tx: Tx, technician_id: int, leave: tuple[Leave, ...]) -> tuple[Leave, ...]:
    tx.execute(_DELETE_LEAVE, {"b_id": technician_id})
    tx.execute_many(
        _INSERT_LEAVE,
        ({"technician_id": technician_id, "first_day": one.first, "last_day": one.last} for one in leave),
    )
    _changed(tx, technician_id)
    return leave


def _changed(tx: Tx, technician_id: int) -> None:
    """Tell every process that working times changed, and whose; the guard keeps two writers of one stamp apart."""
    stamp = bump(tx, TIMES_STAMP)
    if not tx.execute(_SET_STAMP, {"b_id": technician_id, "new_stamp": stamp}):
        tx.execute(_INSERT_STAMP, {"technician_id": technician_id, "stamp": stamp})
