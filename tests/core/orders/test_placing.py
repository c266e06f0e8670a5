"""From a plan to an order to pay."""

from datetime import timedelta
from functools import partial

import pytest

from core import calendar, settings
from core.calendar import NotBookable, SlotTaken
from core.db import Database
from core.errors import NotFound, StateConflict
from core.invariants import check_invariants
from core.money import payments
from core.money.pricing import ItemCode
from core.orders import deadlines, placing, views
from core.orders.moves import load
from core.orders.placing import QuoteChanged
from core.orders.states import OrderState
from core.orders.views import Viewer
from tests.builders import NOW, City, a_customer, a_technician
from tests.core.orders.ground import START, a_plan, messages_to, paid, pay, placed, told

# test_everywhere runs these verbs on every database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_the_summary_holds_the_slot_and_itemises_the_price_with_the_new_customer_s_coupon(
    database: Database, city: City
) -> None:
    shown = database.run(lambda tx: placing.preview(tx, city.customer.id, a_plan(city), NOW))

    assert {item.code: item.minor for item in shown.quote.items} == {
        ItemCode.BASE: 19800, ItemCode.FARE: 600, ItemCode.COUPON: -2000,
    }  # fmt: skip
    assert shown.quote.total_minor == 18400
    assert shown.hold.expires_at == NOW + timedelta(minutes=5)
    assert shown.slot.starts_at == START


def test_a_yes_makes_an_order_to_pay_at_the_price_shown_and_keeps_the_time(database: Database, city: City) -> None:
    made = database.run(lambda tx: placed(tx, city))

    assert (made.order.state, made.order.total_minor, made.payment.amount_minor) == (OrderState.TO_PAY, 18400, 18400)
    assert made.order.decide_by == made.payment.expires_at == NOW + timedelta(minutes=15)
    assert len(made.order.code) == 6
    assert len(made.order.start_code) == 4
    taken = database.run(lambda tx: calendar.occupation_of(tx, made.order.id))
    assert taken is not None
    assert taken.expires_at is None
    assert database.run(lambda tx: load(tx, made.order.id)) == made.order
    assert database.run(check_invariants) == []


def test_the_one_nudge_to_pay_comes_five_minutes_before_the_deadline(database: Database, city: City) -> None:
    database.run(lambda tx: placed(tx, city))

    (nudge,) = database.run(lambda tx: messages_to(tx, city.customer.id))

    assert (nudge.template, nudge.due_at) == ("pay_nudge", NOW + timedelta(minutes=10))


def test_a_summary_that_was_shown_twice_keeps_one_hold(database: Database, city: City) -> None:
    first = database.run(lambda tx: placing.preview(tx, city.customer.id, a_plan(city), NOW))
    later = NOW + timedelta(minutes=4)
    second = database.run(lambda tx: placing.preview(tx, city.customer.id, a_plan(city), later))
    third = database.run(lambda tx: placing.preview(tx, city.customer.id, a_plan(city), later + timedelta(minutes=4)))

    assert first.hold.id == second.hold.id == third.hold.id
    assert second.hold.expires_at == later + timedelta(minutes=5)


def test_a_hold_is_renewed_for_fifteen_minutes_at_most(database: Database, city: City) -> None:
    for minute in (0, 4, 8, 12):
        now = NOW + timedelta(minutes=minute)
        shown = database.run(partial(placing.preview, person_id=city.customer.id, plan=a_plan(city), now=now))

    assert shown.hold.expires_at == NOW + timedelta(minutes=15)


def test_a_hold_that_lapsed_is_taken_anew_when_the_time_is_still_free(database: Database, city: City) -> None:
    shown = database.run(lambda tx: placing.preview(tx, city.customer.id, a_plan(city), NOW))
    later = NOW + timedelta(minutes=20)

    made = database.run(
        lambda tx: placing.place(
            tx, city.customer.id, a_plan(city), shown=shown.quote, hold_id=shown.hold.id, now=later
        )
    )

    assert made.order.state is OrderState.TO_PAY
    assert database.run(check_invariants) == []


