"""What can be booked: by trade with the price it begins at, and each service with its options."""

import re
from typing import Any

from core.catalog import Service, text_in
from dialogs.engine.actions import Begin, Look, plain
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.fields.wishes import wishes_said
from dialogs.lexicon import catalogue_of, trade_named
from dialogs.nothing_sold import nothing_sold
from dialogs.outgoing import Button
from dialogs.views.knowing import answer_to, policy, price_line, service_meant
from dialogs.views.paging import page_of
from nlu import Understanding

_NAME = "services"


def _show(step: Step, understood: Understanding | None, about: dict[str, Any]) -> Shown:
    shut = nothing_sold(step)
    if shut is not None:
        return shut
    if "service" in about:
        return _one(step, catalogue_of(step).service(int(about["service"])))
    service = service_meant(step, understood)
    if _asks_a_rule(step, understood, service):
        return policy(step, understood, {})
    if service is not None and understood is not None and understood.intent == "ask_service":
        return _one(step, service)
    wanted = _wanted(step, understood, about)
    if understood is not None and _DIFFERENCE.search(understood.normal):
        return _compared(step, wanted)
    return _list(step, wanted)


_DIFFERENCE = re.compile(r"区别|不同|差别|不一样|\bdifferen(?:ce|ces|t)\b")


def _compared(step: Step, wanted: dict[str, Any]) -> Shown:
    """Say of each service of the trade talked about what it is, in a line."""
    trade = wanted.get("category") or step.values.get("trade")
    listed = [one for one in catalogue_of(step).services if one.options and trade in (None, one.category)]
    if len(listed) > _MOST_COMPARED:
        return _list(step, wanted)
    lines = [f"{text_in(one.names, step.lang)}: {text_in(one.descriptions, step.lang)}" for one in listed]
    return Shown("\n".join(lines), tuple(_to_one(step, one) for one in listed), columns=2)


_MOST_COMPARED = 6


def _asks_a_rule(step: Step, understood: Understanding | None, service: Service | None) -> bool:
    """Whether the operators have an answer: about the visit in a booking, about the house where none is named."""
    if understood is None or answer_to(step, understood.normal) is None:
        return False
    return "service" in step.values or (service is None and understood.intent == "ask_service")


def _wanted(step: Step, understood: Understanding | None, about: dict[str, Any]) -> dict[str, Any]:
    wanted = {key: about[key] for key in ("price", "category", "ids", "page") if about.get(key) is not None}
    price = wishes_said(step, understood).get("price")
    trade = trade_named(step, understood)
    if price is not None:
        wanted["price"] = price
    if trade is not None:
        wanted["category"] = trade
    return wanted


def _from_minor(service: Service) -> int:
    return min(option.price_minor for option in service.options)


def _list(step: Step, wanted: dict[str, Any]) -> Shown:
    shop, price = catalogue_of(step), wanted.get("price")
    found = [
        service
        for category in shop.categories
        if wanted.get("category") in (None, category.code)
        for service in shop.services_in(category.code)
        if service.options and (price is None or _from_minor(service) <= price)
    ]
    if not found and "ids" not in wanted:
        return _none(step, wanted)
    page = page_of(step, _NAME, wanted, [service.id for service in found])
    shown = [service for service in found if service.id in page.ids]
    lines = [
        step.say(
            "know.services" if price is None else "know.services_within",
            price="" if price is None else step.money(price, step.house.currency),
        )
    ]
    for category in shop.categories:
        of_it = [service for service in shown if service.category == category.code]
        if of_it:
            lines.append(step.say("know.category", name=text_in(category.names, step.lang)))
            lines += [_from_words(step, service) for service in of_it]
    buttons = [_to_one(step, service) for service in shown]
    return Shown("\n".join(lines), (*buttons, *page.more), columns=2)


def _none(step: Step, wanted: dict[str, Any]) -> Shown:
    price = wanted.get("price")
    words = "" if price is None else step.say("wish.price", price=step.money(price, step.house.currency))
    everything = Button(step.say("know.all_services"), plain(Look(_NAME)))
    return Shown(step.say("wish.no_service", wishes=words), (everything,))


def _from_words(step: Step, service: Service) -> str:
    price = step.money(_from_minor(service), step.house.currency)
    return step.say("book.service_from", name=text_in(service.names, step.lang), price=price)


def _to_one(step: Step, service: Service) -> Button:
    return Button(text_in(service.names, step.lang), plain(Look(_NAME, {"service": service.id})))


def _one(step: Step, service: Service) -> Shown:
    about = text_in(service.descriptions, step.lang)
    text = step.say("know.service", name=text_in(service.names, step.lang), about=about)
    buttons = (
        Button(step.say("know.book_this"), plain(Begin("book", {"service": service.id}))),
        Button(step.say("know.who_does"), plain(Look("technicians", {"service": service.id}))),
    )
    return Shown(f"{text}\n{price_line(step, service)}", buttons, columns=2, about={"service": service.id})


SERVICES = View(_NAME, "anyone", ("browse_services", "ask_service"), _show)
