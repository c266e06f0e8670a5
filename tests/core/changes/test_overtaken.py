"""An order that goes another way: its open request ends with it, what it asked for is free, whom it concerns hears."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from core import changes, dispatch, technicians
from core.changes import Change, ChangeGone, ChangeState
from core.db import Database, Tx
from core.dispatch import RefusalReason
from core.invariants import check_invariants
from core.orders import cancelling, visit
from core.orders.moves import Order, load
from core.orders.states import OrderState
from tests.builders import NOW, City
from tests.core.changes.ground import (
    LATER,
    MINUTE,
    agree,
    an_accepted,
    another,
    asked,
    cells,
    customer,
    news,
    of_somebody_else,
    refuse,
    technician,
)
from tests.core.orders.ground import START, cancel

Way = Callable[[Tx, Order, int], Any]
SOON = START - 90 * MINUTE


def by_customer(tx: Tx, order: Order, third: int) -> None:
    cancel(tx, order, SOON)


def by_operator(tx: Tx, order: Order, third: int) -> None:
    cancelling.cancel_by_operator(tx, order.id, operator_id=7, reason="下雨", now=SOON)


def by_technician(tx: Tx, order: Order, third: int) -> None:
    who = order.technician_id or 0
    cancelling.technician_cancels(tx, order.id, technician_id=who, reason=RefusalReason.UNWELL, now=SOON)


def departing(tx: Tx, order: Order, third: int) -> None:
    visit.depart(tx, order.id, technician_id=order.technician_id or 0, now=SOON)


def given_to_another(tx: Tx, order: Order, third: int) -> None:
    dispatch.assign(tx, order.id, technician_id=third, agreed=True, operator_id=7, now=SOON)


def offered_to_another(tx: Tx, order: Order, third: int) -> None:
    dispatch.assign(tx, order.id, technician_id=third, agreed=False, operator_id=7, now=SOON)


WAYS = [by_customer, by_operator, by_technician, departing, given_to_another, offered_to_another]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("who", ["the same", "another"])
def test_a_request_ends_when_its_order_goes_another_way(database: Database, city: City, way: Way, who: str) -> None:
    order, third = an_accepted(database, city), another(database, city)
    second = another(database, city) if who == "another" else order.technician_id
    change = asked(database, order, technician_id=second)

    database.run(lambda tx: way(tx, order, third))

    assert database.run(lambda tx: changes.change_of(tx, change.id)).state is ChangeState.OVERTAKEN
    assert database.run(check_invariants) == []
    of_somebody_else(database, city, second or 0, LATER)
    for answer in (agree, refuse):
        with pytest.raises(ChangeGone) as gone:
            answer(database, change, technician(second))
        assert gone.value.facts["state"] is ChangeState.OVERTAKEN
    if who == "another":
        person = database.run(lambda tx: technicians.technician(tx, second or 0)).person_id
        assert news(database, person) == ["change_asked", "change_withdrawn"]


def test_who_waited_for_an_answer_hears_that_the_visit_comes_as_agreed(database: Database, city: City) -> None:
    order = an_accepted(database, city)
    asked(database, order)

    database.run(lambda tx: departing(tx, order, 0))

    assert news(database, order.person_id) == ["change_expired"]


def test_a_technician_who_sets_out_takes_their_own_proposal_back(database: Database, city: City) -> None:
    order = an_accepted(database, city)
    asked(database, order, by=technician(order.technician_id))

    database.run(lambda tx: departing(tx, order, 0))

    assert news(database, order.person_id) == ["change_asked", "change_withdrawn"]
    assert database.run(check_invariants) == []


def test_a_refund_is_whole_whatever_was_asked(database: Database, city: City) -> None:
    order = an_accepted(database, city)
    asked(database, order)

    shown = database.run(lambda tx: cancelling.consequence(tx, load(tx, order.id), NOW))
    gone = database.run(partial(cancelling.cancel, order_id=order.id, person_id=order.person_id, shown=shown, now=NOW))

    assert (gone.state, shown.refund_minor) == (OrderState.CANCELLED, order.total_minor)
    assert cells(database) == 0


def test_a_technician_who_was_suspended_cannot_say_yes_any_more(database: Database, city: City) -> None:
    order, second = an_accepted(database, city), another(database, city)
    change: Change = asked(database, order, technician_id=second)
    database.run(lambda tx: technicians.suspend(tx, second, operator_id=7, now=NOW))

    with pytest.raises(ChangeGone):
        agree(database, change, technician(second))

    database.run(lambda tx: changes.withdraw(tx, change.id, by=customer(order), now=NOW))
    assert database.run(check_invariants) == []
