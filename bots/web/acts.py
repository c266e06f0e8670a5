"""What people do at the page: say, press, send a photo or a place. Each becomes one Incoming."""

import asyncio
import math
from collections.abc import Iterable
from functools import partial
from typing import Annotated, Final

import msgspec
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import Response

from bots.web.desk import Desk, capped, check_origin, check_pace, json_answer, json_of, seat_of
from bots.web.refusals import Refused, language_of
from bots.web.seats import CHANNEL, Seat
from core import files, people
from core.db import Tx
from core.files import Picture, PictureRefused, check_picture
from core.ids import new_id
from core.messages import MessageKind, MessageState
from core.messages.outbox import BODY_PURPOSE, note, write_own
from dialogs.incoming import Content, Event, Incoming, Location, Photo, Press, Text
from dialogs.outgoing import Outgoing, Sent, encode_body

ActId = Annotated[str, msgspec.Meta(pattern=r"\A[0-9A-Za-z-]{8,64}\Z")]
_MOST_PHOTO: Final = 8 * 1024 * 1024
_MOST_UPLOAD: Final = _MOST_PHOTO + 64 * 1024  # the form around the photo
_PICTURES: Final = ("image/jpeg", "image/png", "image/webp", "image/gif", "application/octet-stream")


class Say(msgspec.Struct, forbid_unknown_fields=True):
    """Words; `id` is the page's own, the same when it tries again."""

    id: ActId
    text: str


class PressToken(msgspec.Struct, forbid_unknown_fields=True):
    """A press of a button."""

    id: ActId
    token: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class Place(msgspec.Struct, forbid_unknown_fields=True):
    """A point, WGS-84 degrees."""

    id: ActId
    lat: float
    lng: float
    label: Annotated[str, msgspec.Meta(max_length=80)] = ""


class Start(msgspec.Struct, forbid_unknown_fields=True):
    """The page shows an empty chat, or was opened by a link that names what to show (`link`)."""

    id: ActId
    link: Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9_-]{0,64}\Z")] = ""


class Language(msgspec.Struct, forbid_unknown_fields=True):
    """The language the page was switched to."""

    lang: str


class Done(msgspec.Struct):
    """What the page is told of an act; what was answered comes as lines."""

    repeat: bool = False
    failed: bool = False


async def say(desk: Desk, request: Request) -> Response:
    """Take typed words."""
    seat = _actor(desk, request)
    said = await json_of(request, Say)
    if not said.text.strip():
        raise Refused("empty")
    return await _turn(desk, request, seat, said.id, Text(said.text))


async def press(desk: Desk, request: Request) -> Response:
    """Take a press of a button; whether it still counts is the dialogs' business."""
    seat = _actor(desk, request)
    pressed = await json_of(request, PressToken)
    return await _turn(desk, request, seat, pressed.id, Press(pressed.token))


async def location(desk: Desk, request: Request) -> Response:
    """Take a point on the map."""
    seat = _actor(desk, request)
    place = await json_of(request, Place)
    if not (math.isfinite(place.lat) and math.isfinite(place.lng) and abs(place.lat) <= 90 and abs(place.lng) <= 180):
        raise Refused("bad_place")
    return await _turn(desk, request, seat, place.id, Location(place.lat, place.lng, place.label))


async def start(desk: Desk, request: Request) -> Response:
    """Let the house greet somebody new."""
    seat = _actor(desk, request)
    begun = await json_of(request, Start)
    return await _turn(desk, request, seat, begun.id, Event("start", begun.link))


async def photo(desk: Desk, request: Request) -> Response:
    """Take a photo: decoded, cleaned, kept, then handed to the dialogs."""
    seat = _actor(desk, request)
    act_id, raw = await _upload(request)
    async with desk.decoding:  # a picture can take a lot of memory while it is decoded
        picture = await asyncio.to_thread(_checked, raw)
    file_id = await desk.db.arun(partial(_keep, desk=desk, seat=seat, picture=picture, lang=language_of(request)))
    return await _turn(desk, request, seat, act_id, Photo(file_id=file_id))


