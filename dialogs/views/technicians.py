"""Who may come: a list by wishes (stars, years, certificate, price, district, skill), and each one's card."""

from typing import Any

from core.catalog import text_in
from core.technicians import Technician
from dialogs.engine.actions import Begin, Look, plain
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.fields.plan import name_of, stars
from dialogs.fields.wishes import WISHES, preferences_of, wish_words, wishes_in, wishes_said
from dialogs.lexicon import catalogue_of, roster_of
from dialogs.outgoing import Button
from dialogs.views.knowing import answer_to, joined, policy, service_meant
from dialogs.views.paging import page_of
from nlu import Understanding

_NAME = "technicians"


def _show(step: Step, understood: Understanding | None, about: dict[str, Any]) -> Shown:
    person = _one_meant(step, understood, about)
    if person is not None:
        return _card(step, person)
    wanted = _wanted(step, understood, about)
    if not _wished(step, understood) and understood is not None and answer_to(step, understood.normal) is not None:
        return policy(step, understood, {})  # "are they certified?" asks for the rule, not for a list
    return _list(step, wanted | {key: about[key] for key in ("ids", "page") if key in about})


def _one_meant(step: Step, understood: Understanding | None, about: dict[str, Any]) -> Technician | None:
    said = None if understood is None else understood.first("technician")
    which = about.get("technician") if said is None else said.value
    return roster_of(step).find(int(str(which))) if str(which).isdigit() else None


def _wished(step: Step, understood: Understanding | None) -> bool:
    return bool(wishes_said(step, understood)) or (understood is not None and understood.first("region") is not None)


def _wanted(step: Step, understood: Understanding | None, about: dict[str, Any]) -> dict[str, Any]:
    """Return what the list is of: what a button carries, or what was said, within what a running booking is about."""
    wanted = {key: about[key] for key in (*WISHES, "service", "region") if about.get(key) is not None}
    if understood is None:
        return wanted
    wanted |= wishes_said(step, understood)
    service, region = service_meant(step, understood), understood.first("region")
    if service is not None:
        wanted["service"] = service.id
    if region is not None:
        wanted["region"] = int(str(region.value))
    return wanted


def _fitting(step: Step, wanted: dict[str, Any]) -> list[Technician]:
    """Return who fits, best rated first."""
    preferences, price = preferences_of(wanted), wanted.get("price")
    fitting = [
        one
        for one in roster_of(step).technicians
        if preferences.met_by(one)
        and wanted.get("service") in (None, *one.service_ids)
        and wanted.get("region") in (None, *one.region_ids)
        and (price is None or (_from_minor(step, one, wanted.get("service")) or price + 1) <= price)
    ]
    return sorted(fitting, key=lambda one: (-(one.stars or 0), -one.visits_done, one.id))


def _from_minor(step: Step, one: Technician, service_id: int | None = None) -> int | None:
    """Return the lowest price of what somebody does, None when nothing of it is on sale."""
    offered = (each for each in catalogue_of(step).services if each.id in one.service_ids)
    prices = [
        option.price_minor for each in offered if service_id in (None, each.id) for option in each.options
    ]  # a price is the service's, whoever comes
    return min(prices, default=None)


def _list(step: Step, wanted: dict[str, Any]) -> Shown:
    found = _fitting(step, wanted)
    if not found and "ids" not in wanted:
        return _nobody(step, wanted)
    page = page_of(step, _NAME, wanted, [one.id for one in found])
    shown = [person for one in page.ids if (person := roster_of(step).find(one)) is not None]
    words = _words(step, wanted)
    head = step.say("know.technicians_like", wishes=words, count=page.total) if words else step.say("know.technicians")
    buttons = [_to_card(step, one) for one in shown]
    lines = [_line(step, one, wanted.get("service")) for one in shown]
    return Shown("\n".join([head, *lines]), (*buttons, *page.more), columns=2)


def _words(step: Step, wanted: dict[str, Any]) -> str:
    parts = [wish_words(step, wanted)]
    shop = catalogue_of(step)
    if "service" in wanted:
        parts.append(step.say("wish.skill", service=text_in(shop.service(wanted["service"]).names, step.lang)))
    if "region" in wanted:
        parts.append(step.say("wish.region", region=text_in(shop.region(wanted["region"]).names, step.lang)))
    return joined(step, (part for part in parts if part))


def _nobody(step: Step, wanted: dict[str, Any]) -> Shown:
    """Say that nobody fits, and offer to do without each of the wishes."""
    wishes = [*wishes_in(wanted), *(key for key in ("service", "region") if key in wanted)]
    if not wishes:
        return Shown(step.say("know.no_technicians"))
    buttons = [
        Button(step.say(f"wish.any_{name}"), plain(Look(_NAME, {k: v for k, v in wanted.items() if k != name})))
        for name in wishes
    ]
    return Shown(step.say("wish.nobody", wishes=_words(step, wanted)), tuple(buttons), columns=2)


def _to_card(step: Step, one: Technician) -> Button:
    return Button(f"{name_of(step, one)} {stars(one)}".strip(), plain(Look(_NAME, {"technician": one.id})))


def _line(step: Step, one: Technician, service_id: int | None) -> str:
    price = _from_minor(step, one, service_id)
    parts = (
        f"{name_of(step, one)} {stars(one) or step.say('know.new')}",
        step.say(f"book.sex_{one.sex}"),
        step.say("know.years", years=one.years),
        step.say("wish.certified") if one.certified else "",
        "" if price is None else step.say("know.from", price=step.money(price, step.house.currency)),
        _skills(step, one),
    )
    return " · ".join(part for part in parts if part)


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
    price = _from_minor(step, person)
    if price is not None:
        text += "\n" + step.say("know.card_price", price=step.money(price, step.house.currency))
    papers = joined(
        step, (text_in(each.names, step.lang) for each in person.certificates if each.checked_at is not None)
    )
    if papers:
        text += "\n" + step.say("know.certified", papers=papers)
    if person.on_duty_at is None:
        text += "\n" + step.say("know.off_duty")
    begin = Button(
        step.say("know.book_with", name=name_of(step, person)), plain(Begin("book", {"technician": {"id": person.id}}))
    )
    others = Button(step.say("know.others"), plain(Look(_NAME)))
    return Shown(text, (begin, others), photo_file_id=person.face_file_id, columns=2)


def _skills(step: Step, person: Technician) -> str:
    return joined(
        step, (text_in(each.names, step.lang) for each in catalogue_of(step).services if each.id in person.service_ids)
    )


TECHNICIANS = View(_NAME, "anyone", ("browse_technicians", "ask_technician"), _show)
