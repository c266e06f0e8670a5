"""What a customer may ask: prices, services, technicians, rules of the house."""

from typing import Any

from core.catalog import Answer, Service, text_in
from core.technicians import Technician
from dialogs.engine.actions import Begin, plain
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.fields.plan import name_of, stars
from dialogs.lexicon import catalogue_of, roster_of
from dialogs.outgoing import Button
from nlu import Understanding

_MOST = 8


def _service_meant(step: Step, understood: Understanding | None) -> Service | None:
    said = None if understood is None else understood.first("service")
    service_id = said.value if said is not None else step.values.get("service")
    return None if service_id is None else catalogue_of(step).service(int(str(service_id)))


def _prices(step: Step, understood: Understanding | None, _about: dict[str, Any]) -> Shown:
    service = _service_meant(step, understood)
    if service is not None:
        begin = Button(step.say("know.book_this"), plain(Begin("book", {"service": service.id})))
        return Shown(step.say("know.price_of", line=_price_line(step, service), fare=step.say("know.fare")), (begin,))
    lines = [_price_line(step, each) for each in catalogue_of(step).services]
    return Shown("\n".join([step.say("know.prices"), *lines, step.say("know.fare")]), _book_buttons(step))


def _price_line(step: Step, service: Service) -> str:
    comma = ", " if step.lang == "en" else "，"
    options = comma.join(
        f"{text_in(option.names, step.lang)} {step.money(option.price_minor, step.house.currency)}"
        for option in service.options
    )
    return step.say("know.price_line", name=text_in(service.names, step.lang), options=options)


def _services(step: Step, understood: Understanding | None, _about: dict[str, Any]) -> Shown:
    service = _service_meant(step, understood)
    if "service" in step.values and understood is not None and _answer_to(step, understood.normal) is not None:
        return _policy(step, understood, _about)  # "do you bring oil?" in a booking is about this visit
    if service is not None and understood is not None and understood.intent == "ask_service":
        begin = Button(step.say("know.book_this"), plain(Begin("book", {"service": service.id})))
        about = text_in(service.descriptions, step.lang)
        return Shown(step.say("know.service", name=text_in(service.names, step.lang), about=about), (begin,))
    shop = catalogue_of(step)
    lines = [step.say("know.services")]
    for category in shop.categories:
        names = [text_in(each.names, step.lang) for each in shop.services_in(category.code)]
        joined = (", " if step.lang == "en" else "、").join(names)
        lines.append(step.say("know.category", name=text_in(category.names, step.lang), services=joined))
    return Shown("\n".join(lines), _book_buttons(step))


def _book_buttons(step: Step) -> tuple[Button, ...]:
    return (Button(step.say("menu.book"), plain(Begin("book"))),)


def _technicians(step: Step, understood: Understanding | None, _about: dict[str, Any]) -> Shown:
    said = None if understood is None else understood.first("technician")
    if said is not None:
        person = roster_of(step).find(int(str(said.value)))
        if person is not None:
            return _card(step, person)
    elif understood is not None and _answer_to(step, understood.normal) is not None:
        return _policy(step, understood, _about)  # "are they certified?" asks for the rule, not for a list
    able = sorted(roster_of(step).technicians, key=lambda each: (-(each.stars or 0), each.id))[:_MOST]
    lines = [f"{name_of(step, each)} {stars(each)} · {_skills(step, each)}" for each in able]
    return Shown("\n".join([step.say("know.technicians"), *lines]), _book_buttons(step))


def _card(step: Step, person: Technician) -> Shown:
    text = step.say(
        "know.technician",
        name=name_of(step, person),
        stars=stars(person) or step.say("know.new"),
        years=person.years,
        visits=person.visits_done,
        skills=_skills(step, person),
        bio=text_in(person.bio, step.lang),
    )
    papers = (", " if step.lang == "en" else "、").join(
        text_in(each.names, step.lang) for each in person.certificates if each.checked_at is not None
    )
    if papers:
        text += "\n" + step.say("know.certified", papers=papers)
    begin = Button(
        step.say("know.book_with", name=name_of(step, person)), plain(Begin("book", {"technician": {"id": person.id}}))
    )
    return Shown(text, (begin,), photo_file_id=person.face_file_id)


def _skills(step: Step, person: Technician) -> str:
    names = [text_in(each.names, step.lang) for each in catalogue_of(step).services if each.id in person.service_ids]
    return (", " if step.lang == "en" else "、").join(names)


def _policy(step: Step, understood: Understanding | None, _about: dict[str, Any]) -> Shown:
    """Answer from the operators' own words: the topic whose keyword is longest in what was asked."""
    asked = "" if understood is None else understood.normal
    found = _answer_to(step, asked)
    if found is None:
        return Shown(step.say("know.no_answer"))
    service = _service_meant(step, understood)
    return Shown(text_in(found.texts_for(service.category if service else None), step.lang))


def _answer_to(step: Step, asked: str) -> Answer | None:
    best: tuple[int, Answer] | None = None
    for each in catalogue_of(step).answers:
        for words in each.keywords.values():
            for word in words:
                if word.casefold() in asked and (best is None or len(word) > best[0]):
                    best = (len(word), each)
    return None if best is None else best[1]


PRICES = View("prices", "anyone", ("ask_price",), _prices)
SERVICES = View("services", "anyone", ("browse_services", "ask_service"), _services)
TECHNICIANS = View("technicians", "anyone", ("browse_technicians", "ask_technician"), _technicians)
POLICY = View("policy", "anyone", ("ask_policy",), _policy)
