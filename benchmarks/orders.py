"""Goal 3: what the order verb costs, beside its rows written by hand and by an ORM; and two hundred after one slot."""

import asyncio
import statistics
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from typing import Any

import uvloop
from sqlalchemy import make_url

from benchmarks.measuring import Block, Series, interleaved, times_cheaper
from benchmarks.orders_by_hand import BATCH, Rows, ServerByHand, SqliteByHand
from benchmarks.orders_by_orm import ByOrm
from benchmarks.report import Line, judged, skipped
from benchmarks.town import Booking, Town, build_town, plan_of
from benchmarks.world import Ground, count, server_ground, sqlite_ground
from core.calendar import SlotTaken
from core.calendar.tables import claim, occupation
from core.db import Database, Tx
from core.db.sqlite import SqliteDatabase
from core.messages.tables import message
from core.money.tables import payment
from core.orders import placing
from core.orders.tables import order, order_event
from tests import servers
from tests.builders import NOW

_BLOCK = 5 * BATCH
_ORM_BLOCK = 2 * BATCH
_BLOCKS = {"SQLite": 10, "PostgreSQL": 6, "MariaDB": 6}
_RACES = 3
_CELLS = 5
ByHand = SqliteByHand | ServerByHand


def measure() -> Iterator[Line]:
    """Yield every line of goal 3."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        for name in _BLOCKS:
            try:
                with ExitStack() as stack:
                    yield from _on(runner, name, [stack.enter_context(_ground(name)) for _ in range(3)])
            except servers.ServerMissing as missing:
                yield skipped(3, f"order_cpu_ratio, {name}", str(missing))


def _ground(name: str) -> Any:
    return sqlite_ground(demo=False) if name == "SQLite" else server_ground(name, demo=False)


def _on(runner: asyncio.Runner, name: str, grounds: list[Ground]) -> Iterator[Line]:
    ours, hand, orm = grounds
    blocks = _BLOCKS[name]
    towns = [build_town(ground, customers=_BLOCK * (blocks + 1)) for ground in grounds]
    by_hand: ByHand = SqliteByHand(hand.url) if name == "SQLite" else ServerByHand(hand.url)
    by_orm = _by_orm(name, orm.url)
    commits = getattr(ours.db, "commits", 0)
    statements: list[int] = []
    paths: dict[str, Block] = {
        "ours": partial(_place_all, ours.db, towns[0], statements),
        "floor": _prepared(towns[1], by_hand.write_all, _BLOCK, blocks, lambda rows: rows.written()),
    }
    if by_orm is not None:
        paths["peer"] = _prepared(towns[2], by_orm.write_all, _ORM_BLOCK, blocks, lambda rows: rows)
    found = interleaved(runner, paths, blocks=blocks)
    for ground, path in ((ours, "ours"), (hand, "floor"), (orm, "peer")):
        if path in found:
            _check(ground.db, found[path].operations)
    yield from _ratios(name, found)
    yield Line(3, f"statements, an order, {name}", "an order", "lower", statistics.median(statements))
    if isinstance(ours.db, SqliteDatabase):
        each = (ours.db.commits - commits) / found["ours"].operations
        yield judged(Line(3, "fsyncs_per_order, SQLite (commits)", "an order", "lower", each, target=0.2))
    yield from _race(runner, name, ours, towns[0], by_hand, towns[1])
    by_hand.close()
    if by_orm is not None:
        runner.run(by_orm.close())


def _by_orm(name: str, url: str) -> ByOrm | None:
    """Return the ORM on an async driver, None where none is installed."""
    if name == "MariaDB":
        return None
    driver = {"SQLite": "sqlite+aiosqlite", "PostgreSQL": "postgresql+psycopg"}[name]
    return ByOrm(make_url(url).set(drivername=driver).render_as_string(hide_password=False))


def _ratios(name: str, found: dict[str, Series]) -> Iterator[Line]:
    floor_target, orm_target = (0.35, 10.0) if name == "SQLite" else (0.5, 3.0)
    ours, floor, peer = found["ours"], found["floor"], found.get("peer")
    title, unit = f"order_cpu_ratio, {name}, {BATCH} clients", "us CPU an order"
    kept = times_cheaper(ours, floor)
    yield judged(Line(3, f"{title}, of the raw driver", unit, "higher", ours.cpu, None, floor.cpu, kept, floor_target))
    beside = f"{title}, beside the async ORM"
    if peer is None:
        yield skipped(3, beside, "asyncmy not installed")
    else:
        ratio = times_cheaper(ours, peer)
        yield judged(Line(3, beside, unit, "higher", ours.cpu, peer.cpu, floor.cpu, ratio, orm_target))
    wall = None if peer is None else peer.wall
    yield Line(3, f"wall time, an order, {name}, {BATCH} clients", "us an order", "lower", ours.wall, wall, floor.wall)


async def _place_all(db: Database, town: Town, statements: list[int]) -> int:
    """Place a block of orders, 32 clients at a time."""
    for _ in range(_BLOCK // BATCH):
        batch = town.next(BATCH)
        await asyncio.gather(*(db.arun(partial(_place, town=town, booking=one, ran=statements)) for one in batch))
    return _BLOCK


def _place(tx: Tx, *, town: Town, booking: Booking, ran: list[int] | None = None) -> None:
    placing.place(tx, booking.person_id, booking.plan, shown=town.shown, hold_id=None, now=NOW)
    if ran is not None:
        ran.append(tx.statements_run)


def _prepared(
    town: Town,
    write: Callable[[Sequence[Any]], Coroutine[Any, Any, int]],
    size: int,
    blocks: int,
    made: Callable[[Rows], Any],
) -> Block:
    """Return a block that writes rows worked out now, before anything is measured."""
    ready = iter([[made(Rows.of(town, one)) for one in town.next(size)] for _ in range(blocks + 1)])

    async def block() -> int:
        return await write(next(ready))

    return block


def _check(db: Database, orders: int) -> None:
    """Assert that every order has all its rows."""
    tables = {order: orders, order_event: orders, occupation: orders, claim: _CELLS * orders, payment: orders}
    for table, wanted in (tables | {message: orders}).items():
        found = count(db, table)
        if found != wanted:
            raise AssertionError(f"{orders} orders left {found} rows in {table.name}, not {wanted}")


def _race(
    runner: asyncio.Runner, name: str, ours: Ground, town: Town, by_hand: ByHand, town_by_hand: Town
) -> Iterator[Line]:
    """Let two hundred customers have one slot, a few times over; the floor's rivals are refused without a word."""
    ours_ms, floor_ms, refused = [], [], 0
    for number in range(_RACES):
        rivals = _rivals(town, number)
        began = time.perf_counter()
        outcomes = runner.run(_all_place(ours.db, town, rivals))
        ours_ms.append((time.perf_counter() - began) * 1000)
        if outcomes.count("won") != 1 or outcomes.count("refused") != len(rivals) - 1:
            raise AssertionError(f"a race on {name} ended in {sorted(set(outcomes))}")
        refused += outcomes.count("refused")
        by_hand_rivals = [Rows.of(town_by_hand, one).written() for one in _rivals(town_by_hand, number)]
        began = time.perf_counter()
        won = runner.run(by_hand.race(by_hand_rivals))
        floor_ms.append((time.perf_counter() - began) * 1000)
        if won != 1:
            raise AssertionError(f"a race by hand on {name} had {won} winners")
    mine, floor = statistics.median(ours_ms), statistics.median(floor_ms)
    times = statistics.median(a / b for a, b in zip(ours_ms, floor_ms, strict=True))
    yield judged(
        Line(
            3,
            f"race of 200 for one slot, {name}: 1 winner, 199 shown other slots",
            "ms",
            "lower",
            mine,
            None,
            floor,
            times,
            5.0,
        )
    )


def _rivals(town: Town, number: int) -> list[Booking]:
    start = NOW + timedelta(days=13, hours=2 * number - 1)
    plan = plan_of(town.city, town.city.technician.id, start)
    return [Booking(person, plan) for person in town.racers]


async def _all_place(db: Database, town: Town, rivals: list[Booking]) -> list[str]:
    return await asyncio.gather(*(_try_to_place(db, town, one) for one in rivals))


async def _try_to_place(db: Database, town: Town, booking: Booking) -> str:
    try:
        await db.arun(partial(_place, town=town, booking=booking))
    except SlotTaken as refusal:
        return "refused" if refusal.alternatives else "refused without another slot"
    return "won"
