"""Choosing one of one's saved addresses, where a flow needs one."""

from collections.abc import Callable

from core.people import Address
from dialogs.engine.flow import Answer, Ask, Choice, Done, Field, Took
from dialogs.engine.step import Step
from dialogs.fields.address import address_line, saved


def address_field(ask_key: str) -> Field:
    """Return the field that asks which saved address; the only one is taken without asking."""

    def settle(step: Step) -> Took | None:
        known = saved(step)
        return Took({"which": known[0].id}) if len(known) == 1 else None

    def ask(step: Step) -> Ask:
        return Ask(step.say(ask_key), tuple(Choice(address_line(step, one), {"which": one.id}) for one in saved(step)))

    def read(step: Step, answer: Answer) -> Took | None:
        """Take the address kept under the label that is named, or one whose words are in what was said."""
        if answer.understood is None:
            return None
        said = answer.understood.normal
        fitting = [one for one in saved(step) if _label(step, one) in said or one.text.casefold() in said]
        return Took({"which": fitting[0].id}) if len(fitting) == 1 else None

    return Field("which", "choice", ask, read, settle=settle, holds=int)


def _label(step: Step, one: Address) -> str:
    """Return the word by which an address is named; one without is named by no word at all."""
    return "\0" if one.label is None else step.say(f"my_addresses.label_{one.label}").casefold()


def refuse_without_address(key: str) -> Callable[[Step], Done | None]:
    """Return the flow's start that says so when no address is saved."""

    def start(step: Step) -> Done | None:
        return None if "which" in step.values or saved(step) else Done(step.say(key))

    return start
