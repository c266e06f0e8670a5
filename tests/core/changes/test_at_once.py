"""While nobody has said yes the customer's word is enough: the order moves at once, at the price it has."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from core import calendar, changes, dispatch
from core.calendar import NotBookable, SlotTaken
from core.changes import Change
from core.db import Database, Tx
from core.dispatch import OfferState, RefusalReason
from core.errors import InvalidInput, StateConflict
from core.invariants import check_invariants
from core.orders import deadlines, views
from core.orders.moves import Order, load
from core.orders.states import OrderEvent, OrderState
from tests.builders import NOW, City
from tests.core.changes.ground import (
    CELLS,
    HALF_AN_HOUR_LATER,
    HOUR,
    LATER,
    MINUTE,
    another,
    asking,
    cells,
    customer,
    news,
    technician,
)
from tests.core.orders.ground import START, arrived, cancel, messages_to, paid, pay, placed, told


def undecided(tx: Tx, city: City) -> Order:
    """A paid order whose technician has said no."""
    order = paid(tx, city)
    who, reason = city.technician.id, RefusalReason.TIME
    return dispatch.refuse(tx, order.id, technician_id=who, reason=reason, words=None, now=NOW)


def retimed(database: Database, order: Order, **over: Any) -> Order:
    moved = database.run(partial(asking, order=order, **over))
    assert isinstance(moved, Order)
    return moved


@pytest.mark.parametrize("starts_at", [LATER, HALF_AN_HOUR_LATER])
def test_an_order_to_pay_moves_with_its_link_and_its_deadline(
    database: Database, city: City, starts_at: object
) -> None:
    made = database.run(lambda tx: placed(tx, city))

    moved = retimed(database, made.order, starts_at=starts_at, now=NOW + MINUTE)

    assert (moved.state, moved.starts_at) == (OrderState.TO_PAY, starts_at)
    assert (moved.total_minor, moved.decide_by) == (made.order.total_minor, made.order.decide_by)
    assert cells(database) == CELLS
    nudges = [row.due_at for row in database.run(lambda tx: messages_to(tx, moved.person_id))]
    assert nudges == [NOW + 10 * MINUTE]
    database.run(lambda tx: pay(tx, made, now=NOW + 2 * MINUTE))
    assert database.run(lambda tx: load(tx, moved.id)).state is OrderState.TO_ACCEPT
    assert database.run(lambda tx: told(tx, city.technician.person_id)) == ["offer"]
    assert database.run(check_invariants) == []


def test_who_is_asked_already_is_asked_anew_about_the_new_time(database: Database, city: City) -> None:
    order = database.run(lambda tx: paid(tx, city))

    moved = retimed(database, order, now=NOW + 10 * MINUTE)

    assert (moved.state, moved.starts_at, moved.technician_id) == (OrderState.TO_ACCEPT, LATER, order.technician_id)
    assert database.run(lambda tx: told(tx, city.technician.person_id)) == ["offer", "offer"]
    offers = database.run(lambda tx: dispatch.offers_of(tx, order.id))
    assert [one.state for one in offers] == [OfferState.WITHDRAWN, OfferState.OPEN]
    assert database.run(lambda tx: deadlines.due_work(tx, NOW + 15 * MINUTE, 5)) == 0
    database.run(lambda tx: dispatch.accept(tx, order.id, technician_id=city.technician.id, now=NOW + 20 * MINUTE))
    assert database.run(check_invariants) == []


def test_who_was_asked_before_hears_that_it_is_over_and_another_is_asked(database: Database, city: City) -> None:
    order, second = database.run(lambda tx: paid(tx, city)), another(database, city)

    moved = retimed(database, order, technician_id=second, starts_at=START)

    assert (moved.technician_id, moved.starts_at) == (second, START)
    assert database.run(lambda tx: told(tx, city.technician.person_id)) == ["offer", "offer_gone"]
    assert news(database, city.technician.person_id) == []
    database.run(lambda tx: dispatch.accept(tx, order.id, technician_id=second, now=NOW))
    assert cells(database) == CELLS
    assert database.run(check_invariants) == []


def test_an_undecided_order_is_asked_about_again_at_the_price_that_was_paid(database: Database, city: City) -> None:
    order = database.run(lambda tx: undecided(tx, city))
    later = START + timedelta(days=1, hours=8)  # 22:00: the night fee would be due

    moved = retimed(database, order, technician_id=city.technician.id, starts_at=later)

    assert (moved.state, moved.starts_at, moved.total_minor) == (OrderState.TO_ACCEPT, later, order.total_minor)
    assert moved.local_day == order.local_day + timedelta(days=1)
    assert database.run(lambda tx: views.events(tx, order.id))[-1].event is OrderEvent.RETIMED
    database.run(lambda tx: dispatch.accept(tx, order.id, technician_id=city.technician.id, now=NOW))
    assert database.run(check_invariants) == []


def test_a_time_that_is_taken_is_refused_with_other_slots(database: Database, city: City) -> None:
    order = database.run(lambda tx: undecided(tx, city))
    database.run(lambda tx: paid(tx, city, starts_at=LATER))

    with pytest.raises(SlotTaken) as refused:
        retimed(database, order, technician_id=city.technician.id)

    assert refused.value.alternatives
    assert database.run(lambda tx: load(tx, order.id)).state is OrderState.UNDECIDED


def test_a_time_that_was_held_becomes_the_order_s(database: Database, city: City) -> None:
    order = database.run(lambda tx: undecided(tx, city))
    held = database.run(
        lambda tx: changes.hold_change(tx, order.id, by=customer(order), technician_id=None, starts_at=LATER, now=NOW)
    )

    moved = retimed(database, order, technician_id=None, now=NOW + MINUTE, replacing=held.id)

    assert (moved.technician_id, moved.starts_at) == (held.slot.technician_id, LATER)
    taken = database.read(lambda tx: calendar.occupation_of(tx, order.id))
    assert taken is not None
    assert taken.id == held.id
    assert database.read(lambda tx: calendar.live_holds(tx, order.person_id, NOW + MINUTE)) == ()
    assert database.run(check_invariants) == []


def test_a_start_against_a_rule_names_the_nearest_and_moves_nothing(database: Database, city: City) -> None:
    order = database.run(lambda tx: undecided(tx, city))
    at_night = START + 13 * HOUR

    with pytest.raises(NotBookable) as refused:
        retimed(database, order, technician_id=None, starts_at=at_night)

    assert refused.value.nearest is not None
    assert abs(refused.value.nearest.starts_at - at_night) < 7 * HOUR
    assert database.run(lambda tx: load(tx, order.id)).state is OrderState.UNDECIDED
    assert database.read(lambda tx: calendar.live_holds(tx, order.person_id, NOW)) == ()


def test_what_changes_nothing_is_refused(database: Database, city: City) -> None:
    order = database.run(lambda tx: paid(tx, city))

    with pytest.raises(InvalidInput):
        retimed(database, order, starts_at=START)

    assert database.run(lambda tx: load(tx, order.id)) == order


def test_who_is_only_asked_cannot_ask_for_another_time(database: Database, city: City) -> None:
    order = database.run(lambda tx: paid(tx, city))

    with pytest.raises(StateConflict):
        database.run(lambda tx: asking(tx, order, by=technician(city.technician.id)))


def test_a_visit_under_way_or_over_is_moved_no_more(database: Database, city: City) -> None:
    under_way = database.run(lambda tx: arrived(tx, city))
    over = database.run(lambda tx: cancel(tx, paid(tx, city, starts_at=LATER), NOW))

    for order in (under_way, over):
        for by in (customer(order), technician(city.technician.id)):
            with pytest.raises(StateConflict):
                database.run(partial(asking, order=order, by=by, starts_at=LATER + 3 * HOUR, now=START))


def test_an_accepted_order_is_asked_about_and_does_not_move(database: Database, city: City) -> None:
    order = database.run(lambda tx: paid(tx, city))
    accepted = database.run(lambda tx: dispatch.accept(tx, order.id, technician_id=city.technician.id, now=NOW))

    assert isinstance(database.run(partial(asking, order=accepted)), Change)
