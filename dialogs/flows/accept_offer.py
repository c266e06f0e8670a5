"""A technician says yes to an offer in words: the only one is taken at once, of several one is named."""

import re

from dialogs.cards import VERBS
from dialogs.engine.flow import Done, Flow
from dialogs.engine.step import Step
from dialogs.flows.refuse_offer import offered_orders
from dialogs.flows.which_order import order_field, refuse_when_none
from nlu import Understanding

_TAKES = re.compile(
    r"要得|我?接(?:了|单|吧|下)|(?:我|能|可以)(?:去|接|来)|没问题"
    r"|\b(?:i'?ll|i will|i'?d|happy to) (?:take|do|have) (?:it|this|that)\b"
    r"|\bi can(?: (?:take|do|make))?(?: (?:it|this|that))?(?=[.! ]*$)"
)
_WAVERS = re.compile(r"不(?!错)|别|没(?!问题)|但|晚|早|[吗么?]|\b(?:but|not|later|earlier|if)\b|n't")


def _claims(step: Step, understood: Understanding) -> bool:
    """One offer waits, and its technician says in their own words that they take it."""
    words = understood.normal
    if _TAKES.search(words) is None or _WAVERS.search(words) is not None:
        return False
    return len(offered_orders(step)) == 1


def _commit(step: Step) -> Done:
    return VERBS["accept"](step, step.values["order"])


ACCEPT_OFFER = Flow(
    name="accept_offer",
    role="technician",
    intents=("accept",),
    fields=(order_field(offered_orders, "accept_offer.ask_which", "offers.none"),),
    start=refuse_when_none(offered_orders, "offers.none"),
    commit=_commit,
    claims=_claims,
    unsure=True,
)
