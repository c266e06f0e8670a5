"""Who may ask for a change, of which order, until when, and what is then wanted of the calendar."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from core.calendar import Wish, occupation_of
from core.changes.requests import Change, ChangePending, ChangeTooLate, Consent, consents, open_change
from core.db import Tx
from core.errors import InvalidInput, NotFound, StateConflict
from core.orders.moves import Actor, ActorKind, Order, load
from core.orders.retaking import wish_of
from core.orders.states import OrderState
from core.orders.views import order_of, shared_visit_of
from core.settings import rules
from core.technicians import NO_PREFERENCE, Preferences

AT_ONCE = frozenset({OrderState.TO_PAY, OrderState.TO_ACCEPT, OrderState.UNDECIDED})
"""States in which nobody has said yes: the customer's word is enough."""
MOVABLE = AT_ONCE | {OrderState.ACCEPTED}
"""States in which a customer may still move a visit; who has said yes is asked."""


def answer_by(tx: Tx, order: Order, *, starts_at: datetime, now: datetime) -> datetime:
    """Return until when the other side could answer if it were asked now; raises ChangeTooLate."""
    figures = rules(tx)
    earlier = min(order.starts_at, starts_at)
    until = min(
        now + timedelta(hours=figures.change_answer_hours),
        now + (order.starts_at - now) / 2,
        earlier - timedelta(minutes=figures.change_spare_minutes),
    )
    if until < now + timedelta(minutes=figures.change_think_minutes):
        raise ChangeTooLate(order_id=order.id)
    return until


def movable(tx: Tx, order_id: int, by: Actor) -> Order:
    """Return the order if this customer or technician may ask to change it; raises NotFound, StateConflict."""
    if by.kind is ActorKind.CUSTOMER:
        order = order_of(tx, by.id or 0, order_id)
    elif by.kind is ActorKind.TECHNICIAN:
        order = _to_technician(tx, order_id, by)
    else:
        raise NotFound(kind="order")
    allowed = order.state in (MOVABLE if by.kind is ActorKind.CUSTOMER else MOVABLE - AT_ONCE)
    if not allowed:
        raise StateConflict(order_id=order_id, state=order.state)
    return order


def _to_technician(tx: Tx, order_id: int, by: Actor) -> Order:
    """Return the order of a technician who has it, or is asked to take it over; raises NotFound."""
    pending = open_change(tx, order_id)
    if pending is not None and by in parties(consents(tx, pending.id)):
        return load(tx, order_id)
    return shared_visit_of(tx, by.id or 0, order_id)


def admit(tx: Tx, order: Order, by: Actor, *, starts_at: datetime, now: datetime) -> Change | None:
    """Check that an accepted order may be asked about now; the open request that `by` would answer so, if there is one.

    Raises ChangePending when there is one that is not theirs to answer, ChangeTooLate.
    """
    pending = open_change(tx, order.id)
    if pending is not None and by not in parties(consents(tx, pending.id)):
        raise ChangePending(order_id=order.id, change_id=pending.id)
    answer_by(tx, order, starts_at=starts_at, now=now)
    return pending


def parties(needed: Iterable[Consent]) -> tuple[Actor, ...]:
    """Return whose yes it is that is needed."""
    return tuple(one.party for one in needed)


def wish_for(
    tx: Tx,
    order: Order,
    by: Actor,
    *,
    technician_id: int | None,
    starts_at: datetime | None = None,
    preferences: Preferences = NO_PREFERENCE,
    another: bool = False,
) -> Wish:
    """Return what the change asks of the calendar; a technician asks for themselves and with whoever else comes.

    With anyone, `another` (or the same start) leaves out who has the order now. An accepted visit of two keeps both.
    Raises InvalidInput for a change that is none or that cannot be.
    """
    if by.kind is ActorKind.TECHNICIAN:
        technician_id = by.id if by.id not in order.crew_ids else order.technician_id
    companions: tuple[int, ...] = ()
    if order.crew > 1 and order.state is OrderState.ACCEPTED and order.companion_id is not None:
        if technician_id != order.technician_id:
            raise InvalidInput(field="technician_id")
        companions = (order.companion_id,)
    same_time = starts_at == order.starts_at and order.state is not OrderState.UNDECIDED
    if same_time and technician_id is not None and technician_id == order.technician_id:
        raise InvalidInput(field="starts_at")
    wish, taken = wish_of(tx, order), occupation_of(tx, order.id)
    # Kept free after it as at first, whatever the service wants by now: times that overlap have one shape.
    kept_free = wish.buffer_minutes if taken is None else (taken.free_at - taken.ends_at) // timedelta(minutes=1)
    return replace(
        wish,
        buffer_minutes=kept_free,
        technician_id=technician_id,
        preferences=preferences,
        crew=order.crew,
        companions=companions,
        moving=order.id,
        but=frozenset(order.crew_ids) if technician_id is None and (another or same_time) else frozenset(),
    )
