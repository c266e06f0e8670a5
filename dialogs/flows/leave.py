"""Leave for a technician: first day, last day, what was sold in between, one yes; and back before it is over."""

import re
from datetime import date, timedelta
from typing import Any

from core import technicians
from core.orders.outside import visits_between
from core.technicians import LONGEST_LEAVE_DAYS, Leave
from dialogs.cards.visits import visit_in_brief
from dialogs.engine.actions import Begin, Change, Commit, Word, plain
from dialogs.engine.flow import Answer, Ask, Choice, Done, Field, Flow, Missed, Redo, Took
from dialogs.engine.step import Step
from dialogs.fields.days import DaysSaid, days_said
from dialogs.fields.store_days import day_words, days_words, today
from dialogs.outgoing import Button
from dialogs.roles import technician_of
from nlu import Understanding, When

_OFFERED_DAYS = 5
_MOST_LISTED = 5
_DAY = timedelta(days=1)
_ILL = re.compile(
    r"^(?!.*(?:顾客|客人|客户)).*(?:病了|不舒服|发烧|受伤)|(?:来|去|上)不了(?:班|$)"
    r"|\b(?:i'm|i am|feeling|feel) (?:ill|sick|unwell)|\bcan'?t (?:come in|work|make it in)"
)
"""Somebody who cannot work does not say "leave"."""
_RESTS = re.compile(
    r"(?:我|要|想|得|就|都|整天|一整天|[\s,])*(?:不上班|不接单|不干活|休息|休假|放假|歇)(?:一天|一下)?[了吧啊哈呢哦,.!~\s]*"
    r"|(?:i'?m|i am|i'?ll be|i will be)? ?(?:off|not (?:working|in|available)|away|resting)"
    r"|i (?:won't be|will not be|am not|can't be) (?:working|in|available)|i (?:won't|can't|don't|will not|cannot) work"
)
"""All that is said beside a day by somebody who does not work on it: 明天我休息, I'm off tomorrow."""
_AROUND = " ,.!~"
_ENDS = re.compile(r"到|至|回来|\b(?:to|till?|until|through|back|end)\b")


def _read_first(step: Step, answer: Answer) -> Took | Missed | None:
    """Take whatever a message says of days, unless the last day is what was asked."""
    said = days_said(answer)
    known = _known(step, "first")
    if step.frame.asking == "last" and not (said.first and said.last):
        return _took(step, said, None) if _anew(answer, said) else None
    if said.first is not None and said.last is None and _is_end(step, answer, known):
        said = DaysSaid(None, said.first, None, said.hours)
    return _took(step, said, known)


def _is_end(step: Step, answer: Answer, known: date | None) -> bool:
    """Whether one day said beside a summary is the new last day: 到周五."""
    return known is not None and step.frame.asking != "first" and _ENDS.search(answer.text.casefold()) is not None


def _anew(answer: Answer, said: DaysSaid) -> bool:
    """Whether leave is asked for once more, from another day: the newer word counts."""
    again = answer.understood is not None and answer.understood.intent == "leave"
    return again and said.first is not None and _ENDS.search(answer.text.casefold()) is None


def _read_last(step: Step, answer: Answer) -> Took | Missed | None:
    """The last day; a plain yes is to the day that leave begins."""
    if not answer.asked:
        return None
    if answer.understood is not None and answer.understood.intent == "affirm":
        return Took({"last": step.values["first"]})
    said = days_said(answer)
    if (said.first is not None and said.last is not None) or _anew(answer, said):
        return None
    if said.first is not None:
        said = DaysSaid(None, said.first, None, said.hours)
    return _took(step, said, _known(step, "first"))


