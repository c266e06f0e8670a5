"""Reading technicians: one by one as stored now, and the roster of approved ones, remembered while its stamp stands."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, bindparam, select

from core.db import Row, Tx
from core.errors import NotFound
from core.geo import Point
from core.settings import counter
from core.technicians import tables
from core.technicians.shapes import Certificate, RotaException, RotaSpan, Sex, Technician, TechnicianState

STAMP = "roster"
"""Who is approved, with names, skills and regions; what words are understood by hangs on it."""
TIMES_STAMP = "roster.times"
"""Rotas and exceptions."""
FIGURES_STAMP = "roster.figures"
"""Stars, visits done, duty: they change many times a day and are read alone."""

_T = tables.technician
_COLUMNS = (
    _T.c.id, _T.c.person_id, _T.c.store_id, _T.c.number, _T.c.state, _T.c.names, _T.c.sex, _T.c.years, _T.c.bio,
    _T.c.base_lat, _T.c.base_lng, _T.c.face_file_id, _T.c.stars_sum, _T.c.stars_count, _T.c.visits_done,
    _T.c.on_duty_at, _T.c.applied_at,
)  # fmt: skip
_SKILL, _REGION, _PAPER = tables.technician_skill, tables.technician_region, tables.certificate

_FIGURES = select(_T.c.id, _T.c.stars_sum, _T.c.stars_count, _T.c.visits_done, _T.c.on_duty_at).where(
    _T.c.state == TechnicianState.APPROVED.value
)
_BY_ID = select(*_COLUMNS).where(_T.c.id == bindparam("b_id"))
_BY_PERSON = select(*_COLUMNS).where(_T.c.person_id == bindparam("b_person"))
_IN_STATE = select(*_COLUMNS).where(_T.c.state == bindparam("b_state")).order_by(_T.c.number, _T.c.applied_at, _T.c.id)
_SKILLS = select(_SKILL.c.technician_id, _SKILL.c.service_id)
_REGIONS = select(_REGION.c.technician_id, _REGION.c.region_id)
_PAPERS = select(_PAPER).order_by(_PAPER.c.id)
_SKILLS_OF = _SKILLS.where(_SKILL.c.technician_id == bindparam("b_id"))
_REGIONS_OF = _REGIONS.where(_REGION.c.technician_id == bindparam("b_id"))
_PAPERS_OF = _PAPERS.where(_PAPER.c.technician_id == bindparam("b_id"))


def _of_state(statement: Select[tuple[object, ...]], technician_id: object) -> Select[tuple[object, ...]]:
    return statement.join(_T, _T.c.id == technician_id).where(_T.c.state == bindparam("b_state"))


_ROTA = select(tables.rota).order_by(tables.rota.c.weekday, tables.rota.c.from_minute)
_ROTA_OF = _ROTA.where(tables.rota.c.technician_id == bindparam("b_id"))
_EXCEPTIONS = select(tables.rota_exception).order_by(tables.rota_exception.c.day, tables.rota_exception.c.from_minute)
_EXCEPTIONS_OF = _EXCEPTIONS.where(tables.rota_exception.c.technician_id == bindparam("b_id"))
_SKILLS_IN = _of_state(_SKILLS, _SKILL.c.technician_id)
_REGIONS_IN = _of_state(_REGIONS, _REGION.c.technician_id)
_PAPERS_IN = _of_state(_PAPERS, _PAPER.c.technician_id)
_ROTA_IN = _of_state(_ROTA, tables.rota.c.technician_id)
_EXCEPTIONS_IN = _of_state(_EXCEPTIONS, tables.rota_exception.c.technician_id)

Spans = tuple[tuple[int, int], ...]
"""Working time of one local day: (from, to) minutes; `to` may pass 1440."""


@dataclass(frozen=True, slots=True)
class Roster:
    """Every approved technician, on duty or not, by number, with their working times.

    `version` stays the same while nobody comes, goes or is renamed, whatever stars, duty and rotas do.
    """

    version: int
    technicians: tuple[Technician, ...]
    _by_id: dict[int, Technician] = field(repr=False, compare=False)
    _rota: dict[int, tuple[RotaSpan, ...]] = field(repr=False, compare=False)
    _exceptions: dict[int, tuple[RotaException, ...]] = field(repr=False, compare=False)
    times_version: int = 0
    figures_version: int = 0

    def find(self, technician_id: int) -> Technician | None:
        """Return an approved technician, None when there is no such."""
        return self._by_id.get(technician_id)

    def get(self, technician_id: int) -> Technician:
        """Return an approved technician; raises NotFound."""
        found = self._by_id.get(technician_id)
        if found is None:
            raise NotFound(kind="technician")
        return found

    def able(self, service_id: int, region_id: int, sex: str | None = None) -> tuple[Technician, ...]:
        """Return who is on duty and has the skill, the region and, when asked for, the sex."""
        return tuple(
            one
            for one in self.technicians
            if one.on_duty_at and one.can_do(service_id, region_id) and sex in (None, one.sex)
        )

    def rota_of(self, technician_id: int) -> tuple[RotaSpan, ...]:
        """Return the weekly rota."""
        return self._rota.get(technician_id, ())

    def exceptions_of(self, technician_id: int) -> tuple[RotaException, ...]:
        """Return the days that differ from the rota."""
        return self._exceptions.get(technician_id, ())

    def spans_on(self, technician_id: int, day: date) -> Spans:
        """Return the working time of one local day: its exceptions where it has any, the rota otherwise."""
        special = [one for one in self.exceptions_of(technician_id) if one.day == day]
        if special:
            return tuple((one.from_minute, one.to_minute) for one in special if one.from_minute != one.to_minute)
        weekday = day.weekday()
        return tuple((s.from_minute, s.to_minute) for s in self.rota_of(technician_id) if s.weekday == weekday)


_EMPTY = Roster(0, (), {}, {}, {})
_remembered: Roster = _EMPTY


def roster(tx: Tx) -> Roster:
    """Return the approved technicians; after the first call in a process one small read, unless something changed."""
    global _remembered  # noqa: PLW0603  one slot, replaced whole; a stamp belongs to one content only
    who, times, figures = counter(tx, STAMP), counter(tx, TIMES_STAMP), counter(tx, FIGURES_STAMP)
    known = _remembered
    if who == 0:
        return _EMPTY
    if known.version != who:
        known = _with_times(tx, _of_technicians(who, _in_state(tx, TechnicianState.APPROVED)), times)
        known = replace(known, figures_version=figures)
    if known.times_version != times:
        known = _with_times(tx, known, times)
    if known.figures_version != figures:
        known = _with_figures(tx, known, figures)
    _remembered = known
    return known


def technician(tx: Tx, technician_id: int) -> Technician:
    """Return one technician in any state, as stored now; raises NotFound."""
    row = tx.first(_BY_ID, {"b_id": technician_id})
    if row is None:
        raise NotFound(kind="technician")
    return _whole(tx, row)


def of_person(tx: Tx, person_id: int) -> Technician | None:
    """Return the technician this person is, in any state; None for everybody else."""
    row = tx.first(_BY_PERSON, {"b_person": person_id})
    return None if row is None else _whole(tx, row)


def rota_of(tx: Tx, technician_id: int) -> tuple[RotaSpan, ...]:
    """Return the weekly rota as stored now."""
    rows = tx.all(_ROTA_OF, {"b_id": technician_id})
    return tuple(RotaSpan(row.weekday, row.from_minute, row.to_minute) for row in rows)


def exceptions_of(tx: Tx, technician_id: int) -> tuple[RotaException, ...]:
    """Return the days that differ from the rota, as stored now."""
    rows = tx.all(_EXCEPTIONS_OF, {"b_id": technician_id})
    return tuple(RotaException(row.day, row.from_minute, row.to_minute) for row in rows)


def _of_technicians(version: int, people: tuple[Technician, ...]) -> Roster:
    return Roster(version, people, {one.id: one for one in people}, {}, {})


def _with_times(tx: Tx, known: Roster, stamp: int) -> Roster:
    approved = {"b_state": TechnicianState.APPROVED}
    rota: defaultdict[int, list[RotaSpan]] = defaultdict(list)
    for row in tx.all(_ROTA_IN, approved):
        rota[row.technician_id].append(RotaSpan(row.weekday, row.from_minute, row.to_minute))
    exceptions: defaultdict[int, list[RotaException]] = defaultdict(list)
    for row in tx.all(_EXCEPTIONS_IN, approved):
        exceptions[row.technician_id].append(RotaException(row.day, row.from_minute, row.to_minute))
    return replace(
        known,
        times_version=stamp,
        _rota={one: tuple(spans) for one, spans in rota.items()},
        _exceptions={one: tuple(days) for one, days in exceptions.items()},
    )


def _with_figures(tx: Tx, known: Roster, stamp: int) -> Roster:
    """Replace the technicians whose figures have changed, and only them."""
    figures = {row.id: row._asdict() for row in tx.all(_FIGURES)}
    people = tuple(_refreshed(one, figures.get(one.id)) for one in known.technicians)
    return replace(known, figures_version=stamp, technicians=people, _by_id={one.id: one for one in people})


def _refreshed(one: Technician, figures: dict[str, Any] | None) -> Technician:
    if figures is None or all(getattr(one, name) == value for name, value in figures.items()):
        return one
    return replace(one, **figures)


def _in_state(tx: Tx, state: TechnicianState) -> tuple[Technician, ...]:
    params = {"b_state": state}
    rows = tx.all(_IN_STATE, params)
    return _built(rows, tx.all(_SKILLS_IN, params), tx.all(_REGIONS_IN, params), tx.all(_PAPERS_IN, params))


def _whole(tx: Tx, row: Row) -> Technician:
    params = {"b_id": row.id}
    return _built([row], tx.all(_SKILLS_OF, params), tx.all(_REGIONS_OF, params), tx.all(_PAPERS_OF, params))[0]


def _built(
    rows: Iterable[Row], skills: Iterable[Row], regions: Iterable[Row], papers: Iterable[Row]
) -> tuple[Technician, ...]:
    skills_of: defaultdict[int, set[int]] = defaultdict(set)
    for skill in skills:
        skills_of[skill.technician_id].add(skill.service_id)
    regions_of: defaultdict[int, set[int]] = defaultdict(set)
    for region in regions:
        regions_of[region.technician_id].add(region.region_id)
    papers_of: defaultdict[int, list[Certificate]] = defaultdict(list)
    for paper in papers:
        shown = Certificate(paper.id, paper.file_id, paper.names, paper.checked_at)
        papers_of[paper.technician_id].append(shown)
    return tuple(
        Technician(
            id=row.id,
            person_id=row.person_id,
            store_id=row.store_id,
            number=row.number,
            state=TechnicianState(row.state),
            names=row.names,
            sex=Sex(row.sex),
            years=row.years,
            bio=row.bio,
            base=Point(row.base_lat, row.base_lng),
            face_file_id=row.face_file_id,
            stars_sum=row.stars_sum,
            stars_count=row.stars_count,
            visits_done=row.visits_done,
            on_duty_at=row.on_duty_at,
            applied_at=row.applied_at,
            service_ids=frozenset(skills_of[row.id]),
            region_ids=frozenset(regions_of[row.id]),
            certificates=tuple(papers_of[row.id]),
        )
        for row in rows
    )
