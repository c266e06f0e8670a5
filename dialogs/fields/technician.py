"""Who comes: a name, a sex, or anyone."""

import re
from typing import TypedDict

from core.calendar import CouldNotCheck, NotBookable, Slot, SlotTaken, hold, offers_at
from core.technicians import Technician
from dialogs.engine.flow import Answer, Ask, Choice, Field, Missed, Redo, Took
from dialogs.engine.step import Step
from dialogs.fields.either import EITHER
from dialogs.fields.holding import keep_hold
from dialogs.fields.plan import (
    name_of,
    option_of,
    region_id_of,
    service_of,
    stars,
    start_of,
    technician_named,
    wish_of,
)
from dialogs.fields.refusals import could_not_check, redo_start
from dialogs.fields.wishes import (
    WISHES,
    particular,
    preferences_of,
    wish_words,
    wishes_in,
    wishes_said,
    without_one,
)
from dialogs.last_time import last_served
from dialogs.lexicon import catalogue_of, roster_of
from dialogs.texts.formats import kilometres
from nlu import LAST_TIME, Understanding

MOST_ASKED = 24
"""So many who can come at one time are looked up; the engine shows them a page at a time."""
_A_PAGE = 7


def _able(step: Step) -> list[Technician]:
    """Return who has the skill, serves the region and is as wished, best rated first."""
    able = roster_of(step).able(service_of(step).id, region_id_of(step), preferences_of(step.values))
    wanted = [person for person in able if person.id not in step.values.get("but", ())]
    return sorted(wanted, key=lambda person: (-(person.stars or 0), -person.visits_done, person.id))


def _ask(step: Step) -> Ask | Redo:
    try:
        return _ask_at(step) if "start" in step.values else _ask_any_time(step)
    except CouldNotCheck:
        return could_not_check(step)


def _ask_at(step: Step) -> Ask | Redo:
    """Ask among those who can come at the time wanted."""
    wish, at = wish_of(step), start_of(step)
    slots = offers_at(step.tx, wish, person_id=step.person_id, now=step.now, at=at, most=MOST_ASKED)
    if not slots:
        try:
            held = hold(step.tx, step.person_id, wish, technician_id=None, starts_at=at, now=step.now)
        except (SlotTaken, NotBookable) as refused:  # by which rule, and what is free instead
            return redo_start(step, refused)
        keep_hold(step, held)  # somebody has become free meanwhile
        slots = (held.slot,)
    choices = [Choice(_with_way(step, slot), {"technician": {"id": slot.technician_id}}) for slot in slots]
    choices = _with_anyone(step, choices)
    key = "book.ask_technician_at" if wish.crew == 1 else "book.ask_technician_at_two"
    return Ask(_filtered(step, step.say(key, moment=step.moment(at))), tuple(choices))


def _ask_any_time(step: Step) -> Ask | Redo:
    able = _able(step)
    if not able:
        return _nobody_able(step)
    choices = [
        Choice(f"{name_of(step, person)} {stars(person)}".strip(), {"technician": {"id": person.id}, "_near": None})
        for person in able
    ]
    choices = _with_anyone(step, choices)
    key = "book.ask_technician" if option_of(step).crew == 1 else "book.ask_technician_two"
    return Ask(_filtered(step, step.say(key)), tuple(choices))


def _filtered(step: Step, text: str) -> str:
    """Say by what the list was chosen."""
    words = wish_words(step, {**step.values, "price": None})
    return f"{step.say('wish.on', wishes=words)}\n{text}" if words else text


def _nobody_able(step: Step) -> Ask | Redo:
    wished = wishes_in({**step.values, "price": None})
    if particular(step.values):
        return Ask(step.say("wish.nobody", wishes=wish_words(step, wished)), without_one(step, wished), columns=2)
    if wished:
        return Redo(step.say("book.nobody_of_sex"), ("sex",))
    region = catalogue_of(step).region(region_id_of(step))
    names = {"region": region.names.get(step.lang) or region.names["zh-Hans"]}
    return Redo(step.say("book.nobody_there", **names), ("address", "district"), {"_asked": ["address"]})


def _with_way(step: Step, slot: Slot) -> str:
    person = roster_of(step).find(slot.technician_id)
    if person is None:
        return ""
    parts = (
        name_of(step, person),
        stars(person),
        step.say(f"book.sex_{person.sex}"),
        kilometres(slot.leg_metres, step.lang),
    )
    return " · ".join(part for part in parts if part)


def _with_anyone(step: Step, named: list[Choice]) -> list[Choice]:
    """Add anyone who is as wished, and the way to do without wishes: first where the names fill several pages."""
    refused = "but" in step.values and "order" not in step.values  # an order keeps no names to leave out
    others = [] if refused else [Choice(step.say("book.anyone"), {"technician": {"anyone": True}})]
    if particular(step.values):
        others.append(Choice(step.say("wish.clear"), dict.fromkeys(("sex", "stars", "years", "certified"))))
    return [*named, *others] if len(named) <= _A_PAGE - len(others) + 1 else [*others, *named]


