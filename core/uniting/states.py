"""Where a joining stands: one table of edges."""

from enum import StrEnum
from typing import Final

from core.errors import StateConflict


class JoiningState(StrEnum):
    """A yes on both sides comes first; then two persons become one, and what is kept of the old one follows."""

    ASKED = "asked"  # the asker has said yes, the other side is asked
    AGREED = "agreed"
    JOINED = "joined"  # one person; their past is still being moved
    DONE = "done"
    REFUSED = "refused"


class JoiningEvent(StrEnum):
    """What may happen to it."""

    SAID_YES = "said_yes"
    SAID_NO = "said_no"
    MADE_ONE = "made_one"
    IMPOSSIBLE = "impossible"
    ALL_MOVED = "all_moved"


EDGES: Final[dict[tuple[JoiningState, JoiningEvent], JoiningState]] = {
    (JoiningState.ASKED, JoiningEvent.SAID_YES): JoiningState.AGREED,
    (JoiningState.ASKED, JoiningEvent.SAID_NO): JoiningState.REFUSED,
    (JoiningState.AGREED, JoiningEvent.MADE_ONE): JoiningState.JOINED,
    (JoiningState.AGREED, JoiningEvent.IMPOSSIBLE): JoiningState.REFUSED,
    (JoiningState.JOINED, JoiningEvent.ALL_MOVED): JoiningState.DONE,
}


def after(state: JoiningState, event: JoiningEvent) -> JoiningState:
    """Return where an event leads; raises StateConflict where it cannot happen."""
    found = EDGES.get((state, event))
    if found is None:
        raise StateConflict(kind="joining", state=state.value)
    return found
