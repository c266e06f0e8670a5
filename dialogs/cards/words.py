"""Each template's words and buttons, written for its recipient at the moment it is sent."""

from collections.abc import Callable
from typing import Any

from core import announcements, conversations, people, support
from core.calendar import crew_of
from core.catalog import text_in
from core.dispatch import offers_of
from core.messages import Template
from core.money.payments import live_payment
from core.money.shares import share_of
from core.orders.confirming import is_confirmed
from core.orders.moves import Order
from core.orders.states import OrderState
from core.orders.views import Viewer, details
from core.technicians import refusal_of
from dialogs.cards import joining
from dialogs.cards.announcing import announced
from dialogs.cards.buttons import act, begin, visit_buttons
from dialogs.cards.card import Card
from dialogs.cards.changing import OF_CHANGES, asked_buttons, change_facts, what_now
from dialogs.cards.choosing import ASKING, words_key
from dialogs.cards.on_the_way import moving_place, way_left
from dialogs.cards.texted import short_words
from dialogs.cards.working import working_facts
from dialogs.engine.actions import Begin, Look, Word, plain
from dialogs.engine.handover import by_when
from dialogs.engine.state import StaleState, decode_state
from dialogs.fields.plan import all_named, mate_named, option_words
from dialogs.lexicon import catalogue_of
from dialogs.linking import channel_name
from dialogs.outgoing import Body, Button
from dialogs.pricing import pay_button
from dialogs.roles import technician_of
from dialogs.texts import formats

_TO_MANY = frozenset({Template.ANNOUNCEMENT, Template.NEWS})


def words_of(template: Template, card: Card) -> Body:
    """Return the message's words and buttons in its recipient's language."""
    if template in _TO_MANY:
        said = announcements.announcement(card.step.tx, int(card.facts["announcement_id"]))
        return announced(card.step.texts, said, card.step.lang)
    facts = {**_order_facts(card), **_money_facts(card), **_own_facts(template, card)}
    key = words_key(template, card)
    text = card.step.say(key, **facts)
    short = short_words(card.step, template, key, text, facts)
    if template in ASKING and not is_confirmed(card.step.tx, card.here):
        text += "\n" + card.step.say("message.reminder_ask")
    buttons = _BUTTONS.get(template, _no_buttons)(card)
    place = moving_place(card.step.tx, template, card.order, now=card.step.now)
    return Body(text=text, rows=tuple((button,) for button in buttons), place=place, short=short)


def _order_facts(card: Card) -> dict[str, str]:
    order, step = card.order, card.step
    if order is None:
        return {}
    service, option = catalogue_of(step).option(order.option_id)
    return {
        "code": order.code,
        "service": text_in(service.names, step.lang),
        "option": option_words(step, option, order.quantity),
        "who": all_named(step, order.crew_ids),
        "moment": step.moment(order.starts_at, order.zone),
        "time": step.clock(order.starts_at, order.zone),
        "span": formats.span(order.starts_at, order.ends_at, order.zone),
        "until": step.clock(order.decide_by, order.zone) if order.decide_by else "",
        "region": text_in(catalogue_of(step).region(order.region_id).names, step.lang),
        "income": step.money(_income_minor(card, order), order.currency),
    }


def _income_minor(card: Card, order: Order) -> int:
    """What the reader earns: of two who come together a part."""
    reader = technician_of(card.step) if order.crew > 1 else None
    whole = order.quote.income_minor
    return whole if reader is None or not order.crew_ids else share_of(whole, reader.id, order.crew_ids)


def _money_facts(card: Card) -> dict[str, str]:
    """Facts that end in _minor are amounts; the words call them without the ending."""
    currency = card.facts.get("currency") or (card.order.currency if card.order else card.step.house.currency)
    return {
        name.removesuffix("_minor"): card.step.money(int(value), currency)
        for name, value in card.facts.items()
        if name.endswith("_minor")
    }


