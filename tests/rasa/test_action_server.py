"""A Rasa assistant hands people over: each of their messages is one turn of ours, until our task has ended."""

import asyncio
import json
from typing import Any

import msgspec
import pytest

from bots.rasa import RasaParams
from bots.rasa.calls import Tracker
from bots.rasa.hand import Hand
from core.db import DatabaseError
from dialogs.reception import Reception
from tests.dialogs.chat import World
from tests.dialogs.words import WORDS
from tests.rasa.assistant import SECRET, Assistant
from tests.rasa.conftest import Serve, Serving, StandingClock

pytestmark = pytest.mark.anyio


async def books_to_summary(person: Assistant, lang: str = "zh-Hans") -> None:
    words = WORDS[lang]
    for name in ("book", "option", "address", "who", "phone"):
        await person.says(words[name])


@pytest.mark.parametrize("lang", ["zh-Hans", "en"])
async def test_a_visit_is_booked_to_its_payment_link_and_rasa_gets_the_person_back(serving: Serving, lang: str) -> None:
    lin = serving.assistant("lin")

    await books_to_summary(lin, lang)
    assert (lin.slots["menling_state"], lin.slots["menling_task"], lin.active) == ("running", "book", True)
    await lin.says(WORDS[lang]["yes"], intent="affirm")

    assert "http://127.0.0.1:8000/pay/" in lin.sees()
    order = serving.world.chat("lin", channel="rasa", account="main").order
    assert lin.slots["menling_order"] == order.code
    assert lin.slots["menling_order_state"] == "to_pay"
    assert (lin.slots["menling_state"], lin.slots["menling_task"], lin.active) == ("ended", None, False)
    serving.world.settled()


async def test_buttons_press_ours_again_whatever_rasa_made_of_their_payload(serving: Serving) -> None:
    lin = serving.assistant("lin")
    await lin.says("明天下午三点想约个肩颈按摩，在家")

    await lin.presses("90")
    lin.sees("地址")

    chat = serving.world.chat("lin", channel="rasa", account="main")
    assert chat.values["option"] is not None


async def test_a_link_is_a_line_of_its_own_since_rasas_buttons_have_none(serving: Serving) -> None:
    lin = serving.assistant("lin")
    await books_to_summary(lin)
    (message,) = await lin.says("好的", intent="affirm")

    assert "付款 ¥263: http://127.0.0.1:8000/pay/" in message["text"]
    assert message["buttons"] == []


async def test_a_question_in_between_is_answered_and_the_task_goes_on(serving: Serving) -> None:
    lin = serving.assistant("lin")
    await lin.says("明天下午三点想约个肩颈按摩，在家")

    await lin.says("多少钱", intent="ask_price")

    lin.sees("¥198", "要哪一种")
    assert lin.active


async def test_what_rasa_answers_itself_is_not_heard_and_our_question_is_put_again(serving: Serving) -> None:
    lin = serving.assistant("lin")
    await lin.says("明天下午三点想约个肩颈按摩，在家")
    asked = lin.sees("要哪一种")

    lin.answers_itself("几点开门")
    await lin.comes_back()

    assert lin.sees() == asked
    assert lin.active
    assert serving.said("lin") == ["明天下午三点想约个肩颈按摩，在家"]


async def test_a_cancel_gives_the_person_back_at_once(serving: Serving) -> None:
    lin = serving.assistant("lin")
    await lin.says("明天下午三点想约个肩颈按摩，在家")

    await lin.says("不约了", intent="cancel")

    assert (lin.slots["menling_state"], lin.slots["menling_task"], lin.active) == ("ended", None, False)


async def test_a_question_that_starts_no_task_takes_one_message(serving: Serving) -> None:
    lin = serving.assistant("lin")

    await lin.says("肩颈按摩多少钱", intent="ask_price")

    lin.sees("¥198")
    assert not lin.active


async def test_a_button_of_an_ended_task_still_speaks_to_us(serving: Serving) -> None:
    lin = serving.assistant("lin")
    await lin.says("美甲多少钱", intent="ask_price")
    assert not lin.active

    await lin.presses("预约这一项")

    assert (lin.active, lin.slots["menling_task"]) == (True, "book")


async def test_a_restart_in_between_loses_nothing(serve: Serve) -> None:
    lin = (await serve()).assistant("lin")
    await lin.says("明天下午三点想约个肩颈按摩，在家")
    await lin.says("90分钟的")

    again = await serve()
    lin.client = again.client
    await lin.says("望京花园 3 号楼 1201")

    lin.sees("王师傅")


