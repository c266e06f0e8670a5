"""The product's own search as goal 2 asks it: at which starts of two weeks can anybody who fits come."""

from dataclasses import dataclass
from datetime import datetime

from benchmarks.slots_town import BEGIN, UNTIL, cell_of
from core.calendar import Free, Wish, free_starts
from core.db import Tx
from tests.builders import NOW


@dataclass(frozen=True, slots=True)
class Found:
    """What a search answered, and how many statements it ran."""

    starts: tuple[datetime, ...]
    statements: int

    def cells(self) -> tuple[int, ...]:
        """Return the starts as the town counts them."""
        return tuple(map(cell_of, self.starts))


def search(tx: Tx, wish: Wish, person_id: int, until: datetime = UNTIL) -> Found:
    """Ask once."""
    before = tx.statements_run
    answer = free_starts(tx, wish, person_id=person_id, now=NOW, from_at=BEGIN, until_at=until)
    return Found(answer.starts if isinstance(answer, Free) else (), tx.statements_run - before)
