"""A technician needs another time for a visit: from their own free times, why, and the customer must say yes."""

from dataclasses import replace
from datetime import timedelta

from core import changes
from core.calendar import Hold, NotBookable, SlotTaken
from core.catalog import text_in
from core.changes import Change
from core.dispatch import RefusalReason
from core.errors import StateConflict
from core.orders.moves import Actor, ActorKind, Order
from core.orders.states import OrderState
from core.orders.views import Viewer, orders_of, shared_visit_of, visits_of
from dialogs.cards.changing import act_on, deadline
from dialogs.engine.actions import Change as Reopen
from dialogs.engine.actions import Commit, Word, plain
from dialogs.engine.flow import Answer, Ask, Choice, Done, Field, Flow, Redo, Took
from dialogs.engine.step import Step
from dialogs.fields.holding import held_again, held_or_redo, let_go, note_lapse, renew
from dialogs.fields.plan import start_of
from dialogs.fields.refusals import redo_start
from dialogs.flows.moved import KEEPS, in_time, known, means_moving, order_moved, start_moved, too_soon
from dialogs.flows.refuse_offer import reason_fields
from dialogs.lexicon import catalogue_of
from dialogs.outgoing import Button
from dialogs.roles import technician_of
from dialogs.texts import formats
from nlu import Understanding

_AHEAD = timedelta(days=60)
_REASONS = (RefusalReason.TIME, RefusalReason.UNWELL, RefusalReason.OTHER)
_LONGEST_WORDS = 300
_WORDS = reason_fields("propose_time.ask_reason")[1]


def _me(step: Step) -> int:
    technician = technician_of(step)
    assert technician is not None
    return technician.id


def _listed(step: Step) -> tuple[Order, ...]:
    """Return the visits this technician has said yes to and has not set out for."""
    found = visits_of(step.tx, _me(step), from_at=step.now, until_at=step.now + _AHEAD)
    return tuple(order for order in found if order.state is OrderState.ACCEPTED)


def _start(step: Step) -> Done | None:
    """With no visit of their own to move, a technician may mean an order they made as a customer."""
    if "order" in step.values:
        order = shared_visit_of(step.tx, _me(step), step.values["order"])
        if order.state is not OrderState.ACCEPTED:
            return Done(step.say("propose_time.too_late", code=order.code))
        in_time(step, order)
        step.values.update(_known(step, order))
        return None
    if _listed(step):
        return None
    if orders_of(step.tx, step.person_id, most=1):
        return Done("", begin="retime")
    return Done(step.say("propose_time.none"))


def _claims(step: Step, understood: Understanding) -> bool:
    """Words such as "make it four" mean the visit there is."""
    return means_moving(step, understood, _listed, swaps=False)


def _known(step: Step, order: Order) -> dict[str, object]:
    return {**known(step, order, viewer=Viewer.TECHNICIAN), "technician": {"id": _me(step)}}


_START = start_moved(_listed, "propose_time.ask_start")


def _ask_start(step: Step) -> Ask | Redo | Done:
    """The free times are the reader's own: they are not told their own name."""
    asked = _START.ask(step)
    if not isinstance(asked, Ask):
        return asked
    which, *_ = asked.text.splitlines()
    return replace(asked, text=f"{which}\n{step.say('propose_time.free')}" if asked.choices else asked.text)


def _ask_reason(step: Step) -> Ask:
    choices = (Choice(step.say(f"refuse_offer.reason_{one}"), {"reason": one.value}) for one in _REASONS)
    return Ask(step.say("propose_time.ask_reason"), tuple(choices))


def _read_reason(_step: Step, answer: Answer) -> Took | None:
    if not (answer.asked and answer.sure):
        return None
    return Took({"reason": RefusalReason.OTHER.value, "words": answer.text.strip()[:_LONGEST_WORDS]})


