"""When a technician works: the week, the days that differ, leave ahead, and whether visits come at all."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from core import technicians
from core.technicians import RotaException
from dialogs.engine.actions import Begin, Look, plain
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.fields.rota import span_words, week_words
from dialogs.fields.store_days import days_words, today
from dialogs.flows.leave import leave_left
from dialogs.outgoing import Button
from dialogs.roles import technician_of
from dialogs.texts import formats
from nlu import Understanding

_AHEAD = timedelta(days=60)
_MOST_LISTED = 6


def _show(step: Step, _understood: Understanding | None, _about: dict[str, Any]) -> Shown:
    technician = technician_of(step)
    assert technician is not None
    rota = technicians.rota_of(step.tx, technician.id)
    leave = leave_left(step)
    lines = [step.say("my_rota.head"), week_words(step, rota)]
    special = _special(step, technicians.exceptions_of(step.tx, technician.id), today(step))
    if special:
        lines += [step.say("my_rota.special"), *special]
    lines += [step.say("my_rota.leave", days=days_words(step, one.first, one.last)) for one in leave[:_MOST_LISTED]]
    lines.append(step.say("my_rota.on_duty" if technician.on_duty_at else "my_rota.off_duty"))
    buttons = (
        Button(step.say("menu.change_rota"), plain(Begin("change_rota"))),
        _begin(step, "end_leave" if leave else "leave"),
        _begin(step, "go_off_duty" if technician.on_duty_at else "go_on_duty"),
        Button(step.say("menu.my_week"), plain(Look("my_week"))),
    )
    return Shown("\n".join(lines), buttons, columns=2)


def _special(step: Step, exceptions: Iterable[RotaException], first: date) -> list[str]:
    """A line for each day ahead that differs from the week."""
    near = [one for one in exceptions if first <= one.day <= first + _AHEAD]
    lines = []
    for day, parts in groupby(near, key=lambda one: one.day):
        spans = [(one.from_minute, one.to_minute) for one in parts if one.from_minute != one.to_minute]
        hours = span_words(step, spans) if spans else step.say("my_rota.day_off")
        lines.append(f"{formats.calendar_day(day, step.lang)} {hours}")
    return lines[:_MOST_LISTED]


def _begin(step: Step, flow: str) -> Button:
    return Button(step.say(f"menu.{flow}"), plain(Begin(flow)))


MY_ROTA = View("my_rota", "technician", ("my_rota",), _show)
