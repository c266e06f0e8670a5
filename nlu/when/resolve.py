"""From gathered pieces to a When: which local times are meant."""

from dataclasses import replace
from datetime import datetime, timedelta

from nlu.understanding import When
from nlu.when.atoms import Atom, Moment
from nlu.when.days import DAY
from nlu.when.groups import Group, Side
from nlu.when.hours import at, minutes_meant, next_ones, on_day, part_hours

_ALTERNATIVES = 3


def resolve(group: Group, open_end: str | None, moment: Moment) -> When | None:
    """The meaning of one expression, its other readings inside it; none when it cannot be placed."""
    now = moment.local.replace(second=0, microsecond=0)
    try:
        if group.single is not None:
            return _single(group.single, now, moment)
        _narrow(group.left)
        if group.left.empty:
            return None
        if group.right is not None or (group.left.clock is not None and group.left.clock.until is not None):
            return _range(group.left, group.right or _until(group.left), now)
        readings = _readings(group.left, now)
        return _first_of([_opened(reading, group.left, open_end, now) for reading in readings])
    except (OverflowError, ValueError):
        return None


_HALVES = {
    ("morning", "early"): (360, 540), ("morning", "late"): (600, 720), ("afternoon", "early"): (720, 900),
    ("afternoon", "late"): (900, 1080), ("evening", "early"): (1080, 1200), ("evening", "late"): (1200, 1380),
}  # fmt: skip


def _narrow(side: Side) -> None:
    """Late afternoon is the later half of it."""
    if side.half is not None and side.part is not None and side.clock is None:
        hours = _HALVES.get((side.part.part or "", side.half.part or ""))
        side.part = side.part if side.part.hours or hours is None else side.part._replace(hours=hours)


def _first_of(readings: list[When]) -> When | None:
    """The first reading with the others in it; words put together by chance may run backwards and mean nothing."""
    readings = [each for each in readings if each.start is None or each.end is None or each.start <= each.end]
    readings = [each for each in readings if each.start != each.end] or readings  # before 10, said at ten
    if not readings:
        return None
    best, *others = readings
    others = [other for other in dict.fromkeys(others) if other != best]
    return replace(best, alternatives=tuple(others[:_ALTERNATIVES])) if others else best


def _single(atom: Atom, now: datetime, moment: Moment) -> When:
    if atom.kind == "anytime":
        return When("range", now, None, grain="day", open_end="after")
    if atom.kind == "soon":
        return When("datetime", now, None, open_end="after", date_given=True, time_given=True)
    then = moment.after(atom.seconds)
    if atom.open_end == "before":
        return When("range", now, then, open_end="before", date_given=True, time_given=True)
    return When("datetime", then, None, date_given=True, time_given=True)


def _readings(side: Side, now: datetime) -> list[When]:
    """All readings of one side, the preferred one first."""
    if side.clock is not None:
        return [_point(side, start, now) for start in _clock_times(side, now)]
    if side.part is not None:
        return _part_ranges(side, side.part, now)
    return _days(side.day) if side.day is not None else []


def _point(side: Side, start: datetime, now: datetime) -> When:
    part = side.part
    dated = side.day is not None or (part is not None and part.grain == "coming" and start.date() > now.date())
    return When(
        "datetime" if dated else "time",
        start,
        grain="minute" if start.minute else "hour",
        part=side.part.part if side.part else None,
        open_end=side.clock.open_end if side.clock else None,
        date_given=dated,
        time_given=True,
    )


def _clock_times(side: Side, now: datetime) -> list[datetime]:
    clock, day = side.clock, side.day
    if clock is None:
        return []
    minutes = minutes_meant(clock.minute, fixed=clock.fixed, part=side.part)
    if day is None or day.first is None or day.last is None:
        return next_ones(minutes, now)
    times = on_day(day.first, minutes, now)
    if day.last - day.first > DAY:  # 周末三点: any of its days
        later = (day.first + DAY * step for step in range(1, min((day.last - day.first).days, 7)))
        return [*times[:1], *(on_day(other, minutes, now)[0] for other in later)]
    if day.other is not None:
        times += [time for time in on_day(day.other, minutes, now)[:1] if time >= now]
    return times


def _part_ranges(side: Side, part: Atom, now: datetime) -> list[When]:
    begin, end = part_hours(part)
    if side.day is None or side.day.first is None or side.day.last is None:
        first = now.date() if at(now.date(), end) > now else now.date() + DAY
        firsts = [first]
    else:
        span = (side.day.last - side.day.first).days
        firsts = [side.day.first + DAY * step for step in range(min(span, 7))]
        firsts += [side.day.other] if side.day.other is not None else []
    dated = side.day is not None
    return [
        When("range", at(first, begin), at(first, end), None, "part", part.part, None, (), dated, time_given=True)
        for first in firsts
    ]


