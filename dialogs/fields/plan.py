"""The values of a booking, read as the core wants them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from core.calendar import Slot, Wish
from core.catalog import Option, Service, text_in
from core.orders.moves import Order
from core.orders.placing import VisitPlan
from core.technicians import NO_PREFERENCE, Technician
from dialogs.engine.step import Step
from dialogs.fields.wishes import preferences_of
from dialogs.lexicon import catalogue_of, roster_of


def service_of(step: Step) -> Service:
    """Return the service chosen."""
    return catalogue_of(step).service(step.values["service"])


def option_of(step: Step) -> Option:
    """Return the option chosen."""
    return catalogue_of(step).option(step.values["option"])[1]


def quantity_of(step: Step) -> int:
    """Return how many of the option; one unless more were said."""
    return int(step.values.get("quantity", 1))


def times_in(option: Option, minutes: object) -> int | None:
    """Return how many of an option last this long, when one visit may hold that many: 3 hours are 3 x 60 minutes."""
    if option.most == 1 or not isinstance(minutes, int) or minutes <= 0:
        return None
    times, rest = divmod(minutes, option.minutes)
    return times if not rest and times <= option.most else None


def option_words(step: Step, option: Option, quantity: int) -> str:
    """Write an option with how many of it: 挂机 × 2."""
    name = text_in(option.names, step.lang)
    return name if quantity == 1 else f"{name} × {quantity}"


def region_id_of(step: Step) -> int:
    """Return the region of the address."""
    return int(step.values["address"].get("region") or step.values["district"])


def wish_of(step: Step) -> Wish:
    """Return what is wanted of the calendar, as far as the conversation has it."""
    service, address = service_of(step), step.values["address"]
    named = (step.values.get("technician") or {}).get("id")
    region_id = region_id_of(step)
    lat, lng = address.get("lat"), address.get("lng")
    if lat is None or lng is None:
        region = catalogue_of(step).region(region_id)
        lat, lng = region.lat, region.lng
    return Wish(
        service_id=service.id,
        minutes=option_of(step).minutes * quantity_of(step),
        buffer_minutes=service.buffer_minutes,
        region_id=region_id,
        lat=lat,
        lng=lng,
        technician_id=named,
        preferences=NO_PREFERENCE if named else preferences_of(step.values),
        crew=option_of(step).crew,
        moving=step.values.get("moving"),
        companions=tuple(step.values.get("along", ())),
        but=frozenset(() if named else step.values.get("but", ())),
    )


def plan_of(step: Step) -> VisitPlan:
    """Return the visit as it would be ordered."""
    wish = wish_of(step)
    address = step.values["address"]
    door = step.values.get("door")
    text = f"{address['text']} {door}" if door else address["text"]
    return VisitPlan(
        service_id=wish.service_id,
        option_id=option_of(step).id,
        technician_id=wish.technician_id,
        anyone=wish.technician_id is None,
        starts_at=start_of(step),
        region_id=wish.region_id,
        lat=wish.lat,
        lng=wish.lng,
        address_text=text,
        phone=step.values["phone"],
        name="",
        wishes="",
        sex=wish.preferences.sex,
        quantity=quantity_of(step),
    )


def start_of(step: Step) -> datetime:
    """Return the exact start chosen (aware UTC)."""
    return datetime.fromisoformat(step.values["start"])


def name_of(step: Step, technician: Technician) -> str:
    """Return a technician's card name in the person's language."""
    return text_in(technician.names, step.lang)


def technician_named(step: Step, technician_id: int) -> str:
    """Return the card name of a technician's id."""
    found = roster_of(step).find(technician_id)
    return "" if found is None else name_of(step, found)


def all_named(step: Step, technician_ids: Iterable[int]) -> str:
    """Write the card names of everybody who comes."""
    return step.say("word.and").join(name for one in technician_ids if (name := technician_named(step, one)))


def mate_named(step: Step, order: Order, technician_id: int) -> str:
    """Write who comes to a visit together with this technician."""
    return all_named(step, (one for one in order.crew_ids if one != technician_id))


def stars(technician: Technician) -> str:
    """Write the rating: ★4.9, or nothing for a newcomer."""
    return "" if technician.stars is None else f"★{technician.stars:.1f}"


def slot_values(step: Step, slot: Slot) -> dict[str, Any]:
    """Return the values that choosing this slot settles; "anyone" stays anyone."""
    values: dict[str, Any] = {"start": slot.starts_at.isoformat()}
    if not (step.values.get("technician") or {}).get("anyone"):
        values["technician"] = {"id": slot.technician_id}
    return values
