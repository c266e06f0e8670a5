"""Working time as it is stored: of one technician, or of all who are approved."""

from collections import defaultdict
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from core.db import Tx
from core.technicians import tables
from core.technicians.shapes import TechnicianState
from core.technicians.times import Leave, RotaException, RotaSpan, WorkingTime

_ROTA_TABLE, _EXCEPTION, _LEAVE_TABLE = tables.rota, tables.rota_exception, tables.technician_leave
_TECHNICIAN, _STAMP = tables.technician, tables.times_stamp

_ROTA = select(
    _ROTA_TABLE.c.technician_id, _ROTA_TABLE.c.weekday, _ROTA_TABLE.c.from_minute, _ROTA_TABLE.c.to_minute
).order_by(_ROTA_TABLE.c.technician_id, _ROTA_TABLE.c.weekday, _ROTA_TABLE.c.from_minute)
_EXCEPTIONS = select(
    _EXCEPTION.c.technician_id, _EXCEPTION.c.day, _EXCEPTION.c.from_minute, _EXCEPTION.c.to_minute
).order_by(_EXCEPTION.c.technician_id, _EXCEPTION.c.day, _EXCEPTION.c.from_minute)
_LEAVE = select(_LEAVE_TABLE.c.technician_id, _LEAVE_TABLE.c.first_day, _LEAVE_TABLE.c.last_day).order_by(
    _LEAVE_TABLE.c.technician_id, _LEAVE_TABLE.c.first_day
)
_ROTA_OF = _ROTA.where(_ROTA_TABLE.c.technician_id == bindparam("b_id"))
_EXCEPTIONS_OF = _EXCEPTIONS.where(_EXCEPTION.c.technician_id == bindparam("b_id"))
_LEAVE_OF = _LEAVE.where(_LEAVE_TABLE.c.technician_id == bindparam("b_id"))


def _of_approved(statement: Select[Any], technician_id: Any) -> Select[Any]:
    return statement.join(_TECHNICIAN, _TECHNICIAN.c.id == technician_id).where(
        _TECHNICIAN.c.state == TechnicianState.APPROVED.value
    )


_ROTA_OF_ALL = _of_approved(_ROTA, _ROTA_TABLE.c.technician_id)
_EXCEPTIONS_OF_ALL = _of_approved(_EXCEPTIONS, _EXCEPTION.c.technician_id)
_LEAVE_OF_ALL = _of_approved(_LEAVE, _LEAVE_TABLE.c.technician_id)
_STAMPS = select(_STAMP.c.technician_id, _STAMP.c.stamp)


def rota_of(tx: Tx, technician_id: int) -> tuple[RotaSpan, ...]:
    """Return the weekly rota as stored now."""
    return tuple(RotaSpan(*row[1:]) for row in tx.all(_ROTA_OF, {"b_id": technician_id}))


def exceptions_of(tx: Tx, technician_id: int) -> tuple[RotaException, ...]:
    """Return the days that differ from the rota, as stored now."""
    return tuple(RotaException(*row[1:]) for row in tx.all(_EXCEPTIONS_OF, {"b_id": technician_id}))


def leave_of(tx: Tx, technician_id: int) -> tuple[Leave, ...]:
    """Return the days of leave as stored now, past ones too, in order."""
    return tuple(Leave(*row[1:]) for row in tx.all(_LEAVE_OF, {"b_id": technician_id}))


def times_of(tx: Tx, technician_id: int) -> WorkingTime:
    """Return when a technician in any state works, as stored now."""
    return WorkingTime(rota_of(tx, technician_id), exceptions_of(tx, technician_id), leave_of(tx, technician_id))


_span = lru_cache(maxsize=4096)(RotaSpan)
"""Most technicians share a few spans."""


def all_times(tx: Tx) -> dict[int, WorkingTime]:
    """Return when every approved technician works."""
    rota: defaultdict[int, list[RotaSpan]] = defaultdict(list)
    for row in tx.all(_ROTA_OF_ALL):
        rota[row[0]].append(_span(*row[1:]))
    exceptions: defaultdict[int, list[RotaException]] = defaultdict(list)
    for row in tx.all(_EXCEPTIONS_OF_ALL):
        exceptions[row[0]].append(RotaException(*row[1:]))
    leave: defaultdict[int, list[Leave]] = defaultdict(list)
    for row in tx.all(_LEAVE_OF_ALL):
        leave[row[0]].append(Leave(*row[1:]))
    return {
        one: WorkingTime(tuple(rota[one]), tuple(exceptions[one]), tuple(leave[one]))
        for one in rota.keys() | exceptions.keys() | leave.keys()
    }


def stamps(tx: Tx) -> dict[int, int]:
    """Return the stamp of everybody whose times were ever changed."""
    return {row.technician_id: row.stamp for row in tx.all(_STAMPS)}
