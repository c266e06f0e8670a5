"""Many at once on one database; what each got, refusals included."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from core.db import Database, Tx


def race(database: Database, units: Sequence[Callable[[Tx], Any]]) -> list[Any]:
    """Run all units from threads that start together; the value or the exception of each, in order."""
    results: list[Any] = [None] * len(units)
    ready = threading.Barrier(max(len(units), 1))

    def run(place: int) -> None:
        ready.wait()
        try:
            results[place] = database.run(units[place])
        except Exception as error:  # noqa: BLE001  what went wrong is the result
            results[place] = error

    racers = [threading.Thread(target=run, args=(place,)) for place in range(len(units))]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    return results


class Together:
    """Lets those who have looked wait for one another, so that they decide on what all of them saw."""

    def __init__(self, parties: int) -> None:
        self._barrier = threading.Barrier(parties)

    def wait(self) -> None:
        try:
            self._barrier.wait(timeout=0.5)
        except threading.BrokenBarrierError:
            return
