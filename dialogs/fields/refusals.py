"""Why a time cannot be had, and what is still free, in words (conversation behaviours 9, 12, 13)."""

from datetime import datetime
from typing import Any

from core.calendar import NotBookable, Slot, SlotTaken
from dialogs.engine.flow import Redo
from dialogs.engine.step import Step
from dialogs.fields.plan import start_of, technician_named
from dialogs.texts.formats import local


def redo_start(step: Step, refused: SlotTaken | NotBookable) -> Redo:
    """Forget the time that cannot be had, name the rule, and keep what is near for the next question."""
    at = start_of(step)
    near: tuple[Slot, ...]
    if isinstance(refused, SlotTaken):
        near = refused.alternatives
        text = step.say("book.taken" if near else "book.taken_no_more", moment=step.moment(at))
    else:
        near = (refused.nearest,) if refused.nearest is not None else ()
        text = step.say(f"book.rule_{refused.rule}", moment=step.moment(at))
    there = local(at, step.zone)
    values: dict[str, Any] = {"_near": [slot_data(slot) for slot in near], "_date": there.date().isoformat()}
    return Redo(text, ("start", "when", "hold", "shown"), values)


def slot_data(slot: Slot) -> dict[str, Any]:
    """Return a slot as the conversation keeps it between two turns."""
    return {"start": slot.starts_at.isoformat(), "technician": slot.technician_id}


def near_label(step: Step, data: dict[str, Any], *, with_name: bool) -> str:
    """Return the button's words of a kept slot."""
    moment = step.short_moment(start_at(data))
    return f"{moment} · {technician_named(step, data['technician'])}" if with_name else moment


def start_at(data: dict[str, Any]) -> datetime:
    """Return the start of a kept slot."""
    return datetime.fromisoformat(data["start"])
