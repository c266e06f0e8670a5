"""The same as last time: what the last visit says already, checked against today, so that only the time is asked."""

import re
from dataclasses import replace
from typing import Any

from core.catalog import Option, Service, text_in
from core.errors import NotFound
from core.orders.moves import Order
from core.orders.states import SERVED
from core.orders.views import Viewer, details, order_of, orders_of
from core.technicians import Technician
from dialogs.engine.actions import Begin, plain
from dialogs.engine.flow import Answer, Ask, Choice, Done, Field, Flow, Missed, Redo, Took
from dialogs.engine.step import Step
from dialogs.fields.plan import name_of, option_words
from dialogs.fields.quantity import QUANTITY
from dialogs.fields.service import OPTION
from dialogs.fields.start import KEEPS, START
from dialogs.fields.technician import TECHNICIAN
from dialogs.flows.which_order import order_line
from dialogs.last_time import served_orders
from dialogs.lexicon import catalogue_of, roster_of
from dialogs.outgoing import Button
from dialogs.texts.formats import local
from nlu import Understanding
from nlu.shifts import same_hour_of_a_week

_GONE = "_gone"
"""What of last time there is not any more, in words: said as the booking begins."""
_OTHERWISE = re.compile(r"改|换|推|挪|取消|有空|[吗么?]|\b(?:move|change|cancel|reschedule|push|is|are|can|could)\b")
"""Moves a visit there is, or asks who is free."""
_OWN = ("order", _GONE, "_asked")


def _read(step: Step, answer: Answer) -> Took | Missed | None:
    """Take the visit named by its code, else the last; what else is said is read against it."""
    if answer.understood is None:
        return None
    code = answer.understood.first("order_code")
    if code is not None:
        try:
            return _took(step, order_of(step.tx, step.person_id, str(code.value)))
        except NotFound:
            return Missed(step.say("order.none_of_code"))
    found = _repeatable(step)
    return Took(_known(step, found[0])) if found else None


def _took(step: Step, order: Order) -> Took | Missed:
    if order.state not in SERVED:
        return Missed(step.say("rebook.not_served", code=order.code))
    return Took(_known(step, order))


def _repeatable(step: Step) -> tuple[Order, ...]:
    """Return the visits that took place; of somebody who had none yet, what they booked last."""
    if "repeatable" not in step.memo:
        step.memo["repeatable"] = served_orders(step) or orders_of(step.tx, step.person_id, most=1)
    found: tuple[Order, ...] = step.memo["repeatable"]
    return found


def _start(step: Step) -> Done | None:
    """Without a booking before there is nothing to repeat; somebody else's order looks like none."""
    if "order" in step.values:
        order_of(step.tx, step.person_id, step.values["order"])
    elif not _repeatable(step):
        return Done(step.say("rebook.none"), (Button(step.say("menu.book"), plain(Begin("book"))),))
    return None


def _known(step: Step, order: Order) -> dict[str, Any]:
    """Return what an order settles of a new booking, and in words what it cannot settle any more."""
    then = local(order.starts_at, order.zone).replace(tzinfo=None)
    values: dict[str, Any] = {"order": order.id, "_usual": then.isoformat()}
    gone: list[str] = []
    service, option = _on_sale(step, order)
    if service is None:
        return values | {_GONE: [step.say("rebook.service_gone")]}
    values["service"] = service.id
    if option is None:
        gone.append(step.say("rebook.option_gone", service=text_in(service.names, step.lang)))
    else:
        values |= {"option": option.id, "quantity": min(order.quantity, option.most)}
    values |= _where(step, order, gone)
    values |= _who(step, order, gone)
    return values | {_GONE: gone}


def _on_sale(step: Step, order: Order) -> tuple[Service | None, Option | None]:
    """Return service and option as far as they are still on sale."""
    service = next((each for each in catalogue_of(step).services if each.id == order.service_id and each.options), None)
    options = () if service is None else service.options
    return service, next((each for each in options if each.id == order.option_id), None)


def _where(step: Step, order: Order, gone: list[str]) -> dict[str, Any]:
    view = details(step.tx, order.id, viewer=Viewer.CUSTOMER)
    served = any(region.id == order.region_id for region in catalogue_of(step).regions)
    if view.address_text is None or not served:
        gone.append(step.say("rebook.place_gone"))
        return {}
    return {
        "address": {"id": None, "text": view.address_text, "region": order.region_id, "lat": view.lat, "lng": view.lng}
    }


def _who(step: Step, order: Order, gone: list[str]) -> dict[str, Any]:
    """Return whoever came, when they still do this, there, and take visits; else say why not."""
    person = None if order.technician_id is None else roster_of(step).find(order.technician_id)
    why = _why_not(person, order)
    if person is not None and why is None:
        return {"technician": {"id": person.id}}
    words = step.say("rebook.technician_gone") if person is None else step.say(str(why), name=name_of(step, person))
    gone.append(words)
    return {"sex": order.sex} if order.sex else {}


def _why_not(person: Technician | None, order: Order) -> str | None:
    if person is None or person.can_do(order.service_id, order.region_id):
        return "rebook.technician_off" if person is not None and person.on_duty_at is None else None
    return "rebook.technician_cannot"


def _ask(step: Step) -> Ask | Redo:
    found = _repeatable(step)
    return Ask(step.say("rebook.ask_order"), tuple(Choice(order_line(step, one), {"order": one.id}) for one in found))


def _settle(step: Step) -> Took | None:
    found = _repeatable(step)
    return Took({"order": found[0].id}) if len(found) == 1 else None


def _commit(step: Step) -> Done:
    """Hand over to the booking: there is one way to book."""
    if _GONE not in step.values:
        order = order_of(step.tx, step.person_id, step.values["order"])
        step.values.update(_known(step, order) | step.values)
    known = {name: value for name, value in step.values.items() if name not in _OWN}
    return Done(_words(step), begin="book", begin_values=known)


def _words(step: Step) -> str:
    """Say what is taken over and what of it there is not any more."""
    values, shop = step.values, catalogue_of(step)
    parts = []
    if "service" in values:
        parts.append(text_in(shop.service(values["service"]).names, step.lang))
    if "option" in values:
        parts.append(option_words(step, shop.option(values["option"])[1], int(values.get("quantity", 1))))
    person = roster_of(step).find((values.get("technician") or {}).get("id", 0))
    if person is not None:
        parts.append(name_of(step, person))
    if "address" in values:
        parts.append(values["address"]["text"])
    same = [step.say("rebook.same", what=" · ".join(parts))] if parts else []
    return "\n".join([*values.get(_GONE, []), *same])


def _claims(step: Step, understood: Understanding) -> bool:
    """Last visit's weekday and hour are wished for in another week, by somebody with a last visit and nothing begun."""
    if step.frame.flow or not same_hour_of_a_week(understood.normal) or _OTHERWISE.search(understood.normal):
        return False
    return understood.first("service") is None and bool(served_orders(step))


def _said(item: Field) -> Field:
    """Return a field of the booking that takes what the same sentence says and is asked later, by the booking."""
    return replace(item, skip=lambda _: True, settle=None, needs=(), recheck=None)


REBOOK = Flow(
    name="rebook",
    role="customer",
    intents=("rebook",),
    fields=(
        Field("order", "code", _ask, _read, settle=_settle, holds=int),
        *(_said(item) for item in (OPTION, QUANTITY, TECHNICIAN, START)),
    ),
    start=_start,
    commit=_commit,
    claims=_claims,
    outspoken=True,
    keeps=KEEPS,
)
