"""What the people of both simulators have in common: looking at their screen."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")


class NotOnScreen(AssertionError):
    """The person looked for something that is not there; the message holds the whole chat."""

    def __init__(self, what: str, transcript: str) -> None:
        super().__init__(f"{what}\n--- the chat ---\n{transcript or '(empty)'}")


class CannotDo(RuntimeError):
    """A real person could not do this either, as writing to an account that was left."""


def best_match(wanted: str, candidates: Iterable[T], *, names: Callable[[T], Sequence[str]]) -> T | None:
    """The first candidate with exactly this name, or else the first whose name contains it."""
    listed = list(candidates)
    for candidate in listed:
        if wanted in names(candidate):
            return candidate
    return next((one for one in listed if any(wanted in name for name in names(one))), None)
