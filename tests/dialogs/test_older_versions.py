"""A conversation stored by an older version goes on with the next message, or starts anew with an apology."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from core.catalog import catalogue
from core.conversations.tables import conversation
from core.technicians import roster
from dialogs.engine.mending import mended
from dialogs.engine.state import Frame, State, encode_state
from dialogs.flows.book import BOOK
from tests.dialogs.chat import Chat, World

STORED = json.loads((Path(__file__).parent / "stored" / "version_1.json").read_text("utf-8"))
"""States as version 1 left them, each with another flow, step or set of values; ids of the demo city as names."""

APOLOGIES = ("我们刚升级过", "我们刚刚升级")


def stored(chat: Chat, raw: bytes) -> None:
    sealed = chat.loaded.key.seal(raw, "conversation.state")
    mine = update(conversation).where(conversation.c.person_id == chat.person_id)
    chat.world.run(lambda tx: tx.execute(mine.values(state_sealed=sealed)))


def ids_of(world: World) -> dict[str, int]:
    """What this city's ids are called in the stored states."""
    shop, people = world.read(catalogue), world.read(roster)
    found = {f"service:{one.names['zh-Hans']}": one.id for one in shop.services}
    for one in shop.services:
        found |= {f"option:{one.names['zh-Hans']}/{each.names['zh-Hans']}": each.id for each in one.options}
    found |= {f"region:{one.names['zh-Hans']}": one.id for one in shop.regions}
    return found | {f"technician:{one.names['zh-Hans']}": one.id for one in people.technicians}


def with_ids(data: Any, ids: dict[str, int]) -> Any:
    if isinstance(data, dict):
        return {key: with_ids(value, ids) for key, value in data.items()}
    if isinstance(data, list):
        return [with_ids(value, ids) for value in data]
    if isinstance(data, str) and data.startswith("§§"):
        return str(ids[data[2:]])
    return ids[data[1:]] if isinstance(data, str) and data.startswith("§") else data


@pytest.mark.parametrize("said", ["重复一遍", "改成明天四点", "返回", "1"])
def test_every_conversation_an_older_version_stored_is_gone_on_with(world: World, said: str) -> None:
    """Nothing raises, nothing is silent, and what runs is the same flow at a question it has, or an apology is made."""
    chat, ids = world.chat("lin"), ids_of(world)
    chat.says("你好")
    went_on = 0
    for state in STORED:
        stored(chat, json.dumps(with_ids(state, ids)).encode())
        chat.says(said)
        top = state["stack"][-1] if state["stack"] else None
        if top is not None and chat.state.top is not None and chat.flow == top["flow"]:
            went_on += 1
        chat.says("取消")
    assert went_on > len(STORED) * (0.3 if said == "1" else 0.6)
    world.settled()


def test_a_field_that_was_renamed_keeps_its_value_and_its_place(world: World) -> None:
    chat = world.chat("lin")
    chat.books_to_summary()
    state = chat.state
    frame = state.stack[-1]
    frame.values["whereabouts"] = frame.values.pop("address")
    frame.trail = ["whereabouts" if name == "address" else name for name in frame.trail]
    frame.asking = "whereabouts"
    renamed = [replace(item, was=("whereabouts",)) if item.name == "address" else item for item in BOOK.fields]
    house = replace(world.house, flows={**world.house.flows, "book": replace(BOOK, fields=tuple(renamed))})

    assert mended(house, state)
    assert frame.values["address"]["text"]
    assert "whereabouts" not in frame.values
    assert (frame.asking, frame.trail) == ("address", [*chat.frame.trail])


def test_a_flow_that_was_renamed_goes_on_under_its_new_name(world: World) -> None:
    state = State(stack=[Frame(flow="reserve", values={}, asking="service")])
    flows = {**world.house.flows, "book": replace(BOOK, was=("reserve",))}

    assert mended(replace(world.house, flows=flows), state)
    assert state.stack[0].flow == "book"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("service", "neck"), ("option", None), ("address", {"words": "x"}), ("technician", {"id": "王"}),
        ("start", "tomorrow"), ("phone", 138), ("quantity", "two"), ("hold", "h"), ("when", ["15:00"]),
    ],
)  # fmt: skip
def test_a_value_of_another_shape_is_asked_again_with_an_apology(world: World, name: str, value: Any) -> None:
    chat = world.chat("lin")
    chat.books_to_summary()
    state = chat.state
    state.stack[-1].values[name] = value
    stored(chat, encode_state(state))
    chat.says("继续")

    assert any(apology in chat.text for apology in APOLOGIES)
    assert chat.flow == "book"
    assert name not in chat.frame.values or chat.frame.values[name] != value


def test_a_change_begun_by_an_older_version_brings_back_nothing_that_does_not_fit(world: World) -> None:
    chat = world.chat("lin")
    chat.books_to_summary()
    chat.presses("改时间")
    state = chat.state
    state.stack[-1].values["_before"]["start"] = 15
    stored(chat, encode_state(state))
    chat.says("返回")

    assert chat.flow == "book"
    assert chat.frame.values.get("start") != 15


def test_what_was_on_top_of_a_flow_that_is_gone_still_stands_on_what_was_under_it(world: World) -> None:
    chat = world.chat("lin")
    chat.books_to_summary()
    state = chat.state
    state.stack.append(Frame(flow="sold_elsewhere", values={"a": 1}, asking="b"))
    stored(chat, encode_state(state))
    chat.says("继续")

    assert any(apology in chat.text for apology in APOLOGIES)
    assert chat.flow == "book"
    chat.sees("请核对")
