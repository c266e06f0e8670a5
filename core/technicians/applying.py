"""From "I want to work with you" to a number on the card: application, audit, and who is put aside again."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, func, select, update

from core.audit import note
from core.catalog import Names, catalogue
from core.db import Tx, insert_into
from core.errors import InvalidInput, NotFound, StateConflict
from core.files import file_owner
from core.geo import Point
from core.ids import new_id
from core.messages.telling import tell
from core.messages.templates import Template
from core.people import key_of
from core.settings import bump
from core.stores import the_store
from core.technicians import tables
from core.technicians.reading import STAMP, of_person, technician
from core.technicians.shapes import EDGES, Sex, Technician, TechnicianEvent, TechnicianState
from core.technicians.times import RotaSpan, checked_rota
from core.technicians.working import write_rota
from core.words import one_line, prose

_T = tables.technician
_INSERT = insert_into(_T)
_INSERT_SKILL = insert_into(tables.technician_skill)
_INSERT_REGION = insert_into(tables.technician_region)
_INSERT_PAPER = insert_into(tables.certificate)
_OF: BindParameter[int] = bindparam("b_id")
_DELETES = (
    delete(tables.technician_skill).where(tables.technician_skill.c.technician_id == _OF),
    delete(tables.technician_region).where(tables.technician_region.c.technician_id == _OF),
    delete(tables.certificate).where(tables.certificate.c.technician_id == _OF),
)
_MOVE = update(_T).where(_T.c.id == _OF, _T.c.state == bindparam("b_state")).values(state=bindparam("new_state"))
_APPLY_AGAIN = _MOVE.values(
    names=bindparam("new_names"),
    sex=bindparam("new_sex"),
    base_lat=bindparam("new_lat"),
    base_lng=bindparam("new_lng"),
    applied_at=bindparam("new_applied_at"),
    decided_at=None,
    refusal_sealed=None,
)
_APPROVE = _MOVE.values(
    number=bindparam("new_number"), on_duty_at=bindparam("new_decided_at"), decided_at=bindparam("new_decided_at")
)
_REFUSE = _MOVE.values(refusal_sealed=bindparam("new_refusal"), decided_at=bindparam("new_decided_at"))
_CHECK_PAPERS = (
    update(tables.certificate)
    .where(tables.certificate.c.technician_id == _OF)
    .values(checked_at=bindparam("new_checked_at"))
)
_HIGHEST_NUMBER = select(func.max(_T.c.number))
_REFUSAL = select(_T.c.person_id, _T.c.refusal_sealed).where(_T.c.id == _OF)

_PURPOSE = "technician.refusal"
_FIRST_NUMBER = 1
_NO_NAMES: Names = {}
LONGEST_REASON = 500


def apply(
    tx: Tx,
    person_id: int,
    *,
    name: str,
    sex: str,
    service_ids: Iterable[int],
    region_ids: Iterable[int],
    rota: Iterable[RotaSpan],
    certificate_file_ids: Iterable[int],
    now: datetime,
) -> Technician:
    """Write an application, or write it again after a refusal; raises InvalidInput, StateConflict.

    NotFound for a service or region that is not there, and for a certificate that is somebody else's.
    """
    services, regions = tuple(dict.fromkeys(service_ids)), tuple(dict.fromkeys(region_ids))
    name = one_line(name)
    sold = catalogue(tx)
    if not services or not regions or not name or sex not in tuple(Sex):
        raise InvalidInput(field="application")
    centres = [sold.region(region_id).point for region_id in regions]
    for service_id in services:
        sold.service(service_id)
    papers = tuple((_own(tx, person_id, file_id), _NO_NAMES) for file_id in certificate_file_ids)
    spans = checked_rota(rota)
    names = {"zh-Hans": name, "en": name}
    before = of_person(tx, person_id)
    if before is None:
        row = _row(person_id, the_store(tx).id, names=names, sex=Sex(sex), base=centres[0], now=now)
        tx.execute(_INSERT, row)
        technician_id = int(row["id"])
    else:
        technician_id = before.id
        where = {"new_lat": centres[0].lat, "new_lng": centres[0].lng}
        facts = {"new_names": names, "new_sex": sex, "new_applied_at": now} | where
        _move(tx, _APPLY_AGAIN, before, TechnicianEvent.APPLY_AGAIN, facts)
    _write_parts(tx, technician_id, services=services, regions=regions, papers=papers, checked_at=None)
    write_rota(tx, technician_id, spans)
    return technician(tx, technician_id)


def approve(tx: Tx, technician_id: int, *, operator_id: int, now: datetime) -> Technician:
    """Give the applicant the next number, put them on duty and tell them; raises NotFound, StateConflict."""
    bump(tx, STAMP)  # first: it keeps a second approval out until the commit, so numbers are never given twice
    before = technician(tx, technician_id)
    number = int(tx.scalar(_HIGHEST_NUMBER) or _FIRST_NUMBER - 1) + 1
    _move(tx, _APPROVE, before, TechnicianEvent.APPROVE, {"new_number": number, "new_decided_at": now})
    tx.execute(_CHECK_PAPERS, {"b_id": technician_id, "new_checked_at": now})
    _decided(tx, before, Template.APPLICATION_APPROVED, operator_id=operator_id, facts={"number": number}, now=now)
    return technician(tx, technician_id)


def refuse(tx: Tx, technician_id: int, *, reason: str, operator_id: int, now: datetime) -> Technician:
    """Refuse an application and tell the applicant why; they may apply again. Raises InvalidInput, StateConflict."""
    reason = prose(reason)
    if not reason or len(reason) > LONGEST_REASON:
        raise InvalidInput(field="reason")
    before = technician(tx, technician_id)
    sealed = key_of(tx, before.person_id).seal_text(reason, _PURPOSE)
    _move(tx, _REFUSE, before, TechnicianEvent.REFUSE, {"new_refusal": sealed, "new_decided_at": now})
    _decided(tx, before, Template.APPLICATION_REFUSED, operator_id=operator_id, facts={}, now=now)
    return technician(tx, technician_id)


def refusal_of(tx: Tx, technician_id: int) -> str | None:
    """Return why the application was refused, None when it was not; raises NotFound, PersonErased."""
    row = tx.first(_REFUSAL, {"b_id": technician_id})
    if row is None:
        raise NotFound(kind="technician")
    if row.refusal_sealed is None:
        return None
    return key_of(tx, row.person_id).open_text(row.refusal_sealed, _PURPOSE)


def suspend(tx: Tx, technician_id: int, *, operator_id: int, now: datetime) -> Technician:
    """Sell no more visits of this technician; those sold stay. Raises NotFound, StateConflict."""
    return _put(tx, technician_id, TechnicianEvent.SUSPEND, operator_id=operator_id, now=now)


def resume(tx: Tx, technician_id: int, *, operator_id: int, now: datetime) -> Technician:
    """Sell a suspended technician's visits again; raises NotFound, StateConflict."""
    return _put(tx, technician_id, TechnicianEvent.RESUME, operator_id=operator_id, now=now)


