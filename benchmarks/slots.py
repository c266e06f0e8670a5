"""Goal 2: at which starts of two weeks can anybody come, beside numpy and rows that leave out the legs."""

import gc
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import zip_longest
from typing import TypeVar

from benchmarks.measuring import percentile
from benchmarks.report import Line, judged, skipped
from benchmarks.slots_cold import First, first_search
from benchmarks.slots_filling import Filled, fill
from benchmarks.slots_floor import Warm
from benchmarks.slots_oracle import free_technicians, reachable_starts
from benchmarks.slots_searching import Found, search
from benchmarks.slots_selling import sell_back, update_cost
from benchmarks.slots_town import BEGIN, SERVICE_CELLS, Town, a_town, places
from benchmarks.world import Ground, server_ground, sqlite_ground
from core.calendar import alternatives, best_slots
from core.geo import Point
from tests import servers
from tests.builders import NOW

T = TypeVar("T")

SIZES = (10, 100, 1000)
_LARGEST = SIZES[-1]
_BLOCKS, _BLOCK = 30, 10
_FULLY_CHECKED = 3
"""The first search of every so many blocks is held against the slow reckoning; the others against numpy's counts."""
_COLD_STARTS = 5
_SCARCE_CELLS = 16
"""Four hours: at some starts nobody has so long a gap, and to know that everybody must be looked at."""
_COLD_LIMIT_MS = {"SQLite": 80.0, "MariaDB": 300.0}
_PUBLISHED_MS = 28_000.0
"""Easy!Appointments 1.5.2, the same question to 1,000 technicians on MariaDB: measured once, too slow for every run."""
_UNIT = "ms a search"
_ONE_DAY = timedelta(days=1)
_SHOWN, _OTHERS = 7, 3
_PLACE = places(1)[0]


@dataclass(slots=True)
class Searches:
    """What the searches in one town took, in milliseconds, and how many times numpy's answer goes into ours."""

    ours: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    """Of ours, all threads of this process, a figure a block."""
    statements: int = 0
    first_statements: int = 0
    """Of the first search of a fresh process."""

    @property
    def p50(self) -> float:
        """The median of ours."""
        return statistics.median(self.ours)

    def line(self, name: str, target: float | None = None) -> Line:
        """Return ours beside numpy's."""
        floor, ratio = statistics.median(self.floor), statistics.median(self.ratios)
        return judged(Line(2, name, _UNIT, "lower", self.p50, None, floor, ratio, target))


def measure() -> Iterator[Line]:
    """Yield every line of goal 2."""
    for name in ("SQLite", "PostgreSQL", "MariaDB"):
        try:
            warm: dict[int, Searches] = {}
            for size in SIZES:
                with _ground(name) as ground:
                    yield from _in_one_town(ground, a_town(size), warm)
                gc.unfreeze()
            yield from _over_all(name, warm)
        except servers.ServerMissing as missing:
            yield skipped(2, f"slot_ratio_to_floor, {name}", str(missing))


def _ground(name: str) -> AbstractContextManager[Ground]:
    return sqlite_ground(demo=False) if name == "SQLite" else server_ground(name, demo=False)


def _in_one_town(ground: Ground, town: Town, warm: dict[int, Searches]) -> Iterator[Line]:
    filled, memory = fill(ground, town), Warm.of(town)
    gc.collect()
    gc.freeze()  # what the benchmark itself keeps would be looked through again and again in our time
    where = f"{ground.name}, N={town.size}"
    hour = warm[town.size] = _searched(ground, filled, memory, SERVICE_CELLS)
    if town.size == _LARGEST:
        yield from _warm_lines(hour, where)
        scarce = _searched(ground, filled, memory, _SCARCE_CELLS)
        yield scarce.line(f"warm search for a four-hour visit, with legs, {where}; numpy without")
        yield from _asked_otherwise(ground, filled, where)
        colds = [(_first(ground, filled), _first(ground, filled, "floor")) for _ in range(_COLD_STARTS)]
        yield from _cold_lines(ground.name, colds, where)
    else:
        yield hour.line(f"warm search with legs, {where}; numpy without")
        colds = [(_first(ground, filled), _first(ground, filled, "floor"))]
    for ours, floor in colds:
        _same(f"the first search on {ground.name}", ours.answer, reachable_starts(town.size, _PLACE))
        _same(f"the rows of {ground.name}", floor.answer, free_technicians(town.size))
        hour.first_statements = ours.statements
    yield from _while_selling(ground, filled, where)


