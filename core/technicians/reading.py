"""Reading technicians: one by one as stored now, and the roster of approved ones, remembered while its stamp stands."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Select, bindparam, select

from core.db import Row, Tx, uncollected
from core.errors import NotFound
from core.geo import Point
from core.settings import counter
from core.technicians import tables
from core.technicians.shapes import NO_PREFERENCE, Certificate, Preferences, Sex, Technician, TechnicianState
from core.technicians.stored_times import all_times, stamps, times_of
from core.technicians.times import WorkingTime

STAMP = "roster"
"""Who is approved, with names, skills and regions; what words are understood by hangs on it."""
TIMES_STAMP = "roster.times"
"""Rotas, exceptions and leave; which technician's, `times_stamp` tells."""
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


_SKILLS_IN = _of_state(_SKILLS, _SKILL.c.technician_id)
_REGIONS_IN = _of_state(_REGIONS, _REGION.c.technician_id)
_PAPERS_IN = _of_state(_PAPERS, _PAPER.c.technician_id)

_MANY_CHANGED = 8
"""From so many on, one read of everybody's times is less work than three for each."""
_MOST_ANSWERS = 4096
_NEVER = WorkingTime()


@dataclass(frozen=True, slots=True)
class Roster:
    """Every approved technician, on duty or not, by number, with their working times.

    `version` stays the same while nobody comes, goes or is renamed, whatever stars, duty and rotas do.
    """

    version: int
    technicians: tuple[Technician, ...]
    _by_id: dict[int, Technician] = field(repr=False, compare=False)
    _times: dict[int, WorkingTime] = field(repr=False, compare=False)
    _stamps: dict[int, int] = field(repr=False, compare=False)
    times_version: int = 0
    figures_version: int = 0
    _answers: dict[tuple[int, int, Preferences], tuple[Technician, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def find(self, technician_id: int) -> Technician | None:
        """Return an approved technician, None when there is no such."""
        return self._by_id.get(technician_id)

    def get(self, technician_id: int) -> Technician:
        """Return an approved technician; raises NotFound."""
        found = self._by_id.get(technician_id)
        if found is None:
            raise NotFound(kind="technician")
        return found

    def able(self, service_id: int, region_id: int, preferences: Preferences = NO_PREFERENCE) -> tuple[Technician, ...]:
        """Return who is on duty, has the skill and the region and is whom the customer would like."""
        asked = (service_id, region_id, preferences)
        found = self._answers.get(asked)
        if found is None:
            if len(self._answers) >= _MOST_ANSWERS:
                self._answers.clear()
            found = self._answers[asked] = tuple(
                one
                for one in self.technicians
                if one.on_duty_at and one.can_do(service_id, region_id) and preferences.met_by(one)
            )
        return found

    def times_of(self, technician_id: int) -> WorkingTime:
        """Return when a technician works: the same value, not only an equal one, until their times change."""
        return self._times.get(technician_id, _NEVER)

    def with_times(self, tx: Tx, version: int) -> "Roster":
        """Read again whose times have changed, and only theirs; the stamps first, so that nothing older passes for new.

        A remembered stamp may be one that was undone since, so any other one counts as a change, not only a later one.
        """
        now = stamps(tx)
        changed = [one.id for one in self.technicians if now.get(one.id) != self._stamps.get(one.id)]
        if len(changed) >= _MANY_CHANGED:
            return self.with_all_times(tx, version)
        times = self._times | {one: times_of(tx, one) for one in changed}
        return replace(self, times_version=version, _times=times, _stamps=now)

    def with_all_times(self, tx: Tx, version: int) -> "Roster":
        """Read everybody's times."""
        now = stamps(tx)
        return replace(self, times_version=version, _times=all_times(tx), _stamps=now)


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
        with uncollected():
            people = _in_state(tx, TechnicianState.APPROVED)
            known = Roster(who, people, {one.id: one for one in people}, {}, {}, figures_version=figures)
            known = known.with_all_times(tx, times)
    if known.times_version != times:
        known = known.with_times(tx, times)
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