def _took(step: Step, said: DaysSaid, known: date | None) -> Took | Missed | None:
    """Check the days against each other and take them; hours alone are no leave."""
    first, last = said.first or known, said.last
    if first is not None and last is None and said.count is not None:
        last = _later(first, said.count)
    if said.first is None and last is None:
        if said.count is not None:
            return Took({"_count": said.count})
        return Missed(step.say("leave.whole_days")) if said.hours else None
    if said.first is not None and said.first < today(step):
        return Missed(step.say("leave.past", day=day_words(step, said.first)))
    if last is not None and (first or today(step)) > last:
        return Missed(step.say("leave.backwards", day=day_words(step, last)))
    if first is not None and last is not None and last - first >= LONGEST_LEAVE_DAYS * _DAY:
        return Missed(step.say("leave.too_long", most=LONGEST_LEAVE_DAYS))
    values: dict[str, Any] = {} if said.first is None else {"first": said.first.isoformat()}
    if last is not None:
        values |= {"last": last.isoformat(), "_count": None}
    return Took(values, step.say("leave.whole_days") if said.hours else "")


def _later(first: date, count: int) -> date:
    return first + (min(count, LONGEST_LEAVE_DAYS + 1) - 1) * _DAY


def _known(step: Step, name: str) -> date | None:
    value = step.values.get(name)
    return None if value is None else date.fromisoformat(value)


def _ask_first(step: Step) -> Ask:
    near = ("leave.today", "leave.tomorrow")
    days = [today(step) + n * _DAY for n in range(_OFFERED_DAYS)]
    labels = [step.say(key, day=day_words(step, day)) for key, day in zip(near, days, strict=False)]
    labels += [day_words(step, day) for day in days[len(near) :]]
    choices = tuple(Choice(label, {"first": day.isoformat()}) for label, day in zip(labels, days, strict=True))
    return Ask(step.say("leave.ask_first"), choices, columns=2)


def _ask_last(step: Step) -> Ask:
    first = date.fromisoformat(step.values["first"])
    only = Choice(step.say("leave.only_day"), {"last": first.isoformat()})
    later = tuple(
        Choice(day_words(step, each), {"last": each.isoformat()})
        for each in (first + n * _DAY for n in range(1, _OFFERED_DAYS))
    )
    return Ask(step.say("leave.ask_last", day=day_words(step, first)), (only, *later), columns=2)


def _settle_last(step: Step) -> dict[str, Any] | None:
    first, count = _known(step, "first"), step.values.get("_count")
    return None if first is None or count is None else {"last": _later(first, count).isoformat()}


def _recheck_last(step: Step) -> Redo | None:
    first, last = _known(step, "first"), _known(step, "last")
    if first is None or last is None or first <= last < first + LONGEST_LEAVE_DAYS * _DAY:
        return None
    return Redo("", ("last",))


def _summary(step: Step) -> Ask | Redo:
    technician = technician_of(step)
    assert technician is not None
    first, last = (date.fromisoformat(step.values[name]) for name in ("first", "last"))
    if first < today(step):
        return Redo(step.say("leave.past", day=day_words(step, first)), ("first", "last"))
    count = (last - first).days + 1
    if count > LONGEST_LEAVE_DAYS:
        return Redo(step.say("leave.too_long", most=LONGEST_LEAVE_DAYS), ("last", "_count"))
    lines = [step.say("leave.summary", days=days_words(step, first, last), count=count)]
    sold = visits_between(step.tx, technician.id, first, last, now=step.now)
    if sold:
        lines.append(step.say("leave.summary_visits", count=len(sold)))
        lines += [visit_in_brief(step, order) for order in sold[:_MOST_LISTED]]
    buttons = (
        Button(step.say("leave.yes"), plain(Commit())),
        Button(step.say("leave.change_first"), plain(Change("first"))),
        Button(step.say("leave.change_last"), plain(Change("last"))),
        Button(step.say("leave.no"), plain(Word("drop"))),
    )
    return Ask("\n".join(lines), extra=buttons, columns=2)