async def test_a_repeat_does_nothing_twice_and_shows_the_answer_nobody_saw(serving: Serving) -> None:
    lin = serving.assistant("lin")
    await lin.says("明天下午三点想约个肩颈按摩，在家")
    before = lin.sees()

    responses = await lin.again()

    assert lin.sees() == before
    assert len(responses) == 1
    assert serving.said("lin") == ["明天下午三点想约个肩颈按摩，在家"]


async def test_a_repeat_whose_answer_rasa_has_shown_is_answered_with_slots_alone(serving: Serving) -> None:
    lin = serving.assistant("lin")
    await lin.says("明天下午三点想约个肩颈按摩，在家")

    assert await lin.comes_back() == []

    assert lin.slots["menling_task"] == "book"


async def test_the_same_id_of_another_sender_is_another_message(serving: Serving) -> None:
    lin, mei = serving.assistant("lin"), serving.assistant("mei")
    await lin.says("美甲多少钱", intent="ask_price")
    payload = json.loads(json.dumps(lin.last_payload).replace('"lin"', '"mei"'))

    answer = await serving.client.post("/webhook", json=payload)

    assert "¥" in answer.json()["responses"][0]["text"]
    assert serving.said(mei.sender) == ["美甲多少钱"]


async def test_words_sent_together_keep_their_order(serving: Serving) -> None:
    lin = serving.assistant("lin")
    await lin.says("明天下午三点想约个肩颈按摩，在家")

    first = asyncio.create_task(lin.says("90分钟的"))
    second = asyncio.create_task(lin.says("望京花园 3 号楼 1201"))
    await asyncio.gather(first, second)

    assert serving.said("lin")[1:] == ["90分钟的", "望京花园 3 号楼 1201"]


@pytest.mark.parametrize(
    "sender", ["梅 梅", "a'; drop table person; --", "x" * 400, " ", "a\x00b", "~lin", "😀", "a/b?c#d"]
)
async def test_a_sender_of_any_characters_is_one_person(serving: Serving, sender: str) -> None:
    strange = serving.assistant(sender)

    await strange.says("明天下午三点想约个肩颈按摩，在家")
    await strange.says("90分钟的")

    strange.sees("地址")


async def test_senders_that_a_database_might_mix_up_are_two_people(serving: Serving) -> None:
    await serving.assistant("lin ").says("明天下午三点想约个肩颈按摩，在家")
    lin = serving.assistant("lin")

    await lin.says("我的订单", intent="order_status")

    assert not lin.active


async def test_while_a_human_has_the_thread_the_person_stays_with_us_and_the_bot_is_silent(serving: Serving) -> None:
    lin = serving.assistant("lin")

    await lin.says("转人工", intent="human")
    assert (lin.slots["menling_state"], lin.active) == ("with_human", True)
    await lin.says("师傅一直没到", intent="complain")

    assert lin.active


async def test_a_person_who_is_erased_is_given_back(serving: Serving) -> None:
    lin = serving.assistant("lin")
    await lin.says("把我的资料都删掉", intent="erase_me")
    assert lin.slots["menling_task"] == "erase_me"

    await lin.says("好的", intent="affirm")
    assert (lin.slots["menling_state"], lin.active) == ("ended", False)


async def test_a_message_of_ours_is_shown_to_whom_it_is_for_and_to_nobody_else(serving: Serving) -> None:
    lin, mei = serving.assistant("lin"), serving.assistant("mei")
    await lin.says("美甲多少钱", intent="ask_price")
    token = json.loads(lin.payload_of("预约这一项").removeprefix("/menling_press"))["menling_token"]
    await mei.says("你好")

    (shown,) = await lin.is_told(token)
    assert await mei.is_told(token) == []
    assert await mei.is_told("nothing like a token") == []

    assert "¥168" in shown["text"]
    assert serving.said("lin") == ["美甲多少钱"]


async def test_news_for_somebody_who_never_came_is_no_news(serving: Serving) -> None:
    nobody = serving.assistant("nobody")

    assert await nobody.is_told("1.0") == []

    assert not nobody.active


