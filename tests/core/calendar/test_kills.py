"""kill -9 in the middle of a riot, again and again: nothing is sold twice, and every order has its time."""

import random
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from core.catalog import add_option
from core.db import Database, Row, open_database
from core.invariants import check_invariants
from core.orders.states import OrderState
from core.orders.tables import order as order_table
from tests.builders import City, a_customer, a_technician, a_vault
from tests.core.calendar import riot
from tests.core.calendar.riot import Scene
from tests.core.racing import NURSERY, TIMES

KILLS = {"sqlite": 30, "mysql": 10, "postgresql": 10}
ALL_SEEN = {OrderState.TO_PAY, OrderState.ACCEPTED, OrderState.CANCELLED}
_NAMES = {"zh-Hans": "双人 60 分钟", "en": "60 min by two"}
_ORDERS = select(order_table.c.id, order_table.c.state, order_table.c.crew)


@pytest.fixture
def scene(database: Database, city: City, database_url: str, tmp_path: Path) -> Scene:
    """Three technicians, a dozen customers, visits by one and by two, twelve times that all overlap some other."""
    team = [city.technician.id, *database.run(lambda tx: [a_technician(tx, city).id for _ in range(2)])]
    pair = database.run(
        partial(
            add_option, service_id=city.service.id, code="pair", names=_NAMES, minutes=60, price_minor=39800, crew=2
        )
    )
    people = database.run(lambda tx: [a_customer(tx).id for _ in range(12)])
    options = [*(one.id for one in city.service.options), pair.id]
    return Scene(database_url, city, team, people, options, tmp_path / "notes")


def killed(scene: Scene, *, seed: int, prepare: Callable[[], object] = bool) -> None:
    """Let a riot begin in another process, and kill it at any moment."""
    pipe, theirs = NURSERY.Pipe()
    process = NURSERY.Process(target=riot.riot, args=(theirs, scene, seed, prepare), daemon=True)
    process.start()
    theirs.close()
    assert pipe.recv() == "on"
    lasts = random.uniform(0.05, 0.35)
    amiss = pipe.recv() if pipe.poll(lasts) else None
    process.kill()
    process.join()
    process.close()
    pipe.close()
    assert amiss is None
    scene.began_at += timedelta(minutes=10 * lasts)


def found_after(scene: Scene) -> tuple[list[str], dict[int, Row]]:
    """Open the database as the next start would; what is wrong with it, and what orders there are."""
    database = open_database(scene.url, a_vault())
    try:
        wrong = database.read(check_invariants)
        return wrong, {row.id: row for row in database.read(lambda tx: tx.all(_ORDERS))}
    finally:
        database.close()


@pytest.mark.timeout(120 * TIMES)
def test_a_riot_killed_at_any_moment_leaves_nothing_half_done(database: Database, scene: Scene) -> None:
    seen: set[OrderState] = set()
    wanted, orders = KILLS[database.dialect], dict[int, Row]()
    for number in range(5 * wanted * TIMES):  # on a busy machine little happens between two kills
        crews = {one.crew for one in orders.values()}
        if number >= wanted * TIMES and len(orders) > wanted and seen >= ALL_SEEN and crews == {1, 2}:
            break
        killed(scene, seed=number)

        wrong, orders = found_after(scene)

        assert wrong == []
        assert {int(line) for line in scene.notes.read_text().splitlines()} <= set(orders)
        seen |= {OrderState(one.state) for one in orders.values()}
    assert len(orders) > wanted
    assert {one.crew for one in orders.values()} == {1, 2}
    assert seen >= ALL_SEEN


def test_an_order_written_in_two_units_would_be_found_without_its_time(database: Database, scene: Scene) -> None:
    wrong: list[str] = []
    for number in range(40):
        killed(scene, seed=number, prepare=riot.order_in_two_units)
        wrong, _ = found_after(scene)
        if wrong:
            break

    assert any("has 0 occupations" in line for line in wrong)
