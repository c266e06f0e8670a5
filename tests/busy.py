"""A real reception whose database takes no turn at first: what somebody at a door hears then."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from core.clock import SystemClock
from core.db import CandidateLost, Database, Tx
from core.db.units import name_of
from dialogs.building import build_house
from dialogs.reception import Reception
from tests.builders import ZONE
from tests.fake_reception import FakeReception

T = TypeVar("T")


class BusyDatabase:
    """A database on which the first units of these names lose everybody they choose; all others run as ever."""

    def __init__(self, db: Database, *names: str) -> None:
        self._db = db
        self._names = list(names)
        self.dialect = db.dialect

    def run(self, unit: Callable[[Tx], T]) -> T:
        """Run a unit, or lose."""
        return self._db.run(self._or_lose(unit))

    async def arun(self, unit: Callable[[Tx], T]) -> T:
        """Run a unit, or lose."""
        return await self._db.arun(self._or_lose(unit))

    def read(self, unit: Callable[[Tx], T]) -> T:
        """Read."""
        return self._db.read(unit)

    async def aread(self, unit: Callable[[Tx], T]) -> T:
        """Read."""
        return await self._db.aread(unit)

    def close(self) -> None:
        """Close the database beneath."""
        self._db.close()

    def _or_lose(self, unit: Callable[[Tx], T]) -> Callable[[Tx], T]:
        if name_of(unit) not in self._names:
            return unit
        self._names.remove(name_of(unit))
        return _lose


def busy_reception(db: Database, *names: str) -> Reception:
    """The reception of a house on such a database; by itself the first turn is not taken."""
    house = build_house(public_url="http://127.0.0.1:8000", zone=ZONE, currency="CNY")
    return Reception(BusyDatabase(db, *(names or ("take_turn",))), house, SystemClock())


@dataclass
class BusyReception(FakeReception):
    """The same for a door's tests, which hand the door a reception of theirs."""

    def for_door(self) -> Reception:
        """The real reception."""
        assert self.db is not None
        return busy_reception(self.db)


def _lose(_: Tx) -> Any:
    raise CandidateLost("whoever is next")
