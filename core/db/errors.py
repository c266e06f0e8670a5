"""What can go wrong in a unit of work, in terms that do not depend on the driver."""


class DatabaseError(Exception):
    """The database refused or failed; the driver's error is the cause."""


class UniqueViolation(DatabaseError):
    """A unique or primary key already holds this value: somebody was first."""


class ConstraintViolation(DatabaseError):
    """A check, foreign key or not-null rule refused the row: a defect of the caller."""


class Retryable(DatabaseError):
    """Deadlock, lock wait, serialisation failure or a lost connection: the whole unit is run again."""


class DatabaseBusy(DatabaseError):
    """The unit was tried as often as allowed and the database would still not take it."""
