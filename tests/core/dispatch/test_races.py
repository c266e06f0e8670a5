"""R4: two technicians accept at once. The guard is proved by the run without it."""

from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import update

from core import calendar, dispatch
from core.db import Database, Tx
from core.dispatch import OfferGone, OfferState, answering, offers
from core.errors import StateConflict
from core.invariants import check_invariants
from core.orders import moves, views
from core.orders.moves import Order, load
from core.orders.states import OrderEvent, OrderState
from core.orders.tables import order as order_table
from tests.builders import NOW, City, a_technician
from tests.core.orders.ground import paid
from tests.core.racing import race


def two_asked(database: Database, city: City) -> tuple[Order, list[int]]:
    """An order that two technicians are asked to take."""
    second = database.run(lambda tx: a_technician(tx, city))
    order = database.run(lambda tx: paid(tx, city))
    database.run(lambda tx: dispatch.open_offer(tx, order, second.id, NOW))
    return database.run(lambda tx: load(tx, order.id)), [city.technician.id, second.id]


def accepting(order: Order, technicians: list[int], most: int) -> list[Any]:
    return [
        lambda tx, place=place: dispatch.accept(tx, order.id, technician_id=technicians[place % 2], now=NOW)
        for place in range(most)
    ]


def show_all_what_stood_before(monkeypatch: pytest.MonkeyPatch, database: Database, order: Order) -> None:
    """Everybody decides on what was there before the race."""
    asked = database.run(lambda tx: dispatch.offers_of(tx, order.id))
    monkeypatch.setattr(answering, "load", lambda *_: order)
    monkeypatch.setattr(
        offers,
        "of_technician",
        lambda *asker: next(one for one in asked if one.technician_id == asker[-1]),
    )


@pytest.mark.parametrize("seen", ["as it is", "as it was"])
def test_of_two_technicians_who_accept_at_once_one_has_the_visit(
    database: Database, city: City, monkeypatch: pytest.MonkeyPatch, seen: str
) -> None:
    order, technicians = two_asked(database, city)
    if seen == "as it was":
        show_all_what_stood_before(monkeypatch, database, order)

    results = race(database, accepting(order, technicians, 40))

    won = {one.technician_id for one in results if isinstance(one, Order)}
    assert len(won) == 1
    assert {type(one) for one in results} <= {Order, OfferGone, StateConflict}
    taken = database.run(lambda tx: calendar.occupation_of(tx, order.id))
    assert taken is not None
    assert won == {taken.technician_id}
    states = Counter(one.state for one in database.run(lambda tx: dispatch.offers_of(tx, order.id)))
    assert states == {OfferState.ACCEPTED: 1, OfferState.WITHDRAWN: 1}
    story = Counter(line.event for line in database.run(lambda tx: views.events(tx, order.id)))
    assert story[OrderEvent.ACCEPTED] == 1
    assert database.run(check_invariants) == []


def test_without_the_guards_both_are_told_that_they_have_it(
    database: Database, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, technicians = two_asked(database, city)
    show_all_what_stood_before(monkeypatch, database, order)

    def claim(tx: Tx, order: Order, target: OrderState, now: datetime, changes: dict[str, Any]) -> bool:
        return tx.execute(update(order_table).where(order_table.c.id == order.id).values(state=target.value)) == 1

    monkeypatch.setattr(moves, "_claim_version", claim)
    monkeypatch.setattr(moves, "_add_event", lambda *_, **__: None)
    monkeypatch.setattr(offers, "answer", lambda *_, **__: None)

    results = race(database, accepting(order, technicians, 40))

    assert {one.technician_id for one in results if isinstance(one, Order)} == set(technicians)