async def test_a_database_that_is_away_is_told_in_the_projects_own_words_and_the_form_stays(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    lin = serving.assistant("lin")
    await lin.says("明天下午三点想约个肩颈按摩，在家")

    async def away(*_: Any, **__: Any) -> None:
        raise DatabaseError

    with monkeypatch.context() as patched:
        patched.setattr(serving.world.db, "arun", away)
        (response,) = await lin.says("90分钟的")

    assert response["response"] == "utter_menling_away"
    assert (lin.slots["menling_state"], lin.active) == ("away", True)
    await lin.again()
    lin.sees("地址")


async def test_an_error_of_ours_tells_rasa_neither_its_words_nor_the_call(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    lin = serving.assistant("lin")

    def broken(*_: Any) -> None:
        raise RuntimeError("13800138000")

    with monkeypatch.context() as patched:
        patched.setattr("bots.rasa.hand.standing", broken)
        (response,) = await lin.says("明天下午三点想约个肩颈按摩，在家")

    assert response["response"] == "utter_menling_away"
    assert (lin.slots["menling_state"], lin.active) == ("away", True)


async def test_another_action_than_ours_is_told_to_be_unknown(serving: Serving) -> None:
    lin = serving.assistant("lin")
    await lin.says("你好")

    answer = await serving.client.post("/webhook", json={**lin.last_payload, "next_action": "action_of_theirs"})

    assert answer.status_code == 404


async def test_the_action_that_stands_for_rasas_undo_leaves_everything_as_it_is(serving: Serving) -> None:
    lin = serving.assistant("lin")
    await lin.says("明天下午三点想约个肩颈按摩，在家")
    await lin.says("90分钟的")
    called = {**lin.last_payload, "next_action": "action_back"}

    answer = await serving.client.post("/webhook", json=called)

    assert answer.json() == {"events": [], "responses": []}
    await lin.says("返回", intent="back")
    lin.sees("60 分钟")


async def test_a_project_that_sends_no_domain_is_served(serving: Serving) -> None:
    lin = serving.assistant("lin")
    await lin.says("你好")
    payload = lin.payload()
    del payload["domain"]

    assert (await serving.client.post("/webhook", json=payload)).status_code == 200


async def test_a_message_without_words_is_answered_with_a_sentence(serving: Serving) -> None:
    lin = serving.assistant("lin")

    (shown,) = await lin.says("", intent="nlu_fallback")

    assert shown["text"]


async def test_a_message_without_an_id_is_known_by_its_moment(serving: Serving) -> None:
    lin = serving.assistant("lin")
    await lin.says("明天下午三点想约个肩颈按摩，在家")
    payload = lin.payload()
    payload["tracker"]["latest_message"]["message_id"] = None

    for _ in range(2):
        assert (await serving.client.post("/webhook", json=payload)).status_code == 200

    assert len(serving.said("lin")) == 2


async def test_every_answer_is_noted_as_sent_so_that_nobody_sends_it_again(serve: Serve, world: World) -> None:
    lin = (await serve()).assistant("lin")
    await books_to_summary(lin)

    await serve()  # the first server has stopped, and finished what it had begun
    assert world.deliver() == []


async def test_a_call_under_way_when_the_server_stops_is_answered_and_noted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = Hand(RasaParams(SECRET), Reception(world.db, world.house, StandingClock()))
    begun, run = asyncio.Event(), world.db.arun

    async def slowly(unit: Any) -> Any:
        begun.set()
        await asyncio.sleep(0.02)
        return await run(unit)

    message = {"text": "明天下午三点想约个肩颈按摩，在家", "message_id": "1"}
    tracker = {"sender_id": "lin", "latest_message": message}
    with monkeypatch.context() as patched:
        patched.setattr(world.db, "arun", slowly)
        call = asyncio.create_task(hand.take(msgspec.convert(tracker, Tracker)))
        await begun.wait()
        await hand.drain(seconds=10)

    assert call.done()
    assert world.deliver() == []


async def test_an_answer_that_rasa_hung_up_on_is_left_to_the_sender(
    serve: Serve, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving = await serve()
    lin = serving.assistant("lin")
    begun, hung_up = asyncio.Event(), asyncio.Event()
    run = world.db.arun

    async def slowly(unit: Any) -> Any:
        begun.set()
        await hung_up.wait()
        return await run(unit)

    with monkeypatch.context() as patched:
        patched.setattr(world.db, "arun", slowly)
        call = asyncio.create_task(lin.says("明天下午三点想约个肩颈按摩，在家"))
        await begun.wait()
        call.cancel()
        await asyncio.wait([call])
        await serving.client.aclose()
        await serving.nobody_asks()
        hung_up.set()
        await serve()

    (left,) = world.deliver()
    assert "要哪一种" in left.body.text
