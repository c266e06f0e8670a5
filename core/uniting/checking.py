"""What must hold of persons who became another's: nothing is done under their old name any more."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import exists, select

from core.conversations.tables import conversation
from core.db import Tx
from core.messages.tables import message
from core.orders.tables import order
from core.people.tables import identity, person
from core.uniting.states import JoiningState
from core.uniting.tables import joining

_settled = ~exists().where(joining.c.gone_id == person.c.id, joining.c.state == JoiningState.JOINED.value)
_LEFT: Final = (
    ("identity", select(identity.c.id).join(person, person.c.id == identity.c.person_id), ()),
    ("order", select(order.c.id).join(person, person.c.id == order.c.person_id), ()),
    (
        "conversation",
        select(conversation.c.person_id.label("id")).join(person, person.c.id == conversation.c.person_id),
        (),
    ),
    ("message", select(message.c.id).join(person, person.c.id == message.c.person_id), (_settled,)),
)
_STATEMENTS: Final = tuple((what, found.where(person.c.joined_to.is_not(None), *more)) for what, found, more in _LEFT)
_older = person.alias("older")
_CHAINS = (
    select(person.c.id).join(_older, _older.c.id == person.c.joined_to).where(_older.c.joined_to.is_not(None))
)  # fmt: skip


def check(tx: Tx) -> Iterator[str]:
    """Yield a sentence for each thing that still belongs to a person who was joined to another."""
    for what, statement in _STATEMENTS:
        for row in tx.all(statement):
            yield f"{what} {row.id} is of a person who was joined to another"
    for row in tx.all(_CHAINS):
        yield f"person {row.id} was joined to somebody who was joined to another"
