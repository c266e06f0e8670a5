"""One exact start: on the grid, ahead of now, and on a day the clocks change asked about."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.wall import instant, instants
from dialogs.engine.flow import Ask, Choice, Missed, Took
from dialogs.engine.step import Step
from dialogs.fields.either import EITHER
from dialogs.texts.formats import calendar_day

GRID = 15
"""Minutes between two starts that can be chosen."""
_SIDES = ("before", "after")
_EXPLAINED = "clocks_explained"
"""Noted for the turn: why a time is asked about once more has been said already."""


def exact_values(at: datetime) -> dict[str, Any]:
    """Return the values that one exact start settles, and all it puts aside."""
    return {"start": at.isoformat(), "when": None, "_near": None, "_clock": None, EITHER: None, "soonest": None}


def which_on_the_wall(step: Step) -> Ask | None:
    """Put the question a change of the clocks leaves: which of two, or what is nearest to a time there is not."""
    if "_clock" not in step.values:
        return None
    wanted, zone = datetime.fromisoformat(step.values["_clock"]), ZoneInfo(step.zone)
    named, jump = instants(wanted, zone), instant(wanted, zone)
    if len(named) == 1:
        return None
    if named:
        question, offered = "book.clock_which", named
        words = zip(_SIDES, named, strict=True)
        labels = [step.say(f"book.clock_{side}", moment=step.short_moment(at)) for side, at in words]
    else:
        question, offered = "book.clock_nearest", (jump - timedelta(minutes=GRID), jump)
        labels = [step.short_moment(at) for at in offered]
    choices = tuple(
        Choice(label, exact_values(at)) for label, at in zip(labels, offered, strict=True) if at >= step.now
    )
    asked = step.say(question if _EXPLAINED in step.memo else f"{question}_of", **_wall_facts(step, wanted))
    return Ask(asked, choices) if choices else None


def _wall_facts(step: Step, wanted: datetime) -> dict[str, str]:
    return {"day": calendar_day(wanted.date(), step.lang), "time": f"{wanted:%H:%M}"}


def exactly(step: Step, wanted: datetime) -> Took | Missed:
    """Take this local time, on the quarter; Missed for one that has passed."""
    rounded, zone = _to_grid(wanted), ZoneInfo(step.zone)
    named = instants(rounded, zone) or (instant(rounded, zone),)
    if named[-1] < step.now:
        return Missed(step.say("book.rule_past", moment=step.moment(named[-1])))
    note = "" if rounded == wanted else step.say("book.on_the_quarter", time=f"{rounded:%H:%M}")
    ahead = [at for at in instants(rounded, zone) if at >= step.now]
    return Took(exact_values(ahead[0]), note) if len(ahead) == 1 else clocks_change(step, rounded, note)


def clocks_change(step: Step, wanted: datetime, note: str = "") -> Took:
    """Say that the clocks never show this time, or show it twice; the question itself follows in its turn."""
    key = "book.clock_twice" if instants(wanted, ZoneInfo(step.zone)) else "book.clock_skipped"
    said = step.say(key, **_wall_facts(step, wanted))
    step.memo[_EXPLAINED] = True
    values = {
        "start": None,
        "when": None,
        EITHER: None,
        "soonest": None,
        "_near": None,
        "_clock": wanted.isoformat(),
        "_date": wanted.date().isoformat(),
        "_time": f"{wanted:%H:%M}",
    }
    return Took(values, f"{note}\n{said}" if note else said)


def _to_grid(wanted: datetime) -> datetime:
    minutes = wanted.hour * 60 + wanted.minute
    rounded = (minutes + GRID // 2) // GRID * GRID
    return datetime.combine(wanted.date(), time()) + timedelta(minutes=rounded)
