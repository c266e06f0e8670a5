"""When: an exact start, or a stretch of time whose free starts are offered."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any, Required, TypedDict
from zoneinfo import ZoneInfo

from core.calendar import CouldNotCheck, Free, Rule, best_slots, free_starts
from core.catalog import text_in
from core.wall import instant, instants
from dialogs.engine.asking import BEFORE
from dialogs.engine.flow import Answer, Ask, Choice, Field, Missed, Redo, Took
from dialogs.engine.state import Frame
from dialogs.engine.step import Step
from dialogs.fields.address import as_value, saved
from dialogs.fields.either import EITHER, answered, ask_which, meant
from dialogs.fields.plan import service_of, slot_values, technician_named, wish_of
from dialogs.fields.refusals import could_not_check, near_label
from dialogs.fields.wishes import WISHES, particular, wish_words, wishes_in, without_one
from dialogs.texts.formats import calendar_day, local, local_midnight
from nlu import When

MOST_SHOWN = 7
_DAYS_AHEAD = 3
_A_DAY = 3
_ENOUGH = 4
"""Round times are easier to choose from than many: from four of them on, quarters are left to be typed."""
_GRID = 15
_WEEK = 7
_SIDES = ("before", "after")
_FULL_BY = "full_by"
_WRITTEN = re.compile(r"\d[:：]\d\d")
"""10:00 is what our own lists show: it means the morning, and nobody needs to be asked."""
_EXPLAINED = "clocks_explained"
"""Noted for the turn: why a time is asked about once more has been said already."""


def _ask(step: Step) -> Ask | Redo:
    try:
        return _ask_when(step)
    except CouldNotCheck:
        return could_not_check(step)


def _ask_when(step: Step) -> Ask | Redo:
    wall = _which_on_the_wall(step)
    if wall is not None:
        return wall
    if EITHER in step.values:
        return ask_which(step)
    near = step.values.get("_near")
    named = "id" in (step.values.get("technician") or {})
    if near:
        choices = tuple(
            Choice(near_label(step, data, with_name=True), _near_values(step, data)) for data in near[:MOST_SHOWN]
        )
        return Ask(step.say("book.still_free"), choices)
    starts = _in_window(step) if "when" in step.values else _usual_first(step, _next_days(step))
    if not starts:
        return _nothing(step)
    with_name = not named and not (step.values.get("technician") or {}).get("anyone")
    choices = _named_choices(step, starts) if with_name else tuple(_choice(step, start) for start in starts)
    who = (step.values.get("technician") or {}).get("id")
    text = step.say("book.ask_start_of", name=technician_named(step, who)) if who else step.say("book.ask_start")
    if "soonest" in step.values and choices:
        text = step.say("book.ask_earliest", first=choices[0].label)
    return Ask(text, choices, columns=1 if with_name else 2)


def _usual_first(step: Step, starts: list[datetime]) -> list[datetime]:
    """Put first the weekday and hour of last time, when that is free and nothing sooner was asked for."""
    if "_usual" not in step.values or "soonest" in step.values:
        return starts
    before, zone = datetime.fromisoformat(step.values["_usual"]), ZoneInfo(step.zone)
    today = local(step.now, step.zone).date()
    ahead = (before.weekday() - today.weekday()) % _WEEK
    for days in (ahead, ahead + _WEEK):
        usual = instant(datetime.combine(today + timedelta(days=days), before.time()), zone)
        if usual > step.now and usual in _free(step, usual, usual + timedelta(minutes=_GRID)):
            return [usual, *(start for start in starts if start != usual)][:MOST_SHOWN]
    return starts


def _which_on_the_wall(step: Step) -> Ask | None:
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
        question, offered = "book.clock_nearest", (jump - timedelta(minutes=_GRID), jump)
        labels = [step.short_moment(at) for at in offered]
    choices = tuple(
        Choice(label, _exact_values(at)) for label, at in zip(labels, offered, strict=True) if at >= step.now
    )
    asked = step.say(question if _EXPLAINED in step.memo else f"{question}_of", **_wall_facts(step, wanted))
    return Ask(asked, choices) if choices else None


def _wall_facts(step: Step, wanted: datetime) -> dict[str, str]:
    return {"day": calendar_day(wanted.date(), step.lang), "time": f"{wanted:%H:%M}"}


def _exact_values(at: datetime) -> dict[str, Any]:
    return {"start": at.isoformat(), "when": None, "_near": None, "_clock": None, EITHER: None, "soonest": None}


def _near_values(step: Step, data: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {"start": data["start"], "_near": None}
    if not (step.values.get("technician") or {}).get("anyone"):
        values["technician"] = {"id": data["technician"]}
    return values


def _choice(step: Step, start: datetime) -> Choice:
    return Choice(step.short_moment(start), {"start": start.isoformat()})


def _named_choices(step: Step, starts: list[datetime]) -> tuple[Choice, ...]:
    """Name at each start the technician who would come: one tap settles both."""
    slots = best_slots(step.tx, wish_of(step), person_id=step.person_id, now=step.now, starts=starts)
    return tuple(
        Choice(
            f"{step.short_moment(slot.starts_at)} · {technician_named(step, slot.technician_id)}",
            slot_values(step, slot),
        )
        for slot in slots
    )


def _in_window(step: Step) -> list[datetime]:
    window = step.values["when"]
    from_at, until_at = datetime.fromisoformat(window["from"]), datetime.fromisoformat(window["until"])
    return _spread(step, _free(step, from_at, until_at), MOST_SHOWN)


def _next_days(step: Step) -> list[datetime]:
    """A few starts of each of the next days: enough to tap, short enough to read."""
    chosen: list[datetime] = []
    for ahead in (0, _DAYS_AHEAD):
        from_at = max(local_midnight(step.now, step.zone, days=ahead), step.now)
        found = _free(step, from_at, local_midnight(step.now, step.zone, days=ahead + _DAYS_AHEAD))
        for _, of_one_day in groupby(found, key=lambda start: local(start, step.zone).date()):
            chosen += _spread(step, of_one_day, _A_DAY)
        if len(chosen) >= MOST_SHOWN:
            break
    return chosen[:MOST_SHOWN]


def _free(step: Step, from_at: datetime, until_at: datetime) -> tuple[datetime, ...]:
    wish = wish_of(step)
    found = free_starts(step.tx, wish, person_id=step.person_id, now=step.now, from_at=from_at, until_at=until_at)
    if isinstance(found, Free):
        return found.starts
    step.memo[_FULL_BY] = found.rule
    return ()


def _spread(step: Step, starts: Iterable[datetime], most: int) -> list[datetime]:
    """Choose up to `most` of many starts: the first of all, then evenly full hours, or halves, or quarters."""
    found = list(starts)
    if len(found) <= most:
        return found
    even = _evenly(step, found, most)
    return even if even[0] == found[0] else [found[0], *even[: most - 1]]


def _evenly(step: Step, found: list[datetime], most: int) -> list[datetime]:
    shown = [(local(start, step.zone).minute, start) for start in found]
    rounded = ([start for minute, start in shown if minute % minutes == 0] for minutes in (60, 30))
    pool = next((some for some in rounded if len(some) >= min(most, _ENOUGH)), found)
    if len(pool) <= most:
        return pool
    if most == 1:
        return pool[:1]
    last = len(pool) - 1
    return [pool[at * last // (most - 1)] for at in range(most)]


def _nothing(step: Step) -> Redo | Ask:
    """Nothing free in what was asked: widen once, say so; an honest "full" only after looking everywhere allowed."""
    named = (step.values.get("technician") or {}).get("id")
    if named is not None and step.memo.get(_FULL_BY) is Rule.TECHNICIAN:  # takes no visits now: that is not to be full
        return Redo(step.say("book.technician_off", name=technician_named(step, named)), ("technician",))
    if "when" in step.values:
        return Redo(step.say("book.window_full"), ("when",))
    if named is not None:
        return Redo(step.say("book.technician_full", name=technician_named(step, named)), ("technician",))
    if particular(step.values):
        wished = wishes_in({**step.values, "price": None})
        words = wish_words(step, wished)
        return Ask(step.say("wish.nobody_free", wishes=words), without_one(step, wished), columns=2)
    return Ask(step.say("book.all_full"))


def _read(step: Step, answer: Answer) -> Took | Missed | None:
    if answer.understood is None:
        return None
    said = answer.understood.first("when")
    if said is None and answer.understood.first("earliest") is not None:
        return _soonest_there(step) if "when" in step.values else _soonest(step)
    if said is None or not isinstance(said.value, When) or said.value.kind == "duration":
        return None
    when = said.value
    if when.start is None:
        return None
    if _WRITTEN.search(said.text):
        when = replace(when, alternatives=())
    which = answered(step, when)
    return _took(step, when) if which is None else Took(_exact_values(which))


def _soonest(step: Step) -> Took:
    """The first free start is wanted: said at once where the service is known, for its shortest option."""
    values = {"soonest": True, "start": None, "when": None, "_near": None, "_clock": None}
    return Took(values, "" if "option" in step.values else _first_words(step))


def _first_words(step: Step) -> str:
    """Write the first free start of the service named, at the address used last; nothing where that is not known."""
    known = saved(step)
    if "service" not in step.values or not (known or "address" in step.values):
        return ""
    shortest = min(service_of(step).options, key=lambda option: option.minutes, default=None)
    where = step.values.get("address") or as_value(known[0])
    if shortest is None or where.get("region") is None:
        return ""
    values = {**step.values, "option": shortest.id, "address": where}
    guess = replace(step, frame=Frame(flow=step.frame.flow, values=values))
    try:
        starts = _next_days(guess)
    except CouldNotCheck:
        return ""
    service = text_in(service_of(step).names, step.lang)
    return step.say("book.earliest", service=service, moment=step.moment(starts[0])) if starts else ""


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
        either = meant(step, when, day, at) if when.alternatives else []
        if len(either) > 1:
            return Took({**_exact_values(either[0]), "start": None, EITHER: [start.isoformat() for start in either]})
        return _exactly(step, datetime.combine(day, at))
    if "when" in step.values and (_is_soon(step, when) or not (when.date_given or when.time_given)):
        return _soonest_there(step)
    return _between(step, when, day)


def _is_soon(step: Step, when: When) -> bool:
    """As soon as possible is read as from now on; after a day was told it means: of that day."""
    now = local(step.now, step.zone).replace(tzinfo=None)
    return when.open_end == "after" and when.start is not None and abs(when.start - now) < timedelta(minutes=1)


def _soonest_there(step: Step) -> Took:
    """Any time, or as soon as possible, in a stretch told before: the first that is free there."""
    if any(name not in step.values for name in ("service", "option", "address")):
        return Took({})
    try:
        found = _in_window(step)
    except CouldNotCheck:
        found = []
    return Took(_exact_values(found[0])) if found else Took({})


def _exactly(step: Step, wanted: datetime) -> Took | Missed:
    rounded, zone = _to_grid(wanted), ZoneInfo(step.zone)
    named = instants(rounded, zone) or (instant(rounded, zone),)
    if named[-1] < step.now:
        return Missed(step.say("book.rule_past", moment=step.moment(named[-1])))
    note = "" if rounded == wanted else step.say("book.on_the_quarter", time=f"{rounded:%H:%M}")
    ahead = [at for at in instants(rounded, zone) if at >= step.now]
    return Took(_exact_values(ahead[0]), note) if len(ahead) == 1 else _clocks_change(step, rounded, note)


def _clocks_change(step: Step, wanted: datetime, note: str = "") -> Took:
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
    from_at, until_at = instant(start, zone), (instants(end, zone) or (instant(end, zone),))[-1]
    if until_at <= step.now:
        return Missed(step.say("book.rule_past", moment=step.day(from_at)))
    if until_at <= from_at and start < end:
        return _clocks_change(step, start)
    window = {"from": max(from_at, step.now).isoformat(), "until": until_at.isoformat()}
    values = {"when": window, "start": None, "_near": None, "_clock": None, EITHER: None, "soonest": None}
    return Took(values | {"_date": start.date().isoformat(), "_time": None})


def _chosen(step: Step) -> datetime | None:
    """Return the start chosen, or the one that a change begun at the summary is about."""
    kept = step.values if "start" in step.values else step.values.get(BEFORE, {})
    return datetime.fromisoformat(kept["start"]) if "start" in kept else None


def _known_day(step: Step) -> date | None:
    chosen = _chosen(step)
    if chosen is not None:
        return local(chosen, step.zone).date()
    kept = step.values.get("_date")
    return date.fromisoformat(kept) if kept else None


def _known_time(step: Step) -> time | None:
    chosen = _chosen(step)
    if chosen is None:
        refused = step.values.get("_time")  # the hour of a day that could not be had is still the hour wanted
        return time.fromisoformat(refused) if refused else None
    return local(chosen, step.zone).time()


def _tell(step: Step) -> str:
    if "start" in step.values:
        return step.moment(datetime.fromisoformat(step.values["start"]))
    stretch = step.values.get("when") or {}
    return step.day(datetime.fromisoformat(stretch["from"])) if "from" in stretch else ""


START = Field(
    "start",
    "when",
    _ask,
    _read,
    needs=("service", "option", "quantity", "address", "technician"),
    holds=datetime,
    tell=_tell,
    told_by=("when",),
    reopened_by=("reschedule",),
)


class _Stretch(TypedDict, total=False):
    until: Required[datetime]


class _Near(TypedDict):
    start: datetime
    technician: int


KEEPS: Mapping[str, Any] = {
    "when": _Stretch,
    "_near": list[_Near],
    "_clock": datetime,
    EITHER: list[datetime],
    "_date": date,
    "_time": str,
    "hold": int,
    "minutes": int,
    "trade": str,
    "soonest": bool,
    "_usual": datetime,
    **WISHES,
}
"""What a flow that asks for a start stores beside it, with its types."""
