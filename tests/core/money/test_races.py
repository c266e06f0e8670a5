"""Races over money: each holds with its guard, and can be lost when a test replaces the guard."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import bindparam, select, update

from core import calendar
from core.db import Database, Tx
from core.ids import new_id
from core.money import coupons, ledger, payments, refunds
from core.money.coupons import CouponGone
from core.money.payments import PaymentState
from core.money.refunds import RefundState
from core.money.tables import coupon, refund
from core.orders import deadlines, moves, paying
from core.orders.deadlines import due_work
from core.orders.moves import Order
from core.orders.paying import Outcome
from core.orders.states import OrderState
from core.orders.tables import order as order_table
from tests.builders import NOW, a_customer
from tests.core.money.ground import RULES
from tests.core.money.stories import (
    AFTER_DEADLINE,
    Story,
    a_story,
    another_link,
    expires,
    hears,
    order_now,
    payments_now,
    said,
)
from tests.core.racing import Together

ROUNDS = 12
SERVERS = pytest.mark.parametrize("database_url", ["mariadb", "postgresql"], indirect=True)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run acts in threads that start together; an error is a value."""
    gate = threading.Barrier(len(acts))

    def one(act: Callable[[], object]) -> object:
        gate.wait()
        try:
            return act()
        except Exception as error:  # noqa: BLE001  a loser's error is part of the outcome
            return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def is_safe(db: Database, story: Story) -> bool:
    """A paid order has its slot, or its money is on the way back."""
    order = order_now(db, story)
    paid = [one for one in payments_now(db, story) if one.state is PaymentState.PAID]
    slot = db.read(lambda tx: calendar.occupation_of(tx, order.id)) is not None
    back = db.read(lambda tx: refunds.refunds_of(tx, order.id)) != ()
    booked = order.state is OrderState.TO_ACCEPT and slot and not back
    returned = order.state is OrderState.EXPIRED and not slot and back
    unpaid = order.state is OrderState.EXPIRED and not slot and not paid
    return booked or returned or unpaid


def test_a_payment_and_the_expiry_at_the_same_moment_leave_slot_or_refund(db: Database) -> None:  # R2
    outcomes = set()
    for _ in range(ROUNDS):
        story = a_story(db)
        heard, _ = at_once(
            lambda story=story: hears(db, said(story.payment), AFTER_DEADLINE),  # type: ignore[misc]
            lambda: expires(db),
        )
        outcomes.add(heard)
        assert is_safe(db, story), heard

    assert outcomes <= {Outcome.BOOKED, Outcome.REVIVED, Outcome.REFUND_LATE}
    assert db.read(ledger.check) == []


def _meet_after_loading(monkeypatch: pytest.MonkeyPatch, room: object, parties: int) -> None:
    """Let `parties` threads load the order, and go on only when all of them have."""
    together = Together(parties)
    real_load = moves.load

    def load(tx: Tx, order_id: int) -> Order:
        order = real_load(tx, order_id)
        together.wait(tx)
        return order

    monkeypatch.setattr(room, "load", load)


def _nothing(*args: object, **facts: object) -> None:
    """Stand in for a step that is left out."""


def _without_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every move succeed whatever the order's row says by now."""
    by_id_alone = (
        update(order_table)
        .where(order_table.c.id == bindparam("b_id"))
        .values(state=bindparam("new_state"), updated_at=bindparam("new_updated_at"))
    )

    def claim(tx: Tx, order: Order, target: OrderState, now: object, changes: object) -> bool:
        return tx.execute(by_id_alone, {"b_id": order.id, "new_state": target, "new_updated_at": now}) == 1

    monkeypatch.setattr(moves, "_claim_version", claim)
    monkeypatch.setattr(moves, "_add_event", _nothing)  # its unique key is a guard too


