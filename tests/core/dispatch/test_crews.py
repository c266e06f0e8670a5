"""Visits for which two technicians come: asked together, and replaced one by one."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import bindparam, select

from core import calendar, changes, dispatch, technicians
from core.db import Database, Tx
from core.dispatch import NobodyFree, OfferGone, OfferState, RefusalReason
from core.errors import StateConflict
from core.invariants import check_invariants
from core.messages.tables import message
from core.orders import cancelling, deadlines
from core.orders.moves import Order, load
from core.orders.states import OrderState
from core.technicians import Technician
from tests.builders import NOW
from tests.core.changes.ground import customer
from tests.core.dispatch.crews import (
    MINUTE,
    Town,
    accept,
    accepted,
    busy,
    crew,
    for_anyone,
    refuse,
    states,
)
from tests.core.orders.ground import START, cancel, paid, pay, placed, told

_OFFERS = (
    select(message.c.order_version)
    .where(message.c.person_id == bindparam("b_person"), message.c.template == "offer")
    .order_by(message.c.id)
)


def test_one_booking_keeps_the_time_of_both_and_asks_both_once_it_is_paid(database: Database, town: Town) -> None:
    made = database.run(lambda tx: placed(tx, town.city))

    assert crew(made.order) == (town.wang.id, town.li.id)
    assert database.read(lambda tx: busy(tx, made.order)) == [town.wang.id, town.li.id]
    assert database.read(lambda tx: told(tx, town.li.person_id)) == []

    database.run(lambda tx: pay(tx, made))

    for who in (town.wang, town.li):
        assert database.read(partial(told, person_id=who.person_id)) == ["offer"]
    assert database.read(lambda tx: load(tx, made.order.id)).decide_by == NOW + 5 * MINUTE
    assert database.read(check_invariants) == []


@pytest.mark.parametrize("first", ["lead", "companion"])
def test_the_order_is_accepted_when_both_have_said_yes(database: Database, town: Town, first: str) -> None:
    order = database.run(lambda tx: paid(tx, town.city))
    one, other = (town.wang, town.li) if first == "lead" else (town.li, town.wang)

    half = database.run(lambda tx: accept(tx, order, one))
    assert half.state is OrderState.TO_ACCEPT
    assert "accepted" not in database.read(lambda tx: told(tx, town.city.customer.id))
    assert database.run(lambda tx: accept(tx, order, one)).state is OrderState.TO_ACCEPT
    whole = database.run(lambda tx: accept(tx, order, other))

    assert (whole.state, *crew(whole)) == (OrderState.ACCEPTED, town.wang.id, town.li.id)
    assert database.read(lambda tx: told(tx, town.city.customer.id)).count("accepted") == 1
    assert database.read(lambda tx: told(tx, one.person_id)) == ["offer", "crew_complete", "visit_reminder"]
    assert database.read(lambda tx: told(tx, other.person_id)) == ["offer", "visit_reminder"]
    assert database.read(check_invariants) == []


def test_after_the_first_yes_the_order_waits_for_the_other_only(database: Database, town: Town) -> None:
    order = database.run(lambda tx: paid(tx, town.city))
    database.run(lambda tx: accept(tx, order, town.li))

    assert database.read(lambda tx: load(tx, order.id)).decide_by == NOW + 15 * MINUTE  # Wang was asked for by name


def test_a_companion_who_refuses_is_replaced_while_the_lead_s_yes_stands(database: Database, town: Town) -> None:
    order = database.run(lambda tx: paid(tx, town.city))
    database.run(lambda tx: accept(tx, order, town.wang))
    passed = database.run(lambda tx: refuse(tx, order, town.li))

    assert (passed.state, *crew(passed)) == (OrderState.TO_ACCEPT, town.wang.id, town.zhao.id)
    assert database.read(lambda tx: busy(tx, order)) == [town.wang.id, town.zhao.id]
    with pytest.raises(OfferGone):
        database.run(lambda tx: accept(tx, order, town.li))
    assert database.run(lambda tx: accept(tx, order, town.zhao)).state is OrderState.ACCEPTED
    assert database.read(check_invariants) == []


def test_the_card_of_who_stays_is_good_after_the_other_was_replaced(database: Database, town: Town) -> None:
    order = database.run(lambda tx: paid(tx, town.city))
    passed = database.run(lambda tx: refuse(tx, order, town.li))

    card = database.read(lambda tx: _offer_version(tx, town.wang))
    assert card == passed.version > order.version
    assert database.run(lambda tx: accept(tx, order, town.wang)).state is OrderState.TO_ACCEPT


def _offer_version(tx: Tx, who: Technician) -> int:
    rows = tx.all(_OFFERS, {"b_person": who.person_id})
    return int(rows[-1].order_version)


def test_with_anyone_the_next_best_leads_in_place_of_who_refused(database: Database, town: Town) -> None:
    order = database.run(lambda tx: for_anyone(tx, town))
    database.run(lambda tx: accept(tx, order, town.li))
    passed = database.run(lambda tx: refuse(tx, order, town.wang))

    assert crew(passed) == (town.zhao.id, town.li.id)
    assert database.read(lambda tx: busy(tx, order)) == [town.zhao.id, town.li.id]
    assert database.run(lambda tx: accept(tx, order, town.zhao)).state is OrderState.ACCEPTED
    assert database.read(check_invariants) == []


def test_when_the_one_asked_for_by_name_refuses_the_other_is_free_again_and_told(
    database: Database, town: Town
) -> None:
    order = database.run(lambda tx: paid(tx, town.city))
    database.run(lambda tx: accept(tx, order, town.li))
    left = database.run(lambda tx: refuse(tx, order, town.wang))

    assert (left.state, *crew(left)) == (OrderState.UNDECIDED, None, None)
    assert database.read(lambda tx: busy(tx, order)) == []
    assert database.read(lambda tx: told(tx, town.li.person_id)) == ["offer", "offer_gone"]
    assert database.read(lambda tx: states(tx, order)) == [
        (town.wang.id, OfferState.REFUSED), (town.li.id, OfferState.WITHDRAWN),
    ]  # fmt: skip
    assert database.read(check_invariants) == []


def test_silence_of_one_passes_that_place_on_and_with_nobody_left_the_customer_decides(
    database: Database, town: Town
) -> None:
    order = database.run(lambda tx: for_anyone(tx, town))
    database.run(lambda tx: accept(tx, order, town.wang))
    database.run(lambda tx: deadlines.due_work(tx, NOW + 5 * MINUTE, 5))

    passed = database.read(lambda tx: load(tx, order.id))
    assert (*crew(passed), passed.decide_by) == (town.wang.id, town.zhao.id, NOW + 10 * MINUTE)
    assert database.read(lambda tx: told(tx, town.li.person_id)) == ["offer", "offer_gone"]
    database.run(lambda tx: deadlines.due_work(tx, NOW + 10 * MINUTE, 5))

    left = database.read(lambda tx: load(tx, order.id))
    assert (left.state, *crew(left)) == (OrderState.UNDECIDED, None, None)
    assert database.read(lambda tx: told(tx, town.wang.person_id)) == ["offer", "offer_gone"]
    assert database.read(lambda tx: told(tx, town.city.customer.id))[-1] == "nobody_left"
    assert database.read(check_invariants) == []


def test_a_named_lead_who_says_nothing_leaves_it_to_the_customer_though_the_companion_agreed(
    database: Database, town: Town
) -> None:
    order = database.run(lambda tx: paid(tx, town.city))
    database.run(lambda tx: accept(tx, order, town.li))
    database.run(lambda tx: deadlines.due_work(tx, NOW + 15 * MINUTE, 5))

    assert database.read(lambda tx: load(tx, order.id)).state is OrderState.UNDECIDED
    assert database.read(lambda tx: told(tx, town.li.person_id))[-1] == "offer_gone"
    assert database.read(check_invariants) == []


def test_waiting_asks_two_who_have_not_said_no(database: Database, town: Town) -> None:
    order = database.run(lambda tx: paid(tx, town.city))
    database.run(lambda tx: refuse(tx, order, town.wang))
    again = database.run(lambda tx: dispatch.wait(tx, order.id, person_id=town.city.customer.id, now=NOW + MINUTE))

    assert (again.state, *crew(again)) == (OrderState.TO_ACCEPT, town.li.id, town.zhao.id)
    database.run(lambda tx: refuse(tx, order, town.zhao, NOW + 2 * MINUTE))
    assert database.read(lambda tx: load(tx, order.id)).state is OrderState.UNDECIDED
    with pytest.raises(NobodyFree):
        database.run(lambda tx: dispatch.wait(tx, order.id, person_id=town.city.customer.id, now=NOW + 3 * MINUTE))
    assert database.read(check_invariants) == []


@pytest.mark.parametrize("named", [True, False])
def test_another_time_asks_two_again(database: Database, town: Town, named: bool) -> None:
    order = database.run(lambda tx: paid(tx, town.city))
    database.run(lambda tx: refuse(tx, order, town.wang))
    later, who = START + timedelta(hours=2), town.li.id if named else None
    moved = database.run(
        lambda tx: changes.ask_change(tx, order.id, by=customer(order), technician_id=who, starts_at=later, now=NOW)
    )
    assert isinstance(moved, Order)

    assert moved.technician_id == (who or town.wang.id)
    assert moved.companion_id not in (None, moved.technician_id)
    assert database.read(lambda tx: busy(tx, order)) == list(moved.crew_ids)
    assert {one.starts_at for one in database.read(lambda tx: calendar.crew_of(tx, order.id))} == {later}
    assert database.read(check_invariants) == []


def test_a_cancel_frees_both_and_tells_both(database: Database, town: Town) -> None:
    order = database.run(lambda tx: accepted(tx, town))
    database.run(lambda tx: cancel(tx, order, NOW))

    assert database.read(lambda tx: busy(tx, order)) == []
    for who in (town.wang, town.li):
        assert database.read(partial(told, person_id=who.person_id))[-1] == "visit_cancelled"
    assert database.read(check_invariants) == []


def test_a_cancel_between_the_two_answers_tells_both(database: Database, town: Town) -> None:
    order = database.run(lambda tx: paid(tx, town.city))
    database.run(lambda tx: accept(tx, order, town.wang))
    database.run(lambda tx: cancel(tx, order, NOW))

    for who in (town.wang, town.li):
        assert database.read(partial(told, person_id=who.person_id)) == ["offer", "offer_gone"]
    assert database.read(check_invariants) == []


def test_when_the_visit_time_comes_and_one_never_answered_everything_goes_back(database: Database, town: Town) -> None:
    soon = NOW + timedelta(hours=2)
    order = database.run(lambda tx: paid(tx, town.city, starts_at=soon))
    database.run(lambda tx: accept(tx, order, town.wang))
    database.run(lambda tx: deadlines.due_work(tx, soon, 5))

    assert database.read(lambda tx: load(tx, order.id)).state is OrderState.CANCELLED
    for who in (town.wang, town.li):
        assert database.read(partial(told, person_id=who.person_id)) == ["offer", "offer_gone"]
    assert database.read(lambda tx: busy(tx, order)) == []
    assert database.read(check_invariants) == []


def test_a_companion_who_gives_the_visit_back_is_replaced_and_the_lead_keeps_theirs(
    database: Database, town: Town
) -> None:
    order = database.run(lambda tx: accepted(tx, town))
    later = NOW + timedelta(hours=3)
    again = database.run(lambda tx: _gives_up(tx, order, town.li, later))

    assert (again.state, *crew(again)) == (OrderState.TO_ACCEPT, town.wang.id, town.zhao.id)
    assert database.read(lambda tx: busy(tx, order)) == [town.wang.id, town.zhao.id]
    whole = database.run(lambda tx: accept(tx, order, town.zhao, later))
    assert whole.state is OrderState.ACCEPTED
    assert database.read(lambda tx: told(tx, town.wang.person_id)).count("visit_reminder") == 1
    assert database.read(lambda tx: told(tx, town.li.person_id)) == ["offer"]
    assert database.read(check_invariants) == []


def test_who_said_yes_first_may_take_it_back_before_the_other_answers(database: Database, town: Town) -> None:
    order = database.run(lambda tx: paid(tx, town.city))
    with pytest.raises(StateConflict):  # being asked, one refuses
        database.run(lambda tx: _gives_up(tx, order, town.li, NOW))
    database.run(lambda tx: accept(tx, order, town.li))
    passed = database.run(lambda tx: _gives_up(tx, order, town.li, NOW + MINUTE))

    assert (passed.state, *crew(passed)) == (OrderState.TO_ACCEPT, town.wang.id, town.zhao.id)
    assert database.read(lambda tx: busy(tx, order)) == [town.wang.id, town.zhao.id]
    assert database.read(check_invariants) == []


def test_when_nobody_can_replace_who_gave_it_back_the_lead_is_told_and_free(database: Database, town: Town) -> None:
    database.run(lambda tx: technicians.suspend(tx, town.zhao.id, operator_id=1, now=NOW))
    order = database.run(lambda tx: accepted(tx, town))
    left = database.run(lambda tx: _gives_up(tx, order, town.li, NOW))

    assert (left.state, *crew(left)) == (OrderState.UNDECIDED, None, None)
    assert database.read(lambda tx: busy(tx, order)) == []
    assert database.read(lambda tx: told(tx, town.wang.person_id))[-1] == "offer_gone"
    assert database.read(check_invariants) == []


def _gives_up(tx: Tx, order: Order, who: Technician, now: datetime) -> Order:
    return cancelling.technician_cancels(tx, order.id, technician_id=who.id, reason=RefusalReason.UNWELL, now=now)
