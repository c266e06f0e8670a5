"""A change while nobody has said yes to the order: it is done at once."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core import calendar
from core.calendar import Hold
from core.changes.telling import customer_of
from core.db import CandidateLost, Tx
from core.dispatch import offers
from core.dispatch.offering import ask_crew, close_offers, companion_in, open_offers, part_with
from core.dispatch.offers import OfferState
from core.messages import Template, forget_reminders
from core.orders.alerts import alert_worse_off
from core.orders.moves import Order, move
from core.orders.states import OrderEvent, OrderState
from core.orders.telling import tell_customer
from core.settings import rules


def retime(tx: Tx, order: Order, held: Hold, *, anyone: bool, sex: str | None, now: datetime) -> Order:
    """Give an order the time held for it in place of its own; who was asked is told, and who comes now is asked.

    The order is locked. Raises StateConflict; the unit runs again when the hold has lapsed meanwhile.
    """
    slot = held.slot
    if not calendar.give_to_change(tx, held, held.id, order.id, now, person_id=order.person_id):
        raise CandidateLost(("hold", held.id))
    late = calendar.settle_change(tx, order.id, held.id, now)
    moved = move(
        tx,
        order,
        OrderEvent.RETIMED,
        actor=customer_of(order),
        now=now,
        technician_id=slot.technician_id,
        companion_id=companion_in(slot.crew),
        sex=sex,
        anyone_at=now if anyone else None,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        local_day=local_day(order, slot.starts_at),
    )
    if moved.state is OrderState.TO_PAY:
        _nudge_anew(tx, moved, now)
    else:
        _ask_anew(tx, moved, before=order.crew_ids, now=now)
    alert_worse_off(tx, late, now=now)
    return moved


def local_day(order: Order, starts_at: datetime) -> date:
    """Return the day of a start on the wall where the order is."""
    return starts_at.astimezone(ZoneInfo(order.zone)).date()


def _nudge_anew(tx: Tx, order: Order, now: datetime) -> None:
    """The reminder to pay speaks of the old time: one that is still to come is written anew."""
    forget_reminders(tx, order.id)
    if order.decide_by is None:
        return
    due_at = order.decide_by - timedelta(minutes=rules(tx).pay_nudge_minutes)
    if due_at > now:
        tell_customer(tx, order, Template.PAY_NUDGE, now=now, due_at=due_at, expires_at=order.decide_by)


def _ask_anew(tx: Tx, order: Order, *, before: Sequence[int], now: datetime) -> None:
    """End the offers of the old time, silently for those who are asked about the new one, and ask."""
    part_with(tx, order, [one for one in before if one not in order.crew_ids], now=now, why="withdrawn")
    for one in offers.offers_of(tx, order.id):
        if one.technician_id in order.crew_ids and not offers.close(tx, one, OfferState.WITHDRAWN, now=now):
            offers.take_back(tx, one, now=now)
    close_offers(tx, order, open_offers(tx, order), OfferState.WITHDRAWN, now=now, why="withdrawn")
    ask_crew(tx, order, now)
