"""When: an exact start, or a stretch of time whose free starts are offered."""

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Required, TypedDict
from zoneinfo import ZoneInfo

from core.calendar import CouldNotCheck, Free, Rule, best_slots, free_starts
from core.catalog import text_in
from core.wall import instant, instants
from dialogs.engine.flow import Answer, Ask, Choice, Field, Missed, Redo, Took
from dialogs.engine.state import Frame
from dialogs.engine.step import Step
from dialogs.fields.address import as_value, saved
from dialogs.fields.either import EITHER, answered, ask_which, meant, picked
from dialogs.fields.exact import GRID, clocks_change, exact_values, exactly, which_on_the_wall
from dialogs.fields.known import chosen, known_day, known_time
from dialogs.fields.plan import service_of, slot_values, technician_named, wish_of
from dialogs.fields.refusals import could_not_check, near_label
from dialogs.fields.spreading import spread
from dialogs.fields.suiting import FITS, HURTS, PART
from dialogs.fields.telling import tell_time
from dialogs.fields.wishes import WISHES, particular, wish_words, wishes_in, without_one
from dialogs.last_time import as_then
from dialogs.texts.formats import local, local_midnight
from nlu import Understanding, When
from nlu.shifts import a_bit_later, same_hour_of_a_week, shift_said, the_same_hour

MOST_SHOWN = 7
_DAYS_AHEAD = 3
_A_DAY = 3
_WEEK = 7
_HALF_A_DAY = 12
_FULL_BY = "full_by"
_WRITTEN = re.compile(r"\d[:：]\d\d")
"""10:00 is what our own lists show: it means the morning, and nobody needs to be asked."""


def _ask(step: Step) -> Ask | Redo:
    try:
        return _ask_when(step)
    except CouldNotCheck:
        return could_not_check(step)


def _ask_when(step: Step) -> Ask | Redo:
    wall = which_on_the_wall(step)
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
        if usual > step.now and usual in _free(step, usual, usual + timedelta(minutes=GRID)):
            return [usual, *(start for start in starts if start != usual)][:MOST_SHOWN]
    return starts


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
    return spread(step, _free(step, from_at, until_at), MOST_SHOWN)


def _next_days(step: Step) -> list[datetime]:
    """A few starts of each of the next days: enough to tap, short enough to read."""
    shown: list[datetime] = []
    for ahead in (0, _DAYS_AHEAD):
        days = [local_midnight(step.now, step.zone, days=ahead + day) for day in range(_DAYS_AHEAD + 1)]
        found = _free(step, max(days[0], step.now), days[-1])
        for first, last in pairwise(bisect_left(found, midnight) for midnight in days):
            shown += spread(step, found[first:last], _A_DAY)
        if len(shown) >= MOST_SHOWN:
            break
    return shown[:MOST_SHOWN]


def _free(step: Step, from_at: datetime, until_at: datetime) -> tuple[datetime, ...]:
    wish = wish_of(step)
    found = free_starts(step.tx, wish, person_id=step.person_id, now=step.now, from_at=from_at, until_at=until_at)
    if isinstance(found, Free):
        return found.starts
    step.memo[_FULL_BY] = found.rule
    return ()


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
    one = picked(step, answer.understood)
    if one is not None:
        return Took(exact_values(one))
    moved = _against_the_chosen(step, answer.understood)
    if moved is not None:
        return moved
    once_more = _as_last_time(step, answer.understood)
    if once_more is not None:
        return once_more
    if said is None and answer.understood.first("earliest") is not None:
        return _soonest_there(step) if "when" in step.values else _first_of_the_day(step) or _soonest(step)
    if said is None or not isinstance(said.value, When) or said.value.kind == "duration":
        return None
    when = said.value
    if when.start is None:
        return None
    if _WRITTEN.search(said.text):
        when = replace(when, alternatives=())
    left = answered(step, when)
    return _of_these(left) if left else _took(step, when)


def _as_last_time(step: Step, understood: Understanding) -> Took | Missed | None:
    """Read "same time next week" by last time's weekday and hour; which week is asked where it can be two."""
    said = understood.first("when")
    if "_usual" not in step.values or chosen(step) is not None or said is None or not isinstance(said.value, When):
        return None
    if said.value.start is None or not same_hour_of_a_week(understood.normal):
        return None
    ahead = as_then(step, said.value.start.date())
    return _of_these(ahead) if ahead else None


def _of_these(starts: list[datetime]) -> Took:
    """Take the only start that may be meant; of several it is asked which."""
    if len(starts) == 1:
        return Took(exact_values(starts[0]))
    return Took({**exact_values(starts[0]), "start": None, EITHER: [start.isoformat() for start in starts]})


