"""What comes from a provider, on time or late, once or twice, right or wrong, ends well for order and books (R7-R9)."""

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import calendar
from core.audit.tables import audit_line
from core.db import Database
from core.dispatch.offers import OfferState, offers_of
from core.messages import Template
from core.messages.tables import message
from core.money import coupons, ledger, refunds
from core.money.kinds import HOUSE, AccountKind
from core.money.notices import NoticeKind
from core.money.payments import PaymentState
from core.money.refunds import RefundState
from core.money.tables import provider_event
from core.orders.cancelling import cancel, consequence
from core.orders.moves import load
from core.orders.paying import Outcome
from core.orders.states import OrderState
from tests.builders import NOW
from tests.core.money.stories import (
    AFTER_DEADLINE,
    TOMORROW,
    Story,
    a_story,
    an_order,
    another_customers_order,
    another_link,
    expires,
    hears,
    order_now,
    payments_now,
    said,
)

_TOLD = select(message.c.template, message.c.person_id, message.c.facts)
_CASES = select(audit_line.c.action, audit_line.c.subject_id, audit_line.c.facts)
_EVENTS = select(provider_event.c.outcome, provider_event.c.raw_sealed)


def told(db: Database, story: Story) -> list[Template]:
    rows = db.read(lambda tx: tx.all(_TOLD))
    return [Template(row.template) for row in rows if row.person_id == story.order.person_id]


def cases(db: Database) -> list[str]:
    rows = db.read(lambda tx: tx.all(_CASES))
    return [row.action for row in rows if row.action.startswith(("payment.", "refund."))]


def books(db: Database) -> list[str]:
    return db.read(ledger.check)


def balance(db: Database, kind: AccountKind) -> int:
    return db.read(lambda tx: ledger.balance(tx, kind, HOUSE, "CNY"))


def test_a_payment_books_the_order_and_asks_the_technician(db: Database) -> None:
    story = a_story(db)

    assert hears(db, said(story.payment)) is Outcome.BOOKED

    assert order_now(db, story).state is OrderState.TO_ACCEPT
    (offer,) = db.read(lambda tx: offers_of(tx, story.order.id))
    assert (offer.state, offer.technician_id) == (OfferState.OPEN, story.city.technician.id)
    assert order_now(db, story).decide_by == offer.expires_at
    assert Template.PAYMENT_RECEIVED in told(db, story)
    assert payments_now(db, story)[0].state is PaymentState.PAID
    assert balance(db, AccountKind.ORDER_HELD) == -story.order.total_minor
    assert books(db) == []
    coupon = db.read(lambda tx: coupons.usable(tx, story.order.person_id, "CNY"))
    assert coupon is None


def test_the_raw_notice_is_kept_sealed(db: Database) -> None:
    story = a_story(db)
    hears(db, said(story.payment))

    (event,) = db.read(lambda tx: tx.all(_EVENTS))

    assert event.outcome == "booked"
    assert db.read(lambda tx: tx.vault.house_key.open(bytes(event.raw_sealed), "provider.event")) == b"{}"


def test_the_same_event_or_the_same_transaction_again_changes_nothing(db: Database) -> None:
    story = a_story(db)
    notice = said(story.payment)
    hears(db, notice)
    before = (order_now(db, story), payments_now(db, story), told(db, story))

    assert hears(db, notice) is Outcome.REPEAT
    assert hears(db, replace(notice, event_id="another")) is Outcome.REPEAT

    assert (order_now(db, story), payments_now(db, story), told(db, story)) == before
    assert books(db) == []


