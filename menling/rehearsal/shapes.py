"""What a rehearsal hands out: replies, links, orders. All of it frozen."""

import re
from dataclasses import dataclass
from datetime import datetime

PICTURE = "(photo)"
"""What stands for a picture that comes without words."""


class NotPossible(RuntimeError):
    """A real person could not do this either: no link to pay, no empty message, nobody of that name."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a message: what it says and where it leads."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One message as its reader sees it; `buttons` are all labels in order, those of links too."""

    text: str
    buttons: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def shown(self) -> str:
        """The words and the labels, as one text to look into."""
        return "\n".join((self.text, *self.buttons))


@dataclass(frozen=True, slots=True)
class OrderSeen:
    """An order as a rehearsal tells of it: names in Chinese, times of the place, whole minor units."""

    code: str
    state: str
    service: str
    option: str
    count: int
    technician: str | None
    starts_at: datetime
    ends_at: datetime
    total_minor: int
    currency: str
    person: str
    person_id: int
    order_id: int

    @property
    def outcome(self) -> tuple[str, str, str, int, str | None, datetime, int]:
        """What must be the same through every door."""
        return (self.state, self.service, self.option, self.count, self.technician, self.starts_at, self.total_minor)


@dataclass(frozen=True, slots=True)
class Spoken:
    """One line of a transcript: who, on which side, and what."""

    person: str
    mine: bool
    reply: Reply

    def lines(self) -> str:
        """The line as a person reads it; choices below the words they belong to."""
        mark = f"{self.person} >" if self.mine else f"{self.person} <"
        text = self.reply.text.replace("\n", "\n" + " " * (len(mark) + 1))
        urls = {link.label: link.url for link in self.reply.links}
        unsaid = [label for label in self.reply.buttons if not _stands_in(label, self.reply.text)]
        labels = "  ".join(f"[{label}]({urls[label]})" if label in urls else f"[{label}]" for label in unsaid)
        return f"{mark} {text}" + (f"\n    {labels}" if labels else "")


def _stands_in(label: str, text: str) -> bool:
    """Tell whether a text lists this choice itself, as WeChat's do: with its number, its address, or in quotes."""
    word = re.escape(label)
    return re.search(rf"(?m)(?:^|  )\d{{1,2}}\.? {word}|^{word}[:：] ?http|[“「]{word}[”」]", text) is not None
