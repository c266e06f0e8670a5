"""How a time that was told is said back: the start, or the stretch as it was heard."""

from datetime import datetime, time, timedelta

from dialogs.engine.step import Step
from dialogs.texts import formats
from dialogs.texts.formats import local


def tell_time(step: Step) -> str:
    """Return the words for what is known of the time; "" for nothing."""
    if "start" in step.values:
        return step.moment(datetime.fromisoformat(step.values["start"]))
    if "soonest" in step.values:
        return step.say("book.tell_soonest")
    stretch = step.values.get("when") or {}
    if "from" not in stretch:
        return ""
    return _tell_stretch(step, *(datetime.fromisoformat(stretch[end]) for end in ("from", "until")))


def _tell_stretch(step: Step, from_at: datetime, until_at: datetime) -> str:
    """Write a stretch as it was heard: the day, and what part of it."""
    first, last = local(from_at, step.zone), local(until_at - timedelta(minutes=1), step.zone)
    if first.date() != last.date():
        return step.say("book.tell_days", first=step.day(from_at), last=step.day(until_at - timedelta(minutes=1)))
    open_start = from_at <= step.now or first.time() == time()
    open_end = (last + timedelta(minutes=1)).time() == time()
    if open_start and open_end:
        return step.day(from_at)
    if open_start or open_end:
        key, edge = ("book.tell_before", until_at) if open_start else ("book.tell_after", from_at)
        return step.say(key, day=step.day(from_at), time=step.clock(edge))
    return f"{step.day(from_at)} {formats.span(from_at, until_at, step.zone)}"
