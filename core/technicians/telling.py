"""Telling technicians what an operator changed about their working time."""

from datetime import date, datetime
from enum import StrEnum

from core.db import Tx
from core.ids import new_id
from core.messages.telling import tell
from core.messages.templates import Template
from core.technicians.reading import technician


class WorkingChange(StrEnum):
    """What was changed."""

    ROTA = "rota"
    DAY = "day"
    DAY_CLEARED = "day_cleared"
    LEAVE = "leave"
    LEAVE_ENDED = "leave_ended"
    ON_DUTY = "on_duty"
    OFF_DUTY = "off_duty"


def tell_working_change(
    tx: Tx,
    technician_id: int,
    what: WorkingChange,
    *,
    now: datetime,
    first: date | None = None,
    last: date | None = None,
) -> None:
    """Write to a technician what has just been changed for them, and for which days; raises NotFound."""
    days = {name: day.isoformat() for name, day in (("first", first), ("last", last)) if day is not None}
    tell(
        tx,
        technician(tx, technician_id).person_id,
        Template.WORKING_CHANGED,
        dedupe=f"technician:{technician_id}:working:{new_id()}",
        facts={"what": what.value} | days,
        now=now,
    )
