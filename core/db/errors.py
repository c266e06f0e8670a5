"""What can go wrong in a unit of work, in terms that do not depend on the driver."""

from collections.abc import Hashable


class DatabaseError(Exception):
    """The database refused or failed; the driver's error is the cause."""


class UniqueViolation(DatabaseError):
    """A unique or primary key already holds this value: somebody was first."""


class ConstraintViolation(DatabaseError):
    """A check, foreign key or not-null rule refused the row: a defect of the caller."""


class Retryable(DatabaseError):
    """Deadlock, lock wait, serialisation failure or a lost connection: the whole unit is run again."""


class CandidateLost(Retryable):
    """The choice this unit rested on is somebody else's by now: the unit ends and is run again without it.

    A unit that tried one candidate after the other would hold the locks of all of them, in the order of its wishes.
    """

    def __init__(self, candidate: Hashable) -> None:
        super().__init__(f"lost {candidate}")
        self.candidate = candidate


class DatabaseBusy(DatabaseError):
    """The unit was tried as often as allowed and the database would still not take it."""
