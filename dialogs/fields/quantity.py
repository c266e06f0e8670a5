"""How many of an option one visit is for: two air conditioners, three lamps, four hours."""

from core.catalog import Option, text_in
from dialogs.engine.flow import Answer, Ask, Choice, Field, Missed, Redo, Took
from dialogs.engine.step import Step
from dialogs.fields.plan import option_of, option_words, quantity_of, service_of, times_in

MOST_SHOWN = 6
"""So many are offered to tap, in order, so that the number typed is the number meant; more are typed."""


def _ask(step: Step) -> Ask:
    option = option_of(step)
    choices = tuple(
        Choice(
            step.say("book.quantity", count=count, price=step.money(option.price_minor * count, step.house.currency)),
            {"quantity": count},
        )
        for count in range(1, min(option.most, MOST_SHOWN) + 1)
    )
    text = step.say(
        "book.ask_quantity", option=text_in(option.names, step.lang), minutes=option.minutes, most=option.most
    )
    return Ask(text, choices, columns=2)


def _read(step: Step, answer: Answer) -> Took | Missed | None:
    """A number of things, or the time they take together; more than a visit may hold is said at once."""
    said = _said(step, answer)
    if said is None:
        return None
    most = _most(step)
    if said <= 0 or most == 1:
        return None
    if most is not None and said > most:
        text = step.say("book.quantity_too_many", most=most)
        return Missed(text) if answer.asked else Took({}, text)
    return Took({"quantity": said})


def _said(step: Step, answer: Answer) -> int | None:
    if answer.understood is None:
        return None
    counted = answer.understood.first("quantity")
    if counted is not None and isinstance(counted.value, int):
        return counted.value
    more = answer.understood.first("more_of_it")
    if more is not None and isinstance(more.value, int):
        return quantity_of(step) + more.value
    lasting = answer.understood.first("duration")
    return None if lasting is None or "option" not in step.values else times_in(option_of(step), lasting.value)


def _most(step: Step) -> int | None:
    """Return how many a visit may hold of what is chosen so far; None while nothing is."""
    if "service" not in step.values:
        return None
    options: tuple[Option, ...] = service_of(step).options
    if "option" in step.values:
        return option_of(step).most
    return max((option.most for option in options), default=1)


def _recheck(step: Step) -> Redo | None:
    """Another option: what comes by the piece only keeps the number, as far as one visit may hold it."""
    most = _most(step)
    if most is None or step.values["quantity"] <= most:
        return None
    return Redo("" if most == 1 else step.say("book.quantity_too_many", most=most), ("quantity",))


QUANTITY = Field(
    "quantity",
    "quantity",
    _ask,
    _read,
    needs=("service", "option"),
    recheck=_recheck,
    skip=lambda step: option_of(step).most == 1,
    holds=int,
    tell=lambda step: option_words(step, option_of(step), quantity_of(step)) if "option" in step.values else "",
)
