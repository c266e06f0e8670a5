"""Visits of two: both keep them, both must say yes to another time, and one no is a no."""

from dataclasses import replace
from functools import partial

import pytest

from core import calendar, changes, dispatch
from core.changes import ChangeGone, ChangeState
from core.db import Database, Tx
from core.errors import InvalidInput
from core.invariants import check_invariants
from core.orders.moves import Order, load
from core.orders.states import OrderState
from tests.builders import NOW, City, a_city, a_service, a_technician
from tests.core.changes.ground import (
    HALF_AN_HOUR_LATER,
    LATER,
    agree,
    asked,
    asking,
    cells,
    customer,
    news,
    refuse,
    stands,
    technician,
    unchanged,
)
from tests.core.orders.ground import START, paid


@pytest.fixture
def city(database: Database) -> City:
    """A town that sells a massage by four hands, and three who give it."""
    return database.run(_a_town)


def _a_town(tx: Tx) -> City:
    town = a_city(tx)
    four_hands = a_service(tx, town.store, zh="四手按摩", en="Four hands", options=((60, 39800),), crew=2)
    team = [
        a_technician(tx, store=town.store, services=[four_hands], regions=[town.region], stars=(stars, 10))
        for stars in (50, 40, 30)
    ]
    return replace(town, service=four_hands, technician=team[0])


def an_accepted(database: Database, city: City) -> Order:
    def unit(tx: Tx) -> Order:
        order = paid(tx, city)
        for one in order.crew_ids:
            dispatch.accept(tx, order.id, technician_id=one, now=NOW)
        return load(tx, order.id)

    return database.run(unit)


@pytest.mark.parametrize("starts_at", [LATER, HALF_AN_HOUR_LATER])
def test_both_must_say_yes_to_another_time(database: Database, city: City, starts_at: object) -> None:
    order = an_accepted(database, city)
    change = asked(database, order, starts_at=starts_at)
    lead, companion = order.crew_ids
    assert change.crew_ids == order.crew_ids
    assert database.run(check_invariants) == []

    first = agree(database, change, technician(companion))
    assert (first.starts_at, first.version) == (START, order.version)
    assert agree(database, change, technician(companion)) == first
    last = agree(database, change, technician(lead))

    assert (last.starts_at, last.crew_ids) == (starts_at, order.crew_ids)
    assert {one.starts_at for one in database.run(lambda tx: calendar.crew_of(tx, order.id))} == {starts_at}
    assert cells(database) == 10
    assert database.run(check_invariants) == []


def test_a_no_of_one_is_a_no(database: Database, city: City) -> None:
    order = an_accepted(database, city)
    change = asked(database, order, starts_at=HALF_AN_HOUR_LATER)
    lead, companion = order.crew_ids
    agree(database, change, technician(lead))

    refuse(database, change, technician(companion))

    assert unchanged(database, order)
    assert news(database, order.person_id) == ["change_refused"]
    with pytest.raises(ChangeGone):
        agree(database, change, technician(lead))


@pytest.mark.parametrize("who", [0, 1])
def test_of_two_either_may_propose_another_time_to_the_others(database: Database, city: City, who: int) -> None:
    order = an_accepted(database, city)
    by, mate = technician(order.crew_ids[who]), technician(order.crew_ids[1 - who])

    change = asked(database, order, by=by)

    assert {one.party for one in database.run(lambda tx: changes.consents(tx, change.id))} == {customer(order), mate}
    agree(database, change, customer(order))
    assert stands(database, order)[2] == START
    moved = agree(database, change, mate)
    assert (moved.starts_at, moved.crew_ids) == (LATER, order.crew_ids)
    assert database.run(check_invariants) == []


def test_a_counter_of_one_asks_the_other_as_well(database: Database, city: City) -> None:
    order = an_accepted(database, city)
    lead, companion = order.crew_ids
    first = asked(database, order)
    agree(database, first, technician(lead))

    back = database.run(
        lambda tx: changes.counter(tx, first.id, by=technician(companion), starts_at=HALF_AN_HOUR_LATER, now=NOW)
    )

    assert database.run(lambda tx: changes.change_of(tx, first.id)).state is ChangeState.REFUSED
    agree(database, back, technician(lead))
    assert agree(database, back, customer(order)).starts_at == HALF_AN_HOUR_LATER
    assert database.run(check_invariants) == []


@pytest.mark.parametrize("who", ["companion", "anyone"])
def test_who_comes_to_an_accepted_visit_of_two_is_not_changed(database: Database, city: City, who: str) -> None:
    order = an_accepted(database, city)

    with pytest.raises(InvalidInput):
        asked(database, order, technician_id=order.companion_id if who == "companion" else None)

    assert unchanged(database, order)


def test_before_both_have_said_yes_the_time_moves_at_once_and_both_are_asked_anew(
    database: Database, city: City
) -> None:
    order = database.run(lambda tx: paid(tx, city))
    database.run(lambda tx: dispatch.accept(tx, order.id, technician_id=order.crew_ids[0], now=NOW))

    moved = database.run(partial(asking, order=order, starts_at=HALF_AN_HOUR_LATER))

    assert isinstance(moved, Order)
    assert moved.state is OrderState.TO_ACCEPT
    assert cells(database) == 10
    assert database.run(check_invariants) == []
    for one in moved.crew_ids:
        database.run(partial(dispatch.accept, order_id=order.id, technician_id=one, now=NOW))
    assert stands(database, order)[0] is OrderState.ACCEPTED
    assert database.run(check_invariants) == []
