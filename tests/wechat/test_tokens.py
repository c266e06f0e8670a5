"""One token for all processes: fetched once, replaced once, and no Redis that hangs holds a send up."""

import asyncio
import time
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import cast

import pytest
import redis.asyncio

from bots.wechat import Capabilities
from dialogs.outgoing import Later
from tests.servers import Valkey
from tests.wechat.conftest import Open
from tests.wechat.messages import (
    KEFU,
    KEFU_PATH,
    a_notice,
)
from tests.wechat.test_coming_in import a_follower

pytestmark = pytest.mark.anyio


@pytest.fixture
async def valkey(valkey_server: Valkey, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator["redis.asyncio.Redis"]:
    for room in ("tokens", "menus"):  # this Redis answers, on a busy machine later
        monkeypatch.setattr(f"bots.wechat.{room}._REDIS_SECONDS", 20.0)
    client = redis.asyncio.Redis(unix_socket_path=str(valkey_server.socket))
    await client.flushall()
    yield client
    await client.aclose()


async def test_twenty_sends_at_once_fetch_one_token(open_door: Open) -> None:
    opened = await open_door(capabilities=Capabilities(menu=False))
    fans = [a_follower(opened) for _ in range(20)]
    for fan in fans:
        await fan.says("hi")

    outcomes = await asyncio.gather(*(opened.door.deliver(a_notice(fan.openid)) for fan in fans))

    assert outcomes == [KEFU] * 20
    assert len(opened.sim.calls_of("/cgi-bin/stable_token")) == 1


async def test_a_killed_token_is_replaced_once_and_a_refused_one_not_for_ever(open_door: Open) -> None:
    opened = await open_door()
    fan = a_follower(opened)
    await fan.says("hi")
    opened.sim.invalidate_token()

    healed = await opened.door.deliver(a_notice(fan.openid))
    fetched = len(opened.sim.calls_of("/cgi-bin/stable_token"))
    opened.sim.fail_next(KEFU_PATH, 40001, times=2)
    persistent = await opened.door.deliver(a_notice(fan.openid))

    assert (healed, persistent) == (KEFU, Later(60.0, everybody=True))
    assert fetched == 2
    assert len(opened.sim.calls_of("/cgi-bin/stable_token")) <= fetched + 2


async def test_a_token_refused_again_and_again_costs_one_of_the_days_few_forced_refreshes(open_door: Open) -> None:
    opened = await open_door(capabilities=Capabilities(menu=False))
    fans = [a_follower(opened) for _ in range(4)]
    for fan in fans:
        await fan.says("hi")
    opened.sim.fail_next(KEFU_PATH, 40001, times=50)

    outcomes = [await opened.door.deliver(a_notice(fan.openid)) for fan in fans]

    assert outcomes == [Later(60.0, everybody=True)] * 4
    asked = opened.sim.calls_of("/cgi-bin/stable_token")
    assert sum(bool(call.body.get("force_refresh")) for call in asked) == 1


async def test_two_processes_share_one_token_through_redis(open_door: Open, valkey: "redis.asyncio.Redis") -> None:
    first = await open_door(redis=valkey)
    second = await open_door(redis=valkey, api_base=first.sim.base_url)

    assert len(first.sim.calls_of("/cgi-bin/stable_token")) == 1
    assert len(first.sim.calls_of("/cgi-bin/menu/create")) == 1
    assert second.sim.calls == []


async def test_a_token_one_process_found_dead_is_replaced_once_for_all(
    open_door: Open, valkey: "redis.asyncio.Redis"
) -> None:
    doors = [await open_door(redis=valkey, sim=None)]
    doors += [await open_door(redis=valkey, sim=doors[0].sim) for _ in range(2)]
    fans = [a_follower(doors[0]) for _ in range(6)]
    for fan in fans:
        await fan.says("hi")
    for opened, fan in zip(doors, fans, strict=False):
        await opened.door.deliver(a_notice(fan.openid))
    fetched = doors[0].sim.tokens_fetched
    doors[0].sim.invalidate_token()

    outcomes = await asyncio.gather(
        *(doors[nth % 3].door.deliver(a_notice(fan.openid)) for nth, fan in enumerate(fans))
    )

    assert outcomes == [KEFU] * 6
    assert doors[0].sim.tokens_fetched == fetched + 1


async def test_a_redis_that_hangs_holds_a_send_up_once_and_briefly(open_door: Open) -> None:
    held: list[float] = []

    async def hang(*_: object, **__: object) -> None:
        began = time.monotonic()
        try:
            await asyncio.sleep(60)
        finally:
            held.append(time.monotonic() - began)

    hung = cast("redis.asyncio.Redis", SimpleNamespace(get=hang, set=hang, delete=hang))
    opened = await open_door(redis=hung, capabilities=Capabilities(menu=False))
    fan = a_follower(opened)
    await fan.says("hi")

    outcomes = [await opened.door.deliver(a_notice(fan.openid)) for _ in range(3)]

    assert outcomes == [KEFU] * 3
    assert len(held) == 1
    assert held[0] < 5  # 0.3 s, and however long a busy machine takes to notice


async def test_a_redis_that_is_not_there_costs_nothing_but_its_token(open_door: Open) -> None:
    nowhere = redis.asyncio.Redis(host="127.0.0.1", port=9)
    opened = await open_door(redis=nowhere)
    fan = a_follower(opened)
    await fan.says("hi")

    assert await opened.door.deliver(a_notice(fan.openid)) == KEFU
    await nowhere.aclose()
