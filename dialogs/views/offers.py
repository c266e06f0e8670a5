"""Offers that wait for a technician's answer, each as its card says it, with yes and no."""

import re
from typing import Any

from core.messages import Template
from core.orders.moves import Order
from dialogs.cards.buttons import act, begin
from dialogs.cards.card import Card
from dialogs.cards.words import words_of
from dialogs.engine.actions import Act, Begin, Look, plain
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.flows.refuse_offer import offered_orders
from dialogs.outgoing import Button
from dialogs.roles import technician_of
from nlu import Understanding

_ASKED = re.compile(
    r"(?:(?:please |can i )?(?:show|see|check)(?: me)? )?(?:the |my |any |open |new |job )*offers(?: please)?[\s.!?]*"
)
"""A technician's offers are visits, however short they say it."""
_MOST = 4
"""Each has two buttons."""


def _show(step: Step, _understood: Understanding | None, _about: dict[str, Any]) -> Shown:
    found = offered_orders(step)
    if not found:
        return _none(step)
    cards = [words_of(Template.OFFER, Card(step, order, {})).text for order in found[:_MOST]]
    if len(found) > _MOST:
        cards.append(step.say("offers.further", count=len(found) - _MOST))
    buttons = _of_one(step, found[0]) if len(found) == 1 else _of_several(step, found[:_MOST])
    return Shown("\n\n".join(cards), buttons, columns=2)


def _none(step: Step) -> Shown:
    technician = technician_of(step)
    assert technician is not None
    my_day = Button(step.say("menu.my_day"), plain(Look("my_day")))
    if technician.on_duty_at is not None:
        return Shown(step.say("offers.none"), (my_day,))
    on_duty = Button(step.say("menu.go_on_duty"), plain(Begin("go_on_duty")))
    return Shown(f"{step.say('offers.none')}\n{step.say('offers.off_duty')}", (on_duty, my_day), columns=2)


def _of_one(step: Step, order: Order) -> tuple[Button, ...]:
    return (act(step, "accept", order.id), begin(step, "refuse", "refuse_offer", order.id))


def _of_several(step: Step, orders: tuple[Order, ...]) -> tuple[Button, ...]:
    """Name the order on each button: a bare yes would not say to what."""
    pairs = (
        (
            Button(step.say("offers.accept", code=order.code), plain(Act("accept", order.id))),
            Button(step.say("offers.refuse", code=order.code), plain(Begin("refuse_offer", {"order": order.id}))),
        )
        for order in orders
    )
    return tuple(button for pair in pairs for button in pair)


def _claims(_step: Step, understood: Understanding) -> bool:
    return _ASKED.fullmatch(understood.normal.strip()) is not None


OFFERS = View("offers", "technician", ("offers",), _show, claims=_claims, outspoken=True)
