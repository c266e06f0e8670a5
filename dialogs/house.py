"""What a process builds once and every turn is given: premises, flows and views, with their wiring checked."""

from collections.abc import Mapping
from dataclasses import dataclass

from dialogs.engine.flow import Flow, View
from dialogs.premises import Premises


@dataclass(frozen=True, slots=True, kw_only=True)
class House(Premises):
    """The wiring of all conversations; built and checked at start, never changed."""

    flows: Mapping[str, Flow]
    views: Mapping[str, View]


class WiringError(Exception):
    """A flow or view is declared wrongly; found at start-up, never in front of a person."""


def check_wiring(house: House) -> None:
    """Raise WiringError unless every need names an earlier field and every flow and view has its texts."""
    for flow in house.flows.values():
        seen: set[str] = set()
        for item in flow.fields:
            missing = [need for need in item.needs if need not in seen]
            if missing:
                raise WiringError(f"flow {flow.name}: field {item.name} needs {missing}, asked later or never")
            seen.add(item.name)
        if not house.texts.has(f"flow.{flow.name}"):
            raise WiringError(f"flow {flow.name} has no text flow.{flow.name}")
    for view in house.views.values():
        if not house.texts.has(f"view.{view.name}"):
            raise WiringError(f"view {view.name} has no text view.{view.name}")