async def lang(desk: Desk, request: Request) -> Response:
    """Speak to this person in the language the page was switched to."""
    seat = _actor(desk, request)
    wanted = (await json_of(request, Language)).lang
    if wanted not in ("zh-Hans", "zh-Hant", "en"):
        raise Refused("malformed")
    await desk.db.arun(partial(_set_language, desk=desk, seat=seat, lang=wanted))
    return json_answer(Done())


def _actor(desk: Desk, request: Request) -> Seat:
    check_origin(desk, request)
    seat = seat_of(desk, request)
    check_pace(desk.acts, seat.key)
    return seat


async def _turn(desk: Desk, request: Request, seat: Seat, act_id: str, content: Content) -> Response:
    incoming = Incoming(
        channel=CHANNEL,
        account=seat.account,
        external_id=f"{seat.external_id}:{act_id}",  # the page's ids are unique within a seat only
        sender=seat.external_id,
        content=content,
        lang=language_of(request),
    )
    turn = await desk.reception.receive(incoming)
    await desk.reception.sent([(message.message_id, Sent()) for message in turn.messages])
    if turn.forgotten:
        await desk.db.arun(partial(_say_goodbye, desk=desk, seat=seat, messages=turn.messages))
    desk.bells.wake(seat.key)
    return json_answer(Done(repeat=turn.repeat, failed=turn.failed))


def _say_goodbye(tx: Tx, *, desk: Desk, seat: Seat, messages: Iterable[Outgoing]) -> None:
    """Show the last words to whoever asked to be forgotten: a page reads a thread, and theirs is gone with its key.

    They begin the thread of a stranger, of whom only the random name of this browser's seat is known.
    """
    now, lease = desk.clock.now(), new_id()
    for message in messages:
        person_id, message_id = _arrive(tx, desk, seat, message.lang), new_id()
        sealed = people.key_of(tx, person_id).seal(encode_body(message.body), BODY_PURPOSE)
        written = [(message_id, MessageKind.NOTICE, "turn", sealed)]
        write_own(
            tx, person_id, written, channel=CHANNEL, account=seat.account, lease=lease, leased_until=None, now=now
        )
        note(tx, message_id, lease=lease, state=MessageState.SENT, now=now, again_at=None, ref=None)


async def _upload(request: Request) -> tuple[str, bytes]:
    """Return id and bytes of the form (id, photo); raises Refused."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "multipart/form-data":
        raise Refused("bad_type")
    body = capped(request, _MOST_UPLOAD, "photo_too_large")
    parser = MultiPartParser(request.headers, body, max_files=1, max_fields=1, max_part_size=256)
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError, ValueError):
        raise Refused("malformed") from None
    try:
        sent = form.get("photo")
        if not isinstance(sent, UploadFile):
            raise Refused("malformed")
        if (sent.content_type or "application/octet-stream") not in _PICTURES:
            raise Refused("bad_picture")
        raw = await sent.read(_MOST_PHOTO + 1)
    finally:
        await form.close()
    if len(raw) > _MOST_PHOTO:
        raise Refused("photo_too_large")
    return _act_id(form.get("id")), raw


def _act_id(value: object) -> str:
    try:
        return msgspec.convert(value, ActId)
    except msgspec.ValidationError:
        raise Refused("malformed") from None


def _checked(raw: bytes) -> Picture:
    try:
        return check_picture(raw)
    except PictureRefused as refused:
        raise Refused("photo_too_large" if refused.facts.get("reason") == "too_big" else "bad_picture") from None


def _keep(tx: Tx, *, desk: Desk, seat: Seat, picture: Picture, lang: str) -> int:
    person_id = _arrive(tx, desk, seat, lang)
    return files.keep(tx, person_id, purpose="sent", picture=picture, now=desk.clock.now())


def _set_language(tx: Tx, *, desk: Desk, seat: Seat, lang: str) -> None:
    people.set_language(tx, _arrive(tx, desk, seat, lang), lang)


def _arrive(tx: Tx, desk: Desk, seat: Seat, lang: str) -> int:
    """Return the person on this seat, made now when a photo or a language is the first we get."""
    return people.arrive(
        tx,
        channel=CHANNEL,
        account=seat.account,
        external_id=seat.external_id,
        lang=lang,
        zone=desk.params.zone,
        now=desk.clock.now(),
    ).id
