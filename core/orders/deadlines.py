"""What the clock does to orders that waited too long: each in its own savepoint, each only if nobody was quicker."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select, update

from core import calendar
from core.db import Tx
from core.dispatch.offering import close_offers, offer_next, open_offers, part_with
from core.dispatch.offers import OfferState
from core.errors import BookingError
from core.messages import Template, forget_reminders
from core.money import coupons, ledger, payments, refunds
from core.orders.alerts import alert_worse_off
from core.orders.confirming import call_for_silent
from core.orders.moves import CLOCK, Order, load, move
from core.orders.states import OrderEvent, OrderState
from core.orders.tables import order as order_table
from core.orders.telling import tell_customer
from core.orders.visit import confirm
from core.settings import rules

_WAITING = (OrderState.TO_PAY, OrderState.TO_ACCEPT, OrderState.UNDECIDED, OrderState.FINISHED)
_DUE = (
    select(order_table.c.id)
    .where(
        or_(*(order_table.c.state == state.value for state in _WAITING)), order_table.c.decide_by <= bindparam("b_now")
    )
    .order_by(order_table.c.decide_by)
    .limit(bindparam("b_most"))
)
_PUT_OFF = (
    update(order_table)
    .where(order_table.c.id == bindparam("b_id"), order_table.c.decide_by <= bindparam("b_now"))
    .values(decide_by=bindparam("new_decide_by"))
)
_PAUSE = timedelta(minutes=1)
_log = logging.getLogger(__name__)


def due_work(tx: Tx, now: datetime, most: int) -> int:
    """Settle up to `most` orders whose deadline has passed; how many there were. Call again until it is 0.

    One that cannot be settled is put off for a minute, so that it never keeps the others from their turn.
    """
    settled = sum(_settled(tx, row.id, now) for row in tx.all(_DUE, {"b_now": now, "b_most": most}))
    return settled + call_for_silent(tx, now=now, most=most)


def _settled(tx: Tx, order_id: int, now: datetime) -> bool:
    try:
        with tx.savepoint():
            order = load(tx, order_id)
            if order.decide_by is None or order.decide_by > now:
                return False  # somebody was quicker
            _settle(tx, order, now)
    except BookingError as refused:
        _log.warning("deadline left for later", extra={"order_id": order_id, "code": refused.code})
        return tx.execute(_PUT_OFF, {"b_id": order_id, "b_now": now, "new_decide_by": now + _PAUSE}) == 1
    return True


def _settle(tx: Tx, order: Order, now: datetime) -> None:
    if order.state is OrderState.TO_PAY:
        _expire(tx, order, now)
    elif order.state is OrderState.FINISHED:
        confirm(tx, order.id, person_id=None, now=now)
    elif now >= order.starts_at:
        _nobody_came(tx, order, now)
    elif order.state is OrderState.TO_ACCEPT:
        _pass_on(tx, order, now)


def _pass_on(tx: Tx, order: Order, now: datetime) -> None:
    """Ask somebody else in place of whoever did not answer; of two, who has said yes or may still think stays."""
    asked = open_offers(tx, order)
    silent = [one for one in asked if one.expires_at <= now]
    gone = {one.technician_id for one in silent}
    staying = tuple(one for one in order.crew_ids if one not in gone) if order.crew > 1 else ()
    moved = offer_next(tx, order, now, staying=staying)
    close_offers(tx, moved, silent, OfferState.EXPIRED, now=now, why="expired")
    if order.crew > 1:  # a first yes of two does not move the order: it may have come while we looked
        part_with(tx, moved, gone, now=now, why="expired")


def _expire(tx: Tx, order: Order, now: datetime) -> None:
    late = calendar.release_order(tx, order.id, now)
    moved = move(tx, order, OrderEvent.PAY_TIME_OVER, actor=CLOCK, now=now, decide_by=None)
    payments.expire(tx, order.id)
    coupons.give_back(tx, order.id)
    forget_reminders(tx, order.id)
    tell_customer(tx, moved, Template.ORDER_EXPIRED, now=now, expires_at=max(order.starts_at, now))
    alert_worse_off(tx, late, now=now)


def _nobody_came(tx: Tx, order: Order, now: datetime) -> None:
    """The visit's time came and nobody had accepted: everything goes back, and an apology with it (features F)."""
    apology = rules(tx).nobody_came_minor
    late = calendar.release_order(tx, order.id, now)
    moved = move(
        tx,
        order,
        OrderEvent.NOBODY_CAME,
        actor=CLOCK,
        now=now,
        facts={"refund_minor": order.total_minor, "compensation_minor": apology},
        cancelled_at=now,
        decide_by=None,
    )
    part_with(tx, moved, moved.crew_ids, now=now, why="expired")
    forget_reminders(tx, order.id)
    refunds.request(tx, order.id, amount_minor=order.total_minor, reason=OrderEvent.NOBODY_CAME.value, now=now)
    coupons.give_back(tx, order.id)
    if apology:
        ledger.record_compensation(
            tx, order_id=order.id, person_id=order.person_id, amount_minor=apology, currency=order.currency, now=now
        )
    tell_customer(tx, moved, Template.NOBODY_CAME, now=now, refund_minor=order.total_minor, compensation_minor=apology)
    alert_worse_off(tx, late, now=now)
