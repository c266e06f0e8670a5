"""A visit gone may leave the next one out of reach: the technician and the operators hear of it, the cancel goes on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from core import calendar, dispatch, support
from core.db import Database, Tx
from core.dispatch import RefusalReason
from core.geo import Point
from core.invariants import check_invariants
from core.orders import cancelling, deadlines, visit
from core.orders.moves import Order
from core.orders.states import OrderState
from core.support import TicketKind
from tests.builders import CENTRE, City, a_customer, a_technician
from tests.core.orders.ground import START, accepted, cancel, messages_to, paid, placed, told

sqlite_is_enough = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MINUTE = timedelta(minutes=1)
NEXT = START + 90 * MINUTE  # service, buffer and a short way: both visits are in one place
LATE = START - 20 * MINUTE
HOME = Point(CENTRE.lat, CENTRE.lng + 0.3212)  # 40 km by road: 123 minutes, and LATE leaves 110


@pytest.fixture
def far(database: Database, city: City) -> City:
    """The same town with a technician who lives two hours from its middle."""
    return replace(city, technician=database.run(lambda tx: a_technician(tx, city, base=HOME)))


@pytest.fixture
def following(database: Database, far: City) -> Order:
    """The visit in danger, accepted, of another customer."""
    other = database.run(lambda tx: a_customer(tx).id)
    return database.run(lambda tx: accepted(tx, far, person_id=other, starts_at=NEXT))


def alarms(database: Database, far: City) -> tuple[list[int | None], int]:
    """The orders that operators are called for, and how often the technician was told."""
    called = [one.order_id for one in database.run(support.open_tickets) if one.kind is TicketKind.HOUSE]
    return called, database.run(lambda tx: told(tx, far.technician.person_id)).count("visit_tight")


def test_a_cancel_that_leaves_too_little_time_for_the_next_way_is_an_alert(
    database: Database, far: City, following: Order
) -> None:
    order = database.run(lambda tx: accepted(tx, far))

    done = database.run(lambda tx: cancel(tx, order, LATE))

    assert done.state is OrderState.CANCELLED
    assert alarms(database, far) == ([following.id], 1)
    (line,) = database.run(support.open_tickets)
    assert f"order {following.code} (accepted)" in line.summary
    assert "from base in 123 min" in line.summary
    said = next(
        one for one in database.run(lambda tx: messages_to(tx, far.technician.person_id)) if "tight" in one.template
    )
    assert (said.facts["leg_minutes"], said.facts["from_home"]) == (123, True)
    assert database.run(check_invariants) == []


@sqlite_is_enough
def test_a_cancel_in_good_time_alarms_nobody(database: Database, far: City, following: Order) -> None:
    order = database.run(lambda tx: accepted(tx, far))

    database.run(lambda tx: cancel(tx, order, NEXT - 125 * MINUTE))

    assert alarms(database, far) == ([], 0)


@sqlite_is_enough
def test_a_technician_who_stands_at_the_door_is_near_the_next_one_too(
    database: Database, far: City, following: Order
) -> None:
    order = database.run(lambda tx: accepted(tx, far))
    who = far.technician.id
    database.run(lambda tx: visit.depart(tx, order.id, technician_id=who, now=START - 120 * MINUTE))
    database.run(lambda tx: visit.arrive(tx, order.id, technician_id=who, now=START))

    database.run(lambda tx: cancelling.customer_absent(tx, order.id, technician_id=who, now=START + 15 * MINUTE))

    assert alarms(database, far) == ([], 0)


def gives_back(tx: Tx, order: Order, far: City) -> None:
    cancelling.technician_cancels(tx, order.id, technician_id=far.technician.id, reason=RefusalReason.TIME, now=LATE)


def given_away(tx: Tx, order: Order, far: City) -> None:
    other = a_technician(tx, far).id
    dispatch.assign(tx, order.id, technician_id=other, agreed=True, operator_id=7, now=LATE)


@pytest.mark.parametrize("how", [gives_back, given_away])
def test_it_is_the_same_when_the_technician_or_an_operator_gives_the_visit_away(
    database: Database, far: City, following: Order, how: Callable[[Tx, Order, City], None]
) -> None:
    order = database.run(lambda tx: accepted(tx, far))

    database.run(lambda tx: how(tx, order, far))

    assert alarms(database, far) == ([following.id], 1)
    assert database.run(check_invariants) == []


@sqlite_is_enough
def test_an_order_nobody_paid_leaves_the_same_alert(database: Database, far: City, following: Order) -> None:
    database.run(lambda tx: placed(tx, far))

    database.run(lambda tx: deadlines.due_work(tx, LATE, 5))

    assert alarms(database, far) == ([following.id], 1)


@sqlite_is_enough
def test_a_technician_who_has_not_accepted_the_next_visit_is_told_nothing(database: Database, far: City) -> None:
    other = database.run(lambda tx: a_customer(tx).id)
    waiting = database.run(lambda tx: paid(tx, far, person_id=other, starts_at=NEXT))
    order = database.run(lambda tx: accepted(tx, far))

    database.run(lambda tx: cancel(tx, order, LATE))

    assert alarms(database, far) == ([waiting.id], 0)
    assert database.run(lambda tx: calendar.occupation_of(tx, waiting.id)) is not None
