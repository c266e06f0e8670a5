"""What must hold of handed over conversations: one that nobody gives back would leave a person with a mute bot."""

from collections.abc import Iterator

from sqlalchemy import select

from core.conversations.tables import conversation
from core.db import Tx
from core.support.states import TicketState
from core.support.tables import ticket

_OWNED = (
    select(conversation.c.person_id, conversation.c.ticket_id, ticket.c.person_id.label("of"), ticket.c.state)
    .select_from(conversation.outerjoin(ticket, ticket.c.id == conversation.c.ticket_id))
    .where(conversation.c.ticket_id.is_not(None))
)
_TALKS = (TicketState.OPEN, TicketState.TAKEN)


def check(tx: Tx) -> Iterator[str]:
    """Yield a sentence for each conversation whose ticket is somebody else's, or no longer talks with the person."""
    for row in tx.all(_OWNED):
        if row.of != row.person_id:
            yield f"the conversation of person {row.person_id} is with ticket {row.ticket_id}, which is not theirs"
        elif row.state not in _TALKS:
            yield f"the conversation of person {row.person_id} is with ticket {row.ticket_id}, which is {row.state}"