def enrol(
    tx: Tx,
    person_id: int,
    store_id: int,
    *,
    number: int,
    names: Names,
    sex: Sex,
    base: Point,
    service_ids: Iterable[int],
    region_ids: Iterable[int],
    rota: Iterable[RotaSpan],
    now: datetime,
    years: int = 0,
    bio: Names | None = None,
    certificates: Iterable[Names] = (),
    face_file_id: int | None = None,
    stars_sum: int = 0,
    stars_count: int = 0,
    visits_done: int = 0,
) -> Technician:
    """Write an approved technician with everything at once, as an import or the demo does; raises InvalidInput."""
    spans = checked_rota(rota)
    row = _row(person_id, store_id, names=names, sex=sex, base=base, now=now) | {
        "number": number, "state": TechnicianState.APPROVED, "years": years, "bio": dict(bio or {}),
        "face_file_id": face_file_id, "stars_sum": stars_sum, "stars_count": stars_count, "visits_done": visits_done,
        "on_duty_at": now, "decided_at": now,
    }  # fmt: skip
    tx.execute(_INSERT, row)
    technician_id = int(row["id"])
    papers = tuple((None, words) for words in certificates)
    _write_parts(tx, technician_id, services=service_ids, regions=region_ids, papers=papers, checked_at=now)
    write_rota(tx, technician_id, spans)
    bump(tx, STAMP)
    return technician(tx, technician_id)


def _own(tx: Tx, person_id: int, file_id: int) -> int:
    if file_owner(tx, file_id) != person_id:
        raise NotFound(kind="file")
    return file_id


def _row(person_id: int, store_id: int, *, names: Names, sex: Sex, base: Point, now: datetime) -> dict[str, Any]:
    """The columns of a fresh application."""
    return {
        "id": new_id(), "person_id": person_id, "store_id": store_id, "number": None,
        "state": TechnicianState.APPLIED, "names": dict(names), "sex": sex, "years": 0, "bio": {},
        "base_lat": base.lat, "base_lng": base.lng, "face_file_id": None, "stars_sum": 0, "stars_count": 0,
        "visits_done": 0, "calendar_version": 0, "refusal_sealed": None, "on_duty_at": None, "applied_at": now,
        "decided_at": None,
    }  # fmt: skip


def _write_parts(
    tx: Tx,
    technician_id: int,
    *,
    services: Iterable[int],
    regions: Iterable[int],
    papers: Iterable[tuple[int | None, Names]],
    checked_at: datetime | None,
) -> None:
    for statement in _DELETES:
        tx.execute(statement, {"b_id": technician_id})
    tx.execute_many(_INSERT_SKILL, ({"technician_id": technician_id, "service_id": one} for one in services))
    tx.execute_many(_INSERT_REGION, ({"technician_id": technician_id, "region_id": one} for one in regions))
    tx.execute_many(
        _INSERT_PAPER,
        (
            {"id": new_id(), "technician_id": technician_id, "file_id": f, "names": dict(n), "checked_at": checked_at}
            for f, n in papers
        ),
    )


def _put(tx: Tx, technician_id: int, event: TechnicianEvent, *, operator_id: int, now: datetime) -> Technician:
    before = technician(tx, technician_id)
    _move(tx, _MOVE, before, event, {})
    note(tx, f"technician.{event}", actor_id=operator_id, subject_kind="technician", subject_id=technician_id, now=now)
    bump(tx, STAMP)
    return technician(tx, technician_id)


def _move(tx: Tx, statement: Any, before: Technician, event: TechnicianEvent, facts: Mapping[str, Any]) -> None:
    """Move along an edge while the old state still holds; raises StateConflict."""
    to = EDGES.get((before.state, event))
    where = {"b_id": before.id, "b_state": before.state, "new_state": to}
    if to is None or not tx.execute(statement, where | dict(facts)):
        raise StateConflict(kind="technician", state=before.state)


def _decided(
    tx: Tx, before: Technician, template: Template, *, operator_id: int, facts: Mapping[str, int], now: datetime
) -> None:
    action = "technician.approved" if template is Template.APPLICATION_APPROVED else "technician.refused"
    note(tx, action, actor_id=operator_id, subject_kind="technician", subject_id=before.id, facts=facts, now=now)
    tell(
        tx,
        before.person_id,
        template,
        dedupe=f"technician:{before.id}:{template}:{before.applied_at.isoformat()}",
        facts={"technician_id": before.id},
        now=now,
    )
