"""Technicians: application and audit, skills, regions, working time."""

from core.technicians.applying import apply, approve, enrol, refusal_of, refuse, resume, suspend
from core.technicians.listing import TechnicianLine, listed
from core.technicians.reading import Roster, of_person, roster, technician
from core.technicians.shapes import (
    EDGES,
    NO_PREFERENCE,
    Certificate,
    Preferences,
    Sex,
    Technician,
    TechnicianEvent,
    TechnicianState,
)
from core.technicians.stored_times import exceptions_of, leave_of, rota_of, times_of
from core.technicians.telling import WorkingChange, tell_working_change
from core.technicians.times import LONGEST_LEAVE_DAYS, Leave, RotaException, RotaSpan, Spans, WorkingTime
from core.technicians.working import (
    add_stars,
    clear_exception,
    count_visit,
    end_leave,
    set_duty,
    set_exception,
    set_rota,
    take_leave,
)

__all__ = [
    "EDGES",
    "LONGEST_LEAVE_DAYS",
    "NO_PREFERENCE",
    "Certificate",
    "Leave",
    "Preferences",
    "Roster",
    "RotaException",
    "RotaSpan",
    "Sex",
    "Spans",
    "Technician",
    "TechnicianEvent",
    "TechnicianLine",
    "TechnicianState",
    "WorkingChange",
    "WorkingTime",
    "add_stars",
    "apply",
    "approve",
    "clear_exception",
    "count_visit",
    "end_leave",
    "enrol",
    "exceptions_of",
    "leave_of",
    "listed",
    "of_person",
    "refusal_of",
    "refuse",
    "resume",
    "roster",
    "rota_of",
    "set_duty",
    "set_exception",
    "set_rota",
    "suspend",
    "take_leave",
    "technician",
    "tell_working_change",
    "times_of",
]
