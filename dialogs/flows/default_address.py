"""Choosing the address that is meant when none is named."""

from core.people import mean_always
from dialogs.engine.actions import Look, plain
from dialogs.engine.flow import Done, Flow
from dialogs.engine.step import Step
from dialogs.fields.address import address_line
from dialogs.flows.which_address import address_field, refuse_without_address
from dialogs.outgoing import Button


def _commit(step: Step) -> Done:
    one = mean_always(step.tx, step.person_id, step.values["which"])
    rest = Button(step.say("my_addresses.all"), plain(Look("my_addresses")))
    return Done(step.say("default_address.done", line=address_line(step, one)), (rest,))


DEFAULT_ADDRESS = Flow(
    name="default_address",
    role="customer",
    intents=(),
    fields=(address_field("default_address.ask"),),
    start=refuse_without_address("remove_address.none"),
    commit=_commit,
)
