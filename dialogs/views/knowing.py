"""What a customer may ask: prices, and the rules of the house in the operators' own words."""

import re
from collections.abc import Iterable
from typing import Any

from core.catalog import Answer, Service, text_in
from dialogs.engine.actions import Begin, plain
from dialogs.engine.confidence import SURE
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.lexicon import catalogue_of, stands_in, trade_named
from dialogs.nothing_sold import nothing_sold
from dialogs.outgoing import Button
from nlu import Understanding


def service_meant(step: Step, understood: Understanding | None) -> Service | None:
    """Return the service that is named, or that the running flow is about."""
    said = None if understood is None else understood.first("service")
    service_id = said.value if said is not None else step.values.get("service")
    return None if service_id is None else catalogue_of(step).service(int(str(service_id)))


def joined(step: Step, parts: Iterable[str]) -> str:
    """Write several words of one kind in a row."""
    return (", " if step.lang == "en" else "、").join(parts)


def _prices(step: Step, understood: Understanding | None, _about: dict[str, Any]) -> Shown:
    service = service_meant(step, understood)
    if understood is not None and understood.first("service") is None and answer_to(step, understood.normal):
        return policy(step, understood, {})  # "any discount?" is for the operators to answer
    if service is not None:
        begin = Button(step.say("know.book_this"), plain(Begin("book", {"service": service.id})))
        said = step.say("know.price_of", line=price_line(step, service), fare=step.say("know.fare"))
        return Shown(said, (begin,), about={"service": service.id})
    trade = trade_named(step, understood)
    listed = [one for one in catalogue_of(step).services if one.options and trade in (None, one.category)]
    if understood is not None and _CHEAPEST.search(understood.normal):
        listed = sorted(listed, key=lambda one: min(option.price_minor for option in one.options))[:_FEW]
    shut = nothing_sold(step)
    if shut is not None:
        return shut
    lines = [price_line(step, each) for each in listed]
    book = Button(step.say("menu.book"), plain(Begin("book")))
    return Shown("\n".join([step.say("know.prices"), *lines, step.say("know.fare")]), (book,))


_CHEAPEST = re.compile(r"最便宜|最低|\b(?:cheapest|lowest)\b")
_FEW = 3


def price_line(step: Step, service: Service) -> str:
    """Write a service with each of its options and what that costs."""
    comma = ", " if step.lang == "en" else "，"
    options = comma.join(
        f"{text_in(option.names, step.lang)} {step.money(option.price_minor, step.house.currency)}"
        for option in service.options
    )
    return step.say("know.price_line", name=text_in(service.names, step.lang), options=options)


def policy(step: Step, understood: Understanding | None, _about: dict[str, Any]) -> Shown:
    """Answer from the operators' own words: the topic whose keyword is longest in what was asked."""
    asked = "" if understood is None else understood.normal
    found = answer_to(step, asked)
    if found is None:
        return Shown(step.say("know.no_answer"))
    service = service_meant(step, understood)
    return Shown(text_in(found.texts_for(service.category if service else None), step.lang))


def answer_to(step: Step, asked: str) -> Answer | None:
    """Return the answer whose keyword is the longest in these folded words, None when there is none."""
    best: tuple[int, Answer] | None = None
    for each in catalogue_of(step).answers:
        for words in each.keywords.values():
            for word in words:
                if (best is None or len(word) > best[0]) and stands_in(word, asked):
                    best = (len(word), each)
    return None if best is None else best[1]


def _claims(step: Step, understood: Understanding) -> bool:
    """Words of no clear intent that one of the operators' answers is about: their newest keyword counts at once."""
    unclear = understood.confidence < SURE or understood.intent == "out_of_scope"
    return unclear and answer_to(step, understood.normal) is not None


PRICES = View("prices", "anyone", ("ask_price",), _prices)
POLICY = View("policy", "anyone", ("ask_policy",), policy, claims=_claims)
