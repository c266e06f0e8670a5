"""Who comes: a name, a sex, or anyone."""

from core.calendar import CouldNotCheck, NotBookable, Slot, SlotTaken, hold, offers_at
from core.technicians import Technician
from dialogs.engine.flow import Answer, Ask, Choice, Field, Missed, Redo, Took
from dialogs.engine.step import Step
from dialogs.fields.holding import keep_hold
from dialogs.fields.plan import name_of, option_of, region_id_of, service_of, stars, start_of, wish_of
from dialogs.fields.refusals import could_not_check, redo_start
from dialogs.lexicon import catalogue_of, roster_of
from dialogs.texts.formats import kilometres
from nlu import Understanding

MOST_SHOWN = 6


def _able(step: Step) -> list[Technician]:
    """Return who has the skill and serves the region, best rated first."""
    service_id, region_id, sex = service_of(step).id, region_id_of(step), step.values.get("sex")
    able = [
        person
        for person in roster_of(step).technicians
        if service_id in person.service_ids
        and region_id in person.region_ids
        and person.on_duty_at is not None
        and sex in (None, person.sex)
    ]
    return sorted(able, key=lambda person: (-(person.stars or 0), -person.visits_done, person.id))


def _ask(step: Step) -> Ask | Redo:
    try:
        return _ask_at(step) if "start" in step.values else _ask_any_time(step)
    except CouldNotCheck:
        return could_not_check(step)


def _ask_at(step: Step) -> Ask | Redo:
    """Ask among those who can come at the time wanted."""
    wish, at = wish_of(step), start_of(step)
    slots = offers_at(step.tx, wish, person_id=step.person_id, now=step.now, at=at, most=MOST_SHOWN)
    if not slots:
        try:
            held = hold(step.tx, step.person_id, wish, technician_id=None, starts_at=at, now=step.now)
        except (SlotTaken, NotBookable) as refused:  # by which rule, and what is free instead
            return redo_start(step, refused)
        keep_hold(step, held)  # somebody has become free meanwhile
        slots = (held.slot,)
    choices = [Choice(_with_way(step, slot), {"technician": {"id": slot.technician_id}}) for slot in slots]
    choices.append(_anyone(step))
    key = "book.ask_technician_at" if wish.crew == 1 else "book.ask_technician_at_two"
    return Ask(step.say(key, moment=step.moment(at)), tuple(choices))


def _ask_any_time(step: Step) -> Ask | Redo:
    able = _able(step)
    if not able:
        return _nobody_able(step)
    choices = [
        Choice(f"{name_of(step, person)} {stars(person)}".strip(), {"technician": {"id": person.id}, "_near": None})
        for person in able[:MOST_SHOWN]
    ]
    choices.append(_anyone(step))
    key = "book.ask_technician" if option_of(step).crew == 1 else "book.ask_technician_two"
    return Ask(step.say(key), tuple(choices))


def _nobody_able(step: Step) -> Redo:
    if step.values.get("sex") is not None:
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


def _anyone(step: Step) -> Choice:
    return Choice(step.say("book.anyone"), {"technician": {"anyone": True}})


def _meant(step: Step, understood: Understanding) -> list[Technician]:
    """Return whom the words name; of several with one name those who can come here, when some can."""
    said = [str(e.value) for e in understood.entities if e.kind == "technician"]
    ids = dict.fromkeys(int(value) for value in said if value.isdigit())
    named = [person for each in ids if (person := roster_of(step).find(each)) is not None]
    if len(named) > 1 and "service" in step.values and "address" in step.values and _region_known(step):
        able = [person for person in named if person.can_do(service_of(step).id, region_id_of(step))]
        return able or named[:1]
    return named


def _read(step: Step, answer: Answer) -> Took | Missed | None:
    understood = answer.understood
    if understood is None:
        return None
    named = _meant(step, understood)
    if len(named) > 1 and name_of(step, named[0]) == name_of(step, named[1]):
        return Missed(step.say("book.several_of_name", name=name_of(step, named[0])))
    if named:
        return Took({"technician": {"id": named[0].id}, "_near": None})
    if understood.first("anyone") is not None:
        return Took({"technician": {"anyone": True}, "_near": None})
    sex = understood.first("sex")
    if sex is None:
        return None
    current = step.values.get("technician")
    if current is not None and "id" in current:
        person = roster_of(step).find(current["id"])
        if person is not None and person.sex == sex.value:
            return None
        current = None
    return Took({"sex": sex.value, "technician": current, "_near": None})


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
    return not wants_another and "start" not in step.values and ("when" in step.values or "_near" in step.values)


TECHNICIAN = Field(
    "technician", "technician", _ask, _read, needs=("service", "address", "district"), recheck=_recheck, skip=_skip
)
