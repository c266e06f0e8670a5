"""Asking a remote understanding what our own is unsure of: what may be asked, and what becomes of the answer."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from nlu.proposals import Proposals


@dataclass(frozen=True, slots=True)
class Question:
    """What leaves the house: the words with everything personal masked, their language, and what was being asked."""

    text: str = field(repr=False)
    lang: str
    asked: str | None
    services: tuple[str, ...] = field(default=(), repr=False)
    """The names of what can be booked, so that others' words for it can be brought home."""


class Adviser(Protocol):
    """A remote understanding."""

    async def propose(self, question: Question, *, seconds: float) -> Proposals | None:
        """Say what the words may mean, within so many seconds; None when nothing came of it. Never raises."""
        ...


@dataclass(frozen=True, slots=True)
class Advice:
    """What a turn may make of a remote understanding: ask it (no proposals yet), or use what it proposed."""

    proposals: Proposals | None = None
    called: str | None = field(default=None, repr=False)
    """What the platform calls the person."""


class AskFirst(Exception):
    """Our own reading is unsure: the turn is undone, and taken again once the question has been put."""

    def __init__(self, question: Question) -> None:
        super().__init__("a remote understanding is asked first")
        self.question = question


@dataclass(frozen=True, slots=True)
class Waiting:
    """A turn that waits in the inbox for an answer to its question; after `until` a worker takes it without one."""

    inbox_id: int
    answer_id: int
    person_id: int
    version: int
    until: datetime
    question: Question


MOST_SECONDS = 1.5
"""So long one question may take."""
_WITHIN_SECONDS = 2.5
"""So long after its arrival an update is no longer asked about: WeChat hangs up after 5 s, people sooner."""
_LEAST_SECONDS = 0.5


def seconds_left(waited: float) -> float:
    """Return how long a question may take for an update that has waited so long; 0: it is not asked."""
    left = min(MOST_SECONDS, _WITHIN_SECONDS - waited)
    return left if left >= _LEAST_SECONDS else 0.0
