"""Finishing the service: one to four photos, then done; the money of the visit and of the day is said."""

import re

from core import reports
from core.money.shares import shares
from core.orders.states import OrderState
from core.orders.views import visit_of
from core.orders.visit import finish
from dialogs.engine.flow import Answer, Ask, Choice, Done, Field, Flow, Missed, Took
from dialogs.engine.step import Step
from dialogs.flows.set_out import start_with
from dialogs.roles import technician_of
from dialogs.texts.formats import local_midnight

MOST_PHOTOS = 4
_NO_MORE = re.compile(
    r"(?:没有?|没有?了|好了|好啦|就这些了?|就这样|发完了?|都发了|够了|done|that's (?:all|it)|no more|that is all)"
)
_START = start_with(OrderState.IN_SERVICE)


def _start(step: Step) -> Done | None:
    """Ask for photos only when there is something to finish: a stale card must not cost anybody a picture."""
    technician = technician_of(step)
    if technician is None:
        return Done(step.say("engine.not_yours"))
    if "order" not in step.values:
        return _START(step)
    if visit_of(step.tx, technician.id, step.values["order"]).state is not OrderState.IN_SERVICE:
        return Done(step.say("error.state_conflict"))
    return None


def _ask(step: Step) -> Ask:
    taken: list[int] = step.values.get("_taken", [])
    if not taken:
        return Ask(step.say("finish_visit.ask_photos", most=MOST_PHOTOS), asks="photo")
    done = Choice(step.say("finish_visit.enough"), {"photos": taken})
    return Ask(step.say("finish_visit.more_photos", count=len(taken), most=MOST_PHOTOS), (done,), asks="photo")


def _read(step: Step, answer: Answer) -> Took | Missed | None:
    if not answer.asked:
        return None
    taken: list[int] = step.values.get("_taken", [])
    if answer.photo_file_id is not None:
        now_taken = [*taken, answer.photo_file_id]
        return Took({"_taken": now_taken, "photos": now_taken if len(now_taken) >= MOST_PHOTOS else None})
    yes = answer.understood.first("yes_no") if answer.understood else None
    said = answer.understood
    done = said is not None and (
        said.intent == "finish_work" or _NO_MORE.fullmatch(said.normal.strip(" .!,")) is not None
    )
    if taken and (done or (yes is not None and yes.value)):
        return Took({"photos": taken})
    return None


def _commit(step: Step) -> Done:
    technician = technician_of(step)
    assert technician is not None
    order = finish(
        step.tx,
        step.values["order"],
        technician_id=technician.id,
        photo_file_ids=tuple(step.values["photos"]),
        now=step.now,
    )
    day_start, day_end = (local_midnight(step.now, order.zone, days=days) for days in (0, 1))
    day = reports.income(step.tx, technician.id, from_at=day_start, until_at=day_end)
    income = step.money(shares(order.quote.income_minor, order.crew_ids)[technician.id], order.currency)
    if not day.orders:
        return Done(step.say("finish_visit.done_first", income=income))
    return Done(step.say("finish_visit.done", income=income, today=step.money(day.income_minor, order.currency)))


FINISH_VISIT = Flow(
    name="finish_visit",
    role="technician",
    intents=("finish_work",),
    fields=(Field("photos", "yes_no", _ask, _read, holds=list[int]),),
    start=_start,
    commit=_commit,
    keeps={"order": int, "_taken": list[int]},
    unsure=True,
)