def _summary(step: Step) -> Ask | Redo:
    order = _order(step)
    if start_of(step) == order.starts_at:
        return Redo(step.say("retime.same"), ("start",))
    soon = too_soon(step, order)
    if soon is not None:
        return soon
    held = held_or_redo(step, lambda: _hold(step, order))
    if isinstance(held, Redo):
        return _own_times(step, held)
    until = changes.answer_by(step.tx, order, starts_at=held.slot.starts_at, now=step.now)
    text = step.say(
        "propose_time.summary",
        code=order.code,
        service=text_in(catalogue_of(step).service(order.service_id).names, step.lang),
        old=f"{step.day(order.starts_at)} {formats.span(order.starts_at, order.ends_at, step.zone)}",
        new=f"{step.day(held.slot.starts_at)} {formats.span(held.slot.starts_at, held.slot.ends_at, step.zone)}",
        until=deadline(step, until, order.zone),
        held_until=step.clock(held.expires_at),
    )
    buttons = (
        Button(step.say("propose_time.yes"), plain(Commit())),
        Button(step.say("book.change_start"), plain(Reopen("start"))),
        Button(step.say("propose_time.no"), plain(Word("drop"))),
    )
    return Ask(held_again(step) + text, extra=buttons)


def _own_times(step: Step, redo: Redo) -> Redo:
    """Leave out what is near with somebody else: a technician speaks for themselves."""
    values = dict(redo.values or {})
    mine = [slot for slot in values.get("_near") or () if slot["technician"] == _me(step)]
    return replace(redo, values=values | {"_near": mine})


def _hold(step: Step, order: Order) -> Hold:
    return changes.hold_change(
        step.tx,
        order.id,
        by=_actor(step),
        technician_id=_me(step),
        starts_at=start_of(step),
        now=step.now,
        replacing=step.values.get("hold"),
    )


def _commit(step: Step) -> Done | Redo:
    order = _order(step)
    try:
        with step.tx.savepoint():
            change = _ask(step, order)
    except (SlotTaken, NotBookable) as refused:
        return _own_times(step, redo_start(step, refused))
    until, old = deadline(step, change.expires_at, order.zone), step.moment(order.starts_at)
    text = step.say("propose_time.asked", code=order.code, until=until, old=old)
    return Done(text, (act_on(step, "withdraw_change", change),))


def _ask(step: Step, order: Order) -> Change:
    """Ask the customer; where they have asked for a time themselves, this is the answer to it."""
    at, held, me = start_of(step), step.values.get("hold"), _actor(step)
    theirs = _theirs_open(step)
    reason, words = RefusalReason(step.values.get("reason", RefusalReason.TIME)), step.values.get("words")
    if theirs is not None:
        return changes.counter(
            step.tx, theirs, by=me, starts_at=at, now=step.now, replacing=held, reason=reason, words=words
        )
    asked = changes.ask_change(
        step.tx,
        order.id,
        by=me,
        technician_id=me.id,
        starts_at=at,
        now=step.now,
        replacing=held,
        reason=reason,
        words=words,
    )
    assert isinstance(asked, Change)
    return asked


def _theirs_open(step: Step) -> int | None:
    """Return the customer's open request, to which a time proposed now is the answer."""
    if "change" in step.values:
        return int(step.values["change"])
    found = changes.open_change(step.tx, step.values["order"])
    return found.id if found is not None and found.asked_by is ActorKind.CUSTOMER else None


def _actor(step: Step) -> Actor:
    return Actor(ActorKind.TECHNICIAN, _me(step))


def _order(step: Step) -> Order:
    return shared_visit_of(step.tx, _me(step), step.values["order"])


def _drop(step: Step) -> str:
    let_go(step)
    return step.say("propose_time.kept")


def _resume(step: Step) -> bool:
    """A visit that was cancelled, given away or set out for meanwhile is moved no more."""
    if "order" in step.values and _order(step).state is not OrderState.ACCEPTED:
        raise StateConflict(order_id=step.values["order"])
    return note_lapse(step)


PROPOSE_TIME = Flow(
    name="propose_time",
    role="technician",
    intents=("reschedule",),
    fields=(
        order_moved(_listed, Viewer.TECHNICIAN, "propose_time.ask_order"),
        replace(_START, ask=_ask_start),
        Field(
            "reason",
            "reason",
            _ask_reason,
            _read_reason,
            needs=("order",),
            skip=lambda step: _theirs_open(step) is not None,
            raw=True,
            holds=str,
        ),
        replace(_WORDS, skip=lambda step: step.values.get("reason") != RefusalReason.OTHER),
    ),
    start=_start,
    summary=_summary,
    commit=_commit,
    drop=_drop,
    resume=_resume,
    renew=renew,
    claims=_claims,
    keeps={**KEEPS, "technician": dict[str, int]},
    unsure=True,
)
