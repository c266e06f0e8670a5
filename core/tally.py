"""Counts and times of what happens inside, kept in memory for whoever shows them: core knows no system of metrics."""

import threading
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

Labels = tuple[tuple[str, str], ...]
Key = tuple[str, Labels]

BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds; a time counts for the first of these that it does not pass, and beyond the last for itself."""


@dataclass(slots=True)
class Times:
    """How often something took how long: `counts` by BOUNDS and one beyond, `seconds` of all together."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))
    seconds: float = 0.0


_counts: dict[Key, int] = {}
_times: dict[Key, Times] = {}
_lock = threading.Lock()


def count(name: str, by: int = 1, **labels: str) -> None:
    """Count one more (or `by`) of this; labels come from small fixed sets, never from what people say. Any thread."""
    key = (name, tuple(labels.items()))
    with _lock:
        _counts[key] = _counts.get(key, 0) + by


def took(name: str, seconds: float, **labels: str) -> None:
    """Note that something took so long; the same rules as of `count`."""
    key = (name, tuple(labels.items()))
    with _lock:
        times = _times.get(key)
        if times is None:
            times = _times[key] = Times()
        times.counts[bisect_left(BOUNDS, seconds)] += 1
        times.seconds += seconds


def counted() -> Mapping[Key, int]:
    """Return what was counted in this process since it started, by name and labels."""
    with _lock:
        return dict(_counts)


def timed() -> Mapping[Key, Times]:
    """Return how long things took in this process since it started, by name and labels."""
    with _lock:
        return {key: Times(list(times.counts), times.seconds) for key, times in _times.items()}