def _searched(ground: Ground, filled: Filled, memory: Warm, cells: int) -> Searches:
    """Search some hundreds of times, each time for another place, numpy beside us in small blocks."""
    size, found = filled.town.size, Searches()
    counts = free_technicians(size, cells)
    _same("numpy", tuple(memory.free(cells).tolist()), counts)
    everywhere = places(_BLOCKS * _BLOCK)
    _search_at(ground, filled, cells, everywhere[-1])
    for block in range(_BLOCKS):
        here = everywhere[block * _BLOCK : (block + 1) * _BLOCK]
        cpu = time.process_time()
        answers = _timed([partial(_search_at, ground, filled, cells, place) for place in here], found.ours)
        found.cpu.append((time.process_time() - cpu) * 1000 / _BLOCK)
        _timed([partial(memory.free, cells)] * _BLOCK, found.floor)
        found.ratios.append(statistics.median(found.ours[-_BLOCK:]) / statistics.median(found.floor[-_BLOCK:]))
        found.statements = max(found.statements, *(answer.statements for answer in answers))
        if block % _FULLY_CHECKED == 0:
            _same(f"a search on {ground.name}", answers[0].cells(), reachable_starts(size, here[0], cells))
        if any(not counts[cell] for answer in answers for cell in answer.cells()):
            raise AssertionError(f"a search on {ground.name} offered a start at which nobody is free")
    return found


def _search_at(ground: Ground, filled: Filled, cells: int, place: Point) -> Found:
    wish = filled.wish(place, cells * 15)
    return ground.db.read(lambda tx: search(tx, wish, filled.person_id))


def _warm_lines(found: Searches, where: str) -> Iterator[Line]:
    yield found.line(f"slot_ratio_to_floor, {where}: warm search with legs; numpy without", 3.0)
    for percent, most in ((50, 3.0), (99, 6.0)):
        name, figure = f"warm search with legs, p{percent}, {where}", percentile(found.ours, percent)
        yield judged(Line(2, name, _UNIT, "lower", figure, target=most))
    name = f"warm search with legs, CPU of this process, {where}"
    yield Line(2, name, _UNIT, "lower", statistics.median(found.cpu))
    name, ratio = f"warm search beside Easy!Appointments 1.5.2, measured apart, {where}", _PUBLISHED_MS / found.p50
    yield judged(Line(2, name, _UNIT, "higher", found.p50, _PUBLISHED_MS, None, ratio, 5000.0))


