"""What comes in at a door, in terms that know no platform."""

from typing import Any, Final

import msgspec

from core.words import one_line, prose


class Text(msgspec.Struct, frozen=True, tag="text", omit_defaults=True):
    """Words somebody typed; `forwarded` ones are somebody else's, and decide nothing."""

    text: str
    forwarded: bool = False


class Press(msgspec.Struct, frozen=True, tag="press"):
    """A button of one of our messages; the token is what `outgoing.token_of` gave it."""

    token: str


class Photo(msgspec.Struct, frozen=True, tag="photo"):
    """A picture: already kept (`file_id`), or still to be fetched from the platform by its own `ref`."""

    file_id: int | None = None
    ref: str | None = None


class Location(msgspec.Struct, frozen=True, tag="location"):
    """A pin, WGS-84 degrees; `label` is what the platform calls the place, and a `live` one goes on moving."""

    lat: float
    lng: float
    label: str = ""
    live: bool = False


class Contact(msgspec.Struct, frozen=True, tag="contact"):
    """A shared phone number; it counts as proof only when it is the sender's own."""

    phone: str
    own: bool


class Event(msgspec.Struct, frozen=True, tag="event"):
    """Something a platform tells: "start" (first contact; value: a deep link's payload), "stop", "menu" (its key)."""

    name: str
    value: str = ""


class Unreadable(msgspec.Struct, frozen=True, tag="unreadable"):
    """A kind of message we cannot take (voice, sticker, file): answered with a sentence, never with silence."""

    kind: str


Content = Text | Press | Photo | Location | Contact | Event | Unreadable


class Incoming(msgspec.Struct, frozen=True):
    """One update of one person; (channel, account, external_id) is unique, so a repeat is known."""

    channel: str
    account: str
    external_id: str
    sender: str
    content: Content
    lang: str | None = None
    name: str | None = None
    allows: str = ""
    """What this act lets us write there, where a platform counts that (`core.windows`): message, menu, follow, scan."""
    trace: str | None = None
    """What the log calls it since it came in; kept with it, for whoever tries it again."""


MOST_TEXT: Final = 4000
"""Characters of a text that are read; of a longer one no more than this is kept."""

_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Incoming)


def readable(incoming: Incoming) -> Incoming:
    """Return the update as it can be kept, read again and shown: long text cut, what nobody sees and bad pins gone."""
    content = incoming.content
    match content:
        case Text(text):
            content = msgspec.structs.replace(content, text=prose(text)[: MOST_TEXT + 1])
        case Location(lat, lng, label):
            there = abs(lat) <= 90 and abs(lng) <= 180  # NaN is nowhere
            content = msgspec.structs.replace(content, label=one_line(label)) if there else Unreadable("location")
        case Contact(phone, own):
            content = Contact(one_line(phone), own)  # copied from a telephone's book, it comes in marks of direction
    name = one_line(incoming.name) if incoming.name is not None else None
    incoming = msgspec.structs.replace(incoming, content=content, name=name or None)
    try:
        encode(incoming)
    except UnicodeEncodeError:  # half a surrogate pair, as JSON can smuggle it in
        return msgspec.convert(_mended(msgspec.to_builtins(incoming)), Incoming)
    return incoming


def _mended(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _mended(value) for key, value in data.items()}
    return data.encode("utf-8", "replace").decode() if isinstance(data, str) else data


def encode(incoming: Incoming) -> bytes:
    """Return the bytes kept (sealed) in the inbox."""
    return _encoder.encode(incoming)


def decode(raw: bytes) -> Incoming:
    """Return what `encode` wrote."""
    return _decoder.decode(raw)
