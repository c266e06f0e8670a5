# ruff: noqa: E501 - word tables read best by row
"""What keeps a technician from a visit or from going on with it, and what can be done about that now."""

import re
from collections.abc import Mapping
from typing import Any

from core.orders.moves import Order
from core.orders.states import OrderState
from core.orders.views import Viewer, details
from dialogs.cards.buttons import visit_buttons
from dialogs.engine.actions import Word, plain
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.flows.set_out import as_it_is, visit_meant
from dialogs.outgoing import Button
from dialogs.texts import formats
from nlu import Understanding

_OF_A_CUSTOMER = r"(?:顾客|客人|客户|阿姨|大姐|女士|先生|\b(?:customer|client|she|he)\b)"
_SAID: Mapping[str, tuple[frozenset[OrderState], re.Pattern[str]]] = {
    "blocked": (
        frozenset({OrderState.DEPARTED, OrderState.ARRIVED}),
        re.compile(
            r"保安|门卫|不让(?:我)?进|进不(?:去|来)|找不到(?:地方|门|路|楼|地址|单元|入口|在哪)|迷路|地址(?:不对|错)"
            r"|\b(?:can't|cannot) (?:find (?:it|him|her|the (?:place|building|block|flat|door|house|entrance|gate|address|way))|get in)\b|\b(?:guard|won't let me in|wrong address)\b|\bi'?m lost\b"
        ),
    ),
    "stranded": (
        frozenset({OrderState.DEPARTED}),
        re.compile(
            r"爆胎|车(?:坏|抛锚|没电)|(?:来|去|到|过)不了|没法(?:来|去|到|过)"
            r"|\b(?:flat tyre|flat tire|broken? down|broke down|can't (?:come|make it|get there))\b"
        ),
    ),
    "unwell": (
        frozenset({OrderState.IN_SERVICE}),
        re.compile(
            rf"{_OF_A_CUSTOMER}.{{0,8}}(?:不舒服|晕|想吐|(?:feels?|feeling|is|looks) (?:ill|sick|unwell|faint|dizzy)|fainted|passed out)"
        ),
    ),
    "longer": (
        frozenset({OrderState.ARRIVED, OrderState.IN_SERVICE}),
        re.compile(
            r"加(?:个|一个)?(?:钟|时)|加(?:半|一|两|\d+)(?:个)?(?:小时|钟头|分钟)|延长|\b(?:longer|extend|extra (?:time|hour))\b"
        ),
    ),
}
"""What is said, by the text that answers it, and in which states of the visit."""


def _found(step: Step, understood: Understanding) -> tuple[str, Order] | None:
    said = [name for name, (_, words) in _SAID.items() if words.search(understood.normal) is not None]
    order = visit_meant(step) if said else None
    return next(((name, order) for name in said if order is not None and order.state in _SAID[name][0]), None)


def _claims(step: Step, understood: Understanding) -> bool:
    return _found(step, understood) is not None


def _show(step: Step, understood: Understanding | None, _about: dict[str, Any]) -> Shown:
    found = None if understood is None else _found(step, understood)
    if found is None:
        done = as_it_is(step)
        return Shown(done.text, done.buttons)
    what, order = found
    view = details(step.tx, order.id, viewer=Viewer.TECHNICIAN)
    human = Button(step.say("word.human"), plain(Word("human")))
    text = step.say(f"in_the_way.{what}", phone=formats.phone(view.phone or ""), human=human.label)
    return Shown(text, () if step.frame.flow else (human, *visit_buttons(step, order)), columns=2)


IN_THE_WAY = View("in_the_way", "technician", (), _show, claims=_claims, outspoken=True)
