"""Visits for which two technicians come: made, paid, cancelled and given to others by an operator."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from core import calendar, dispatch, reports, technicians
from core.db import Database, Tx
from core.dispatch import OfferState, answering, offers
from core.errors import InvalidInput, NotFound
from core.invariants import check_invariants
from core.money import ledger, settlement
from core.money.kinds import AccountKind
from core.orders import deadlines, placing, views, visit
from core.orders.moves import Order, load
from core.orders.states import OrderEvent, OrderState
from core.technicians import Technician
from tests.builders import NOW
from tests.core.dispatch.crews import MINUTE, Town, accept, accepted, busy, crew, finished, states
from tests.core.orders.ground import START, a_plan, cancel, messages_to, paid, placed, told
from tests.core.racing import race


def test_who_leads_departs_starts_and_finishes(database: Database, town: Town) -> None:
    order = database.run(lambda tx: accepted(tx, town))

    with pytest.raises(NotFound):
        database.run(lambda tx: visit.depart(tx, order.id, technician_id=town.li.id, now=START - 20 * MINUTE))
    assert (
        database.run(lambda tx: visit.depart(tx, order.id, technician_id=town.wang.id, now=START - 20 * MINUTE)).state
        is OrderState.DEPARTED
    )


def test_both_find_the_visit_in_their_day_and_strangers_do_not(database: Database, town: Town) -> None:
    order = database.run(lambda tx: accepted(tx, town))

    for who, seen in ((town.wang, 1), (town.li, 1), (town.zhao, 0)):
        found = database.read(
            partial(views.visits_of, technician_id=who.id, from_at=START, until_at=START + timedelta(days=1))
        )
        assert len(found) == seen
    assert database.read(lambda tx: views.shared_visit_of(tx, town.li.id, order.id)).id == order.id
    with pytest.raises(NotFound):
        database.read(lambda tx: views.shared_visit_of(tx, town.zhao.id, order.id))


def test_the_income_is_divided_equally_and_the_odd_fen_is_the_lead_s(database: Database, town: Town) -> None:
    order = database.run(lambda tx: finished(tx, town))
    until = START + timedelta(days=1)
    database.run(lambda tx: visit.confirm(tx, order.id, person_id=None, now=START + timedelta(hours=2)))

    # ¥398.01 for the service, 20 % of it the house's (¥79.60), ¥6 for the way: ¥324.41 for two
    assert order.quote.income_minor == 32441
    for who, owed, facts in ((town.wang, 16221, 1), (town.li, 16220, 1)):
        balance = database.read(
            partial(ledger.balance, kind=AccountKind.TECHNICIAN_PAYABLE, owner_id=who.id, unit="CNY")
        )
        assert -balance == owed
        earned = database.read(partial(reports.income, technician_id=who.id, from_at=NOW, until_at=until))
        assert (earned.orders, earned.income_minor) == (facts, owed)
        confirmed = database.read(partial(messages_to, person_id=who.person_id))[-1]
        assert (confirmed.template, confirmed.facts["income_minor"]) == ("confirmed", owed)
        assert database.read(partial(technicians.technician, technician_id=who.id)).visits_done == 1
    assert database.read(check_invariants) == []


def test_a_settlement_has_a_line_for_each_and_pays_each_once(database: Database, town: Town) -> None:
    order = database.run(lambda tx: finished(tx, town))
    database.run(lambda tx: visit.confirm(tx, order.id, person_id=None, now=START + timedelta(hours=2)))
    until = START + timedelta(days=1)
    closed = database.run(lambda tx: settlement.close(tx, town.city.store.id, until, operator_id=1, now=until))

    assert [(one.technician_id, one.income_minor) for one in closed.lines] == [
        (town.wang.id, 16221), (town.li.id, 16220),
    ]  # fmt: skip
    assert sum(one.service_minor for one in closed.lines) == order.quote.service_minor
    assert sum(one.commission_minor for one in closed.lines) == order.quote.commission_minor
    assert sum(one.fare_minor for one in closed.lines) == order.quote.fare_minor
    with pytest.raises(settlement.NothingToSettle):
        database.run(lambda tx: settlement.close(tx, town.city.store.id, until, operator_id=1, now=until))


def test_what_a_late_cancel_leaves_is_divided_too(database: Database, town: Town) -> None:
    order = database.run(lambda tx: accepted(tx, town))
    left = database.run(lambda tx: visit.depart(tx, order.id, technician_id=town.wang.id, now=START - 20 * MINUTE))
    database.run(lambda tx: cancel(tx, left, START - 10 * MINUTE))

    kept = order.quote.fare_minor + 3000
    for who, part in ((town.wang, kept - kept // 2), (town.li, kept // 2)):
        balance = database.read(
            partial(ledger.balance, kind=AccountKind.TECHNICIAN_PAYABLE, owner_id=who.id, unit="CNY")
        )
        assert -balance == part
        last = database.read(partial(messages_to, person_id=who.person_id))[-1]
        assert (last.template, last.facts["kept_minor"]) == ("visit_cancelled", part)
    assert database.read(check_invariants) == []


def test_an_unpaid_order_frees_both_and_is_revived_with_both(database: Database, town: Town) -> None:
    made = database.run(lambda tx: placed(tx, town.city))
    late = NOW + 16 * MINUTE
    database.run(lambda tx: deadlines.due_work(tx, late, 5))
    assert database.read(lambda tx: busy(tx, made.order)) == []
    database.run(lambda tx: placing.revive(tx, made.order.id, person_id=town.city.customer.id, now=late))

    assert database.read(lambda tx: busy(tx, made.order)) == [town.wang.id, town.li.id]
    assert database.read(check_invariants) == []


def test_two_cannot_come_where_only_one_is_free(database: Database, town: Town) -> None:
    for who in (town.li, town.zhao):
        database.run(partial(technicians.suspend, technician_id=who.id, operator_id=1, now=NOW))

    with pytest.raises(calendar.NotBookable) as refused:
        database.run(lambda tx: placing.preview(tx, town.city.customer.id, a_plan(town.city), NOW))
    assert refused.value.rule is calendar.Rule.CREW


def test_an_operator_gives_the_lead_to_another_and_the_companion_stays(database: Database, town: Town) -> None:
    order = database.run(lambda tx: accepted(tx, town))
    moved = database.run(lambda tx: _assign(tx, order, town.zhao))

    assert (moved.state, *crew(moved)) == (OrderState.TO_ACCEPT, town.zhao.id, town.li.id)
    assert database.read(lambda tx: busy(tx, order)) == [town.zhao.id, town.li.id]
    assert database.run(lambda tx: accept(tx, order, town.zhao)).state is OrderState.ACCEPTED
    assert "visit_reassigned" in database.read(lambda tx: told(tx, town.wang.person_id))
    assert database.read(check_invariants) == []


def test_an_operator_binds_nobody_to_a_visit_for_two(database: Database, town: Town) -> None:
    order = database.run(lambda tx: accepted(tx, town))

    for who, agreed in ((town.zhao, True), (town.li, False)):
        with pytest.raises(InvalidInput):
            database.run(partial(_assign, order=order, who=who, agreed=agreed))


def _assign(tx: Tx, order: Order, who: Technician, *, agreed: bool = False) -> Order:
    return dispatch.assign(tx, order.id, technician_id=who.id, agreed=agreed, operator_id=7, now=NOW)


def test_an_operator_s_new_lead_takes_the_place_of_one_who_had_said_yes_first(database: Database, town: Town) -> None:
    order = database.run(lambda tx: paid(tx, town.city))
    database.run(lambda tx: accept(tx, order, town.wang))
    moved = database.run(lambda tx: _assign(tx, order, town.zhao))

    assert crew(moved) == (town.zhao.id, town.li.id)
    assert database.read(lambda tx: told(tx, town.wang.person_id)) == ["offer", "offer_gone"]
    assert (town.wang.id, OfferState.WITHDRAWN) in database.read(lambda tx: states(tx, order))
    database.run(lambda tx: accept(tx, order, town.li))
    assert database.run(lambda tx: accept(tx, order, town.zhao)).state is OrderState.ACCEPTED


def test_a_yes_that_comes_while_the_clock_passes_the_place_on_is_taken_back_and_told(
    database: Database, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = database.run(lambda tx: paid(tx, town.city))
    asked = database.read(lambda tx: dispatch.offers_of(tx, order.id))
    database.run(lambda tx: accept(tx, order, town.li, NOW + 4 * MINUTE))
    monkeypatch.setattr(deadlines, "open_offers", lambda *_: asked)  # as the clock saw it just before
    late = NOW + 5 * MINUTE
    database.run(lambda tx: deadlines._pass_on(tx, load(tx, order.id), late))

    passed = database.read(lambda tx: load(tx, order.id))
    assert crew(passed) == (town.wang.id, town.zhao.id)
    assert database.read(lambda tx: told(tx, town.li.person_id)) == ["offer", "offer_gone"]
    assert (town.li.id, OfferState.WITHDRAWN) in database.read(lambda tx: states(tx, order))
    assert database.read(check_invariants) == []


def two_yeses(order: Order, times: int) -> list[Any]:
    return [
        partial(dispatch.accept, order_id=order.id, technician_id=one, now=NOW)
        for _ in range(times)
        for one in order.crew_ids
    ]


def test_two_who_say_yes_at_the_same_moment_make_it_accepted_once(database: Database, town: Town) -> None:
    for number in range(10):
        at = START + timedelta(hours=2 * (number % 4), days=number // 4)
        order = database.run(partial(paid, city=town.city, starts_at=at))
        race(database, two_yeses(order, 4))

        assert database.read(partial(load, order_id=order.id)).state is OrderState.ACCEPTED
        story = [line.event for line in database.read(partial(views.events, order_id=order.id))]
        assert story.count(OrderEvent.ACCEPTED) == 1
    assert database.read(check_invariants) == []


def test_without_the_lock_both_think_that_the_other_is_still_asked(
    database: Database, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both decide on what stood before either answered: without the lock that is what they may see."""
    order = database.run(lambda tx: paid(tx, town.city))
    asked = {one.technician_id: one for one in database.read(lambda tx: dispatch.offers_of(tx, order.id))}
    monkeypatch.setattr(answering, "_to_answer", lambda *_: order)
    monkeypatch.setattr(offers, "of_technician", lambda _tx, _order, who: asked[who])
    race(database, two_yeses(order, 1))

    assert [state for _, state in database.read(lambda tx: states(tx, order))] == [OfferState.ACCEPTED] * 2
    assert database.read(lambda tx: load(tx, order.id)).state is OrderState.TO_ACCEPT
