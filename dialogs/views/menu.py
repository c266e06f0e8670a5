"""What can be done from here, when nothing runs."""

from typing import Any

from dialogs.engine.actions import Begin, Look, Word, plain
from dialogs.engine.flow import Shown, View
from dialogs.engine.step import Step
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


MENU = View("menu", "anyone", ("greet",), _show)
