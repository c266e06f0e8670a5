"""Messages through the real client: buttons, edits, pictures, and what each refusal of Telegram means."""

import logging
from pathlib import Path

import pytest

from core import files
from core.files import Picture
from dialogs.incoming import Incoming, Press
from dialogs.outgoing import Body, Button, Later, Outgoing, Refused, Sent, Unknown, token_of
from simulators.tinypng import plain_png
from tests.builders import NOW, a_database, a_person
from tests.fake_reception import FakeReception, a_prompt
from tests.logged import said_in, tells
from tests.telegram.conftest import Open

pytestmark = pytest.mark.anyio


def a_message(chat_id: int, body: Body | None = None, **over: object) -> Outgoing:
    facts: dict[str, object] = {
        "message_id": 36**5, "person_id": 1, "kind": "notice", "channel": "telegram", "account": "bell",
        "external_id": str(chat_id), "body": body or Body(text="出发了"), "lang": "zh-Hans",
    }  # fmt: skip
    return Outgoing(**(facts | over))  # type: ignore[arg-type]


def ask_then_confirm(incoming: Incoming) -> list[Body]:
    """A question first; whatever is pressed, a summary."""
    if isinstance(incoming.content, Press):
        return [a_prompt("请核对：王师傅 ¥260", "确认下单")]
    return [a_prompt("选哪位？", "王师傅", "李师傅")]


async def test_a_prompt_shows_its_buttons_and_is_noted_with_telegrams_id(open_door: Open) -> None:
    opened = await open_door(FakeReception(script=ask_then_confirm))
    anna = opened.sim.user()

    await anna.says("按摩 <b>&")
    seen = await anna.sees("选哪位？")
    await opened.settled()

    assert seen.labels == ["王师傅", "李师傅", "返回", "取消"]
    assert opened.reception.outcomes == [Sent(str(seen.message_id))]


async def test_a_press_edits_the_prompt_in_place(open_door: Open) -> None:
    opened = await open_door(FakeReception(script=ask_then_confirm))
    anna = opened.sim.user()
    await anna.says("按摩")
    prompt = await anna.sees("选哪位？")

    await anna.presses("王师傅")
    summary = await anna.sees("请核对")
    await opened.settled()

    assert summary.message_id == prompt.message_id
    assert [message.text for message in anna.messages if not message.mine] == ["请核对：王师傅 ¥260"]
    assert opened.reception.outcomes[-1] == Sent(str(prompt.message_id))


async def test_typed_words_get_a_new_prompt_and_the_old_one_loses_its_buttons(open_door: Open) -> None:
    opened = await open_door(FakeReception(script=ask_then_confirm))
    anna = opened.sim.user()
    await anna.says("按摩")
    old = await anna.sees("选哪位？")

    await anna.says("美甲")
    new = await anna.sees("选哪位？")
    await opened.settled()
    await opened.door.stop()

    assert new.message_id != old.message_id
    buttons = {message.message_id: message.labels for message in anna.messages if not message.mine}
    assert buttons == {old.message_id: [], new.message_id: ["王师傅", "李师傅", "返回", "取消"]}


async def test_an_edit_that_changes_nothing_has_happened(open_door: Open) -> None:
    opened = await open_door()
    anna = opened.sim.user()
    await anna.starts()
    first = await opened.door.deliver(a_message(anna.id))
    assert isinstance(first, Sent)

    again = await opened.door.deliver(a_message(anna.id, replaces=first.ref))

    assert again == Sent(first.ref)


async def test_a_prompt_that_can_no_longer_be_edited_is_sent_anew(open_door: Open) -> None:
    opened = await open_door()
    anna = opened.sim.user()
    await anna.starts()

    outcome = await opened.door.deliver(a_message(anna.id, replaces="999999"))

    assert isinstance(outcome, Sent)
    await anna.sees("出发了")


async def test_links_are_link_buttons_and_those_telegram_refuses_are_lines(open_door: Open) -> None:
    opened = await open_door()
    anna = opened.sim.user()
    await anna.starts()
    rows = (
        (Button("付款 ¥260", url="https://menling.example/pay/x"), Button("地图", url="http://localhost:8000/map")),
    )

    await opened.door.deliver(a_message(anna.id, Body(text="请付款", rows=rows)))

    seen = await anna.sees("请付款")
    assert seen.text == "请付款\n地图: http://localhost:8000/map"
    assert seen.buttons == ((("付款 ¥260", "https://menling.example/pay/x"),),)


async def test_a_buttons_place_counts_links_too(open_door: Open) -> None:
    opened = await open_door()
    anna = opened.sim.user()
    await anna.starts()
    rows = ((Button("付款", url="https://menling.example/pay/x"),), (Button("取消", action="c"), Button("x" * 90)))

    await opened.door.deliver(a_message(anna.id, Body(text="请付款", rows=rows), message_id=42))

    seen = await anna.sees("请付款")
    assert seen.buttons[1] == (("取消", token_of(42, 1)), ("x" * 63 + "…", token_of(42, 2)))


