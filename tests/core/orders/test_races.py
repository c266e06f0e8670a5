"""R3: steps that exclude each other, all at once. Each guard is proved by the run without it."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from core import dispatch
from core.db import Database, Tx
from core.dispatch import RefusalReason
from core.errors import BookingError, StateConflict
from core.invariants import check_invariants
from core.orders import deadlines, moves, views, visit
from core.orders.moves import CLOCK, Order, load, move
from core.orders.states import OrderEvent, OrderState
from core.orders.tables import order as order_table
from tests.builders import NOW, City
from tests.core.orders.ground import START, accepted, cancel, finished, paid
from tests.core.racing import race

STEPS = (OrderEvent.DEPARTED, OrderEvent.CANCELLED, OrderEvent.TECHNICIAN_CANCELLED)


def movers(seen: Order, most: int) -> list[Any]:
    """Steps decided on what everybody saw before the race."""
    return [
        lambda tx, place=place: move(tx, seen, STEPS[place % len(STEPS)], actor=CLOCK, now=NOW) for place in range(most)
    ]


def take_away_the_guards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Moves ask neither for the old state nor for the version, and event lines may overwrite each other."""

    def claim(tx: Tx, order: Order, target: OrderState, now: datetime, changes: dict[str, Any]) -> bool:
        return tx.execute(update(order_table).where(order_table.c.id == order.id).values(state=target.value)) == 1

    monkeypatch.setattr(moves, "_claim_version", claim)
    monkeypatch.setattr(moves, "_add_event", lambda *_, **__: None)


def test_of_fifty_who_saw_the_same_order_one_moves_it(database: Database, city: City) -> None:
    seen = database.run(lambda tx: accepted(tx, city))

    results = race(database, movers(seen, 50))

    assert Counter(type(one) for one in results) == {Order: 1, StateConflict: 49}
    assert database.run(lambda tx: load(tx, seen.id)).version == seen.version + 1


def test_without_the_guards_more_than_one_moves_it(
    database: Database, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = database.run(lambda tx: accepted(tx, city))
    take_away_the_guards(monkeypatch)

    results = race(database, movers(seen, 50))

    assert Counter(type(one) for one in results)[Order] > 1


def test_accept_cancel_and_refuse_at_once_leave_one_legal_story(database: Database, city: City) -> None:
    order = database.run(lambda tx: paid(tx, city))
    technician = city.technician.id
    verbs = (
        lambda tx: dispatch.accept(tx, order.id, technician_id=technician, now=NOW),
        lambda tx: cancel(tx, load(tx, order.id), NOW),
        lambda tx: dispatch.refuse(
            tx, order.id, technician_id=technician, reason=RefusalReason.TIME, words=None, now=NOW
        ),
    )

    results = race(database, [verbs[place % 3] for place in range(51)])

    assert all(isinstance(one, Order | BookingError) for one in results)
    story = Counter(line.event for line in database.run(lambda tx: views.events(tx, order.id)))
    assert set(story.values()) == {1}
    assert OrderEvent.ACCEPTED not in story or OrderEvent.NOBODY_LEFT not in story
    assert database.run(check_invariants) == []


def test_the_customer_and_the_clock_confirm_a_visit_once(database: Database, city: City) -> None:
    order = database.run(lambda tx: finished(tx, city))
    late = START + timedelta(hours=30)
    verbs = (
        lambda tx: visit.confirm(tx, order.id, person_id=city.customer.id, now=late),
        lambda tx: deadlines.due_work(tx, late, 10),
    )

    race(database, [verbs[place % 2] for place in range(50)])

    story = Counter(line.event for line in database.run(lambda tx: views.events(tx, order.id)))
    assert story[OrderEvent.CONFIRMED] == 1
    assert database.run(check_invariants) == []
