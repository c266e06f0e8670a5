"""Answers in WeChat's 5 seconds and after them, in its bytes and its windows."""

import asyncio
import logging
from types import SimpleNamespace
from typing import cast

import httpx
import pytest

from bots.wechat import Capabilities
from core import files
from core.db import Database, DatabaseBusy
from core.files import Picture
from dialogs.outgoing import Body, Button, Held, Later, Refused, Unknown
from simulators.tinypng import plain_png
from tests.builders import NOW, a_person
from tests.fake_reception import a_prompt
from tests.logged import said_in, tells
from tests.wechat.conftest import Open, RowReception
from tests.wechat.messages import (
    KEFU,
    KEFU_PATH,
    PASSIVE,
    a_notice,
)
from tests.wechat.test_coming_in import a_follower, a_message, post, reply_of, sealed

pytestmark = pytest.mark.anyio


async def test_choices_are_numbered_lines_and_ways_out_are_words(open_door: Open) -> None:
    rows = (
        (Button("确认下单", action=1), Button("改时间", action=2)),
        (Button("看地图", url="https://menling.example/map"), Button("改地址", action=3)),
        (Button("返回", minor=True), Button("取消", minor=True), Button("人工", minor=True)),
    )
    opened = await open_door(RowReception(script=lambda _: [Body(text="请核对：¥260", rows=rows)]))
    fan = a_follower(opened)

    await fan.says("约")
    seen = await fan.sees("请核对")

    assert seen.kind == "passive"
    assert seen.text.split("\n") == [
        "请核对：¥260", "1 确认下单  2 改时间", "看地图：https://menling.example/map", "3 改地址",
        "（也可以回复“返回”“取消”或“人工”）",
    ]  # fmt: skip
    assert [(tap.label, tap.content) for tap in seen.taps] == [
        ("1 确认下单", "1"), ("2 改时间", "2"), ("3 改地址", "3"),
    ]  # fmt: skip


async def test_a_card_takes_its_own_numbers_and_its_persons_language(open_door: Open) -> None:
    opened = await open_door(tappable=False)
    fan = a_follower(opened)
    await fan.says("hi")
    body = Body(text="New job", rows=((Button("Accept"), Button("Refuse")), (Button("help", minor=True),)))

    outcome = await opened.door.deliver(a_notice(fan.openid, body, kind="card", first_number=42, lang="en"))

    assert outcome == KEFU
    seen = await fan.sees("New job")
    assert (seen.text, seen.taps) == ("New job\n42 Accept  43 Refuse\n(or reply “help”)", ())


async def test_several_messages_make_one_reply(open_door: Open) -> None:
    opened = await open_door(RowReception(script=lambda _: [Body(text="好的"), a_prompt("几点？", "15:00")]))
    fan = a_follower(opened)

    await fan.says("约")
    seen = await fan.sees("好的")

    assert seen.text == "好的\n\n几点？\n1. 15:00\n（也可以回复“返回”或“取消”）"
    assert await opened.reception.notes(2) == [PASSIVE, PASSIVE]
    assert opened.sim.calls_of(KEFU_PATH) == []


async def test_what_does_not_fit_into_a_reply_follows_by_customer_service(open_door: Open) -> None:
    long = "\n".join(f"{nth} 肩颈舒缓 90 分钟 💆" for nth in range(80))
    opened = await open_door(RowReception(script=lambda _: [Body(text=long), a_prompt("还要看吗？", "要")]))
    fan = a_follower(opened)

    await fan.says("有哪些服务")
    await fan.sees("还要看吗")
    outcomes = await opened.reception.notes(2)

    shown = [message for message in fan.messages if not message.mine]
    assert [message.kind for message in shown][:2] == ["passive", "kefu"]
    assert "\n".join(message.text for message in shown).startswith(long + "\n还要看吗")
    assert (opened.sim.violations, outcomes) == ([], [KEFU, KEFU])


async def test_lines_to_tap_give_way_to_plain_numbers_when_they_would_not_fit(open_door: Open) -> None:
    choices = tuple((Button(f"{nth}号技师 " + "好" * 50, action=nth),) for nth in range(9))
    opened = await open_door(RowReception(script=lambda _: [Body(text="选哪位？", rows=choices)]))
    fan = a_follower(opened)

    await fan.says("约")
    seen = await fan.sees("9. 8号技师")

    assert (seen.kind, seen.taps) == ("passive", ())


