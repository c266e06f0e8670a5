"""Why a time cannot be had, and what is still free, in words (conversation behaviours 9, 12, 13)."""

from datetime import datetime
from typing import Any, TypeGuard

from core.calendar import NotBookable, Rule, Slot, SlotTaken, alternatives
from core.settings import rules
from core.stores import the_store
from dialogs.engine.flow import Ask, Choice, Redo
from dialogs.engine.step import Step
from dialogs.fields.plan import start_of, technician_named, wish_of
from dialogs.texts import formats
from dialogs.texts.formats import local

MOST_NEAR = 3


def redo_start(step: Step, refused: SlotTaken | NotBookable) -> Redo:
    """Forget the time that cannot be had, name the rule, and keep what is near for the next question."""
    at = start_of(step)
    if _nobody_now(refused, step):
        return Redo(_rule_words(step, refused, at), ("technician", "shown"))  # the time stays: who else can come?
    near: tuple[Slot, ...]
    if isinstance(refused, SlotTaken):
        near = refused.alternatives
        text = step.say("book.taken" if near else "book.taken_no_more", moment=step.moment(at))
    else:
        near = _near(step, refused, at)
        text = _rule_words(step, refused, at)
    there = local(at, step.zone)
    values: dict[str, Any] = {
        "_near": [slot_data(slot) for slot in near],
        "_date": there.date().isoformat(),
        "_time": f"{there:%H:%M}",
    }
    return Redo(text, ("start", "when", "shown"), values)  # what is held gives way to the next time chosen


def _nobody_now(refused: SlotTaken | NotBookable, step: Step) -> TypeGuard[NotBookable]:
    """Whether somebody asked for by name takes no visits at all now; of an order, who comes is settled."""
    named = "id" in (step.values.get("technician") or {}) and "order" not in step.values
    return named and isinstance(refused, NotBookable) and refused.rule is Rule.TECHNICIAN


def could_not_check(step: Step) -> Ask:
    """Say that nobody knows yet: not the same as full; one tap looks again."""
    return Ask(step.say("error.could_not_check"), (Choice(step.say("book.check_again"), {}),))


def _near(step: Step, refused: NotBookable, at: datetime) -> tuple[Slot, ...]:
    """Return the nearest slot that keeps all rules, then others near it: somebody else then, the next day."""
    if refused.nearest is None:
        return ()
    others = alternatives(step.tx, wish_of(step), person_id=step.person_id, now=step.now, at=at)
    found = {(slot.technician_id, slot.starts_at): slot for slot in (refused.nearest, *others)}
    return tuple(found.values())[:MOST_NEAR]


def _rule_words(step: Step, refused: NotBookable, at: datetime) -> str:
    """Name the rule; of a technician asked for by name, with the name."""
    named = (step.values.get("technician") or {}).get("id")
    key = f"book.rule_{refused.rule}"
    if named is not None and step.house.texts.has(f"{key}_of"):
        return step.say(f"{key}_of", moment=step.moment(at), name=technician_named(step, named))
    return step.say(key, moment=step.moment(at), **_figures(step, refused.rule))


def _figures(step: Step, rule: Rule) -> dict[str, object]:
    """Return what operators set that a rule's words name: opening hours, how far ahead."""
    if rule is Rule.HORIZON:
        return {"days": rules(step.tx).horizon_days}
    if rule is not Rule.HOURS:
        return {}
    shop = the_store(step.tx)
    return {"first": formats.time_of_day(shop.opens_minute), "last": formats.time_of_day(shop.closes_minute)}


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
