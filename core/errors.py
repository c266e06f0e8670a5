"""The one family of refusals: a stable code and facts, never a sentence for a person."""

import traceback
from pathlib import Path
from typing import Any, ClassVar, Final

_HOUSE: Final = Path(__file__).parents[1]


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


def kind_and_place(error: BaseException) -> str:
    """Return what kind of error was raised and where in the house, without its words: they may quote a person."""
    kind = type(error).__qualname__
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        place = Path(frame.filename)
        if place.is_relative_to(_HOUSE) and "site-packages" not in place.parts:
            return f"{kind} at {place.relative_to(_HOUSE).as_posix()}:{frame.lineno}"
    return kind
