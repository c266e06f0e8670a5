"""Calls as Rasa 3.6.21 posted them, with the exported project trained: recorded once, less domains and rankings."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.rasa.conftest import Serving

pytestmark = pytest.mark.anyio
RECORDED = Path(__file__).parent / "recorded"


def recorded(name: str) -> list[dict[str, Any]]:
    """The calls of one recording, in their order."""
    return [json.loads(line) for line in (RECORDED / f"{name}.jsonl").read_text("utf-8").splitlines()]


async def test_a_recorded_booking_ends_in_a_payment_link(serving: Serving) -> None:
    answers = [await post(serving, call) for call in recorded("booking")]

    words = ["\n".join(message["text"] for message in answer["responses"]) for answer in answers]
    assert "要哪一种" in words[0]
    assert "请核对" in words[-2]
    assert "/pay/" in words[-1]
    assert slots(answers[-1])["menling_order_state"] == "to_pay"
    assert slots(answers[-1])["requested_slot"] is None
    serving.world.settled()


async def test_a_recorded_call_may_be_posted_again_and_changes_nothing(serving: Serving) -> None:
    calls = recorded("booking")
    for call in calls:
        await post(serving, call)
        await post(serving, call)

    assert len(serving.world.chat("lin", channel="rasa", account="main").orders) == 1


async def test_a_recorded_step_back_is_ours_after_rasas_own_has_done_nothing(serving: Serving) -> None:
    booking, (unsaid, back) = recorded("booking"), recorded("back")
    await post(serving, booking[0])
    await post(serving, booking[1])

    assert await post(serving, unsaid) == {"events": [], "responses": []}
    (message,) = (await post(serving, back))["responses"]

    assert "60 分钟" in message["buttons"][0]["title"]


async def test_a_recorded_press_of_a_strangers_button_is_refused_in_words(serving: Serving) -> None:
    (call,) = recorded("press")

    answer = await post(serving, call)

    assert answer["responses"][0]["text"]


async def test_recorded_news_for_somebody_we_do_not_know_shows_nothing(serving: Serving) -> None:
    (call,) = recorded("news")

    answer = await post(serving, call)

    assert answer["responses"] == []
    assert slots(answer)["requested_slot"] is None


async def test_the_assistant_of_these_tests_posts_what_rasa_posts(serving: Serving) -> None:
    lin = serving.assistant("lin")
    await lin.says("明天下午三点想约个肩颈按摩，在家")
    ours, theirs = lin.last_payload, recorded("booking")[0]

    assert ours.keys() == theirs.keys()
    assert ours["tracker"].keys() == theirs["tracker"].keys()
    assert ours["tracker"]["latest_message"].keys() == theirs["tracker"]["latest_message"].keys() - {"intent_ranking"}
    for event in ours["tracker"]["events"]:
        same = next(one for one in theirs["tracker"]["events"] if one["event"] == event["event"])
        assert event.keys() <= same.keys()
    kinds = [(event["event"], event.get("name")) for event in theirs["tracker"]["events"]][-4:]
    assert [(event["event"], event.get("name")) for event in ours["tracker"]["events"]][-3:] == kinds[-3:]


async def post(serving: Serving, call: dict[str, Any]) -> dict[str, Any]:
    answer = await serving.client.post("/webhook", json=call)
    assert answer.status_code == 200, answer.text
    given: dict[str, Any] = answer.json()
    return given


def slots(answer: dict[str, Any]) -> dict[str, Any]:
    """What an answer sets."""
    return {event["name"]: event["value"] for event in answer["events"]}
