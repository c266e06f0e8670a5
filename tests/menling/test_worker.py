"""Chores are done by the clock and when rung, one run at a time, and finished before the worker leaves."""

import asyncio
import time

from menling.worker import Chore, Worker


class Diary:
    """A chore's run that notes what happens; `portions` says how much each run finds, `holds` keeps it from ending."""

    def __init__(self, *portions: int | Exception, takes: float = 0, holds: asyncio.Event | None = None) -> None:
        self.portions = list(portions)
        self.takes, self.holds = takes, holds
        self.runs = 0
        self.finished = 0
        self.at_once = 0
        self.most_at_once = 0

    async def run(self) -> int:
        self.runs += 1
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(self.takes)
            if self.holds is not None:
                await self.holds.wait()
        finally:
            self.at_once -= 1
        self.finished += 1
        portion = self.portions.pop(0) if self.portions else 0
        if isinstance(portion, Exception):
            raise portion
        return portion


async def becomes(diary: Diary, finished: int, *, within: float = 30) -> None:
    async with asyncio.timeout(within):
        while diary.finished < finished:  # noqa: ASYNC110  asked of a plain counter
            await asyncio.sleep(0.005)


def test_a_chore_runs_at_the_start_and_until_nothing_is_left() -> None:
    async def story() -> Diary:
        diary = Diary(3, 3, 1)
        worker = Worker((Chore("sender", 3600, diary.run),))
        worker.start()
        await becomes(diary, 4)
        await worker.stop()
        return diary

    assert asyncio.run(story()).runs == 4


def test_the_clock_rings_every_chore_again() -> None:
    async def story() -> None:
        diary = Diary()
        worker = Worker((Chore("sender", 0.05, diary.run),))
        worker.start()
        await becomes(diary, 4)
        await worker.stop()

    asyncio.run(story())


def test_a_ring_while_it_runs_makes_one_more_run_and_never_two_at_once() -> None:
    async def story() -> Diary:
        diary = Diary(takes=0.05)
        worker = Worker((Chore("sender", 3600, diary.run),))
        worker.start()
        await asyncio.sleep(0.01)
        for _ in range(10):
            worker.ring("sender")
        await becomes(diary, 2)
        await worker.stop()
        return diary

    diary = asyncio.run(story())
    assert (diary.runs, diary.most_at_once) == (2, 1)


def test_a_chore_that_raises_comes_again_and_the_others_do_not_notice() -> None:
    async def story() -> tuple[Diary, Diary]:
        broken, sound = Diary(ZeroDivisionError("a defect")), Diary()
        worker = Worker((Chore("broken", 0.05, broken.run), Chore("sound", 0.05, sound.run)))
        worker.start()
        await becomes(broken, 2)
        await worker.stop()
        return broken, sound

    _, sound = asyncio.run(story())
    assert sound.runs > 2


def test_stopping_finishes_what_runs_and_begins_nothing() -> None:
    async def story() -> Diary:
        diary = Diary(*[1] * 100, holds=(holds := asyncio.Event()))
        worker = Worker((Chore("sender", 0.01, diary.run),))
        worker.start()
        await asyncio.sleep(0.05)
        stopping = asyncio.create_task(worker.stop())
        await asyncio.sleep(0.05)
        assert not stopping.done()
        holds.set()
        await stopping
        await asyncio.sleep(0.05)
        return diary

    diary = asyncio.run(story())
    assert diary.runs == diary.finished == 1


def test_stopping_does_not_wait_longer_than_told() -> None:
    async def story() -> Diary:
        diary = Diary(takes=60)
        worker = Worker((Chore("sender", 3600, diary.run),))
        worker.start()
        await asyncio.sleep(0.02)
        await worker.stop(0.1)
        await worker.stop(0.1)
        return diary

    started = time.perf_counter()
    assert asyncio.run(story()).finished == 0
    assert time.perf_counter() - started < 30  # of 60
