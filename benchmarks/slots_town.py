"""The town of goal 2: technicians with noon breaks and fifty visits each, some of whom the filters leave out."""

import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from math import cos, pi, radians, sin, sqrt

from core.geo import Point
from core.technicians import RotaSpan, Sex
from core.travel import TRAVEL
from tests.builders import CENTRE, NOW

DAYS = 14
DAY_CELLS = 96
CELLS = DAYS * DAY_CELLS
SERVICE_CELLS, WHOLE_CELLS = 4, 5
"""An hour, and a quarter of an hour of buffer."""

BEGIN = NOW - timedelta(hours=10) + timedelta(days=1)
"""Tomorrow's midnight in the builders' town, a Wednesday; its clocks never change."""
UNTIL = BEGIN + timedelta(days=DAYS)
FIRST_WEEKDAY = 2

VISITS = 50
REACH_METRES = 8_000
LEAST_STARS, LEAST_YEARS = 4.5, 3

_QUARTER = timedelta(minutes=15)
_METRES_A_DEGREE = 111_195.0
_SWEEPS = 60


def _week(days: Sequence[int], *spans: tuple[float, float]) -> tuple[RotaSpan, ...]:
    return tuple(RotaSpan(day, round(first * 60), round(last * 60)) for day in days for first, last in spans)


ROTAS = (
    _week(range(7), (9, 12), (13, 22)),
    _week(range(7), (10, 12.5), (13.25, 22.5)),
    _week((1, 2, 3, 4, 5, 6), (8, 12), (12.75, 22.5)),
    _week((0, 2, 3, 4, 5, 6), (8.5, 11.5), (12.5, 23)),
    _week(range(7), (12, 17), (18, 24)),
    _week(range(7), (14, 18.5), (19, 26)),  # into the night
)
"""Weeks of long days with a break in each, minutes of the local day."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit sold: its start in quarters of an hour since BEGIN, and its place."""

    cell: int
    point: Point


@dataclass(frozen=True, slots=True)
class Worker:
    """A technician as the filters and the calendar see one; `stars` are ten reviews together."""

    base: Point
    rota: tuple[RotaSpan, ...]
    visits: tuple[Visit, ...] = ()
    years: int = 5
    stars: int = 48
    sex: Sex = Sex.FEMALE
    skilled: bool = True
    serves: bool = True
    certified: bool = True
    on_duty: bool = True

    @property
    def fits(self) -> bool:
        """Whether every filter lets this one through."""
        kind = self.skilled and self.serves and self.certified and self.on_duty and self.sex is Sex.FEMALE
        return kind and self.years >= LEAST_YEARS and self.stars >= LEAST_STARS * 10

    def working(self) -> Iterator[tuple[int, int]]:
        """Yield the working spans in cells, end excluded; the night before the first day reaches into it."""
        for day in range(-1, DAYS):
            for span in self.rota:
                if span.weekday == (FIRST_WEEKDAY + day) % 7:
                    yield day * DAY_CELLS + span.from_minute // 15, day * DAY_CELLS + span.to_minute // 15


_LEFT_OUT: tuple[dict[str, object], ...] = (
    {"years": LEAST_YEARS - 1},
    {"stars": round(LEAST_STARS * 10) - 1},
    {"sex": Sex.MALE},
    {"skilled": False},
    {"serves": False},
    {"certified": False},
    {"on_duty": False},
)
"""Each of these fails one filter and no other."""


@dataclass(frozen=True, slots=True)
class Town:
    """Everybody who works: `size` who fit, and a tenth more (at least one of each kind) whom a filter leaves out."""

    size: int
    workers: tuple[Worker, ...]


@cache
def a_town(size: int) -> Town:
    """Return the same town for the same size."""
    rng = random.Random(size)
    others = max(len(_LEFT_OUT), size // 10)
    left_out = [_LEFT_OUT[number % len(_LEFT_OUT)] for number in range(others)]
    facts: list[dict[str, object]] = [{}] * size + left_out
    rng.shuffle(facts)
    return Town(size, tuple(_worker(rng, number, unlike) for number, unlike in enumerate(facts)))


def places(how_many: int) -> list[Point]:
    """Return where visits are wished for: always the same places all over town."""
    rng = random.Random(how_many)
    return [_somewhere(rng) for _ in range(how_many)]


def at(cell: int) -> datetime:
    """Return the instant at which a cell begins."""
    return BEGIN + cell * _QUARTER


def cell_of(instant: datetime) -> int:
    """Return the cell that begins at this instant."""
    return (instant - BEGIN) // _QUARTER


def way_cells(a: Point, b: Point) -> int:
    """Return in how many whole cells one gets from a to b."""
    return -(-TRAVEL.minutes(a, b) // 15)


def _worker(rng: random.Random, number: int, unlike: dict[str, object]) -> Worker:
    plain = Worker(
        base=_somewhere(rng),
        rota=ROTAS[number % len(ROTAS)],
        years=rng.randint(LEAST_YEARS, 20),
        stars=rng.randint(round(LEAST_STARS * 10), 50),
    )
    return replace(plain, visits=tuple(_sold(rng, plain)), **unlike)  # type: ignore[arg-type]


def _sold(rng: random.Random, worker: Worker) -> list[Visit]:
    """Return fifty visits at random times and places, each reachable from the one before."""
    spans = [(first, last) for first, last in worker.working() if first >= 0]
    starts = [cell for first, last in spans for cell in range(first, last - SERVICE_CELLS + 1) if cell < CELLS]
    sold: list[Visit] = []
    for _ in range(_SWEEPS):
        for cell in rng.sample(starts, len(starts)):
            visit = Visit(cell, _somewhere(rng))
            where = bisect(sold, cell, key=lambda one: one.cell)
            near = (sold[where - 1] if where else None, sold[where] if where < len(sold) else None)
            if _fits_between(visit, *near):
                sold.insert(where, visit)
            if len(sold) == VISITS:
                return sold
    raise AssertionError(f"only {len(sold)} visits fit into {worker.rota}")


def _fits_between(visit: Visit, before: Visit | None, after: Visit | None) -> bool:
    in_time = before is None or _then(before, visit)
    return in_time and (after is None or _then(visit, after))


def _then(before: Visit, after: Visit) -> bool:
    gap = after.cell - before.cell - WHOLE_CELLS
    return gap >= 1 and gap >= way_cells(before.point, after.point)


def _somewhere(rng: random.Random) -> Point:
    """Return a place within reach of the middle, to about 100 m as visits are kept."""
    off, angle = 0.98 * REACH_METRES * sqrt(rng.random()), rng.uniform(0, 2 * pi)
    lat = CENTRE.lat + off * cos(angle) / _METRES_A_DEGREE
    lng = CENTRE.lng + off * sin(angle) / _METRES_A_DEGREE / cos(radians(CENTRE.lat))
    return Point(round(lat, 3), round(lng, 3))
