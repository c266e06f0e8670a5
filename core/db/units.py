"""Running units of work: what SQLite and the server databases have in common."""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Hashable
from typing import Any, Protocol, TypeVar

from core.db.errors import CandidateLost, DatabaseBusy, Retryable
from core.db.tx import Tx
from core.tally import count

T = TypeVar("T")
Unit = Callable[[Tx], T]
"""A function of stored state, input and `now`: it may be run again whole, so it touches nothing but its Tx."""

MOST_TRIES = 5
MOST_CANDIDATES = 16
"""How many candidates a unit may lose before it counts as busy."""

PassedOver = frozenset[Hashable]
"""The candidates that earlier runs of this unit lost."""

NOBODY: PassedOver = frozenset()
_SLOW_SECONDS = 0.05
_log = logging.getLogger(__name__)


class Database(Protocol):
    """An open database. `run` writes, `read` reads one consistent snapshot; both may be awaited or called plainly."""

    dialect: str

    def run(self, unit: Unit[T]) -> T:
        """Run a writing unit from synchronous code and return its value after the commit."""
        ...

    async def arun(self, unit: Unit[T]) -> T:
        """Run a writing unit and return its value after the commit, without blocking the event loop."""
        ...

    def read(self, unit: Unit[T]) -> T:
        """Run a reading unit on a snapshot from synchronous code."""
        ...

    async def aread(self, unit: Unit[T]) -> T:
        """Run a reading unit on a snapshot without blocking the event loop."""
        ...

    def close(self) -> None:
        """Finish what is queued and close every connection."""
        ...


def retrying(once: Callable[[PassedOver], T]) -> T:
    """Call `once` until it is not Retryable, at most five times with growing jittered pauses; then DatabaseBusy.

    A lost candidate is no fault of the database: `once` is called again at once, told of all that were lost.
    """
    lost, attempt = NOBODY, 1
    while True:
        try:
            return once(lost)
        except CandidateLost as error:
            lost = without(lost, error)
        except Retryable as error:
            if attempt == MOST_TRIES:
                count("menling_units_given_up")
                raise DatabaseBusy(f"gave up after {MOST_TRIES} tries") from error
            cause = _cause(error)
            count("menling_units_run_again", cause=cause)
            _log.info("unit run again", extra={"attempt": attempt, "cause": cause})
            time.sleep(random.uniform(0.5, 1.0) * 0.004 * 3**attempt)
            attempt += 1


def _cause(error: Retryable) -> str:
    """Return the database's number or name of what happened, never its words: they may quote what a row holds."""
    cause = error.__cause__
    number = cause.args[0] if cause is not None and cause.args and isinstance(cause.args[0], int) else None
    code = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None) or number
    return str(code or type(cause or error).__name__)


def without(lost: PassedOver, error: CandidateLost) -> PassedOver:
    """Return the candidates lost so far; raises DatabaseBusy when they are too many."""
    what = error.candidate[0] if isinstance(error.candidate, tuple) else None
    count("menling_claims_lost", what=what if isinstance(what, str) else "technician")
    if len(lost) >= MOST_CANDIDATES or error.candidate in lost:
        raise DatabaseBusy(f"lost {len(lost)} candidates") from error
    return lost | {error.candidate}


def timed(unit: Unit[T], tx: Tx) -> T:
    """Run the unit and log it by name when it held the writer for longer than 50 ms."""
    started = time.perf_counter()
    try:
        return unit(tx)
    finally:
        taken = time.perf_counter() - started
        if taken > _SLOW_SECONDS:
            _log.warning("slow unit", extra={"unit": name_of(unit), "ms": round(taken * 1000)})


def name_of(unit: Callable[..., Any]) -> str:
    """Return the name by which a unit appears in logs."""
    inner = getattr(unit, "func", unit)
    return str(getattr(inner, "__qualname__", inner))


def settle(future: "asyncio.Future[Any]", value: Any, error: BaseException | None) -> None:
    """Give a future its outcome unless its waiter has gone away."""
    if future.done():
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(value)
