"""Not sure: named choices instead of a guess (conversation behaviour 18)."""

import re

from core.heard import How
from core.orders.states import CANCELLABLE, OrderState
from core.orders.views import orders_of
from dialogs.engine import asking
from dialogs.engine.actions import Action, Begin, Look, Word, plain
from dialogs.engine.confidence import GUESS
from dialogs.engine.flow import Ask, Flow, Shown, View
from dialogs.engine.state import Frame
from dialogs.engine.talk import Talk
from dialogs.outgoing import Body, Button
from dialogs.roles import may_use
from nlu import Understanding

_MOST_CHOICES = 3
_MOST_ORDERS = 5
_AN_ORDER = re.compile(r"订单|预约|[那这]一?单|\b(?:booking|appointment|order|reservation)\b")


def which(talk: Talk, understood: Understanding, *, running: Flow | None = None) -> Body | None:
    """Ask which of the likely things is meant; None when the words suggest nothing."""
    meant = likely(talk, understood, running)
    if not meant:
        return None
    talk.heard = How.UNCLEAR
    buttons = tuple(Button(_name(talk, one), plain(_action(one))) for one in meant)
    asked = "engine.which_meant" if len(meant) > 1 else "engine.this_meant"
    return _ask(talk, talk.say(asked, name=_name(talk, meant[0])), (*buttons, talk.word("none_of_these")))


def likely(talk: Talk, understood: Understanding, running: Flow | None) -> list[Flow | View]:
    """Return what the words may mean besides what runs, the likeliest first."""
    step, found = talk.step(), list[Flow | View]()
    for intent in understood.intents:
        for one in talk.house.meant_by.get(intent.name, ()):
            if intent.confidence >= GUESS and may_use(step, one.role):
                if one is not running and one not in found:
                    found.append(one)
                break
    return found[:_MOST_CHOICES]


def _name(talk: Talk, one: Flow | View) -> str:
    return talk.say(f"{'flow' if isinstance(one, Flow) else 'view'}.{one.name}")


def _action(one: Flow | View) -> Action:
    return Begin(one.name) if isinstance(one, Flow) else Look(one.name)


def what_to_cancel(talk: Talk, flow: Flow, frame: Frame, understood: Understanding) -> Body | None:
    """Ask whether "cancel my order" means the draft or an order that stands; None when only the draft can be meant."""
    cancelling = talk.house.flows["cancel_order"]
    if flow is cancelling or "order" in frame.values or not _AN_ORDER.search(understood.normal):
        return None
    orders = orders_of(talk.tx, talk.loaded.person_id, most=_MOST_ORDERS)
    if not any(order.state in CANCELLABLE for order in orders):
        return None
    code = understood.first("order_code")
    named = None if code is None else next((one for one in orders if one.code == code.value), None)
    if named is not None:
        return asking.begin(talk, cancelling.name, {"order": named.id})
    drop = talk.say("engine.drop_draft", flow=talk.say(f"flow.{flow.name}"))
    buttons = (
        Button(talk.say("engine.cancel_an_order"), plain(Begin(cancelling.name))),
        Button(drop, plain(Word("cancel"))),
        talk.word("resume"),
    )
    return _ask(talk, talk.say("engine.which_cancelled"), buttons)


def has_to_pay(talk: Talk) -> bool:
    """Tell whether "好的" out of nothing can mean: yes, I will pay."""
    orders = orders_of(talk.tx, talk.loaded.person_id, most=_MOST_ORDERS)
    return any(order.state is OrderState.TO_PAY for order in orders)


def _ask(talk: Talk, text: str, buttons: tuple[Button, ...]) -> Body:
    if talk.state.top is None:
        return talk.body_of_shown(Shown(text, buttons))
    return talk.body_of_ask(Ask(text, extra=buttons))
