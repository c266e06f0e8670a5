"""Measuring side by side: small blocks of each path in turn, so that a slow phase of the machine meets them all."""

import asyncio
import gc
import statistics
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

Block = Callable[[], Coroutine[Any, Any, int]]
"""Do one block of work and return how many operations it was; checks of what was done belong after the run."""


@dataclass(slots=True)
class Series:
    """What the blocks of one path cost, in microseconds an operation; CPU is of the whole process, all threads."""

    cpu_us: list[float] = field(default_factory=list)
    wall_us: list[float] = field(default_factory=list)
    operations: int = 0

    @property
    def cpu(self) -> float:
        """The median CPU time of an operation."""
        return statistics.median(self.cpu_us)

    @property
    def wall(self) -> float:
        """The median wall time of an operation, its neighbours running at the same time."""
        return statistics.median(self.wall_us)


def interleaved(runner: asyncio.Runner, paths: Mapping[str, Block], *, blocks: int) -> dict[str, Series]:
    """Run every path once to warm up, then `blocks` times in turn; the first runs are not counted."""
    found = {name: Series() for name in paths}
    for name, block in paths.items():
        found[name].operations += runner.run(block())
    for _ in range(blocks):
        for name, block in paths.items():
            _measure(runner, block, found[name])
    return found


def times_cheaper(ours: Series, theirs: Series) -> float:
    """Return how many times our CPU theirs takes: the median over the blocks, each beside its neighbour."""
    pairs = zip(ours.cpu_us, theirs.cpu_us, strict=True)
    return statistics.median(their / our for our, their in pairs)


def percentile(figures: list[float], percent: float) -> float:
    """Return the figure below which this part of all lies."""
    ordered = sorted(figures)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def _measure(runner: asyncio.Runner, block: Block, series: Series) -> None:
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    done = runner.run(block())
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    series.cpu_us.append(cpu / done * 1e6)
    series.wall_us.append(wall / done * 1e6)
    series.operations += done
