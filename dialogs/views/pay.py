"""Paying: the link and the deadline of what waits for its payment."""

import re
from dataclasses import replace
from typing import Any

from core.money.payments import live_payment
from core.orders.moves import Order
from core.orders.states import OrderState
from core.orders.views import order_of, orders_of
from dialogs.engine.actions import Act, Begin, Look, plain
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.flows.which_order import MOST, order_line
from dialogs.outgoing import Button
from dialogs.pricing import pay_button
from nlu import Understanding

_NAME = "pay"


def _show(step: Step, understood: Understanding | None, about: dict[str, Any]) -> Shown:
    code = None if understood is None else understood.first("order_code")
    if "order" in about:
        return _one(step, order_of(step.tx, step.person_id, int(about["order"])))
    if code is not None:
        return _one(step, order_of(step.tx, step.person_id, str(code.value)))
    orders = orders_of(step.tx, step.person_id, most=MOST)
    unpaid = [order for order in orders if order.state is OrderState.TO_PAY]
    if len(unpaid) == 1:
        return _said_first(step, understood, _one(step, unpaid[0]))
    if unpaid:
        buttons = tuple(Button(order_line(step, one), plain(Look(_NAME, {"order": one.id}))) for one in unpaid)
        return Shown(step.say("pay.which"), buttons)
    return _nothing_due(step, orders)


_LATER = re.compile(
    r"(?:晚点|晚些|等会儿?|一会儿?|待会儿?|稍后|回头|明天)再?付"
    r"|\bpay (?:it )?(?:later|tomorrow|in a (?:bit|minute))\b"
)
_BROKEN = re.compile(
    r"付不了|付不上|支付失败|付款失败|(?:链接|连接|网页|页面).{0,4}(?:打不开|失效|没反应|坏)"
    r"|\b(?:link|page|payment) (?:doesn't|does not|isn't|is not|won't|didn't) (?:work|open|load|go through)\w*\b"
    r"|\bcan't pay\b"
)
_PAID = re.compile(r"我?(?:已经|已|刚|刚刚)?付(?:了|过|好|完)(?!吗|没)|\b(?:i've|i have|already|just) paid\b")
_HOW = re.compile(
    r"^(?:我|请问|那)*(?:怎么|如何|(?:在|去)?(?:哪里?|哪儿))(?:付款?|支付|付钱|买单)[呢啊呀的哦]*[?!。\s]*$"
    r"|(?:账单|帐单|付款链接)(?:呢|在哪|(?:还|怎么)*没)"
    r"|\b(?:where|how) (?:do|can|should|shall) i pay[?!.\s]*$|\bwhere(?:'s| is) (?:the|my) (?:bill|payment link)\b"
)


def _claims(step: Step, understood: Understanding) -> bool:
    """Whoever has an order to pay speaks of its payment: later, not possible, done, and how."""
    words = understood.normal
    if not any(cue.search(words) for cue in (_LATER, _BROKEN, _PAID, _HOW)):
        return False
    return any(one.state is OrderState.TO_PAY for one in orders_of(step.tx, step.person_id, most=MOST))


def _said_first(step: Step, understood: Understanding | None, shown: Shown) -> Shown:
    """Answer what was said of the payment before showing how it stands."""
    words = "" if understood is None else understood.normal
    for key, cue in (("pay.later", _LATER), ("pay.broken", _BROKEN), ("pay.not_in_yet", _PAID)):
        if cue.search(words):
            return replace(shown, text=f"{step.say(key)}\n{shown.text}")
    return shown


def _one(step: Step, order: Order) -> Shown:
    """Show the link of an order; one that is not to be paid says how it stands."""
    payment = live_payment(step.tx, order.id) if order.state is OrderState.TO_PAY else None
    if payment is None:
        return _not_due(step, order)
    total = step.money(order.total_minor, order.currency)
    text = step.say("pay.due", order=order_line(step, order), total=total, until=step.clock(payment.expires_at))
    link = pay_button(step, total, payment.token)
    return Shown(text, (link, _see(step, order)))


def _not_due(step: Step, order: Order) -> Shown:
    state = step.say(f"state.{order.state}")
    text = step.say("pay.not_due", code=order.code, state=state)
    again = (_revive(step, order),) if order.state is OrderState.EXPIRED and order.starts_at > step.now else ()
    return Shown(text, (*again, _see(step, order)))


def _nothing_due(step: Step, orders: tuple[Order, ...]) -> Shown:
    """Say that nothing waits for its payment, and how the newest order stands."""
    if not orders:
        return Shown(step.say("pay.none"), (Button(step.say("menu.book"), plain(Begin("book"))),))
    return _not_due(step, orders[0])


def _revive(step: Step, order: Order) -> Button:
    return Button(step.say("card.revive"), plain(Act("revive", order.id)))


def _see(step: Step, order: Order) -> Button:
    return Button(step.say("card.see"), plain(Look("order", {"order": order.id})))


PAY = View(_NAME, "customer", ("pay",), _show, claims=_claims, outspoken=True)
