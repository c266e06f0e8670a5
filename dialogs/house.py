"""What a process builds once and every turn is given: texts, flows, views, where our own links point."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dialogs.engine.flow import Flow, View
from dialogs.texts import Texts


def nobody() -> None:
    """Nobody to wake: messages wait for the sender's next look."""


@dataclass(frozen=True, slots=True)
class House:
    """The wiring of all conversations; built and checked at start, never changed."""

    texts: Texts
    flows: Mapping[str, Flow]
    views: Mapping[str, View]
    public_url: str
    zone: str = "Asia/Shanghai"
    currency: str = "CNY"
    demo: bool = False
    wake_sender: Callable[[], None] = field(default=nobody)

    def link(self, path: str) -> str:
        """Return our own absolute URL of a path."""
        return f"{self.public_url.rstrip('/')}{path}"


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
