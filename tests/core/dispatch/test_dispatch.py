"""Who is asked, until when, and what the customer may choose."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from core import calendar, dispatch, people, technicians
from core.db import Database, Tx
from core.dispatch import NobodyFree, OfferGone, OfferState, RefusalReason
from core.errors import StateConflict
from core.invariants import check_invariants
from core.money import refunds
from core.orders import deadlines, views
from core.orders.moves import Order, load
from core.orders.states import OrderState
from core.technicians import Sex, Technician
from tests.builders import NOW, City, a_technician
from tests.core.orders.ground import START, cancel, messages_to, paid, told

# tests/core/orders/test_everywhere.py runs these verbs on every database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def second(database: Database, city: City) -> Technician:
    """A colleague with fewer stars: asked after the first."""
    return database.run(lambda tx: a_technician(tx, city, stars=(30, 10)))


def for_anyone(tx: Tx, city: City) -> Order:
    return paid(tx, city, technician_id=None, anyone=True)


def refuse(tx: Tx, order: Order, technician_id: int, now: datetime = NOW) -> Order:
    return dispatch.refuse(
        tx, order.id, technician_id=technician_id, reason=RefusalReason.FAR, words="太远了，来不及", now=now
    )


def test_a_named_technician_has_a_quarter_of_an_hour_and_anyone_five_minutes(database: Database, city: City) -> None:
    named = database.run(lambda tx: paid(tx, city))
    anyone = database.run(
        lambda tx: paid(tx, city, technician_id=None, anyone=True, starts_at=START + timedelta(days=1))
    )

    assert named.decide_by == NOW + 15 * MINUTE
    assert anyone.decide_by == NOW + 5 * MINUTE
    assert database.run(lambda tx: told(tx, city.technician.person_id)) == ["offer", "offer"]


def test_an_acceptance_is_told_and_repeating_it_changes_nothing(database: Database, city: City) -> None:
    order = database.run(lambda tx: paid(tx, city))

    first = database.run(lambda tx: dispatch.accept(tx, order.id, technician_id=city.technician.id, now=NOW))
    again = database.run(lambda tx: dispatch.accept(tx, order.id, technician_id=city.technician.id, now=NOW))

    assert first.state is OrderState.ACCEPTED
    assert again == first
    assert database.run(lambda tx: told(tx, city.customer.id)).count("accepted") == 1


def test_a_refusal_by_the_named_technician_leaves_the_choice_to_the_customer(
    database: Database, city: City, second: Technician
) -> None:
    order = database.run(lambda tx: paid(tx, city))

    left = database.run(lambda tx: refuse(tx, order, city.technician.id))

    assert (left.state, left.technician_id, left.decide_by) == (OrderState.UNDECIDED, None, START)
    assert database.run(lambda tx: calendar.occupation_of(tx, order.id)) is None
    assert database.run(lambda tx: told(tx, city.customer.id))[-1] == "nobody_left"
    last = database.run(lambda tx: views.events(tx, order.id))[-1]
    assert (last.event, last.facts["reason"]) == ("nobody_left", "far")
    assert database.run(check_invariants) == []


def test_an_order_for_anyone_goes_on_to_the_next_and_then_to_its_customer(
    database: Database, city: City, second: Technician
) -> None:
    order = database.run(lambda tx: for_anyone(tx, city))

    passed = database.run(lambda tx: refuse(tx, order, city.technician.id))
    assert (passed.state, passed.technician_id) == (OrderState.TO_ACCEPT, second.id)
    assert database.run(lambda tx: told(tx, second.person_id)) == ["offer"]
    left = database.run(lambda tx: refuse(tx, passed, second.id))

    assert left.state is OrderState.UNDECIDED
    assert database.run(lambda tx: told(tx, city.customer.id))[-2:] == ["asking_next", "nobody_left"]
    assert [one.state for one in database.run(lambda tx: dispatch.offers_of(tx, order.id))] == [OfferState.REFUSED] * 2
    assert database.run(check_invariants) == []


def test_silence_passes_the_order_on_every_five_minutes_for_a_quarter_of_an_hour(
    database: Database, city: City
) -> None:
    for stars in (40, 30, 20, 10):
        database.run(partial(a_technician, town=city, stars=(stars, 10)))
    order = database.run(lambda tx: for_anyone(tx, city))

    asked = []
    for minute in (5, 10, 15):
        assert database.run(partial(deadlines.due_work, now=NOW + minute * MINUTE, most=10)) == 1
        asked.append(database.run(lambda tx: load(tx, order.id)).state)

    assert asked == [OrderState.TO_ACCEPT, OrderState.TO_ACCEPT, OrderState.UNDECIDED]
    offers = database.run(lambda tx: dispatch.offers_of(tx, order.id))
    assert len({one.technician_id for one in offers}) == len(offers) == 3
    assert database.run(lambda tx: told(tx, city.technician.person_id)) == ["offer", "offer_gone"]
    assert database.run(check_invariants) == []


def test_an_answer_after_the_time_is_too_late(database: Database, city: City) -> None:
    order = database.run(lambda tx: paid(tx, city))

    with pytest.raises(OfferGone) as refused:
        database.run(lambda tx: dispatch.accept(tx, order.id, technician_id=city.technician.id, now=NOW + 15 * MINUTE))

    assert refused.value.facts["why"] == "expired"


def test_who_was_not_asked_cannot_accept(database: Database, city: City, second: Technician) -> None:
    order = database.run(lambda tx: paid(tx, city))

    with pytest.raises(OfferGone):
        database.run(lambda tx: dispatch.accept(tx, order.id, technician_id=second.id, now=NOW))


def test_of_two_who_are_asked_the_first_wins_and_the_other_is_told(
    database: Database, city: City, second: Technician
) -> None:
    order = database.run(lambda tx: paid(tx, city))
    database.run(lambda tx: dispatch.open_offer(tx, order, second.id, NOW))

    won = database.run(lambda tx: dispatch.accept(tx, order.id, technician_id=second.id, now=NOW))
    with pytest.raises(OfferGone) as refused:
        database.run(lambda tx: dispatch.accept(tx, order.id, technician_id=city.technician.id, now=NOW))

    assert won.technician_id == second.id
    assert refused.value.facts["why"] == "withdrawn"
    assert database.run(lambda tx: told(tx, city.technician.person_id)) == ["offer", "offer_gone"]
    assert database.run(check_invariants) == []


def test_a_cancelled_order_withdraws_its_offer(database: Database, city: City) -> None:
    order = database.run(lambda tx: paid(tx, city))
    database.run(lambda tx: cancel(tx, order, NOW))

    with pytest.raises(OfferGone) as refused:
        database.run(lambda tx: dispatch.accept(tx, order.id, technician_id=city.technician.id, now=NOW))

    assert refused.value.facts["why"] == "withdrawn"
    assert database.run(lambda tx: told(tx, city.technician.person_id)) == ["offer", "offer_gone"]


def test_waiting_asks_whoever_is_free_and_has_not_refused(database: Database, city: City, second: Technician) -> None:
    order = database.run(lambda tx: paid(tx, city))
    database.run(lambda tx: refuse(tx, order, city.technician.id))

    waiting = database.run(lambda tx: dispatch.wait(tx, order.id, person_id=city.customer.id, now=NOW + MINUTE))

    assert (waiting.state, waiting.technician_id) == (OrderState.TO_ACCEPT, second.id)
    assert database.run(lambda tx: told(tx, second.person_id)) == ["offer"]
    database.run(lambda tx: refuse(tx, waiting, second.id, NOW + MINUTE))
    with pytest.raises(NobodyFree):
        database.run(lambda tx: dispatch.wait(tx, order.id, person_id=city.customer.id, now=NOW + 2 * MINUTE))
    assert database.run(check_invariants) == []


def test_only_an_undecided_order_may_wait(database: Database, city: City) -> None:
    order = database.run(lambda tx: paid(tx, city))

    with pytest.raises(StateConflict):
        database.run(lambda tx: dispatch.wait(tx, order.id, person_id=city.customer.id, now=NOW))


def test_when_nobody_came_everything_goes_back_with_an_apology(database: Database, city: City) -> None:
    order = database.run(lambda tx: paid(tx, city))
    database.run(lambda tx: refuse(tx, order, city.technician.id))

    assert database.run(lambda tx: deadlines.due_work(tx, START - MINUTE, 10)) == 0
    assert database.run(lambda tx: deadlines.due_work(tx, START, 10)) == 1

    assert database.run(lambda tx: load(tx, order.id)).state is OrderState.CANCELLED
    last = database.run(lambda tx: messages_to(tx, city.customer.id))[-1]
    assert (last.template, last.facts["refund_minor"], last.facts["compensation_minor"]) == ("nobody_came", 18400, 3000)
    (refund,) = database.run(lambda tx: refunds.refunds_of(tx, order.id))
    assert refund.amount_minor == 18400
    assert database.run(check_invariants) == []


def test_refusing_in_own_words_is_sealed_with_the_technician_s_key(database: Database, city: City) -> None:
    order = database.run(lambda tx: paid(tx, city))
    database.run(lambda tx: refuse(tx, order, city.technician.id))

    read = database.run(lambda tx: dispatch.refusal_words(tx, dispatch.offers_of(tx, order.id)[0].id))
    database.run(lambda tx: people.erase(tx, city.technician.person_id, NOW))
    gone = database.run(lambda tx: dispatch.refusal_words(tx, dispatch.offers_of(tx, order.id)[0].id))

    assert (read, gone) == ("太远了，来不及", None)


def test_a_technician_off_duty_is_not_asked_next(database: Database, city: City, second: Technician) -> None:
    order = database.run(lambda tx: for_anyone(tx, city))
    database.run(lambda tx: technicians.set_duty(tx, second.id, on=False, now=NOW))

    assert database.run(lambda tx: refuse(tx, order, city.technician.id)).state is OrderState.UNDECIDED


def test_who_is_asked_next_is_of_the_sex_wished_for(database: Database, city: City) -> None:
    """A customer who asked for a woman is not sent a man because the first woman said no."""
    database.run(lambda tx: a_technician(tx, city, sex=Sex.MALE, stars=(50, 10)))
    women = {city.technician.id, database.run(lambda tx: a_technician(tx, city)).id}
    order = database.run(lambda tx: paid(tx, city, technician_id=None, anyone=True, sex="female"))
    assert order.technician_id in women

    passed_on = database.run(lambda tx: refuse(tx, order, order.technician_id or 0))
    assert {order.technician_id, passed_on.technician_id} == women

    left = database.run(lambda tx: refuse(tx, passed_on, passed_on.technician_id or 0))
    assert left.state is OrderState.UNDECIDED
