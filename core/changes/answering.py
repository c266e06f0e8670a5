"""The answers to a change request: yes, no, and the asker's own never mind."""

from collections.abc import Iterable
from datetime import datetime

from core import calendar
from core.changes import requests, rules
from core.changes.asking import locked
from core.changes.requests import Change, ChangeGone
from core.changes.retiming import local_day
from core.changes.states import ChangeEvent, ChangeState
from core.changes.telling import customer_of, technicians, tell_parties
from core.changes.words import sealed
from core.db import Tx
from core.dispatch import offers
from core.errors import NotFound
from core.messages import Template, forget_reminders
from core.orders.alerts import alert_worse_off
from core.orders.moves import Actor, Order, load, move
from core.orders.reasons import RefusalReason
from core.orders.states import OrderEvent, OrderState
from core.orders.telling import schedule_reminders
from core.settings import rules as figures
from core.technicians import roster


def agree(tx: Tx, change_id: int, *, by: Actor, now: datetime) -> Order:
    """Say yes; the last yes moves the order, and a repeat changes nothing. Raises ChangeGone, NotFound."""
    change = _to_answer(tx, change_id, by)
    calendar.guard_order(tx, change.order_id)
    order = locked(tx, change.order_id)
    change = requests.change_of(tx, change_id)
    if change.state is ChangeState.AGREED:
        return order
    _check_stands(tx, change, order, now)
    requests.answer(tx, change_id, by, requests.AGREED, now=now)
    if any(one.answer is None for one in requests.consents(tx, change_id)):
        return order
    ended = requests.end(tx, change, ChangeEvent.LAST_YES, now)
    late = calendar.settle_change(tx, order.id, change_id, now)
    moved = _move(tx, order, ended, by, now)
    _tell_of_yes(tx, order, moved, ended, by, now)
    alert_worse_off(tx, late, now=now)
    return moved


def refuse(
    tx: Tx, change_id: int, *, by: Actor, reason: RefusalReason | None, words: str | None, now: datetime
) -> Change:
    """Say no: the order stays as it was, and the asker hears neutral words. Raises ChangeGone, NotFound."""
    change = _to_answer(tx, change_id, by)
    others = [one for one in _involved(tx, change) if one != by]
    ended = _end(tx, change, ChangeEvent.REFUSED, Template.CHANGE_REFUSED, others, now)
    requests.answer(tx, change_id, by, requests.REFUSED, now=now, reason=reason, words_sealed=sealed(tx, by, words))
    return ended


def withdraw(tx: Tx, change_id: int, *, by: Actor, now: datetime) -> Change:
    """Take one's own request back: the order stays as it was. Raises ChangeGone, NotFound."""
    change = requests.change_of(tx, change_id)
    if by != change.asker:
        raise NotFound(kind="change")
    asked = rules.parties(requests.consents(tx, change_id))
    return _end(tx, change, ChangeEvent.WITHDRAWN, Template.CHANGE_WITHDRAWN, asked, now)


def expire(tx: Tx, change: Change, now: datetime) -> Change:
    """End a request that not everybody answered in time; all whom it concerned are told. Raises ChangeGone."""
    return _end(tx, change, ChangeEvent.TIME_OVER, Template.CHANGE_EXPIRED, _involved(tx, change), now)


def _end(
    tx: Tx, change: Change, event: ChangeEvent, template: Template, told: Iterable[Actor], now: datetime
) -> Change:
    """End a request without a change: the time it asked for is free again, and the others are told."""
    calendar.guard_order(tx, change.order_id)
    ended = requests.end(tx, change, event, now)
    late = calendar.drop_change(tx, change.order_id, change.id, now)
    tell_parties(tx, load(tx, change.order_id), ended, template, told, now=now)
    alert_worse_off(tx, late, now=now)
    return ended


def _to_answer(tx: Tx, change_id: int, by: Actor) -> Change:
    """Return the request if the yes of this person is one it needs; raises NotFound."""
    change = requests.change_of(tx, change_id)
    if by not in rules.parties(requests.consents(tx, change_id)):
        raise NotFound(kind="change")
    return change


def _check_stands(tx: Tx, change: Change, order: Order, now: datetime) -> None:
    """Raise ChangeGone unless a yes still can have its way: open, in time, about the order as it is."""
    state = change.state
    if state is ChangeState.OPEN and change.expires_at <= now:
        state = ChangeState.EXPIRED
    moved_on = order.version != change.order_version or order.state is not OrderState.ACCEPTED
    suspended = any(roster(tx).find(one) is None for one in change.crew_ids)
    if state is ChangeState.OPEN and (moved_on or suspended):
        state = ChangeState.OVERTAKEN
    if state is not ChangeState.OPEN:
        raise ChangeGone(change_id=change.id, state=state)


def _involved(tx: Tx, change: Change) -> tuple[Actor, ...]:
    return (change.asker, *rules.parties(requests.consents(tx, change.id)))


def _move(tx: Tx, order: Order, change: Change, by: Actor, now: datetime) -> Order:
    facts = {
        "change_id": str(change.id),
        "from_at": order.starts_at.isoformat(),
        "from_technician_id": str(order.technician_id or ""),
    }
    another = change.technician_id != order.technician_id
    who = roster(tx).find(change.technician_id)
    moved = move(
        tx,
        order,
        OrderEvent.CHANGED,
        actor=by,
        now=now,
        facts=facts,
        technician_id=change.technician_id,
        companion_id=change.companion_id,
        sex=order.sex if who is not None and who.sex == order.sex else None,
        anyone_at=(now if change.anyone else None) if another else order.anyone_at,
        starts_at=change.starts_at,
        ends_at=change.ends_at,
        local_day=local_day(order, change.starts_at),
    )
    for one in order.crew_ids:
        if one not in moved.crew_ids:
            offers.take_back(tx, offers.of_technician(tx, order.id, one), now=now)
    for one in moved.crew_ids:
        if one not in order.crew_ids:
            offers.add_accepted(tx, order.id, one, now=now)
    forget_reminders(tx, order.id)
    schedule_reminders(tx, moved, figures(tx), now=now)
    return moved


def _tell_of_yes(tx: Tx, before: Order, moved: Order, change: Change, by: Actor, now: datetime) -> None:
    """Tell everybody but who said the last yes; who had the visit and has it no more is told that alone."""
    gone = technicians(one for one in before.crew_ids if one not in moved.crew_ids)
    stays = dict.fromkeys((customer_of(moved), *technicians(moved.crew_ids)))
    told = [one for one in stays if one != by]
    tell_parties(tx, moved, change, Template.CHANGE_AGREED, told, now=now)
    tell_parties(tx, moved, change, Template.VISIT_MOVED_ON, gone, now=now)
