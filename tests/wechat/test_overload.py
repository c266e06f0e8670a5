"""More than can be done: nobody is answered too late, nothing is lost, and what is late makes nothing else late."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from bots.wechat.in_time import LoopWatch
from core.db import Database
from tests.wechat.conftest import Open, Opened, RowReception
from tests.wechat.messages import KEFU_PATH
from tests.wechat.test_coming_in import a_message, post, reply_of, sealed

pytestmark = pytest.mark.anyio


class CountingDatabase:
    """A database that counts who only asks whether it is there."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.reads = 0

    async def aread(self, unit: Callable[..., Any]) -> Any:
        """Read, and count."""
        self.reads += 1
        return await self._db.aread(unit)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)


def pressed(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let everything that comes in have waited so long."""
    monkeypatch.setattr(LoopWatch, "waited", lambda _: seconds)


def from_many(many: int) -> list[str]:
    return [
        a_message(FromUserName=f"oPerson-{number:020d}", MsgId=24_000_000_000_000_000 + number)
        for number in range(many)
    ]


async def test_what_lay_unseen_too_long_is_left_unread_to_wechats_next_try(
    open_door: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = await open_door()
    monkeypatch.setattr("bots.wechat.door._HANGS_UP_SECONDS", 3.4)
    query, body = sealed(a_message())

    pressed(monkeypatch, 3.1)
    first = await post(opened, query, body)
    pressed(monkeypatch, 0.0)
    again = await post(opened, query, body)

    assert (first.status_code, again.status_code) == (503, 200)
    assert "heard" in reply_of(again)
    assert len(opened.reception.came) == 1


async def test_a_forged_callback_is_refused_however_late_it_is(
    open_door: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = await open_door()
    query, body = sealed(a_message())
    pressed(monkeypatch, 3.1)

    assert (await post(opened, query | {"signature": "0" * 40}, body)).status_code == 403


async def test_the_time_something_lay_unseen_is_taken_from_its_turns(
    open_door: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = await open_door(RowReception(holds=(holds := asyncio.Event())), reply_seconds=2.5)
    pressed(monkeypatch, 2.4)

    began = time.monotonic()
    answer = await post(opened, *sealed(a_message()))
    taken = time.monotonic() - began
    holds.set()

    assert (answer.status_code, answer.text) == (200, "")
    assert taken < 2.4


async def test_many_late_answers_ask_the_database_once(
    open_door: Open, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bots.wechat.in_time._FRESH_SECONDS", 60.0)  # however slowly they come
    opened = await open_door(RowReception(holds=(holds := asyncio.Event())), reply_seconds=0.3)
    opened.reception.db = counting = CountingDatabase(db)

    answers = await asyncio.gather(*(post(opened, *sealed(document)) for document in from_many(20)))
    holds.set()

    assert {(one.status_code, one.text) for one in answers} == {(200, "")}
    assert counting.reads == 1


async def test_beyond_a_few_late_answers_are_left_to_the_sender(
    open_door: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bots.wechat.door._MOST_LATE", 2)
    opened = await open_door(RowReception(holds=(holds := asyncio.Event())), reply_seconds=0.2)
    await asyncio.gather(*(post(opened, *sealed(document)) for document in from_many(5)))

    holds.set()
    await opened.reception.notes(2)
    await opened.door.stop()

    assert len(opened.reception.given) == 5
    assert len(opened.sim.calls_of(KEFU_PATH)) == 2
    assert len(opened.reception.noted) == 2  # the others keep their leases, until these run out


async def test_an_answer_wechat_hung_up_on_is_not_noted_and_goes_with_the_next_try(
    open_door: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bots.wechat.in_time._HARDLY_HEARD_SECONDS", 0.0)
    opened = await open_door(RowReception(holds=(holds := asyncio.Event())))
    query, body = sealed(a_message())

    with pytest.raises(httpx.ReadTimeout):
        await hang_up_after(0.3, opened, query, body)
    holds.set()
    await until(lambda: bool(opened.reception.given))
    noted_of_the_first = list(opened.reception.noted)
    again = await post(opened, query, body)

    assert noted_of_the_first == []
    assert "heard" in reply_of(again)
    assert len(await opened.reception.notes(1)) == 1


async def test_an_answer_that_left_too_late_to_be_heard_is_not_noted(
    open_door: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bots.wechat.in_time._HARDLY_HEARD_SECONDS", 0.0)
    monkeypatch.setattr("bots.wechat.in_time._NOT_HEARD_SECONDS", 0.0)
    opened = await open_door()

    await post(opened, *sealed(a_message()))
    await opened.door.stop()

    assert len(opened.reception.given) == 1
    assert opened.reception.noted == []


async def test_a_loop_that_was_busy_is_seen_and_one_that_is_idle_again_too() -> None:
    watch = LoopWatch()
    watch.start()
    await asyncio.sleep(0.06)

    time.sleep(0.3)  # noqa: ASYNC251  busy with others
    await asyncio.sleep(0)
    while_pressed = watch.waited()
    await until(lambda: watch.waited() < 0.1)
    watch.stop()

    assert while_pressed > 0.15
    assert watch.waited() == 0.0


async def until(holds: Callable[[], bool]) -> None:
    """Wait until this holds, half a minute at most."""
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110  what is watched has nothing to wait for
            await asyncio.sleep(0.01)


async def hang_up_after(seconds: float, opened: Opened, query: dict[str, str], body: str) -> None:
    async with httpx.AsyncClient(trust_env=False, timeout=httpx.Timeout(10, read=seconds)) as client:
        await client.post(str(opened.sim.callback_url), params=query, content=body)
