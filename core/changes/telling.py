"""Telling the people of a change request what became of it, once per request, template and recipient."""

from collections.abc import Iterable
from datetime import datetime

from core.changes.requests import Change
from core.db import Tx
from core.messages import Template, tell
from core.orders.moves import Actor, ActorKind, Order
from core.orders.telling import person_of


def tell_parties(
    tx: Tx,
    order: Order,
    change: Change,
    template: Template,
    parties: Iterable[Actor],
    *,
    now: datetime,
    expires_at: datetime | None = None,
) -> None:
    """Write the same to each of these people about an order as it stands."""
    for who in dict.fromkeys(person_behind(tx, one) for one in parties):
        tell(
            tx,
            who,
            template,
            dedupe=f"change:{change.id}:{template.value}:{who}",
            now=now,
            facts={"change_id": str(change.id), "from_at": change.from_at.isoformat()},
            order_id=order.id,
            order_version=order.version,
            expires_at=expires_at,
        )


def person_behind(tx: Tx, actor: Actor) -> int:
    """Return the person a customer or a technician is; raises NotFound."""
    who = actor.id or 0
    return person_of(tx, who) if actor.kind is ActorKind.TECHNICIAN else who


def customer_of(order: Order) -> Actor:
    """Return an order's customer as one who acts."""
    return Actor(ActorKind.CUSTOMER, order.person_id)


def technicians(ids: Iterable[int]) -> tuple[Actor, ...]:
    """Return technicians as those who act."""
    return tuple(Actor(ActorKind.TECHNICIAN, one) for one in ids)