def _own_facts(template: Template, card: Card) -> dict[str, Any]:
    if template in OF_CHANGES:
        return change_facts(card.step, card.here, card.facts)
    made = _FACTS.get(template)
    return {} if made is None else made(card)


def _where(card: Card) -> dict[str, Any]:
    view = details(card.step.tx, card.here.id, viewer=Viewer.CUSTOMER)
    return {"address": view.address_text or ""}


def _door(card: Card) -> dict[str, Any]:
    """Where the technician goes and whom they call: theirs to see once the visit is theirs."""
    view = details(card.step.tx, card.here.id, viewer=Viewer.TECHNICIAN)
    return {"address": view.address_text or "", "phone": formats.phone(view.phone or "")}


def _answer(card: Card) -> dict[str, Any]:
    tx, ticket_id = card.step.tx, int(card.facts["ticket_id"])
    line_id = card.facts.get("line_id")
    words = None if line_id is None else support.words_of(tx, ticket_id, int(line_id))
    return {"answer": words or support.ticket(tx, ticket_id).answer or ""}


def _called_back(card: Card) -> dict[str, Any]:
    """Until when somebody gets back, where nobody came, and what was left open when a human was called."""
    by = support.ticket(card.step.tx, int(card.facts["ticket_id"])).call_back_at
    left = _left_open(card)
    said = card.step.say("engine.left_open", flow=card.step.say(f"flow.{left}")) if left else ""
    return {"call_back": "" if by is None else by_when(card.step, by), "left_open": said}


def _left_open(card: Card) -> str | None:
    """Return the flow that stands open in the reader's conversation."""
    tx, person_id = card.step.tx, card.step.person_id
    try:
        top = decode_state(conversations.state_of(tx, person_id, people.key_of(tx, person_id))).top
    except StaleState:
        return None
    return top.flow if top is not None and card.step.texts.has(f"flow.{top.flow}") else None


def _reason(card: Card) -> dict[str, Any]:
    return {"reason": refusal_of(card.step.tx, int(card.facts["technician_id"])) or ""}


_FACTS: dict[Template, Callable[[Card], dict[str, Any]]] = {
    Template.DEPARTED: lambda card: {"eta": card.facts["eta_minutes"]},
    Template.POSITION_SHARED: lambda card: way_left(card.step, card.here),
    Template.RUNNING_LATE: lambda card: {"minutes": card.facts["lead_minutes"]},
    Template.ARRIVED: lambda card: {"start_code": card.here.start_code},
    Template.REVIEWED: lambda card: {"stars": card.facts["stars"]},
    Template.OFFER: lambda card: {"way": _way(card)} | _of_offer(card),
    Template.CREW_COMPLETE: lambda card: _door(card) | _of_offer(card),
    Template.OFFER_GONE: lambda card: {"why": card.step.say(f"offer_gone.{card.facts['why']}")},
    Template.TICKET_ANSWERED: _answer,
    Template.HANDED_BACK: _called_back,
    Template.APPLICATION_REFUSED: _reason,
    Template.WORKING_CHANGED: lambda card: working_facts(card.step, card.facts),
    Template.VISIT_ASSIGNED: _door,
    Template.VISIT_TIGHT: lambda card: {"eta": card.facts["leg_minutes"]},
    Template.REMINDER_DAY: _where,
    Template.REMINDER_HOURS: _where,
    Template.JOIN_ASKED: lambda card: joining.asked_facts(card.step, card.facts),
    Template.JOINED: lambda card: {"channel": channel_name(card.step, card.facts["with_channel"])},
    Template.JOIN_FAILED: lambda card: joining.failed_facts(card.step, card.facts),
}


