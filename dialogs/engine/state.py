"""Where a conversation stands: a small stack of running flows, durable and versioned."""

from typing import Any

import msgspec

VERSION = 1
SUMMARY = "*summary*"
"""Stands in `Frame.asking` while the question is: shall I do this?"""


class Frame(msgspec.Struct):
    """One running flow: its values, the field asked, the way here (for back), how often it was not understood."""

    flow: str
    values: dict[str, Any] = {}
    asking: str | None = None
    trail: list[str] = []
    misses: int = 0
    page: int = 0
    started_by: str = ""


class State(msgspec.Struct):
    """The stack, oldest first; `offered` is a flow the last prompt offered to go back to."""

    version: int = VERSION
    stack: list[Frame] = []
    held_by_human: bool = False

    @property
    def top(self) -> Frame | None:
        """The running flow, if any."""
        return self.stack[-1] if self.stack else None


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(State)


class StaleState(Exception):
    """The state was written by another version and cannot be read: the conversation starts anew, with an apology."""


def encode_state(state: State) -> bytes:
    """Return the bytes to keep."""
    return _encoder.encode(state)


def decode_state(raw: bytes | None) -> State:
    """Return the state kept, a fresh one for None; StaleState when it cannot be read."""
    if raw is None:
        return State()
    try:
        state = _decoder.decode(raw)
    except msgspec.MsgspecError as error:
        raise StaleState from error
    if state.version != VERSION:
        raise StaleState
    return state
