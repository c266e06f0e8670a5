"""The number on which somebody is rung at the door, from the next booking on."""

from dataclasses import replace

from core.people import masked_phone, set_phone
from dialogs.engine.actions import Look, plain
from dialogs.engine.flow import Ask, Done, Flow
from dialogs.engine.step import Step
from dialogs.fields.phone import PHONE
from dialogs.outgoing import Button


def _ask(step: Step) -> Ask:
    return Ask(step.say("set_phone.ask"), asks="phone")


def _commit(step: Step) -> Done:
    set_phone(step.tx, step.person_id, step.values["phone"])
    details = Button(step.say("menu.profile"), plain(Look("profile")))
    return Done(step.say("set_phone.done", phone=masked_phone(step.values["phone"])), (details,))


SET_PHONE = Flow(
    name="set_phone",
    role="anyone",
    intents=("set_phone",),
    fields=(replace(PHONE, ask=_ask, settle=None),),
    commit=_commit,
)
