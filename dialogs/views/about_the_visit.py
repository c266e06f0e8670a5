"""What the technician should know of a visit that stands (door code, allergy, address): a person sees to it."""

import re
from typing import Any

from core.orders.moves import Order
from core.orders.states import OrderState
from core.orders.views import orders_of
from dialogs.engine.actions import Word, plain
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.flows.which_order import MOST
from dialogs.outgoing import Button
from nlu import Understanding

_STANDS = frozenset({OrderState.TO_ACCEPT, OrderState.ACCEPTED, OrderState.DEPARTED})
_TO_TELL = re.compile(
    r"门禁|门锁?密码|过敏|备注|(?:改|换)一?下?(?:服务|上门)?地址|地址(?:要|想)?(?:改|换)|(?:告诉|转告|提醒|跟)(?:一下)?(?:师傅|技师|她|他)"
    r"|\b(?:door|gate|entry) code\b|\ballerg\w+|\b(?:change|update) (?:the|my) address\b"
    r"|\b(?:tell|let) (?:him|her|them|the technician|the therapist)\b"
)  # fmt: skip


def _order(step: Step) -> Order | None:
    return next((one for one in orders_of(step.tx, step.person_id, most=MOST) if one.state in _STANDS), None)


def _claims(step: Step, understood: Understanding) -> bool:
    """With a visit that stands and nothing running, words that its technician should hear."""
    return not step.frame.flow and _TO_TELL.search(understood.normal) is not None and _order(step) is not None


def _show(step: Step, _understood: Understanding | None, _about: dict[str, Any]) -> Shown:
    order = _order(step)
    if order is None:
        return Shown(step.say("my_orders.none"))
    human = Button(step.say("word.human"), plain(Word("human")))
    return Shown(step.say("about_the_visit.text", code=order.code), (human,))


ABOUT_THE_VISIT = View("about_the_visit", "customer", (), _show, claims=_claims)
