"""A yes or a no out of nothing, while a change request waits for this person: it is shown, then answered."""

import re

from core import changes
from core.catalog import text_in
from core.changes import Change, ChangeGone, ChangeState
from core.orders.moves import Order, load
from dialogs.cards.changing import (
    agreed_words,
    answer_buttons,
    answers,
    deadline,
    gone,
    new_technician,
    open_requests,
    side_of,
    wanted,
)
from dialogs.engine.flow import Answer, Ask, Choice, Done, Field, Flow, Took
from dialogs.engine.step import Step
from dialogs.flows.refuse_offer import offered_orders
from dialogs.lexicon import catalogue_of
from dialogs.roles import technician_of
from nlu import Understanding
from nlu.intents import plain_yes

_ANSWERS = frozenset({"affirm", "deny"})
_OF_AN_OFFER = frozenset({"accept", "refuse"})
_PLAIN = 0.9
_AGREES = re.compile(
    r"(?:我|也|都|那|就|好的?|可以|行|嗯|师傅|这单|[\s,.!~])*(?:同意|接受?|我来)(?:[了吧的啊呀]|这单|改|没问题|可以|[\s,.!~])*"
    r"|(?:yes|yeah|ok|okay|sure|i|i'll|we|[\s,.!])*(?:agreed?|accept(?:ed)?|take it)"
    r"(?:(?:to )?(?:it|that)|thanks|[\s,.!])*"
)
"""The words of the button themselves, or those that take a visit on: said at once to what the card has shown."""
_KEEPS_OLD = re.compile(
    r"算了|不改|照旧|还是(?:原来|老时间|之前)|照原来"
    r"|\b(?:keep|stick (?:to|with)|leave it|as it (?:is|was)|never ?mind)\b"
)


def _waiting(step: Step) -> Change | None:
    """Return the request that waits for this person's answer, of several the one to be answered first."""
    mine = [change for order, change in open_requests(step) if answers(step, order, change)]
    return min(mine, key=lambda one: one.expires_at, default=None)


def _claims(step: Step, understood: Understanding) -> bool:
    """A yes or no; 接 and 不接 too, where no offer is open that they could mean."""
    agrees = _AGREES.fullmatch(understood.normal.strip()) is not None
    meant = understood.intent in _ANSWERS or ((agrees or understood.intent in _OF_AN_OFFER) and not _has_offers(step))
    return meant and _waiting(step) is not None


def _has_offers(step: Step) -> bool:
    return technician_of(step) is not None and bool(offered_orders(step))


def _start(step: Step) -> Done | None:
    change = _waiting(step)
    if change is None:
        return Done(step.say("answer_change.none"))
    step.values.update({"order": change.order_id, "change": change.id})
    return None


def _both(step: Step) -> tuple[Order, Change]:
    return load(step.tx, step.values["order"]), changes.change_of(step.tx, step.values["change"])


def _ask(step: Step) -> Ask:
    order, change = _both(step)
    text = step.say(
        "answer_change.ask_visit" if new_technician(order, change) else "answer_change.ask",
        code=order.code,
        service=text_in(catalogue_of(step).service(order.service_id).names, step.lang),
        wanted=wanted(step, order, change),
        moment=step.moment(order.starts_at, order.zone),
        until=deadline(step, change.expires_at, order.zone),
    )
    _, *others = answer_buttons(step, order, change)
    return Ask(text, (Choice(step.say("card.agree_change"), {"answer": True}),), extra=tuple(others))


def _read(_step: Step, answer: Answer) -> Took | None:
    """A plain yes or no to what has just been shown; one that says more is asked again.

    A no changes nothing, so it is taken at once: the old time stands.
    """
    understood = answer.understood
    if understood is None:
        return None
    if understood.intent in ("deny", "refuse") and understood.confidence >= _PLAIN:
        return Took({"answer": False})
    if _AGREES.fullmatch(understood.normal.strip()):
        return Took({"answer": True})
    if answer.asked and _KEEPS_OLD.search(understood.normal):
        return Took({"answer": False})
    if not answer.asked or understood.confidence < _PLAIN or understood.intent not in _ANSWERS:
        return None
    if understood.intent == "affirm" and not plain_yes(understood.normal):
        return None
    return Took({"answer": understood.intent == "affirm"})


def _commit(step: Step) -> Done:
    order, change = _both(step)
    if not step.values["answer"]:
        return Done("", begin="refuse_change", begin_values={"order": order.id, "change": change.id})
    try:
        moved = changes.agree(step.tx, change.id, by=side_of(step, order, change), now=step.now)
    except ChangeGone:
        return gone(step, order, change)
    return agreed_words(step, order, change, moved)


def _drop(step: Step) -> str:
    order, change = _both(step)
    return step.say("answer_change.left", until=deadline(step, change.expires_at, order.zone))


def _resume(step: Step) -> bool:
    """A request that has run out or been settled is answered no more."""
    if "change" in step.values and _both(step)[1].state is not ChangeState.OPEN:
        raise ChangeGone(change_id=step.values["change"])
    return False


ANSWER_CHANGE = Flow(
    name="answer_change",
    role="anyone",
    intents=(),
    fields=(Field("answer", "yes_no", _ask, _read, hears=("keep",), holds=bool),),
    start=_start,
    commit=_commit,
    drop=_drop,
    resume=_resume,
    claims=_claims,
    keeps={"order": int, "change": int},
)
