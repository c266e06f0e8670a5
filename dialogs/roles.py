"""Who may use what: a person is a technician when a technician's row says so, never by typing a command."""

from core.technicians import Technician, TechnicianState, of_person
from dialogs.engine.step import Step


def technician_of(step: Step) -> Technician | None:
    """Return the approved technician this person is, read once a turn."""
    if "technician" not in step.memo:
        found = of_person(step.tx, step.person_id)
        step.memo["technician"] = found if found is not None and found.state is TechnicianState.APPROVED else None
    result: Technician | None = step.memo["technician"]
    return result


def may_use(step: Step, role: str) -> bool:
    """Tell whether this person may use something meant for a role."""
    return role != "technician" or technician_of(step) is not None
