"""A technician's live location: kept on the way alone, moved on the customer's map, gone at the door."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bots.telegram import tracking
from bots.telegram.reading import Ping
from core.conversations.tables import inbox
from core.messages.outbox import open_body
from core.messages.tables import message
from core.orders import visit
from core.orders.moves import Order
from core.orders.states import OrderState
from core.people import key_of
from core.positions.tables import position
from dialogs.outgoing import decode_body
from simulators.telegram import Person
from tests.builders import CENTRE, City
from tests.telegram.conftest import Open, Opened
from tests.telegram.trade import Trade, a_trade

pytestmark = pytest.mark.anyio


@dataclass(frozen=True)
class Way:
    """A technician and a customer with Telegram, and the visit between them."""

    opened: Opened
    trade: Trade
    city: City
    order: Order
    technician: Person
    customer: Person

    async def settled(self) -> None:
        await self.opened.sim.settled()
        await self.opened.door._in_turn.drain(5)
        await self.trade.sends(self.opened)

    def rows(self, table: object) -> int:
        return len(self.trade.database.read(lambda tx: tx.all(select(table))))  # type: ignore[call-overload]

    def maps(self) -> list[float]:
        """The latitudes at which the customer's maps stand, rounded to ten metres."""
        shown = [one.location for one in self.customer.messages if not one.mine]
        return [round(place[0], 4) for place in shown if place is not None]


async def a_way(open_door: Open, folder: Path, *, state: OrderState = OrderState.DEPARTED) -> Way:
    trade = a_trade(folder)
    opened = await open_door(trade)
    technician, customer = opened.sim.user("小王"), opened.sim.user("Anna")
    for person in (technician, customer):
        person.account.started = True
    city = trade.city()
    order = trade.order(city, state)
    trade.has_telegram(trade.technician_person(city), technician.id)
    trade.has_telegram(city.customer.id, customer.id)
    way = Way(opened, trade, city, order, technician, customer)
    await way.trade.sends(opened)
    return way


async def test_the_customer_sees_the_technician_come_nearer_until_the_door(
    open_door: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracking, "SHOWN_EVERY", 0.0)
    monkeypatch.setattr(tracking, "_LOOKED_EVERY", 0.0)
    way = await a_way(open_door, tmp_path)

    await way.technician.sends_location(CENTRE.lat + 0.04, CENTRE.lng, live_period=3600)
    await way.settled()
    await way.customer.sees("地图")
    await way.technician.sees("位置共享已开启")
    frozen = select(message.c.body_sealed).where(message.c.template == "position_shared")
    key, sealed = way.trade.database.read(lambda tx: (key_of(tx, way.city.customer.id), tx.scalar(frozen)))
    assert decode_body(open_body(key, sealed)).place is None
    assert way.maps() == [round(CENTRE.lat + 0.04, 4)]

    await way.technician.moves(CENTRE.lat + 0.02, CENTRE.lng)
    await way.settled()
    await _until(lambda: way.maps() == [round(CENTRE.lat + 0.02, 4)])

    me, now = way.city.technician.id, way.trade.clock.at
    way.trade.database.run(lambda tx: visit.arrive(tx, way.order.id, technician_id=me, now=now))
    assert await way.opened.door.end_positions() == 1
    assert len(way.opened.sim.calls_of("stopMessageLiveLocation")) == 1
    assert way.rows(position) == 0
    before = len(way.opened.sim.calls_of("editMessageLiveLocation"))
    await way.technician.moves(CENTRE.lat, CENTRE.lng)
    await way.settled()
    assert way.rows(position) == 0
    assert len(way.opened.sim.calls_of("editMessageLiveLocation")) == before


async def test_pings_are_no_turns_and_are_written_and_shown_now_and_then(open_door: Open, tmp_path: Path) -> None:
    way = await a_way(open_door, tmp_path)
    await way.technician.sends_location(CENTRE.lat + 0.04, CENTRE.lng, live_period=3600)
    await way.settled()

    for step in range(30):
        await way.technician.moves(CENTRE.lat + 0.04 - step / 1000, CENTRE.lng)
    await way.settled()

    assert way.rows(inbox) == 0
    assert len(way.opened.sim.calls_of("editMessageLiveLocation")) <= 1
    assert way.trade.templates(way.city.customer.id).count("position_shared") == 1


