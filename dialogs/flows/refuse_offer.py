"""A technician says no to an offer: it takes effect at once, and the reason is asked after."""

import re

from core import dispatch
from core.dispatch import RefusalReason
from core.orders.moves import Order, load
from core.orders.states import OrderState
from dialogs.engine.flow import Answer, Ask, Choice, Done, Field, Flow, Took
from dialogs.engine.step import Step
from dialogs.flows.set_out import visit_meant
from dialogs.flows.which_order import order_field
from dialogs.roles import technician_of
from nlu import Understanding

_LONGEST_WORDS = 300


def offered_orders(step: Step) -> tuple[Order, ...]:
    """Return the orders a technician may still say yes or no to, the most pressing first."""
    technician = technician_of(step)
    assert technician is not None
    return tuple(load(step.tx, one.order_id) for one in dispatch.to_answer(step.tx, technician.id, now=step.now))


def reason_choices(step: Step) -> tuple[Choice, ...]:
    """Return the reasons as choices."""
    return tuple(
        Choice(step.say(f"refuse_offer.reason_{reason}"), {"reason": reason.value}) for reason in RefusalReason
    )


def _read_words(_step: Step, answer: Answer) -> Took | None:
    return Took({"words": answer.text.strip()[:_LONGEST_WORDS]}) if answer.asked and answer.sure else None


def reason_fields(ask_key: str) -> tuple[Field, Field]:
    """Return the two fields that ask why."""
    return (
        Field(
            "reason",
            "reason",
            lambda step: Ask(step.say(ask_key), reason_choices(step)),
            lambda _step, answer: (
                Took({"reason": "other", "words": answer.text.strip()[:_LONGEST_WORDS]})
                if answer.asked and answer.sure
                else None
            ),
            raw=True,
            free=True,
            holds=str,
        ),
        Field(
            "words",
            "text",
            lambda step: Ask(step.say("refuse_offer.ask_words")),
            _read_words,
            needs=("reason",),
            skip=lambda step: step.values["reason"] != "other",
            raw=True,
            free=True,
            holds=str,
        ),
    )


_TURNS_DOWN = re.compile(
    r"不想(?:去|接|来)|[去来接]不了|不合适|没空|没时间|太远|太晚了?$|太早了?$|忙不过来|这单算了"
    r"|\b(?:can't|cannot|can not|won't) (?:make|do|take|come)\b"
    r"|\btoo (?:far|late|early)\b|\b(?:i'm|i am) (?:busy|not free)\b|\bnot for me\b"
)


def _claims(step: Step, understood: Understanding) -> bool:
    """One offer waits, and its technician says in their own words that they do not come."""
    said = _TURNS_DOWN.search(understood.normal) is not None and not understood.normal.endswith(("吗", "么", "?"))
    return said and len(offered_orders(step)) == 1


def _start(step: Step) -> Done | None:
    """With no offer open, whoever cannot come means the visit they have taken."""
    if "order" in step.values or offered_orders(step):
        return None
    order = visit_meant(step)
    if order is not None and order.state is OrderState.ACCEPTED:
        return Done("", begin="give_up_visit", begin_values={"order": order.id})
    return Done(step.say("offers.none"))


def _commit(step: Step) -> Done:
    technician = technician_of(step)
    assert technician is not None
    order = load(step.tx, step.values["order"])
    dispatch.refuse(step.tx, order.id, technician_id=technician.id, now=step.now)
    done = step.say("refuse_offer.done", code=order.code)
    return Done(done, begin="refusal_reason", begin_values={"order": order.id})


REFUSE_OFFER = Flow(
    name="refuse_offer",
    role="technician",
    intents=("refuse",),
    fields=(order_field(offered_orders, "refuse_offer.ask_which", "offers.none"),),
    start=_start,
    commit=_commit,
    claims=_claims,
    unsure=True,
)
