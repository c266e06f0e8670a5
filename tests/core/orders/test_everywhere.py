"""Every verb of orders, dispatch and calendar once, on every database."""

from datetime import timedelta

import pytest

from core import calendar, changes, dispatch
from core.calendar import SlotTaken
from core.db import Database, Tx
from core.dispatch import NobodyFree, OfferGone, RefusalReason
from core.invariants import check_invariants
from core.orders import cancelling, deadlines, placing, views, visit
from core.orders.moves import Actor, ActorKind, Order, load
from core.orders.states import OrderState
from core.orders.views import Viewer
from core.orders.visit import WrongCode
from tests.builders import NOW, City, a_customer, a_technician
from tests.core.orders.ground import START, a_photo, a_plan, cancel, finished, paid, pay, placed

MINUTE = timedelta(minutes=1)


def test_a_crooked_way_to_a_confirmed_visit(database: Database, city: City) -> None:
    first, customer = city.technician.id, city.customer.id

    def expire_and_revive(tx: Tx) -> Order:
        made = placed(tx, city)
        assert deadlines.due_work(tx, NOW + 15 * MINUTE, 5) == 1
        revived = placing.revive(tx, made.order.id, person_id=customer, now=NOW + 16 * MINUTE)
        pay(tx, revived, now=NOW + 17 * MINUTE)
        return load(tx, made.order.id)

    order = database.run(expire_and_revive)
    assert order.state is OrderState.TO_ACCEPT
    now = NOW + 20 * MINUTE
    database.run(
        lambda tx: dispatch.refuse(
            tx, order.id, technician_id=first, reason=RefusalReason.OTHER, words="今天不行 😷", now=now
        )
    )
    assert database.run(lambda tx: dispatch.refusal_words(tx, dispatch.offers_of(tx, order.id)[0].id)) == "今天不行 😷"
    with pytest.raises(NobodyFree):
        database.run(lambda tx: dispatch.wait(tx, order.id, person_id=customer, now=now))
    second = database.run(lambda tx: a_technician(tx, city)).id
    database.run(lambda tx: dispatch.wait(tx, order.id, person_id=customer, now=now))
    database.run(lambda tx: dispatch.accept(tx, order.id, technician_id=second, now=now))
    database.run(
        lambda tx: cancelling.technician_cancels(
            tx, order.id, technician_id=second, reason=RefusalReason.UNWELL, now=now
        )
    )
    later = START + timedelta(hours=2)
    database.run(
        lambda tx: changes.ask_change(
            tx, order.id, by=Actor(ActorKind.CUSTOMER, customer), technician_id=first, starts_at=later, now=now
        )
    )
    with pytest.raises(OfferGone):
        database.run(lambda tx: dispatch.accept(tx, order.id, technician_id=second, now=now))
    database.run(lambda tx: dispatch.accept(tx, order.id, technician_id=first, now=now))
    assert database.run(check_invariants) == []

    database.run(lambda tx: visit.depart(tx, order.id, technician_id=first, now=later - 20 * MINUTE))
    database.run(lambda tx: visit.arrive(tx, order.id, technician_id=first, now=later))
    wrong = "0000" if order.start_code != "0000" else "1111"
    assert database.run(lambda tx: visit.start(tx, order.id, technician_id=first, code=wrong, now=later)) == WrongCode(
        4
    )
    database.run(lambda tx: visit.start_by_customer(tx, order.id, person_id=customer, now=later))
    photo = database.run(lambda tx: a_photo(tx, city.technician.person_id))
    end = later + 60 * MINUTE
    database.run(lambda tx: visit.finish(tx, order.id, technician_id=first, photo_file_ids=(photo,), now=end))
    assert database.run(lambda tx: deadlines.due_work(tx, end + timedelta(hours=24), 5)) == 1

    seen = database.run(lambda tx: views.details(tx, order.id, viewer=Viewer.CUSTOMER))
    assert (seen.order.state, seen.photo_file_ids) == (OrderState.CONFIRMED, (photo,))
    assert len(database.run(lambda tx: views.events(tx, order.id))) == seen.order.version
    assert database.run(lambda tx: views.orders_of(tx, customer, most=9)) == (seen.order,)
    day = database.run(lambda tx: views.visits_of(tx, first, from_at=START, until_at=end))
    assert [one.id for one in day] == [order.id]
    assert database.run(check_invariants) == []


def test_the_early_ends(database: Database, city: City) -> None:
    technician = city.technician.id

    gone = database.run(lambda tx: paid(tx, city))
    database.run(lambda tx: deadlines.due_work(tx, NOW + 15 * MINUTE, 5))
    assert database.run(lambda tx: load(tx, gone.id)).state is OrderState.UNDECIDED
    assert database.run(lambda tx: deadlines.due_work(tx, START, 5)) == 1

    cancelled = database.run(lambda tx: paid(tx, city))
    database.run(lambda tx: cancel(tx, cancelled, NOW))

    served = database.run(lambda tx: finished(tx, city))
    absent = database.run(lambda tx: paid(tx, city, starts_at=START + timedelta(days=1)))
    at_door = START + timedelta(days=1)
    database.run(lambda tx: dispatch.accept(tx, absent.id, technician_id=technician, now=NOW))
    database.run(lambda tx: visit.depart(tx, absent.id, technician_id=technician, now=at_door))
    database.run(lambda tx: visit.arrive(tx, absent.id, technician_id=technician, now=at_door))
    database.run(
        lambda tx: cancelling.customer_absent(tx, absent.id, technician_id=technician, now=at_door + 15 * MINUTE)
    )

    orders = {one.id: one.state for one in database.run(lambda tx: views.orders_of(tx, city.customer.id, most=9))}
    assert orders == {
        gone.id: OrderState.CANCELLED,
        cancelled.id: OrderState.CANCELLED,
        served.id: OrderState.FINISHED,
        absent.id: OrderState.LAPSED,
    }
    assert database.run(check_invariants) == []


def test_a_taken_time_names_others_and_a_swept_hold_is_free(database: Database, city: City) -> None:
    rival = database.run(a_customer)
    plan = a_plan(city)
    database.run(lambda tx: placing.preview(tx, rival.id, plan, NOW))

    with pytest.raises(SlotTaken) as refused:
        database.run(lambda tx: placing.preview(tx, city.customer.id, plan, NOW))
    assert refused.value.alternatives
    assert database.run(lambda tx: calendar.sweep_holds(tx, NOW + 5 * MINUTE)) == 1
    database.run(lambda tx: placing.preview(tx, city.customer.id, plan, NOW + 5 * MINUTE))

    assert database.run(check_invariants) == []
