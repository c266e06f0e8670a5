"""How an announcement looks to people: said by the rooms that know texts and channels, which this one does not call."""

from collections.abc import Callable
from dataclasses import dataclass

from core.announcements import Announcement
from core.catalog import text_in


@dataclass(frozen=True, slots=True)
class Seen:
    """An announcement as one channel shows it; `sent` is False where it only lies in the message centre."""

    text: str
    buttons: tuple[str, ...]
    sent: bool


Show = Callable[[Announcement, str, str], Seen]
"""Returns what somebody of this language sees on this channel."""


def as_typed(announcement: Announcement, lang: str, channel: str) -> Seen:
    """Show the words alone: for a desk that was given no texts."""
    return Seen(text_in(announcement.said.texts, lang), (), sent=True)
