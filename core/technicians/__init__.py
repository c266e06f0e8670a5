"""Technicians: application and audit, skills, regions, rota."""

from core.technicians.applying import apply, approve, enrol, refusal_of, refuse, resume, suspend
from core.technicians.listing import TechnicianLine, listed
from core.technicians.reading import (
    Roster,
    Spans,
    exceptions_of,
    of_person,
    roster,
    rota_of,
    technician,
)
from core.technicians.shapes import (
    EDGES,
    Certificate,
    RotaException,
    RotaSpan,
    Sex,
    Technician,
    TechnicianEvent,
    TechnicianState,
)
from core.technicians.working import add_stars, clear_exception, count_visit, set_duty, set_exception, set_rota

__all__ = [
    "EDGES",
    "Certificate",
    "Roster",
    "RotaException",
    "RotaSpan",
    "Sex",
    "Spans",
    "Technician",
    "TechnicianEvent",
    "TechnicianLine",
    "TechnicianState",
    "add_stars",
    "apply",
    "approve",
    "clear_exception",
    "count_visit",
    "enrol",
    "exceptions_of",
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
    "technician",
]
