"""Saving an address before it is needed: where, the door, and what the place is to the person."""

import re
from dataclasses import replace
from typing import Any

from core.people import AddressLabel, save_address
from core.people.addresses import MOST_KEPT
from core.words import one_line
from dialogs.engine.actions import Look, plain
from dialogs.engine.flow import Answer, Ask, Choice, Done, Field, Flow, Missed, Took
from dialogs.engine.step import Step
from dialogs.fields.address import ADDRESS, DISTRICT, DOOR, address_line, saved, worded
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
    if answer.point is not None:
        return ADDRESS.read(step, answer)
    said = None if answer.understood is None else answer.understood.first("address")
    if said is None or (step.frame.asking == "door" and answer.understood and not answer.understood.corrects):
        return None
    words = _COMMAND.sub("", one_line(said.text))
    label = _LABEL.search(words)
    rest = "" if answer.understood is None else answer.understood.text[said.end :]
    beside = _LABEL.match(rest) if label is None else None
    took = worded(step, words if label is None else words[: label.start()])
    if beside is not None and beside.lastgroup is not None and isinstance(took, Took):
        return replace(took, values=took.values | {"label": beside.lastgroup})
    if label is None or label.lastgroup is None or not isinstance(took, Took):
        return took
    return replace(took, values=took.values | {"label": label.lastgroup})


_COMMAND = re.compile(
    r"^(?:请|帮我|麻烦|我想)*(?:新增|添加|增加|加|存|保存|记)(?:一个|个|一下|下)?(?:新的?|常用)?地址(?:[是为]|[:：,，\s])*"
    r"|^(?:please )?(?:add|save|store) (?:(?:a|an|my|another|new|this) ?)*address[:,\s]*",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"[\s,，(（]+(?:这?是)?(?:(?P<home>我?家里?|home)|(?P<work>我?们?(?:公司|单位)|work|office)|(?P<hotel>酒店|hotel))[\s)）。.]*$",
    re.IGNORECASE,
)
"""What is said of the place after the address itself."""


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