async def test_of_two_processes_that_hear_one_technician_one_writes_and_moves_the_map(
    open_door: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = await a_way(open_door, tmp_path)
    await way.technician.sends_location(CENTRE.lat + 0.04, CENTRE.lng, live_period=3600)
    await way.settled()
    monkeypatch.setattr(tracking, "SHOWN_EVERY", 0.0)
    door = way.opened.door
    moves: list[Coroutine[Any, Any, object]] = []
    others = [tracking.Tracking(door._bot, "bell", way.trade.real, moves.append) for _ in range(2)]
    share = str(next(one.message_id for one in way.technician.messages if one.mine))

    way.trade.passes(minutes=1)
    for step in range(10):
        ping = Ping(str(way.technician.id), share, CENTRE.lat + 0.03 - step / 1000, CENTRE.lng, 3000.0)
        assert await others[step % 2].take(ping, first=False)
        while moves:
            await moves.pop()
            assert others[0]._tracks[ping.sender, share].ours

    assert 1 <= len(way.opened.sim.calls_of("editMessageLiveLocation")) <= 5
    assert way.rows(position) == 1


async def test_a_map_nobody_may_edit_for_a_while_is_left_alone_so_long(
    open_door: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracking, "SHOWN_EVERY", 0.0)
    monkeypatch.setattr(tracking, "_LOOKED_EVERY", 0.0)
    way = await a_way(open_door, tmp_path)
    await way.technician.sends_location(CENTRE.lat + 0.04, CENTRE.lng, live_period=3600)
    await way.settled()
    way.opened.sim.fail_next("editMessageLiveLocation", "429", retry_after=30)

    for step in range(5):
        await way.technician.moves(CENTRE.lat + 0.03 - step / 1000, CENTRE.lng)
        await way.settled()

    assert len(way.opened.sim.calls_of("editMessageLiveLocation")) == 1
    assert way.opened.sim.violations == []


async def test_a_sharing_that_is_stopped_is_stopped_for_the_customer_and_the_technician_is_told(
    open_door: Open, tmp_path: Path
) -> None:
    way = await a_way(open_door, tmp_path)
    await way.technician.sends_location(CENTRE.lat + 0.04, CENTRE.lng, live_period=3600)
    await way.settled()

    await way.technician.stops_live_location()
    await way.settled()

    await way.technician.sees("位置共享已结束")
    assert len(way.opened.sim.calls_of("stopMessageLiveLocation")) == 1
    assert way.rows(position) == 0


@pytest.mark.parametrize("state", [OrderState.ACCEPTED, OrderState.ARRIVED])
async def test_a_live_location_off_the_way_is_a_pin_like_any_other(
    open_door: Open, tmp_path: Path, state: OrderState
) -> None:
    way = await a_way(open_door, tmp_path, state=state)

    await way.technician.sends_location(CENTRE.lat, CENTRE.lng, live_period=900)
    await way.technician.moves(CENTRE.lat + 0.01, CENTRE.lng)
    await way.settled()

    assert (way.rows(inbox), way.rows(position)) == (1, 0)
    assert way.maps() == []


async def test_a_customers_own_live_location_is_an_address_and_is_not_followed(open_door: Open, tmp_path: Path) -> None:
    way = await a_way(open_door, tmp_path)

    await way.customer.sends_location(CENTRE.lat, CENTRE.lng, live_period=900)
    for _ in range(3):
        await way.customer.moves(CENTRE.lat + 0.01, CENTRE.lng)
    await way.settled()

    assert (way.rows(inbox), way.rows(position)) == (1, 0)


async def test_the_map_keeps_the_pace_of_the_houses_clock(open_door: Open, tmp_path: Path) -> None:
    way = await a_way(open_door, tmp_path)
    await way.technician.sends_location(CENTRE.lat + 0.04, CENTRE.lng, live_period=3600)
    await way.settled()

    stood = []
    for nth, seconds in enumerate((15, 5, 15)):
        way.trade.passes(seconds=seconds)
        await way.technician.moves(CENTRE.lat + 0.03 - nth / 100, CENTRE.lng)
        await way.settled()
        await asyncio.gather(*way.opened.door._background)
        stood.append(way.maps())

    first, third = [round(CENTRE.lat + 0.03, 4)], [round(CENTRE.lat + 0.01, 4)]
    assert stood == [first, first, third]


async def test_who_shares_their_way_too_soon_is_told_what_comes_first(open_door: Open, tmp_path: Path) -> None:
    way = await a_way(open_door, tmp_path, state=OrderState.ACCEPTED)
    way.trade.clock.at = way.order.starts_at.replace(minute=0)

    await way.technician.sends_location(CENTRE.lat + 0.04, CENTRE.lng, live_period=3600)

    told = await way.technician.sees("点“我出发了”以后再共享")
    assert "我出发了" in told.labels
    await way.technician.presses("我出发了")
    await way.settled()
    way.trade.passes(minutes=1)
    await way.technician.moves(CENTRE.lat + 0.03, CENTRE.lng)
    await way.settled()
    assert way.rows(position) == 1


async def test_who_shares_their_way_hours_too_soon_is_told_from_when_on_it_works(
    open_door: Open, tmp_path: Path
) -> None:
    way = await a_way(open_door, tmp_path, state=OrderState.ACCEPTED)
    from_at = way.trade.database.read(lambda tx: visit.departs_from(tx, way.order))
    way.trade.clock.at = from_at - timedelta(hours=3)

    await way.technician.sends_location(CENTRE.lat + 0.04, CENTRE.lng, live_period=3600)

    told = await way.technician.sees("以后点“我出发了”")
    assert f"{from_at.astimezone(ZoneInfo('Asia/Shanghai')):%H:%M}" in told.text


async def test_where_are_they_is_answered_from_where_they_are(open_door: Open, tmp_path: Path) -> None:
    way = await a_way(open_door, tmp_path)
    await way.technician.sends_location(CENTRE.lat + 0.04, CENTRE.lng, live_period=3600)
    await way.settled()

    await way.customer.says("师傅到哪了")

    assert "按现在的位置" in (await way.customer.sees("在路上")).text


async def test_setting_out_asks_to_share_the_way(open_door: Open, tmp_path: Path) -> None:
    way = await a_way(open_door, tmp_path, state=OrderState.ACCEPTED)
    way.trade.clock.at = way.order.starts_at.replace(minute=0)

    await way.technician.says("我出发了")

    await way.technician.sees("共享实时位置")


async def _until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about"
        await asyncio.sleep(0.02)