def _days(day: Atom) -> list[When]:
    if day.first is None or day.last is None:
        return []
    whole = day.last - day.first
    kind = "date" if whole == DAY and day.grain == "day" and not day.spread else "range"
    readings = [When(kind, at(day.first, 0), at(day.last, 0), grain=day.grain, date_given=True)]
    if day.other is not None:
        readings.append(replace(readings[0], start=at(day.other, 0), end=at(day.other, 0) + whole))
    return readings


def _opened(reading: When, side: Side, open_end: str | None, now: datetime) -> When:
    """After 7, 五点前, 三点左右: the same reading with one end opened."""
    start = reading.start
    if open_end is None or start is None:
        return reading
    if open_end == "around":
        return replace(reading, open_end="around")
    if open_end in ("after", "from"):
        if open_end == "after" and side.clock is None and reading.end is not None:
            start = reading.end  # after Friday is Saturday at the earliest
        return replace(reading, kind="range", start=start, end=_close_of(start, side), open_end="after")
    midnight = at(start.date(), 0)
    begin = at(start.date(), part_hours(side.part)[0]) if side.part is not None and side.clock is not None else midnight
    end = start if start > now or reading.end is None else reading.end  # "before today" can only mean within it
    if open_end == "by" and reading.end is not None and not _short_stretch(reading):
        end = reading.end
    if side.clock is None or begin < now:
        begin = min(now, end)
    return replace(reading, kind="range", start=begin, end=end, open_end="before")


def _short_stretch(reading: When) -> bool:
    """By the weekend is before it begins; by Friday or by next week is within it."""
    if reading.start is None or reading.end is None:
        return False
    return reading.grain == "day" and reading.end - reading.start > DAY


def _close_of(start: datetime, side: Side) -> datetime | None:
    """Until when 'after seven' goes on: the end of the part of day named, or midnight; a bare day has no end."""
    if side.clock is None and side.part is None:
        return None
    if side.part is not None:
        end = at(start.date(), part_hours(side.part)[1])
        if end > start:
            return end
    return at(start.date() + DAY, 0)


def _until(left: Side) -> Side:
    clock = left.clock
    if clock is None or clock.until is None:
        return Side()
    return Side(clock=clock._replace(minute=clock.until, fixed=clock.until_fixed))


def _range(left: Side, right: Side, now: datetime) -> When | None:
    """Two sides; the right one takes over the day and the part of day of the left where it has none."""
    if right.day is None and right.clock is None and right.part is None:
        return None
    right = Side(right.day or left.day, right.part or (left.part if right.clock is not None else None), right.clock)
    if left.clock is None and left.part is None and right.clock is not None:
        return None
    if left.day is None and left.clock is not None and right.day is not None:
        left = Side(right.day, left.part, left.clock)  # from 6 till 9 tomorrow
    dated = left.day is not None
    pairs = _pairs(left, right, now)
    told = left.clock is not None or left.part is not None
    grain = "day" if not told else "hour" if left.clock is not None else "part"
    part = left.part.part if left.part else None
    vague = left.clock.open_end if left.clock is not None else None
    return _first_of([When("range", start, end, None, grain, part, vague, (), dated, told) for start, end in pairs])


def _pairs(left: Side, right: Side, now: datetime) -> list[tuple[datetime, datetime]]:
    starts = [when.start for when in _readings(left, now) if when.start is not None]
    if right.clock is None:
        ends = [when.end for when in _readings(right, now) if when.end is not None]
        return [(start, _after(start, ends[:1], 7 * 1440)) for start in starts[:1] if ends]
    minutes = minutes_meant(right.clock.minute, fixed=right.clock.fixed, part=right.part)
    pairs = []
    for start in starts:
        day = right.day.first if right.day is not None and right.day is not left.day else start.date()
        pairs.append((start, _after(start, [at(day or start.date(), minute) for minute in minutes], 1440)))
    sure = right.clock.fixed or (right.part is not None and left.part is None)
    if sure and left.clock is not None and not left.clock.fixed:
        pairs.sort(key=lambda pair: pair[1] - pair[0])
    elif left.clock is not None and not left.clock.fixed and left.part is None:
        pairs.sort(key=lambda pair: pair[0].date() != pair[1].date())  # 9-5 is a day, not a night
    return pairs


def _after(start: datetime, ends: list[datetime], step_minutes: int) -> datetime:
    """The nearest end that comes after the start, a round later when none does."""
    later = [end if end > start else end + timedelta(minutes=step_minutes) for end in ends]
    return min(later)
