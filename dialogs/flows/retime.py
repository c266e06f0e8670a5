"""Another time or another technician for an order: who must say yes is asked, and until then the old time stands."""

from datetime import datetime
from typing import Any

from core import changes
from core.calendar import Hold, NotBookable, SlotTaken
from core.catalog import text_in
from core.changes import MOVABLE, Change
from core.errors import StateConflict
from core.money.payments import live_payment
from core.orders.cancelling import consequence
from core.orders.moves import Actor, ActorKind, Order
from core.orders.states import OrderState
from core.orders.views import Viewer, order_of, orders_of
from dialogs.cards.changing import act_on, agreed_words, awaited, deadline, new_technician, wanted
from dialogs.cards.on_the_way import late, late_buttons, way_words
from dialogs.engine.actions import Begin, Commit, Look, Word, plain
from dialogs.engine.actions import Change as Reopen
from dialogs.engine.flow import Ask, Choice, Done, Field, Flow, Redo
from dialogs.engine.step import Step
from dialogs.fields.holding import held_again, held_or_redo, let_go, note_lapse, renew, who_comes
from dialogs.fields.plan import all_named, start_of, wish_of
from dialogs.fields.refusals import redo_start
from dialogs.flows.moved import (
    KEEPS,
    in_time,
    known,
    means_moving,
    order_moved,
    start_moved,
    technician_moved,
    too_soon,
    two_stay,
)
from dialogs.flows.which_order import MOST
from dialogs.lexicon import catalogue_of
from dialogs.outgoing import Button
from dialogs.pricing import pay_button
from dialogs.texts import formats
from nlu import Understanding

_UNDER_WAY = frozenset({OrderState.DEPARTED, OrderState.ARRIVED, OrderState.IN_SERVICE})


def movable(step: Step) -> tuple[Order, ...]:
    """Return this person's orders that can still be moved, the next visit first."""
    found = (o for o in orders_of(step.tx, step.person_id, most=MOST) if o.state in MOVABLE and o.starts_at > step.now)
    return tuple(sorted(found, key=lambda order: order.starts_at))


def _start(step: Step) -> Done | None:
    if "order" not in step.values:
        return None if movable(step) else _late(step) or _none(step)
    order = order_of(step.tx, step.person_id, step.values["order"])
    if order.state not in MOVABLE:
        return _none(step, order)
    if step.values.get("swap") and two_stay(order):
        return Done(step.say("retime.two_stay"), (Button(step.say("word.human"), plain(Word("human"))),))
    in_time(step, order)
    if "service" not in step.values:
        step.values.update(known(step, order, viewer=Viewer.CUSTOMER, swap=bool(step.values.get("swap"))))
    return None


def _late(step: Step) -> Done | None:
    """Nobody came in time: how it stands, the way to a person and to the money back, rather than "no visit"."""
    booked = orders_of(step.tx, step.person_id, most=MOST)
    waited = next((one for one in booked if late(step, one)), None)
    if waited is None:
        return None
    cancel = Button(step.say("order.cancel"), plain(Begin("cancel_order", {"order": waited.id})))
    return Done(way_words(step, waited), (*late_buttons(step, waited), cancel))


def _under_way(step: Step) -> tuple[Order, ...]:
    return tuple(o for o in orders_of(step.tx, step.person_id, most=MOST) if o.state in _UNDER_WAY)


def _none(step: Step, order: Order | None = None) -> Done:
    """Say that nothing can be moved, and what can be done instead."""
    found = _under_way(step) if order is None else (order,)
    on_the_way = next((one for one in found if one.state in _UNDER_WAY), None)
    if on_the_way is None:
        return Done(step.say("retime.none"), (Button(step.say("menu.book"), plain(Begin("book"))),))
    see = Button(step.say("card.see"), plain(Look("order", {"order": on_the_way.id})))
    human = Button(step.say("word.human"), plain(Word("human")))
    who = all_named(step, on_the_way.crew_ids)
    return Done(step.say("retime.under_way", code=on_the_way.code, who=who), (see, human), columns=2)


def _claims(step: Step, understood: Understanding) -> bool:
    """Words such as "make it Saturday" mean the order there is, where they name no other business."""
    return means_moving(step, understood, lambda step: movable(step) or _under_way(step), swaps=True)


# an open request


def _own_open(step: Step) -> Change | None:
    """Return the customer's own request that still waits for its answer."""
    found = changes.open_change(step.tx, step.values["order"])
    return found if found is not None and found.asked_by is ActorKind.CUSTOMER else None


