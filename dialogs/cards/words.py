"""Each template's words and buttons, written for its recipient at the moment it is sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core import support
from core.calendar import crew_of
from core.catalog import text_in
from core.dispatch import is_near, offers_of
from core.messages import Template
from core.money.payments import live_payment
from core.money.shares import share_of
from core.orders.moves import Order
from core.orders.states import OrderState
from core.orders.views import Viewer, details
from core.settings import rules
from core.technicians import refusal_of
from dialogs.cards.buttons import act, begin, visit_buttons
from dialogs.engine.actions import Begin, Look, plain
from dialogs.engine.step import Step
from dialogs.fields.plan import all_named, mate_named, option_words
from dialogs.lexicon import catalogue_of
from dialogs.outgoing import Body, Button
from dialogs.roles import technician_of
from dialogs.texts import formats


@dataclass(frozen=True, slots=True)
class Card:
    """What a template is written from: the order as it stands now (None where it is not about one) and its facts."""

    step: Step
    order: Order | None
    facts: Mapping[str, Any]

    @property
    def here(self) -> Order:
        """The order of a template that is about one."""
        if self.order is None:
            raise LookupError("a message about an order lost its order")
        return self.order


def words_of(template: Template, card: Card) -> Body:
    """Return the message's words and buttons in its recipient's language."""
    facts = {**_order_facts(card), **_money_facts(card), **_own_facts(template, card)}
    text = _words(template, card, facts)
    buttons = _BUTTONS.get(template, _no_buttons)(card)
    return Body(text=text, rows=tuple((button,) for button in buttons))


def _words(template: Template, card: Card, facts: Mapping[str, Any]) -> str:
    """Choose the words by what is true of this order: who is asked, whether there is money to send back."""
    if template is Template.PAYMENT_RECEIVED and card.here.anyone_at is not None:
        # Who is asked first need not be the last: no promise that they answer by a certain minute.
        return card.step.say("message.payment_received_anyone", **facts)
    two = _of_two(template, card)
    if two is not None:
        return card.step.say(two, **facts)
    if template is Template.OFFER and _urgent(card):
        return card.step.say("message.offer_urgent", **facts)
    if template is Template.VISIT_TIGHT and card.facts["from_home"]:
        return card.step.say("message.visit_tight_home", **facts)
    if template is Template.CANCELLED and card.facts["refund_minor"]:
        return card.step.say("message.cancelled_refund", **facts)
    return card.step.say(f"message.{template}", **facts)


_OF_TWO: Mapping[Template, str] = {
    Template.ACCEPTED: "message.accepted_two",
    Template.ASKING_NEXT: "message.asking_next_two",
    Template.REMINDER_DAY: "message.reminder_day_two",
    Template.REMINDER_HOURS: "message.reminder_hours_two",
    Template.DEPARTED: "message.departed_two",
    Template.ARRIVED: "message.arrived_two",
    Template.FINISHED: "message.finished_two",
    Template.REVIEW_INVITE: "message.review_invite_two",
}
"""What is said where two technicians come together and the words for one would not fit."""


def _of_two(template: Template, card: Card) -> str | None:
    if card.order is None or card.order.crew == 1:
        return None
    if template is Template.OFFER:
        reader = technician_of(card.step)
        leads = reader is not None and reader.id == card.order.technician_id
        return "message.offer_lead" if leads else "message.offer_companion"
    return _OF_TWO.get(template)


def _urgent(card: Card) -> bool:
    """Whether the technician asked has only the minutes of an urgent offer; the order moved when they were asked."""
    order = card.here
    return order.anyone_at is not None and is_near(rules(card.step.tx), order.starts_at, order.updated_at)


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
    return {"answer": support.ticket(card.step.tx, int(card.facts["ticket_id"])).answer or ""}


def _reason(card: Card) -> dict[str, Any]:
    return {"reason": refusal_of(card.step.tx, int(card.facts["technician_id"])) or ""}


_FACTS: dict[Template, Callable[[Card], dict[str, Any]]] = {
    Template.DEPARTED: lambda card: {"eta": card.facts["eta_minutes"]},
    Template.ARRIVED: lambda card: {"start_code": card.here.start_code},
    Template.REVIEWED: lambda card: {"stars": card.facts["stars"]},
    Template.OFFER: lambda card: {"way": _way(card)} | _of_offer(card),
    Template.CREW_COMPLETE: lambda card: _door(card) | _of_offer(card),
    Template.OFFER_GONE: lambda card: {"why": card.step.say(f"offer_gone.{card.facts['why']}")},
    Template.TICKET_ANSWERED: _answer,
    Template.APPLICATION_REFUSED: _reason,
    Template.VISIT_ASSIGNED: _door,
    Template.VISIT_TIGHT: lambda card: {"eta": card.facts["leg_minutes"]},
    Template.REMINDER_DAY: _where,
    Template.REMINDER_HOURS: _where,
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
    return (Button(card.step.say("book.pay", total=total), url=card.step.house.link(f"/pay/{payment.token}")),)


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


def _see_or_cancel(card: Card) -> tuple[Button, ...]:
    see = Button(card.step.say("card.see"), plain(Look("order", {"order": card.here.id})))
    return (see, begin(card.step, "cancel", "cancel_order", card.here.id))


def _finished(card: Card) -> tuple[Button, ...]:
    return (act(card.step, "confirm", card.here.id), act(card.step, "problem", card.here.id))


def _review(card: Card) -> tuple[Button, ...]:
    return (begin(card.step, "review", "review", card.here.id),)


def _next_of_visit(card: Card) -> tuple[Button, ...]:
    return visit_buttons(card.step, card.here)


def _apply_again(card: Card) -> tuple[Button, ...]:
    return (Button(card.step.say("card.apply_again"), plain(Begin("apply_technician"))),)


_BUTTONS: dict[Template, Callable[[Card], tuple[Button, ...]]] = {
    Template.PAY_NUDGE: _pay,
    Template.ORDER_EXPIRED: lambda card: (act(card.step, "revive", card.here.id),),
    Template.ACCEPTED: _see_or_cancel,
    Template.TECHNICIAN_CHANGED: _see_or_cancel,
    Template.NOBODY_LEFT: _nobody_left,
    Template.REMINDER_DAY: _see_or_cancel,
    Template.REMINDER_HOURS: _see_or_cancel,
    Template.START_CONFIRM: lambda card: (act(card.step, "started", card.here.id),),
    Template.FINISHED: _finished,
    Template.REVIEW_INVITE: _review,
    Template.OFFER: _offer,
    Template.VISIT_ASSIGNED: _next_of_visit,
    Template.CREW_COMPLETE: _next_of_visit,
    Template.VISIT_REMINDER: _next_of_visit,
    Template.START_ALLOWED: _next_of_visit,
    Template.APPLICATION_REFUSED: _apply_again,
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
    Template.FINISHED: frozenset({_S.FINISHED}),
    Template.REVIEW_INVITE: frozenset({_S.CONFIRMED}),
}
"""States in which a message is still true when its time comes; a template not named here tells what has happened."""


def templates_with_buttons() -> frozenset[Template]:
    """Return the templates that carry buttons; the core keeps exactly these as cards, or a press would not count."""
    return frozenset(_BUTTONS)
