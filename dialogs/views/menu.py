"""What can be done from here, when nothing runs."""

from typing import Any

from dialogs.engine.actions import Begin, Look, Word, plain
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
from dialogs.flows.leave import leave_left
from dialogs.outgoing import Button
from dialogs.roles import technician_of
from nlu import Understanding


def _show(step: Step, _understood: Understanding | None, _about: dict[str, Any]) -> Shown:
    technician = technician_of(step)
    buttons = []
    if technician is not None:
        buttons += [
            Button(step.say("menu.my_day"), plain(Look("my_day"))),
            Button(step.say("menu.income"), plain(Look("income"))),
            _begin(step, "go_off_duty" if technician.on_duty_at else "go_on_duty"),
            _begin(step, "end_leave" if leave_left(step) else "leave"),
        ]
    buttons += [
        Button(step.say("menu.book"), plain(Begin("book"))),
        Button(step.say("menu.my_orders"), plain(Look("my_orders"))),
        Button(step.say("menu.prices"), plain(Look("prices"))),
    ]
    if technician is None:
        buttons.append(Button(step.say("menu.apply"), plain(Begin("apply_technician"))))
    buttons.append(Button(step.say("word.human"), plain(Word("human"))))
    return Shown(step.say("menu.text_technician" if technician else "menu.text"), tuple(buttons), columns=2)


def _begin(step: Step, flow: str) -> Button:
    return Button(step.say(f"menu.{flow}"), plain(Begin(flow)))


MENU = View("menu", "anyone", ("greet",), _show)
