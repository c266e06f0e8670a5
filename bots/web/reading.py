"""What the page reads: the lines of a chat, the live stream of them, and the pictures in them."""

import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bots.web.bells import Bell, PagesFull
from bots.web.desk import Desk, check_pace, instant, json_answer, seat_in, seat_of
from bots.web.refusals import Refused
from bots.web.seats import CHANNEL, Seat, SeatName
from core import files
from core.db import DatabaseError, Tx
from core.errors import NotFound, PersonErased
from core.people.joining import known
from dialogs.history import Line, history

MOST_LINES: Final = 120
LOOK_SECONDS: Final = 1.0
"""Other processes write too and ring no bell here: each open page looks this often whether there is a newer line."""
WHOLE_SECONDS: Final = 15.0
"""How often a page is compared whole, which also tells both ends that the other is still there."""
LIFE_SECONDS: Final = 900.0
_BEGINNING: Final = (datetime(2000, 1, 1, tzinfo=UTC), 0)


class ButtonShown(msgspec.Struct, frozen=True):
    """A button: pressed by its token, or a link."""

    label: str
    token: str | None
    url: str | None


class LineShown(msgspec.Struct, frozen=True):
    """One line as the page gets it."""

    id: str
    at: str
    mine: bool
    kind: str
    text: str
    rows: tuple[tuple[ButtonShown, ...], ...]
    photo: str | None
    asks: str | None
    live: bool


class News(msgspec.Struct, frozen=True):
    """New and changed lines, and the time the house believes in."""

    lines: tuple[LineShown, ...]
    now: str


@dataclass(frozen=True, slots=True)
class Thread:
    """A seat's person (None before the first word) and newest lines."""

    person_id: int | None
    lines: tuple[Line, ...]

    @property
    def end(self) -> tuple[datetime, int]:
        """The point after which nothing is known yet."""
        return (self.lines[-1].at, self.lines[-1].id) if self.lines else _BEGINNING


async def lines(desk: Desk, request: Request) -> Response:
    """Return the newest lines, or those after a line given as `after=at,id`."""
    seat = seat_of(desk, request)
    check_pace(desk.looks, seat.key)
    thread = await _thread(desk, seat, _after(request))
    return json_answer(_news(desk, seat, thread.lines))


async def stream(desk: Desk, request: Request) -> Response:
    """Return the lines as they come, as server-sent events (HTML Standard, section 9.2)."""
    seat = seat_of(desk, request)
    check_pace(desk.looks, seat.key)
    first = await _thread(desk, seat)
    if desk.bells.full:
        raise Refused("too_many_pages")
    headers = {"X-Accel-Buffering": "no"}  # a proxy that collects the answer would hold every line back
    return StreamingResponse(_events(desk, seat, first), media_type="text/event-stream", headers=headers)


async def picture(desk: Desk, request: Request) -> Response:
    """Return a picture that was shown on a seat of this browser; anything else looks like nothing at all."""
    given = request.path_params["file_id"]
    if not (given.isascii() and given.isdigit() and len(given) <= 19):
        raise Refused("not_found")
    file_id, key = int(given), request.query_params.get("key", "")
    seats = [seat for name in SeatName if (seat := seat_in(desk, request, name)) is not None]
    if not any(desk.jar.picture_key_fits(seat, file_id, key) for seat in seats):
        raise Refused("not_found")
    try:
        mime, body = await desk.db.aread(partial(files.body, file_id=file_id))
    except (NotFound, PersonErased):
        raise Refused("not_found") from None
    return Response(body, media_type=mime, headers={"Cache-Control": "private, max-age=86400, immutable"})


async def _events(desk: Desk, seat: Seat, thread: Thread) -> AsyncIterator[bytes]:
    shown: dict[str, LineShown] = {}
    with suppress(PagesFull, DatabaseError), desk.bells.listen(seat.key) as bell:
        yield b"retry: 1000\n\n"
        ends, told = time.monotonic() + LIFE_SECONDS, False
        while True:
            if thread.person_id is not None:
                desk.bells.also(bell, thread.person_id)
            changed = [line for line in _shown(desk, seat, thread.lines) if shown.get(line.id) != line]
            shown.update({line.id: line for line in changed})
            if changed or not told:
                yield _event(News(tuple(changed), instant(desk.clock.now())))
            told = await _news_or_pause(desk, seat, thread, bell)
            if bell.leaving or time.monotonic() > ends:
                return
            thread = await _thread(desk, seat)


async def _news_or_pause(desk: Desk, seat: Seat, thread: Thread, bell: Bell) -> bool:
    """Wait until the thread is worth reading whole; False when only because time has passed."""
    whole_at = time.monotonic() + WHOLE_SECONDS
    while time.monotonic() < whole_at:
        if await bell.wait(LOOK_SECONDS):
            return False  # told by a bell: the demo's clock may have moved even when no line is new
        newer = await _thread(desk, seat, thread.end, most=1)
        if newer.lines or newer.person_id != thread.person_id:
            return True
    return False


def _event(news: News) -> bytes:
    return b"event: lines\ndata: " + msgspec.json.encode(news) + b"\n\n"


def _after(request: Request) -> tuple[datetime, int]:
    given = request.query_params.get("after")
    if not given:
        return _BEGINNING
    at, comma, line_id = given.partition(",")
    try:
        point = datetime.fromisoformat(at)
        number = int(line_id) if comma else 0
    except ValueError:
        raise Refused("malformed") from None
    if point.tzinfo is None or not 0 <= number < 1 << 63:
        raise Refused("malformed")
    return point, number


async def _thread(desk: Desk, seat: Seat, after: tuple[datetime, int] = _BEGINNING, most: int = MOST_LINES) -> Thread:
    return await desk.db.aread(partial(_read, seat=seat, after=after, most=most))


def _read(tx: Tx, *, seat: Seat, after: tuple[datetime, int], most: int) -> Thread:
    person = known(tx, channel=CHANNEL, account=seat.account, external_id=seat.external_id)
    if person is None or person.erased_at is not None:
        return Thread(None, ())
    return Thread(person.id, history(tx, person.id, after=after, most=most))


def _news(desk: Desk, seat: Seat, found: tuple[Line, ...]) -> News:
    return News(_shown(desk, seat, found), instant(desk.clock.now()))


def _shown(desk: Desk, seat: Seat, found: tuple[Line, ...]) -> tuple[LineShown, ...]:
    return tuple(_line(desk, seat, line) for line in found)


def _line(desk: Desk, seat: Seat, line: Line) -> LineShown:
    file_id = line.photo_file_id
    return LineShown(
        id=str(line.id),
        at=instant(line.at),
        mine=line.mine,
        kind=line.kind,
        text=line.text,
        rows=tuple(tuple(ButtonShown(*button) for button in row) for row in line.buttons),
        photo=None if file_id is None else f"/files/{file_id}?key={desk.jar.picture_key(seat, file_id)}",
        asks=line.asks,
        live=line.live,
    )


__all__ = ["lines", "picture", "stream"]
