"""Noticing which flows and views are entered, so that a story can tell that it was about what its name says."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dialogs.engine.flow import Done, Flow, Redo, Shown, View
from dialogs.engine.step import Step
from dialogs.house import House
from nlu import Understanding

Notice = Callable[[str], None]


def noticing(house: House, notice: Notice) -> House:
    """Return the house with every flow and view telling its name when it is entered; nothing else is different."""
    return replace(
        house,
        flows={name: _flow(flow, notice) for name, flow in house.flows.items()},
        views={name: _view(view, notice) for name, view in house.views.items()},
    )


def _flow(flow: Flow, notice: Notice) -> Flow:
    def start(step: Step) -> Done | Redo | None:
        notice(flow.name)
        return flow.start(step) if flow.start is not None else None

    return replace(flow, start=start)


def _view(view: View, notice: Notice) -> View:
    def show(step: Step, understood: Understanding | None, facts: dict[str, Any]) -> Shown:
        notice(view.name)
        return view.show(step, understood, facts)

    return replace(view, show=show)
