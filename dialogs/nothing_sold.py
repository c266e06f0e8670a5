"""A house whose services have not been entered yet says so once, and offers a person."""

from dialogs.engine.actions import Word, plain
from dialogs.engine.flow import Shown
from dialogs.engine.step import Step
from dialogs.lexicon import catalogue_of
from dialogs.outgoing import Button


def nothing_sold(step: Step) -> Shown | None:
    """Return what to say where nothing can be booked at all; None as soon as there is one service."""
    if any(service.options for service in catalogue_of(step).services):
        return None
    human = Button(step.say("word.human"), plain(Word("human")))
    return Shown(step.say("book.nothing_sold"), (human,))