def test_a_lapsed_hold_that_somebody_else_took_is_refused_with_other_slots(database: Database, city: City) -> None:
    shown = database.run(lambda tx: placing.preview(tx, city.customer.id, a_plan(city), NOW))
    later = NOW + timedelta(minutes=6)
    rival = database.run(a_customer)
    database.run(lambda tx: placed(tx, city, person_id=rival.id, now=later))

    with pytest.raises(SlotTaken) as refused:
        database.run(
            lambda tx: placing.place(
                tx, city.customer.id, a_plan(city), shown=shown.quote, hold_id=shown.hold.id, now=later
            )
        )

    assert len(refused.value.alternatives) == 3
    assert START not in {slot.starts_at for slot in refused.value.alternatives}
    assert database.run(check_invariants) == []


def test_a_price_that_changed_since_it_was_shown_needs_a_new_yes(database: Database, city: City) -> None:
    shown = database.run(lambda tx: placing.preview(tx, city.customer.id, a_plan(city), NOW))
    database.run(lambda tx: settings.change(tx, "fare_base_minor", 900, NOW))

    with pytest.raises(QuoteChanged) as refused:
        database.run(
            lambda tx: placing.place(
                tx, city.customer.id, a_plan(city), shown=shown.quote, hold_id=shown.hold.id, now=NOW
            )
        )

    assert refused.value.quote.total_minor == 18700
    assert database.run(lambda tx: views.orders_of(tx, city.customer.id, most=5)) == ()


def test_the_coupon_serves_one_order_only(database: Database, city: City) -> None:
    shown = database.run(lambda tx: placing.preview(tx, city.customer.id, a_plan(city), NOW))
    database.run(lambda tx: placed(tx, city))
    plan = a_plan(city, starts_at=START + timedelta(hours=3))

    with pytest.raises(QuoteChanged) as refused:
        database.run(lambda tx: placing.place(tx, city.customer.id, plan, shown=shown.quote, hold_id=None, now=NOW))

    assert refused.value.quote.discount_minor == 0


def test_an_address_elsewhere_is_not_served_by_the_old_hold(database: Database, city: City) -> None:
    shown = database.run(lambda tx: placing.preview(tx, city.customer.id, a_plan(city), NOW))
    elsewhere = a_plan(city, lat=city.region.lat + 0.03)

    with pytest.raises(QuoteChanged):
        database.run(
            lambda tx: placing.place(tx, city.customer.id, elsewhere, shown=shown.quote, hold_id=shown.hold.id, now=NOW)
        )


def test_anyone_takes_the_best_technician_and_says_so(database: Database, city: City) -> None:
    database.run(lambda tx: a_technician(tx, city, stars=(30, 10)))

    made = database.run(lambda tx: placed(tx, city, technician_id=None, anyone=True))

    assert made.order.technician_id == city.technician.id
    assert made.order.anyone_at == NOW


def test_an_unpaid_order_expires_frees_its_time_and_gives_the_coupon_back(database: Database, city: City) -> None:
    made = database.run(lambda tx: placed(tx, city))
    late = NOW + timedelta(minutes=15)

    assert database.run(lambda tx: deadlines.due_work(tx, late - timedelta(seconds=1), 10)) == 0
    assert database.run(lambda tx: deadlines.due_work(tx, late, 10)) == 1
    assert database.run(lambda tx: deadlines.due_work(tx, late, 10)) == 0

    assert database.run(lambda tx: load(tx, made.order.id)).state is OrderState.EXPIRED
    assert database.run(lambda tx: calendar.occupation_of(tx, made.order.id)) is None
    assert database.run(lambda tx: told(tx, city.customer.id)) == ["order_expired"]
    again = database.run(lambda tx: placing.preview(tx, city.customer.id, a_plan(city), late))
    assert again.quote.discount_minor == 2000
    assert database.run(check_invariants) == []


