"""When a technician works, whether on duty, and what their visits and reviews add up to."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import bindparam, delete, update

from core.db import Tx, insert_into
from core.errors import InvalidInput, NotFound
from core.settings import bump
from core.technicians import tables
from core.technicians.reading import FIGURES_STAMP, TIMES_STAMP
from core.technicians.shapes import RotaSpan, checked_exceptions, checked_rota

_T = tables.technician
_EXCEPTION = tables.rota_exception
_THIS = _T.c.id == bindparam("b_id")
_MEET = update(_T).where(_THIS).values(calendar_version=_T.c.calendar_version + 1)
_SET_DUTY = update(_T).where(_THIS).values(on_duty_at=bindparam("new_on_duty_at"))
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


def set_rota(tx: Tx, technician_id: int, spans: Iterable[RotaSpan]) -> tuple[RotaSpan, ...]:
    """Replace the weekly rota and return it in order; visits already sold stay. Raises InvalidInput, NotFound."""
    ordered = checked_rota(spans)
    _guard(tx, technician_id)
    write_rota(tx, technician_id, ordered)
    bump(tx, TIMES_STAMP)
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
    bump(tx, TIMES_STAMP)


def clear_exception(tx: Tx, technician_id: int, *, day: date) -> None:
    """Let one local day follow the rota again; raises NotFound."""
    _guard(tx, technician_id)
    tx.execute(_DELETE_EXCEPTION, {"b_id": technician_id, "b_day": day})
    bump(tx, TIMES_STAMP)


def set_duty(tx: Tx, technician_id: int, *, on: bool, now: datetime) -> None:
    """Take visits from now on, or none; raises NotFound."""
    if not tx.execute(_SET_DUTY, {"b_id": technician_id, "new_on_duty_at": now if on else None}):
        raise NotFound(kind="technician")
    bump(tx, FIGURES_STAMP)


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
