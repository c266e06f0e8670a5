"""Counts of what happens inside, kept in memory for whoever shows them: core knows no system of metrics."""

import threading
from collections.abc import Mapping

Labels = tuple[tuple[str, str], ...]

_counts: dict[tuple[str, Labels], int] = {}
_lock = threading.Lock()


def count(name: str, by: int = 1, **labels: str) -> None:
    """Count one more (or `by`) of this; labels come from small fixed sets, never from what people say. Any thread."""
    key = (name, tuple(labels.items()))
    with _lock:
        _counts[key] = _counts.get(key, 0) + by


def counted() -> Mapping[tuple[str, Labels], int]:
    """Return what was counted in this process since it started, by name and labels."""
    with _lock:
        return dict(_counts)