async def test_what_people_typed_can_neither_make_links_nor_break_the_reply(open_door: Open) -> None:
    evil = 'x <a href="https://evil.example">点我</a> ]]><Content> \x00 1 < 2'
    opened = await open_door(RowReception(script=lambda _: [Body(text=evil)]))
    fan = a_follower(opened)

    exchange = await fan.says("约")
    seen = await fan.sees("点我")

    assert (exchange.broken, seen.links) == ("", ())
    assert seen.text == 'x ＜a href="https://evil.example"＞点我＜/a＞ ]]＞＜Content＞  1 < 2'


async def test_a_slow_turn_gets_an_empty_answer_in_time_and_its_words_later(open_door: Open) -> None:
    holds = asyncio.Event()
    opened = await open_door(RowReception(holds=holds), reply_seconds=0.15)
    fan = a_follower(opened)

    exchange = await fan.says("约")
    holds.set()
    seen = await fan.sees("heard")
    assert (exchange.reply, exchange.broken, len(exchange.tries)) == ("", "", 1)
    assert exchange.tries[0].seconds < 3
    assert (seen.kind, await opened.reception.notes(1)) == ("kefu", [KEFU])


async def test_a_database_that_hangs_lets_wechat_come_again_instead_of_taking_an_empty_answer(
    open_door: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(_: object) -> None:
        await asyncio.sleep(60)

    reception = RowReception(holds=(holds := asyncio.Event()))
    opened = await open_door(reception, reply_seconds=3.0)
    monkeypatch.setattr("bots.wechat.door._HANGS_UP_SECONDS", 3.2)
    monkeypatch.setattr("bots.wechat.in_time._DATABASE_SECONDS", 0.1)
    document, real = a_message(), opened.db
    reception.db = cast("Database", SimpleNamespace(aread=hang, arun=hang))

    first = await post(opened, *sealed(document))
    reception.db = real
    retry = asyncio.create_task(post(opened, *sealed(document)))
    await asyncio.sleep(0.1)
    holds.set()
    again = await retry

    assert (first.status_code, again.status_code) == (503, 200)
    assert "heard" in reply_of(again)
    assert len(reception.came) == 1


async def test_a_retry_while_the_turn_runs_gets_the_answer_the_first_try_missed(open_door: Open) -> None:
    holds = asyncio.Event()
    opened = await open_door(RowReception(holds=holds), reply_seconds=3.5)
    document = a_message()

    first = asyncio.create_task(post(opened, *sealed(document)))
    await asyncio.sleep(2.5)
    second = asyncio.create_task(post(opened, *sealed(document)))
    assert (await first).text == ""
    holds.set()
    answered = reply_of(await second)
    third = await post(opened, *sealed(document))

    assert "heard" in answered
    assert reply_of(third) == answered
    assert (len(opened.reception.came), len(opened.reception.given)) == (1, 1)
    assert opened.sim.calls_of(KEFU_PATH) == []


async def test_words_sent_by_customer_service_are_not_repeated_in_a_late_retry(open_door: Open) -> None:
    opened = await open_door(RowReception(holds=(holds := asyncio.Event())), reply_seconds=0.1)
    fan = a_follower(opened)
    await fan.says("约")
    holds.set()
    await fan.sees("heard")

    retry = await post(opened, *sealed(opened.sim.exchanges[0].sent))

    assert (retry.status_code, retry.text) == (200, "")


async def test_a_database_lost_after_the_empty_answer_is_waited_for(
    open_door: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bots.wechat.door._DATABASE_PAUSES", (0.05, 0.05, 0.05))
    reception = RowReception(holds=(holds := asyncio.Event()))
    opened = await open_door(reception, reply_seconds=0.1)
    fan = a_follower(opened)

    await fan.says("约")
    reception.error = DatabaseBusy("away")
    holds.set()
    await asyncio.sleep(0.03)
    reception.error = None

    assert (await fan.sees("heard")).kind == "kefu"


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (45015, Held("no window open")),
        (45047, Held("no window open")),
        (43004, Refused("not a follower", gone=True, final=True)),
        (40003, Refused("no such openid", gone=True, final=True)),
        (45009, Held("no window open")),
        (45011, Later(60.0, everybody=True)),
        (-1, Later(5.0, everybody=True)),
        (48001, Held("no window open")),
        (48004, Held("no window open")),
        (45002, Refused("too long", final=True)),
        ("500", Later(5.0, everybody=True, away=True)),
        ("reset", Unknown("ReadError")),
    ],
)
async def test_wechats_refusals_become_ours(open_door: Open, kind: int | str, outcome: object) -> None:
    opened = await open_door()
    fan = a_follower(opened)
    await fan.says("hi")
    opened.sim.fail_next(KEFU_PATH, kind)

    assert await opened.door.deliver(a_notice(fan.openid)) == outcome


