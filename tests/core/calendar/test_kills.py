"""kill -9 in the middle of a riot, again and again: nothing is sold twice, and every order has its time."""

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from core.db import Database, open_database
from core.invariants import check_invariants
from core.orders.states import OrderState
from core.orders.tables import order as order_table
from tests.builders import City, a_customer, a_technician, a_vault
from tests.core.calendar import riot
from tests.core.calendar.riot import Scene
from tests.core.racing import NURSERY, TIMES

KILLS = {"sqlite": 30, "mysql": 10, "postgresql": 10}
_STATES = select(order_table.c.id, order_table.c.state)


@pytest.fixture
def scene(database: Database, city: City, database_url: str, tmp_path: Path) -> Scene:
    """Three technicians, a dozen customers, twelve times that all overlap some other."""
    team = [city.technician.id, *database.run(lambda tx: [a_technician(tx, city).id for _ in range(2)])]
    people = database.run(lambda tx: [a_customer(tx).id for _ in range(12)])
    return Scene(database_url, city, team, people, tmp_path / "notes")


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


def found_after(scene: Scene) -> tuple[list[str], dict[int, str]]:
    """Open the database as the next start would; what is wrong with it, and where each order stands."""
    database = open_database(scene.url, a_vault())
    try:
        wrong = database.read(check_invariants)
        return wrong, {row.id: row.state for row in database.read(lambda tx: tx.all(_STATES))}
    finally:
        database.close()


@pytest.mark.timeout(120 * TIMES)
def test_a_riot_killed_at_any_moment_leaves_nothing_half_done(database: Database, scene: Scene) -> None:
    seen: set[str] = set()
    for number in range(KILLS[database.dialect] * TIMES):
        killed(scene, seed=number)

        wrong, orders = found_after(scene)

        assert wrong == []
        assert {int(line) for line in scene.notes.read_text().splitlines()} <= set(orders)
        seen |= set(orders.values())
    assert len(orders) > KILLS[database.dialect]
    assert seen >= {OrderState.TO_PAY, OrderState.ACCEPTED, OrderState.CANCELLED}


def test_an_order_written_in_two_units_would_be_found_without_its_time(database: Database, scene: Scene) -> None:
    wrong: list[str] = []
    for number in range(10):
        killed(scene, seed=number, prepare=riot.order_in_two_units)
        wrong, _ = found_after(scene)
        if wrong:
            break

    assert any("has 0 occupations" in line for line in wrong)
