"""Starting the service at the door with the customer's four digits."""

import re
import unicodedata

from core.orders.states import OrderState
from core.orders.visit import WrongCode, start
from core.settings import rules
from dialogs.cards.buttons import act, visit_buttons
from dialogs.engine.flow import Answer, Ask, Done, Field, Flow, Redo, Took
from dialogs.engine.step import Step
from dialogs.flows.set_out import start_with, visit_meant
from dialogs.roles import technician_of
from dialogs.start_codes import Spoken, spoken_of
from nlu import Understanding

_DIGITS = 4
_BARE = re.compile(r"[0-9]{4}")


def _ask_code(step: Step) -> Ask:
    return Ask(step.say("start_visit.ask_code"), extra=(act(step, "absent", step.values["order"]),))


def _read_code(_step: Step, answer: Answer) -> Took | None:
    digits = "".join(c for c in unicodedata.normalize("NFKC", answer.text) if c.isascii() and c.isdigit())
    meant = answer.asked or digits == answer.text.strip()
    return Took({"code": digits}) if meant and len(digits) == _DIGITS else None


def _claims(step: Step, understood: Understanding) -> bool:
    """Four digits from somebody who stands at a door are its code; words about "the code" want to give it."""
    words = understood.normal.strip()
    if _BARE.fullmatch(words) is None and spoken_of(words) not in (Spoken.NAMED, Spoken.BARE):
        return False
    order = visit_meant(step)
    return order is not None and order.state is OrderState.ARRIVED


def _commit(step: Step) -> Done | Redo:
    technician = technician_of(step)
    assert technician is not None
    result = start(step.tx, step.values["order"], technician_id=technician.id, code=step.values["code"], now=step.now)
    if isinstance(result, WrongCode):
        if result.tries_left:
            return Redo(step.say("start_visit.wrong", left=result.tries_left), ("code",))
        return Done(step.say("start_visit.asked_customer", tries=rules(step.tx).code_tries))
    return Done(step.say("start_visit.done"), visit_buttons(step, result))


START_VISIT = Flow(
    name="start_visit",
    role="technician",
    intents=("begin_work",),
    fields=(Field("code", "code", _ask_code, _read_code, holds=str),),
    start=start_with(OrderState.ARRIVED),
    commit=_commit,
    claims=_claims,
    keeps={"order": int},
    unsure=True,
)