async def test_a_long_text_comes_in_parts_and_the_buttons_under_the_last(open_door: Open) -> None:
    opened = await open_door()
    anna = opened.sim.user()
    await anna.starts()
    text = "\n".join(f"{nth} 王师傅 💆 肩颈舒缓" for nth in range(600))

    outcome = await opened.door.deliver(a_message(anna.id, a_prompt(text, "好")))

    assert isinstance(outcome, Sent)
    parts = [message for message in anna.messages if "王师傅" in message.text and not message.mine]
    assert "\n".join(part.text for part in parts) == text
    assert [bool(part.labels) for part in parts] == [False] * (len(parts) - 1) + [True]


async def test_another_try_at_a_long_text_goes_on_where_the_last_one_failed(
    open_door: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = await open_door()
    anna = opened.sim.user()
    await anna.starts()
    await anna.sees("heard")
    text = "\n".join(f"{nth} 王师傅 💆 肩颈舒缓" for nth in range(600))
    message, put, calls = a_message(anna.id, a_prompt(text, "好")), opened.door._bot.send_message, 0

    async def fails_at_the_second(*given: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 2:
            opened.sim.fail_next("sendMessage", "500", chat_id=anna.id)
        return await put(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(opened.door._bot, "send_message", fails_at_the_second)
    first = await opened.door.deliver(message)
    again = await opened.door.deliver(message)

    assert first == Later(5.0, away=True)
    assert isinstance(again, Sent)
    parts = [one for one in anna.messages if "王师傅" in one.text and not one.mine]
    assert "\n".join(part.text for part in parts) == text
    assert [bool(part.labels) for part in parts] == [False] * (len(parts) - 1) + [True]


async def test_a_429_between_the_parts_of_a_text_is_waited_for(
    open_door: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = await open_door()
    anna = opened.sim.user()
    await anna.starts()
    await anna.sees("heard")
    text = "\n".join(f"{nth} 王师傅 💆 肩颈舒缓" for nth in range(600))
    put = opened.door._bot.send_message
    opened.sim.fail_next("sendMessage", "429", retry_after=1, chat_id=anna.id)
    assert await opened.door.deliver(a_message(anna.id, Body(text=text))) == Later(1.0)  # none has gone: others first

    async def slows_down(*given: object, **named: object) -> object:
        monkeypatch.setattr(opened.door._bot, "send_message", put)
        shown = await put(*given, **named)  # type: ignore[arg-type]
        opened.sim.fail_next("sendMessage", "429", retry_after=1, chat_id=anna.id)
        return shown

    monkeypatch.setattr(opened.door._bot, "send_message", slows_down)
    assert isinstance(await opened.door.deliver(a_message(anna.id, Body(text=text))), Sent)

    parts = [one for one in anna.messages if "王师傅" in one.text and not one.mine]
    assert "\n".join(part.text for part in parts) == text


async def test_a_picture_comes_with_its_words_below(open_door: Open, tmp_path: Path) -> None:
    db = a_database(tmp_path)
    person = db.run(a_person)
    picture = Picture("image/png", plain_png(8, 8))
    file_id = db.run(lambda tx: files.keep(tx, person.id, purpose="face", picture=picture, now=NOW))
    opened = await open_door(FakeReception(db=db))
    anna = opened.sim.user()
    await anna.starts()

    await opened.door.deliver(a_message(anna.id, a_prompt("王师傅 ★4.9", "约他", photo_file_id=file_id)))
    await opened.door.deliver(a_message(anna.id, Body(text="照片没了", photo_file_id=file_id + 1)))

    with_picture = await anna.sees("王师傅")
    assert (with_picture.photo, with_picture.labels[0]) == (picture.body, "约他")
    assert (await anna.sees("照片没了")).photo is None
    db.close()


async def test_a_phone_or_place_can_be_shared_by_one_key_that_goes_away_again(open_door: Open) -> None:
    phone, place = a_prompt("电话多少？", asks="phone"), a_prompt("送到哪里？", "老地方", asks="location")
    questions = iter([phone, place, a_prompt("几点？", "15:00")])
    opened = await open_door(FakeReception(script=lambda _: [next(questions)]))
    anna = opened.sim.user(phone="+8613800138000")

    await anna.says("约按摩")
    await anna.sees("直接发送您的手机号")
    await anna.presses("发送我的手机号")
    await anna.sees("直接发送您现在的位置")
    await anna.presses("发送我的位置")
    await anna.sees("几点")
    await opened.settled()
    await opened.door.stop()

    assert [type(content).__name__ for content in opened.reception.heard] == ["Text", "Contact", "Location"]
    assert anna.account.keyboard is None
    assert "收到。" not in [message.text for message in anna.messages]


async def test_buttons_of_a_question_that_can_be_shared_still_work(open_door: Open) -> None:
    opened = await open_door(FakeReception(script=lambda _: [a_prompt("送到哪里？", "老地方", asks="location")]))
    anna = opened.sim.user()
    await anna.says("约按摩")
    await anna.sees("直接发送您现在的位置")

    await anna.presses("老地方")
    await opened.settled()

    assert [type(content).__name__ for content in opened.reception.heard] == ["Text", "Press"]


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("429", Later(3.0)),
        ("403", Refused("blocked", gone=True)),
        ("500", Later(5.0, away=True)),
        ("reset", Unknown("ClientOSError")),
    ],
)
async def test_telegrams_refusals_become_ours(open_door: Open, kind: str, outcome: object) -> None:
    opened = await open_door()
    anna = opened.sim.user()
    await anna.starts()
    await anna.sees("heard")
    opened.sim.fail_next("sendMessage", kind, retry_after=3)

    assert await opened.door.deliver(a_message(anna.id)) == outcome


async def test_an_answer_that_never_comes_is_unknown(open_door: Open) -> None:
    opened = await open_door()
    anna = opened.sim.user()
    await anna.starts()
    await anna.sees("heard")
    opened.door._bot.session.timeout = 0.2
    opened.sim.fail_next("sendMessage", "success_then_timeout", seconds=5)

    assert isinstance(await opened.door.deliver(a_message(anna.id)), Unknown)


async def test_a_telegram_that_is_not_there_is_tried_again_later(open_door: Open) -> None:
    opened = await open_door()
    anna = opened.sim.user()
    await opened.sim.stop()

    assert await opened.door.deliver(a_message(anna.id)) == Later(5.0, away=True)


@pytest.mark.parametrize(("external_id", "gone"), [("12345", True), ("not-an-id", False)])
async def test_a_chat_that_does_not_exist_is_refused(open_door: Open, external_id: str, gone: bool) -> None:
    opened = await open_door()

    outcome = await opened.door.deliver(a_message(0, external_id=external_id))

    assert isinstance(outcome, Refused)
    assert outcome.gone is gone


async def test_after_a_429_the_rest_of_a_turn_waits_in_order(open_door: Open) -> None:
    opened = await open_door(FakeReception(script=lambda _: [Body(text="一"), Body(text="二")]))
    anna = opened.sim.user()
    opened.sim.fail_next("sendMessage", "429", retry_after=7)

    await anna.says("hi")
    await opened.settled()

    assert opened.reception.outcomes == [Later(7.0), Later(7.0)]
    assert [message.text for message in anna.messages] == ["hi"]


async def test_answers_too_keep_the_peace_that_a_429_asked_for(open_door: Open) -> None:
    opened = await open_door()
    anna, ben = opened.sim.user(), opened.sim.user()
    opened.sim.fail_next("sendMessage", "429", retry_after=7, chat_id=anna.id)
    await anna.says("hi")
    await opened.settled()

    await anna.says("hello?")
    await ben.says("hi")
    await opened.settled()

    first, second, other = opened.reception.outcomes
    assert first == Later(7.0)
    assert isinstance(second, Later)
    assert 0 < second.seconds <= 7
    assert isinstance(other, Sent)
    assert len(opened.sim.calls_of("sendMessage")) == 2


async def test_no_answer_overtakes_one_that_could_not_go(open_door: Open) -> None:
    opened = await open_door()
    anna = opened.sim.user()
    opened.sim.fail_next("sendMessage", "401")
    await anna.says("prices")
    await opened.settled()
    await anna.says("hello")
    await opened.settled()

    assert [type(outcome) for outcome in opened.reception.outcomes] == [Later, Later]
    assert [message.text for message in anna.messages] == ["prices", "hello"]


async def test_one_slow_chat_does_not_hold_up_another(open_door: Open) -> None:
    opened = await open_door()
    slow, quick = opened.sim.user("Slow"), opened.sim.user("Quick")
    opened.sim.fail_next("sendMessage", "slow", chat_id=slow.id, seconds=2.0)

    await slow.says("hi")
    await quick.says("hi")
    await quick.sees("heard")

    assert not any(line.text == "heard" for line in slow.messages if not line.mine)
    await slow.sees("heard")


async def test_logs_hold_neither_words_nor_tokens(open_door: Open, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    opened = await open_door()
    anna = opened.sim.user("Annabella")
    opened.sim.fail_next("sendMessage", "reset")

    await anna.says("我住望京花园1201")
    await opened.settled()
    await opened.door.deliver(a_message(anna.id, Body(text="您的开工码是 4821")))

    told = said_in(caplog)
    assert "telegram send" in told
    for canary in ("望京花园", "4821", "Annabella", str(anna.id), opened.sim.token, opened.params.secret):
        assert not tells(told, canary)
