"""The page itself, its files, its seats, and in a demo its clock."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from bots.web.demo import code_of, external_id_of, minutes_until
from bots.web.desk import (
    Desk,
    address_of,
    check_origin,
    check_pace,
    instant,
    json_answer,
    json_of,
    real_now,
    seat_in,
)
from bots.web.refusals import Refused
from bots.web.seats import DEMO_ACCOUNT, RENEW_AFTER, Seat, SeatName, new_seat
from core.catalog import Names, text_in

_STATIC: Final = Path(__file__).parent / "static"
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the page, held in memory."""

    body: bytes
    media_type: str
    tag: str


class SeatShown(msgspec.Struct, frozen=True):
    """A seat of this browser; `code` names the demo's technician on it."""

    seat: str
    code: str


class PersonShown(msgspec.Struct, frozen=True):
    """A technician the seat can be taken as."""

    code: str
    names: Mapping[str, str]


class PlaceShown(msgspec.Struct, frozen=True):
    """A place that can be sent."""

    names: Mapping[str, str]
    lat: float
    lng: float


class Setting(msgspec.Struct, frozen=True):
    """What the page needs to furnish itself."""

    zone: str
    now: str
    demo: bool
    seats: tuple[SeatShown, ...]
    technicians: tuple[PersonShown, ...]
    places: tuple[PlaceShown, ...]
    can_sign_in: bool
    can_sign_out: bool


class Chair(msgspec.Struct, forbid_unknown_fields=True):
    """Which technician of the demo to sit down as; empty for a new applicant."""

    code: str


class ClockMove(msgspec.Struct, forbid_unknown_fields=True):
    """How far to move the demo's clock: minutes, or until an hour of the next day."""

    minutes: Annotated[int, msgspec.Meta(ge=0, le=60 * 24 * 31)] = 0
    until: str = ""


class Moved(msgspec.Struct, frozen=True):
    """The demo's new time."""

    now: str


async def page(desk: Desk, request: Request) -> Response:
    """Return the page."""
    return _answer(assets()["index.html"], request)


async def asset(desk: Desk, request: Request) -> Response:
    """Return one of the page's files."""
    found = assets().get(request.path_params["name"])
    if found is None:
        raise Refused("not_found")
    return _answer(found, request)


async def nothing(desk: Desk, request: Request) -> Response:
    """Say that there is nothing at this address."""
    raise Refused("not_found")


async def take_seats(desk: Desk, request: Request) -> Response:
    """Give this browser its seats and all the page needs to know; seats it has already stay as they are."""
    check_pace(desk.looks, address_of(request))
    seats = [seat for name in SeatName if (seat := _seat_for(desk, request, name)) is not None]
    signed_in = any(seat.name is SeatName.TECHNICIAN for seat in seats)
    answer = json_answer(
        Setting(
            zone=desk.params.zone,
            now=instant(desk.clock.now()),
            demo=desk.demo is not None,
            seats=tuple(SeatShown(seat.name, _code(seat)) for seat in seats),
            technicians=_technicians(desk),
            places=_places(desk),
            can_sign_in=desk.demo is None and not signed_in,
            can_sign_out=desk.demo is None and signed_in,
        )
    )
    for seat in seats:
        if real_now() - seat.issued_at > RENEW_AFTER:
            desk.jar.write(answer, replace(seat, issued_at=real_now()))
        elif seat_in(desk, request, seat.name) is None:
            desk.jar.write(answer, seat)
    return answer


async def sit_down(desk: Desk, request: Request) -> Response:
    """Let the demo's technician seat be taken as somebody else."""
    check_origin(desk, request)
    check_pace(desk.acts, address_of(request))
    code = (await json_of(request, Chair)).code
    if code == "":
        seat = new_seat(SeatName.TECHNICIAN, real_now())
    elif desk.demo is not None and any(code == one.code for one in desk.demo.technicians):
        seat = _demo_seat(code)
    else:
        raise Refused("not_found")
    answer = json_answer(SeatShown(seat.name, _code(seat)))
    desk.jar.write(answer, seat)
    return answer


async def move_clock(desk: Desk, request: Request) -> Response:
    """Move the demo's clock forward."""
    check_origin(desk, request)
    check_pace(desk.acts, address_of(request))
    move = await json_of(request, ClockMove)
    minutes = move.minutes
    if move.until:
        try:
            minutes = minutes_until(move.until, now=desk.clock.now(), zone=desk.params.zone)
        except ValueError:
            raise Refused("malformed") from None
    if minutes < 1:
        raise Refused("clock_backwards")
    if desk.demo is not None:
        await desk.demo.advance(minutes)
    desk.bells.wake_all()
    return json_answer(Moved(instant(desk.clock.now())))


@lru_cache(maxsize=1)
def assets() -> Mapping[str, Asset]:
    """Return the page's files by name, read once."""
    found = {}
    for path in sorted(_STATIC.iterdir()):
        if path.suffix in _TYPES:
            body = path.read_bytes()
            found[path.name] = Asset(body, _TYPES[path.suffix], f'"{hashlib.sha256(body).hexdigest()[:16]}"')
    return found


def _answer(found: Asset, request: Request) -> Response:
    # Asked for each time and answered in a few bytes: a page never runs with half its files from before an update.
    headers = {"ETag": found.tag, "Cache-Control": "no-cache"}
    if found.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(found.body, media_type=found.media_type, headers=headers)


def _seat_for(desk: Desk, request: Request, name: SeatName) -> Seat | None:
    kept = seat_in(desk, request, name)
    if kept is not None:
        return kept
    if name is SeatName.CUSTOMER:
        return new_seat(name, real_now())
    if desk.demo is None:
        return None
    return _demo_seat(desk.demo.technicians[0].code) if desk.demo.technicians else new_seat(name, real_now())


def _demo_seat(code: str) -> Seat:
    return Seat(SeatName.TECHNICIAN, DEMO_ACCOUNT, external_id_of(code), real_now())


def _technicians(desk: Desk) -> tuple[PersonShown, ...]:
    return tuple(PersonShown(one.code, _in_all(one.names)) for one in desk.demo.technicians) if desk.demo else ()


def _places(desk: Desk) -> tuple[PlaceShown, ...]:
    return tuple(PlaceShown(_in_all(one.names), one.lat, one.lng) for one in desk.demo.places) if desk.demo else ()


def _in_all(names: Names) -> Names:
    """Return names with the Traditional ones that nobody wrote."""
    return {"zh-Hant": text_in(names, "zh-Hant"), **names}


def _code(seat: Seat) -> str:
    return code_of(seat.external_id) if seat.account == DEMO_ACCOUNT else ""
