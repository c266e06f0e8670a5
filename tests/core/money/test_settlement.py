"""A settlement holds every order once, is closed by one operator and paid by another, and empties what is owed."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from core.audit import Role, add_operator
from core.audit.tables import audit_line
from core.db import Database, Tx
from core.errors import InvalidInput, NotFound, StateConflict
from core.messages import Template
from core.messages.tables import message
from core.money import ledger, settlement
from core.money.kinds import HOUSE, AccountKind, JournalKind
from core.money.settlement import NothingToSettle, SelfApproval, SettlementState, TechnicianTotal
from tests.core.money.ground import NOW, Row, a_store, a_technician_row, an_order_row

LATER = NOW + timedelta(hours=1)


def earned(tx: Tx, store_id: int, technician_id: int, at: datetime = NOW) -> Row:
    order = an_order_row(tx, state="confirmed", store_id=store_id, technician_id=technician_id)
    ledger.record_income(tx, order, at)
    return order


def two_technicians(tx: Tx) -> tuple[int, int, int]:
    """A store; the first technician served twice and kept a late cancel's fee, the second served once."""
    store_id = a_store(tx)
    first, second = a_technician_row(tx, store_id), a_technician_row(tx, store_id)
    earned(tx, store_id, first)
    earned(tx, store_id, first)
    earned(tx, store_id, second)
    kept = an_order_row(tx, state="cancelled", store_id=store_id, technician_id=first)
    ledger.record_kept(tx, kept, 4800, NOW)
    return store_id, first, second


def operators(tx: Tx) -> tuple[int, int]:
    one = add_operator(tx, "lin", "hash", Role.ADMIN, NOW)
    other = add_operator(tx, "zhou", "hash", Role.FINANCE, NOW)
    return one.id, other.id


def test_a_preview_itemises_what_each_technician_is_owed(db: Database) -> None:
    store_id, first, second = db.run(two_technicians)

    seen = db.read(lambda tx: settlement.preview(tx, store_id, LATER))

    income = 29800 - 5960 + 1800
    assert seen.totals() == (
        TechnicianTotal(first, 3, 59600, 3600 + 4800, 11920, 2 * income + 4800),
        TechnicianTotal(second, 1, 29800, 1800, 5960, income),
    )
    assert seen.total_minor == 3 * income + 4800
    assert (seen.id, seen.state, seen.currency) == (None, None, "CNY")


def test_closing_and_paying_empties_what_is_owed_and_tells_the_technicians(db: Database) -> None:
    store_id, first, second = db.run(two_technicians)
    lin, zhou = db.run(operators)

    closed = db.run(lambda tx: settlement.close(tx, store_id, LATER, operator_id=lin, now=LATER))
    paid = db.run(lambda tx: settlement.mark_paid(tx, closed.id or 0, operator_id=zhou, now=LATER))

    assert (paid.state, paid.closed_by, paid.paid_by) == (SettlementState.PAID, lin, zhou)
    for technician_id in (first, second):
        assert db.read(lambda tx, t=technician_id: ledger.balance(tx, AccountKind.TECHNICIAN_PAYABLE, t, "CNY")) == 0  # type: ignore[misc]
    assert db.read(lambda tx: ledger.balance(tx, AccountKind.BANK, HOUSE, "CNY")) == -closed.total_minor
    told = db.read(lambda tx: tx.all(select(message.c.person_id, message.c.template, message.c.facts)))
    assert {(row.person_id, row.template) for row in told} == {
        (first + 1, Template.SETTLEMENT_PAID),
        (second + 1, Template.SETTLEMENT_PAID),
    }
    assert sum(row.facts["amount_minor"] for row in told) == closed.total_minor
    noted = [row.action for row in db.read(lambda tx: tx.all(select(audit_line.c.action)))]
    assert noted[-2:] == ["settlement.closed", "settlement.paid"]


def test_an_order_is_settled_once_and_later_orders_come_next_time(db: Database) -> None:
    store_id, first, _ = db.run(two_technicians)
    closed = db.run(lambda tx: settlement.close(tx, store_id, LATER, operator_id=1, now=LATER))

    with pytest.raises(NothingToSettle):
        db.run(lambda tx: settlement.close(tx, store_id, LATER, operator_id=1, now=LATER))
    order = db.run(lambda tx: earned(tx, store_id, first, LATER))
    after = LATER + timedelta(hours=1)
    again = db.run(lambda tx: settlement.close(tx, store_id, after, operator_id=1, now=after))

    assert len(closed.lines) == 4
    assert [line.order_id for line in again.lines] == [order.id]
    assert [one.id for one in db.read(settlement.settlements)] == [again.id, closed.id]


def test_what_is_confirmed_at_the_moment_itself_is_not_before_it(db: Database) -> None:
    store_id, _, _ = db.run(two_technicians)

    assert db.read(lambda tx: settlement.preview(tx, store_id, NOW)).lines == ()


def test_a_reversed_income_is_not_settled(db: Database) -> None:
    def unit(tx: Tx) -> int:
        store_id = a_store(tx)
        order = earned(tx, store_id, a_technician_row(tx, store_id))
        found = ledger.journal_of(tx, JournalKind.INCOME, str(order.id))
        ledger.reverse(tx, found or 0, now=NOW)
        return store_id

    store_id = db.run(unit)

    assert db.read(lambda tx: settlement.preview(tx, store_id, LATER)).lines == ()


def test_who_closed_a_settlement_does_not_pay_it_when_somebody_else_can(db: Database) -> None:
    store_id, _, _ = db.run(two_technicians)
    lin, _ = db.run(operators)
    closed = db.run(lambda tx: settlement.close(tx, store_id, LATER, operator_id=lin, now=LATER))

    with pytest.raises(SelfApproval):
        db.run(lambda tx: settlement.mark_paid(tx, closed.id or 0, operator_id=lin, now=LATER))

    assert db.read(lambda tx: settlement.settlement_of(tx, closed.id or 0)).state is SettlementState.CLOSED


def test_the_only_operator_may_do_both(db: Database) -> None:
    store_id, _, _ = db.run(two_technicians)
    closed = db.run(lambda tx: settlement.close(tx, store_id, LATER, operator_id=1, now=LATER))

    paid = db.run(lambda tx: settlement.mark_paid(tx, closed.id or 0, operator_id=1, now=LATER))

    assert paid.state is SettlementState.PAID
    with pytest.raises(StateConflict):
        db.run(lambda tx: settlement.mark_paid(tx, closed.id or 0, operator_id=1, now=LATER))


def test_the_future_an_unknown_store_and_an_unknown_settlement_are_refused(db: Database) -> None:
    store_id, _, _ = db.run(two_technicians)

    with pytest.raises(InvalidInput):
        db.run(lambda tx: settlement.close(tx, store_id, LATER + timedelta(seconds=1), operator_id=1, now=LATER))
    with pytest.raises(NotFound):
        db.read(lambda tx: settlement.preview(tx, 1, LATER))
    with pytest.raises(NotFound):
        db.run(lambda tx: settlement.mark_paid(tx, 1, operator_id=1, now=LATER))
