"""The books sum to zero after every step, record each fact once, and cannot be rewritten."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from core.db import Database, DatabaseError, Tx, insert_into
from core.errors import InvalidInput, NotFound
from core.ids import new_id
from core.money import ledger, payments
from core.money.coupons import Coupon
from core.money.ledger import HOUSE, AccountKind, JournalKind
from core.money.payments import Payment
from core.money.pricing import quote
from core.money.tables import account, journal, posting
from tests.core.money.ground import LOCAL, NOW, RULES, Row, an_order_row


def paid(tx: Tx, order: Row) -> Payment:
    made = payments.open_payment(
        tx,
        order.id,
        amount_minor=order.quote.total_minor,
        currency="CNY",
        expires_at=NOW + timedelta(minutes=15),
        now=NOW,
    )
    assert payments.take_money(tx, made.id, provider="sandbox", provider_txn=f"T{made.id}", now=NOW)
    assert ledger.record_payment(tx, made, NOW)
    return made


def house(tx: Tx, kind: AccountKind) -> int:
    return ledger.balance(tx, kind, HOUSE, "CNY")


def test_a_payment_is_held_for_its_order_and_recorded_once(db: Database) -> None:
    def unit(tx: Tx) -> None:
        made = paid(tx, an_order_row(tx))

        assert not ledger.record_payment(tx, made, NOW)
        assert house(tx, AccountKind.PROVIDER_CLEARING) == 31600
        assert house(tx, AccountKind.ORDER_HELD) == -31600
        assert ledger.check(tx) == []

    db.run(unit)


def test_a_confirmed_order_is_divided_to_the_last_fen(db: Database) -> None:
    def unit(tx: Tx) -> None:
        coupon = Coupon(id=1, kind="new_customer", amount_minor=2000, currency="CNY")
        price = quote(RULES, price_minor=29800, currency="CNY", leg_metres=3200, starts_local=LOCAL, coupon=coupon)
        order = an_order_row(tx, state="confirmed", price=price)
        paid(tx, order)

        assert ledger.record_income(tx, order, NOW)
        assert not ledger.record_income(tx, order, NOW)
        assert house(tx, AccountKind.ORDER_HELD) == 0
        assert ledger.balance(tx, AccountKind.TECHNICIAN_PAYABLE, 7, "CNY") == -25640
        assert house(tx, AccountKind.COMMISSION) == -5960
        assert house(tx, AccountKind.COUPON_COST) == 2000
        assert ledger.check(tx) == []

    db.run(unit)


def test_a_late_cancel_leaves_its_deduction_to_the_technician(db: Database) -> None:
    def unit(tx: Tx) -> None:
        order = an_order_row(tx, state="cancelled")
        made = paid(tx, order)
        ledger.record_kept(tx, order, 4800, NOW)
        for record in (ledger.record_refund_requested, ledger.record_refund_done):
            record(tx, number="R1", order_id=order.id, amount_minor=26800, currency="CNY", now=NOW)

        assert made.amount_minor == 4800 + 26800
        assert house(tx, AccountKind.ORDER_HELD) == house(tx, AccountKind.REFUND_PENDING) == 0
        assert house(tx, AccountKind.PROVIDER_CLEARING) == 4800
        assert ledger.balance(tx, AccountKind.TECHNICIAN_PAYABLE, 7, "CNY") == -4800
        assert not ledger.record_kept(tx, order, 0, NOW)

    db.run(unit)


def test_nobody_came_is_owed_to_the_customer_once(db: Database) -> None:
    def unit(tx: Tx) -> None:
        recorded = [
            ledger.record_compensation(tx, order_id=3, person_id=5, amount_minor=3000, currency="CNY", now=NOW)
            for _ in range(2)
        ]

        assert recorded == [True, False]
        assert ledger.balance(tx, AccountKind.CUSTOMER_PAYABLE, 5, "CNY") == -3000

    db.run(unit)


def test_a_journal_that_does_not_balance_is_refused(db: Database) -> None:
    lines = {(AccountKind.BANK, HOUSE): 100, (AccountKind.SUSPENSE, HOUSE): -99}

    with pytest.raises(InvalidInput):
        db.run(
            lambda tx: ledger.post(
                tx, kind=JournalKind.PARKED, reference="x", lines=lines, unit="CNY", order_id=None, now=NOW
            )
        )


def test_a_mistake_is_corrected_by_its_mirror_image_once(db: Database) -> None:
    def unit(tx: Tx) -> None:
        order = an_order_row(tx, state="confirmed")
        paid(tx, order)
        ledger.record_income(tx, order, NOW)
        found = ledger.journal_of(tx, JournalKind.INCOME, str(order.id))
        assert found is not None

        assert ledger.reverse(tx, found, now=NOW)
        assert not ledger.reverse(tx, found, now=NOW)
        assert ledger.balance(tx, AccountKind.TECHNICIAN_PAYABLE, 7, "CNY") == 0
        assert house(tx, AccountKind.ORDER_HELD) == -31600

    db.run(unit)
    with pytest.raises(NotFound):
        db.run(lambda tx: ledger.reverse(tx, 1, now=NOW))


@pytest.mark.parametrize(
    "statement",
    [
        update(journal).values(kind="other"),
        delete(journal),
        update(posting).values(amount_minor=1),
        delete(posting),
    ],
    ids=["journal update", "journal delete", "posting update", "posting delete"],
)
def test_the_database_refuses_to_rewrite_the_books(db: Database, statement: object) -> None:
    db.run(lambda tx: paid(tx, an_order_row(tx)))

    with pytest.raises(DatabaseError, match="append-only"):
        db.run(lambda tx: tx.execute(statement))  # type: ignore[arg-type]

    assert db.read(lambda tx: house(tx, AccountKind.ORDER_HELD)) == -31600


def test_the_check_names_every_kind_of_wrong_books(db: Database) -> None:
    def unit(tx: Tx) -> None:
        order = an_order_row(tx, state="cancelled")
        made = paid(tx, order)
        lone = {"id": new_id(), "journal_id": ledger.journal_of(tx, JournalKind.PAYMENT, str(made.id))}
        tx.execute(insert_into(posting), lone | {"account_id": 1, "amount_minor": 5, "unit": "CNY"})
        tx.execute(update(account).where(account.c.kind == "order_held").values(balance_minor=1))
        payments.mark_refunded(tx, an_unbooked_payment(tx).id)

    def an_unbooked_payment(tx: Tx) -> Payment:
        other = an_order_row(tx, state="to_pay")
        made = payments.open_payment(tx, other.id, amount_minor=100, currency="CNY", expires_at=NOW, now=NOW)
        payments.take_money(tx, made.id, provider="sandbox", provider_txn="T", now=NOW)
        return made

    db.run(unit)
    found = " / ".join(db.read(ledger.check))

    for part in (
        "sums to 5",
        "has no account",
        "says 1, its postings say -31600",
        "holds -31600 instead of 0",
        "payments 100, books 0",
    ):
        assert part in found
