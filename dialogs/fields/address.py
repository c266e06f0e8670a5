"""Where to come: a saved address, words with a district, or a pin."""

import re
from typing import Any, Required, TypedDict

from core.catalog import Place, Region, text_in
from core.people import LONGEST_ADDRESS, Address, addresses
from core.words import one_line
from dialogs.engine.actions import Change, plain
from dialogs.engine.flow import Answer, Ask, Choice, Field, Missed, Took
from dialogs.engine.step import Step
from dialogs.fields.doors import is_a_door, joined
from dialogs.fields.elsewhere import names_another_city
from dialogs.lexicon import catalogue_of
from dialogs.outgoing import Button

LONGEST_DOOR = 80
_LONGEST_PLACE = LONGEST_ADDRESS - LONGEST_DOOR - 1
"""A place that a door is added to: both are kept as one address."""
_SHORTEST_DETAIL = 2
_DOOR_SAID = re.compile(
    r"[0-9０-９]|[一二三四五六七八九十](?:号|栋|幢|座|楼|单元|层|室)|\b(?:flat|tower|block) [a-z]\b", re.IGNORECASE
)
"""A compound or a landmark alone brings nobody to a door: without a number the door is asked."""


_NO_PLACE = re.compile(
    r"(?:谁|哪个|邊個|边个|我|那|就|都|也|可以|行|好|得|不限|随便|隨便|无所谓|無所謂|您定|你定(?!位)|时间|原来|吧|的|了|啊|[\s,，.。!！])+"
    r"|(?:(?:i|we)(?:['’]?(?:ll|m|re)| am| are| will)(?: be)?(?: staying)?|at|in|my|our|here"
    r"|any(?:one|body)?|really|whoever|whatever|and|the|original|same|time|is|fine"
    r"|ok|okay|please|no preference|[\s,.!])+",
    re.IGNORECASE,
)
"""Words that answer another question: nobody lives at "anyone really"."""
_LEADING = re.compile(
    r"^(?:我们?(?:现在|正)?(?:住|就)?在(?!线))(?=.{4})"
    r"|^(?:i'?m|i am|we'?re|we are)(?: staying| living)? (?:at|in) (?:the )?(?=.{4})",
    re.IGNORECASE,
)
"""What people say before the address itself."""


def saved(step: Step) -> tuple[Address, ...]:
    """Return the person's addresses, newest used first, read once a turn."""
    if "addresses" not in step.memo:
        step.memo["addresses"] = addresses(step.tx, step.person_id)
    found: tuple[Address, ...] = step.memo["addresses"]
    return found


def as_value(kept: Address) -> dict[str, Any]:
    """Return a saved address as the conversation keeps it."""
    return {"id": kept.id, "text": kept.text, "region": kept.region_id, "lat": kept.lat, "lng": kept.lng}


def address_line(step: Step, kept: Address) -> str:
    """Write a saved address with what it is to the person: 家 · 望京花园 3 号楼 1201（默认）."""
    label = "" if kept.label is None else f"{step.say(f'my_addresses.label_{kept.label}')} · "
    return f"{label}{kept.text}{step.say('my_addresses.always') if kept.always else ''}"


def _settle(step: Step) -> dict[str, Any] | None:
    """The last one is assumed; the summary shows it and offers to change it."""
    known = saved(step)
    return {"address": as_value(known[0])} if known else None


def _ask(step: Step) -> Ask:
    choices = tuple(Choice(kept.text, {"address": as_value(kept)}) for kept in saved(step))
    key = "book.ask_address_again" if choices else "book.ask_address"
    return Ask(step.say(key), choices, asks="location")


def _read(step: Step, answer: Answer) -> Took | Missed | None:
    if answer.point is not None:
        return _pinned(step, *answer.point)
    if answer.understood is None:
        return None
    place = answer.understood.first("place_name")
    if step.frame.asking == "door" and place is None and not answer.understood.corrects:
        return None  # "Tower B 2203" says where at the pin, not somewhere else
    said = answer.understood.first("address")
    if said is None or _NO_PLACE.fullmatch(said.text.strip()):
        return None if place is None else _remembered(step, str(place.value))
    text = one_line(said.text)
    return _completed(step, text) or worded(step, _with_place(step, text, answer.understood.text))


def _completed(step: Step, text: str) -> Took | None:
    """A building or a flat alone, said after the place, belongs to that place: 3栋1单元502."""
    here = step.values.get("address")
    shop = catalogue_of(step)
    if here is None or step.frame.asking == "address" or shop.locate(text) is not None or not is_a_door(text):
        return None
    if "door" in step.values:
        return Took({"door": joined(step.values["door"], text)})
    if here["text"] == step.say("book.your_pin"):  # a point on the map has no words that a door could end
        return Took({"door": text})
    whole = joined(here["text"], text)
    return (
        Took({"address": {**here, "id": None, "text": whole, "pin": False}}) if len(whole) <= LONGEST_ADDRESS else None
    )


