"""R4: two technicians accept at once, and an operator reassigns. Each guard is proved by the run without it."""

from collections import Counter
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import update

from core import calendar, dispatch
from core.calendar import SlotTaken
from core.db import Database, Tx
from core.dispatch import OfferGone, OfferState, answering, assigning, offers
from core.errors import StateConflict
from core.invariants import check_invariants
from core.orders import cancelling, moves, views
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
    monkeypatch.setattr(assigning, "load", lambda *_: order)
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
    take_away_the_guards(monkeypatch)

    results = race(database, accepting(order, technicians, 40))

    assert {one.technician_id for one in results if isinstance(one, Order)} == set(technicians)


def take_away_the_guards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Moves ask neither for the old state nor for the version, and an answer does not ask whether the offer is open."""

    def claim(tx: Tx, order: Order, target: OrderState, now: datetime, changes: dict[str, Any]) -> bool:
        return tx.execute(update(order_table).where(order_table.c.id == order.id).values(state=target.value)) == 1

    monkeypatch.setattr(moves, "_claim_version", claim)
    monkeypatch.setattr(moves, "_add_event", lambda *_, **__: None)
    monkeypatch.setattr(offers, "answer", lambda *_, **__: None)


def accepting_and_reassigning(order: Order, asked: list[int], third: int) -> list[Any]:
    """Both who were asked accept, and an operator gives the visit to a third who has agreed on the phone."""

    def assign(tx: Tx) -> Order:
        return dispatch.assign(tx, order.id, technician_id=third, agreed=True, operator_id=7, now=NOW)

    return [*accepting(order, asked, 4), assign, assign]


def accepted_by(database: Database, order: Order) -> list[int]:
    """Whose yes stands."""
    return [
        one.technician_id
        for one in database.run(lambda tx: dispatch.offers_of(tx, order.id))
        if one.state is OfferState.ACCEPTED
    ]


SETTLED = (1, 5)
"""Rounds in which it is settled who comes first: one of those asked, and the operator."""


def test_whatever_two_technicians_and_an_operator_do_at_once_one_is_assigned(database: Database, city: City) -> None:
    third = database.run(lambda tx: a_technician(tx, city)).id
    second = database.run(lambda tx: a_technician(tx, city)).id
    assigned: Counter[int] = Counter()
    for number in range(100):
        with pytest.MonkeyPatch.context() as patched:
            order = database.run(lambda tx: paid(tx, city))
            database.run(partial(dispatch.open_offer, order=order, technician_id=second, now=NOW))
            order = database.run(partial(load, order_id=order.id))
            if number % 2:  # all decide on what stood before: one alone moves the order
                show_all_what_stood_before(patched, database, order)

            # Whose time the order occupies moves it without a guard and is mostly first: not in every round.
            asked = [second if number % 3 else city.technician.id, second]
            units = accepting_and_reassigning(order, asked, third)
            units = units[number % 6 :] + units[: number % 6]
            first = [units.pop(0)] if number in SETTLED else []
            results = [*race(database, first), *race(database, units)]

        now = database.run(partial(load, order_id=order.id))
        taken = database.run(partial(calendar.occupation_of, order_id=order.id))
        assert {type(one) for one in results} <= {Order, OfferGone, StateConflict, SlotTaken}
        assert (now.state, taken.technician_id if taken else None) == (OrderState.ACCEPTED, now.technician_id)
        assert accepted_by(database, order) == [now.technician_id]
        told = {one.technician_id for one in results if isinstance(one, Order)}
        assert now.technician_id in told
        assert len(told) == 1 or not number % 2
        assigned[now.technician_id or 0] += 1
        database.run(partial(cancelling.cancel_by_operator, order_id=order.id, operator_id=7, reason="下一轮", now=NOW))
    assert len(assigned) > 1
    assert database.run(check_invariants) == []


def test_an_operator_who_presses_twice_assigns_once(database: Database, city: City) -> None:
    order = database.run(lambda tx: paid(tx, city))
    third = database.run(lambda tx: a_technician(tx, city)).id

    results = race(database, accepting_and_reassigning(order, [third], third)[-2:] * 5)

    assert {type(one) for one in results} == {Order}
    story = Counter(line.event for line in database.run(lambda tx: views.events(tx, order.id)))
    assert story[OrderEvent.ASSIGNED] == 1
    assert accepted_by(database, order) == [third]


def test_without_the_guards_a_technician_and_the_operator_s_choice_both_have_it(
    database: Database, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, asked = two_asked(database, city)
    third = database.run(lambda tx: a_technician(tx, city)).id
    show_all_what_stood_before(monkeypatch, database, order)
    take_away_the_guards(monkeypatch)

    results = race(database, accepting_and_reassigning(order, asked, third))

    assert len({one.technician_id for one in results if isinstance(one, Order)}) > 1
