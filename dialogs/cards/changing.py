"""Cards, buttons and verbs of a change request: a new time or another technician, until the other side has answered."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from core import changes
from core.changes import Change, ChangeGone, ChangeState
from core.db import Tx
from core.errors import NotFound
from core.messages import Template
from core.orders.moves import Actor, ActorKind, Order, load
from core.orders.retaking import wish_of
from core.orders.states import OrderState
from core.orders.views import Viewer, details, orders_of, visits_of
from dialogs.cards.buttons import begin, visit_buttons
from dialogs.engine.actions import Act, Begin, plain
from dialogs.engine.flow import Done
from dialogs.engine.step import Step
from dialogs.fields.plan import all_named, technician_named
from dialogs.lexicon import roster_of
from dialogs.outgoing import Button
from dialogs.roles import technician_of
from dialogs.texts import formats

_AHEAD = timedelta(days=60)
_MOST_ORDERS = 20


def side_of(step: Step, order: Order, change: Change | None = None) -> Actor:
    """Return as whom this person answers for an order: its customer, who has the visit, or who is asked to come.

    Raises NotFound for anybody else.
    """
    if order.person_id == step.person_id:
        return Actor(ActorKind.CUSTOMER, step.person_id)
    technician = technician_of(step)
    involved = (*order.crew_ids, *(() if change is None else change.crew_ids))
    if technician is None or technician.id not in involved:
        raise NotFound(kind="order")
    return Actor(ActorKind.TECHNICIAN, technician.id)


def is_customer(step: Step, order: Order) -> bool:
    """Tell whether the reader is who booked."""
    return order.person_id == step.person_id


def answers(step: Step, order: Order, change: Change) -> bool:
    """Tell whether an answer to an open request is this person's to give, and not given yet."""
    side = side_of(step, order, change)
    return any(one.party == side and one.answer is None for one in changes.consents(step.tx, change.id))


def new_technician(order: Order, change: Change) -> bool:
    """Tell whether the request is for somebody else than who has the visit."""
    return change.technician_id not in order.crew_ids


def open_of(step: Step, order: Order) -> Change | None:
    """Return the open request about an order; only an accepted one can have any."""
    return changes.open_change(step.tx, order.id) if order.state is OrderState.ACCEPTED else None


def open_requests(step: Step) -> tuple[tuple[Order, Change], ...]:
    """Return the open requests about this person's orders and visits, and visits they are asked to take on."""
    technician = technician_of(step)
    until = step.now + _AHEAD
    visits = () if technician is None else visits_of(step.tx, technician.id, from_at=step.now, until_at=until)
    booked = orders_of(step.tx, step.person_id, most=_MOST_ORDERS)
    accepted = {one.id: one for one in (*booked, *visits) if one.state is OrderState.ACCEPTED}
    found = changes.open_changes(step.tx, accepted)
    mine = tuple((order, found[order.id]) for order in accepted.values() if order.id in found)
    to_come = () if technician is None else changes.open_to_come(step.tx, technician.id)
    return (*mine, *((load(step.tx, one.order_id), one) for one in to_come if one.order_id not in accepted))


def wanted(step: Step, order: Order, change: Change) -> str:
    """Write what is asked for: 明天 15:30, with the name of who would come when that is somebody else."""
    moment = _soon(step, change.starts_at, order.zone)
    if not new_technician(order, change):
        return moment
    return step.say("change.with", moment=moment, who=technician_named(step, change.technician_id))


def pending_line(step: Step, order: Order, change: Change) -> str:
    """Write where an open request stands, as each side reads it: 改期待确认：周六 15:30，等王师傅答复."""
    facts = {"wanted": wanted(step, order, change), "until": deadline(step, change.expires_at, order.zone)}
    if answers(step, order, change):
        return step.say("change.pending_yours", **facts)
    if change.asked_by is ActorKind.TECHNICIAN or not is_customer(step, order):
        return step.say("change.pending_customer" if not is_customer(step, order) else "change.pending", **facts)
    return step.say("change.pending_of", who=awaited(step, change), **facts)


def awaited(step: Step, change: Change) -> str:
    """Write which technicians have not answered yet."""
    silent = (one.party for one in changes.consents(step.tx, change.id) if one.answer is None)
    return all_named(step, (one.id for one in silent if one.kind is ActorKind.TECHNICIAN and one.id is not None))


def pending_buttons(step: Step, order: Order, change: Change) -> tuple[Button, ...]:
    """Return what this person can do about an open request: answer it, or take it back."""
    if answers(step, order, change):
        return answer_buttons(step, order, change)
    if change.asker != side_of(step, order, change):
        return ()
    return (act_on(step, "withdraw_change", change),)