@pytest.mark.parametrize(
    ("change", "parked"),
    [
        ({"amount_minor": 1}, True),
        ({"amount_minor": 10**9}, True),
        ({"currency": "USD"}, True),
        ({"merchant": "somebody else"}, False),
        ({"number": "P-NO-SUCH"}, False),
    ],
    ids=["less", "more", "currency", "merchant", "number"],
)
def test_what_does_not_fit_is_set_aside_with_one_case_and_the_order_untouched(
    db: Database, change: dict[str, object], parked: bool
) -> None:
    story = a_story(db)
    before = order_now(db, story)

    outcome = hears(db, said(story.payment, **change))

    assert outcome in (Outcome.PARKED, Outcome.UNKNOWN)
    assert order_now(db, story) == before
    assert len(cases(db)) == 1
    assert (payments_now(db, story)[0].state is PaymentState.PARKED) is parked
    assert Template.PAYMENT_RECEIVED not in told(db, story)
    assert balance(db, AccountKind.ORDER_HELD) == 0
    assert books(db) == []


def test_parked_money_is_in_the_books_once_and_the_right_money_still_pays(db: Database) -> None:
    story = a_story(db)
    wrong = said(story.payment, amount_minor=1)
    hears(db, wrong)
    hears(db, replace(wrong, event_id="again"))

    assert balance(db, AccountKind.SUSPENSE) == -1
    assert hears(db, said(story.payment)) is Outcome.BOOKED


def test_a_transaction_that_paid_one_order_cannot_pay_another(db: Database) -> None:
    story = a_story(db)
    notice = said(story.payment)
    hears(db, notice)
    later = db.run(lambda tx: an_order(tx, story.city, starts_at=TOMORROW + timedelta(days=1)))

    assert hears(db, replace(notice, event_id="other", number=later.payment.number)) is Outcome.PARKED
    assert order_now(db, later).state is OrderState.TO_PAY


def test_late_money_takes_a_free_slot_again(db: Database) -> None:
    story = a_story(db)
    assert expires(db) == 1

    assert hears(db, said(story.payment), AFTER_DEADLINE) is Outcome.REVIVED

    assert order_now(db, story).state is OrderState.TO_ACCEPT
    assert db.read(lambda tx: calendar.occupation_of(tx, story.order.id)) is not None
    assert Template.PAID_LATE_REVIVED in told(db, story)
    assert len(db.read(lambda tx: offers_of(tx, story.order.id))) == 1
    assert db.read(lambda tx: coupons.usable(tx, story.order.person_id, "CNY")) is None
    assert books(db) == []


def test_late_money_for_a_slot_sold_meanwhile_goes_back_whole(db: Database) -> None:
    story = a_story(db)
    expires(db)
    db.run(lambda tx: another_customers_order(tx, story.city, AFTER_DEADLINE))

    assert hears(db, said(story.payment), AFTER_DEADLINE) is Outcome.REFUND_LATE

    assert order_now(db, story).state is OrderState.EXPIRED
    (back,) = db.read(lambda tx: refunds.refunds_of(tx, story.order.id))
    assert (back.amount_minor, back.state) == (story.order.total_minor, RefundState.WANTED)
    assert Template.PAID_LATE_REFUNDED in told(db, story)
    assert db.read(lambda tx: coupons.usable(tx, story.order.person_id, "CNY")) is not None
    assert books(db) == []


def test_late_money_whose_coupon_was_spent_elsewhere_goes_back_whole(db: Database) -> None:
    story = a_story(db)
    expires(db)
    db.run(lambda tx: coupons.take(tx, story.order.coupon_id or 0, person_id=story.order.person_id, order_id=1))

    assert hears(db, said(story.payment), AFTER_DEADLINE) is Outcome.REFUND_LATE
    assert db.read(lambda tx: calendar.occupation_of(tx, story.order.id)) is None
    assert books(db) == []


def test_money_for_a_cancelled_order_goes_back(db: Database) -> None:
    story = a_story(db)
    person_id = story.order.person_id
    db.run(
        lambda tx: cancel(
            tx, story.order.id, person_id=person_id, shown=consequence(tx, load(tx, story.order.id), NOW), now=NOW
        )
    )

    assert hears(db, said(story.payment)) is Outcome.REFUND_LATE
    assert order_now(db, story).state is OrderState.CANCELLED
    assert books(db) == []


