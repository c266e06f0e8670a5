"""Removing a saved address: which, one yes, and it is offered no more."""

from core.people import address, remove_address
from dialogs.engine.actions import Commit, Look, Word, plain
from dialogs.engine.flow import Ask, Done, Flow
from dialogs.engine.step import Step
from dialogs.fields.address import address_line
from dialogs.flows.which_address import address_field, refuse_without_address
from dialogs.outgoing import Button


def _summary(step: Step) -> Ask:
    line = address_line(step, address(step.tx, step.person_id, step.values["which"]))
    buttons = (
        Button(step.say("remove_address.yes"), plain(Commit())),
        Button(step.say("remove_address.keep"), plain(Word("drop"))),
    )
    return Ask(step.say("remove_address.summary", line=line), extra=buttons)


def _commit(step: Step) -> Done:
    one = address(step.tx, step.person_id, step.values["which"])
    remove_address(step.tx, step.person_id, one.id, step.now)
    rest = Button(step.say("my_addresses.all"), plain(Look("my_addresses")))
    return Done(step.say("remove_address.done", line=address_line(step, one)), (rest,))


REMOVE_ADDRESS = Flow(
    name="remove_address",
    role="customer",
    intents=("remove_address",),
    fields=(address_field("remove_address.ask"),),
    start=refuse_without_address("remove_address.none"),
    summary=_summary,
    commit=_commit,
    drop=lambda step: step.say("remove_address.kept"),
    unsure=True,
)