def _meant(step: Step, understood: Understanding) -> list[Technician]:
    """Return whom the words name; of several with one name those who can come here, when some can."""
    said = [str(e.value) for e in understood.entities if e.kind == "technician"]
    ids = dict.fromkeys(int(value) for value in said if value.isdigit())
    named = [person for each in ids if (person := roster_of(step).find(each)) is not None]
    if len(named) > 1 and "service" in step.values and "address" in step.values and _region_known(step):
        able = [person for person in named if person.can_do(service_of(step).id, region_id_of(step))]
        return able or named[:1]
    return named


_COMPARES = re.compile(r"谁(?:更|比较)?|哪[个位]|怎么选|对比|\b(?:who|which|better|best|compare|vs|versus)\b")
"""A question about two chooses neither."""


def _read(step: Step, answer: Answer) -> Took | Missed | None:
    understood = answer.understood
    if understood is None:
        return None
    named = _meant(step, understood)
    if len(named) > 1 and name_of(step, named[0]) == name_of(step, named[1]):
        return Missed(step.say("book.several_of_name", name=name_of(step, named[0])))
    if len(named) > 1 and _COMPARES.search(understood.normal):
        return None
    if named:
        return Took({"technician": {"id": named[0].id}, "_near": None})
    unwanted = _unwanted(step, understood)
    if unwanted:
        return Took({"technician": None, "but": unwanted, "_near": None})
    if any(each.value == LAST_TIME for each in understood.entities if each.kind == "technician"):
        return _of_last_time(step)
    if understood.first("anyone") is not None:
        return Took({"technician": {"anyone": True}, "_near": None})
    return _wished(step, answer)


def _unwanted(step: Step, understood: Understanding) -> list[int]:
    """Return whom the words turn down: 别让王师傅来, anybody except Susan."""
    said = [str(each.value) for each in understood.negated if each.kind == "technician"]
    known = [int(value) for value in said if value.isdigit() and roster_of(step).find(int(value)) is not None]
    before = step.values.get("but", [])
    return [*before, *(one for one in dict.fromkeys(known) if one not in before)] if known else []


def _of_last_time(step: Step) -> Took | Missed:
    """Take whoever came last time; somebody who has gone, or never came, is said."""
    last = last_served(step)
    person = None if last is None or last.technician_id is None else roster_of(step).find(last.technician_id)
    if last is None:
        return Missed(step.say("book.nobody_last_time"))
    if person is None:
        return Missed(step.say("book.last_one_gone"))
    return Took({"technician": {"id": person.id}, "_near": None}, step.say("book.last_one", name=name_of(step, person)))


def _wished(step: Step, answer: Answer) -> Took | None:
    """Keep what is wished of whoever comes; somebody chosen who is so already stays, and that is said."""
    wishes = wishes_said(step, answer.understood)
    wishes.pop("price", None)
    given = None if answer.understood is None or not answer.asked else answer.understood.first("stars")
    if given is not None and isinstance(given.value, int):
        wishes.setdefault("stars", given.value * 10)  # where somebody is chosen, "five stars" is no review
    if not wishes:
        return None
    current = step.values.get("technician")
    person = roster_of(step).find(current.get("id", 0)) if current is not None else None
    if person is not None and preferences_of(wishes).met_by(person):
        return Took({}, step.say("wish.fits", name=name_of(step, person)))
    return Took({**wishes, "technician": None if person is not None else current, "_near": None})


def _recheck(step: Step) -> Redo | None:
    chosen = step.values["technician"].get("id")
    if chosen is None:
        return None
    person = roster_of(step).find(chosen)
    if person is None:
        return Redo(step.say("book.technician_gone"), ("technician",))
    if "service" in step.values and service_of(step).id not in person.service_ids:
        return Redo(step.say("book.technician_cannot", name=name_of(step, person)), ("technician",))
    if "address" in step.values and _region_known(step) and region_id_of(step) not in person.region_ids:
        return Redo(step.say("book.technician_not_there", name=name_of(step, person)), ("technician",))
    return None


def _region_known(step: Step) -> bool:
    return bool(step.values["address"].get("region") or step.values.get("district"))


def _skip(step: Step) -> bool:
    """With "this evening after seven" the next question offers times and names together."""
    wants_another = "technician" in step.values.get("_asked", [])
    offered = any(name in step.values for name in ("when", "_near", EITHER, "soonest"))
    return not wants_another and "start" not in step.values and offered


def _tell(step: Step) -> str:
    chosen = step.values.get("technician")
    if chosen is not None:
        return technician_named(step, chosen.get("id", 0)) or step.say("book.anyone")
    return wish_words(step, step.values)


class Who(TypedDict, total=False):
    """Who comes as the conversation keeps it: one by id, or anyone."""

    id: int
    anyone: bool


TECHNICIAN = Field(
    "technician",
    "technician",
    _ask,
    _read,
    needs=("service", "address", "district"),
    recheck=_recheck,
    skip=_skip,
    holds=Who,
    tell=_tell,
    told_by=tuple(WISHES),
    hears=("browse_technicians",),
    reopened_by=("change_technician",),
)
