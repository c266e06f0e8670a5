"""A day in fast motion: several processes, both platforms, customers and technicians, deaths, and Redis in trouble."""

import asyncio
import logging
import os
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from tests.fleet import scripts
from tests.fleet.books import comes_to_rest, look_over, reminders
from tests.fleet.fleet import Fleet, a_fleet
from tests.fleet.phones import Phone
from tests.fleet.scripts import Told, Wish
from tests.fleet.town import Worker, a_customer, a_shop, a_worker

CONVERSATIONS = int(os.environ.get("MENLING_TEST_DAY", "42"))
"""How many people come on each database: MENLING_TEST_DAY=2000 for a long run."""

_LONG = CONVERSATIONS > 100
_AT_ONCE = 24
_WISHES = (Wish.IS_VISITED, Wish.BOOKS, Wish.CANCELS, Wish.IS_VISITED, Wish.MOVES, Wish.LOOKS, Wish.LEAVES_UNPAID)
_BEGINS_AT = 9
_COMING = ((9, 12), (13, 16), (17, 20))
"""At which hours people come, and at which those among them are visited who want it today."""

_DAYS = ("明天", "后天", "大后天")
_HOURS = (11, 13, 15, 17)
_FROM, _TO = 19, 21
_REST_SECONDS = 300.0
"""So long may it take until what is due at one hour has been sent, while processes die."""

_log = logging.getLogger(__name__)


@pytest.mark.timeout(400 + 4 * CONVERSATIONS)
@pytest.mark.parametrize("database_url", ["mariadb", "postgresql"] if _LONG else ["mariadb"], indirect=True)
def test_a_day_of_deaths_ends_as_its_stories_say(database_url: str, tmp_path: Path) -> None:
    asyncio.run(_day(tmp_path, database_url))


async def _day(folder: Path, database_url: str) -> None:
    async with a_fleet(folder, database_url, serving=3, working=2) as fleet:
        day = Day(fleet)
        await day.breaks()
        trouble = asyncio.create_task(_trouble(fleet, until=day))
        await day.passes()
        await trouble
        await fleet.all_up()
        await comes_to_rest(fleet)
        found = await look_over(fleet, day.phones, day.stories)
        found.wrong += await fleet.db.aread(reminders)

    _log.info("%s, %s stories, %s doubled", fleet.toll, len(day.stories), len(found.doubled))
    assert found.wrong == []
    assert found.lost == []
    assert len(found.doubled) <= fleet.toll.killed, found.doubled
    assert fleet.toll.unexpected == []
    assert fleet.errors() == []
    assert fleet.toll.killed >= 3