def answer_buttons(step: Step, order: Order, change: Change) -> tuple[Button, ...]:
    """Return yes, no and another time; who is asked to take somebody's place is asked for that time alone."""
    about = {"order": order.id, "change": change.id}
    no = "refuse_change_customer" if is_customer(step, order) else "refuse_change"
    refuse = Button(step.say(f"card.{no}"), plain(Begin("refuse_change", about)))
    yes = act_on(step, "agree_change", change)
    if new_technician(order, change):
        return (yes, refuse)
    other = "retime" if is_customer(step, order) else "propose_time"
    return (yes, refuse, Button(step.say("card.other_time"), plain(Begin(other, about))))


def act_on(step: Step, verb: str, change: Change) -> Button:
    """Return the button of a verb on exactly this request."""
    return Button(step.say(f"card.{verb}"), plain(Act(verb, change.order_id, change.id)))


def deadline(step: Step, at: datetime, zone: str) -> str:
    """Write until when an answer can come, as short as can be: 12:30, 明天 00:30."""
    same_day = formats.local(at, zone).date() == formats.local(step.now, zone).date()
    return step.clock(at, zone) if same_day else _soon(step, at, zone)


def _soon(step: Step, at: datetime, zone: str) -> str:
    """Write a time within a sentence: 明天 00:30, 16:00 today, Mon 16:00."""
    ahead = (formats.local(at, zone).date() - formats.local(step.now, zone).date()).days
    near = {0: "change.today", 1: "change.tomorrow"}.get(ahead)
    return step.short_moment(at, zone) if near is None else step.say(near, time=step.clock(at, zone))


# words of messages


def change_words(step: Step, template: Template, order: Order, facts: Mapping[str, Any]) -> str:
    """Return the key of a message about a request, by who reads it and what was asked."""
    plainly = f"message.{template}"
    choose = _WORDS.get(template)
    if choose is None:
        return plainly
    return choose(step, order, changes.change_of(step.tx, int(facts["change_id"]))) or plainly


