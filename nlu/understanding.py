"""What one message means: the values that leave this room, and nothing else."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """The conversation's pending question: its kind (names.AskedKind) and how many numbered choices are on screen."""

    kind: str | None = None
    choices: int = 0


@dataclass(frozen=True, slots=True)
class When:
    """A reading of time words: local naive datetimes in the zone given, end exclusive.

    A point of time has no end. As soon as possible is a datetime that starts now with open_end "after"; any time is a
    range from now with neither date nor time given. A part of day counts as a time given, of grain "part".
    """

    kind: str  # datetime | date | time | range | duration
    start: datetime | None = None
    end: datetime | None = None
    seconds: int | None = None
    grain: str = "minute"  # minute | hour | part | day | week | month
    part: str | None = None  # morning | noon | afternoon | evening | night
    open_end: str | None = None  # after | before | around
    alternatives: tuple["When", ...] = ()  # the other readings; self is the preferred one
    date_given: bool = False
    time_given: bool = False


EntityValue = str | int | bool | tuple[int, str] | When


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing the person may want, with how sure we are (0 to 1)."""

    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of the original text [start, end) and what it names."""

    kind: str
    text: str
    start: int
    end: int
    value: EntityValue


@dataclass(frozen=True, slots=True)
class Understanding:
    """The meaning of one message: intents best first (never empty), entities in order of the words."""

    text: str
    normal: str
    lang: str
    intents: tuple[Intent, ...]
    entities: tuple[Entity, ...] = ()
    negated: tuple[Entity, ...] = ()
    corrects: bool = False
    unknown: tuple[str, ...] = ()
    impossible: tuple[str, ...] = ()
    """Stretches that name a day or an hour there is not: 2月30日, 25:00, 31 April."""

    def first(self, kind: str) -> Entity | None:
        """The first entity of this kind, or none."""
        return next((entity for entity in self.entities if entity.kind == kind), None)

    @property
    def intent(self) -> str:
        """The name of the likeliest intent."""
        return self.intents[0].name

    @property
    def confidence(self) -> float:
        """How sure we are of the likeliest intent."""
        return self.intents[0].confidence
