"""Choosing one of one's orders, where a flow needs one."""

from collections.abc import Callable
from typing import Any

from core.catalog import text_in
from core.orders.moves import Order
from core.orders.views import orders_of
from dialogs.engine.flow import Answer, Ask, Choice, Done, Field, Missed, Took
from dialogs.engine.step import Step
from dialogs.lexicon import catalogue_of

MOST = 20


def order_line(step: Step, order: Order) -> str:
    """Write an order in one line: M7K2QX 肩颈舒缓 · 明天 16:00."""
    service = text_in(catalogue_of(step).service(order.service_id).names, step.lang)
    return f"{order.code} {service} · {step.short_moment(order.starts_at, order.zone)}"


def of_states(states: frozenset[str]) -> Callable[[Step], tuple[Order, ...]]:
    """Return the function that lists a customer's orders in these states."""

    def listed(step: Step) -> tuple[Order, ...]:
        return tuple(o for o in orders_of(step.tx, step.person_id, most=MOST) if o.state in states)

    return listed


def order_field(listed: Callable[[Step], tuple[Order, ...]], ask_key: str, none_key: str) -> Field:
    """Return the field that asks which of the listed orders; the only one is taken, and of none nobody is asked."""

    def settle(step: Step) -> dict[str, Any] | None:
        found = listed(step)
        return {"order": found[0].id} if len(found) == 1 else None

    def ask(step: Step) -> Ask | Done:
        choices = tuple(Choice(order_line(step, o), {"order": o.id}) for o in listed(step))
        return Ask(step.say(ask_key), choices) if choices else Done(step.say(none_key))

    def read(step: Step, answer: Answer) -> Took | Missed | None:
        if answer.understood is None:
            return None
        said = answer.understood.normal.upper()
        chosen = next((o for o in listed(step) if o.code in said), None)
        if chosen is not None:
            return Took({"order": chosen.id})
        return None if answer.understood.first("order_code") is None else Missed(step.say("order.none_of_code"))

    return Field("order", "code", ask, read, settle=settle, holds=int)


def refuse_when_none(listed: Callable[[Step], tuple[Order, ...]], key: str) -> Callable[[Step], Done | None]:
    """Return the flow's start that says so when there is no such order."""

    def start(step: Step) -> Done | None:
        return None if "order" in step.values or listed(step) else Done(step.say(key))

    return start
