"""Where an announcement stands, and the one table of moves between."""

from enum import StrEnum
from types import MappingProxyType


class AnnouncementState(StrEnum):
    """From the first words to the last message."""

    DRAFT = "draft"
    STARTED = "started"  # its messages are being written, portion by portion
    WRITTEN = "written"  # everybody it is for has their message; the sender sees to the rest
    STOPPING = "stopping"  # nothing of it is sent any more; what still waits is being dropped
    STOPPED = "stopped"


class AnnouncementEvent(StrEnum):
    """What moves an announcement."""

    START = "start"
    ALL_WRITTEN = "all_written"
    STOP = "stop"
    ALL_DROPPED = "all_dropped"


_S, _E = AnnouncementState, AnnouncementEvent

EDGES = MappingProxyType(
    {
        (_S.DRAFT, _E.START): _S.STARTED,
        (_S.DRAFT, _E.STOP): _S.STOPPED,
        (_S.STARTED, _E.ALL_WRITTEN): _S.WRITTEN,
        (_S.STARTED, _E.STOP): _S.STOPPING,
        (_S.WRITTEN, _E.STOP): _S.STOPPING,
        (_S.STOPPING, _E.ALL_DROPPED): _S.STOPPED,
    }
)
"""(state, event) -> state: every move there is."""

GOING = frozenset({_S.STARTED, _S.WRITTEN})
"""States in which its messages may go out."""