async def test_a_closed_or_used_up_window_is_known_here_and_nothing_is_asked(open_door: Open) -> None:
    opened = await open_door()
    fan = a_follower(opened)
    await fan.says("hi")

    for _ in range(5):
        assert await opened.door.deliver(a_notice(fan.openid)) == KEFU
    used_up = await opened.door.deliver(a_notice(fan.openid))
    await fan.says("hi again")
    opened.advance(49)
    closed = await opened.door.deliver(a_notice(fan.openid))

    assert (used_up, closed) == (Held("no window open"), Held("no window open"))
    assert len(opened.sim.calls_of(KEFU_PATH)) == 5


async def test_an_answer_that_never_comes_is_unknown(open_door: Open) -> None:
    opened = await open_door()
    fan = a_follower(opened)
    await fan.says("hi")
    opened.door._http.timeout = httpx.Timeout(10, read=0.2)
    opened.sim.fail_next(KEFU_PATH, "success_then_timeout", seconds=5)

    assert await opened.door.deliver(a_notice(fan.openid)) == Unknown("ReadTimeout")


async def test_a_wechat_that_is_not_there_is_tried_again_later(open_door: Open) -> None:
    opened = await open_door()
    fan = a_follower(opened)
    await fan.says("hi")
    await opened.sim.stop()

    assert await opened.door.deliver(a_notice(fan.openid)) == Later(5.0, everybody=True, away=True)
    assert opened.left(fan.openid) == 5
    assert opened.door.health()["state"] == "wechat is away"


async def test_without_customer_service_nothing_is_tried(open_door: Open) -> None:
    opened = await open_door(capabilities=Capabilities(kefu=False, menu=False))
    fan = a_follower(opened)
    await fan.says("hi")

    assert await opened.door.deliver(a_notice(fan.openid)) == Held("no window open")
    assert opened.sim.calls == []


async def test_a_picture_follows_its_words(open_door: Open, db: Database) -> None:
    person = db.run(a_person)
    picture = Picture("image/png", plain_png(8, 8))
    file_id = db.run(lambda tx: files.keep(tx, person.id, purpose="face", picture=picture, now=NOW))
    opened = await open_door(RowReception(db=db, script=lambda _: [a_prompt("王师傅", "约", photo_file_id=file_id)]))
    fan = a_follower(opened)

    await fan.says("看看")
    await fan.sees("王师傅")
    await opened.reception.notes(1)
    await opened.door.stop()

    kinds = [(message.kind, message.photo) for message in fan.messages if not message.mine]
    assert kinds == [("passive", None), ("kefu", picture.body)]
    assert opened.left(fan.openid) == opened.sim.kefu_left(fan) == 4


async def test_logs_hold_neither_words_nor_tokens(open_door: Open, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    opened = await open_door()
    fan = a_follower(opened)

    await fan.says("我住望京花园1201")
    await opened.door.deliver(a_notice(fan.openid, Body(text="您的开工码是 4821")))

    told = said_in(caplog)
    assert "wechat send" in told
    token = str(opened.sim._platform.tokens.fetch_stable(force=False)["access_token"])
    for canary in ("望京花园", "4821", token, "simulated-app-secret", fan.openid):
        assert not tells(told, canary)
