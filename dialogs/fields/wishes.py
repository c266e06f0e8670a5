"""Whom somebody would like to come, and what it may cost: kept beside the technician, dropped one by one."""

from collections.abc import Mapping
from typing import Any

from core.technicians import Preferences
from dialogs.engine.flow import Choice
from dialogs.engine.step import Step
from nlu import Understanding

WISHES: Mapping[str, Any] = {"sex": str, "stars": int, "years": int, "certified": bool, "price": int}
"""Every wish with its type: stars in tenths, whole years, price in minor units of the house's currency."""

_ENTITIES = {"sex": "sex", "stars": "stars_least", "years": "years_least", "certified": "certified"}


def wishes_said(step: Step, understood: Understanding | None) -> dict[str, Any]:
    """Return the wishes a message names; a price in another money than the house's is none."""
    if understood is None:
        return {}
    found = {name: each.value for name, kind in _ENTITIES.items() if (each := understood.first(kind)) is not None}
    price = understood.first("price_most")
    if price is not None and isinstance(price.value, tuple) and price.value[1] == step.house.currency:
        found["price"] = price.value[0]
    return found


def wishes_in(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the wishes among other values."""
    return {name: values[name] for name in WISHES if values.get(name) is not None}


def preferences_of(values: Mapping[str, Any]) -> Preferences:
    """Return the wishes that concern a technician, as the core wants them."""
    stars = values.get("stars")
    return Preferences(
        sex=values.get("sex"),
        least_stars=None if stars is None else stars / 10,
        least_years=values.get("years") or 0,
        certified=bool(values.get("certified")),
    )


def particular(values: Mapping[str, Any]) -> bool:
    """Whether more than a woman or a man is wished for: an order keeps the sex alone, so it names who comes."""
    return any(values.get(name) for name in ("stars", "years", "certified"))


def wish_words(step: Step, values: Mapping[str, Any]) -> str:
    """Write the wishes: 评分 4.8 以上、女技师、5 年以上经验."""
    joined = ", " if step.lang == "en" else "、"
    return joined.join(_words(step, name, value) for name, value in wishes_in(values).items())


def _words(step: Step, name: str, value: Any) -> str:
    match name:
        case "sex":
            return step.say(f"wish.sex_{value}")
        case "stars":
            return step.say("wish.stars", stars=f"{value / 10:.1f}")
        case "years":
            return step.say("wish.years", years=value)
        case "certified":
            return step.say("wish.certified")
        case _:
            return step.say("wish.price", price=step.money(value, step.house.currency))


def without_one(step: Step, values: Mapping[str, Any]) -> tuple[Choice, ...]:
    """Return, for each wish, the choice to do without it."""
    return tuple(Choice(step.say(f"wish.any_{name}"), {name: None}) for name in wishes_in(values))
