"""A webhook is answered when its turn is kept; what the turn says follows, chat by chat, in order."""

import asyncio

import pytest

from dialogs.incoming import Press
from dialogs.outgoing import Body, Later
from tests.fake_reception import FakeReception, a_prompt
from tests.telegram.conftest import Open
from tests.telegram.test_coming_in import an_update, post

pytestmark = pytest.mark.anyio


async def test_a_slow_telegram_holds_up_no_answer_to_a_webhook(open_door: Open) -> None:
    opened = await open_door()
    anna = opened.sim.user("Anna")
    opened.sim.fail_next("sendMessage", "slow", seconds=2.5)

    for nth in range(3):
        assert await post(opened, an_update(nth, text=str(nth), chat={"id": anna.id, "type": "private"})) == 200

    assert opened.sim.calls_of("sendMessage") == []  # the first of them is still on its way
    assert len(opened.reception.came) == 3


async def test_a_chat_is_answered_in_the_order_it_spoke_however_slow_the_first_answer_is(open_door: Open) -> None:
    opened = await open_door(FakeReception(script=lambda one: [Body(text=f"re {getattr(one.content, 'text', '')}")]))
    anna = opened.sim.user("Anna")
    opened.sim.fail_next("sendMessage", "slow", seconds=0.3)

    for word in ("one", "two", "three"):
        await anna.says(word)
    await opened.settled()

    assert [one.text for one in anna.messages if not one.mine] == ["re one", "re two", "re three"]


async def test_what_could_not_begin_before_its_lease_ends_is_left_to_the_sender(
    open_door: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bots.telegram.door._OURS_SECONDS", 0.2)
    opened = await open_door()
    anna = opened.sim.user("Anna")
    opened.sim.fail_next("sendMessage", "slow", seconds=0.4)

    await anna.says("one")
    await anna.says("two")
    await opened.settled()

    assert opened.reception.outcomes[1] == Later(0.0)
    assert len([one for one in anna.messages if not one.mine]) == 1


async def test_a_press_edits_its_prompt_even_before_that_prompt_is_noted_as_sent(open_door: Open) -> None:
    def script(incoming: object) -> list[Body]:
        return [a_prompt("请核对", "确认") if isinstance(getattr(incoming, "content", None), Press) else a_prompt()]

    opened = await open_door(reception := FakeReception(script=script))
    anna = opened.sim.user("Anna")
    await anna.says("按摩")
    await anna.sees("选哪位")
    await opened.settled()
    reception._prompts.clear()  # as if the outcome had not been written yet

    await anna.presses("返回")
    await anna.sees("请核对")

    assert [one.text for one in anna.messages if not one.mine] == ["请核对"]


async def test_a_press_on_a_question_that_was_overtaken_says_so_at_once(open_door: Open) -> None:
    opened = await open_door(FakeReception(script=lambda _: [a_prompt("选哪位？", "王师傅")]))
    anna = opened.sim.user("Anna")
    await anna.says("按摩")
    old = await anna.sees("选哪位")
    data = old.buttons[0][0][1]
    await anna.says("美甲")
    new = await anna.sees("选哪位")
    assert new.message_id != old.message_id
    await opened.settled()

    stale = await anna.waits_for_answer(await anna.presses_on(old.message_id, data))
    fresh = await anna.waits_for_answer(await anna.presses("王师傅"))

    assert "最下面" in stale.text
    assert not fresh.text


async def test_stopping_lets_what_is_under_way_go_out(open_door: Open) -> None:
    opened = await open_door()
    anna = opened.sim.user("Anna")
    opened.sim.fail_next("sendMessage", "slow", seconds=0.3)
    await anna.says("hi")
    await opened.sim.settled()

    await asyncio.wait_for(opened.door.stop(), 15)

    assert [one.text[:20] for one in anna.messages if not one.mine] == ["heard Text(text='hi'"]
