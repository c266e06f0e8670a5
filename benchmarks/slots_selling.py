"""Visits given back and sold again between searches: what follows them, and what it costs the index."""

import time
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count

from benchmarks.slots_filling import Filled
from benchmarks.slots_oracle import reachable_now
from benchmarks.slots_searching import search
from benchmarks.slots_town import Town, Visit, at, places
from benchmarks.world import Ground
from core import calendar
from core.calendar.cells import minute_of
from core.calendar.diaries import Entry
from core.calendar.index import Wrote, added, gone, index_of
from core.db import Tx
from tests.builders import NOW

_UPDATES = 2_000


@dataclass(slots=True)
class Sales:
    """What the searches right after a release or a sale took, in milliseconds, and how many statements they ran."""

    searches: list[float] = field(default_factory=list)
    statements: int = 0
    wrong: int = 0


def sell_back(ground: Ground, filled: Filled, *, visits: int, checked: bool) -> Sales:
    """Release visits one by one, search, sell each to the same customer again, search; the town ends as it began.

    `checked` holds every answer against the plain reckoning of the town as it is then.
    """
    place, found = places(1)[0], Sales()
    wish = filled.wish(place)
    for number in range(visits):
        worker, visit = _visit(filled, number)
        order_id = filled.order_ids[worker, visit.cell]
        for act, town in (
            (partial(calendar.release_order, order_id=order_id, now=NOW), _without(filled.town, worker, visit)),
            (partial(_take_again, filled=filled, worker=worker, visit=visit, order_id=order_id), filled.town),
        ):
            ground.db.run(act)
            began = time.perf_counter()
            answer = ground.db.read(lambda tx: search(tx, wish, filled.person_id))
            found.searches.append((time.perf_counter() - began) * 1000)
            found.statements = max(found.statements, answer.statements)
            if checked:
                found.wrong += answer.cells() != reachable_now(town, place)
    return found


def _visit(filled: Filled, number: int) -> tuple[int, Visit]:
    """Return another visit of another technician for each number, of those who fit."""
    fitting = [at_ for at_, worker in enumerate(filled.town.workers) if worker.fits]
    worker = fitting[number % len(fitting)]
    visits = filled.town.workers[worker].visits
    return worker, visits[number * 7 % len(visits)]


def _without(town: Town, worker: int, visit: Visit) -> Town:
    workers = list(town.workers)
    left = tuple(one for one in workers[worker].visits if one is not visit)
    workers[worker] = replace(workers[worker], visits=left)
    return replace(town, workers=tuple(workers))


def _take_again(tx: Tx, *, filled: Filled, worker: int, visit: Visit, order_id: int) -> None:
    wish, starts_at = filled.wish_of(worker, visit), at(visit.cell)
    calendar.take_for_order(tx, order_id, filled.person_id, wish, starts_at=starts_at, now=NOW)


def update_cost(ground: Ground, filled: Filled) -> float:
    """Return the microseconds in which the index follows one booking; it is of no use to anybody afterwards."""
    index = ground.db.read(index_of)
    start = minute_of(at(-96))
    sold, back = added(Entry(start, start + 75, *places(1)[0][:2]), NOW), gone(start)
    ids = [filled.technician_ids[number % len(filled.technician_ids)] for number in range(_UPDATES)]
    last = {one: index.known.diaries[one].version for one in ids}
    versions = {one: count(version + 1) for one, version in last.items()}
    began = time.perf_counter()
    for one in ids:
        index.follow([Wrote(one, next(versions[one]), sold)])
        index.follow([Wrote(one, next(versions[one]), back)])
    taken = time.perf_counter() - began
    if sum(index.known.diaries[one].version - version for one, version in last.items()) != 2 * _UPDATES:
        raise AssertionError("the index did not follow")
    return taken / (2 * _UPDATES) * 1e6
