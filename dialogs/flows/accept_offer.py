"""A technician says yes to an offer in words: the only one is taken at once, of several one is named."""

from dialogs.cards import VERBS
from dialogs.engine.flow import Done, Flow
from dialogs.engine.step import Step
from dialogs.flows.refuse_offer import offered_orders
from dialogs.flows.which_order import order_field, refuse_when_none


def _commit(step: Step) -> Done:
    return VERBS["accept"](step, step.values["order"])


ACCEPT_OFFER = Flow(
    name="accept_offer",
    role="technician",
    intents=("accept",),
    fields=(order_field(offered_orders, "accept_offer.ask_which"),),
    start=refuse_when_none(offered_orders, "offers.none"),
    commit=_commit,
    unsure=True,
)
