"""What becomes of a change request: its states and the one table of edges between them."""

from enum import StrEnum
from types import MappingProxyType


class ChangeState(StrEnum):
    """Where a change request stands."""

    OPEN = "open"
    AGREED = "agreed"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    OVERTAKEN = "overtaken"  # the order was cancelled, set out for, or given to somebody else


class ChangeEvent(StrEnum):
    """What ends a change request."""

    LAST_YES = "last_yes"
    REFUSED = "refused"
    TIME_OVER = "time_over"
    WITHDRAWN = "withdrawn"
    OVERTAKEN = "overtaken"


_S, _E = ChangeState, ChangeEvent

EDGES = MappingProxyType(
    {
        (_S.OPEN, _E.LAST_YES): _S.AGREED,
        (_S.OPEN, _E.REFUSED): _S.REFUSED,
        (_S.OPEN, _E.TIME_OVER): _S.EXPIRED,
        (_S.OPEN, _E.WITHDRAWN): _S.WITHDRAWN,
        (_S.OPEN, _E.OVERTAKEN): _S.OVERTAKEN,
    }
)
"""(state, event) -> state: every move there is."""
