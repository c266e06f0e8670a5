"""The smallest pieces a time expression is made of, before they are put together."""

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo


class Atom(NamedTuple):
    """One piece found at [start, end): a day, a part of day, a clock time, an offset from now, a length, or asap."""

    kind: str  # day | part | clock | offset | length | soon | anytime | impossible (30 February, 25:00)
    start: int
    end: int
    first: date | None = None  # day: first day
    last: date | None = None  # day: the day after the last one
    other: date | None = None  # day: another reading of the first day
    grain: str = "day"
    weekday: bool = False  # day: said by the name of a weekday alone
    number: int = 0  # day: said by its number in some month alone
    spread: bool = False  # day: a stretch by its name, even when one day of it is left (周末)
    part: str | None = None
    hours: tuple[int, int] | None = None  # part: its minutes of the day, when narrower than usual
    minute: int = 0  # clock: minute of the day as said
    fixed: bool = False  # clock: no other half of the day is possible
    until: int | None = None  # clock: end of a range said in one breath (2-4点)
    until_fixed: bool = False
    weak: bool = False  # clock: a bare number, a time only if the words around it make it one
    seconds: int = 0  # offset, length
    open_end: str | None = None


class Moment(NamedTuple):
    """Where the words are spoken: local time, its zone, whether a time was asked, whether days precede months."""

    local: datetime
    zone: ZoneInfo
    asked: bool
    day_first: bool

    @property
    def today(self) -> date:
        """The local calendar day."""
        return self.local.date()

    def after(self, seconds: int) -> datetime:
        """What the clock shows when so much time has passed, seconds dropped: in two hours is two hours of waiting."""
        now = self.local.replace(second=0, microsecond=0, tzinfo=self.zone).astimezone(UTC)
        return (now + timedelta(seconds=seconds)).astimezone(self.zone).replace(tzinfo=None)


# Minutes of the day, end exclusive.
PARTS: dict[str, tuple[int, int]] = {
    "morning": (360, 720),
    "noon": (660, 840),
    "afternoon": (720, 1080),
    "evening": (1080, 1380),
    "night": (0, 360),
}