def test_without_the_guard_a_paid_order_could_lose_its_slot(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    story = a_story(db)
    _without_version(monkeypatch)
    stale = order_now(db, story)
    hears(db, said(story.payment), AFTER_DEADLINE)

    def expire_what_it_saw_before(tx: Tx) -> None:
        deadlines._expire(tx, stale, AFTER_DEADLINE)

    db.run(expire_what_it_saw_before)

    assert not is_safe(db, story)


def two_links(db: Database) -> tuple[Story, Callable[[], object], Callable[[], object]]:
    story = a_story(db)
    second = db.run(lambda tx: another_link(tx, story))
    one, other = said(story.payment), said(second, provider="stripe")
    return story, lambda: hears(db, one), lambda: hears(db, other)


def test_two_links_paid_at_the_same_moment_book_once_and_refund_once(db: Database) -> None:  # R9
    for _ in range(ROUNDS):
        story, first, second = two_links(db)

        assert set(at_once(first, second)) == {Outcome.BOOKED, Outcome.REFUND_TWICE}

        (back,) = db.read(lambda tx, story=story: refunds.refunds_of(tx, story.order.id))  # type: ignore[misc]
        assert back.amount_minor == story.order.total_minor
    assert db.read(ledger.check) == []


@SERVERS
def test_without_the_guards_both_links_would_book(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    hears(db, said(a_story(db).payment))  # the ledger's accounts exist, or opening them would keep the two apart
    story, first, second = two_links(db)
    nothing = select(order_table.c.id).where(order_table.c.id == bindparam("b_id"))
    monkeypatch.setattr(paying, "_lock", lambda tx, order_id: tx.first(nothing, {"b_id": order_id}))
    monkeypatch.setattr(paying, "ask_crew", _nothing)
    monkeypatch.setattr(payments, "expire", _nothing)
    _without_version(monkeypatch)
    _meet_after_loading(monkeypatch, paying, 2)

    assert at_once(first, second) == [Outcome.BOOKED, Outcome.BOOKED]
    assert db.read(lambda tx: refunds.refunds_of(tx, story.order.id)) == ()
    assert db.read(ledger.check) != []


def test_one_event_delivered_ten_times_at_once_acts_once(db: Database) -> None:  # R7
    story = a_story(db)
    notice = said(story.payment)

    outcomes = at_once(*[lambda: hears(db, notice)] * 10)

    assert sorted(map(str, outcomes)) == sorted([Outcome.BOOKED, *[Outcome.REPEAT] * 9])
    assert db.read(ledger.check) == []


def test_one_transaction_told_in_ten_events_at_once_acts_once(db: Database) -> None:  # R7
    story = a_story(db)
    notices = [said(story.payment, provider_txn="T-one") for _ in range(10)]

    outcomes = at_once(*[lambda notice=notice: hears(db, notice) for notice in notices])

    assert sorted(map(str, outcomes)) == sorted([Outcome.BOOKED, *[Outcome.REPEAT] * 9])
    assert db.read(lambda tx: refunds.refunds_of(tx, story.order.id)) == ()


def takes_of_twenty(db: Database) -> list[object]:
    def unit(tx: Tx) -> tuple[int, int]:
        person_id = a_customer(tx).id
        coupons.grant_new_customer(tx, person_id, currency="CNY", rules=RULES, now=NOW)
        found = coupons.usable(tx, person_id, "CNY")
        return person_id, 0 if found is None else found.id

    person_id, coupon_id = db.run(unit)

    def take() -> bool:
        db.run(lambda tx: coupons.take(tx, coupon_id, person_id=person_id, order_id=new_id()))
        return True

    return at_once(*[take] * 20)


def test_one_coupon_taken_from_twenty_sessions_is_taken_once(db: Database) -> None:  # R12
    outcomes = takes_of_twenty(db)

    assert outcomes.count(True) == 1
    assert sum(isinstance(outcome, CouponGone) for outcome in outcomes) == 19


def test_without_the_guard_one_coupon_would_be_taken_often(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    unguarded = update(coupon).where(coupon.c.id == bindparam("b_id")).values(order_id=bindparam("b_order"))
    monkeypatch.setattr(coupons, "_TAKE", unguarded)

    assert takes_of_twenty(db).count(True) > 1


def test_a_new_customers_coupon_is_granted_once_however_often_it_is_asked_for(db: Database) -> None:  # R12
    person_id = db.run(lambda tx: a_customer(tx).id)

    def grant() -> bool:
        return db.run(lambda tx: coupons.grant_new_customer(tx, person_id, currency="CNY", rules=RULES, now=NOW))

    assert at_once(*[grant] * 20).count(True) == 1


def two_refunds(db: Database) -> list[object]:
    story = a_story(db)
    hears(db, said(story.payment))
    most = story.order.total_minor

    def ask(reason: str) -> object:
        return db.run(lambda tx: refunds.request(tx, story.order.id, amount_minor=most, reason=reason, now=NOW))

    return at_once(lambda: ask("cancelled"), lambda: ask("dispute"))


def test_two_refunds_of_one_payment_cannot_give_back_more_than_was_paid(db: Database) -> None:
    outcomes = two_refunds(db)

    assert sum(isinstance(outcome, Exception) for outcome in outcomes) == 1
    rows = db.read(lambda tx: tx.all(select(refund.c.state)))
    assert [row.state for row in rows] == [RefundState.WANTED]


@SERVERS
def test_without_the_guard_two_refunds_would_give_back_twice(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    together, looks = Together(2), Counter[int]()
    real = refunds.refunds_of

    def met(tx: Tx, order_id: int) -> tuple[refunds.Refund, ...]:
        found = real(tx, order_id)
        looks[threading.get_ident()] += 1
        if looks[threading.get_ident()] == 2:  # the second look is the one that decides
            together.wait(tx)
        return found

    monkeypatch.setattr(refunds, "_GUARD", update(refund).where(refund.c.id == bindparam("b_id")).values(state="x"))
    monkeypatch.setattr(refunds, "refunds_of", met)

    outcomes = two_refunds(db)

    assert [one for one in outcomes if isinstance(one, Exception)] == []
    assert len(db.read(lambda tx: tx.all(select(refund.c.id)))) == 2


def test_the_clocks_job_run_by_many_workers_expires_an_order_once(db: Database) -> None:
    story = a_story(db)

    done = at_once(*[lambda: db.run(lambda tx: due_work(tx, AFTER_DEADLINE, 10))] * 6)

    assert [one for one in done if isinstance(one, Exception)] == []
    assert sum(int(str(one)) for one in done) == 1
    assert is_safe(db, story)
