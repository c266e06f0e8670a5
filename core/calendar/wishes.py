"""What is wanted of the calendar and what it answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.errors import BookingError
from core.geo import Point, metres

CELL = timedelta(minutes=15)
"""Starts lie on this grid, and time is claimed in cells of it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A visit somebody would like: how long, where, by whom; None leaves the technician or the sex open."""

    service_id: int
    minutes: int
    buffer_minutes: int
    region_id: int
    lat: float
    lng: float
    technician_id: int | None = None
    sex: str | None = None

    @property
    def point(self) -> Point:
        """Where the visit is, to about 100 m: legs are judged, stored and listed by the same rounded place."""
        return Point(round(self.lat, 3), round(self.lng, 3))

    def fare_metres(self, base: Point) -> int:
        """Return the road from a technician's base to the exact place: what the fare is reckoned on."""
        return metres(base, Point(self.lat, self.lng))

    @property
    def service_time(self) -> timedelta:
        """How long the customer is served."""
        return timedelta(minutes=self.minutes)

    @property
    def whole_time(self) -> timedelta:
        """Service and buffer: what is claimed."""
        return timedelta(minutes=self.minutes + self.buffer_minutes)


@dataclass(frozen=True, slots=True)
class Slot:
    """A start that can be booked with one technician.

    `leg_minutes` is the way from where the technician will be before; `leg_metres` is the road from the technician's
    base, the same at any hour, so that the fare does not change with the time chosen.
    """

    technician_id: int
    starts_at: datetime
    ends_at: datetime
    leg_minutes: int
    leg_metres: int


@dataclass(frozen=True, slots=True)
class Hold:
    """A slot kept for one person until `expires_at`."""

    id: int
    slot: Slot
    expires_at: datetime


class Rule(StrEnum):
    """The rule that forbids a start, in the order in which they are asked."""

    OFF_GRID = "off_grid"
    PAST = "past"
    NOTICE = "notice"
    HORIZON = "horizon"
    TECHNICIAN = "technician"  # unknown, not approved or not taking visits now
    SKILL = "skill"
    REGION = "region"
    SEX = "sex"
    HOURS = "hours"
    ROTA = "rota"
    LEG = "leg"  # cannot be there in time from where the technician is now


class SlotTaken(BookingError):
    """Somebody else has this time; `alternatives` are up to three slots that were free a moment ago."""

    code = "slot_taken"

    def __init__(self, alternatives: tuple[Slot, ...] = ()) -> None:
        super().__init__(alternatives=alternatives)
        self.alternatives = alternatives


class NotBookable(BookingError):
    """A rule forbids this start; `nearest` is the nearest slot that keeps all rules, if there is one."""

    code = "not_bookable"

    def __init__(self, rule: Rule, nearest: Slot | None = None) -> None:
        super().__init__(rule=rule, nearest=nearest)
        self.rule = rule
        self.nearest = nearest


def on_grid(at: datetime) -> bool:
    """Whether a start lies on the 15-minute grid."""
    return at.minute % 15 == 0 and at.second == 0 and at.microsecond == 0


def up_to_grid(at: datetime) -> datetime:
    """Return the first grid point at or after `at`."""
    down = at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)
    return down if down == at else down + CELL


def down_to_grid(at: datetime) -> datetime:
    """Return the last grid point at or before `at`."""
    return at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)
