"""What goes out: a body with buttons, frozen on its message row, and how a door hands it over."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, Protocol

import msgspec

from core.ids import to_base36
from core.messages.telling import BY_PHONE

TEXTED = BY_PHONE
"""The way of words that went to the person's phone, and the channel of who is met on no other."""
NUMBERED = frozenset({"wechat"})
"""Channels whose buttons are numbers, so that each live card needs numbers of its own."""

SHARES_POSITIONS = frozenset({"telegram"})
"""Channels on which a position can be shared while it moves, and shown on a map."""

IN_LINE = frozenset({"telegram"})
"""Channels whose answers all stand in one line, in which none overtakes another; elsewhere each answers its request."""

NEWSLESS = frozenset({"wechat"})
"""Channels that allow no advertising: news lie in the message centre there."""


class Button(msgspec.Struct, frozen=True):
    """One choice: `action` is what it means to the dialogs, never sent to a platform; with a `url` it is a link.

    A `minor` one is a way out (back, cancel): where buttons are numbered lines only its word is shown. A link that
    `pays` carries the payment's token: a door that can take the money in the chat may offer that beside the link.
    """

    label: str
    action: Any = None
    url: str | None = None
    minor: bool = False
    pays: str | None = None


class Place(msgspec.Struct, frozen=True):
    """A point to show, WGS-84 degrees; with `live_seconds` one that will move for so long."""

    lat: float
    lng: float
    live_seconds: int = 0


class Body(msgspec.Struct, frozen=True):
    """A message as a person sees it. `asks` lets a door offer its own way to answer (share phone, location, photo)."""

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()
    photo_file_id: int | None = None
    asks: Literal["phone", "location", "photo"] | None = None
    place: Place | None = None
    short: str | None = None
    """What a text message says instead of `text` where no channel takes it (`dialogs.cards.texted`)."""

    @property
    def buttons(self) -> tuple[Button, ...]:
        """All buttons in reading order; a button's place here is its place in the token."""
        return tuple(button for row in self.rows for button in row)

    @property
    def numbered(self) -> tuple[tuple[int, Button], ...]:
        """The buttons a number can choose, each with its place; number n is the n-th of these (no links)."""
        return tuple((at, button) for at, button in enumerate(self.buttons) if not button.minor and button.url is None)


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Body)


def encode_body(body: Body) -> bytes:
    """Return the bytes frozen (sealed) on the message row; a place that moves is somebody's, and never kept with it."""
    if body.place is not None and body.place.live_seconds:
        body = msgspec.structs.replace(body, place=None)
    return _encoder.encode(body)


def decode_body(raw: bytes) -> Body:
    """Return what `encode_body` wrote."""
    return _decoder.decode(raw)


def token_of(message_id: int, place: int) -> str:
    """Return what a press of the button at this place sends back: at most 20 bytes, good for any platform."""
    return f"{to_base36(message_id)}.{place}"


def read_token(token: str) -> tuple[int, int] | None:
    """Return message id and place, or None when it is none of ours."""
    head, dot, tail = token.partition(".")
    if not dot or not head.isascii() or not head.isalnum() or not (tail.isascii() and tail.isdigit()):
        return None
    if len(head) > 13 or len(tail) > 2:
        return None
    message_id = int(head, 36)
    return (message_id, int(tail)) if message_id < 1 << 63 else None


class Waited(msgspec.Struct, frozen=True):
    """Since when words waited for an act of their person, and that as the person reads it: 14:35.

    Those that were `texted` their phone has told them meanwhile; what is still owed are the choices.
    """

    since: datetime
    when: str
    texted: bool = False


class Outgoing(msgspec.Struct, frozen=True):
    """One message for one identity; `replaces` is the platform's id of the prompt it supersedes, to edit in place."""

    message_id: int
    person_id: int
    kind: str  # prompt, card, notice
    channel: str
    account: str
    external_id: str
    body: Body
    lang: str
    first_number: int | None = None  # of a card's buttons where buttons are numbers
    replaces: str | None = None
    news: bool = False
    """Advertising: it may go only where the platform allows that."""
    waited: Waited | None = None
    behind: int | None = None
    """The newest answer of this chat that was not told yet when this one was given: this one is not to overtake it."""


class Sent(msgspec.Struct, frozen=True):
    """The platform took it; `ref` is its id there, `how` the way it went where there are several (kefu, template)."""

    ref: str | None = None
    how: str = ""


class Later(msgspec.Struct, frozen=True):
    """Not now: the platform asks to wait this many seconds.

    It means this person's chat, `everybody` when the whole account of ours, and that nothing answers there when `away`.
    """

    seconds: float
    everybody: bool = False
    away: bool = False


class Refused(msgspec.Struct, frozen=True):
    """The identity cannot get the message here; `gone` when it cannot get any (blocked, unfollowed).

    A `final` one is not tried again: nothing would change. The reason is a few words of ours or of the platform about
    the call; it quotes nobody.
    """

    reason: str
    gone: bool = False
    final: bool = False


class Unknown(msgspec.Struct, frozen=True):
    """The request left and no answer came: it may have arrived."""

    reason: str


class Held(msgspec.Struct, frozen=True):
    """The platform lets us write only after the person's next act there; the words wait for it.

    What does not `ride` with an answer either (advertising) lies in the message centre until somebody looks.
    """

    reason: str
    rides: bool = True


Delivery = Sent | Later | Refused | Unknown | Held


class Pace(msgspec.Struct, frozen=True):
    """How fast a platform lets one account write of its own accord: in all, and into one chat."""

    per_second: float
    per_chat_second: float
    burst: int = 1
    """So many may go at once after a silence."""


class Trouble(msgspec.Struct, frozen=True):
    """What a platform refuses until an operator mends it, in a sentence of ids and figures; `ends_at` by itself."""

    words: str
    ends_at: datetime | None = None


class Door(Protocol):
    """The sending side of a door."""

    channel: str

    @property
    def pace(self) -> Pace | None:
        """Return how fast it may be given messages; None: as they come."""
        ...

    async def deliver(self, message: Outgoing) -> Delivery:
        """Hand one message to the platform; never raises for what a platform can do."""
        ...

    async def fetch(self, account: str, ref: str) -> bytes:
        """Return the bytes of a picture the platform holds; raises OSError when it cannot be had now."""
        ...

    def troubles(self) -> Mapping[str, Trouble]:
        """Tell what stands in its way that an operator has to mend, by cause (a short name)."""
        ...
