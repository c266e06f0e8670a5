"""A few of many starts: enough to choose from, few enough to read."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from dialogs.engine.step import Step

_ENOUGH = 4
"""Round times are easier to choose from than many: from four of them on, quarters are left to be typed."""


def spread(step: Step, starts: Iterable[datetime], most: int) -> list[datetime]:
    """Choose up to `most` of many starts: the first of all, then evenly full hours, or halves, or quarters."""
    found = list(starts)
    if len(found) <= most:
        return found
    even = _evenly(step, found, most)
    return even if even[0] == found[0] else [found[0], *even[: most - 1]]


def _evenly(step: Step, found: list[datetime], most: int) -> list[datetime]:
    zone = ZoneInfo(step.zone)
    shown = [(start.astimezone(zone).minute, start) for start in found]
    rounded = ([start for minute, start in shown if minute % minutes == 0] for minutes in (60, 30))
    pool = next((some for some in rounded if len(some) >= min(most, _ENOUGH)), found)
    if len(pool) <= most:
        return pool
    if most == 1:
        return pool[:1]
    last = len(pool) - 1
    return [pool[at * last // (most - 1)] for at in range(most)]
