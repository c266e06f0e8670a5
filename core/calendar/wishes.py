"""What is wanted of the calendar and what it answers."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from core.errors import BookingError, InvalidInput
from core.geo import Point
from core.technicians import NO_PREFERENCE, Preferences
from core.travel import TRAVEL

MOST_MINUTES = 1440
"""No visit is longer than a day."""

MOST_CREW = 2
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True)
class Wish:
    """A visit somebody would like: how long, where, by whom; None leaves the technician open.

    `crew` technicians come together; with `technician_id` that one leads, and `companions` says who must come along.
    `most_metres` lets nobody lead who would come farther by road than the fare may cost: only the lead's way is
    charged. `moving` names the order that would move here: what it has stands in no way. `but` are not to come.

    Raises InvalidInput for lengths and places that cannot be.
    """

    service_id: int
    minutes: int
    buffer_minutes: int
    region_id: int
    lat: float
    lng: float
    technician_id: int | None = None
    preferences: Preferences = NO_PREFERENCE
    crew: int = 1
    most_metres: int | None = None
    moving: int | None = None
    companions: tuple[int, ...] = ()
    but: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        possible = {
            "minutes": _whole(self.minutes, 1, MOST_MINUTES),
            "buffer_minutes": _whole(self.buffer_minutes, 0, MOST_MINUTES),
            "lat": -90 <= self.lat <= 90,
            "lng": -180 <= self.lng <= 180,
            "crew": _whole(self.crew, 1, MOST_CREW),
            "most_metres": self.most_metres is None or isinstance(self.most_metres, int),
        }
        for name, right in possible.items():
            if not right:
                raise InvalidInput(field=name)

    @property
    def point(self) -> Point:
        """Where the visit is, to about 100 m: legs are judged, stored and listed by the same rounded place."""
        return Point(round(self.lat, 3), round(self.lng, 3))

    def of_lead(self, technician_id: int) -> "Wish":
        """Return the same wish of the technician who leads."""
        return replace(self, technician_id=technician_id, crew=1, companions=())

    def of_crew(self, technician_id: int) -> "Wish":
        """Return the same wish of one who comes along, however far from."""
        return replace(self, technician_id=technician_id, crew=1, companions=(), most_metres=None)

    @property
    def however_far(self) -> "Wish":
        """The same wish without a limit of the way."""
        return self if self.most_metres is None else replace(self, most_metres=None)

    def fare_metres(self, base: Point) -> int:
        """Return the road from a technician's base to the exact place: what the fare is reckoned on."""
        return TRAVEL.metres(base, Point(self.lat, self.lng))

    @property
    def whole_minutes(self) -> int:
        """Service and buffer: what is claimed."""
        return self.minutes + self.buffer_minutes

    @property
    def service_time(self) -> timedelta:
        """How long the customer is served."""
        return timedelta(minutes=self.minutes)

    @property
    def whole_time(self) -> timedelta:
        """Service and buffer: what is claimed."""
        return timedelta(minutes=self.whole_minutes)


def _whole(figure: object, least: int, most: int) -> bool:
    return isinstance(figure, int) and least <= figure <= most


def check_instants(*instants: datetime) -> None:
    """Raise InvalidInput for a time that is naive, or before 2000 or from 2100 on: nobody books that."""
    for at in instants:
        if at.utcoffset() is None or not _FIRST_YEAR <= at.year < _LAST_YEAR:
            raise InvalidInput(field="starts_at")


def check_stretch(from_at: datetime, until_at: datetime) -> None:
    """Raise InvalidInput for a stretch of time that is none."""
    check_instants(from_at, until_at)
    if from_at >= until_at:
        raise InvalidInput(field="until_at")


class Fact(StrEnum):
    """What speaks for a technician among those who could come at the same time."""

    NEAR = "near"  # minutes of the way
    RATED = "rated"  # the mean of all reviews, in tenths of a star
    LIGHT_DAY = "light_day"  # visits on that day
    TURN = "turn"  # visits still to come: whose turn it is


@dataclass(frozen=True, slots=True)
class Slot:
    """A start that can be booked with one technician, or with one and their companions.

    `leg_minutes` is the way from where the technician will be before; `leg_metres` is the road from the technician's
    base, the same at any hour, so that the fare does not change with the time chosen. `facts` are the two that rank
    this technician among all who could come, strongest first; empty where one was named.
    """

    technician_id: int
    starts_at: datetime
    ends_at: datetime
    leg_minutes: int
    leg_metres: int
    companions: tuple[int, ...] = ()
    facts: tuple[tuple[Fact, int], ...] = ()

    @property
    def crew(self) -> tuple[int, ...]:
        """Everybody who comes, the lead first."""
        return (self.technician_id, *self.companions)


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
    PREFERENCES = "preferences"  # stars, years, certificate or fare leave nobody
    CREW = "crew"  # not as many technicians as should come together
    HOURS = "hours"
    ROTA = "rota"
    LEG = "leg"  # cannot be there in time from where the technician is now


@dataclass(frozen=True, slots=True)
class Free:
    """Starts that can be booked, in order: this was looked up and is so. Never empty."""

    starts: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Full:
    """There is no start: this was looked up and is so. `rule` forbids all of them; None when others have them all."""

    rule: Rule | None


class CouldNotCheck(BookingError):
    """Whether there is a free start could not be found out in time: not the same as full, and worth another try."""

    code = "could_not_check"


class SlotTaken(BookingError):
    """Somebody else has this time; `alternatives` are up to three slots that were free a moment ago."""

    code = "slot_taken"

    def __init__(self, alternatives: tuple[Slot, ...] = (), *, technician_id: int | None = None) -> None:
        super().__init__(alternatives=alternatives)
        self.alternatives = alternatives
        self.technician_id = technician_id
        """Whose time it is, where one of several was meant."""


class NotBookable(BookingError):
    """A rule forbids this start; `nearest` is the nearest slot that keeps all rules, if there is one."""

    code = "not_bookable"

    def __init__(self, rule: Rule, nearest: Slot | None = None, *, technician_id: int | None = None) -> None:
        super().__init__(rule=rule, nearest=nearest)
        self.rule = rule
        self.nearest = nearest
        self.technician_id = technician_id
        """Whom the rule keeps away, where one of several was meant."""
