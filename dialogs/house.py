"""What a process builds once and every turn is given: premises, flows and views, with their wiring checked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from dialogs.engine.flow import Flow, View
from dialogs.premises import Premises
from nlu import IntentName


@dataclass(frozen=True, kw_only=True)
class House(Premises):
    """The wiring of all conversations; built and checked at start, never changed."""

    flows: Mapping[str, Flow]
    views: Mapping[str, View]

    @cached_property
    def claiming(self) -> tuple[Flow | View, ...]:
        """What may claim words of no intent of its own, a technician's first."""
        every: tuple[Flow | View, ...] = (*self.flows.values(), *self.views.values())
        return tuple(sorted((one for one in every if one.claims is not None), key=_technicians_last))

    @cached_property
    def technicians_own(self) -> frozenset[str]:
        """Intents that mean nothing to anybody else."""
        return frozenset(
            intent for intent, all_ in self.meant_by.items() if all(one.role == "technician" for one in all_)
        )

    @cached_property
    def meant_by(self) -> Mapping[str, tuple[Flow | View, ...]]:
        """What each intent can mean, a technician's own first: who may not use that is given the next."""
        found: dict[str, list[Flow | View]] = {}
        every: tuple[Flow | View, ...] = (*self.flows.values(), *self.views.values())
        for one in every:
            for intent in one.intents:
                found.setdefault(intent, []).append(one)
        return {intent: tuple(sorted(all_, key=_technicians_last)) for intent, all_ in found.items()}


def _technicians_last(one: Flow | View) -> bool:
    return one.role != "technician"


class WiringError(Exception):
    """A flow or view is declared wrongly; found at start-up, never in front of a person."""


def check_wiring(house: House) -> None:
    """Raise WiringError unless needs name earlier fields, intents exist and mean one thing, and all have texts."""
    for problem in _problems(house):
        raise WiringError(problem)


def _problems(house: House) -> Iterator[str]:
    for flow in house.flows.values():
        yield from _fields_wrong(flow)
        if not house.texts.has(f"flow.{flow.name}"):
            yield f"flow {flow.name} has no text flow.{flow.name}"
    for view in house.views.values():
        if not house.texts.has(f"view.{view.name}"):
            yield f"view {view.name} has no text view.{view.name}"
    yield from _intents_wrong(house)


def _fields_wrong(flow: Flow) -> Iterator[str]:
    seen: set[str] = set()
    for item in flow.fields:
        missing = [need for need in item.needs if need not in seen]
        if missing:
            yield f"flow {flow.name}: field {item.name} needs {missing}, asked later or never"
        if item.name in seen:
            yield f"flow {flow.name}: two fields are called {item.name}"
        seen.add(item.name)


def _intents_wrong(house: House) -> Iterator[str]:
    for intent, all_ in house.meant_by.items():
        if intent not in frozenset(IntentName):
            yield f"{all_[0].name} is begun by {intent}, which nobody understands"
        for technicians in (True, False):
            names = [one.name for one in all_ if (one.role == "technician") is technicians]
            if len(names) > 1:
                yield f"intent {intent} means {names} to the same people"
