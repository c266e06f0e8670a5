"""Processes are killed again and again, at named points and at random: nothing is lost, and no money moves twice."""

import asyncio
import logging
import os
import random
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from tests.fleet.books import comes_to_rest, look_over
from tests.fleet.fleet import Fleet, a_fleet
from tests.fleet.phones import Phone
from tests.fleet.record import explained
from tests.fleet.scripts import Told, Wish, lives
from tests.fleet.town import Worker, a_customer, a_shop, a_worker

KILLS = int(os.environ.get("MENLING_TEST_KILLS", "50"))
"""How many processes die in all: MENLING_TEST_KILLS=500 for a long run."""

POINTS = (
    "turn.before_inbox",
    "turn.after_inbox",
    "turn.before_commit",
    "turn.after_commit",
    "door.sent",
    "order.placed",
    "payment.noticed",
    "payment.committed",
    "sender.claimed",
    "sender.sent",
    "effect.claimed",
    "effect.called",
)
_log = logging.getLogger(__name__)
_AT_ONCE = 10
_WISHES = (Wish.CANCELS, Wish.BOOKS, Wish.CANCELS, Wish.LEAVES_UNPAID, Wish.LOOKS)


@pytest.mark.timeout(300 + 8 * KILLS)
@pytest.mark.parametrize("database_url", ["mariadb", "postgresql"], indirect=True)
def test_whoever_is_killed_nothing_is_lost_or_done_twice(database_url: str, tmp_path: Path) -> None:
    asyncio.run(_story(tmp_path, database_url, kills=max(KILLS // 2, 1)))


async def _story(folder: Path, database_url: str, *, kills: int) -> None:
    async with a_fleet(folder, database_url, serving=2, working=1) as fleet:
        town = Town(fleet, workers=8 + kills // 4)
        await town.wakes_up()
        _log.info("begins")
        killer = asyncio.create_task(_kill(fleet, kills))
        await asyncio.gather(*(town.goes_on(until=killer) for _ in range(_AT_ONCE)))
        _log.info("killed enough")
        await killer
        await fleet.all_up()
        await comes_to_rest(fleet)
        _log.info("at rest")
        found = await look_over(fleet, town.phones, town.stories)

    _log.info("%s, %s stories, %s doubled", fleet.toll, len(town.stories), len(found.doubled))
    assert found.wrong == []
    assert found.lost == []
    assert len(found.doubled) <= fleet.toll.killed, found.doubled
    assert fleet.toll.unexpected == []
    assert fleet.errors() == []
    assert fleet.toll.killed >= kills


class Town:
    """Technicians, and customers who come one after another while the killing goes on."""

    def __init__(self, fleet: Fleet, *, workers: int) -> None:
        self.fleet = fleet
        self.phones: dict[int, Phone] = {}
        self.stories: list[Told] = []
        self._count = workers
        self._workers: list[Worker] = []
        self._slots: Iterator[tuple[Worker, str]] = iter(())

    async def wakes_up(self) -> None:
        """Let the technicians come to work."""
        await self.fleet.wakes(10)
        self._shop = a_shop(self.fleet.db)
        for number in range(self._count):
            self._workers.append(await a_worker(self.fleet, self._shop, number + 1, self.fleet.clock.now()))
        self.phones |= {worker.person_id: worker.phone for worker in self._workers}
        days, hours = ("明天", "后天", "大后天"), range(13, 22, 2)
        self._slots = iter([(worker, f"{day}{hour}:00") for day, hour, worker in product(days, hours, self._workers)])

    async def goes_on(self, *, until: asyncio.Task[None]) -> None:
        """Send in one customer after another until the killing is over."""
        while not until.done():
            number = len(self.stories)
            told = Told(0, _WISHES[number % len(_WISHES)])
            self.stories.append(told)
            phone, told.person_id = await a_customer(self.fleet, self._shop, 1000 + number, self.fleet.clock.now())
            self.phones[told.person_id] = phone
            worker, when = next(self._slots)
            async with explained(self.fleet, told):
                await lives(self.fleet, phone, told, worker, when)


async def _kill(fleet: Fleet, kills: int) -> None:
    """Let each process that is born die at a named point, sooner or later, and kill one at random now and then."""
    points = iter(range(10**9))
    while fleet.toll.killed < kills:
        if not fleet.awaiting_birth:
            fleet.arm(f"{POINTS[next(points) % len(POINTS)]}:{random.randint(1, 6)}")
        await asyncio.sleep(0.5)
        if random.random() < 0.4:
            fleet.kill()
            await fleet.all_up()
