"""An operator gives an order to a technician: by everybody's rules, and whoever had it is told."""

from datetime import timedelta

import pytest

from core import audit, calendar, dispatch, technicians
from core.calendar import NotBookable, Rule, SlotTaken
from core.db import Database, Tx
from core.dispatch import OfferGone, OfferState, RefusalReason
from core.errors import NotFound, StateConflict
from core.invariants import check_invariants
from core.orders import cancelling, deadlines, views, visit
from core.orders.moves import ActorKind, Order, load
from core.orders.states import EDGES, OrderEvent, OrderState
from core.technicians import Technician
from tests.builders import NOW, City, a_customer, a_service, a_technician
from tests.core.orders.ground import START, accepted, arrived, messages_to, paid, placed, told

# test_races.py runs these verbs on every database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

OPERATOR = 7
MINUTE = timedelta(minutes=1)


@pytest.fixture
def second(database: Database, city: City) -> Technician:
    """A colleague who can do it too."""
    return database.run(lambda tx: a_technician(tx, city))


def undecided(tx: Tx, city: City) -> Order:
    order = paid(tx, city)
    return dispatch.refuse(
        tx, order.id, technician_id=city.technician.id, reason=RefusalReason.TIME, words=None, now=NOW
    )


def assign(database: Database, order: Order, technician_id: int, *, agreed: bool = True) -> Order:
    return database.run(
        lambda tx: dispatch.assign(
            tx, order.id, technician_id=technician_id, agreed=agreed, operator_id=OPERATOR, now=NOW
        )
    )


def states_of(database: Database, order: Order) -> list[tuple[int, OfferState]]:
    return [(one.technician_id, one.state) for one in database.run(lambda tx: dispatch.offers_of(tx, order.id))]


def test_a_technician_who_agreed_on_the_phone_has_the_visit_at_once(
    database: Database, city: City, second: Technician
) -> None:
    order = database.run(lambda tx: undecided(tx, city))

    given = assign(database, order, second.id)

    assert (given.state, given.technician_id, given.decide_by) == (OrderState.ACCEPTED, second.id, None)
    taken = database.run(lambda tx: calendar.occupation_of(tx, order.id))
    assert taken is not None
    assert taken.technician_id == second.id
    assert states_of(database, order)[-1] == (second.id, OfferState.ACCEPTED)
    assert database.run(lambda tx: told(tx, second.person_id)) == ["visit_assigned", "visit_reminder"]
    assert "accepted" in database.run(lambda tx: told(tx, city.customer.id))
    assert database.run(check_invariants) == []


def test_a_technician_who_was_not_asked_yet_gets_an_offer_with_the_usual_time(
    database: Database, city: City, second: Technician
) -> None:
    order = database.run(lambda tx: undecided(tx, city))

    asked = assign(database, order, second.id, agreed=False)

    assert (asked.state, asked.technician_id, asked.decide_by) == (OrderState.TO_ACCEPT, second.id, NOW + 15 * MINUTE)
    assert database.run(lambda tx: told(tx, second.person_id)) == ["offer"]
    assert database.run(lambda tx: told(tx, city.customer.id))[-1] == "asking_next"
    accepted_now = database.run(lambda tx: dispatch.accept(tx, order.id, technician_id=second.id, now=NOW))
    assert accepted_now.state is OrderState.ACCEPTED
    assert database.run(check_invariants) == []


@pytest.mark.parametrize("agreed", [True, False])
def test_an_accepted_visit_changes_hands_and_both_technicians_and_the_customer_know(
    database: Database, city: City, second: Technician, agreed: bool
) -> None:
    order = database.run(lambda tx: accepted(tx, city))

    moved = assign(database, order, second.id, agreed=agreed)

    assert moved.state is (OrderState.ACCEPTED if agreed else OrderState.TO_ACCEPT)
    assert moved.technician_id == second.id
    assert states_of(database, order) == [
        (city.technician.id, OfferState.WITHDRAWN),
        (second.id, OfferState.ACCEPTED if agreed else OfferState.OPEN),
    ]
    first = database.run(lambda tx: told(tx, city.technician.person_id))
    assert first == ["offer", "visit_reassigned"]  # and the reminder to set out is gone
    last = "technician_changed" if agreed else "asking_next"
    assert last in database.run(lambda tx: told(tx, city.customer.id))[-3:]
    with pytest.raises(NotFound):
        database.run(lambda tx: visit.depart(tx, order.id, technician_id=city.technician.id, now=START))
    assert database.run(check_invariants) == []


