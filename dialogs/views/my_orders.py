"""My orders, and one order in full."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from core.catalog import text_in
from core.changes import MOVABLE
from core.money.payments import live_payment
from core.orders.moves import Order
from core.orders.states import CANCELLABLE, SERVED, OrderState
from core.orders.views import Viewer, details, order_of, orders_of
from core.people import masked_phone
from dialogs.cards.buttons import act
from dialogs.cards.changing import open_of, pending_buttons, pending_line
from dialogs.cards.on_the_way import late_buttons, way_question, way_words
from dialogs.engine.actions import Begin, Look, plain
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.engine.talk import MOST_LISTED
from dialogs.fields.plan import all_named, option_words
from dialogs.flows.which_order import order_line
from dialogs.lexicon import catalogue_of
from dialogs.outgoing import Button
from dialogs.placed_elsewhere import how_to_see, none_here, placed_elsewhere, tells_of_elsewhere
from dialogs.pricing import pay_button, price_line
from dialogs.texts import formats
from dialogs.views.paging import page_of
from nlu import Understanding

_OPEN_END = frozenset({OrderState.CANCELLED, OrderState.EXPIRED, OrderState.LAPSED})
_CANCEL_OFFERED = CANCELLABLE - {OrderState.ARRIVED, OrderState.IN_SERVICE}
"""With somebody at the door a cancel is talked about, not offered."""
_UNDER_WAY = frozenset(
    {OrderState.TO_ACCEPT, OrderState.ACCEPTED, OrderState.DEPARTED, OrderState.ARRIVED, OrderState.IN_SERVICE}
)
_NOBODY_COMES = frozenset({OrderState.TO_PAY, OrderState.UNDECIDED})
"""Nobody is on the way, nor asked: the answer says so, and what can be done."""
_WHERE = "where_is_technician"
_STEPS_SAID = ("depart", "arrive", "begin_work", "finish_work")
"""What a customer says of the visit: how it stands, with what they can do about it, is the answer."""
_ABOUT: Mapping[str, frozenset[OrderState]] = {
    _WHERE: _UNDER_WAY | _NOBODY_COMES,
    **dict.fromkeys(_STEPS_SAID, _UNDER_WAY | {OrderState.FINISHED}),
}
_LATE = re.compile(
    r"(?:还|仲|都)(?:没|未|不)(?:有)?(?:来|到|见)|迟到了|等了.{1,8}(?:分钟|小时|半天|很久)|人影|催(?:一?下|催)|(?:快(?:点|一点|些)|抓紧)(?:来|到)?[吗呀啊吧,.?!~\s]*$|还要等|怎么还没"
    r"|\b(?:he|she|they|it|nobody|guy|woman|therapist|technician)(?:'s|'re| is| are)?(?: \S+){0,3} late\b"
    r"|\bhurry\b|\bhow (?:long|much longer) (?:do|must|should|will) (?:i|we) (?:have to )?wait\b"
    r"|\bno (?:sign|show)\b|\bhasn't (?:come|turned up|shown)"
)


def _list(step: Step, understood: Understanding | None, about: dict[str, Any]) -> Shown:
    code = None if understood is None else understood.first("order_code")
    if code is not None:
        return _one(step, order_of(step.tx, step.person_id, str(code.value)))
    found = orders_of(step.tx, step.person_id, most=MOST_LISTED)
    meant = _meant(found, understood)
    if meant is not None:
        return _on_the_way(step, meant) if _asks_where(understood) else _one(step, meant)
    if not found:
        return none_here(step)
    page = page_of(step, "my_orders", about, [order.id for order in found])
    shown = [order for order in found if order.id in page.ids]
    lines = [f"{order_line(step, order)} · {state_words(step, order)}" for order in shown]
    buttons = tuple(Button(order.code, plain(Look("order", {"order": order.id}))) for order in shown)
    beside = how_to_see(step) if placed_elsewhere(step, understood) else None
    text = "\n".join([step.say("my_orders.head"), *lines, *(() if beside is None else (beside.text,))])
    return Shown(text, (*buttons, *page.more, *(() if beside is None else beside.buttons)), columns=3)


def _on_the_way(step: Step, order: Order) -> Shown:
    """Answer "where are they?" in the first line; the order follows, and what is asked stands above the choices."""
    shown, words = _one(step, order), way_words(step, order)
    if not words:
        return shown
    parts = (words, shown.text, way_question(step, order))
    text = "\n\n".join(part for part in parts if part)
    return replace(shown, text=text, buttons=(*shown.buttons, *late_buttons(step, order)))


def _asks_where(understood: Understanding | None) -> bool:
    return understood is not None and (understood.intent == _WHERE or _LATE.search(understood.normal) is not None)


def _claims(step: Step, understood: Understanding) -> bool:
    """An order placed elsewhere is missed; or a visit under way is late: how it stands comes before any rule."""
    if tells_of_elsewhere(understood):
        return True
    found = orders_of(step.tx, step.person_id, most=MOST_LISTED) if _LATE.search(understood.normal) else ()
    return any(order.state in _ABOUT[_WHERE] for order in found)


def _meant(found: Iterable[Order], understood: Understanding | None) -> Order | None:
    """Return the one order that "where is she?" can be about: what is not paid for only where nothing else is."""
    if understood is None:
        return None
    states = _ABOUT[_WHERE] if _asks_where(understood) else _ABOUT.get(understood.intent, frozenset())
    fitting = [order for order in found if order.state in states]
    fitting = [order for order in fitting if order.state is not OrderState.TO_PAY] or fitting
    return fitting[0] if len(fitting) == 1 else None


def state_words(step: Step, order: Order) -> str:
    """Write where an order stands, and a change of it that still waits for a yes."""
    words, change = step.say(f"state.{order.state}"), open_of(step, order)
    return words if change is None else f"{words} · {pending_line(step, order, change)}"


def _show_one(step: Step, _understood: Understanding | None, about: dict[str, Any]) -> Shown:
    return _one(step, order_of(step.tx, step.person_id, int(about["order"])))


def _one(step: Step, order: Order) -> Shown:
    service, option = catalogue_of(step).option(order.option_id)
    view = details(step.tx, order.id, viewer=Viewer.CUSTOMER)
    who = all_named(step, order.crew_ids) or step.say("order.nobody_yet")
    text = step.say(
        "order.detail",
        code=order.code,
        state=state_words(step, order),
        service=text_in(service.names, step.lang),
        option=option_words(step, option, order.quantity),
        who=who,
        day=step.day(order.starts_at, order.zone),
        span=formats.span(order.starts_at, order.ends_at, order.zone),
        address=view.address_text or "",
        phone=masked_phone(view.phone) if view.phone else "",
        price=price_line(step, order.quote),
    )
    if order.state is OrderState.ARRIVED:
        text = f"{text}\n{step.say('order.start_code', start_code=order.start_code)}"
    return Shown(text, _buttons(step, order), columns=2)


def _buttons(step: Step, order: Order) -> tuple[Button, ...]:
    buttons = []
    if order.state is OrderState.TO_PAY:
        payment = live_payment(step.tx, order.id)
        if payment is not None:
            total = step.money(order.total_minor, order.currency)
            buttons.append(pay_button(step, total, payment.token))
    if order.state is OrderState.UNDECIDED:
        buttons.append(act(step, "wait", order.id))
    buttons += _changing(step, order)
    if order.state in _CANCEL_OFFERED:
        label = "card.refund" if order.state is OrderState.UNDECIDED else "order.cancel"  # as on the card that asked
        buttons.append(Button(step.say(label), plain(Begin("cancel_order", {"order": order.id}))))
    if order.state is OrderState.CONFIRMED:
        buttons.append(Button(step.say("card.review"), plain(Begin("review", {"order": order.id}))))
    if order.state in SERVED:
        buttons.append(Button(step.say("order.rebook"), plain(Begin("rebook", {"order": order.id}))))
    if order.state in _OPEN_END:
        buttons.append(Button(step.say("menu.book"), plain(Begin("book", {"service": order.service_id}))))
    return tuple(buttons)


def _changing(step: Step, order: Order) -> tuple[Button, ...]:
    """Another time or technician, or what can be done about the change that waits."""
    change = open_of(step, order)
    if change is not None:
        return pending_buttons(step, order, change)
    if order.state not in MOVABLE or order.starts_at <= step.now:
        return ()
    about = {"order": order.id}
    time = Button(step.say("card.other_time"), plain(Begin("retime", about)))
    if order.state is OrderState.UNDECIDED:
        return (time,)
    return (time, Button(step.say("card.other_technician"), plain(Begin("retime", about | {"swap": True}))))


MY_ORDERS = View("my_orders", "customer", ("order_status", _WHERE, *_STEPS_SAID), _list, claims=_claims)
ORDER = View("order", "customer", (), _show_one)
