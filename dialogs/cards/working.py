"""What a technician reads when an operator has changed their working time."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from core import technicians
from dialogs.engine.step import Step
from dialogs.fields.rota import span_words, week_words
from dialogs.fields.store_days import days_words
from dialogs.roles import technician_of


def working_facts(step: Step, facts: Mapping[str, Any]) -> dict[str, str]:
    """Return the days concerned, the week as it is now, and how the first of these days is worked now."""
    technician = technician_of(step)
    if technician is None:
        return {"days": "", "rota": "", "hours": ""}
    rota = week_words(step, technicians.rota_of(step.tx, technician.id))
    if "first" not in facts:
        return {"days": "", "rota": rota, "hours": ""}
    first, last = (date.fromisoformat(facts.get(name) or facts["first"]) for name in ("first", "last"))
    spans = technicians.times_of(step.tx, technician.id).on(first)
    hours = span_words(step, spans) if spans else step.say("my_rota.day_off")
    return {"days": days_words(step, first, last), "rota": rota, "hours": hours}
