"""What somebody would like, and how long."""

import re
from collections.abc import Iterable

from core.catalog import Service, text_in
from dialogs.engine.flow import Answer, Ask, Choice, Field, Redo, Took
from dialogs.engine.step import Step
from dialogs.fields.options import told_in_words
from dialogs.fields.plan import option_of, service_of, times_in
from dialogs.fields.suiting import FITS, ask_suiting, suiting
from dialogs.fields.wishes import wishes_said
from dialogs.lexicon import catalogue_of, roster_of, trade_named
from nlu import Understanding


def _ask_service(step: Step) -> Ask:
    services = _within(step, catalogue_of(step).services)
    choices = tuple(Choice(_priced(step, service), {"service": service.id}) for service in services)
    if step.values.get(FITS):
        return ask_suiting(step, services, choices)
    return Ask(step.say("book.ask_service"), choices, columns=2 if step.channel != "wechat" else 1)


def _within(step: Step, services: Iterable[Service]) -> list[Service]:
    """Return what is on sale for the price wished, or all of it when nothing is."""
    trade, fits = step.values.get("trade"), step.values.get(FITS)
    doer = roster_of(step).find((step.values.get("technician") or {}).get("id", 0))
    on_sale = [service for service in services if service.options and trade in (None, service.category)]
    on_sale = [each for each in on_sale if fits and each.id in fits] or on_sale
    on_sale = [each for each in on_sale if doer is not None and each.id in doer.service_ids] or on_sale
    most = step.values.get("price")
    return [each for each in on_sale if most is None or _lowest(each) <= most] or on_sale


def _lowest(service: Service) -> int:
    return min(option.price_minor for option in service.options)


def _priced(step: Step, service: Service) -> str:
    price = step.money(_lowest(service), step.house.currency)
    return step.say("book.service_from", name=text_in(service.names, step.lang), price=price)


def _read_service(step: Step, answer: Answer) -> Took | None:
    if answer.understood is None:
        return None
    named = answer.understood.first("service")
    wished = _price_wished(step, answer.understood)
    if named is None or not isinstance(named.value, str):
        return wished or _advised(step, answer) or (_unsettled(step, answer) if answer.asked else None)
    values, then = wished.values if wished else {}, _wished_after(step, answer.understood)
    if then is None:
        return Took(values | {"service": int(named.value)})
    first, second = (text_in(catalogue_of(step).service(int(one)).names, step.lang) for one in (named.value, str(then)))
    note = step.say("book.one_after_the_other", first=first, second=second)
    return Took(values | {"service": int(named.value), THEN: then}, note)


def _advised(step: Step, answer: Answer) -> Took | None:
    """What suits the person, as far as they tell what for; else the trade they name."""
    assert answer.understood is not None
    of_trade = _of_trade(step, answer.understood)
    trade = of_trade.values["trade"] if of_trade else step.values.get("trade")
    on_sale = [one for one in catalogue_of(step).services if one.options and trade in (None, one.category)]
    return suiting(step, answer.understood, on_sale, asked=answer.asked) or of_trade


def _wished_after(step: Step, understood: Understanding) -> int | None:
    """Return the second service of "a manicure, and cleaning as well": one visit at a time, none is forgotten."""
    named = dict.fromkeys(str(one.value) for one in understood.entities if one.kind == "service")
    if "service" in step.values or len(named) != 2 or _EITHER_OF_THEM.search(understood.normal):
        return None
    return int(list(named)[1])


_EITHER_OF_THEM = re.compile(r"或|还是|要么|哪个|区别|\b(?:or|versus|vs|which|between|difference)\b|[?]|[吗呢]$")
THEN = "then"
"""What is booked next, when this visit stands."""


def _of_trade(step: Step, understood: Understanding) -> Took | None:
    """Only a trade is named ("a massage"): what there is of it is left to choose from."""
    trade = None if "service" in step.values else trade_named(step, understood)
    if trade is None or trade == step.values.get("trade"):
        return None
    return Took({"trade": trade})


def _unsettled(step: Step, answer: Answer) -> Took | None:
    """Where the service is asked: a length is kept for it, and "anything" is heard, though one must be chosen."""
    assert answer.understood is not None
    lasting = answer.understood.first("duration")
    if lasting is not None and isinstance(lasting.value, int):
        return Took({"minutes": lasting.value}, step.say("book.minutes_kept", minutes=lasting.value))
    return Took({}, step.say("book.any_service")) if _ANYTHING.fullmatch(answer.understood.normal.strip()) else None


