"""When: an exact start, or a stretch of time whose free starts are offered."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from core.calendar import Slot, free_slots
from dialogs.engine.flow import Answer, Ask, Choice, Field, Missed, Redo, Took
from dialogs.engine.step import Step
from dialogs.fields.plan import slot_values, technician_named, wish_of
from dialogs.fields.refusals import near_label
from dialogs.texts.formats import local, local_midnight
from nlu import When

MOST_SHOWN = 7
_DAYS_AHEAD = 3
_A_DAY = 3
_ENOUGH = 4
"""Round times are easier to choose from than many: from four of them on, quarters are left to be typed."""
_GRID = 15
_MOST_LOOKED_AT = 96 * _DAYS_AHEAD


def _ask(step: Step) -> Ask | Redo:
    near = step.values.get("_near")
    named = "id" in (step.values.get("technician") or {})
    if near:
        choices = tuple(
            Choice(near_label(step, data, with_name=True), _near_values(step, data)) for data in near[:MOST_SHOWN]
        )
        return Ask(step.say("book.still_free"), choices)
    slots = _in_window(step) if "when" in step.values else _next_days(step)
    if not slots:
        return _nothing(step)
    with_name = not named and not (step.values.get("technician") or {}).get("anyone")
    choices = tuple(Choice(_label(step, slot, with_name=with_name), slot_values(step, slot)) for slot in slots)
    who = (step.values.get("technician") or {}).get("id")
    text = step.say("book.ask_start_of", name=technician_named(step, who)) if who else step.say("book.ask_start")
    return Ask(text, choices, columns=1 if with_name else 2)


def _near_values(step: Step, data: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {"start": data["start"], "_near": None}
    if not (step.values.get("technician") or {}).get("anyone"):
        values["technician"] = {"id": data["technician"]}
    return values


def _label(step: Step, slot: Slot, *, with_name: bool) -> str:
    moment = step.short_moment(slot.starts_at)
    return f"{moment} · {technician_named(step, slot.technician_id)}" if with_name else moment


def _in_window(step: Step) -> list[Slot]:
    window = step.values["when"]
    from_at, until_at = datetime.fromisoformat(window["from"]), datetime.fromisoformat(window["until"])
    return _spread(_free(step, from_at, until_at), MOST_SHOWN)


def _next_days(step: Step) -> list[Slot]:
    """A few starts of each of the next days: enough to tap, short enough to read."""
    chosen: list[Slot] = []
    for ahead in (0, _DAYS_AHEAD):
        from_at = max(local_midnight(step.now, step.zone, days=ahead), step.now)
        found = _free(step, from_at, local_midnight(step.now, step.zone, days=ahead + _DAYS_AHEAD))
        for _, of_one_day in groupby(found, key=lambda slot: local(slot.starts_at, step.zone).date()):
            chosen += _spread(of_one_day, _A_DAY)
        if len(chosen) >= MOST_SHOWN:
            break
    return chosen[:MOST_SHOWN]


def _free(step: Step, from_at: datetime, until_at: datetime) -> tuple[Slot, ...]:
    return free_slots(
        step.tx,
        wish_of(step),
        person_id=step.person_id,
        now=step.now,
        from_at=from_at,
        until_at=until_at,
        most=_MOST_LOOKED_AT,
    )


def _spread(slots: Iterable[Slot], most: int) -> list[Slot]:
    """Choose up to `most` of many starts, evenly: full hours if these are enough, else halves, else quarters."""
    found = list(slots)
    if len(found) <= most:
        return found
    rounded = ([slot for slot in found if slot.starts_at.minute % minutes == 0] for minutes in (60, 30))
    pool = next((some for some in rounded if len(some) >= min(most, _ENOUGH)), found)
    if len(pool) <= most:
        return pool
    if most == 1:
        return pool[:1]
    last = len(pool) - 1
    return [pool[at * last // (most - 1)] for at in range(most)]


def _nothing(step: Step) -> Redo | Ask:
    """Nothing free in what was asked: widen once, say so; an honest "full" only after looking everywhere allowed."""
    if "when" in step.values:
        return Redo(step.say("book.window_full"), ("when",))
    if "id" in (step.values.get("technician") or {}):
        name = technician_named(step, step.values["technician"]["id"])
        return Redo(step.say("book.technician_full", name=name), ("technician",))
    return Ask(step.say("book.all_full"))


def _read(step: Step, answer: Answer) -> Took | Missed | None:
    if answer.understood is None:
        return None
    said = answer.understood.first("when")
    if said is None or not isinstance(said.value, When) or said.value.kind == "duration":
        return None
    when = said.value
    if when.start is None:
        return None
    return _took(step, when)


def _took(step: Step, when: When) -> Took | Missed:
    """Merge with what was said before: "four instead" keeps the day, "not tomorrow, Friday" keeps the hour."""
    assert when.start is not None
    day, at = when.start.date(), when.start.time()
    exact = when.kind in ("datetime", "time") and when.open_end in (None, "around")
    if when.time_given and not when.date_given:
        day = _known_day(step) or day
    elif when.date_given and not when.time_given:
        known = _known_time(step)
        if known is not None:
            at, exact = known, True
    if exact:
        return _exactly(step, datetime.combine(day, at))
    return _between(step, when, day)


def _exactly(step: Step, wanted: datetime) -> Took | Missed:
    rounded, note = _to_grid(wanted), ""
    zone = ZoneInfo(step.zone)
    at = rounded.replace(tzinfo=zone).astimezone(ZoneInfo("UTC"))
    if at < step.now:
        return Missed(step.say("book.rule_past", moment=step.moment(at)))
    if rounded != wanted:
        note = step.say("book.on_the_quarter", time=f"{rounded:%H:%M}")
    return Took({"start": at.isoformat(), "when": None, "_near": None}, note)


def _to_grid(wanted: datetime) -> datetime:
    minutes = wanted.hour * 60 + wanted.minute
    rounded = (minutes + _GRID // 2) // _GRID * _GRID
    return datetime.combine(wanted.date(), time()) + timedelta(minutes=rounded)


def _between(step: Step, when: When, day: date) -> Took | Missed:
    assert when.start is not None
    zone = ZoneInfo(step.zone)
    shift = datetime.combine(day, time()) - datetime.combine(when.start.date(), time())
    start = when.start + shift
    end = (when.end or datetime.combine(when.start.date(), time()) + timedelta(days=1)) + shift
    if when.open_end == "after" and end <= start + timedelta(hours=1):
        end = datetime.combine(start.date(), time()) + timedelta(days=1)
    if when.open_end == "before":
        start, end = datetime.combine(start.date(), time()), max(start, end) if start == end else end
    from_at = start.replace(tzinfo=zone).astimezone(ZoneInfo("UTC"))
    until_at = end.replace(tzinfo=zone).astimezone(ZoneInfo("UTC"))
    if until_at <= step.now:
        return Missed(step.say("book.rule_past", moment=step.day(from_at)))
    window = {"from": max(from_at, step.now).isoformat(), "until": until_at.isoformat()}
    return Took({"when": window, "start": None, "_near": None, "_date": start.date().isoformat(), "_time": None})


def _known_day(step: Step) -> date | None:
    if "start" in step.values:
        return local(datetime.fromisoformat(step.values["start"]), step.zone).date()
    kept = step.values.get("_date")
    return date.fromisoformat(kept) if kept else None


def _known_time(step: Step) -> time | None:
    if "start" not in step.values:
        refused = step.values.get("_time")  # the hour of a day that could not be had is still the hour wanted
        return time.fromisoformat(refused) if refused else None
    return local(datetime.fromisoformat(step.values["start"]), step.zone).time()


START = Field("start", "when", _ask, _read, needs=("service", "option", "address", "technician"))