def test_an_expired_order_is_revived_by_one_tap_while_its_time_is_free(database: Database, city: City) -> None:
    made = database.run(lambda tx: placed(tx, city))
    late = NOW + timedelta(minutes=15)
    database.run(lambda tx: deadlines.due_work(tx, late, 10))

    revived = database.run(lambda tx: placing.revive(tx, made.order.id, person_id=city.customer.id, now=late))
    database.run(lambda tx: pay(tx, revived, now=late))

    assert revived.payment.token != made.payment.token
    assert revived.payment.amount_minor == made.payment.amount_minor
    assert database.run(lambda tx: load(tx, made.order.id)).state is OrderState.TO_ACCEPT
    assert database.run(check_invariants) == []


def test_an_expired_order_whose_time_is_gone_is_not_revived(database: Database, city: City) -> None:
    made = database.run(lambda tx: placed(tx, city))
    late = NOW + timedelta(minutes=15)
    database.run(lambda tx: deadlines.due_work(tx, late, 10))
    rival = database.run(a_customer)
    database.run(lambda tx: placed(tx, city, person_id=rival.id, now=late))

    with pytest.raises(SlotTaken):
        database.run(lambda tx: placing.revive(tx, made.order.id, person_id=city.customer.id, now=late))
    with pytest.raises(StateConflict):
        database.run(
            lambda tx: placing.revive(tx, views.orders_of(tx, rival.id, most=1)[0].id, person_id=rival.id, now=late)
        )

    assert database.run(check_invariants) == []


def test_money_that_comes_after_the_expiry_takes_the_time_again(database: Database, city: City) -> None:
    made = database.run(lambda tx: placed(tx, city))
    late = NOW + timedelta(minutes=16)
    database.run(lambda tx: deadlines.due_work(tx, late, 10))

    database.run(lambda tx: pay(tx, made, now=late))

    assert database.run(lambda tx: load(tx, made.order.id)).state is OrderState.TO_ACCEPT
    assert database.run(lambda tx: told(tx, city.customer.id)) == ["order_expired", "paid_late_revived"]
    assert database.run(check_invariants) == []


def test_what_cannot_be_booked_is_refused_before_anything_is_written(database: Database, city: City) -> None:
    with pytest.raises(NotBookable):
        database.run(lambda tx: placing.preview(tx, city.customer.id, a_plan(city, starts_at=NOW), NOW))
    with pytest.raises(NotFound):
        database.run(lambda tx: placing.preview(tx, city.customer.id, a_plan(city, option_id=1), NOW))

    assert database.run(lambda tx: calendar.live_holds(tx, city.customer.id, NOW)) == ()


def test_a_foreign_order_looks_like_a_missing_one(database: Database, city: City) -> None:
    made = database.run(lambda tx: placed(tx, city))
    stranger = database.run(a_customer)

    foreign: tuple[int | str, ...] = (made.order.id, made.order.code, 1, "NOSUCH")
    for which in foreign:
        with pytest.raises(NotFound) as refused:
            database.run(partial(views.order_of, person_id=stranger.id, which=which))
        assert refused.value.facts == {"kind": "order"}
    assert database.run(lambda tx: views.order_of(tx, city.customer.id, made.order.code.lower())) == made.order


def test_the_technician_sees_the_address_from_acceptance_only_and_the_start_code_never(
    database: Database, city: City
) -> None:
    order = database.run(lambda tx: paid(tx, city))

    asked = database.run(lambda tx: views.details(tx, order.id, viewer=Viewer.TECHNICIAN))
    own = database.run(lambda tx: views.details(tx, order.id, viewer=Viewer.CUSTOMER))
    desk = database.run(lambda tx: views.details(tx, order.id, viewer=Viewer.OPERATOR))

    assert (asked.address_text, asked.phone, asked.start_code) == (None, None, None)
    assert asked.wishes == "请带瑜伽垫"
    assert (own.address_text, own.start_code) == ("望京花园 3 号楼 1201", order.start_code)
    assert (desk.address_text, desk.phone, desk.start_code) == (None, "138****8000", None)


def test_a_live_link_dies_with_its_order(database: Database, city: City) -> None:
    made = database.run(lambda tx: placed(tx, city))
    database.run(lambda tx: deadlines.due_work(tx, NOW + timedelta(hours=1), 10))

    assert database.run(lambda tx: payments.live_payment(tx, made.order.id)) is None