_ANYTHING = re.compile(
    r"(?:我|那|就|什么|哪个|哪种)*(?:都行|都可以|都好|随便|无所谓|随意|您定|你定(?!位))[吧的啊呀哦了\s,.!~]*"
    r"|(?:anything|whatever|any|either|any of them|i don'?t mind|up to you|you choose)"
    r"(?: is fine| will do| goes)?[\s,.!]*"
)


def _price_wished(step: Step, understood: Understanding) -> Took | None:
    """Keep what it may cost at most; an option above that is said and chosen again, where a lower one exists."""
    most = wishes_said(step, understood).get("price")
    if most is None:
        return None
    if "service" not in step.values:
        return Took({"price": most})
    lowest, currency = _lowest(service_of(step)), step.house.currency
    if lowest > most:
        facts = {"price": step.money(lowest, currency), "most": step.money(most, currency)}
        return Took({}, step.say("wish.none_so_cheap", **facts))
    chosen = option_of(step) if "option" in step.values else None
    if chosen is None or chosen.price_minor <= most:
        return Took({"price": most})
    facts = {"price": step.money(chosen.price_minor, currency), "most": step.money(most, currency)}
    option = text_in(chosen.names, step.lang)
    return Took({"price": most, "option": None}, step.say("wish.dearer", option=option, **facts))


def _settle_option(step: Step) -> Took | None:
    """The only option is taken, and told: what it is, what it costs, what it includes (behaviour 10)."""
    service = service_of(step)
    if len(service.options) != 1:
        lasting = [option for option in service.options if option.minutes == step.values.get("minutes")]
        return Took({"option": lasting[0].id}) if len(lasting) == 1 else None
    option = service.options[0]
    note = step.say(
        "book.only_option",
        service=text_in(service.names, step.lang),
        option=text_in(option.names, step.lang),
        price=step.money(option.price_minor, step.house.currency),
        about=text_in(service.descriptions, step.lang),
    )
    return Took({"option": option.id}, note)


def _ask_option(step: Step) -> Ask:
    service, most = service_of(step), step.values.get("price")
    choices = tuple(
        Choice(
            step.say(
                "book.option",
                name=text_in(option.names, step.lang),
                price=step.money(option.price_minor, step.house.currency),
            ),
            {"option": option.id},
        )
        for option in service.options
        if most is None or option.price_minor <= most or _lowest(service) > most
    )
    if step.values.get("_told") == service.id:
        return Ask(step.say("book.ask_option_again", service=text_in(service.names, step.lang)), choices)
    step.values["_told"] = service.id
    about = text_in(service.descriptions, step.lang)
    return Ask(step.say("book.ask_option", service=text_in(service.names, step.lang), about=about), choices)


def _read_option(step: Step, answer: Answer) -> Took | None:
    """An option by its name, or the one that lasts as long as was said, once or several times over."""
    if answer.understood is None or "service" not in step.values:
        return None
    options = service_of(step).options
    named = answer.understood.first("option")
    if named is not None:
        chosen = next((option for option in options if str(option.id) == named.value), None)
        if chosen is not None:
            return Took({"option": chosen.id})
    lasting = answer.understood.first("duration")
    if lasting is not None:
        chosen = next((option for option in options if option.minutes == lasting.value), None)
        if chosen is not None:
            return Took({"option": chosen.id})
        several = [option for option in options if times_in(option, lasting.value)]
        if len(several) == 1:
            return Took({"option": several[0].id})  # how many of it the next field reads from the same words
    elif answer.asked or answer.understood.first("service") is not None:
        told = told_in_words(options, answer.understood.normal, named_by=_of_any(step, service_of(step)))
        return None if told is None else Took({"option": told.id})
    return None


def _of_any(step: Step, service: Service) -> Iterable[str]:
    """Return the words that tell of no option: the service's, and those of its trade (按摩 is no 四手按摩)."""
    trade = next(one for one in catalogue_of(step).categories if one.code == service.category)
    return (
        *service.names.values(),
        *trade.names.values(),
        *(word for words in trade.synonyms.values() for word in words),
    )


def _recheck_option(step: Step) -> Redo | None:
    held = any(option.id == step.values["option"] for option in service_of(step).options)
    return None if held else Redo("", ("option",))


SERVICE = Field(
    "service",
    "service",
    _ask_service,
    _read_service,
    holds=int,
    tell=lambda step: text_in(service_of(step).names, step.lang),
    hears=("book", "browse_services"),
)
OPTION = Field(
    "option",
    "option",
    _ask_option,
    _read_option,
    needs=("service",),
    recheck=_recheck_option,
    settle=_settle_option,
    holds=int,
    tell=lambda step: text_in(option_of(step).names, step.lang),
)
