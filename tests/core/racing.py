"""Many at once on one database, in this process and in another; what each got, refusals included."""

import copyreg
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any

import pytest

from core.calendar import SlotTaken, board
from core.db import Database, Tx, open_database
from tests.builders import a_vault

Unit = Callable[[Tx], Any]
"""What a racer does. One that another process runs must be picklable: a partial of a module's function."""

TIMES = int(os.environ.get("MENLING_TEST_RACES", "1"))
"""How many times as many rounds and kills as usual: MENLING_TEST_RACES=10 for a long run."""

NURSERY = multiprocessing.get_context("forkserver")
"""Where other processes come from: one that has imported everything is forked, which takes milliseconds."""
NURSERY.set_forkserver_preload(["pytest", "core.db.servers", "tests.core.calendar.riot", "tests.core.racing"])

_PATIENCE = 30.0

# An error is pickled by its arguments, and SlotTaken keeps other ones than it is made from.
copyreg.pickle(SlotTaken, lambda error: (SlotTaken, (error.alternatives,)))


@dataclass(frozen=True)
class Finish:
    """What one racer got, a value or the exception, and after how many seconds."""

    result: Any
    seconds: float


def race(database: Database, units: Sequence[Unit]) -> list[Any]:
    """Run all units from threads that start together; the value or the exception of each, in order."""
    return [one.result for one in timed_race(database, units)]


def timed_race(database: Database, units: Sequence[Unit], *, start: Callable[[], object] = bool) -> list[Finish]:
    """Race, and say how long each took; `start` is called when all are ready, and they run when it returns."""
    finishes: list[Finish] = [Finish(None, 0.0)] * len(units)
    ready = threading.Barrier(len(units) + 1)

    def run(place: int) -> None:
        ready.wait()
        began = time.perf_counter()
        result: Any
        try:
            result = database.run(units[place])
        except Exception as error:  # noqa: BLE001  what went wrong is the result
            result = error
        finishes[place] = Finish(result, time.perf_counter() - began)

    racers = [threading.Thread(target=run, args=(place,)) for place in range(len(units))]
    with pytest.MonkeyPatch.context() as patience:
        # What may take so long for one customer is a matter of the machine with hundreds of them on it.
        patience.setattr(board, "_BUDGET_SECONDS", _PATIENCE)
        for racer in racers:
            racer.start()
        start()
        ready.wait()
        for racer in racers:
            racer.join()
    return finishes


class Together:
    """Lets those who have looked wait for one another, once, so that each decides on what all of them saw.

    On a slow machine they come late, so the patience is long; it is short where a guard keeps somebody away. On SQLite
    nobody waits: beside its one writer nobody else could come.
    """

    def __init__(self, parties: int, *, patience: float = _PATIENCE) -> None:
        self._missing, self._patience = parties, patience
        self._news = threading.Condition()

    def wait(self, tx: Tx) -> None:
        """Wait until as many as there are parties have come; whoever comes later finds them gone."""
        if tx.dialect == "sqlite":
            return
        with self._news:
            self._missing -= 1
            self._news.notify_all()
            if not self._news.wait_for(lambda: self._missing <= 0, self._patience):
                self._missing = 0  # nobody waits for those who cannot come


class Rival(AbstractContextManager["Rival"]):
    """Another process on the same database, whose racers start together with ours."""

    def __init__(self, url: str, *, prepare: Callable[[], object] = bool) -> None:
        self._pipe, theirs = NURSERY.Pipe()
        self._process = NURSERY.Process(target=_rival, args=(theirs, url, prepare), daemon=True)
        self._process.start()
        theirs.close()
        self._hear()

    def race(self, database: Database, ours: Sequence[Unit], theirs: Sequence[Unit]) -> list[Finish]:
        """Run our units here and theirs there, all at once; ours come first in what is returned."""
        self._pipe.send(list(theirs))
        self._hear()
        here = timed_race(database, ours, start=lambda: self._pipe.send("go"))
        there: list[Finish] = self._hear()
        return [*here, *there]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pipe.close()  # it ends when there is nobody left to hear
        self._process.join(_PATIENCE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()

    def _hear(self) -> Any:
        if not self._pipe.poll(_PATIENCE):
            raise TimeoutError("the other process says nothing")
        return self._pipe.recv()


def _rival(pipe: Connection, url: str, prepare: Callable[[], object]) -> None:
    """Race as often as told, until nobody listens any more."""
    prepare()
    database = open_database(url, a_vault())
    try:
        pipe.send("ready")
        while True:
            units = pipe.recv()

            def start() -> None:
                pipe.send("ready")
                pipe.recv()

            pipe.send([_portable(one) for one in timed_race(database, units, start=start)])
    except EOFError:
        return
    finally:
        database.close()


def _portable(finish: Finish) -> Finish:
    """Return a finish that survives the way to another process: an unexpected error by its words alone."""
    if isinstance(finish.result, Exception) and not isinstance(finish.result, SlotTaken):
        return Finish(RuntimeError(repr(finish.result)), finish.seconds)
    return finish
