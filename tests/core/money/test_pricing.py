"""A quote is computed once, itemised, and its parts sum to the whole."""

import json
from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money.coupons import Coupon
from core.money.pricing import ItemCode, Quote, QuoteItem, commission_minor, fare_minor, is_night, quote
from core.settings import Rules

RULES = Rules()
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LATE = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
TWENTY_OFF = Coupon(id=9, kind="new_customer", amount_minor=2000, currency="CNY")


def test_a_quote_lists_service_way_night_and_discount_and_sums_them() -> None:
    made = quote(RULES, price_minor=29800, currency="CNY", leg_metres=3200, starts_local=LATE, coupon=TWENTY_OFF)

    assert made.items == (
        QuoteItem(ItemCode.BASE, 29800),
        QuoteItem(ItemCode.FARE, 1800),
        QuoteItem(ItemCode.NIGHT, 3000),
        QuoteItem(ItemCode.COUPON, -2000),
    )
    assert made.total_minor == 32600
    assert made.commission_minor == 5960  # 20 % of the service before the discount
    assert made.income_minor == 28640
    assert made.coupon_id == 9


def test_what_does_not_apply_is_not_listed() -> None:
    made = quote(RULES, price_minor=29800, currency="CNY", leg_metres=0, starts_local=NOON, coupon=None)

    assert [item.code for item in made.items] == [ItemCode.BASE, ItemCode.FARE]
    assert (made.discount_minor, made.night_minor, made.coupon_id) == (0, 0, None)


def test_a_coupon_leaves_one_minor_unit_to_pay() -> None:
    free = replace(RULES, fare_base_minor=0, fare_per_km_minor=0)
    made = quote(free, price_minor=1500, currency="CNY", leg_metres=900, starts_local=NOON, coupon=TWENTY_OFF)

    assert made.total_minor == 1
    assert made.discount_minor == 1499


def test_a_coupon_of_another_currency_takes_nothing_off() -> None:
    made = quote(RULES, price_minor=29800, currency="GBP", leg_metres=0, starts_local=NOON, coupon=TWENTY_OFF)

    assert made.discount_minor == 0
    assert made.coupon_id is None


@pytest.mark.parametrize(("metres", "fare"), [(0, 600), (1, 900), (1000, 900), (1001, 1200), (3200, 1800)])
def test_each_started_kilometre_is_charged(metres: int, fare: int) -> None:
    assert fare_minor(RULES, metres) == fare


@pytest.mark.parametrize(("metres", "fare"), [(0, 0), (3000, 0), (3001, 900), (4001, 1200)])
def test_free_metres_cost_nothing(metres: int, fare: int) -> None:
    assert fare_minor(replace(RULES, fare_free_metres=3000), metres) == fare


@pytest.mark.parametrize(("service", "commission"), [(29800, 5960), (2, 0), (3, 1), (0, 0), (12345, 2469)])
def test_commission_is_rounded_half_up_and_the_remainder_is_the_technicians(service: int, commission: int) -> None:
    assert commission_minor(RULES, service) == commission


@pytest.mark.parametrize(
    ("at", "night"), [(time(21, 59), False), (time(22, 0), True), (time(6, 59), True), (time(7, 0), False)]
)
def test_night_runs_from_ten_to_seven(at: time, night: bool) -> None:
    assert is_night(RULES, datetime.combine(NOON.date(), at)) is night


def test_a_night_inside_one_day_is_possible() -> None:
    early = replace(RULES, night_from_minute=60, night_to_minute=300)

    assert is_night(early, datetime.combine(NOON.date(), time(1, 0)))
    assert not is_night(early, datetime.combine(NOON.date(), time(23, 0)))


@given(
    price=st.integers(0, 10_000_000),
    metres=st.integers(0, 200_000),
    hour=st.integers(0, 23),
    off=st.one_of(st.none(), st.integers(1, 10_000_000)),
    percent=st.integers(0, 100),
)
def test_the_parts_always_sum_to_the_whole(price: int, metres: int, hour: int, off: int | None, percent: int) -> None:
    coupon = None if off is None else Coupon(id=1, kind="any", amount_minor=off, currency="CNY")
    rules = replace(RULES, commission_percent=percent)
    made = quote(
        rules,
        price_minor=price,
        currency="CNY",
        leg_metres=metres,
        starts_local=NOON.replace(hour=hour),
        coupon=coupon,
    )

    assert made.total_minor == sum(item.minor for item in made.items) >= 0
    assert made.income_minor + made.commission_minor - made.discount_minor == made.total_minor
    assert Quote.from_json(json.loads(json.dumps(made.to_json()))) == made
