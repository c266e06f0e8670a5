"""What an explanation says the conversation would ask is what its flows do ask, in their order."""

import pytest

from dialogs.building import build_house
from dialogs.engine.flow import Flow
from menling.understanding.wishes import NEEDS, still_asked
from nlu import Entity, Intent, IntentName, Understanding

HOUSE = build_house(public_url="http://house", zone="Asia/Shanghai", currency="CNY")
ASIDE = {"option", "quantity", "code", "yes_no", "text", "choice", "reason", "rota"}
"""Kinds that are settled by themselves or asked only now and then."""


def flow_of(intent: str) -> Flow | None:
    """The flow a customer's intent begins, before a technician's."""
    flows = [one for one in HOUSE.meant_by.get(intent, ()) if isinstance(one, Flow)]
    return min(flows, key=lambda one: one.role == "technician", default=None)


@pytest.mark.parametrize("intent", NEEDS)
def test_the_details_named_are_fields_of_the_flow_in_its_order(intent: str) -> None:
    flow = flow_of(intent)
    assert flow is not None

    kinds = iter([item.kind for item in flow.fields])

    assert all(kind in kinds for kind in NEEDS[intent])


@pytest.mark.parametrize("intent", [intent.value for intent in IntentName])
def test_a_flow_that_must_ask_something_is_named(intent: str) -> None:
    flow = flow_of(intent)
    if flow is None:
        return

    asked = {item.kind for item in flow.fields if item.settle is None and item.skip is None} - ASIDE

    assert asked <= set(NEEDS.get(intent, ()))


def test_what_was_said_is_not_asked_again() -> None:
    def found(*kinds: str) -> Understanding:
        entities = tuple(Entity(kind, "", 0, 0, "") for kind in kinds)
        return Understanding("", "", "en", (Intent("book", 0.9),), entities)

    assert still_asked(found()) == ["what is wanted", "where to come", "who should come", "when", "a telephone number"]
    assert still_asked(found("service", "place_name", "anyone", "when", "phone")) == []