def test_the_reminders_follow_the_new_technician_and_none_is_written_twice(
    database: Database, city: City, second: Technician
) -> None:
    order = database.run(lambda tx: accepted(tx, city))
    before = database.run(lambda tx: told(tx, city.customer.id))

    assign(database, order, second.id)

    after = database.run(lambda tx: told(tx, city.customer.id))
    for reminder in ("reminder_day", "reminder_hours"):
        assert before.count(reminder) == after.count(reminder)
    assert database.run(lambda tx: told(tx, second.person_id)).count("visit_reminder") == 1


def test_who_is_being_asked_is_told_that_it_went_to_somebody_else(
    database: Database, city: City, second: Technician
) -> None:
    order = database.run(lambda tx: paid(tx, city))

    assign(database, order, second.id)

    assert database.run(lambda tx: told(tx, city.technician.person_id)) == ["offer", "offer_gone"]
    with pytest.raises(OfferGone):
        database.run(lambda tx: dispatch.accept(tx, order.id, technician_id=city.technician.id, now=NOW))


def test_an_operator_may_say_yes_for_the_technician_who_is_being_asked(database: Database, city: City) -> None:
    order = database.run(lambda tx: paid(tx, city))

    given = assign(database, order, city.technician.id)

    assert given.state is OrderState.ACCEPTED
    assert states_of(database, order) == [(city.technician.id, OfferState.ACCEPTED)]
    assert database.run(lambda tx: told(tx, city.technician.person_id)) == ["offer", "visit_assigned", "visit_reminder"]


def test_an_offer_they_have_already_makes_way_for_the_operator_s(
    database: Database, city: City, second: Technician
) -> None:
    order = database.run(lambda tx: paid(tx, city))
    database.run(lambda tx: dispatch.open_offer(tx, order, second.id, NOW))

    assign(database, order, second.id, agreed=False)

    assert states_of(database, order)[1:] == [(second.id, OfferState.WITHDRAWN), (second.id, OfferState.OPEN)]
    assert database.run(lambda tx: told(tx, second.person_id)) == ["offer", "offer"]


@pytest.mark.parametrize("agreed", [True, False])
def test_giving_it_to_who_has_it_changes_nothing(database: Database, city: City, agreed: bool) -> None:
    order = database.run(lambda tx: accepted(tx, city))

    again = assign(database, order, city.technician.id, agreed=agreed)

    assert again == order
    assert database.run(audit.lines) == ()


def test_the_history_and_the_audit_trail_name_the_operator_and_both_technicians(
    database: Database, city: City, second: Technician
) -> None:
    order = database.run(lambda tx: accepted(tx, city))

    moved = assign(database, order, second.id)

    line = database.run(lambda tx: views.events(tx, order.id))[-1]
    facts = {"technician_id": str(second.id), "from_technician_id": str(city.technician.id)}
    assert (line.event, line.seq, line.facts) == (OrderEvent.ASSIGNED, moved.version, facts)
    assert (line.actor_kind, line.actor_id) == (ActorKind.OPERATOR, OPERATOR)
    (note,) = database.run(lambda tx: audit.lines(tx, subject_kind="order", subject_id=order.id))
    assert (note.action, note.actor_id, note.facts) == ("order.assigned", OPERATOR, facts)


def test_a_rule_that_forbids_it_is_named_and_everything_stays(database: Database, city: City) -> None:
    order = database.run(lambda tx: accepted(tx, city))

    def unskilled(tx: Tx) -> Technician:
        return a_technician(tx, city, services=[a_service(tx, city.store)])

    def off_duty(tx: Tx) -> Technician:
        found = a_technician(tx, city)
        technicians.set_duty(tx, found.id, on=False, now=NOW)
        return found

    for maker, rule in ((unskilled, Rule.SKILL), (off_duty, Rule.TECHNICIAN)):
        who = database.run(maker)
        with pytest.raises(NotBookable) as refused:
            assign(database, order, who.id)
        assert refused.value.rule is rule
    assert database.run(lambda tx: load(tx, order.id)) == order
    assert database.run(check_invariants) == []