def _theirs_open(step: Step) -> Change | None:
    """Return the technician's open request: another time wished for now is the answer to it."""
    found = changes.open_change(step.tx, step.values["order"])
    return found if found is not None and found.asked_by is ActorKind.TECHNICIAN else None


def _is_theirs(step: Step, theirs: Change | None) -> bool:
    """Tell whether what is wished for is what the technician has asked for: then it is a yes."""
    if theirs is None:
        return False
    return (start_of(step), wish_of(step).technician_id) == (theirs.starts_at, theirs.technician_id)


def _ask_replacing(step: Step) -> Ask:
    order, change = _order(step), _own_open(step)
    assert change is not None
    text = step.say(
        "retime.ask_replacing",
        wanted=wanted(step, order, change),
        who=awaited(step, change),
        until=deadline(step, change.expires_at, order.zone),
    )
    choices = (Choice(step.say("retime.replace"), {"replacing": change.id}),)
    return Ask(text, choices, extra=(Button(step.say("retime.wait"), plain(Word("drop"))),))


def _replacing_settled(step: Step) -> bool:
    return _own_open(step) is None


# the summary


def _summary(step: Step) -> Ask | Redo:
    order, theirs = _order(step), _theirs_open(step)
    undone = _undone(step, order)
    if undone is not None:
        return undone
    if theirs is not None and _is_theirs(step, theirs):
        text = step.say("retime.theirs", wanted=wanted(step, order, theirs))
        return Ask(text, extra=(Button(step.say("card.agree_change"), plain(Commit())), _reopening(step, "start")))
    held = held_or_redo(step, lambda: _hold(step, order))
    if isinstance(held, Redo):
        return held
    text = "\n".join(_lines(step, order, held))
    others = () if two_stay(order) else (_reopening(step, "technician"),)
    yes = Button(step.say("retime.yes"), plain(Commit()))
    return Ask(held_again(step) + text, extra=(yes, _reopening(step, "start"), *others))


def _reopening(step: Step, name: str) -> Button:
    return Button(step.say(f"book.change_{name}"), plain(Reopen(name)))


def _undone(step: Step, order: Order) -> Redo | None:
    """Ask again for what would change nothing, or cannot be changed in chat."""
    technician_id = wish_of(step).technician_id
    if two_stay(order) and technician_id != order.technician_id:
        return Redo(step.say("retime.two_stay"), ("technician",), {"swap": False})
    if order.state is OrderState.UNDECIDED or (start_of(step), technician_id) != (order.starts_at, order.technician_id):
        return too_soon(step, order)
    return Redo(step.say("retime.same"), ("technician",) if step.values.get("swap") else ("start",))


def _lines(step: Step, order: Order, held: Hold) -> list[str]:
    """Write the summary: what it was, what it would be, the money, whose yes it takes, until when it is held."""
    service = text_in(catalogue_of(step).service(order.service_id).names, step.lang)
    present = all_named(step, order.crew_ids) or step.say("order.nobody_yet")
    old, new = (_visit(step, order, one.starts_at, one.ends_at) for one in (order, held.slot))
    return [
        step.say("retime.head", code=order.code, service=service),
        step.say("retime.old", visit=old, who=present),
        step.say("retime.new", visit=new, who=_who(step, order, held)),
        _money(step, order),
        _whose_yes(step, order, held),
        step.say("retime.held", held_until=step.clock(held.expires_at)),
    ]


def _who(step: Step, order: Order, held: Hold) -> str:
    """Write who would come; of an accepted visit the one who is asked, since nobody else is after them."""
    return all_named(step, held.slot.crew) if order.state is OrderState.ACCEPTED else who_comes(step, held.slot)


def _visit(step: Step, order: Order, starts_at: datetime, ends_at: datetime) -> str:
    return f"{step.day(starts_at, order.zone)} {formats.span(starts_at, ends_at, order.zone)}"


def _money(step: Step, order: Order) -> str:
    """Say what the move costs: nothing; and until when the old time can still be given up for nothing."""
    total = step.money(order.total_minor, order.currency)
    if order.state is OrderState.TO_PAY:
        until = step.clock(order.decide_by, order.zone) if order.decide_by else ""
        return step.say("retime.price_unpaid", total=total, until=until)
    free_until = consequence(step.tx, order, step.now).until_at if order.state is OrderState.ACCEPTED else None
    if free_until is None:
        return step.say("retime.price_paid", total=total)
    return step.say("retime.price_free_until", total=total, until=deadline(step, free_until, order.zone))


