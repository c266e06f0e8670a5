"""The values of a booking, read as the core wants them."""

from datetime import datetime
from typing import Any

from core.calendar import Slot, Wish
from core.catalog import Option, Service, text_in
from core.orders.placing import VisitPlan
from core.technicians import Technician
from dialogs.engine.step import Step
from dialogs.lexicon import catalogue_of, roster_of


def service_of(step: Step) -> Service:
    """Return the service chosen."""
    return catalogue_of(step).service(step.values["service"])


def option_of(step: Step) -> Option:
    """Return the option chosen."""
    return catalogue_of(step).option(step.values["option"])[1]


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
        minutes=option_of(step).minutes,
        buffer_minutes=service.buffer_minutes,
        region_id=region_id,
        lat=lat,
        lng=lng,
        technician_id=named,
        sex=None if named else step.values.get("sex"),
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
        sex=wish.sex,
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


def stars(technician: Technician) -> str:
    """Write the rating: ★4.9, or nothing for a newcomer."""
    return "" if technician.stars is None else f"★{technician.stars:.1f}"


def slot_values(step: Step, slot: Slot) -> dict[str, Any]:
    """Return the values that choosing this slot settles; "anyone" stays anyone."""
    values: dict[str, Any] = {"start": slot.starts_at.isoformat()}
    if not (step.values.get("technician") or {}).get("anyone"):
        values["technician"] = {"id": slot.technician_id}
    return values
