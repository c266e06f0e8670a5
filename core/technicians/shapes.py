"""Technicians as frozen values, and the one table of their states."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise

from core.errors import InvalidInput
from core.geo import Point

DAY_MINUTES = 1440
_WEEK_MINUTES = 7 * DAY_MINUTES


class TechnicianState(StrEnum):
    """Where somebody who wants to ring doorbells for us stands."""

    APPLIED = "applied"
    APPROVED = "approved"
    REFUSED = "refused"
    SUSPENDED = "suspended"


class TechnicianEvent(StrEnum):
    """What moves a technician from state to state."""

    APPROVE = "approve"
    REFUSE = "refuse"
    APPLY_AGAIN = "apply_again"
    SUSPEND = "suspend"
    RESUME = "resume"


EDGES: Mapping[tuple[TechnicianState, TechnicianEvent], TechnicianState] = {
    (TechnicianState.APPLIED, TechnicianEvent.APPROVE): TechnicianState.APPROVED,
    (TechnicianState.APPLIED, TechnicianEvent.REFUSE): TechnicianState.REFUSED,
    (TechnicianState.REFUSED, TechnicianEvent.APPLY_AGAIN): TechnicianState.APPLIED,
    (TechnicianState.APPROVED, TechnicianEvent.SUSPEND): TechnicianState.SUSPENDED,
    (TechnicianState.SUSPENDED, TechnicianEvent.RESUME): TechnicianState.APPROVED,
}


class Sex(StrEnum):
    """The sex a technician's card shows."""

    FEMALE = "female"
    MALE = "male"


@dataclass(frozen=True, slots=True, order=True)
class RotaSpan:
    """Working time: minutes of the local day of that weekday (Monday 0); past 1440 it is the next morning."""

    weekday: int
    from_minute: int
    to_minute: int


@dataclass(frozen=True, slots=True, order=True)
class RotaException:
    """What one day looks like instead of the rota; from == to: the whole day off."""

    day: date
    from_minute: int
    to_minute: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """A paper somebody showed; `checked_at` null: no operator has looked at it."""

    id: int
    file_id: int | None
    names: Mapping[str, str]
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Technician:
    """Somebody who rings the bell; `number` (工号) is given at approval, `on_duty_at` null: takes no visits now."""

    id: int
    person_id: int
    store_id: int
    number: int | None
    state: TechnicianState
    names: Mapping[str, str]
    sex: Sex
    years: int
    bio: Mapping[str, str]
    base: Point
    face_file_id: int | None
    stars_sum: int
    stars_count: int
    visits_done: int
    on_duty_at: datetime | None
    applied_at: datetime
    service_ids: frozenset[int]
    region_ids: frozenset[int]
    certificates: tuple[Certificate, ...]

    @property
    def stars(self) -> float | None:
        """The mean of all reviews, None before the first."""
        return self.stars_sum / self.stars_count if self.stars_count else None

    def can_do(self, service_id: int, region_id: int) -> bool:
        """Whether skill and region fit."""
        return service_id in self.service_ids and region_id in self.region_ids


def checked_rota(spans: Iterable[RotaSpan]) -> tuple[RotaSpan, ...]:
    """Return the spans in order; raises InvalidInput when one is impossible or two overlap, Sunday into Monday too."""
    ordered = tuple(sorted(spans))
    if not all(0 <= s.weekday <= 6 and _possible(s.from_minute, s.to_minute) for s in ordered):
        raise InvalidInput(field="rota")
    week = [(s.weekday * DAY_MINUTES + s.from_minute, s.weekday * DAY_MINUTES + s.to_minute) for s in ordered]
    if week:
        week.append((week[0][0] + _WEEK_MINUTES, week[0][1] + _WEEK_MINUTES))
    if any(later[0] < earlier[1] for earlier, later in pairwise(week)):
        raise InvalidInput(field="rota")
    return ordered


def checked_exceptions(day: date, spans: Iterable[tuple[int, int]]) -> tuple[RotaException, ...]:
    """Return what a day looks like, no spans meaning the whole day off; raises InvalidInput."""
    ordered = sorted(spans)
    if not all(_possible(start, end) for start, end in ordered):
        raise InvalidInput(field="exception")
    if any(later[0] < earlier[1] for earlier, later in pairwise(ordered)):
        raise InvalidInput(field="exception")
    return tuple(RotaException(day, start, end) for start, end in ordered) or (RotaException(day, 0, 0),)


def _possible(start: int, end: int) -> bool:
    return 0 <= start < DAY_MINUTES and start < end <= start + DAY_MINUTES