def _whose_yes(step: Step, order: Order, held: Hold) -> str:
    if order.state is not OrderState.ACCEPTED:
        return step.say("retime.at_once_unpaid" if order.state is OrderState.TO_PAY else "retime.at_once")
    until = changes.answer_by(step.tx, order, starts_at=held.slot.starts_at, now=step.now)
    who = all_named(step, held.slot.crew)
    key = "retime.consent" if held.slot.technician_id in order.crew_ids else "retime.consent_other"
    return step.say(key, who=who, until=deadline(step, until, order.zone))


def _hold(step: Step, order: Order) -> Hold:
    """Hold what is wished for; a request it takes the place of is taken back first, as its asker has said."""
    before = _own_open(step)
    if before is not None and before.id == step.values.get("replacing"):
        changes.withdraw(step.tx, before.id, by=_me(step), now=step.now)
    return changes.hold_change(step.tx, order.id, **_wished(step))


def _wished(step: Step) -> dict[str, Any]:
    wish = wish_of(step)
    return {
        "by": _me(step),
        "technician_id": wish.technician_id,
        "starts_at": start_of(step),
        "now": step.now,
        "preferences": wish.preferences,
        "another": bool(step.values.get("swap")),
        "replacing": step.values.get("hold"),
    }


# the yes


def _commit(step: Step) -> Done | Redo:
    order, theirs = _order(step), _theirs_open(step)
    if theirs is not None and _is_theirs(step, theirs):
        return agreed_words(step, order, theirs, changes.agree(step.tx, theirs.id, by=_me(step), now=step.now))
    try:
        with step.tx.savepoint():
            result = _asked(step, order, theirs)
    except (SlotTaken, NotBookable) as refused:
        return redo_start(step, refused)
    return _done(step, result) if isinstance(result, Order) else _waits(step, order, result)


def _asked(step: Step, order: Order, theirs: Change | None) -> Change | Order:
    if theirs is not None and theirs.technician_id != wish_of(step).technician_id:
        changes.refuse(step.tx, theirs.id, by=_me(step), reason=None, words=None, now=step.now)
        theirs = None  # somebody else is asked
    if theirs is None:
        return changes.ask_change(step.tx, order.id, **_wished(step))
    held = step.values.get("hold")
    return changes.counter(step.tx, theirs.id, by=_me(step), starts_at=start_of(step), now=step.now, replacing=held)


def _done(step: Step, order: Order) -> Done:
    """Say that it is done at once: nobody had accepted yet."""
    moment = step.moment(order.starts_at, order.zone)
    payment = live_payment(step.tx, order.id) if order.state is OrderState.TO_PAY else None
    if payment is None:
        return Done(step.say("retime.done", code=order.code, moment=moment))
    total = step.money(order.total_minor, order.currency)
    pay = pay_button(step, total, payment.token)
    return Done(
        step.say("retime.done_unpaid", code=order.code, moment=moment, until=step.clock(payment.expires_at)), (pay,)
    )


def _waits(step: Step, order: Order, change: Change) -> Done:
    """Say who has been asked and until when, and that the old time stands."""
    text = step.say(
        "retime.asked_other" if new_technician(order, change) else "retime.asked",
        code=order.code,
        who=all_named(step, change.crew_ids),
        until=deadline(step, change.expires_at, order.zone),
        old=step.moment(order.starts_at, order.zone),
        present=all_named(step, order.crew_ids),
    )
    return Done(text, (act_on(step, "withdraw_change", change),))


def _me(step: Step) -> Actor:
    return Actor(ActorKind.CUSTOMER, step.person_id)


def _order(step: Step) -> Order:
    return order_of(step.tx, step.person_id, step.values["order"])


def _drop(step: Step) -> str:
    """Release the held time; the order stays as it was."""
    return step.say("retime.dropped_released" if let_go(step) else "retime.dropped")


def _resume(step: Step) -> bool:
    """What was cancelled, set out for or lapsed meanwhile is moved no more."""
    if "order" in step.values and _order(step).state not in MOVABLE:
        raise StateConflict(order_id=step.values["order"])
    return note_lapse(step)


RETIME = Flow(
    name="retime",
    role="customer",
    intents=("reschedule", "change_technician"),
    fields=(
        order_moved(movable, Viewer.CUSTOMER, "retime.ask_order"),
        Field(
            "replacing",
            "yes_no",
            _ask_replacing,
            lambda _step, _answer: None,
            needs=("order",),
            skip=_replacing_settled,
            holds=int,
        ),
        technician_moved(movable),
        start_moved(movable, "retime.ask_start"),
    ),
    start=_start,
    summary=_summary,
    commit=_commit,
    drop=_drop,
    resume=_resume,
    renew=renew,
    claims=_claims,
    keeps=KEEPS,
    unsure=True,
)
