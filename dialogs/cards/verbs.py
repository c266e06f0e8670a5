"""What a card's button does to its order; the core decides whether it still may."""

from collections.abc import Callable

from core import dispatch
from core.errors import NotFound
from core.orders import placing, visit
from core.orders.cancelling import customer_absent
from core.orders.confirming import confirm_coming
from core.orders.states import OrderState
from core.orders.views import Viewer, details, order_of, visit_of
from core.settings import rules
from core.support import open_ticket
from dialogs.cards.buttons import begin, visit_buttons
from dialogs.engine.flow import Done
from dialogs.engine.handover import order_summary
from dialogs.engine.step import Step
from dialogs.fields.plan import mate_named
from dialogs.outgoing import SHARES_POSITIONS
from dialogs.pricing import pay_button
from dialogs.roles import technician_of
from dialogs.texts import formats


def _mine(step: Step) -> int:
    """Return the id of the technician who presses; a stranger learns nothing."""
    technician = technician_of(step)
    if technician is None:
        raise NotFound
    return technician.id


def _accept(step: Step, order_id: int) -> Done:
    me = _mine(step)
    order = dispatch.accept(step.tx, order_id, technician_id=me, now=step.now)
    if order.state is OrderState.TO_ACCEPT:
        give_up = begin(step, "give_up", "give_up_visit", order.id)
        return Done(step.say("card.accepted_waiting", mate=mate_named(step, order, me)), (give_up,))
    view = details(step.tx, order.id, viewer=Viewer.TECHNICIAN)
    text = step.say(
        "card.accepted_by_you",
        code=order.code,
        moment=step.moment(order.starts_at, order.zone),
        address=view.address_text or "",
        phone=formats.phone(view.phone or ""),
    )
    return Done(text, visit_buttons(step, order))


def _depart(step: Step, order_id: int) -> Done:
    order = visit.depart(step.tx, order_id, technician_id=_mine(step), now=step.now)
    told = step.say("card.departed_by_you")
    if step.channel in SHARES_POSITIONS:
        told += "\n" + step.say("card.share_position")
    return Done(told, visit_buttons(step, order))


def _arrive(step: Step, order_id: int) -> Done:
    order = visit.arrive(step.tx, order_id, technician_id=_mine(step), now=step.now)
    words = step.say("card.arrived_by_you", minutes=rules(step.tx).absent_wait_minutes)
    return Done(words, begin="start_visit", begin_values={"order": order.id})


def _absent(step: Step, order_id: int) -> Done:
    customer_absent(step.tx, order_id, technician_id=_mine(step), now=step.now)
    return Done(step.say("card.absent_noted"))


def _started(step: Step, order_id: int) -> Done:
    visit.start_by_customer(step.tx, order_id, person_id=step.person_id, now=step.now)
    return Done(step.say("card.started_by_you"))


def _confirm(step: Step, order_id: int) -> Done:
    order_of(step.tx, step.person_id, order_id)
    visit.confirm(step.tx, order_id, person_id=step.person_id, now=step.now)
    return Done(step.say("card.confirmed_by_you"))  # the invitation to review comes as a card of its own


def _coming(step: Step, order_id: int) -> Done:
    """The customer's yes to a reminder."""
    order = confirm_coming(step.tx, order_id, person_id=step.person_id, now=step.now)
    return Done(step.say("card.coming_noted", moment=step.moment(order.starts_at, order.zone)))


def _wait(step: Step, order_id: int) -> Done:
    try:
        with step.tx.savepoint():
            dispatch.wait(step.tx, order_id, person_id=step.person_id, now=step.now)
    except dispatch.NobodyFree:
        others = begin(step, "other_time", "retime", order_id), begin(step, "refund", "cancel_order", order_id)
        return Done(step.say("error.nobody_free"), others)
    return Done(step.say("card.asking_again"))


def _revive(step: Step, order_id: int) -> Done:
    placed = placing.revive(step.tx, order_id, person_id=step.person_id, now=step.now)
    total = step.money(placed.order.total_minor, placed.order.currency)
    pay = pay_button(step, total, placed.payment.token)
    return Done(step.say("book.placed", code=placed.order.code, until=step.clock(placed.payment.expires_at)), (pay,))


def _problem(step: Step, order_id: int) -> Done:
    order = order_of(step.tx, step.person_id, order_id)
    summary = order_summary(step, order)
    open_ticket(step.tx, step.person_id, kind="complaint", summary=summary, order_id=order.id, now=step.now)
    return Done(step.say("card.problem_noted", code=order.code))


def _start_here(step: Step, order_id: int) -> Done:
    """The technician goes on after the customer or an operator has let the service start."""
    order = visit_of(step.tx, _mine(step), order_id)
    return Done(step.say("card.started_go_on"), visit_buttons(step, order))


VERBS: dict[str, Callable[[Step, int], Done]] = {
    "accept": _accept,
    "depart": _depart,
    "arrive": _arrive,
    "absent": _absent,
    "started": _started,
    "confirm": _confirm,
    "coming": _coming,
    "wait": _wait,
    "revive": _revive,
    "problem": _problem,
    "go_on": _start_here,
}
"""Every verb a card may carry."""
