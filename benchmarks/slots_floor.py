"""The floors of goal 2: an easier question, without legs, asked of numpy arrays and of rows by the raw driver."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import make_url

from benchmarks.slots_town import (
    BEGIN,
    CELLS,
    DAY_CELLS,
    DAYS,
    FIRST_WEEKDAY,
    LEAST_STARS,
    LEAST_YEARS,
    SERVICE_CELLS,
    UNTIL,
    WHOLE_CELLS,
    Town,
)
from core.db.schema import to_micros
from core.db.servers import MariaDriver, PostgresDriver
from core.technicians import Sex

_WIDTH = CELLS + DAY_CELLS
"""Cells of a row: the two weeks, and a day for what reaches over their end."""
_CELL_MICROS = 15 * 60 * 1_000_000
_BEGIN = to_micros(BEGIN)

_WHO_FITS = """
    SELECT t.id FROM technician t
    JOIN technician_skill s ON s.technician_id = t.id AND s.service_id = ?
    JOIN technician_region r ON r.technician_id = t.id AND r.region_id = ?
    WHERE t.state = 'approved' AND t.on_duty_at IS NOT NULL AND t.sex = ? AND t.years >= ?
    AND t.stars_count > 0 AND t.stars_sum >= ? * t.stars_count
    AND EXISTS (SELECT 1 FROM certificate c WHERE c.technician_id = t.id AND c.checked_at IS NOT NULL)"""
_ROTA = "SELECT technician_id, weekday, from_minute, to_minute FROM rota"
_TAKEN = "SELECT technician_id, starts_at, free_at FROM occupation WHERE free_at > ? AND starts_at < ?"

Bits = NDArray[np.bool_]
Counts = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Board:
    """A cell of every technician: unclaimed, and unclaimed working time."""

    idle: Bits
    open: Bits

    @classmethod
    def of(cls, rows: int, working: Counts, taken: Counts) -> Self:
        """Make one of stretches of cells, each (row, first, end excluded), by their edges added up."""
        idle = ~_covered(rows, taken)
        return cls(idle, _covered(rows, working) & idle)

    def free(self, wanted: Bits, service_cells: int = SERVICE_CELLS) -> Counts:
        """Return how many of the wanted rows are free at each start of a visit and its buffer."""
        starts = self.open[:, :CELLS].copy()
        for cell in range(1, service_cells):
            starts &= self.open[:, cell : cell + CELLS]
        starts &= self.idle[:, service_cells : service_cells + CELLS]
        # Summed as bytes: four times quicker than as bools, and no library threads fight over the cores.
        return np.asarray(starts[wanted].view(np.uint8).sum(axis=0, dtype=np.uint16))


@dataclass(frozen=True, slots=True)
class Warm:
    """Everything in memory: the board and a column for every filter."""

    board: Board
    skilled: Bits
    serves: Bits
    certified: Bits
    on_duty: Bits
    female: Bits
    years: Counts
    stars: Counts

    @classmethod
    def of(cls, town: Town) -> Self:
        """Lay out a town."""
        workers = town.workers
        working = [(row, *span) for row, worker in enumerate(workers) for span in worker.working()]
        taken = [
            (row, visit.cell, visit.cell + WHOLE_CELLS) for row, worker in enumerate(workers) for visit in worker.visits
        ]
        return cls(
            board=Board.of(len(workers), np.array(working), np.array(taken)),
            skilled=np.array([worker.skilled for worker in workers]),
            serves=np.array([worker.serves for worker in workers]),
            certified=np.array([worker.certified for worker in workers]),
            on_duty=np.array([worker.on_duty for worker in workers]),
            female=np.array([worker.sex is Sex.FEMALE for worker in workers]),
            years=np.array([worker.years for worker in workers]),
            stars=np.array([worker.stars for worker in workers]),
        )

    def free(self, service_cells: int = SERVICE_CELLS) -> Counts:
        """Return how many who fit are free at each start."""
        kind = self.skilled & self.serves & self.certified & self.on_duty & self.female
        wanted = kind & (self.years >= LEAST_YEARS) & (self.stars >= LEAST_STARS * 10)
        return self.board.free(wanted, service_cells)


class ByRows:
    """Nothing in memory: three statements on the raw driver, their rows put into arrays."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
        if backend == "sqlite":
            self._connection: Any = sqlite3.connect(str(parsed.database))
        else:
            driver = PostgresDriver(parsed) if backend == "postgresql" else MariaDriver(parsed)
            self._connection = driver.connect()
        self._mark = "?" if backend == "sqlite" else "%s"

    def free(self, service_id: int, region_id: int) -> Counts:
        """Return how many who fit are free at each start."""
        fit = np.sort(
            self._numbers(_WHO_FITS, (service_id, region_id, Sex.FEMALE.value, LEAST_YEARS, LEAST_STARS))[:, 0]
        )
        rota = _of_those(fit, self._numbers(_ROTA, ()))
        taken = _of_those(fit, self._numbers(_TAKEN, (_BEGIN, to_micros(UNTIL))))
        taken[:, 1:] = (taken[:, 1:] - _BEGIN) // _CELL_MICROS
        board = Board.of(len(fit), _each_day(rota), taken)
        return board.free(np.ones(len(fit), dtype=np.bool_))

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def _numbers(self, statement: str, params: tuple[object, ...]) -> Counts:
        with closing(self._connection.cursor()) as cursor:
            cursor.execute(statement.replace("?", self._mark), params)
            rows = cursor.fetchall()
            width = len(cursor.description)
        found = np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=len(rows) * width)
        return found.reshape(len(rows), width)


def _covered(rows: int, stretches: Counts) -> Bits:
    """Return which cells any stretch covers."""
    edges = np.zeros(rows * _WIDTH + 1, dtype=np.int8)
    within = np.clip(stretches[:, 1:], 0, _WIDTH) + stretches[:, :1] * _WIDTH
    np.add.at(edges, within[:, 0], np.int8(1))
    np.subtract.at(edges, within[:, 1], np.int8(1))
    return np.asarray(np.cumsum(edges[:-1], dtype=np.int8).reshape(rows, _WIDTH) > 0)


def _of_those(technicians: Counts, rows: Counts) -> Counts:
    """Return the rows of these technicians, each with its technician's place in the first column."""
    places = np.minimum(np.searchsorted(technicians, rows[:, 0]), len(technicians) - 1)
    theirs = technicians[places] == rows[:, 0]
    found: Counts = rows[theirs]
    found[:, 0] = places[theirs]
    return found


def _each_day(rota: Counts) -> Counts:
    """Return the weekly spans on every day, the night before the first among them."""
    days = []
    for day in range(-1, DAYS):
        here = rota[rota[:, 1] == (FIRST_WEEKDAY + day) % 7][:, [0, 2, 3]]
        here[:, 1:] = here[:, 1:] // 15 + day * DAY_CELLS
        days.append(here)
    return np.concatenate(days)
