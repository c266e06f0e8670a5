"""What can be done from here, when nothing runs."""

from typing import Any

from core.technicians import Technician
from dialogs.cards.visits import offers_button
from dialogs.engine.actions import Begin, Look, Word, plain
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.flows.leave import leave_left
from dialogs.last_time import last_served
from dialogs.outgoing import Button
from dialogs.roles import technician_of
from nlu import Understanding


def _show(step: Step, _understood: Understanding | None, _about: dict[str, Any]) -> Shown:
    technician = technician_of(step)
    if technician is not None:
        return _of_technician(step, technician)
    buttons = [_begin(step, "book")]
    if last_served(step) is not None:
        buttons.append(_begin(step, "rebook"))
    buttons += [_look(step, name) for name in ("my_orders", "prices", "technicians", "profile")]
    buttons += [Button(step.say("menu.apply"), plain(Begin("apply_technician"))), _human(step)]
    return Shown(step.say("menu.text"), tuple(buttons), columns=2)


def _of_technician(step: Step, technician: Technician) -> Shown:
    """A technician's own first; what they may want as a customer is one word away."""
    buttons = (
        *offers_button(step),
        *(_look(step, name) for name in ("my_day", "my_week", "my_rota", "income")),
        _begin(step, "go_off_duty" if technician.on_duty_at else "go_on_duty"),
        _begin(step, "end_leave" if leave_left(step) else "leave"),
        _begin(step, "book"),
        _human(step),
    )
    return Shown(step.say("menu.text_technician"), buttons, columns=2)


def _human(step: Step) -> Button:
    return Button(step.say("word.human"), plain(Word("human")))


def _look(step: Step, view: str) -> Button:
    return Button(step.say(f"menu.{view}"), plain(Look(view)))


def _begin(step: Step, flow: str) -> Button:
    return Button(step.say(f"menu.{flow}"), plain(Begin(flow)))


MENU = View("menu", "anyone", ("greet",), _show, between=False)
