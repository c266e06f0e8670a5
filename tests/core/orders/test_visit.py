"""The visit from the door to the confirmed income, and its early ends."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from core import calendar, dispatch, people, support
from core.db import Database
from core.dispatch import RefusalReason
from core.errors import InvalidInput, NotFound, StateConflict
from core.invariants import check_invariants
from core.messages import Template, tell
from core.money import ledger, refunds
from core.money.ledger import AccountKind
from core.orders import cancelling, confirming, deadlines, views, visit
from core.orders.cancelling import ConsequenceChanged, TooEarly
from core.orders.moves import Order, load
from core.orders.states import OrderState
from core.orders.views import Viewer
from core.orders.visit import WrongCode
from tests.builders import NOW, City, a_customer, a_technician
from tests.core.orders.ground import (
    START,
    a_photo,
    accepted,
    arrived,
    cancel,
    finished,
    in_service,
    messages_to,
    paid,
    placed,
    told,
)  # fmt: skip

# test_everywhere runs these verbs on every database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MINUTE = timedelta(minutes=1)


def test_a_visit_runs_from_the_offer_to_the_technician_s_income(database: Database, city: City) -> None:
    order = database.run(lambda tx: finished(tx, city))

    done = database.run(
        lambda tx: visit.confirm(tx, order.id, person_id=city.customer.id, now=START + timedelta(hours=2))
    )

    assert done.state is OrderState.CONFIRMED
    assert database.run(lambda tx: told(tx, city.customer.id)) == [
        "payment_received", "accepted", "departed", "arrived", "started", "finished", "review_invite",
    ]  # fmt: skip
    assert database.run(lambda tx: told(tx, city.technician.person_id)) == ["offer", "confirmed"]
    # 198.00 of service less 20 % commission, plus the fare of 6.00; the coupon is the platform's cost.
    owed = database.run(lambda tx: ledger.balance(tx, AccountKind.TECHNICIAN_PAYABLE, city.technician.id, "CNY"))
    assert owed == -(19800 - 3960 + 600)
    assert database.run(check_invariants) == []


def test_every_step_is_one_event_with_its_actor(database: Database, city: City) -> None:
    order = database.run(lambda tx: finished(tx, city))

    lines = database.run(lambda tx: views.events(tx, order.id))

    assert [(line.seq, line.event.value, line.actor_kind) for line in lines] == [
        (1, "placed", "customer"), (2, "paid", "provider"), (3, "accepted", "technician"),
        (4, "departed", "technician"), (5, "arrived", "technician"), (6, "started", "technician"),
        (7, "finished", "technician"),
    ]  # fmt: skip


def test_five_wrong_codes_leave_the_start_to_the_customer_s_own_tap(database: Database, city: City) -> None:
    order = database.run(lambda tx: arrived(tx, city))
    wrong = "0000" if order.start_code != "0000" else "1111"

    def tries(code: str) -> object:
        return database.run(
            lambda tx: visit.start(tx, order.id, technician_id=city.technician.id, code=code, now=START)
        )

    assert [tries(wrong) for _ in range(6)] == [WrongCode(left) for left in (4, 3, 2, 1, 0, 0)]
    assert tries(order.start_code) == WrongCode(0)
    assert database.run(lambda tx: told(tx, city.customer.id))[-1] == "start_confirm"
    started = database.run(lambda tx: visit.start_by_customer(tx, order.id, person_id=city.customer.id, now=START))
    assert started.state is OrderState.IN_SERVICE
    assert database.run(lambda tx: told(tx, city.technician.person_id))[-1] == "start_allowed"


def test_an_operator_can_start_a_visit(database: Database, city: City) -> None:
    order = database.run(lambda tx: arrived(tx, city))

    started = database.run(lambda tx: visit.start_by_operator(tx, order.id, operator_id=7, now=START))

    assert started.started_at == START
    assert database.run(lambda tx: views.events(tx, order.id))[-1].actor_kind == "operator"


def test_nobody_sets_out_hours_before_the_visit(database: Database, city: City) -> None:
    order = database.run(lambda tx: accepted(tx, city))

    with pytest.raises(TooEarly) as refused:
        database.run(lambda tx: visit.depart(tx, order.id, technician_id=city.technician.id, now=NOW))

    assert refused.value.facts["from_at"] == START - timedelta(hours=2, minutes=5)


def test_a_visit_needs_a_photo_that_is_the_technician_s_own(database: Database, city: City) -> None:
    order = database.run(lambda tx: in_service(tx, city))
    foreign = database.run(lambda tx: a_photo(tx, city.customer.id))

    refusals: tuple[tuple[tuple[int, ...], type[Exception]], ...] = (((), InvalidInput), ((foreign,), NotFound))
    for photos, error in refusals:
        with pytest.raises(error):
            database.run(
                partial(
                    visit.finish, order_id=order.id, technician_id=city.technician.id, photo_file_ids=photos, now=START
                )
            )
    assert database.run(lambda tx: load(tx, order.id)).state is OrderState.IN_SERVICE


def test_photos_can_be_added_after_the_end_and_count_once(database: Database, city: City) -> None:
    order = database.run(lambda tx: finished(tx, city))
    more = database.run(lambda tx: a_photo(tx, city.technician.person_id))

    added = [
        database.run(
            lambda tx: visit.add_photo(tx, order.id, technician_id=city.technician.id, file_id=more, now=START)
        )
        for _ in range(2)
    ]

    assert added == [True, False]
    assert len(database.run(lambda tx: views.details(tx, order.id, viewer=Viewer.CUSTOMER)).photo_file_ids) == 2


def test_a_finished_visit_is_confirmed_by_the_clock_after_a_day(database: Database, city: City) -> None:
    order = database.run(lambda tx: finished(tx, city, now=START + timedelta(hours=1)))

    assert database.run(lambda tx: deadlines.due_work(tx, START + timedelta(hours=24), 10)) == 0
    assert database.run(lambda tx: deadlines.due_work(tx, START + timedelta(hours=25), 10)) == 1

    assert database.run(lambda tx: load(tx, order.id)).state is OrderState.CONFIRMED
    assert database.run(lambda tx: views.events(tx, order.id))[-1].actor_kind == "clock"
    assert database.run(check_invariants) == []


def test_each_step_is_the_technician_s_alone(database: Database, city: City) -> None:
    order = database.run(lambda tx: accepted(tx, city))
    other = database.run(lambda tx: a_technician(tx, city))

    with pytest.raises(NotFound):
        database.run(lambda tx: visit.depart(tx, order.id, technician_id=other.id, now=START))
    with pytest.raises(NotFound):
        database.run(lambda tx: views.order_of(tx, other.person_id, order.id))


def test_the_address_closes_again_when_the_visit_is_finished(database: Database, city: City) -> None:
    order = database.run(lambda tx: in_service(tx, city))
    during = database.run(lambda tx: views.details(tx, order.id, viewer=Viewer.TECHNICIAN))
    photo = database.run(lambda tx: a_photo(tx, city.technician.person_id))
    database.run(
        lambda tx: visit.finish(tx, order.id, technician_id=city.technician.id, photo_file_ids=(photo,), now=START)
    )
    after = database.run(lambda tx: views.details(tx, order.id, viewer=Viewer.TECHNICIAN))

    assert (during.address_text, during.phone) == ("望京花园 3 号楼 1201", "+8613800138000")
    assert (after.address_text, after.phone, after.lat) == (None, None, None)


def ladder(database: Database, order: Order, now: datetime) -> tuple[str, int, int]:
    found = database.run(lambda tx: cancelling.consequence(tx, load(tx, order.id), now))
    return found.reason, found.refund_minor, found.kept_minor


def test_the_ladder_of_cancelling_climbs_with_the_visit(database: Database, city: City) -> None:
    technician = city.technician.id
    made = database.run(lambda tx: placed(tx, city))
    assert ladder(database, made.order, NOW) == ("unpaid", 0, 0)
    later = START + timedelta(days=1)
    order = database.run(lambda tx: accepted(tx, city, starts_at=later))
    total = order.total_minor
    assert total == 19800 + 600  # the coupon went to the first order

    assert ladder(database, order, NOW) == ("before_departure", total, 0)
    database.run(lambda tx: visit.depart(tx, order.id, technician_id=technician, now=later - 20 * MINUTE))
    assert ladder(database, order, later) == ("departed", total - 3600, 3600)
    database.run(lambda tx: visit.arrive(tx, order.id, technician_id=technician, now=later))
    assert ladder(database, order, later) == ("arrived", total - 5600, 5600)
    database.run(lambda tx: visit.start(tx, order.id, technician_id=technician, code=order.start_code, now=later))
    # Each started quarter of the hour is a quarter of 198.00.
    assert ladder(database, order, later) == ("in_service", total - 4950 - 5600, 4950 + 5600)
    assert ladder(database, order, later + 14 * MINUTE) == ("in_service", total - 4950 - 5600, 4950 + 5600)
    assert ladder(database, order, later + 15 * MINUTE) == ("in_service", total - 9900 - 5600, 9900 + 5600)
    assert ladder(database, order, later + 50 * MINUTE) == ("in_service", 0, total)


def test_cancelling_before_departure_gives_everything_back(database: Database, city: City) -> None:
    order = database.run(lambda tx: accepted(tx, city))

    done = database.run(lambda tx: cancel(tx, order, NOW))

    (refund,) = database.run(lambda tx: refunds.refunds_of(tx, order.id))
    assert (done.state, refund.amount_minor) == (OrderState.CANCELLED, order.total_minor)
    assert database.run(lambda tx: calendar.occupation_of(tx, order.id)) is None
    assert database.run(lambda tx: told(tx, city.technician.person_id)) == ["offer", "visit_cancelled"]
    assert database.run(lambda tx: told(tx, city.customer.id)) == ["payment_received", "accepted"]
    assert database.run(check_invariants) == []


def test_what_is_kept_after_departure_is_the_technician_s(database: Database, city: City) -> None:
    order = database.run(lambda tx: arrived(tx, city))

    database.run(lambda tx: cancel(tx, load(tx, order.id), START))

    owed = database.run(lambda tx: ledger.balance(tx, AccountKind.TECHNICIAN_PAYABLE, city.technician.id, "CNY"))
    assert owed == -5600
    assert database.run(check_invariants) == []


def test_a_yes_to_another_consequence_than_the_one_that_stands_now_is_not_a_yes(database: Database, city: City) -> None:
    order = database.run(lambda tx: accepted(tx, city))
    shown = database.run(lambda tx: cancelling.consequence(tx, order, NOW))
    database.run(lambda tx: visit.depart(tx, order.id, technician_id=city.technician.id, now=START - 20 * MINUTE))

    with pytest.raises(ConsequenceChanged) as refused:
        database.run(
            lambda tx: cancelling.cancel(tx, order.id, person_id=city.customer.id, shown=shown, now=START - 19 * MINUTE)
        )

    assert refused.value.consequence.kept_minor == 3600


def test_cancelling_an_unpaid_order_frees_time_coupon_and_link(database: Database, city: City) -> None:
    made = database.run(lambda tx: placed(tx, city))

    database.run(lambda tx: cancel(tx, made.order, NOW))

    again = database.run(lambda tx: placed(tx, city))
    assert again.order.total_minor == made.order.total_minor
    assert database.run(check_invariants) == []


def test_a_finished_visit_cannot_be_cancelled(database: Database, city: City) -> None:
    order = database.run(lambda tx: finished(tx, city))

    with pytest.raises(StateConflict):
        database.run(lambda tx: cancel(tx, order, START + timedelta(hours=2)))


def test_an_absent_customer_is_waited_for_a_quarter_of_an_hour(database: Database, city: City) -> None:
    order = database.run(lambda tx: arrived(tx, city))

    with pytest.raises(TooEarly):
        database.run(
            lambda tx: cancelling.customer_absent(
                tx, order.id, technician_id=city.technician.id, now=START + 14 * MINUTE
            )
        )
    gone = database.run(
        lambda tx: cancelling.customer_absent(tx, order.id, technician_id=city.technician.id, now=START + 15 * MINUTE)
    )

    assert gone.state is OrderState.LAPSED
    last = database.run(lambda tx: messages_to(tx, city.customer.id))[-1]
    assert last.template == "customer_absent"
    assert last.facts["kept_minor"] == 5600
    assert database.run(check_invariants) == []


def test_reminders_are_written_at_acceptance_and_dropped_when_the_visit_dies(database: Database, city: City) -> None:
    soon = NOW + timedelta(days=3)
    order = database.run(lambda tx: accepted(tx, city, starts_at=soon))

    written = database.run(lambda tx: messages_to(tx, city.customer.id))
    assert [(row.template, row.due_at) for row in written if "reminder" in row.template] == [
        ("reminder_day", soon - timedelta(days=1)), ("reminder_hours", soon - timedelta(hours=2)),
    ]  # fmt: skip
    assert "visit_reminder" in database.run(lambda tx: told(tx, city.technician.person_id))

    database.run(lambda tx: cancel(tx, order, NOW))

    assert not [one for one in database.run(lambda tx: told(tx, city.customer.id)) if "reminder" in one]
    assert "visit_reminder" not in database.run(lambda tx: told(tx, city.technician.person_id))


def test_a_reminder_whose_time_is_past_is_left_out(database: Database, city: City) -> None:
    database.run(lambda tx: accepted(tx, city, starts_at=NOW + timedelta(minutes=90)))

    assert not [one for one in database.run(lambda tx: told(tx, city.customer.id)) if "reminder" in one]


def rung_for(database: Database, city: City, *, starts_at: datetime = START + timedelta(days=1)) -> Order:
    """A visit whose customer has answered no reminder: an operator is called to ring them."""
    order = database.run(lambda tx: accepted(tx, city, starts_at=starts_at))
    database.run(lambda tx: deadlines.due_work(tx, starts_at - 59 * MINUTE, 9))
    (call,) = database.read(support.open_tickets)
    assert (call.kind, call.order_id) == ("house", order.id)
    return order


def ended(database: Database, at: datetime) -> int:
    return database.run(lambda tx: confirming.end_calls(tx, now=at))


def test_the_call_to_ring_a_silent_customer_ends_when_the_technician_is_let_in(database: Database, city: City) -> None:
    order, technician = rung_for(database, city), city.technician.id
    at = order.starts_at
    database.run(lambda tx: visit.depart(tx, order.id, technician_id=technician, now=at - 20 * MINUTE))
    database.run(lambda tx: visit.arrive(tx, order.id, technician_id=technician, now=at))
    assert ended(database, at) == 0

    database.run(lambda tx: visit.start(tx, order.id, technician_id=technician, code=order.start_code, now=at))

    assert ended(database, at) == 1
    assert database.read(support.open_tickets) == ()
    assert ended(database, at) == 0


def test_the_call_to_ring_a_silent_customer_ends_with_their_yes(database: Database, city: City) -> None:
    order = rung_for(database, city)
    at = order.starts_at - 30 * MINUTE

    database.run(lambda tx: confirming.confirm_coming(tx, order.id, person_id=city.customer.id, now=at))

    assert (ended(database, at), database.read(support.open_tickets)) == (1, ())


def test_the_call_to_ring_a_silent_customer_ends_with_the_order(database: Database, city: City) -> None:
    order = rung_for(database, city)
    at = order.starts_at - 30 * MINUTE

    database.run(lambda tx: cancel(tx, order, at))

    assert (ended(database, at), database.read(support.open_tickets)) == (1, ())


def test_a_call_that_says_more_or_that_an_operator_has_is_the_operators_to_end(database: Database, city: City) -> None:
    first = rung_for(database, city)
    at = first.starts_at - 30 * MINUTE
    words = f"order {first.code}: the technician cannot be there in time"
    database.run(lambda tx: support.open_house_ticket(tx, summary=words, order_id=first.id, now=at))
    database.run(lambda tx: cancel(tx, first, at))
    assert ended(database, at) == 0
    (call,) = database.read(support.open_tickets)
    database.run(lambda tx: support.close(tx, call.id, operator_id=7, now=at))

    second = rung_for(database, city, starts_at=START + timedelta(days=2))
    (call,) = database.read(support.open_tickets)
    database.run(lambda tx: support.take(tx, call.id, operator_id=7, now=at))
    database.run(lambda tx: cancel(tx, second, at))
    assert ended(database, at) == 0


def test_a_technician_who_cancels_leaves_the_choice_to_the_customer(database: Database, city: City) -> None:
    order = database.run(lambda tx: accepted(tx, city))

    left = database.run(
        lambda tx: cancelling.technician_cancels(
            tx, order.id, technician_id=city.technician.id, reason=RefusalReason.UNWELL, now=NOW
        )
    )

    assert (left.state, left.technician_id, left.decide_by) == (OrderState.UNDECIDED, None, START)
    assert database.run(lambda tx: told(tx, city.customer.id))[-2:] == ["technician_cancelled", "nobody_left"]
    assert database.run(check_invariants) == []


def test_a_technician_who_cancels_an_order_for_anyone_is_followed_by_the_next(database: Database, city: City) -> None:
    second = database.run(lambda tx: a_technician(tx, city, stars=(30, 10)))
    order = database.run(lambda tx: accepted(tx, city, technician_id=None, anyone=True))

    passed = database.run(
        lambda tx: cancelling.technician_cancels(
            tx, order.id, technician_id=city.technician.id, reason=RefusalReason.UNWELL, now=NOW + timedelta(hours=1)
        )
    )

    assert (passed.state, passed.technician_id) == (OrderState.TO_ACCEPT, second.id)
    assert database.run(lambda tx: told(tx, second.person_id)) == ["offer"]
    database.run(lambda tx: dispatch.accept(tx, order.id, technician_id=second.id, now=NOW + timedelta(hours=1)))
    assert database.run(check_invariants) == []


def test_a_stranger_s_order_cannot_be_cancelled(database: Database, city: City) -> None:
    order = database.run(lambda tx: paid(tx, city))
    stranger = database.run(a_customer)

    with pytest.raises(NotFound):
        database.run(
            lambda tx: cancelling.cancel(
                tx, order.id, person_id=stranger.id, shown=cancelling.consequence(tx, order, NOW), now=NOW
            )
        )


def test_only_reminders_are_forgotten_when_a_visit_goes_on(database: Database, city: City) -> None:
    order = database.run(lambda tx: accepted(tx, city))
    database.run(
        lambda tx: tell(
            tx,
            city.customer.id,
            Template.PAID_TWICE_REFUNDED,
            dedupe="refund",
            order_id=order.id,
            due_at=START,
            now=NOW,
        )
    )

    database.run(
        lambda tx: visit.depart(tx, order.id, technician_id=city.technician.id, now=START - timedelta(hours=2))
    )

    said = database.run(lambda tx: told(tx, city.customer.id))
    assert said == ["payment_received", "accepted", "paid_twice_refunded", "departed"]


def test_who_gave_a_visit_back_is_not_told_to_set_out(database: Database, city: City) -> None:
    order = database.run(lambda tx: accepted(tx, city))

    database.run(
        lambda tx: cancelling.technician_cancels(
            tx, order.id, technician_id=city.technician.id, reason=RefusalReason.UNWELL, now=START
        )
    )

    assert database.run(lambda tx: told(tx, city.technician.person_id)) == ["offer"]


def test_an_order_that_cannot_be_settled_keeps_no_other_waiting(database: Database, city: City) -> None:
    first = database.run(lambda tx: paid(tx, city, technician_id=None, anyone=True))
    other = database.run(lambda tx: a_customer(tx).id)
    second = database.run(
        lambda tx: paid(
            tx, city, person_id=other, technician_id=None, anyone=True, starts_at=START + timedelta(hours=3)
        )
    )
    database.run(lambda tx: people.erase(tx, city.customer.id, NOW))
    due = NOW + timedelta(minutes=5)

    assert [database.run(lambda tx: deadlines.due_work(tx, due, 1)) for _ in range(3)] == [1, 1, 0]

    assert database.run(lambda tx: load(tx, first.id)).state is OrderState.TO_ACCEPT
    assert database.run(lambda tx: load(tx, second.id)).state is OrderState.UNDECIDED
    database.run(lambda tx: deadlines.due_work(tx, START, 9))
    assert database.run(lambda tx: load(tx, first.id)).state is OrderState.CANCELLED
    assert database.run(check_invariants) == []
