"""Who may use what: a person is a technician when a technician's row says so, never by typing a command."""

from core.technicians import Technician, TechnicianState, of_person
from dialogs.engine.step import Step

_WORKING = (TechnicianState.APPROVED, TechnicianState.SUSPENDED)
"""Who is suspended is sold no more visits, but does those sold before, and sees what they earned."""


def technician_of(step: Step) -> Technician | None:
    """Return the technician this person is or was until suspended, read once a turn."""
    if "technician" not in step.memo:
        found = of_person(step.tx, step.person_id)
        step.memo["technician"] = found if found is not None and found.state in _WORKING else None
    result: Technician | None = step.memo["technician"]
    return result


def may_use(step: Step, role: str) -> bool:
    """Tell whether this person may use something meant for a role."""
    return role != "technician" or technician_of(step) is not None
