"""Goal 2 reckoned slowly: the rules as one tells them to people, a technician and a start at a time."""

from collections.abc import Sequence
from functools import cache

from benchmarks.slots_town import CELLS, SERVICE_CELLS, Town, Visit, Worker, a_town
from core.geo import Point
from core.travel import TRAVEL

_BUFFER_CELLS = 1
_AT_HOME_AFTER = 4 * 60
"""Minutes: in a longer gap between two visits the technician goes home."""


@cache
def free_technicians(size: int, service_cells: int = SERVICE_CELLS) -> tuple[int, ...]:
    """Return how many who fit are free at each start, as if no way took any time."""
    counts = [0] * CELLS
    for starts in _unclaimed_by_all(size, service_cells):
        for cell in starts:
            counts[cell] += 1
    return tuple(counts)


@cache
def reachable_starts(size: int, place: Point, service_cells: int = SERVICE_CELLS) -> tuple[int, ...]:
    """Return the starts at which somebody who fits is free and can be there, and at the next visit, in time."""
    return _reached(_who_fits(a_town(size)), _unclaimed_by_all(size, service_cells), service_cells, place)


def reachable_now(town: Town, place: Point) -> tuple[int, ...]:
    """Return the same for an hour in a town that has changed."""
    fitting = _who_fits(town)
    return _reached(fitting, [_unclaimed(worker, SERVICE_CELLS) for worker in fitting], SERVICE_CELLS, place)


@cache
def _unclaimed_by_all(size: int, service_cells: int) -> list[list[int]]:
    return [_unclaimed(worker, service_cells) for worker in _who_fits(a_town(size))]


def _who_fits(town: Town) -> list[Worker]:
    return [worker for worker in town.workers if worker.fits]


def _unclaimed(worker: Worker, service_cells: int) -> list[int]:
    """Return the starts in working time at which neither service nor buffer meets a visit."""
    whole = service_cells + _BUFFER_CELLS
    in_time = {cell for first, last in worker.working() for cell in range(first, last - service_cells + 1)}
    meeting = {cell for visit in worker.visits for cell in range(visit.cell - whole + 1, _free(visit))}
    return sorted(cell for cell in in_time - meeting if 0 <= cell < CELLS)


def _reached(
    workers: Sequence[Worker], unclaimed: Sequence[Sequence[int]], service_cells: int, place: Point
) -> tuple[int, ...]:
    found: set[int] = set()
    for worker, starts in zip(workers, unclaimed, strict=True):
        found.update(cell for cell in starts if cell not in found and _reaches(worker, cell, service_cells, place))
    return tuple(sorted(found))


def _reaches(worker: Worker, cell: int, service_cells: int, place: Point) -> bool:
    """Whether there is time for the way here from the visit before, and from here to the visit after."""
    before = max((one for one in worker.visits if one.cell < cell), key=lambda one: one.cell, default=None)
    after = min((one for one in worker.visits if one.cell >= cell), key=lambda one: one.cell, default=None)
    here = cell + service_cells + _BUFFER_CELLS
    in_time = before is None or _enough(cell - _free(before), before.point, place)
    return in_time and (after is None or _enough(after.cell - here, place, after.point))


def _enough(cells: int, a: Point, b: Point) -> bool:
    return cells * 15 >= min(TRAVEL.minutes(a, b), _AT_HOME_AFTER)


def _free(visit: Visit) -> int:
    return visit.cell + SERVICE_CELLS + _BUFFER_CELLS
