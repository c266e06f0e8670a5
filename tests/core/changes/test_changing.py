"""A change of an accepted visit: the old time stands until the last yes, and a no changes nothing."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from core import calendar, changes, dispatch
from core.calendar import Free, NotBookable, Rule, SlotTaken
from core.changes import ChangeGone, ChangePending, ChangeState
from core.db import Database
from core.dispatch import OfferState, RefusalReason
from core.errors import InvalidInput, NotFound
from core.invariants import check_invariants
from core.messages import Template
from core.orders import views
from core.orders.moves import ActorKind, load
from core.orders.outside import visits_to_come
from core.orders.states import OrderEvent, OrderState
from core.technicians import Preferences, Sex
from tests.builders import NOW, City, a_customer
from tests.core.calendar.ground import at
from tests.core.changes.ground import (
    CELLS,
    HALF_AN_HOUR_LATER,
    HOUR,
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
    reminded_at,
    stands,
    technician,
    unchanged,
)
from tests.core.orders.ground import START

TIMES = [LATER, HALF_AN_HOUR_LATER, START - timedelta(minutes=30), at("11:00", day=13)]


@pytest.mark.parametrize("starts_at", TIMES)
def test_the_old_time_stands_until_the_technician_has_said_yes(
    database: Database, city: City, starts_at: datetime
) -> None:
    order = an_accepted(database, city)

    change = asked(database, order, starts_at=starts_at)

    assert (change.state, change.from_at, change.starts_at) == (ChangeState.OPEN, START, starts_at)
    assert stands(database, order) == (OrderState.ACCEPTED, order.technician_id, START)
    assert database.run(check_invariants) == []
    assert news(database, city.technician.person_id) == [Template.CHANGE_ASKED]
    assert news(database, order.person_id) == []

    moved = agree(database, change, technician(order.technician_id))

    assert (moved.starts_at, moved.ends_at, moved.total_minor) == (starts_at, starts_at + HOUR, order.total_minor)
    assert stands(database, order) == (OrderState.ACCEPTED, order.technician_id, starts_at)
    assert cells(database) == CELLS
    assert database.run(check_invariants) == []
    assert database.run(lambda tx: views.events(tx, order.id))[-1].event is OrderEvent.CHANGED
    assert news(database, order.person_id) == [Template.CHANGE_AGREED]


@pytest.mark.parametrize("starts_at", TIMES)
def test_a_no_leaves_the_visit_as_it_was(database: Database, city: City, starts_at: datetime) -> None:
    order = an_accepted(database, city)
    change = asked(database, order, starts_at=starts_at)

    ended = refuse(database, change, technician(order.technician_id), words="那天要回老家")

    assert ended.state is ChangeState.REFUSED
    assert unchanged(database, order)
    assert news(database, order.person_id) == [Template.CHANGE_REFUSED]
    assert news(database, city.technician.person_id) == [Template.CHANGE_ASKED]
    with pytest.raises(ChangeGone):
        agree(database, change, technician(order.technician_id))


def test_whoever_asked_may_take_it_back(database: Database, city: City) -> None:
    order = an_accepted(database, city)
    change = asked(database, order)

    ended = database.run(lambda tx: changes.withdraw(tx, change.id, by=customer(order), now=NOW))

    assert ended.state is ChangeState.WITHDRAWN
    assert unchanged(database, order)
    assert news(database, city.technician.person_id)[-1] == Template.CHANGE_WITHDRAWN
    with pytest.raises(ChangeGone) as gone:
        refuse(database, change, technician(order.technician_id))
    assert gone.value.facts["state"] is ChangeState.WITHDRAWN


def test_another_technician_has_the_visit_once_they_say_yes_and_the_first_hears_it_then(
    database: Database, city: City
) -> None:
    order, second = an_accepted(database, city), another(database, city)
    change = asked(database, order, technician_id=second, starts_at=START)
    assert news(database, city.technician.person_id) == []
    assert [one.id for one in database.run(lambda tx: visits_to_come(tx, second, now=NOW))] == []

    moved = agree(database, change, technician(second))

    assert (moved.technician_id, moved.starts_at) == (second, START)
    assert news(database, city.technician.person_id) == [Template.VISIT_MOVED_ON]
    assert news(database, order.person_id) == [Template.CHANGE_AGREED]
    assert reminded_at(database, city.technician.person_id) == []
    assert cells(database) == CELLS
    assert database.run(check_invariants) == []
    said_yes = [
        one.technician_id
        for one in database.run(lambda tx: dispatch.offers_of(tx, order.id))
        if one.state is OfferState.ACCEPTED
    ]
    assert said_yes == [second]


def test_a_no_of_another_technician_leaves_the_first_the_visit(database: Database, city: City) -> None:
    order, second = an_accepted(database, city), another(database, city)
    change = asked(database, order, technician_id=second)

    refuse(database, change, technician(second))

    assert unchanged(database, order)
    assert news(database, city.technician.person_id) == []


def test_anyone_else_is_never_who_has_it_now(database: Database, city: City) -> None:
    order, second = an_accepted(database, city), another(database, city)

    same_time = asked(database, order, technician_id=None, starts_at=START)
    refuse(database, same_time, technician(second))
    later = asked(database, order, technician_id=None, another=True)

    assert same_time.technician_id == later.technician_id == second
    moved = agree(database, later, technician(second))
    assert moved.anyone_at is not None


def test_a_wish_for_a_man_finds_a_man(database: Database, city: City) -> None:
    order = an_accepted(database, city)
    another(database, city)
    man = another(database, city, sex=Sex.MALE)

    change = asked(database, order, technician_id=None, another=True, preferences=Preferences(sex=Sex.MALE))

    assert change.technician_id == man


def test_a_technician_s_own_proposal_needs_the_customer_s_yes(database: Database, city: City) -> None:
    order = an_accepted(database, city)
    by = technician(order.technician_id)
    change = asked(database, order, by=by, starts_at=HALF_AN_HOUR_LATER, reason=RefusalReason.UNWELL, words="牙疼")

    assert change.asked_by is ActorKind.TECHNICIAN
    assert news(database, order.person_id) == [Template.CHANGE_ASKED]
    with pytest.raises(NotFound):
        agree(database, change, by)

    moved = agree(database, change, customer(order))

    assert moved.starts_at == HALF_AN_HOUR_LATER
    assert news(database, city.technician.person_id) == [Template.CHANGE_AGREED]


@pytest.mark.parametrize("starts_at", [at("18:00"), HALF_AN_HOUR_LATER, at("17:30")])
def test_another_time_proposed_back_is_a_no_and_a_request_the_other_way(
    database: Database, city: City, starts_at: datetime
) -> None:
    order = an_accepted(database, city)
    first = asked(database, order, starts_at=LATER)
    by = technician(order.technician_id)

    back = database.run(lambda tx: changes.counter(tx, first.id, by=by, starts_at=starts_at, now=NOW))

    assert database.run(lambda tx: changes.change_of(tx, first.id)).state is ChangeState.REFUSED
    assert (back.asked_by, back.starts_at, back.state) == (ActorKind.TECHNICIAN, starts_at, ChangeState.OPEN)
    assert news(database, order.person_id) == [Template.CHANGE_ASKED]
    assert database.run(check_invariants) == []
    with pytest.raises(ChangeGone):
        database.run(lambda tx: changes.counter(tx, first.id, by=by, starts_at=at("19:00"), now=NOW))
    assert agree(database, back, customer(order)).starts_at == starts_at
    assert cells(database) == CELLS
    assert database.run(check_invariants) == []


def test_a_counter_can_be_held_while_the_request_is_open(database: Database, city: City) -> None:
    order = an_accepted(database, city)
    first = asked(database, order, starts_at=LATER)
    by, near = technician(order.technician_id), LATER + 15 * MINUTE

    held = database.run(
        lambda tx: changes.hold_change(tx, order.id, by=by, technician_id=None, starts_at=near, now=NOW)
    )
    assert database.run(check_invariants) == []
    back = database.run(
        lambda tx: changes.counter(tx, first.id, by=by, starts_at=near, now=NOW + MINUTE, replacing=held.id)
    )

    assert database.run(check_invariants) == []
    agree(database, back, customer(order))
    assert cells(database) == CELLS


def test_a_technician_who_is_asked_to_take_over_may_propose_another_time(database: Database, city: City) -> None:
    order, second = an_accepted(database, city), another(database, city)
    first = asked(database, order, technician_id=second)

    back = database.run(lambda tx: changes.counter(tx, first.id, by=technician(second), starts_at=at("19:00"), now=NOW))

    moved = agree(database, back, customer(order))
    assert (moved.technician_id, moved.starts_at) == (second, at("19:00"))
    assert news(database, city.technician.person_id) == [Template.VISIT_MOVED_ON]
    assert database.run(check_invariants) == []


def test_to_the_time_proposed_nobody_counters(database: Database, city: City) -> None:
    order = an_accepted(database, city)
    first = asked(database, order)

    with pytest.raises(InvalidInput):
        database.run(
            lambda tx: changes.counter(tx, first.id, by=technician(order.technician_id), starts_at=LATER, now=NOW)
        )


def test_one_request_at_a_time(database: Database, city: City) -> None:
    order = an_accepted(database, city)
    first = asked(database, order)

    with pytest.raises(ChangePending) as pending:
        asked(database, order, starts_at=at("19:00"))

    assert pending.value.facts["change_id"] == first.id
    assert database.run(lambda tx: changes.open_changes(tx, [order.id, 5])) == {order.id: first}


def test_what_changes_nothing_is_not_asked(database: Database, city: City) -> None:
    order = an_accepted(database, city)

    with pytest.raises(InvalidInput):
        asked(database, order, starts_at=START)

    assert unchanged(database, order)


def test_a_stranger_neither_asks_nor_answers(database: Database, city: City) -> None:
    order, second = an_accepted(database, city), another(database, city)
    stranger = customer(order).__class__(ActorKind.CUSTOMER, database.run(a_customer).id)
    for by in (stranger, technician(second)):
        with pytest.raises(NotFound):
            asked(database, order, by=by)
    change = asked(database, order)

    for by in (stranger, technician(second), customer(order)):
        with pytest.raises(NotFound):
            agree(database, change, by)
        with pytest.raises(NotFound):
            refuse(database, change, by)
    for by in (stranger, technician(order.technician_id)):
        with pytest.raises(NotFound):
            database.run(partial(changes.withdraw, change_id=change.id, by=by, now=NOW))
    assert database.run(lambda tx: changes.change_of(tx, change.id)) == change


def test_a_second_yes_changes_nothing(database: Database, city: City) -> None:
    order = an_accepted(database, city)
    change = asked(database, order)
    once = agree(database, change, technician(order.technician_id))

    assert agree(database, change, technician(order.technician_id)) == once


def test_the_time_asked_for_is_nobody_else_s_while_it_waits(database: Database, city: City) -> None:
    order = an_accepted(database, city)
    change = asked(database, order)
    other = database.run(a_customer).id
    wish = database.run(lambda tx: changes.wish_for(tx, order, customer(order), technician_id=order.technician_id))

    def free(person_id: int, moving: int | None) -> Free:
        asked_for = type(wish)(**{name: getattr(wish, name) for name in wish.__slots__} | {"moving": moving})
        found = database.run(
            lambda tx: calendar.free_starts(
                tx, asked_for, person_id=person_id, now=NOW, from_at=at("09:00"), until_at=at("23:00")
            )
        )
        assert isinstance(found, Free)
        return found

    for taken in (LATER - 30 * MINUTE, START + 30 * MINUTE):
        assert taken not in free(other, None).starts
        assert taken in free(order.person_id, order.id).starts
    assert not {START, LATER} & {*free(other, None).starts, *free(order.person_id, order.id).starts}
    with pytest.raises(SlotTaken):
        of_somebody_else(database, city, city.technician.id, LATER)
    refuse(database, change, technician(order.technician_id))
    of_somebody_else(database, city, city.technician.id, LATER)
    assert database.run(check_invariants) == []


def test_a_time_that_is_somebody_else_s_is_refused_with_others(database: Database, city: City) -> None:
    order = an_accepted(database, city)
    of_somebody_else(database, city, city.technician.id, LATER)

    with pytest.raises(SlotTaken) as taken:
        asked(database, order)
    with pytest.raises(NotBookable) as forbidden:
        asked(database, order, starts_at=at("03:00"))

    assert taken.value.alternatives
    assert START not in {one.starts_at for one in taken.value.alternatives}  # it is what they have
    assert forbidden.value.rule is Rule.HOURS
    assert stands(database, order)[2] == START


def test_between_the_two_times_others_are_reached_in_time(database: Database, city: City) -> None:
    """A visit between the old and the new time, and one after both: every way is right before and after the answer."""
    order = an_accepted(database, city)
    of_somebody_else(database, city, city.technician.id, at("16:00"))
    of_somebody_else(database, city, city.technician.id, at("20:00"))
    change = asked(database, order, starts_at=at("18:00"))
    assert database.run(check_invariants) == []

    agree(database, change, technician(order.technician_id))

    assert database.run(check_invariants) == []
    back = asked(database, database.run(partial(load, order_id=order.id)), starts_at=START)
    refuse(database, back, technician(order.technician_id))
    assert database.run(check_invariants) == []
