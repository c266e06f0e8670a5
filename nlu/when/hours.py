"""Which of the possible clock times is meant, and which others could be."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from nlu.when.atoms import PARTS, Atom

OPENS, CLOSES = 8 * 60, 23 * 60  # the hours in which such visits usually happen; a preference, never a rule
HALF_DAY, WHOLE_DAY = 720, 1440


def part_hours(part: Atom) -> tuple[int, int]:
    """First minute of the day and the one after the last of a part of day."""
    return part.hours or PARTS[part.part or "morning"]


def minutes_meant(minute: int, *, fixed: bool, part: Atom | None) -> list[int]:
    """The minutes of the day a clock time may mean, most natural first; 1440 and more belong to the next day."""
    if fixed or minute >= 780:
        late = part is not None and minute < 300 and (part.part == "evening" or part_hours(part)[0] >= 1200)
        return [minute + WHOLE_DAY if late else minute]  # 今晚零点 is the midnight to come
    if part is not None:
        return [_in_part(minute, part)]
    other = minute + HALF_DAY if minute < HALF_DAY else minute - HALF_DAY
    return sorted((minute, other), key=lambda value: (not OPENS <= value < CLOSES, value))


def fits(minute: int, part: Atom) -> bool:
    """Whether an hour said alone can be in that part of day: 九点 in the evening, 三点 not in the morning."""
    begin, end = part_hours(part)
    return minute < 780 and begin <= _in_part(minute, part) <= end


def _in_part(minute: int, part: Atom) -> int:
    name, early = part.part, part_hours(part)[0]
    if name == "evening" or early >= 1200:
        if minute >= HALF_DAY or minute < 300:
            return minute % HALF_DAY + WHOLE_DAY
        return minute + HALF_DAY
    if name == "afternoon" or (name == "noon" and minute < 600):
        return minute % HALF_DAY + HALF_DAY
    return minute % HALF_DAY if name == "night" else minute


def at(day: date, minute: int) -> datetime:
    """The local time so many minutes into a day."""
    return datetime.combine(day, time()) + timedelta(minutes=minute)


def on_day(day: date, minutes: Iterable[int], now: datetime) -> list[datetime]:
    """These times of a given day; past ones only when nothing else is left. After midnight 今晚一点 is still ahead."""
    times = [at(day, minute) for minute in minutes]
    if now.hour < 5 and day == now.date():
        times = [near for time_ in times if (near := time_ - timedelta(days=1)) > now] + times
    return [time_ for time_ in times if time_ >= now] or times


def next_ones(minutes: Iterable[int], now: datetime) -> list[datetime]:
    """The next time each of these comes round; within the usual hours first, then the nearest."""
    times = []
    for minute in minutes:
        time_ = at(now.date(), minute % WHOLE_DAY)
        times.append(time_ if time_ >= now else time_ + timedelta(days=1))
    return sorted(times, key=lambda value: (not OPENS <= value.hour * 60 + value.minute < CLOSES, value))
