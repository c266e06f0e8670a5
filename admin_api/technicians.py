"""Technicians: who applied, who is approved, what they earn, and the pictures they showed."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from typing import Annotated, Protocol

from fastapi.responses import Response
from pydantic import StringConstraints

from admin_api.acting import Act, Acting
from admin_api.shapes import (
    CLEAN,
    Cursor,
    Id,
    Limit,
    Model,
    Moment,
    Named,
    Names,
    Picture,
    next_cursor,
    shown,
)
from core import audit, catalog, files, people, technicians
from core.audit import Operator
from core.db import Tx
from core.errors import NotFound, PersonErased
from core.technicians import RotaSpan, Sex, Technician, TechnicianLine, TechnicianState

FILES = "/admin/v1/files"
_LONGEST_REASON = 500

_LINE = {
    "id": "112365899124084736",
    "number": 7,
    "state": "approved",
    "names": {"zh-Hans": "王师傅", "en": "Mia"},
    "sex": "female",
    "stars": 4.8,
    "reviews": 10,
    "visits_done": 36,
    "on_duty_at": "2026-03-10T02:00:00Z",
    "applied_at": "2026-03-01T02:00:00Z",
}
_SERVICE = {"id": "112365899124084737", "names": {"zh-Hans": "肩颈舒缓", "en": "Neck and shoulder relief"}}
_REGION = {"id": "112365899124084738", "names": {"zh-Hans": "锦江区", "en": "Jinjiang"}}
_FILE = {"file_id": "112365899124084739", "link": f"{FILES}/112365899124084739"}


class TechnicianItem(Model):
    """A technician as one line of the list; `stars` is the mean of all reviews."""

    model_config = shown(_LINE)

    id: Id
    number: int | None
    state: TechnicianState
    names: Names
    sex: Sex
    stars: float | None
    reviews: int
    visits_done: int
    on_duty_at: Moment | None
    applied_at: Moment


class TechnicianPage(Model):
    """Technicians, newest application first."""

    model_config = shown({"items": [_LINE], "next_cursor": None})

    items: list[TechnicianItem]
    next_cursor: Id | None


class RotaOut(Model):
    """Working time every week: weekday 0 is Monday; minutes of the local day, past 1440 is the next morning."""

    weekday: int
    from_minute: int
    to_minute: int


class CertificateOut(Model):
    """A paper the technician showed; `checked_at` is null until the application was approved."""

    id: Id
    names: Names
    picture: Picture | None
    checked_at: Moment | None


class TechnicianOut(TechnicianItem):
    """A technician with everything an audit needs; the phone is masked."""

    model_config = shown(
        {
            **_LINE,
            "person_id": "112365899124084740",
            "store_id": "112365899124084741",
            "years": 5,
            "bio": {"zh-Hans": "手法沉稳。", "en": "Steady hands."},
            "phone": "138****8000",
            "services": [_SERVICE],
            "regions": [_REGION],
            "rota": [{"weekday": 0, "from_minute": 540, "to_minute": 1260}],
            "certificates": [
                {"id": "112365899124084742", "names": {}, "picture": _FILE, "checked_at": "2026-03-02T02:00:00Z"}
            ],
            "face": None,
            "refusal_reason": None,
        }
    )

    person_id: Id
    store_id: Id
    years: int
    bio: Names
    phone: str | None
    services: list[Named]
    regions: list[Named]
    rota: list[RotaOut]
    certificates: list[CertificateOut]
    face: Picture | None
    refusal_reason: str | None


class Refuse(Model):
    """Why an application is refused, in words the applicant will read."""

    model_config = shown({"reason": "健康证照片看不清，请重新拍摄后再申请。"})

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=_LONGEST_REASON), CLEAN]


async def list_technicians(
    act: Acting, state: TechnicianState | None = None, cursor: Cursor = None, limit: Limit = 50
) -> TechnicianPage:
    """List technicians; `state=applied` is the work waiting for an audit."""

    def page(tx: Tx, by: Operator) -> TechnicianPage:
        found = technicians.listed(tx, state=state, before_id=cursor, most=limit)
        return TechnicianPage(items=[_item(one) for one in found], next_cursor=next_cursor(found, limit))

    return await act.read(page)


async def get_technician(technician_id: Id, act: Acting) -> TechnicianOut:
    """Show an application or a technician: skills, regions, rota, certificates."""
    return await act.read(lambda tx, _: _whole(tx, technicians.technician(tx, technician_id)))


async def approve_technician(technician_id: Id, act: Acting) -> TechnicianOut:
    """Approve an application: the technician gets the next number, is on duty, and is told."""
    return await _decide(act, partial(technicians.approve, technician_id=technician_id))


async def refuse_technician(technician_id: Id, body: Refuse, act: Acting) -> TechnicianOut:
    """Refuse an application with a reason, which the applicant is told; they may apply again."""
    return await _decide(act, partial(technicians.refuse, technician_id=technician_id, reason=body.reason))


async def suspend_technician(technician_id: Id, act: Acting) -> TechnicianOut:
    """Sell no more visits of this technician; those sold stay."""
    return await _decide(act, partial(technicians.suspend, technician_id=technician_id))


async def resume_technician(technician_id: Id, act: Acting) -> TechnicianOut:
    """Sell a suspended technician's visits again."""
    return await _decide(act, partial(technicians.resume, technician_id=technician_id))


