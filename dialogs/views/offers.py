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
_ITS_TIME = re.compile(
    r"(?:那|请问|[\s,])*(?:这|那)?(?:一?单|个单子?|单子|个|活儿?)?(?:是|在|要|约的|约在)*(?:几点|什么时候|啥时候|哪一?天|几号|几时|什么时间)"
    r"(?:的|开始|去|到|做|上门)*(?:单|单子|活)?[呀啊呢吗嘛哦,.!?~\s]*"
    r"|(?:and |so )?(?:(?:at |for )?what time(?: is (?:it|that|this|the (?:job|visit|offer)))?"
    r"|when(?:'s| is) (?:it|that|this|the (?:job|visit|offer))|on what day|which day)"
    r"(?: for| at| on)?[\s,.!?]*"
)
"""Asked of an offer that stands, and of nothing else: its card tells."""
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


def _claims(step: Step, understood: Understanding) -> bool:
    words = understood.normal.strip()
    if _ASKED.fullmatch(words) is not None:
        return True
    if step.frame.flow or _ITS_TIME.fullmatch(words) is None or technician_of(step) is None:
        return False
    return bool(offered_orders(step))


OFFERS = View("offers", "technician", ("offers",), _show, claims=_claims, outspoken=True)