def test_a_technician_who_is_busy_then_is_refused_with_who_is_free(
    database: Database, city: City, second: Technician
) -> None:
    third = database.run(lambda tx: a_technician(tx, city))
    order = database.run(lambda tx: accepted(tx, city))
    other = database.run(lambda tx: a_customer(tx).id)
    database.run(lambda tx: placed(tx, city, person_id=other, technician_id=second.id))

    with pytest.raises(SlotTaken) as refused:
        assign(database, order, second.id)

    assert [slot.technician_id for slot in refused.value.alternatives] == [third.id]
    assert database.run(lambda tx: load(tx, order.id)) == order
    assert database.run(check_invariants) == []


def test_a_suspended_technician_is_not_bound_though_the_time_is_theirs(database: Database, city: City) -> None:
    order = database.run(lambda tx: paid(tx, city))
    database.run(lambda tx: technicians.suspend(tx, city.technician.id, operator_id=OPERATOR, now=NOW))

    with pytest.raises(NotBookable) as refused:
        assign(database, order, city.technician.id)

    assert refused.value.rule is Rule.TECHNICIAN


def test_only_an_order_that_waits_or_is_accepted_is_given_away(
    database: Database, city: City, second: Technician
) -> None:
    given = {state for state, event in EDGES if event in (OrderEvent.ASSIGNED, OrderEvent.OFFERED)}
    assert given == {OrderState.TO_ACCEPT, OrderState.UNDECIDED, OrderState.ACCEPTED}

    order = database.run(lambda tx: arrived(tx, city))
    for agreed in (True, False):
        with pytest.raises(StateConflict):
            assign(database, order, second.id, agreed=agreed)


def test_silence_after_an_operator_s_offer_leaves_the_choice_to_the_customer(
    database: Database, city: City, second: Technician
) -> None:
    order = database.run(lambda tx: accepted(tx, city))
    assign(database, order, second.id, agreed=False)

    assert database.run(lambda tx: deadlines.due_work(tx, NOW + 15 * MINUTE, 5)) == 1

    assert database.run(lambda tx: load(tx, order.id)).state is OrderState.UNDECIDED
    assert database.run(lambda tx: messages_to(tx, city.customer.id))[-1].template == "nobody_left"
    assert database.run(check_invariants) == []


def test_a_technician_whose_visit_was_given_away_may_be_asked_for_it_again(
    database: Database, city: City, second: Technician
) -> None:
    order = database.run(lambda tx: accepted(tx, city, anyone=True))
    assign(database, order, second.id)
    database.run(
        lambda tx: cancelling.technician_cancels(
            tx, order.id, technician_id=second.id, reason=RefusalReason.UNWELL, now=NOW + MINUTE
        )
    )

    back = database.run(lambda tx: load(tx, order.id))

    assert (back.state, back.technician_id) == (OrderState.TO_ACCEPT, city.technician.id)
    assert database.run(check_invariants) == []


@pytest.mark.parametrize(("hours", "minutes"), [(2, 2), (2.05, 5)])
def test_for_a_visit_within_two_hours_anyone_has_two_minutes_each(
    database: Database, city: City, second: Technician, hours: float, minutes: int
) -> None:
    now = START - timedelta(hours=hours)
    order = database.run(lambda tx: paid(tx, city, now=now, technician_id=None, anyone=True))

    assert order.decide_by == now + minutes * MINUTE
    assert database.run(lambda tx: deadlines.due_work(tx, now + minutes * MINUTE, 5)) == 1
    passed = database.run(lambda tx: load(tx, order.id))
    assert passed.technician_id not in (None, order.technician_id)
    assert passed.decide_by == now + (minutes + 2) * MINUTE  # by now the second one is urgent in both


def test_a_technician_named_by_the_customer_has_the_usual_time_however_near_the_visit_is(
    database: Database, city: City
) -> None:
    now = START - timedelta(hours=1)

    order = database.run(lambda tx: paid(tx, city, now=now))

    assert order.decide_by == now + 15 * MINUTE
