"""The number under which the log follows one event: from the door it came in by to what is sent of it."""

import random
from contextvars import ContextVar
from typing import Final

_TRACE: Final[ContextVar[str | None]] = ContextVar("menling_trace", default=None)


def trace() -> str | None:
    """Return the number of what is being done here; units of work carry it into their threads."""
    return _TRACE.get()


def follow(number: str | None) -> str:
    """Do what follows, in this task or thread, under a number known already; without one, under a fresh one."""
    # Nothing rests on it being secret, and asking the system for randomness would let go of the interpreter's lock.
    number = number or f"{random.getrandbits(64):016x}"
    _TRACE.set(number)
    return number