def _with_place(step: Step, text: str, said: str) -> str:
    """Name the known place that was said apart from the address: 全季酒店808房 春熙路那家."""
    shop = catalogue_of(step)
    found = None if shop.locate(text) is not None else shop.locate(one_line(said))
    return f"{text_in(found.names, step.lang)} {text}" if isinstance(found, Place) else text


def _remembered(step: Step, place: str) -> Took | Missed:
    """Take the address kept as home, work or hotel; the usual one is the first, and so is one that has no label."""
    known = saved(step)
    if not known:
        return Missed(step.say(_none_saved(step)))
    fitting = [each for each in known if each.label == place] or [each for each in known if each.label is None]
    kept = known[0] if place == "usual" else next(iter(fitting), None)
    if kept is None:
        return Missed(step.say(f"book.no_{place}"))
    return Took({"address": as_value(kept), "door": None, "district": None})


def _none_saved(step: Step) -> str:
    """Choose the words: how to tell an address is said once, by its own question wherever that is asked."""
    if step.frame.asking == "address":
        return "book.none_saved_yet"
    return "book.no_saved_address" if "address" in step.values else "book.no_saved_asked_later"


def _pinned(step: Step, lat: float, lng: float, label: str) -> Took | Missed:
    region = catalogue_of(step).region_near(lat, lng)
    if region is None:
        return Missed(step.say("book.outside"))
    text = one_line(label)[:_LONGEST_PLACE] or step.say("book.your_pin")
    pin = {"id": None, "text": text, "region": region.id, "lat": lat, "lng": lng, "pin": True}
    return Took({"address": pin, "district": None, "door": None})


def worded(step: Step, text: str) -> Took | Missed:
    """Take an address in words: where it is as far as the catalogue can tell."""
    text = _LEADING.sub("", text, count=1) or text
    if len(text) > LONGEST_ADDRESS:
        return Missed(step.say("book.address_too_long", most=LONGEST_ADDRESS))
    if names_another_city(step, text):
        return Missed(step.say("book.outside"))
    found = catalogue_of(step).locate(text)
    value: dict[str, Any] = {"id": None, "text": text, "region": None, "lat": None, "lng": None}
    match found:
        case Place():
            to_ask = len(text) <= _LONGEST_PLACE and not _DOOR_SAID.search(text)
            value |= {"region": found.region_id, "lat": found.lat, "lng": found.lng, "pin": to_ask}
        case Region():
            if len(text) - min(len(name) for name in found.names.values()) < _SHORTEST_DETAIL:
                return Missed(step.say("book.address_more", region=text_in(found.names, step.lang)))
            value |= {"region": found.id, "lat": found.lat, "lng": found.lng}
        case None:
            pass
    return Took({"address": value, "district": None, "door": None})


def _ask_district(step: Step) -> Ask:
    choices = tuple(
        Choice(text_in(region.names, step.lang), {"district": region.id}) for region in catalogue_of(step).regions
    )
    elsewhere = Button(step.say("book.no_district"), plain(Change("address")))
    text = step.say("book.ask_district", address=step.values["address"]["text"])
    return Ask(text, choices, extra=(elsewhere,), columns=2)


def _read_district(step: Step, answer: Answer) -> Took | None:
    if answer.understood is None or not answer.asked:
        return None
    named = answer.understood.first("region")
    return Took({"district": int(named.value)}) if named is not None and isinstance(named.value, str) else None


def _ask_door(step: Step) -> Ask:
    place = step.values["address"]["text"]
    words = (
        step.say("book.ask_door") if place == step.say("book.your_pin") else step.say("book.ask_door_at", place=place)
    )
    return Ask(
        words,
        (Choice(step.say("book.meet_downstairs"), {"door": step.say("book.meet_downstairs")}),),
    )


def _read_door(step: Step, answer: Answer) -> Took | Missed | None:
    if not answer.asked or not (answer.sure or (answer.understood and answer.understood.first("address"))):
        return None
    text = one_line(answer.text)
    if not any(character.isalnum() for character in text):
        return None
    fits = len(text) <= LONGEST_DOOR
    return Took({"door": text}) if fits else Missed(step.say("book.address_too_long", most=LONGEST_DOOR))


class Where(TypedDict, total=False):
    """An address as the conversation keeps it: words, and what is known of where that is."""

    id: int | None
    text: Required[str]
    region: int | None
    lat: float | None
    lng: float | None
    pin: bool


ADDRESS = Field(
    "address",
    "address",
    _ask,
    _read,
    settle=_settle,
    holds=Where,
    tell=lambda step: str(step.values["address"]["text"]),
    reopened_by=("give_address",),
)
DISTRICT = Field(
    "district",
    "region",
    _ask_district,
    _read_district,
    needs=("address",),
    skip=lambda step: step.values["address"].get("region") is not None,
    holds=int,
)
DOOR = Field(
    "door",
    "text",
    _ask_door,
    _read_door,
    needs=("address",),
    skip=lambda step: not step.values["address"].get("pin"),
    holds=str,
    raw=True,
)
