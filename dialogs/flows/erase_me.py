"""Everything about oneself gone: what that means first, then one yes (conversation behaviour 45)."""

from core.orders.leaving import erase_person, why_stays
from core.orders.states import OVER
from core.orders.views import orders_of
from dialogs.engine.actions import Commit, Look, Word, plain
from dialogs.engine.flow import Ask, Done, Flow
from dialogs.engine.step import Step
from dialogs.engine.talk import MOST_LISTED
from dialogs.fields.address import saved
from dialogs.flows.which_order import order_line
from dialogs.outgoing import Button


def _start(step: Step) -> Done | None:
    match why_stays(step.tx, step.person_id):
        case "order":
            return _order_first(step)
        case "technician":
            human = Button(step.say("word.human"), plain(Word("human")))
            return Done(step.say("erase_me.technician"), (human,))
        case _:
            return None


def _order_first(step: Step) -> Done:
    """Name the order that is under way: it needs to know who and where."""
    found = orders_of(step.tx, step.person_id, most=MOST_LISTED)
    running = next((order for order in found if order.state not in OVER), found[0])
    see = Button(step.say("card.see"), plain(Look("order", {"order": running.id})))
    return Done(step.say("erase_me.order", order=order_line(step, running)), (see,))


def _summary(step: Step) -> Ask:
    orders = len(orders_of(step.tx, step.person_id, most=MOST_LISTED))
    text = step.say("erase_me.summary", addresses=len(saved(step)), orders=orders)
    buttons = (
        Button(step.say("erase_me.yes"), plain(Commit())),
        Button(step.say("erase_me.keep"), plain(Word("drop"))),
    )
    return Ask(text, extra=buttons)


def _commit(step: Step) -> Done:
    refused = _start(step)  # an order may have come to be meanwhile
    if refused is not None:
        return refused
    erase_person(step.tx, step.person_id, operator_id=None, now=step.now)
    return Done(step.say("erase_me.done"), over=True)


ERASE_ME = Flow(
    name="erase_me",
    role="anyone",
    intents=("erase_me",),
    fields=(),
    start=_start,
    summary=_summary,
    commit=_commit,
    drop=lambda step: step.say("erase_me.kept"),
    unsure=True,
    deed=r"确认删除|删除?|注销|清空|\b(?:delete|erase)\b",
)