def _way(card: Card) -> str:
    """How far it is, as the quote and the calendar have it; of two who come together the reader's own way."""
    metres, reader = card.here.quote.leg_metres, technician_of(card.step) if card.here.crew > 1 else None
    for one in crew_of(card.step.tx, card.here.id) if reader is not None else ():
        if reader is not None and one.technician_id == reader.id:
            metres = one.leg_metres
    return formats.kilometres(metres, card.step.lang)


def _of_offer(card: Card) -> dict[str, Any]:
    """Where two come together: with whom, and until when the reader may think."""
    reader = technician_of(card.step) if card.here.crew > 1 else None
    if reader is None:
        return {"mate": ""}
    asked = [one for one in offers_of(card.step.tx, card.here.id) if one.technician_id == reader.id]
    until = {"until": card.step.clock(asked[-1].expires_at, card.here.zone)} if asked else {}
    return {"mate": mate_named(card.step, card.here, reader.id)} | until


def _pay(card: Card) -> tuple[Button, ...]:
    payment = live_payment(card.step.tx, card.here.id)
    if payment is None:
        return ()
    total = card.step.money(card.here.total_minor, card.here.currency)
    return (pay_button(card.step, total, payment.token),)


def _no_buttons(_card: Card) -> tuple[Button, ...]:
    return ()


def _offer(card: Card) -> tuple[Button, ...]:
    return (act(card.step, "accept", card.here.id), begin(card.step, "refuse", "refuse_offer", card.here.id))


def _nobody_left(card: Card) -> tuple[Button, ...]:
    order_id = card.here.id
    return (
        act(card.step, "wait", order_id),
        begin(card.step, "other_time", "retime", order_id),
        begin(card.step, "refund", "cancel_order", order_id),
    )


def _still_coming(card: Card) -> tuple[Button, ...]:
    """What a reminder asks: is it still all right; else another time, or not at all."""
    order_id = card.here.id
    yes = () if is_confirmed(card.step.tx, card.here) else (act(card.step, "coming", order_id),)
    change, cancel = ("other_time", "retime"), ("cancel", "cancel_order")
    return (*yes, *(begin(card.step, label, flow, order_id) for label, flow in (change, cancel)))


def _see_or_cancel(card: Card) -> tuple[Button, ...]:
    see = Button(card.step.say("card.see"), plain(Look("order", {"order": card.here.id})))
    return (see, begin(card.step, "cancel", "cancel_order", card.here.id))


def _finished(card: Card) -> tuple[Button, ...]:
    return (act(card.step, "confirm", card.here.id), act(card.step, "problem", card.here.id))


def _review(card: Card) -> tuple[Button, ...]:
    return (begin(card.step, "review", "review", card.here.id),)


def _next_of_visit(card: Card) -> tuple[Button, ...]:
    return visit_buttons(card.step, card.here)


def _back_to_the_bot(card: Card) -> tuple[Button, ...]:
    """The way back. A word, not a number: a number typed now is for the human."""
    return (Button(card.step.say("word.alone"), plain(Word("alone")), minor=True),)


def _resume(card: Card) -> tuple[Button, ...]:
    if _left_open(card) is None:
        return ()
    return tuple(Button(card.step.say(f"word.{word}"), plain(Word(word))) for word in ("resume", "drop"))


def _asked_of_change(card: Card) -> tuple[Button, ...]:
    return asked_buttons(card.step, card.here, card.facts)


def _after_change(card: Card) -> tuple[Button, ...]:
    return what_now(card.step, card.here)


def _apply_again(card: Card) -> tuple[Button, ...]:
    return (Button(card.step.say("card.apply_again"), plain(Begin("apply_technician"))),)


