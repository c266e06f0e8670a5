"""Ends before the end: customer, technician or operator cancels, or the customer is not there."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta

from core import audit, calendar
from core.audit import AuditLine
from core.calendar import Occupation, occupation_of
from core.changes.overtaking import overtake
from core.db import Tx
from core.dispatch.offering import close_offers, offer_next, open_offers, part_with, said_yes
from core.dispatch.offers import OfferState
from core.errors import BookingError, InvalidInput, PersonErased, StateConflict
from core.messages import Template, forget_reminders
from core.money import coupons, ledger, payments, refunds
from core.money.shares import shares
from core.orders.alerts import alert_worse_off
from core.orders.moves import Actor, ActorKind, Order, load, move
from core.orders.reasons import RefusalReason
from core.orders.states import EDGES, OrderEvent, OrderState
from core.orders.telling import tell_customer, tell_technician
from core.orders.views import order_of, shared_visit_of, visit_of
from core.people import key_of
from core.people.persons import open_text_of
from core.settings import Rules, rules
from core.words import prose

_QUARTER = timedelta(minutes=15)
_ACTION = "order.cancelled"
_REASON = "order.cancel_reason"
LONGEST_REASON = 500


class TooEarly(BookingError):
    """The step is possible only from fact `from_at` on."""

    code = "too_early"


@dataclass(frozen=True, slots=True)
class Consequence:
    """What cancelling costs at this minute: `reason` names the rung of the ladder, `until_at` when it gets worse.

    Two consequences are the same yes when the money is the same.
    """

    refund_minor: int
    kept_minor: int
    currency: str
    reason: str  # unpaid, before_departure, departed, arrived, in_service; operator
    until_at: datetime | None


class ConsequenceChanged(BookingError):
    """Cancelling costs something else than was shown; `consequence` is what it costs now and needs a new yes."""

    code = "consequence_changed"

    def __init__(self, consequence: Consequence) -> None:
        super().__init__(refund_minor=consequence.refund_minor, kept_minor=consequence.kept_minor)
        self.consequence = consequence


def consequence(tx: Tx, order: Order, now: datetime) -> Consequence:
    """Return what the customer gets back and what is kept when they cancel now (the ladder of features F).

    Raises StateConflict when there is nothing to cancel any more.
    """
    if order.state is OrderState.TO_PAY:
        return Consequence(0, 0, order.currency, "unpaid", order.decide_by)
    if order.state in (OrderState.TO_ACCEPT, OrderState.UNDECIDED, OrderState.ACCEPTED):
        return Consequence(order.total_minor, 0, order.currency, "before_departure", _sets_out_at(tx, order))
    if order.state not in (OrderState.DEPARTED, OrderState.ARRIVED, OrderState.IN_SERVICE):
        raise StateConflict(order_id=order.id, state=order.state)
    kept, until_at = _kept(order, rules(tx), now)
    kept = min(kept, order.total_minor)
    return Consequence(order.total_minor - kept, kept, order.currency, order.state.value, until_at)


def cancel(tx: Tx, order_id: int, *, person_id: int, shown: Consequence, now: datetime) -> Order:
    """Cancel for the customer at exactly the cost shown; raises ConsequenceChanged, StateConflict, NotFound.

    Whoever cancels is told by the answer to their own yes: no message is written to them besides.
    """
    order = order_of(tx, person_id, order_id)
    found = consequence(tx, order, now)
    if (found.refund_minor, found.kept_minor) != (shown.refund_minor, shown.kept_minor):
        raise ConsequenceChanged(found)
    return _cancelled(tx, order, Actor(ActorKind.CUSTOMER, person_id), found, now=now)


def cancel_by_operator(tx: Tx, order_id: int, *, operator_id: int, reason: str, now: datetime) -> Order:
    """Cancel for the house: whatever was paid goes back whole, and everybody concerned is told.

    The reason (1 to 500 letters) is for the desk alone: `reason_of` reads it from the audit line. Raises InvalidInput,
    NotFound, StateConflict when it is too late.
    """
    reason = prose(reason)
    if not reason or len(reason) > LONGEST_REASON:
        raise InvalidInput(field="reason")
    order = load(tx, order_id)
    if (order.state, OrderEvent.CANCELLED) not in EDGES:
        raise StateConflict(order_id=order.id, state=order.state)
    back = 0 if order.state is OrderState.TO_PAY else order.total_minor
    whole = Consequence(back, 0, order.currency, "operator", None)
    moved = _cancelled(tx, order, Actor(ActorKind.OPERATOR, operator_id), whole, now=now)
    tell_customer(tx, moved, Template.CANCELLED, now=now, refund_minor=back)
    facts = {"from_state": order.state.value, "refund_minor": back, "reason_sealed": _sealed(tx, order, reason)}
    audit.note(tx, _ACTION, actor_id=operator_id, subject_kind="order", subject_id=order.id, now=now, facts=facts)
    return moved


def reason_of(tx: Tx, line: AuditLine) -> str | None:
    """Return why an operator cancelled, from the audit line of it; None for other lines, and once erased."""
    sealed = line.facts.get("reason_sealed")
    if line.action != _ACTION or line.subject_id is None or sealed is None:
        return None
    try:
        return open_text_of(tx, load(tx, line.subject_id).person_id, base64.b64decode(sealed), _REASON)
    except PersonErased:
        return None


def customer_absent(tx: Tx, order_id: int, *, technician_id: int, now: datetime) -> Order:
    """End a visit whose customer did not come to the door; raises TooEarly before the wait is over, StateConflict."""
    order = visit_of(tx, technician_id, order_id)
    if order.state is not OrderState.ARRIVED or order.arrived_at is None:
        raise StateConflict(order_id=order.id, state=order.state)
    from_at = order.arrived_at + timedelta(minutes=rules(tx).absent_wait_minutes)
    if now < from_at:
        raise TooEarly(from_at=from_at)
    found = consequence(tx, order, now)
    actor = Actor(ActorKind.TECHNICIAN, technician_id)
    moved = _end(tx, order, OrderEvent.CUSTOMER_ABSENT, actor, found, now=now)
    tell_customer(
        tx, moved, Template.CUSTOMER_ABSENT, now=now, refund_minor=found.refund_minor, kept_minor=found.kept_minor
    )
    return moved


def technician_cancels(tx: Tx, order_id: int, *, technician_id: int, reason: RefusalReason, now: datetime) -> Order:
    """Give an accepted visit back: the next technician is asked when anyone will do, otherwise its customer decides.

    Of two who come together either may; the other keeps the place as long as somebody can be asked for this one.
    """
    order = shared_visit_of(tx, technician_id, order_id)
    staying = tuple(one for one in order.crew_ids if one != technician_id)
    actor = Actor(ActorKind.TECHNICIAN, technician_id)
    facts = {"technician_id": str(technician_id), "reason": reason.value}
    if order.state is OrderState.TO_ACCEPT and said_yes(tx, order, technician_id):  # the other has not answered yet
        return offer_next(tx, order, now, staying=staying, actor=actor, facts=facts)
    late = () if staying else _freed(tx, order, now)
    moved = move(
        tx,
        order,
        OrderEvent.TECHNICIAN_CANCELLED,
        actor=actor,
        now=now,
        facts=facts,
        technician_id=order.technician_id if order.technician_id in staying else None,
        companion_id=order.companion_id if order.companion_id in staying else None,
        anyone_at=now if order.anyone_at else None,
        decide_by=max(order.starts_at, now),
    )
    overtake(tx, order, moved, now=now)
    forget_reminders(tx, order.id)
    tell_customer(tx, moved, Template.TECHNICIAN_CANCELLED, now=now)
    alert_worse_off(tx, late, now=now)
    return offer_next(tx, moved, now, staying=staying)


def _cancelled(tx: Tx, order: Order, actor: Actor, found: Consequence, *, now: datetime) -> Order:
    """End an order by a cancel: its link and its offers go too, and who would have come is told."""
    moved = _end(tx, order, OrderEvent.CANCELLED, actor, found, now=now)
    if order.state is OrderState.TO_PAY:
        payments.expire(tx, order.id)
    if order.state is OrderState.TO_ACCEPT:
        part_with(tx, moved, moved.crew_ids, now=now, why="withdrawn")
    close_offers(tx, moved, open_offers(tx, moved), OfferState.WITHDRAWN, now=now, why="withdrawn")
    if order.state not in (OrderState.TO_PAY, OrderState.TO_ACCEPT, OrderState.UNDECIDED):
        for technician_id, part in shares(found.kept_minor, moved.crew_ids).items():
            tell_technician(
                tx,
                moved,
                Template.VISIT_CANCELLED,
                now=now,
                technician_id=technician_id,
                kept_minor=part,
                by=actor.kind,
            )
    return moved


def _sealed(tx: Tx, order: Order, reason: str) -> str | None:
    """Return the reason as an audit line may keep it: it may speak of the customer, so it goes when they are erased."""
    try:
        return base64.b64encode(key_of(tx, order.person_id).seal_text(reason, _REASON)).decode()
    except PersonErased:
        return None


def _end(tx: Tx, order: Order, event: OrderEvent, actor: Actor, found: Consequence, *, now: datetime) -> Order:
    """Free the time, move the order to its end, send the money where the consequence says."""
    late = _freed(tx, order, now)
    moved = move(
        tx,
        order,
        event,
        actor=actor,
        now=now,
        facts={"refund_minor": found.refund_minor, "kept_minor": found.kept_minor, "reason": found.reason},
        cancelled_at=now,
        decide_by=None,
    )
    overtake(tx, order, moved, now=now)
    forget_reminders(tx, order.id)
    if found.refund_minor:
        refunds.request(tx, order.id, amount_minor=found.refund_minor, reason=event.value, now=now)
    if found.kept_minor:
        ledger.record_kept(tx, moved, found.kept_minor, now)
    else:
        coupons.give_back(tx, order.id)
    alert_worse_off(tx, late, now=now)
    return moved


def _freed(tx: Tx, order: Order, now: datetime) -> tuple[Occupation, ...]:
    """Free the time and return the visits it leaves worse off: none when the technician is out already, near them."""
    late = calendar.release_order(tx, order.id, now)
    return late if order.state in (OrderState.TO_PAY, OrderState.TO_ACCEPT, OrderState.ACCEPTED) else ()


def _kept(order: Order, figures: Rules, now: datetime) -> tuple[int, datetime | None]:
    """Return what is kept after departure, and when it becomes more."""
    fare = order.quote.fare_minor
    if order.state is OrderState.DEPARTED:
        return fare + figures.departed_kept_minor, None
    if order.state is OrderState.ARRIVED or order.started_at is None:
        return fare + figures.arrived_kept_minor, None
    # Served time counts in started quarters of an hour, so that the figure stands long enough for a yes.
    quarters = (now - order.started_at) // _QUARTER + 1
    served = quarters * _QUARTER
    length = order.ends_at - order.starts_at
    part = order.quote.service_minor if served >= length else order.quote.service_minor * served // length
    return part + fare + figures.arrived_kept_minor, order.started_at + served


def _sets_out_at(tx: Tx, order: Order) -> datetime | None:
    """Return about when the technician sets out: the free rung of the ladder ends there."""
    taken = occupation_of(tx, order.id)
    return None if taken is None else order.starts_at - timedelta(minutes=taken.leg_minutes)
