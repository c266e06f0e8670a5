"""The visit is finished and the customer says that all is well: that is the yes its card asks for."""

import re
from datetime import timedelta

from core.orders.moves import Order
from core.orders.states import OrderState
from core.orders.views import orders_of
from dialogs.cards import VERBS
from dialogs.engine.flow import Done, Flow
from dialogs.engine.step import Step
from nlu import Understanding

_YES = frozenset({"affirm", "thank", "finish_work"})
_LATELY = timedelta(hours=24)
_MOST = 5
_WELL = re.compile(
    r"没问题|没毛病|都好|挺好|很好|不错|满意|[做搞弄]?完(?:成|了)|做好了|好了|确认"
    r"|\b(?:all (?:good|done|fine|well|ok)|no (?:problem|problems|complaints))\b"
    r"|\b(?:happy|great|perfect|lovely|brilliant|fine|confirm(?:ed)?)\b"
)
_NOT_WELL = re.compile(
    r"但|不过|可是|就是|才|(?<!没)有点|没(?!问题|毛病|事)|不(?!错|客气)|[吗么?]|提前|\b(?:but|not|isn|didn|wasn|except|however|only|yet|broke\w*)\b|n't"
)


def _finished(step: Step) -> Order | None:
    """Return the one visit that lately ended and waits for its customer's word."""
    found = [one for one in orders_of(step.tx, step.person_id, most=_MOST) if one.state is OrderState.FINISHED]
    lately = [one for one in found if one.finished_at is not None and step.now - one.finished_at < _LATELY]
    return lately[0] if len(found) == len(lately) == 1 else None


def _claims(step: Step, understood: Understanding) -> bool:
    words = understood.normal
    if words.strip() == step.say("card.confirm").casefold():  # its card may have been shown on another channel
        return _finished(step) is not None
    if understood.intent not in _YES or _WELL.search(words) is None or _NOT_WELL.search(words) is not None:
        return False
    return _finished(step) is not None


def _start(step: Step) -> Done | None:
    order = _finished(step)
    if order is None:
        return Done(step.say("my_orders.none"))
    step.values["order"] = order.id
    return None


def _commit(step: Step) -> Done:
    return VERBS["confirm"](step, step.values["order"])


CONFIRM_VISIT = Flow(
    name="confirm_visit",
    role="customer",
    intents=(),
    fields=(),
    start=_start,
    commit=_commit,
    claims=_claims,
    keeps={"order": int},
)
