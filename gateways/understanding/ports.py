"""What every remote understanding promises: to say what a text may mean, in bounded time and bytes, or to fail."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Lists:
    """The closed lists an answer may be of: intents with what they are about, entity kinds, kinds that have names."""

    intents: tuple[str, ...]
    kinds: tuple[str, ...]
    named_kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A text with nothing personal in it, its language, what was being asked, and the names of what can be booked."""

    text: str = field(repr=False)
    lang: str
    about: str | None = None
    services: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of the text, what kind of thing they are said to be, and what our lists may call it."""

    kind: str
    text: str = field(repr=False)
    called: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Heard:
    """What the other side says: intents with confidences and stretches, as they came. Nothing in it is checked."""

    intents: tuple[tuple[str, float], ...] = ()
    stretches: tuple[Stretch, ...] = ()


class Failed(Exception):
    """No answer that can be read; the message is one of a few words and quotes nothing."""


class Understands(Protocol):
    """A server that says what a text may mean."""

    async def hear(self, asked: Asked) -> Heard:
        """Return what it says; raises Failed. However long it takes: whoever calls sets the limit."""
        ...

    async def aclose(self) -> None:
        """Hang up."""
        ...
