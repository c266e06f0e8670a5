"""Where a conversation stands: a small stack of running flows, durable, and readable by later versions."""

from typing import Any

import msgspec

VERSION = 2
"""Written for those who look at old rows. Reading does not depend on it: `mending` keeps what still fits, by name."""
SUMMARY = "*summary*"
"""Stands in `Frame.asking` while the question is: shall I do this?"""


class Listed(msgspec.Struct):
    """One choice of a long list as it was first shown: turning pages shows these, whatever has changed meanwhile."""

    label: str
    values: dict[str, Any]


class Frame(msgspec.Struct):
    """One running flow: its values, the field asked, the way here (for back), how often it was not understood."""

    flow: str
    values: dict[str, Any] = {}
    asking: str | None = None
    trail: list[str] = []
    misses: int = 0
    page: int = 0
    listed: list[Listed] = []


class Said(msgspec.Struct, frozen=True):
    """Words typed in one turn, the kind of question they were said to, and how many choices it showed."""

    text: str
    asked: str | None = None
    choices: int = 0


class State(msgspec.Struct):
    """The stack, oldest first."""

    version: int = VERSION
    stack: list[Frame] = []
    about: dict[str, Any] = {}
    """What the last answer was about, as values of a flow."""
    misses: int = 0
    """How often in a row words were not understood with nothing running."""
    stumbles: int = 0
    """How many messages in a row could not be answered at all."""
    said: Said | None = None
    """What was typed last, when it is nobody's own business: the next words may say that it was taken wrongly."""
    spoke: str | None = None
    """The language spoken before the present one, until that is spoken twice."""
    pointed: int | None = None
    """The talk with a human whose answers were said to be on another channel."""

    @property
    def top(self) -> Frame | None:
        """The running flow, if any."""
        return self.stack[-1] if self.stack else None


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(State)


class StaleState(Exception):
    """The state cannot be read at all: the conversation starts anew, with an apology."""


def encode_state(state: State) -> bytes:
    """Return the bytes to keep."""
    state.version = VERSION
    return _encoder.encode(state)


def decode_state(raw: bytes | None) -> State:
    """Return the state kept, a fresh one for None; StaleState when it cannot be read."""
    if raw is None:
        return State()
    try:
        return _decoder.decode(raw)
    except msgspec.MsgspecError as error:
        raise StaleState from error
