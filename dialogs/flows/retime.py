"""Another time (and technician) for a paid order that nobody has: the price stays as paid."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from core import dispatch
from core.calendar import Hold, NotBookable, SlotTaken
from core.catalog import text_in
from core.orders.moves import Order
from core.orders.states import OrderState
from core.orders.views import Viewer, details, order_of
from dialogs.engine.actions import Change, Commit, plain
from dialogs.engine.flow import Ask, Done, Flow, Redo
from dialogs.engine.step import Step
from dialogs.fields.holding import held_again, held_or_redo, let_go, note_lapse, renew, who_comes
from dialogs.fields.plan import start_of, wish_of
from dialogs.fields.refusals import redo_start
from dialogs.fields.start import START
from dialogs.fields.technician import TECHNICIAN
from dialogs.flows.which_order import of_states, order_field, refuse_when_none
from dialogs.lexicon import catalogue_of
from dialogs.outgoing import Button

T = TypeVar("T")
_listed = of_states(frozenset({OrderState.UNDECIDED}))


def _start(step: Step) -> Done | None:
    refused = refuse_when_none(_listed, "retime.none")(step)
    if refused is not None:
        return refused
    order_id = step.values.get("order") or _listed(step)[0].id
    order = order_of(step.tx, step.person_id, order_id)
    step.values.update(_known(step, order))
    return None


def _known(step: Step, order: Order) -> dict[str, object]:
    """What the order says already; only time and technician are asked."""
    where = details(step.tx, order.id, viewer=Viewer.CUSTOMER)
    return {
        "order": order.id,
        "service": order.service_id,
        "option": order.option_id,
        "quantity": order.quantity,
        **({"sex": order.sex} if order.sex else {}),
        "address": {
            "id": None,
            "text": where.address_text or "",
            "region": order.region_id,
            "lat": where.lat,
            "lng": where.lng,
        },
    }


def _summary(step: Step) -> Ask | Redo:
    order = order_of(step.tx, step.person_id, step.values["order"])
    held = _held(step)
    if isinstance(held, Redo):
        return held
    text = step.say(
        "retime.summary",
        code=order.code,
        service=text_in(catalogue_of(step).service(order.service_id).names, step.lang),
        who=who_comes(step, held.slot),
        moment=step.moment(held.slot.starts_at, order.zone),
        held_until=step.clock(held.expires_at),
    )
    buttons = (
        Button(step.say("retime.yes"), plain(Commit())),
        Button(step.say("book.change_start"), plain(Change("start"))),
        Button(step.say("book.change_technician"), plain(Change("technician"))),
    )
    return Ask(held_again(step) + text, extra=buttons)


def _held(step: Step) -> Hold | Redo:
    """Hold the time chosen for the order, so that nobody takes it before the yes."""
    return held_or_redo(step, lambda: _as_wished(step, dispatch.hold_time))


def _commit(step: Step) -> Done | Redo:
    try:
        with step.tx.savepoint():
            order = _as_wished(step, dispatch.retime)
    except (SlotTaken, NotBookable) as refused:
        return redo_start(step, refused)
    return Done(step.say("retime.done", code=order.code, moment=step.moment(order.starts_at, order.zone)))


def _as_wished(step: Step, verb: Callable[..., T]) -> T:
    """Hold or take the time wished for: what the summary holds is what the yes asks for."""
    wish = wish_of(step)
    return verb(
        step.tx,
        step.values["order"],
        person_id=step.person_id,
        technician_id=wish.technician_id,
        starts_at=start_of(step),
        now=step.now,
        preferences=wish.preferences,
        replacing=step.values.get("hold"),
    )


def _drop(step: Step) -> str:
    """Release the held time; the order stays as it was."""
    return step.say("retime.dropped_released" if let_go(step) else "engine.dropped")


RETIME = Flow(
    name="retime",
    role="customer",
    intents=("reschedule", "change_technician"),
    fields=(
        order_field(_listed, "retime.ask_order"),
        replace(START, needs=()),  # service and address stand fast here; the time offered names who comes
        replace(TECHNICIAN, needs=()),
    ),
    start=_start,
    summary=_summary,
    commit=_commit,
    drop=_drop,
    resume=note_lapse,
    renew=renew,
    unsure=True,
)
