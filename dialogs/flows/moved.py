"""Which visit moves, and the fields of its new time and technician: words are read as said of a visit that exists."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from core import changes
from core.changes import ChangeTooLate
from core.orders.moves import Order, load
from core.orders.states import OrderState
from core.orders.views import Viewer, details
from dialogs.engine.flow import Answer, Ask, Choice, Done, Field, Missed, Redo, Took
from dialogs.engine.step import Step
from dialogs.fields.moving import Moving, is_at, read_moving, speaks_of_moving
from dialogs.fields.plan import start_of
from dialogs.fields.start import KEEPS as KEEPS_OF_START
from dialogs.fields.start import START
from dialogs.fields.technician import TECHNICIAN
from dialogs.flows.which_order import order_line
from dialogs.lexicon import lexicon_of
from dialogs.texts.formats import local
from nlu import Understanding, understand
from nlu.shifts import a_bit

Listed = Callable[[Step], tuple[Order, ...]]

KEEPS: Mapping[str, Any] = {
    **KEEPS_OF_START,
    "moving": int,
    "service": int,
    "option": int,
    "quantity": int,
    "address": dict[str, Any],
    "swap": bool,
    "but": list[int],
    "along": list[int],
    "change": int,
    "_said": str,
}
"""What a flow that moves a visit stores beside its fields, with its types."""
_LONGEST_SAID = 300
_NO_OTHER_BUSINESS = frozenset(
    {"correct", "give_time", "choose", "ask_availability", "out_of_scope", "deny", "reschedule", "change_technician",
     "my_day"}
)  # fmt: skip
"""What words about moving a visit look like where nothing runs."""


def known(step: Step, order: Order, *, viewer: Viewer, swap: bool = False) -> dict[str, Any]:
    """Return what the order says already; with `swap` its time stays and only who comes is asked."""
    where = details(step.tx, order.id, viewer=viewer)
    there = local(order.starts_at, step.zone)
    return {
        "order": order.id,
        "moving": order.id,
        "service": order.service_id,
        "option": order.option_id,
        "quantity": order.quantity,
        "address": {
            "id": None,
            "text": where.address_text or "",
            "region": order.region_id,
            "lat": where.lat,
            "lng": where.lng,
        },
        "_date": there.date().isoformat(),
        "_time": f"{there:%H:%M}",
        **({"sex": order.sex} if order.sex else {}),
        **({"along": [order.companion_id]} if order.companion_id and order.state is OrderState.ACCEPTED else {}),
        **(_another(order) if swap and order.technician_id and not two_stay(order) else {}),
    }


def two_stay(order: Order) -> bool:
    """Of two who have said yes together neither is changed in chat: who fits whom is for a person of the house."""
    return order.crew > 1 and order.state is OrderState.ACCEPTED


def _another(order: Order) -> dict[str, Any]:
    """Return what somebody else is asked for by: the same time, and not by who has it now."""
    return {"swap": True, "but": list(order.crew_ids), "start": order.starts_at.isoformat()}


def order_moved(listed: Listed, viewer: Viewer, ask_key: str) -> Field:
    """Return the field that asks which visit moves: by code, by its day (周三那单), the only one without asking."""

    def values_of(step: Step, order: Order) -> dict[str, Any]:
        return known(step, order, viewer=viewer, swap=bool(step.values.get("swap")))

    def settle(step: Step) -> dict[str, Any] | None:
        found = listed(step)
        return values_of(step, found[0]) if len(found) == 1 and "_said" not in step.values else None

    def ask(step: Step) -> Ask:
        return Ask(step.say(ask_key), tuple(Choice(order_line(step, o), values_of(step, o)) for o in listed(step)))

    def read(step: Step, answer: Answer) -> Took | Missed | None:
        if answer.understood is None or ("order" in step.values and answer.understood.first("order_code") is None):
            return None
        found = listed(step)
        said = read_moving(step, answer, found)
        if said.swaps and step.frame.asking is None:
            step.values["swap"] = True
        chosen = _chosen(step, answer, found, said)
        if chosen is not None:
            return None if chosen.id == step.values.get("order") else Took(values_of(step, chosen))
        if answer.understood.first("order_code") is not None:
            return Missed(step.say("order.none_of_code"))
        if answer.asked and found and said.source is not None:
            return Missed(step.say("moved.none_then"))
        return Took({"_said": answer.text[:_LONGEST_SAID]}) if said.says_time and not answer.asked else None

    return Field("order", "code", ask, read, settle=settle, holds=int)


def _chosen(step: Step, answer: Answer, found: tuple[Order, ...], said: Moving) -> Order | None:
    """Return the one visit the words can mean."""
    assert answer.understood is not None
    spelled = answer.understood.normal.upper()
    of_code = [order for order in found if order.code in spelled]
    if of_code or answer.understood.first("order_code") is not None:
        return of_code[0] if of_code else None
    meant: list[Order] = list(found)
    if said.source is not None:
        meant = [order for order in meant if is_at(said.source, order, step)]
    elif answer.asked:
        when = answer.understood.first("when")
        meant = [order for order in meant if when is not None and is_at(when.value, order, step)]
    of_service = answer.understood.first("service")
    if of_service is not None:
        meant = [order for order in found if str(order.service_id) == of_service.value and order in (meant or found)]
    return meant[0] if len(meant) == 1 else None


def start_moved(listed: Listed, ask_key: str) -> Field:
    """Return the field of the new time: "four" keeps the day, "Saturday" keeps the hour, "an hour later" adds to it."""

    def aimed(step: Step, answer: Answer) -> Answer:
        return read_moving(step, answer, _of(step, listed)).aimed

    def read(step: Step, answer: Answer) -> Took | Missed | None:
        return START.read(step, aimed(step, answer)) if "order" in step.values else None

    def settle(step: Step) -> dict[str, Any] | None:
        """Read what was said before it was known which visit is meant."""
        said = step.values.pop("_said", None)
        if said is None:
            return None
        understood = understand(said, lang=step.lang, zone=step.zone, now=step.now, lexicon=lexicon_of(step))
        took = START.read(step, aimed(step, Answer(text=said, understood=understood)))
        if not isinstance(took, Took):
            return None
        step.values.update({name: value for name, value in took.values.items() if value is not None})
        return {"start": step.values["start"]} if "start" in step.values else None

    def ask(step: Step) -> Ask | Redo | Done:
        asked = START.ask(step)
        if isinstance(asked, Redo) and "technician" in asked.forget:
            return replace(asked, values={**(asked.values or {}), "swap": True})  # else they would be taken again
        if not isinstance(asked, Ask):
            return asked
        order = load(step.tx, step.values["order"])
        which = step.say(ask_key, code=order.code, moment=step.moment(order.starts_at, order.zone))
        return replace(asked, text=f"{which}\n{asked.text}")

    return replace(START, ask=ask, read=read, settle=settle, needs=("order",))


def technician_moved(listed: Listed) -> Field:
    """Return the field of who comes: who has the visit, unless somebody else is wished for."""

    def settle(step: Step) -> dict[str, Any] | None:
        order = load(step.tx, step.values["order"])
        if step.values.get("swap") or order.technician_id is None:
            return None
        if order.anyone_at is not None and order.state is not OrderState.ACCEPTED:
            return {"technician": {"anyone": True}}
        return {"technician": {"id": order.technician_id}}

    def read(step: Step, answer: Answer) -> Took | Missed | None:
        found = TECHNICIAN.read(step, read_moving(step, answer, _of(step, listed)).aimed)
        return _no_address(step, answer) if found is None else found

    def skip(step: Step) -> bool:
        """With a visit nobody has, the times offered name who comes."""
        nobody = "order" in step.values and load(step.tx, step.values["order"]).technician_id is None
        wants_another = "technician" in step.values.get("_asked", [])
        return nobody and not wants_another and "start" not in step.values

    return replace(TECHNICIAN, read=read, settle=settle, skip=skip, needs=("order",))


def _no_address(step: Step, answer: Answer) -> Missed | None:
    """Say that where to come is not changed here."""
    understood = answer.understood
    named = understood is not None and (understood.first("address") or understood.first("place_name"))
    meant = understood is not None and understood.intent in ("correct", "give_address") and not understood.first("when")
    return Missed(step.say("moved.no_address")) if named and meant else None


def too_soon(step: Step, order: Order) -> Redo | None:
    """Ask for a later time where nobody could answer before this one; raises ChangeTooLate where no time would do."""
    if order.state is not OrderState.ACCEPTED:
        return None
    try:
        changes.answer_by(step.tx, order, starts_at=start_of(step), now=step.now)
    except ChangeTooLate:
        in_time(step, order)
        return Redo(step.say("moved.too_soon", moment=step.moment(start_of(step), order.zone)), ("start",))
    return None


def in_time(step: Step, order: Order) -> None:
    """Raise ChangeTooLate where the visit is so near that nobody could be asked any more."""
    if order.state is OrderState.ACCEPTED:
        changes.answer_by(step.tx, order, starts_at=order.starts_at, now=step.now)


def means_moving(step: Step, understood: Understanding, listed: Listed, *, swaps: bool) -> bool:
    """Tell whether words without a clear verb ("make it Saturday") are of one of these visits and no other business."""
    if understood.intent not in _NO_OTHER_BUSINESS or not speaks_of_moving(understood):
        return False
    orders, service = listed(step), understood.first("service")
    if service is not None:
        orders = tuple(order for order in orders if str(order.service_id) == service.value)
    if not orders:
        return False
    said = read_moving(step, Answer(text=understood.text, understood=understood), orders)
    return said.says_time or (service is None and (a_bit(understood.normal) or (swaps and said.swaps)))


def _of(step: Step, listed: Listed) -> tuple[Order, ...]:
    order_id = step.values.get("order")
    return (load(step.tx, order_id),) if order_id is not None else listed(step)
