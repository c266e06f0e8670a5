"""Technicians as frozen values, and the one table of their states."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.geo import Point


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

    @property
    def certified(self) -> bool:
        """Whether somebody has checked a certificate of theirs."""
        return any(paper.checked_at is not None for paper in self.certificates)


@dataclass(frozen=True, slots=True)
class Preferences:
    """Whom a customer would like to come; None, 0 and False leave it open.

    `least_stars` is the mean of all reviews as cards show it, in tenths: who has none yet does not meet it.
    """

    sex: str | None = None
    least_stars: float | None = None
    least_years: int = 0
    certified: bool = False

    def met_by(self, one: Technician) -> bool:
        """Whether a technician is whom the customer would like."""
        return (
            self.sex in (None, one.sex)
            and one.years >= self.least_years
            and (self.least_stars is None or (one.stars is not None and round(one.stars, 1) >= self.least_stars))
            and (one.certified or not self.certified)
        )


NO_PREFERENCE = Preferences()