_BUTTONS: dict[Template, Callable[[Card], tuple[Button, ...]]] = {
    Template.PAY_NUDGE: _pay,
    Template.ORDER_EXPIRED: lambda card: (act(card.step, "revive", card.here.id),),
    Template.ACCEPTED: _see_or_cancel,
    Template.TECHNICIAN_CHANGED: _see_or_cancel,
    Template.NOBODY_LEFT: _nobody_left,
    Template.REMINDER_DAY: _still_coming,
    Template.REMINDER_HOURS: _still_coming,
    Template.START_CONFIRM: lambda card: (act(card.step, "started", card.here.id),),
    Template.FINISHED: _finished,
    Template.REVIEW_INVITE: _review,
    Template.OFFER: _offer,
    Template.VISIT_ASSIGNED: _next_of_visit,
    Template.CREW_COMPLETE: _next_of_visit,
    Template.VISIT_REMINDER: _next_of_visit,
    Template.START_ALLOWED: _next_of_visit,
    Template.APPLICATION_REFUSED: _apply_again,
    Template.CHANGE_ASKED: _asked_of_change,
    Template.CHANGE_NUDGE: _asked_of_change,
    Template.CHANGE_REFUSED: _after_change,
    Template.CHANGE_EXPIRED: _after_change,
    Template.HUMAN_HERE: _back_to_the_bot,
    Template.HANDED_BACK: _resume,
    Template.JOIN_ASKED: lambda card: joining.asked_buttons(card.step, card.facts),
}

_S = OrderState
STANDS: dict[Template, frozenset[OrderState]] = {
    Template.PAY_NUDGE: frozenset({_S.TO_PAY}),
    Template.ORDER_EXPIRED: frozenset({_S.EXPIRED}),
    Template.NOBODY_LEFT: frozenset({_S.UNDECIDED}),
    Template.REMINDER_DAY: frozenset({_S.ACCEPTED}),
    Template.REMINDER_HOURS: frozenset({_S.ACCEPTED}),
    Template.TECHNICIAN_CHANGED: frozenset({_S.ACCEPTED}),
    Template.VISIT_ASSIGNED: frozenset({_S.ACCEPTED}),
    Template.CREW_COMPLETE: frozenset({_S.ACCEPTED}),
    Template.VISIT_TIGHT: frozenset({_S.ACCEPTED}),
    Template.VISIT_REMINDER: frozenset({_S.ACCEPTED}),
    Template.OFFER: frozenset({_S.TO_ACCEPT}),
    Template.START_CONFIRM: frozenset({_S.ARRIVED}),
    Template.START_ALLOWED: frozenset({_S.IN_SERVICE}),
    Template.POSITION_SHARED: frozenset({_S.DEPARTED}),
    Template.POSITION_ON: frozenset({_S.DEPARTED}),
    Template.POSITION_OFF: frozenset({_S.DEPARTED}),
    Template.FINISHED: frozenset({_S.FINISHED}),
    Template.REVIEW_INVITE: frozenset({_S.CONFIRMED}),
    Template.CHANGE_ASKED: frozenset({_S.ACCEPTED}),
    Template.CHANGE_NUDGE: frozenset({_S.ACCEPTED}),
    Template.CHANGE_REFUSED: frozenset({_S.ACCEPTED}),
    Template.CHANGE_EXPIRED: frozenset({_S.ACCEPTED, _S.DEPARTED}),
}
"""States in which a message is still true when its time comes; a template not named here tells what has happened."""

STANDS_WHILE_WAITING: dict[Template, frozenset[OrderState]] = {
    Template.PAYMENT_RECEIVED: frozenset({_S.TO_ACCEPT}),
    Template.ASKING_NEXT: frozenset({_S.TO_ACCEPT}),
    Template.DEPARTED: frozenset({_S.DEPARTED}),
    Template.RUNNING_LATE: frozenset({_S.ACCEPTED, _S.DEPARTED}),
    Template.ARRIVED: frozenset({_S.ARRIVED}),
}
"""States in which a message held until the person's next act is still worth saying; told in time it always was."""


def templates_with_buttons() -> frozenset[Template]:
    """Return the templates that carry buttons; the core keeps exactly these as cards, or a press would not count."""
    return frozenset(_BUTTONS) | {Template.NEWS}