def _commit(step: Step) -> Done:
    technician = technician_of(step)
    assert technician is not None
    first, last = (date.fromisoformat(step.values[name]) for name in ("first", "last"))
    technicians.take_leave(step.tx, technician.id, first, last)
    lines = [step.say("leave.done", days=days_words(step, first, last))]
    sold = visits_between(step.tx, technician.id, first, last, now=step.now)
    if sold:  # under the guard by now: one that was sold after the summary is counted too
        lines.append(step.say("leave.done_visits", count=len(sold)))
    undo = Begin("end_leave", {"which": [first.isoformat(), last.isoformat()]})
    return Done("\n".join(lines), (Button(step.say("menu.end_leave"), plain(undo)),))


def leave_left(step: Step) -> tuple[Leave, ...]:
    """Return a technician's leave that is not over."""
    technician = technician_of(step)
    assert technician is not None
    return tuple(one for one in technicians.leave_of(step.tx, technician.id) if one.last >= today(step))


def _start_ending(step: Step) -> Done | None:
    return None if leave_left(step) else Done(step.say("end_leave.none"))


def _stretches(step: Step) -> list[Choice]:
    return [
        Choice(days_words(step, one.first, one.last), {"which": [one.first.isoformat(), one.last.isoformat()]})
        for one in leave_left(step)
    ]


def _settle_which(step: Step) -> dict[str, Any] | None:
    stretches = _stretches(step)
    return stretches[0].values if len(stretches) == 1 else None


def _read_which(step: Step, answer: Answer) -> Took | None:
    """A day within it, or its first, names a stretch of leave."""
    said = days_said(answer).first
    found = [one for one in leave_left(step) if said is not None and one.first <= said <= one.last]
    return Took({"which": [found[0].first.isoformat(), found[0].last.isoformat()]}) if found else None


def _commit_ending(step: Step) -> Done:
    technician = technician_of(step)
    assert technician is not None
    first, last = (date.fromisoformat(day) for day in step.values["which"])
    first = max(first, today(step))
    if first > last:
        return Done(step.say("end_leave.none"))
    technicians.end_leave(step.tx, technician.id, first, last)
    buttons = [Button(step.say("menu.leave"), plain(Begin("leave")))]
    lines = [step.say("end_leave.done", days=days_words(step, first, last))]
    if technician.on_duty_at is None:
        lines.append(step.say("end_leave.off_duty"))
        buttons.append(Button(step.say("menu.go_on_duty"), plain(Begin("go_on_duty"))))
    return Done("\n".join(lines), tuple(buttons), columns=2)


def _claims(step: Step, understood: Understanding) -> bool:
    return not step.frame.flow and (_ILL.search(understood.normal) is not None or _rests(understood))


def _rests(understood: Understanding) -> bool:
    """Whether a day is named, and nothing beside it but that it is free of work: not "so come at three"."""
    said = understood.first("when")
    if said is None or not isinstance(said.value, When) or not said.value.date_given or said.value.time_given:
        return False
    left = f"{understood.text[: said.start]} {understood.text[said.end :]}".casefold().replace("’", "'")
    return _RESTS.fullmatch(left.strip(_AROUND)) is not None


LEAVE = Flow(
    name="leave",
    role="technician",
    intents=("leave",),
    fields=(
        Field("first", "when", _ask_first, _read_first, holds=str),
        Field(
            "last",
            "when",
            _ask_last,
            _read_last,
            needs=("first",),
            recheck=_recheck_last,
            settle=_settle_last,
            holds=str,
        ),
    ),
    summary=_summary,
    commit=_commit,
    drop=lambda step: step.say("leave.kept"),
    claims=_claims,
    keeps={"_count": int},
    unsure=True,
    undone_by=("end_leave",),
)
END_LEAVE = Flow(
    name="end_leave",
    role="technician",
    intents=("end_leave",),
    fields=(
        Field(
            "which",
            "when",
            lambda step: Ask(step.say("end_leave.ask"), tuple(_stretches(step))),
            _read_which,
            settle=_settle_which,
            holds=list[str],
        ),
    ),
    start=_start_ending,
    commit=_commit_ending,
    unsure=True,
)
