"""The time kept for somebody while they decide: taken when it is chosen, shown until when, renewed, let go."""

from collections.abc import Callable

from core.calendar import Hold, NotBookable, Slot, SlotTaken, hold, live_holds, release_hold, renew_hold
from dialogs.engine.flow import Redo
from dialogs.engine.step import Step
from dialogs.fields.plan import all_named, start_of, wish_of
from dialogs.fields.refusals import redo_start
from dialogs.fields.wishes import particular


def hold_choice(step: Step) -> Redo | None:
    """Hold the time as soon as it is chosen, so that a refusal is said then and not after further questions."""
    held = held_or_redo(step, lambda: _hold_wish(step))
    return held if isinstance(held, Redo) else None


def held_or_redo(step: Step, take: Callable[[], Hold]) -> Hold | Redo:
    """Take a hold and remember it; a refusal leaves the older hold as it was and asks for another time."""
    try:
        with step.tx.savepoint():
            held = take()
    except (SlotTaken, NotBookable) as refused:
        return redo_start(step, refused)
    keep_hold(step, held)
    return held


def keep_hold(step: Step, held: Hold) -> None:
    """Remember the hold, and the two facts that ranked a technician left to us: a renewed hold tells none.

    An order keeps of all wishes only the sex: who is wished for beyond that is named, so that nobody else is asked.
    """
    step.values["hold"] = held.id
    if particular(step.values) and (step.values.get("technician") or {}).get("anyone"):
        step.values["technician"] = {"id": held.slot.technician_id}
    step.memo["held"] = True
    if held.slot.facts:
        step.values["_why"] = [held.slot.technician_id, *held.slot.facts]


def held_again(step: Step) -> str:
    """Say once that the time had been let go while nobody wrote, and that it is held anew."""
    return f"{step.say('book.held_again')}\n" if step.values.pop("_lapsed", False) else ""


def who_comes(step: Step, slot: Slot) -> str:
    """Write who comes at a slot that is held; left to us, who is asked first and the two facts that ranked them."""
    who = all_named(step, slot.crew)
    if not step.values["technician"].get("anyone"):
        return who
    chosen, *facts = step.values.get("_why") or (None,)
    if chosen != slot.technician_id:
        return step.say("book.anyone_first", name=who)
    why = [step.say(f"book.why_{fact}", figure=figure, stars=figure / 10) for fact, figure in facts]
    return step.say("book.anyone_first_why", name=who, why=step.say("book.why_both", one=why[0], other=why[1]))


def let_go(step: Step) -> bool:
    """Release what a dropped flow held; False when it held nothing."""
    return "hold" in step.values and release_hold(step.tx, step.person_id, step.now, step.values["hold"])


def note_lapse(step: Step) -> bool:
    """Note a hold that has lapsed: said once, and a yes to what was shown before asks again (behaviours 20, 26)."""
    if "hold" not in step.values or "start" not in step.values:
        return False
    live = live_holds(step.tx, step.person_id, step.now)
    if any(held.id == step.values["hold"] for held in live):
        return False
    step.values.pop("hold")
    step.values["_lapsed"] = True
    return True


def renew(step: Step) -> None:
    """Each turn of the flow keeps its hold, unless its time was given up; one this very turn took is fresh already."""
    if "hold" not in step.values:
        return
    if "start" not in step.values:
        release_hold(step.tx, step.person_id, step.now, step.values.pop("hold"))
    elif "held" not in step.memo:
        renew_hold(step.tx, step.values["hold"], step.person_id, step.now)


def _hold_wish(step: Step) -> Hold:
    wish = wish_of(step)
    return hold(
        step.tx,
        step.person_id,
        wish,
        technician_id=wish.technician_id,
        starts_at=start_of(step),
        now=step.now,
        replacing=step.values.get("hold"),
    )