def _against_the_chosen(step: Step, understood: Understanding) -> Took | Missed | None:
    """Read what is said of the time that is shown: two hours later, a bit earlier, the same hour on Monday."""
    before, named = chosen(step), understood.first("when")
    when = named.value if named is not None and isinstance(named.value, When) else None
    by = shift_said(understood.normal)
    if when is not None and when.start is not None and when.date_given and by is None:
        hour = known_time(step) if the_same_hour(understood.normal) and not _has_its_hour(step, when) else None
        return None if hour is None else exactly(step, datetime.combine(when.start.date(), hour))
    if before is None or (when is not None and (by is None or when.kind != "datetime")):
        return None
    wall = local(before, step.zone).replace(tzinfo=None)
    if by is not None:
        return exactly(step, wall + by)
    later = a_bit_later(understood.normal, asked=True)
    return None if later is None else _some_other_time(step, wall, later=later)


def _has_its_hour(step: Step, when: When) -> bool:
    """Tell whether an hour was said: "the same time" alone is read as the hour it is now."""
    now = local(step.now, step.zone)
    return when.time_given and when.start is not None and (when.start.hour, when.start.minute) != (now.hour, now.minute)


def _first_of_the_day(step: Step) -> Took | None:
    """The earliest of the day that was chosen, where one is: its free starts are shown from the first on."""
    before = chosen(step)
    if before is None:
        return None
    day = local(before, step.zone).date()
    found = _some_other_time(step, datetime.combine(day, time()) - timedelta(minutes=GRID), later=True)
    return Took(found.values | {"soonest": True, "_date": day.isoformat()}) if isinstance(found, Took) else None


def _some_other_time(step: Step, wall: datetime, *, later: bool) -> Took | Missed:
    """Offer what the same day has after, or before, the time that was chosen."""
    zone, after = ZoneInfo(step.zone), wall + timedelta(minutes=GRID)
    midnight = datetime.combine((after if later else wall).date(), time())
    first, last = (after, midnight + timedelta(days=1)) if later else (midnight, wall)
    from_at, until_at = max(instant(first, zone), step.now), instant(last, zone)
    if until_at <= from_at:
        return Missed(step.say("book.rule_past", moment=step.day(from_at)))
    values = {"start": None, "_near": None, "_clock": None, EITHER: None, "soonest": None}
    window = {"from": from_at.isoformat(), "until": until_at.isoformat()}
    return Took(values | {"when": window, "_date": wall.date().isoformat(), "_time": None})


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
        day = known_day(step) or day
        fitting = _of_the_part(step, when, day)
        if fitting is not None:
            at, when = fitting, replace(when, alternatives=())
    elif when.date_given and not when.time_given:
        known = known_time(step)
        if known is not None:
            at, exact = known, True
    if exact:
        either = meant(step, when, day, at) if when.alternatives else []
        if len(either) > 1:
            return _of_these(either)
        return exactly(step, datetime.combine(day, at))
    if "when" in step.values and (_is_soon(step, when) or not (when.date_given or when.time_given)):
        return _soonest_there(step)
    taken = _between(step, when, day)
    return Took(taken.values | {"soonest": True}) if isinstance(taken, Took) and _is_soon(step, when) else taken


def _of_the_part(step: Step, when: When, day: date) -> time | None:
    """Return the reading of an hour that lies in the part of day told before: 上午, then 九点."""
    if "when" not in step.values or "until" not in step.values["when"]:
        return None
    first, last = (datetime.fromisoformat(step.values["when"][end]) for end in ("from", "until"))
    if last - first >= timedelta(hours=_HALF_A_DAY):
        return None
    read = [one.start.time() for one in (when, *when.alternatives) if one.start is not None]
    zone = ZoneInfo(step.zone)
    return next((at for at in read if first <= instant(datetime.combine(day, at), zone) < last), None)


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
    return Took(exact_values(found[0])) if found else Took({})


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
        return clocks_change(step, start)
    window = {"from": max(from_at, step.now).isoformat(), "until": until_at.isoformat()}
    values = {"when": window, "start": None, "_near": None, "_clock": None, EITHER: None, "soonest": None}
    return Took(values | {"_date": start.date().isoformat(), "_time": None})


START = Field(
    "start",
    "when",
    _ask,
    _read,
    needs=("service", "option", "quantity", "address", "technician"),
    holds=datetime,
    tell=tell_time,
    told_by=("when",),
    hears=("ask_availability",),
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
    "then": int,
    "trade": str,
    "soonest": bool,
    "_usual": datetime,
    FITS: list[int],
    PART: str,
    HURTS: bool,
    "but": list[int],
    **WISHES,
}
"""What a flow that asks for a start stores beside it, with its types."""
