"""An operator ends an order: the money goes back whole from every state that can be cancelled."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from core import audit, calendar, dispatch, people
from core.audit import AuditLine
from core.db import Database, Tx
from core.dispatch import OfferState, RefusalReason
from core.errors import InvalidInput, StateConflict
from core.invariants import check_invariants
from core.money import ledger, payments, refunds
from core.money.ledger import AccountKind
from core.orders import cancelling, views, visit
from core.orders.moves import ActorKind, Order, load
from core.orders.states import EDGES, OrderEvent, OrderState
from tests.builders import NOW, City
from tests.core.orders.ground import (
    START,
    accepted,
    arrived,
    finished,
    in_service,
    messages_to,
    paid,
    placed,
    told,
)  # fmt: skip

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

OPERATOR = 7
REASON = "师傅住院了，13800138000 已电话告知"


def undecided(tx: Tx, city: City) -> Order:
    order = paid(tx, city)
    return dispatch.refuse(
        tx, order.id, technician_id=city.technician.id, reason=RefusalReason.TIME, words=None, now=NOW
    )


def departed(tx: Tx, city: City) -> Order:
    order = accepted(tx, city)
    return visit.depart(tx, order.id, technician_id=city.technician.id, now=START - timedelta(minutes=20))


ENDS = ("offer_gone", "visit_cancelled", "visit_reminder")
NOT_COMING = {OrderState.TO_PAY: [], OrderState.UNDECIDED: [], OrderState.TO_ACCEPT: ["offer_gone"]}
"""What a technician hears who has not said yes."""
CANCELLABLE = [state for state, event in EDGES if event is OrderEvent.CANCELLED]
REACHED: dict[OrderState, Callable[[Tx, City], Order]] = {
    OrderState.TO_PAY: lambda tx, city: placed(tx, city).order,
    OrderState.TO_ACCEPT: paid,
    OrderState.UNDECIDED: undecided,
    OrderState.ACCEPTED: accepted,
    OrderState.DEPARTED: departed,
    OrderState.ARRIVED: arrived,
    OrderState.IN_SERVICE: in_service,
}


def cancels(database: Database, order: Order, reason: str = REASON) -> Order:
    now = START + timedelta(minutes=50)
    return database.run(
        lambda tx: cancelling.cancel_by_operator(tx, order.id, operator_id=OPERATOR, reason=reason, now=now)
    )


def line_of(database: Database, order: Order) -> AuditLine:
    (line,) = database.read(lambda tx: audit.lines(tx, subject_kind="order", subject_id=order.id))
    return line


@pytest.mark.parametrize("state", CANCELLABLE)
def test_everything_paid_goes_back_and_nothing_stays_behind(database: Database, city: City, state: OrderState) -> None:
    order = database.run(lambda tx: REACHED[state](tx, city))
    assert order.state is state

    done = cancels(database, order)

    back = 0 if state is OrderState.TO_PAY else order.total_minor
    assert done.state is OrderState.CANCELLED
    assert sum(one.amount_minor for one in database.run(lambda tx: refunds.refunds_of(tx, order.id))) == back
    assert database.run(lambda tx: ledger.balance(tx, AccountKind.TECHNICIAN_PAYABLE, city.technician.id, "CNY")) == 0
    assert database.run(lambda tx: calendar.occupation_of(tx, order.id)) is None
    assert database.run(lambda tx: payments.live_payment(tx, order.id)) is None
    assert OfferState.OPEN not in {one.state for one in database.run(lambda tx: dispatch.offers_of(tx, order.id))}
    message = database.run(lambda tx: messages_to(tx, city.customer.id))[-1]
    assert (message.template, message.facts["refund_minor"]) == ("cancelled", back)
    ends = [one for one in database.run(lambda tx: told(tx, city.technician.person_id)) if one in ENDS]
    assert ends == NOT_COMING.get(state, ["visit_cancelled"])
    assert database.run(check_invariants) == []


def test_the_coupon_is_free_for_the_next_order(database: Database, city: City) -> None:
    order = database.run(lambda tx: in_service(tx, city))
    assert order.quote.discount_minor == 2000

    cancels(database, order)

    again = database.run(lambda tx: placed(tx, city, starts_at=START + timedelta(days=1)))
    assert again.order.quote.discount_minor == 2000


def test_the_audit_line_keeps_the_reason_sealed_and_the_event_names_the_operator(
    database: Database, city: City
) -> None:
    order = database.run(lambda tx: accepted(tx, city))

    cancels(database, order)

    line = line_of(database, order)
    assert (line.action, line.actor_id) == ("order.cancelled", OPERATOR)
    assert (line.facts["from_state"], line.facts["refund_minor"]) == ("accepted", order.total_minor)
    assert "13800138000" not in str(line.facts)
    assert database.read(lambda tx: cancelling.reason_of(tx, line)) == REASON
    event = database.read(lambda tx: views.events(tx, order.id))[-1]
    assert (event.actor_kind, event.actor_id) == (ActorKind.OPERATOR, OPERATOR)


def test_an_erased_customer_s_order_can_still_be_ended_and_its_reason_is_gone(database: Database, city: City) -> None:
    order = database.run(lambda tx: accepted(tx, city))
    other = database.run(lambda tx: placed(tx, city, starts_at=START + timedelta(days=1))).order
    cancels(database, order)
    database.run(lambda tx: people.erase(tx, city.customer.id, NOW))

    done = cancels(database, other)

    assert done.state is OrderState.CANCELLED
    for one in (order, other):
        line = line_of(database, one)
        assert database.read(lambda tx, line=line: cancelling.reason_of(tx, line)) is None  # type: ignore[misc]


def test_a_finished_visit_is_too_late_and_stays_as_it_is(database: Database, city: City) -> None:
    order = database.run(lambda tx: finished(tx, city))

    with pytest.raises(StateConflict):
        cancels(database, order)

    assert database.run(lambda tx: load(tx, order.id)) == order
    assert database.read(lambda tx: audit.lines(tx, subject_kind="order", subject_id=order.id)) == ()


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 501])
def test_a_cancel_needs_a_reason_of_reasonable_length(database: Database, city: City, reason: str) -> None:
    order = database.run(lambda tx: placed(tx, city)).order

    with pytest.raises(InvalidInput):
        cancels(database, order, reason)

    assert database.run(lambda tx: load(tx, order.id)).state is OrderState.TO_PAY


def test_the_freed_time_can_be_booked_again(database: Database, city: City) -> None:
    order = database.run(lambda tx: accepted(tx, city))
    cancels(database, order)

    again = database.run(lambda tx: placed(tx, city, starts_at=order.starts_at))

    assert again.order.starts_at == order.starts_at
