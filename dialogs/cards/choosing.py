"""Which of several wordings a template has, by what is true of its order: who is asked, what is sent back."""

from collections.abc import Callable, Mapping

from core import support
from core.dispatch import is_near
from core.messages import Template
from core.orders.moves import ActorKind
from core.settings import rules
from core.technicians import WorkingChange
from dialogs.cards.card import Card
from dialogs.cards.changing import OF_CHANGES, change_words
from dialogs.outgoing import SHARES_POSITIONS
from dialogs.roles import technician_of


def words_key(template: Template, card: Card) -> str:
    """Choose the words by what is true of this order: who is asked, whether there is money to send back."""
    if template in OF_CHANGES:
        return change_words(card.step, template, card.here, card.facts)
    choice = _CHOICES.get(template)
    chosen = None if choice is None else choice(card)
    return chosen or _of_two(template, card) or f"message.{template}"


def _asking_anyone(card: Card) -> str | None:
    """Who is asked first need not be the last: no promise that they answer by a certain minute."""
    return "message.payment_received_anyone" if card.here.anyone_at is not None else None


_NOBODY_REFUSED: Mapping[str, str] = {"silent": "message.asking_next_silent", "house": "message.asking_next_house"}


def _asking_next(card: Card) -> str | None:
    """Nobody is said to have refused who did not."""
    return _NOBODY_REFUSED.get(card.facts.get("why", "")) if card.here.crew == 1 else None


def _cancelled(card: Card) -> str | None:
    """Who cancelled, and whether the technician keeps something for the way."""
    kept = bool(card.facts.get("kept_minor"))
    if card.facts.get("by") == ActorKind.OPERATOR:
        return "message.visit_cancelled_operator_kept" if kept else "message.visit_cancelled_operator"
    return "message.visit_cancelled_kept" if kept else None


def _working(card: Card) -> str | None:
    what = card.facts.get("what", WorkingChange.ROTA)
    return None if what == WorkingChange.ROTA else f"working.{what}"


def _position_shared(card: Card) -> str | None:
    return None if card.step.channel in SHARES_POSITIONS else "message.position_in_words"


def _handed_back(card: Card) -> str | None:
    return "message.handed_back_nobody" if card.facts["why"] == support.TicketEvent.NOBODY_CAME else None


_CHOICES: Mapping[Template, Callable[[Card], str | None]] = {
    Template.PAYMENT_RECEIVED: _asking_anyone,
    Template.ASKING_NEXT: _asking_next,
    Template.VISIT_CANCELLED: _cancelled,
    Template.OFFER: lambda card: "message.offer_urgent" if card.here.crew == 1 and _urgent(card) else None,
    Template.VISIT_TIGHT: lambda card: "message.visit_tight_home" if card.facts["from_home"] else None,
    Template.HANDED_BACK: _handed_back,
    Template.WORKING_CHANGED: _working,
    Template.CANCELLED: lambda card: "message.cancelled_refund" if card.facts["refund_minor"] else None,
    Template.POSITION_SHARED: _position_shared,
}
"""Templates with more than one wording; None: the plain one."""
ASKING = frozenset({Template.REMINDER_DAY, Template.REMINDER_HOURS})
"""Reminders that ask whether the visit stands, until the customer has said so."""

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