async def get_file(file_id: Id, act: Acting) -> Response:
    """Fetch a picture somebody sent; that it was looked at is written down."""

    def opened(tx: Tx, by: Operator) -> tuple[str, bytes]:
        found = files.body(tx, file_id)
        audit.note(tx, "file.opened", actor_id=by.id, subject_kind="file", subject_id=file_id, now=act.now)
        return found

    mime, body = await act.write(opened)
    headers = {"Content-Disposition": "inline", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return Response(body, media_type=mime, headers=headers)


def picture(file_id: int) -> Picture:
    """Return where a picture can be fetched."""
    return Picture(file_id=file_id, link=f"{FILES}/{file_id}")


class _Decision(Protocol):
    def __call__(self, tx: Tx, *, operator_id: int, now: datetime) -> Technician: ...


async def _decide(act: Act, decision: _Decision) -> TechnicianOut:
    return await act.write(lambda tx, by: _whole(tx, decision(tx, operator_id=by.id, now=act.now)))


def _item(one: TechnicianLine) -> TechnicianItem:
    return TechnicianItem(
        id=one.id,
        number=one.number,
        state=one.state,
        names=dict(one.names),
        sex=one.sex,
        stars=_stars(one.stars_sum, one.stars_count),
        reviews=one.stars_count,
        visits_done=one.visits_done,
        on_duty_at=one.on_duty_at,
        applied_at=one.applied_at,
    )


def _whole(tx: Tx, one: Technician) -> TechnicianOut:
    sold = catalog.catalogue(tx)
    return TechnicianOut(
        id=one.id,
        number=one.number,
        state=one.state,
        names=dict(one.names),
        sex=one.sex,
        stars=_stars(one.stars_sum, one.stars_count),
        reviews=one.stars_count,
        visits_done=one.visits_done,
        on_duty_at=one.on_duty_at,
        applied_at=one.applied_at,
        person_id=one.person_id,
        store_id=one.store_id,
        years=one.years,
        bio=dict(one.bio),
        phone=_told(partial(_phone, tx, one.person_id)),
        services=_named(one.service_ids, sold.service),
        regions=_named(one.region_ids, sold.region),
        rota=[_rota(span) for span in technicians.rota_of(tx, one.id)],
        certificates=[
            CertificateOut(
                id=paper.id,
                names=dict(paper.names),
                picture=picture(paper.file_id) if paper.file_id else None,
                checked_at=paper.checked_at,
            )
            for paper in one.certificates
        ],
        face=picture(one.face_file_id) if one.face_file_id else None,
        refusal_reason=_told(partial(technicians.refusal_of, tx, one.id)),
    )


def _rota(span: RotaSpan) -> RotaOut:
    return RotaOut(weekday=span.weekday, from_minute=span.from_minute, to_minute=span.to_minute)


def _stars(total: int, count: int) -> float | None:
    return round(total / count, 2) if count else None


def _phone(tx: Tx, person_id: int) -> str | None:
    phone = people.phone_of(tx, person_id)
    return None if phone is None else people.masked_phone(phone)


def _told(ask: Callable[[], str | None]) -> str | None:
    """Return what somebody told us, None once they are erased."""
    try:
        return ask()
    except PersonErased:
        return None


class _HasNames(Protocol):
    @property
    def names(self) -> catalog.Names: ...


def _named(ids: Iterable[int], find: Callable[[int], _HasNames]) -> list[Named]:
    return [name_it(one, find) for one in sorted(ids)]


def name_it(thing_id: int, find: Callable[[int], _HasNames]) -> Named:
    """Return a thing of the catalogue with its names, or without any once it is withdrawn."""
    try:
        return Named(id=thing_id, names=dict(find(thing_id).names))
    except NotFound:
        return Named(id=thing_id, names={})