def test_a_second_link_paid_too_is_given_back_by_itself(db: Database) -> None:
    story = a_story(db)
    second = db.run(lambda tx: another_link(tx, story))

    assert hears(db, said(story.payment)) is Outcome.BOOKED
    assert hears(db, said(second, provider="stripe")) is Outcome.REFUND_TWICE

    (back,) = db.read(lambda tx: refunds.refunds_of(tx, story.order.id))
    assert (back.payment_id, back.amount_minor) == (second.id, story.order.total_minor)
    assert Template.PAID_TWICE_REFUNDED in told(db, story)
    assert balance(db, AccountKind.ORDER_HELD) == -story.order.total_minor
    assert books(db) == []


def test_one_number_charged_three_times_keeps_one_and_gives_two_back(db: Database) -> None:
    story = a_story(db)

    outcomes = [hears(db, said(story.payment)) for _ in range(3)]

    assert outcomes == [Outcome.BOOKED, Outcome.REFUND_TWICE, Outcome.REFUND_TWICE]
    back = db.read(lambda tx: refunds.refunds_of(tx, story.order.id))
    assert len({one.number for one in back}) == len({one.payment_id for one in back}) == 2
    assert told(db, story).count(Template.PAID_TWICE_REFUNDED) == 2
    assert books(db) == []


def test_a_refund_told_by_callback_and_by_answer_is_done_once(db: Database) -> None:
    story = a_story(db)
    hears(db, said(story.payment))
    hears(db, said(story.payment))
    (back,) = db.read(lambda tx: refunds.refunds_of(tx, story.order.id))
    notice = said(story.payment, kind=NoticeKind.REFUNDED, number=back.number)

    assert hears(db, notice) is Outcome.REFUND_DONE
    assert not db.run(lambda tx: refunds.finish(tx, back.number, "ref", NOW))
    assert hears(db, replace(notice, event_id="again")) is Outcome.REPEAT

    assert [one.state for one in payments_now(db, story)] == [PaymentState.PAID, PaymentState.REFUNDED]
    assert told(db, story).count(Template.REFUND_DONE) == 1
    assert balance(db, AccountKind.REFUND_PENDING) == 0
    assert books(db) == []


def test_a_refund_nobody_asked_for_or_of_another_amount_is_a_case(db: Database) -> None:
    story = a_story(db)
    hears(db, said(story.payment))
    hears(db, said(story.payment))
    (back,) = db.read(lambda tx: refunds.refunds_of(tx, story.order.id))
    less = said(story.payment, kind=NoticeKind.REFUNDED, number=back.number, amount_minor=1)

    assert hears(db, said(story.payment, kind=NoticeKind.REFUNDED, number="R0")) is Outcome.UNKNOWN
    assert hears(db, less) is Outcome.PARKED
    assert cases(db) == ["refund.unasked", "refund.parked"]
    assert db.read(lambda tx: refunds.refunds_of(tx, story.order.id))[0].state is RefundState.WANTED


_KINDS = (NoticeKind.CREATED, NoticeKind.PAID, NoticeKind.CLOSED)
_ORDERS = [
    order
    for dropped in (None, *_KINDS)
    for order in itertools.permutations(kind for kind in _KINDS * 2 if kind is not dropped)
]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_any_order_of_notices_with_repeats_and_one_lost_ends_in_the_same_state(db: Database) -> None:
    ends = set()
    for kinds in sorted(set(_ORDERS)):
        story = a_story(db)
        paid = said(story.payment)
        for number, kind in enumerate(kinds):
            hears(db, replace(paid, kind=kind, event_id=f"{paid.event_id}-{kind}-{number % 2}"))
        hears(db, replace(paid, event_id=f"query:{paid.provider_txn}"))  # what the query job finds
        (payment,) = payments_now(db, story)
        offers = db.read(lambda tx, story=story: offers_of(tx, story.order.id))  # type: ignore[misc]
        ends.add((order_now(db, story).state, payment.state, len(offers), tuple(sorted(told(db, story)))))

    assert len(set(_ORDERS)) > 90
    assert len(ends) == 1
    assert next(iter(ends))[:3] == (OrderState.TO_ACCEPT, PaymentState.PAID, 1)
    assert books(db) == []
