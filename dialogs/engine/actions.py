"""What a button means: a closed set, kept with the button on its message."""

from hashlib import blake2b
from typing import Any

import msgspec

_MARK_BYTES = 8


class Pick(msgspec.Struct, frozen=True, tag="pick"):
    """Answer a field of the flow on top; several at once where one choice settles them (time and technician)."""

    values: dict[str, Any]


class Change(msgspec.Struct, frozen=True, tag="change"):
    """Ask this field of the flow on top again."""

    field: str


class Commit(msgspec.Struct, frozen=True, omit_defaults=True, tag="commit"):
    """Yes to the summary this button stands under.

    `to` tells what that summary says from what any other says: shown once more, the same yes stands under both.
    """

    to: str = ""


class Begin(msgspec.Struct, frozen=True, tag="begin"):
    """Start a flow, with some of its fields known."""

    flow: str
    values: dict[str, Any] = {}


class Look(msgspec.Struct, frozen=True, tag="look"):
    """Show a view."""

    view: str
    about: dict[str, Any] = {}


class Act(msgspec.Struct, frozen=True, tag="act"):
    """Do a card's verb on its order: accept, depart, confirm, ...; of a change request on that very request."""

    verb: str
    order_id: int
    change_id: int | None = None


class Word(msgspec.Struct, frozen=True, tag="word"):
    """As if the word had been typed: back, cancel, human, help, more, resume, drop."""

    word: str


Action = Pick | Change | Commit | Begin | Look | Act | Word


def plain(action: Action) -> Any:
    """Return an action as plain data for the button."""
    return msgspec.to_builtins(action)


def read_action(data: Any) -> Action:
    """Return what `plain` wrote; msgspec.ValidationError when it is none of ours (a label of an older version)."""
    action: Action = msgspec.convert(data, Action)
    return action


def says_yes(data: Any) -> bool:
    """Tell whether a button's action is the yes to the summary it stands under."""
    return isinstance(data, dict) and data.get("type") == "commit"


def yes_to(*facts: object) -> Any:
    """Return the yes to a summary of these facts, as plain data: the same wherever they are the same."""
    said = msgspec.json.encode(facts, order="deterministic")
    return plain(Commit(blake2b(said, digest_size=_MARK_BYTES).hexdigest()))
