"""Saving an address before it is needed: where, the door, and what the place is to the person."""

from dataclasses import replace
from typing import Any

from core.people import AddressLabel, save_address
from core.people.addresses import MOST_KEPT
from dialogs.engine.actions import Look, plain
from dialogs.engine.flow import Answer, Ask, Choice, Done, Field, Flow, Missed, Took
from dialogs.engine.step import Step
from dialogs.fields.address import ADDRESS, DISTRICT, DOOR, address_line, saved
from dialogs.lexicon import catalogue_of
from dialogs.outgoing import Button

_NO_LABEL = "none"


def _start(step: Step) -> Done | None:
    if len(saved(step)) < MOST_KEPT:
        return None
    all_of_them = Button(step.say("my_addresses.all"), plain(Look("my_addresses")))
    return Done(step.say("add_address.full", most=MOST_KEPT), (all_of_them,))


def _ask(step: Step) -> Ask:
    return Ask(step.say("add_address.ask"), asks="location")


def _read(step: Step, answer: Answer) -> Took | Missed | None:
    """Take a new address; "at home" alone is only what it will be called."""
    new = answer.point is not None or (answer.understood is not None and answer.understood.first("address") is not None)
    return ADDRESS.read(step, answer) if new else None


def _ask_label(step: Step) -> Ask:
    choices = [Choice(step.say(f"my_addresses.label_{label}"), {"label": label}) for label in AddressLabel]
    none = Choice(step.say("add_address.no_label"), {"label": _NO_LABEL})
    return Ask(step.say("add_address.ask_label", address=_text(step)), (*choices, none), columns=2)


def _read_label(_step: Step, answer: Answer) -> Took | None:
    if answer.understood is None:
        return None
    place = answer.understood.first("place_name")
    if place is not None and place.value in tuple(AddressLabel):
        return Took({"label": place.value})
    return Took({"label": _NO_LABEL}) if answer.asked and answer.understood.intent == "deny" else None


def _text(step: Step) -> str:
    where: dict[str, Any] = step.values["address"]
    door = step.values.get("door")
    return f"{where['text']} {door}" if door else str(where["text"])


def _commit(step: Step) -> Done:
    where, label = step.values["address"], step.values["label"]
    region = catalogue_of(step).region(int(where.get("region") or step.values["district"]))
    known = where.get("lat") is not None
    kept = save_address(
        step.tx,
        step.person_id,
        text=_text(step),
        region_id=region.id,
        lat=where["lat"] if known else region.lat,
        lng=where["lng"] if known else region.lng,
        now=step.now,
        label=None if label == _NO_LABEL else AddressLabel(label),
    )
    all_of_them = Button(step.say("my_addresses.all"), plain(Look("my_addresses")))
    return Done(step.say("add_address.done", line=address_line(step, kept)), (all_of_them,))


ADD_ADDRESS = Flow(
    name="add_address",
    role="customer",
    intents=("add_address",),
    fields=(
        replace(ADDRESS, ask=_ask, read=_read, settle=None),
        DISTRICT,
        DOOR,
        Field("label", "choice", _ask_label, _read_label, needs=("address",), holds=str),
    ),
    start=_start,
    commit=_commit,
)
