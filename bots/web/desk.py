"""What every endpoint of the page works with, and the checks all of them make."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Protocol, TypeVar
from urllib.parse import urlsplit

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bots.web.bells import Bells
from bots.web.buckets import Buckets
from bots.web.demo import DemoControl
from bots.web.refusals import Refused, refusal
from bots.web.seats import DEMO_ACCOUNT, CookieJar, Seat, SeatName
from core.clock import Clock
from core.db import Database, DatabaseError
from dialogs.incoming import Incoming
from dialogs.outgoing import Delivery
from dialogs.turn import Turn

T = TypeVar("T")
Endpoint = Callable[[Request], Awaitable[Response]]

MOST_JSON: Final = 64 * 1024
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_log = logging.getLogger(__name__)


class Reception(Protocol):
    """What this door needs of `dialogs.reception.Reception`."""

    async def receive(self, incoming: Incoming) -> Turn:
        """Take one update in."""
        ...

    async def sent(self, outcomes: Sequence[tuple[int, Delivery]]) -> None:
        """Note what became of messages."""
        ...

    def on_delivery(self, listen: Callable[[int], None]) -> None:
        """Tell whose chat has something new."""
        ...


@dataclass(frozen=True, slots=True)
class WebParams:
    """How the page is set up: `secret` signs its cookies, `zone` is where the visits are.

    `paced` holds back whoever acts faster than people do; a rehearsal plays faster than that.
    """

    secret: bytes = field(repr=False)
    public_url: str
    zone: str
    production: bool
    paced: bool = True


@dataclass(frozen=True, slots=True)
class Desk:
    """The wiring of one process; built once by `routes`."""

    params: WebParams
    reception: Reception
    db: Database
    clock: Clock
    bells: Bells
    jar: CookieJar
    demo: DemoControl | None
    acts: Buckets = field(default_factory=lambda: Buckets(rate=5, burst=20))
    looks: Buckets = field(default_factory=lambda: Buckets(rate=10, burst=60))
    codes: Buckets = field(default_factory=lambda: Buckets(rate=1 / 60, burst=5))
    proofs: Buckets = field(default_factory=lambda: Buckets(rate=1 / 20, burst=10))
    decoding: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))


def spoken(endpoint: Callable[[Desk, Request], Awaitable[Response]], desk: Desk) -> Endpoint:
    """Return the endpoint so that all it raises becomes a sentence, and every answer carries the page's headers."""

    async def answer(request: Request) -> Response:
        try:
            response = await endpoint(desk, request)
        except Refused as refused:
            _log.info("page refused", extra={"code": refused.code, "path": request.url.path})
            response = refusal(refused.code, request)
        except ClientDisconnect:
            response = Response(status_code=400)  # nobody is there to read it
        except DatabaseError:
            _log.exception("database unavailable", extra={"path": request.url.path})
            response = refusal("busy", request)
        except Exception:  # noqa: BLE001 - behind this line stands the public
            _log.exception("page request failed", extra={"path": request.url.path})
            response = refusal("broken", request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return answer


def real_now() -> datetime:
    """Return the time by which cookies and codes age; a demo's clock does not touch them."""
    return datetime.now(UTC)


def seat_of(desk: Desk, request: Request) -> Seat:
    """Return who sits on the seat of this address; raises Refused without a cookie of ours."""
    wanted = request.path_params["seat"]
    if wanted not in tuple(SeatName):
        raise Refused("not_found")
    seat = seat_in(desk, request, SeatName(wanted))
    if seat is None:
        raise Refused("no_seat")
    return seat


def seat_in(desk: Desk, request: Request, name: SeatName) -> Seat | None:
    """Return the seat in this browser's cookie; a demo's technicians sit nowhere outside a demo."""
    seat = desk.jar.read(request, name, real_now())
    if seat is None or (seat.account == DEMO_ACCOUNT and desk.demo is None):
        return None
    return seat


def check_origin(desk: Desk, request: Request) -> None:
    """Raise Refused unless a writing request comes from our own page (Fetch Metadata first, else Origin)."""
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site not in (None, "same-origin"):
        raise Refused("cross_site")
    if origin is None:
        if site is None:
            raise Refused("cross_site")
        return
    if desk.params.production:
        own = {_origin_of(desk.params.public_url)}
    else:
        own = {_origin_of(desk.params.public_url), f"{request.url.scheme}://{request.headers.get('host', '')}"}
        if site == "same-origin":  # a forwarded port has another name outside; the browser vouches for it
            own.add(origin)
    if origin not in own:
        raise Refused("cross_site")


def _origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def check_pace(buckets: Buckets, key: str) -> None:
    """Raise Refused when somebody acts faster than people do."""
    if not buckets.take(key, time.monotonic()):
        raise Refused("too_fast")


def address_of(request: Request) -> str:
    """Return the network address a request comes from."""
    return request.client.host if request.client else "?"


async def json_of(request: Request, shape: type[T]) -> T:
    """Return the JSON body in the wanted shape; raises Refused."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise Refused("bad_type")
    raw = b"".join([part async for part in capped(request, MOST_JSON, "too_large")])
    try:
        return msgspec.json.decode(raw, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Refused("malformed") from None


async def capped(request: Request, most: int, code: str) -> AsyncGenerator[bytes, None]:
    """Yield the body as it comes; raises Refused(code) as soon as it is over `most` bytes."""
    stated = request.headers.get("content-length", "0")
    if not (stated.isascii() and stated.isdigit()) or int(stated) > most:
        raise Refused(code)
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise Refused(code)
        yield part


def json_answer(value: object) -> Response:
    """Return a value as a JSON answer."""
    return Response(msgspec.json.encode(value), media_type="application/json")


def instant(at: datetime) -> str:
    """Return an instant as the page reads it: always UTC, always six decimals, so that text order is time order."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