def _asked_otherwise(ground: Ground, filled: Filled, where: str) -> Iterator[Line]:
    """Yield what the same question takes in a writing unit, and for one day alone."""
    wish = filled.wish(_PLACE)
    wanted = reachable_starts(filled.town.size, _PLACE)
    within: list[float] = []
    for found in _timed([partial(ground.db.run, lambda tx: search(tx, wish, filled.person_id))] * 100, within):
        _same(f"a search in a writing unit on {ground.name}", found.cells(), wanted)
    yield Line(2, f"warm search with legs in a writing unit, {where}", _UNIT, "lower", statistics.median(within))
    one: list[float] = []
    tomorrow = tuple(cell for cell in wanted if cell < _ONE_DAY // timedelta(minutes=15))
    day = partial(ground.db.read, lambda tx: search(tx, wish, filled.person_id, BEGIN + _ONE_DAY))
    for found in _timed([day] * 100, one):
        _same(f"a search of one day on {ground.name}", found.cells(), tomorrow)
    yield Line(2, f"warm search of one day, {where}", _UNIT, "lower", statistics.median(one))
    yield from _chosen_among(ground, filled, where)
    most = max(day().statements, ground.db.read(lambda tx: search(tx, wish, filled.person_id)).statements)
    yield judged(Line(2, f"statements of a warm search, {where}", "a search", "lower", most, target=3))


def _chosen_among(ground: Ground, filled: Filled, where: str) -> Iterator[Line]:
    """Yield what it takes to name the best at the starts a chat shows, and other times to who came too late."""
    wish, who = filled.wish(_PLACE), filled.person_id
    starts = ground.db.read(lambda tx: search(tx, wish, who)).starts[::100][:_SHOWN]
    naming: list[float] = []
    _timed(
        [partial(ground.db.read, lambda tx: best_slots(tx, wish, person_id=who, now=NOW, starts=starts))] * 30, naming
    )
    name = f"the best technician at each of {len(starts)} starts, {where}"
    yield Line(2, name, "ms", "lower", statistics.median(naming))
    others: list[float] = []
    asked = partial(ground.db.read, lambda tx: alternatives(tx, wish, person_id=who, now=NOW, at=starts[0]))
    if any(len(found) != _OTHERS for found in _timed([asked] * 30, others)):
        raise AssertionError(f"somebody on {ground.name} was not told three other times")
    yield Line(2, f"three other times for who came too late, {where}", "ms", "lower", statistics.median(others))


def _cold_lines(database: str, colds: list[tuple[First, First]], where: str) -> Iterator[Line]:
    """Yield the first search of fresh processes, ours and that of the rows in turn."""
    ours, rows = (statistics.median(one.ms for one in side) for side in zip(*colds, strict=True))
    ratio = statistics.median(one.ms / other.ms for one, other in colds)
    name = f"first search of a fresh process with legs, {where}"
    yield judged(Line(2, f"{name}; rows to numpy without", _UNIT, "lower", ours, None, rows, ratio, 2.0))
    if database in _COLD_LIMIT_MS:
        yield judged(Line(2, name, _UNIT, "lower", ours, target=_COLD_LIMIT_MS[database]))
    most = max(one.statements for one, _ in colds)
    yield Line(2, f"statements of the first search, with everybody's skills and rotas, {where}", "", "lower", most)


def _first(ground: Ground, filled: Filled, path: str = "ours") -> First:
    return first_search(path, ground.url, filled.service_id, filled.region_id)


def _while_selling(ground: Ground, filled: Filled, where: str) -> Iterator[Line]:
    """Yield what a search takes right after a visit was given back or sold; in the smallest town all are checked."""
    smallest = filled.town.size == SIZES[0]
    sales = sell_back(ground, filled, visits=50, checked=smallest)
    if sales.wrong:
        raise AssertionError(f"{sales.wrong} searches on {ground.name} did not know of what was sold before them")
    _same(
        f"the end on {ground.name}",
        _search_at(ground, filled, SERVICE_CELLS, _PLACE).cells(),
        reachable_starts(filled.town.size, _PLACE),
    )
    if filled.town.size == _LARGEST:
        after = statistics.median(sales.searches)
        yield Line(2, f"search right after a booking or release, {where}", _UNIT, "lower", after)
        name = f"statements of a search right after a booking, {where}"
        yield judged(Line(2, name, "a search", "lower", sales.statements, target=3))
        cost = update_cost(ground, filled)
        yield judged(Line(2, f"the index follows a booking, {where}", "us a booking", "lower", cost, target=50.0))


def _over_all(name: str, warm: dict[int, Searches]) -> Iterator[Line]:
    """Yield what more technicians cost."""
    times = warm[_LARGEST].p50 / warm[100].p50
    yield judged(Line(2, f"warm search, N=1000 beside N=100, {name}", "times", "lower", times, target=11.0))
    counts = {(found.statements, found.first_statements) for found in warm.values()}
    if len(counts) != 1:
        raise AssertionError(f"on {name} the number of statements grows with the town: {sorted(counts)}")


def _timed(acts: list[Callable[[], T]], taken: list[float]) -> list[T]:
    answers = []
    for act in acts:
        began = time.perf_counter()
        answer = act()
        taken.append((time.perf_counter() - began) * 1000)
        answers.append(answer)
    return answers


def _same(what: str, found: tuple[int, ...], wanted: tuple[int, ...]) -> None:
    if found != wanted:
        differing = [pair for pair in zip_longest(found, wanted) if pair[0] != pair[1]][:5]
        raise AssertionError(f"{what} and the plain reckoning disagree: {differing}")
