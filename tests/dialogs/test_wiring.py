"""Wrong wiring fails at start; every flow is drawn, and every flow has a story."""

from dataclasses import replace
from typing import Any

import pytest

from dialogs.building import build_house
from dialogs.drawing import draw
from dialogs.engine.flow import Ask, Done, Field, Flow, Shown, View
from dialogs.flows import FLOWS
from dialogs.house import House, WiringError, check_wiring
from dialogs.views import VIEWS

HOUSE = build_house(public_url="http://127.0.0.1:8000/", zone="Asia/Shanghai", currency="CNY")


def a_field(name: str, **over: object) -> Field:
    return Field(name, "text", lambda _: Ask("?"), lambda _, __: None, **over)  # type: ignore[arg-type]


def a_flow(name: str, *fields: Field) -> Flow:
    return Flow(name, "customer", (), fields, lambda _: Done("done"))


def with_flow(flow: Flow) -> House:
    return replace(HOUSE, flows={flow.name: flow})


def test_the_house_as_built_is_wired_well() -> None:
    check_wiring(HOUSE)


@pytest.mark.parametrize("needs", [("start",), ("nothing_of_the_kind",), ("itself",)])
def test_a_field_that_rests_on_a_later_or_unknown_one_is_found_with_its_name(needs: tuple[str, ...]) -> None:
    flow = a_flow("book", a_field("service"), a_field("itself", needs=needs), a_field("start"))

    with pytest.raises(WiringError, match=rf"book.*itself.*{needs[0]}"):
        check_wiring(with_flow(flow))


def test_a_flow_without_a_name_for_people_is_found() -> None:
    with pytest.raises(WiringError, match=r"flow juggling has no text flow\.juggling"):
        check_wiring(with_flow(a_flow("juggling")))


def test_a_view_without_a_name_for_people_is_found() -> None:
    view = View("weather", "anyone", (), lambda *_: Shown("sunny"))

    with pytest.raises(WiringError, match=r"view weather has no text view\.weather"):
        check_wiring(replace(HOUSE, views={"weather": view}))


def test_names_are_used_once() -> None:
    assert len({flow.name for flow in FLOWS}) == len(FLOWS)
    assert len({view.name for view in VIEWS}) == len(VIEWS)
    for flow in FLOWS:
        names = [field.name for field in flow.fields]
        assert len(set(names)) == len(names)


def test_an_intent_that_means_two_things_to_the_same_people_is_found() -> None:
    twice = replace(a_flow("cancel_order"), intents=("book",))

    with pytest.raises(WiringError, match=r"intent book means .*book.*cancel_order"):
        check_wiring(replace(HOUSE, flows={**HOUSE.flows, "cancel_order": twice}))


def test_an_intent_nobody_understands_is_found() -> None:
    with pytest.raises(WiringError, match=r"cancel_order is begun by juggle"):
        check_wiring(with_flow(replace(a_flow("cancel_order"), intents=("juggle",))))


def test_what_a_technician_means_is_theirs_first() -> None:
    for meant in HOUSE.meant_by.values():
        assert [one.role == "technician" for one in meant] == sorted(
            (one.role == "technician" for one in meant), reverse=True
        )


def test_links_are_our_own_and_absolute() -> None:
    assert HOUSE.link("/pay/x") == "http://127.0.0.1:8000/pay/x"


def test_the_drawing_shows_every_flow_field_and_view() -> None:
    page = draw(HOUSE)
    for flow in FLOWS:
        section = page.split(f"## {flow.name}: ")[1].split("\n## ")[0]
        for field in flow.fields:
            assert f'{field.name}["{field.name}<br/>' in section
            for need in field.needs:
                assert f"{need} -.-> {field.name}" in section
        assert ("summary" in section) == (flow.summary is not None)
    for view in VIEWS:
        assert f"| {view.name}: " in page


def test_every_field_says_what_it_holds_so_that_an_older_value_can_be_told_from_one_that_fits() -> None:
    assert [
        f"{flow.name}.{item.name}" for flow in HOUSE.flows.values() for item in flow.fields if item.holds is Any
    ] == []
