"""Another weekly rota for a technician, said in words; what was sold outside it is named and stays."""

import re
from collections.abc import Iterable
from dataclasses import replace

from core import technicians
from core.errors import InvalidInput
from core.orders.outside import visits_outside
from core.technicians import RotaSpan, Spans
from core.technicians.times import checked_rota
from dialogs.cards.visits import visit_in_brief
from dialogs.engine.actions import Change, Commit, Look, Word, plain
from dialogs.engine.flow import Answer, Ask, Choice, Done, Field, Flow, Missed, Took
from dialogs.engine.state import SUMMARY
from dialogs.engine.step import Step
from dialogs.fields.rota import ImpossibleHours, RotaSaid, days_words, rota_said, week_words
from dialogs.outgoing import Button
from dialogs.roles import technician_of
from nlu import Understanding

_MOST_LISTED = 5
_PATTERNS: dict[str, tuple[tuple[int, ...], int, int]] = {
    "workdays": (tuple(range(5)), 540, 1080),
    "days": (tuple(range(7)), 540, 1080),
    "long_days": (tuple(range(7)), 540, 1260),
    "evenings": (tuple(range(7)), 1080, 1380),
}
_A_PATTERN = 2
"""So many days with hours said together are a rota; one day with an hour is a visit somebody wants."""
_OWN_TIMES = re.compile(
    r"^(?:我|想|要|得|需要|请|帮我|麻烦|把|能|可以|[\s,])*(?:修改|更改|更新|调整|重新?排|改|换|调)(?:一下|下|个)?我?的?"
    r"(?:时间表|班表|排班|接单的?时间|上班的?时间)"
    r"|^(?:我|把)?的?(?:时间表|班表|排班|接单时间)(?:我|想|要|得|需要)*(?:改|换|调)"
    r"|^(?:can i |i want to |i need to |i'd like to |please )?(?:change|edit|update|adjust) my"
    r" (?:timetable|availability|times|working days)\b"
)
"""Words for the rota that nobody taught us by its name."""
_NOT_A_ROTA = ("service", "technician", "option", "address", "phone", "order_code")


def _rota_now(step: Step) -> tuple[RotaSpan, ...]:
    technician = technician_of(step)
    assert technician is not None
    return technicians.rota_of(step.tx, technician.id)


def _drafted(step: Step) -> tuple[RotaSpan, ...]:
    """The rota as it would be: what has been said so far, else the one there is."""
    said = step.values.get("rota")
    return _rota_now(step) if said is None else tuple(RotaSpan(*span) for span in said)


def _ask(step: Step) -> Ask:
    choices = tuple(
        Choice(step.say(f"change_rota.{name}"), {"rota": _stored(RotaSpan(day, start, end) for day in days)})
        for name, (days, start, end) in _PATTERNS.items()
    )
    text = step.say("change_rota.ask", rota=week_words(step, _rota_now(step)))
    return Ask(text, choices, columns=2)


def _stored(spans: Iterable[RotaSpan]) -> list[list[int]]:
    return [[span.weekday, span.from_minute, span.to_minute] for span in spans]


def _read(step: Step, answer: Answer) -> Took | Missed | None:
    """Days that are named get the hours said with them; the others stay as they are."""
    if answer.understood is None or not answer.text:
        return None
    try:
        said = rota_said(answer.understood.normal)
        week = _week(step, said)
        if week is None:
            return _incomplete(step, said) if answer.asked or step.frame.asking == SUMMARY else None
        rota = checked_rota(_changed(_drafted(step), week))
    except ImpossibleHours:
        return Missed(step.say("change_rota.impossible"))
    except InvalidInput:
        return Missed(step.say("change_rota.overlap"))
    return Took({"rota": _stored(rota)})


def _week(step: Step, said: RotaSaid) -> dict[int, Spans] | None:
    """What each named weekday becomes; hours alone are for all days that are worked."""
    if said.week:
        return said.week
    if not said.hours:
        return None
    worked = {span.weekday for span in _drafted(step)} or range(7)
    return dict.fromkeys(worked, said.hours)


def _incomplete(step: Step, said: RotaSaid) -> Missed | None:
    return Missed(step.say("change_rota.which_hours", days=days_words(step, said.days))) if said.days else None


def _changed(rota: Iterable[RotaSpan], week: dict[int, Spans]) -> tuple[RotaSpan, ...]:
    stay = tuple(span for span in rota if span.weekday not in week)
    return (*stay, *(RotaSpan(day, start, end) for day, spans in week.items() for start, end in spans))


def _summary(step: Step) -> Ask:
    technician = technician_of(step)
    assert technician is not None
    rota = _drafted(step)
    lines = [step.say("change_rota.summary", rota=week_words(step, rota))]
    if not rota:
        lines.append(step.say("change_rota.summary_none"))
    times = replace(technicians.times_of(step.tx, technician.id), rota=rota)
    sold = visits_outside(step.tx, technician.id, now=step.now, times=times)
    if sold:
        lines.append(step.say("change_rota.summary_visits", count=len(sold)))
        lines += [visit_in_brief(step, order) for order in sold[:_MOST_LISTED]]
    buttons = (
        Button(step.say("change_rota.yes"), plain(Commit())),
        Button(step.say("change_rota.again"), plain(Change("rota"))),
        Button(step.say("change_rota.no"), plain(Word("drop"))),
    )
    return Ask("\n".join(lines), extra=buttons, columns=2)


def _commit(step: Step) -> Done:
    technician = technician_of(step)
    assert technician is not None
    technicians.set_rota(step.tx, technician.id, _drafted(step))
    lines = [step.say("change_rota.done")]
    sold = visits_outside(step.tx, technician.id, now=step.now)
    if sold:  # under the guard by now: one that was sold after the summary is counted too
        lines.append(step.say("change_rota.done_visits", count=len(sold)))
    return Done("\n".join(lines), (Button(step.say("menu.my_rota"), plain(Look("my_rota"))),))


def _claims(step: Step, understood: Understanding) -> bool:
    """Several weekdays with hours, and nothing to be booked: "周一到周五9点到6点"; or the timetable by another name."""
    if _OWN_TIMES.search(understood.normal) is not None:
        return not step.frame.flow
    if any(understood.first(kind) is not None for kind in _NOT_A_ROTA):
        return False
    try:
        said = rota_said(understood.normal)
    except ImpossibleHours:
        return False
    return len(said.week) >= _A_PATTERN and any(said.week.values())


CHANGE_ROTA = Flow(
    name="change_rota",
    role="technician",
    intents=("change_rota",),
    fields=(Field("rota", "rota", _ask, _read, holds=list[list[int]], hears=("leave",)),),
    summary=_summary,
    commit=_commit,
    drop=lambda step: step.say("change_rota.kept"),
    claims=_claims,
    unsure=True,
)
