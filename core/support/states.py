"""What tickets are about, where they stand, and the one table of how they move."""

from enum import StrEnum
from types import MappingProxyType

from core.errors import StateConflict


class TicketKind(StrEnum):
    """Why a human is needed."""

    HUMAN = "human"
    COMPLAINT = "complaint"
    EMERGENCY = "emergency"
    HOUSE = "house"  # nobody wrote: a check found something wrong, or a visit is in danger


URGENCY = (TicketKind.EMERGENCY, TicketKind.HOUSE, TicketKind.COMPLAINT, TicketKind.HUMAN)
"""The most urgent first."""


class TicketState(StrEnum):
    """Where a ticket stands; all but closed ones are on the operators' list."""

    OPEN = "open"  # nobody has looked at it yet
    TAKEN = "taken"  # an operator has it; where the person is in the chat, the bot is silent
    CALL_BACK = "call_back"  # the person went on without us: somebody gets back to them by `call_back_at`
    ANSWERED = "answered"
    CLOSED = "closed"


class TicketEvent(StrEnum):
    """What moves a ticket."""

    ASKED_AGAIN = "asked_again"  # the person calls for a human once more while a call-back is due
    TAKEN = "taken"
    REPLIED = "replied"
    GIVEN_BACK = "given_back"  # the operator is done talking: the bot goes on
    LEFT = "left"  # the person goes on with the bot
    NOBODY_CAME = "nobody_came"  # waiting has taken too long, or the desk is shut
    CLOSED = "closed"


_S, _E = TicketState, TicketEvent

EDGES = MappingProxyType(
    {
        (_S.OPEN, _E.TAKEN): _S.TAKEN,
        (_S.OPEN, _E.REPLIED): _S.ANSWERED,
        (_S.OPEN, _E.LEFT): _S.CLOSED,
        (_S.OPEN, _E.NOBODY_CAME): _S.CALL_BACK,
        (_S.OPEN, _E.CLOSED): _S.CLOSED,
        (_S.TAKEN, _E.REPLIED): _S.TAKEN,
        (_S.TAKEN, _E.GIVEN_BACK): _S.ANSWERED,
        (_S.TAKEN, _E.LEFT): _S.ANSWERED,
        (_S.TAKEN, _E.NOBODY_CAME): _S.CALL_BACK,
        (_S.TAKEN, _E.CLOSED): _S.CLOSED,
        (_S.CALL_BACK, _E.ASKED_AGAIN): _S.OPEN,
        (_S.CALL_BACK, _E.TAKEN): _S.TAKEN,
        (_S.CALL_BACK, _E.REPLIED): _S.ANSWERED,
        (_S.CALL_BACK, _E.CLOSED): _S.CLOSED,
        (_S.ANSWERED, _E.TAKEN): _S.TAKEN,
        (_S.ANSWERED, _E.REPLIED): _S.ANSWERED,
        (_S.ANSWERED, _E.CLOSED): _S.CLOSED,
    }
)


def after(state: TicketState, event: TicketEvent) -> TicketState:
    """Return where an event leads; raises StateConflict where the table has no such edge."""
    try:
        return EDGES[state, event]
    except KeyError:
        raise StateConflict(kind="ticket", state=state) from None
