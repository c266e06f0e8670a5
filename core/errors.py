"""The one family of refusals: a stable code and facts, never a sentence for a person."""

from typing import Any, ClassVar


class BookingError(Exception):
    """A rule of the trade says no; `code` is stable, `facts` are ids and figures for the words that explain it."""

    code: ClassVar[str] = "refused"

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code, facts)
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.code} {self.facts}" if self.facts else self.code


class NotFound(BookingError):
    """The thing does not exist, or is somebody else's: the two look alike on purpose (OWASP API1)."""

    code = "not_found"


class StateConflict(BookingError):
    """The thing has moved on since the caller looked: the wanted step is not possible from its present state."""

    code = "state_conflict"


class PersonErased(BookingError):
    """The person's key has been destroyed; nothing sealed with it can be read again."""

    code = "person_erased"


class InvalidInput(BookingError):
    """A value is malformed or out of bounds; `field` names it."""

    code = "invalid_input"
