"""What /metrics shows: counters of this process, the tallies of core, and what lies waiting in the tables."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Final

from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from core import figures, tally, windows
from core.clock import Clock
from core.db import Database, DatabaseError, Tx
from core.figures import Figure
from core.messages.figures import figures as messages_waiting

Source = Callable[[Tx, datetime, datetime], Iterable[Figure]]
"""Reads figures from the tables: a transaction, business time, real time."""

SOURCES: Final[tuple[Source, ...]] = (
    lambda tx, _, real_now: figures.waiting(tx, real_now=real_now),
    lambda tx, now, _: windows.figures(tx, now),
    lambda tx, now, _: messages_waiting(tx, now),
)
WORDS: Final = {
    "menling_claims_lost": "Times and other claims that somebody else had first",
    "menling_effects": "Tries of outside work by what became of them",
    "menling_effects_oldest_seconds": "Age of the oldest outside work that is not done",
    "menling_effects_waiting": "Outside work that is not done",
    "menling_messages_due": "Messages due now",
    "menling_messages_held": "Messages that wait for their person's next act",
    "menling_messages_oldest_seconds": "How long the oldest message due has waited",
    "menling_pace_wait_seconds": "How long a message waited for its place in a platform's rate",
    "menling_quota_left": "Calls a platform still takes today",
    "menling_sends": "Messages by the way they went and what became of them",
    "menling_turn_seconds": "Time from an update's arrival to the end of its turn",
    "menling_turn_unit_seconds": "Time of a turn's unit of work, its wait for the database included",
    "menling_turns": "Turns by channel and outcome",
    "menling_turns_put_off": "Updates kept for later because too many turns were under way",
    "menling_unit_wait_seconds": "Time a unit of work waited for the database to take it up",
    "menling_units_given_up": "Units of work the database would not take, however often",
    "menling_units_run_again": "Units of work run again, by what the database said",
    "menling_updates_failed": "Updates whose turn raised: tried again (failed) or set aside (quarantined)",
    "menling_updates_waiting": "Updates that are going to be tried again",
}
"""What each figure of core means; a test holds the manual to these."""

_FRESH_SECONDS: Final = 5.0
_READ_SECONDS: Final = 2.0
_log = logging.getLogger(__name__)


class Tallies:
    """Shows the tallies of core to Prometheus."""

    def collect(self) -> Iterator[Metric]:
        """Yield every count and every time."""
        families: dict[str, CounterMetricFamily | HistogramMetricFamily] = {}
        for (name, labels), value in tally.counted().items():
            family = families.setdefault(name, CounterMetricFamily(name, _words(name), labels=_names(labels)))
            assert isinstance(family, CounterMetricFamily)
            family.add_metric([value for _, value in labels], value)
        for (name, labels), times in tally.timed().items():
            family = families.setdefault(name, HistogramMetricFamily(name, _words(name), labels=_names(labels)))
            assert isinstance(family, HistogramMetricFamily)
            family.add_metric([value for _, value in labels], _buckets(times), times.seconds)
        yield from families.values()

    def describe(self) -> Iterator[Metric]:
        """Name nothing beforehand: what core counts is known when it counts."""
        return iter(())


class Measures:
    """One for a process: reads the tables at most every 5 s, however often it is asked."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._read_at = float("-inf")
        self._registry = CollectorRegistry()
        self._registry.register(self)
        self._figures: tuple[Figure, ...] = ()

    async def text(self) -> bytes:
        """Return the page for Prometheus; while the database is away, without what the tables hold."""
        if time.monotonic() - self._read_at > _FRESH_SECONDS:
            self._read_at = time.monotonic()
            self._figures = await self._read()
        return generate_latest(REGISTRY) + generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """Yield what the tables held when they were read."""
        families: dict[str, GaugeMetricFamily] = {}
        for name, labels, value in self._figures:
            family = families.setdefault(name, GaugeMetricFamily(name, _words(name), labels=list(labels)))
            family.add_metric(list(labels.values()), value)
        yield from families.values()

    async def _read(self) -> tuple[Figure, ...]:
        now, real_now = self._clock.now(), datetime.now(UTC)

        def read(tx: Tx) -> tuple[Figure, ...]:
            return tuple(figure for source in SOURCES for figure in source(tx, now, real_now))

        try:
            async with asyncio.timeout(_READ_SECONDS):
                return await self._db.aread(read)
        except (DatabaseError, TimeoutError) as error:
            _log.warning("tables not read for metrics", extra={"error": type(error).__name__})
            return ()


def install() -> None:
    """Have core's tallies shown beside the counters of the doors, once a process."""
    if not any(isinstance(one, Tallies) for one in getattr(REGISTRY, "_collector_to_names", {})):
        REGISTRY.register(Tallies())


def _words(name: str) -> str:
    return WORDS.get(name, name)


def _names(labels: tally.Labels) -> list[str]:
    return [name for name, _ in labels]


def _buckets(times: tally.Times) -> list[tuple[str, float]]:
    """Return Prometheus' buckets: each counts what the ones before it count as well."""
    below, buckets = 0, []
    for bound, many in zip([*map(str, tally.BOUNDS), "+Inf"], times.counts, strict=True):
        below += many
        buckets.append((bound, float(below)))
    return buckets
