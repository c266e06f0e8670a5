"""What a conversation knows so far of when the visit is to be."""

from datetime import date, datetime, time

from dialogs.engine.asking import BEFORE
from dialogs.engine.step import Step
from dialogs.texts.formats import local


def chosen(step: Step) -> datetime | None:
    """Return the start chosen, or the one that a change begun at the summary is about."""
    kept = step.values if "start" in step.values else step.values.get(BEFORE, {})
    return datetime.fromisoformat(kept["start"]) if "start" in kept else None


def known_day(step: Step) -> date | None:
    """Return the day told so far, though perhaps no hour of it yet."""
    start = chosen(step)
    told_since = "start" not in step.values and "when" in step.values and "_date" in step.values
    if start is not None and not told_since:
        return local(start, step.zone).date()
    kept = step.values.get("_date")
    return date.fromisoformat(kept) if kept else None


def known_time(step: Step) -> time | None:
    """Return the hour told so far, though perhaps no day for it yet."""
    start = chosen(step)
    if start is None:
        refused = step.values.get("_time")  # the hour of a day that could not be had is still the hour wanted
        return time.fromisoformat(refused) if refused else None
    return local(start, step.zone).time()
