"""WeChat tells where everybody is whose chat is open: a technician on the way is kept, all others cost no write."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import func, select

from bots.wechat.noticing import Notices
from bots.wechat.reading import Position
from core.db import Database, Tx
from core.orders.states import OrderState
from core.orders.telling import person_of
from core.people.joining import add_identity
from core.positions.tables import position
from dialogs.reception import Reception
from tests.builders import CENTRE, NOW, a_city, a_database
from tests.visits import an_order

NEAR = Position(CENTRE.lat + 0.02, CENTRE.lng)


class StoppedClock:
    """It stays as late as it is."""

    def now(self) -> Any:
        return NOW


@dataclass
class Writes:
    """A database that counts the units that may write."""

    db: Database
    counted: int = 0

    async def arun(self, unit: Callable[[Tx], Any]) -> Any:
        self.counted += 1
        return await self.db.arun(unit)

    async def aread(self, unit: Callable[[Tx], Any]) -> Any:
        return await self.db.aread(unit)


@dataclass(frozen=True)
class Desk:
    """As much of a reception as a notice needs."""

    db: Writes
    clock: StoppedClock


def reported(folder: Path, *, state: OrderState) -> tuple[int, int]:
    """Report a technician's and a stranger's place three times; returns how many units wrote, and the rows."""
    db = a_database(folder)

    def made(tx: Tx) -> None:
        city = a_city(tx)
        an_order(tx, city, state=state)
        technician = person_of(tx, city.technician.id)
        add_identity(tx, technician, channel="wechat", account="bell", external_id="wang", now=NOW)

    db.run(made)
    writes = Writes(db)
    notices = Notices("bell", cast(Reception, Desk(writes, StoppedClock())))

    async def told() -> None:
        for openid in ("wang", "somebody", "wang", "somebody", "wang", "somebody"):
            await notices.take(openid, NEAR)

    asyncio.run(told())
    rows = db.read(lambda tx: tx.scalar(select(func.count(position.c.person_id))))
    db.close()
    return writes.counted, int(rows)


@pytest.mark.parametrize(
    ("state", "writes_and_rows"),
    [(OrderState.DEPARTED, (1, 1)), (OrderState.ACCEPTED, (0, 0)), (OrderState.FINISHED, (0, 0))],
)
def test_only_a_technician_on_the_way_costs_a_write_and_one_a_minute(
    state: OrderState, writes_and_rows: tuple[int, int], tmp_path: Path
) -> None:
    assert reported(tmp_path, state=state) == writes_and_rows