class Day:
    """Hours that pass when everybody waits for a later one."""

    def __init__(self, fleet: Fleet) -> None:
        self.fleet = fleet
        self.phones: dict[int, Phone] = {}
        self.stories: list[Told] = []
        self.over = False
        self._workers: list[Worker] = []
        self._busy = 0
        self._waiting: list[tuple[datetime, asyncio.Event]] = []
        self._hands = asyncio.Semaphore(_AT_ONCE)

    async def breaks(self) -> None:
        """Let the technicians come to work."""
        await self.fleet.wakes(_BEGINS_AT)
        self._morning = self.fleet.clock.now().replace(second=0, microsecond=0)
        self._shop = a_shop(self.fleet.db)
        visits = sum(_WISHES[n % len(_WISHES)] is Wish.IS_VISITED for n in range(CONVERSATIONS))
        for number in range(visits // len(_COMING) + 1):
            self._workers.append(await a_worker(self.fleet, self._shop, number + 1, self._morning))
        self.phones |= {worker.person_id: worker.phone for worker in self._workers}
        self._later = iter(list(product(_DAYS, _HOURS, self._workers)))
        self._moving = iter(list(product(_DAYS, self._workers)))
        self._today = [iter(self._workers) for _ in _COMING]

    async def passes(self) -> None:
        """Let everybody come, and the hours go by, until the last has gone and the next morning has come."""
        try:
            async with asyncio.TaskGroup() as tasks:
                mover = tasks.create_task(self._moves_on())
                people = [tasks.create_task(self._somebody(number)) for number in range(CONVERSATIONS)]
                await asyncio.gather(*people)
                mover.cancel()
        finally:
            self.over = True
        await comes_to_rest(self.fleet, seconds=_REST_SECONDS)
        await self.fleet.wakes(_BEGINS_AT)

    def hour(self, hours: float) -> datetime:
        """An hour of this day, on the wall of the town."""
        return self._morning + timedelta(hours=hours - _BEGINS_AT)

    async def _somebody(self, number: int) -> None:
        """Come at one's hour and do what one is after."""
        self._busy += 1
        comes, visited = _COMING[number * len(_COMING) // CONVERSATIONS]
        told = Told(0, _WISHES[number % len(_WISHES)])
        self.stories.append(told)
        await self._at(self.hour(comes))
        async with self._hands:
            phone, told.person_id = await a_customer(self.fleet, self._shop, 1000 + number, self._morning)
            self.phones[told.person_id] = phone
            worker, when, then = self._slot(told.wish, visited)
            await scripts.lives(self.fleet, phone, told, worker, when)
            if told.wish is Wish.MOVES:
                await scripts.moves(phone, worker, told.code, then)
        if told.wish is Wish.IS_VISITED:
            await self._visit(phone, worker, told.code, visited)
        self._busy -= 1

    async def _visit(self, phone: Phone, worker: Worker, code: str, hour: int) -> None:
        async with self._from(hour - 2 + 1 / 30):
            await phone.is_told("请留意", nudge="我的订单")
        async with self._from(hour - 1 / 3):
            await scripts.sets_out(phone, worker, code)
        async with self._from(hour + 1 / 60):
            await scripts.begins(phone, worker)
        async with self._from(hour + 1):
            await scripts.finishes(phone, worker)

    def _slot(self, wish: Wish, hour: int) -> tuple[Worker, str, str]:
        """A technician and a time that nobody else has; and for who wants to move, the time to move to."""
        if wish is Wish.IS_VISITED:
            place = [visited for _, visited in _COMING].index(hour)
            return next(self._today[place]), f"今天{hour}:00", ""
        if wish is Wish.MOVES:
            day, worker = next(self._moving)
            return worker, f"{day}{_FROM}:00", f"{day}{_TO}:00"
        day, hour, worker = next(self._later)
        return worker, f"{day}{hour}:00", ""

    @asynccontextmanager
    async def _from(self, hour: float) -> AsyncIterator[None]:
        await self._at(self.hour(hour))
        async with self._hands:
            yield

    async def _at(self, moment: datetime) -> None:
        """Wait for a moment of the day."""
        come = asyncio.Event()
        self._waiting.append((moment, come))
        self._busy -= 1
        await come.wait()
        self._busy += 1

    async def _moves_on(self) -> None:
        """Whenever everybody waits and all that is due was sent, move the clock to the next moment that is waited for.

        A reminder that is due when the clock jumps over it would be too late for its hour, which no real day does.
        """
        while True:
            await asyncio.sleep(0.1)
            if self._busy or not self._waiting:
                continue
            moment = min(moment for moment, _ in self._waiting)
            if moment > self.fleet.clock.now():
                await comes_to_rest(self.fleet, seconds=_REST_SECONDS)
                _log.info("it is %s", moment)
                await asyncio.to_thread(self.fleet.advance, max(moment - self.fleet.clock.now(), timedelta()))
                await self.fleet.everybody_knows()
            here = [one for one in self._waiting if one[0] <= moment]
            self._waiting = [one for one in self._waiting if one[0] > moment]
            for _, come in here:
                come.set()
            await asyncio.sleep(0)


async def _trouble(fleet: Fleet, *, until: Day) -> None:
    """Kill somebody now and then; kill, hang and empty Redis in turn."""
    troubles = _redis_troubles(fleet)
    while not until.over:
        await asyncio.sleep(random.uniform(2, 5))
        fleet.kill()
        if random.random() < 0.5:
            await next(troubles)
    fleet.redis.go_on()


def _redis_troubles(fleet: Fleet) -> Iterator[asyncio.Future[None]]:
    async def dies() -> None:
        fleet.redis.kill()
        await asyncio.sleep(2)
        await asyncio.to_thread(fleet.redis.start)

    async def hangs() -> None:
        fleet.redis.hang()
        await asyncio.sleep(3)
        fleet.redis.go_on()

    async def is_emptied() -> None:
        await asyncio.to_thread(fleet.redis.flush)

    while True:
        for trouble in (is_emptied, hangs, dies):
            yield asyncio.ensure_future(trouble())