def change_facts(step: Step, order: Order, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the words about a request are filled with."""
    change = changes.change_of(step.tx, int(facts["change_id"]))
    was = datetime.fromisoformat(facts["from_at"]) if "from_at" in facts else order.starts_at
    return {
        "old": step.moment(was, order.zone),
        "new": step.moment(change.starts_at, order.zone),
        "until": deadline(step, change.expires_at, order.zone),
        "present": all_named(step, order.crew_ids),
        "asked": technician_named(step, change.technician_id),
        "way": _way(step, order, change),
    }


def _way(step: Step, order: Order, change: Change) -> str:
    """How far it is from home for who would come: the same at any hour."""
    found = roster_of(step).find(change.technician_id)
    metres = order.quote.leg_metres
    if found is not None and new_technician(order, change):
        metres = wish_of(step.tx, order).fare_metres(found.base)
    return formats.kilometres(metres, step.lang)


def _asked(step: Step, order: Order, change: Change) -> str | None:
    if is_customer(step, order):
        return "message.change_asked_customer"
    return "message.change_asked_visit" if new_technician(order, change) else None


def _nudged(_step: Step, order: Order, change: Change) -> str | None:
    return "message.change_nudge_visit" if new_technician(order, change) else None


def _agreed(step: Step, order: Order, _change: Change) -> str | None:
    return None if is_customer(step, order) else "message.change_agreed_technician"


def _refused(step: Step, order: Order, _change: Change) -> str | None:
    return None if is_customer(step, order) else "message.change_refused_technician"


def _expired(step: Step, order: Order, change: Change) -> str | None:
    """Whoever was silent reads no reproach, whoever asked reads that nobody answered."""
    customer = is_customer(step, order)
    if (change.asked_by is ActorKind.CUSTOMER) is customer:
        return None if customer else "message.change_expired_technician"
    moves_on = new_technician(order, change) and not customer
    return "message.change_expired_visit" if moves_on else "message.change_expired_silent"


def _withdrawn(step: Step, order: Order, change: Change) -> str | None:
    if new_technician(order, change) or order.state not in (OrderState.ACCEPTED, OrderState.DEPARTED):
        return "message.change_withdrawn_visit"
    return "message.change_withdrawn_customer" if is_customer(step, order) else None


_WORDS: dict[Template, Callable[[Step, Order, Change], str | None]] = {
    Template.CHANGE_ASKED: _asked,
    Template.CHANGE_NUDGE: _nudged,
    Template.CHANGE_AGREED: _agreed,
    Template.CHANGE_REFUSED: _refused,
    Template.CHANGE_EXPIRED: _expired,
    Template.CHANGE_WITHDRAWN: _withdrawn,
}

OF_CHANGES = frozenset({*_WORDS, Template.VISIT_MOVED_ON})
"""Messages about change requests."""

WAITING = frozenset({Template.CHANGE_ASKED, Template.CHANGE_NUDGE})
"""Those that are true only while the request is open."""


def still_open(tx: Tx, facts: Mapping[str, Any]) -> bool:
    """Tell whether the request a message asks about still waits for its answer."""
    return bool(changes.change_of(tx, int(facts["change_id"])).state is ChangeState.OPEN)


def asked_buttons(step: Step, order: Order, facts: Mapping[str, Any]) -> tuple[Button, ...]:
    """Return the buttons of the card that asks; a customer may give the order up instead."""
    buttons = answer_buttons(step, order, changes.change_of(step.tx, int(facts["change_id"])))
    return (*buttons, begin(step, "cancel", "cancel_order", order.id)) if is_customer(step, order) else buttons


def what_now(step: Step, order: Order) -> tuple[Button, ...]:
    """Return what can follow when nothing came of a request."""
    if order.state is not OrderState.ACCEPTED:
        return ()
    if not is_customer(step, order):
        theirs = technician_of(step)
        has_it = theirs is not None and theirs.id in order.crew_ids
        return (begin(step, "give_up", "give_up_visit", order.id),) if has_it else ()
    swap = Button(step.say("card.other_technician"), plain(Begin("retime", {"order": order.id, "swap": True})))
    return (
        begin(step, "other_time", "retime", order.id),
        swap,
        begin(step, "cancel", "cancel_order", order.id),
    )


# verbs


def agree(step: Step, order_id: int, change_id: int | None) -> Done:
    """Say yes to exactly this request; one that is over answers with how the order stands."""
    order, change = _both(step, order_id, change_id)
    try:
        moved = changes.agree(step.tx, change.id, by=side_of(step, order, change), now=step.now)
    except ChangeGone:
        return gone(step, order, change)
    return agreed_words(step, order, change, moved)


def agreed_words(step: Step, before: Order, change: Change, moved: Order) -> Done:
    """Tell who said yes what stands now; who takes the visit over reads where to go, the first of two whom we await."""
    if changes.change_of(step.tx, change.id).state is ChangeState.OPEN:
        return Done(step.say("change.agreed_first", who=awaited(step, change), **standing_at(step, moved)))
    facts = standing(step, moved)
    if is_customer(step, moved):
        return Done(step.say("change.agreed_customer", **facts))
    technician = technician_of(step)
    if technician is not None and technician.id in before.crew_ids:
        return Done(step.say("change.agreed", **facts), visit_buttons(step, moved))
    view = details(step.tx, moved.id, viewer=Viewer.TECHNICIAN)
    door = {"address": view.address_text or "", "phone": formats.phone(view.phone or "")}
    text = step.say("card.accepted_by_you", code=moved.code, moment=facts["moment"], **door)
    return Done(text, visit_buttons(step, moved))


def withdraw(step: Step, order_id: int, change_id: int | None) -> Done:
    """Take one's own request back: the order stays as it is."""
    order, change = _both(step, order_id, change_id)
    try:
        changes.withdraw(step.tx, change.id, by=side_of(step, order, change), now=step.now)
    except ChangeGone:
        return gone(step, order, change)
    return withdrawn_words(step, order)


def withdrawn_words(step: Step, order: Order) -> Done:
    """Tell who took a request back what stands."""
    return Done(step.say("change.withdrawn", **standing(step, order)))


def gone(step: Step, order: Order, change: Change) -> Done:
    """Answer a press on a request that is over: what became of it, and how the order stands."""
    over = step.say(f"change.over_{changes.change_of(step.tx, change.id).state}")
    state = step.say(f"state.{order.state}")
    return Done(step.say("change.gone", over=over, state=state, **standing(step, order)))


def standing_at(step: Step, order: Order) -> dict[str, str]:
    """Return an order's code and its time."""
    return {"code": order.code, "moment": step.moment(order.starts_at, order.zone)}


def standing(step: Step, order: Order) -> dict[str, str]:
    """Return the facts that say how an order stands."""
    return {**standing_at(step, order), "who": all_named(step, order.crew_ids)}


def _both(step: Step, order_id: int, change_id: int | None) -> tuple[Order, Change]:
    """Return the order and the request a button is about; NotFound for anybody they do not concern."""
    if change_id is None:
        raise NotFound(kind="change")
    order, change = load(step.tx, order_id), changes.change_of(step.tx, change_id)
    if change.order_id != order.id:
        raise NotFound(kind="change")
    side_of(step, order, change)
    return order, change


CHANGE_VERBS: dict[str, Callable[[Step, int, int | None], Done]] = {"agree_change": agree, "withdraw_change": withdraw}
"""Verbs on a change request: they name the very request they mean."""
