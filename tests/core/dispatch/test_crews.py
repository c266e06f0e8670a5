"""Visits for which two technicians come: asked together, replaced one by one, paid alike."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import bindparam, select

from core import calendar, changes, dispatch, reports, technicians
from core.db import Database, Tx
from core.dispatch import NobodyFree, OfferGone, OfferState, RefusalReason, answering, offers
from core.errors import InvalidInput, NotFound, StateConflict
from core.invariants import check_invariants
from core.messages.tables import message
from core.money import ledger, settlement
from core.money.kinds import AccountKind
from core.orders import cancelling, deadlines, placing, views, visit
from core.orders.moves import Order, load
from core.orders.states import OrderEvent, OrderState
from core.technicians import Technician
from tests.builders import NOW, City, a_city, a_service, a_technician
from tests.core.changes.ground import customer
from tests.core.orders.ground import START, a_photo, a_plan, cancel, messages_to, paid, pay, placed, told
from tests.core.racing import race

MINUTE = timedelta(minutes=1)
_OFFERS = (
    select(message.c.order_version)
    .where(message.c.person_id == bindparam("b_person"), message.c.template == "offer")
    .order_by(message.c.id)
)


@dataclass(frozen=True)
class Town:
    """A city that sells a massage by four hands, and three who give it, the best rated first."""

    city: City
    wang: Technician
    li: Technician
    zhao: Technician


@pytest.fixture
def town(database: Database) -> Town:
    return database.run(_a_town)


def _a_town(tx: Tx) -> Town:
    city = a_city(tx)
    four_hands = a_service(tx, city.store, zh="四手按摩", en="Four hands", options=((60, 39801),), crew=2)
    wang, li, zhao = (
        a_technician(tx, store=city.store, services=[four_hands], regions=[city.region], stars=(stars, 10))
        for stars in (50, 40, 30)
    )
    return Town(replace(city, service=four_hands, technician=wang), wang, li, zhao)


def for_anyone(tx: Tx, town: Town, **over: Any) -> Order:
    return paid(tx, town.city, technician_id=None, anyone=True, **over)


def accept(tx: Tx, order: Order, who: Technician, now: datetime = NOW) -> Order:
    return dispatch.accept(tx, order.id, technician_id=who.id, now=now)


def refuse(tx: Tx, order: Order, who: Technician, now: datetime = NOW) -> Order:
    return dispatch.refuse(tx, order.id, technician_id=who.id, reason=RefusalReason.FAR, words=None, now=now)


def accepted(tx: Tx, town: Town, **over: Any) -> Order:
    """Wang and Li have both said yes."""
    order = paid(tx, town.city, **over)
    accept(tx, order, town.wang)
    return accept(tx, order, town.li)


def finished(tx: Tx, town: Town) -> Order:
    order = accepted(tx, town)
    visit.depart(tx, order.id, technician_id=town.wang.id, now=START - 20 * MINUTE)
    visit.arrive(tx, order.id, technician_id=town.wang.id, now=START)
    visit.start(tx, order.id, technician_id=town.wang.id, code=order.start_code, now=START)
    photo = a_photo(tx, town.wang.person_id)
    return visit.finish(
        tx, order.id, technician_id=town.wang.id, photo_file_ids=(photo,), now=START + timedelta(hours=1)
    )


def busy(tx: Tx, order: Order) -> list[int]:
    """Whose time the order occupies, the lead's first."""
    return [one.technician_id for one in calendar.crew_of(tx, order.id)]


def crew(order: Order) -> tuple[int | None, int | None]:
    return order.technician_id, order.companion_id


def states(tx: Tx, order: Order) -> list[tuple[int, OfferState]]:
    return [(one.technician_id, one.state) for one in dispatch.offers_of(tx, order.id)]


def test_one_booking_keeps_the_time_of_both_and_asks_both_once_it_is_paid(database: Database, town: Town) -> None:
    made = database.run(lambda tx: placed(tx, town.city))

    assert crew(made.order) == (town.wang.id, town.li.id)
    assert database.read(lambda tx: busy(tx, made.order)) == [town.wang.id, town.li.id]
    assert database.read(lambda tx: told(tx, town.li.person_id)) == []

    database.run(lambda tx: pay(tx, made))

    for who in (town.wang, town.li):
        assert database.read(partial(told, person_id=who.person_id)) == ["offer"]
    assert database.read(lambda tx: load(tx, made.order.id)).decide_by == NOW + 5 * MINUTE
    assert database.read(check_invariants) == []


@pytest.mark.parametrize("first", ["lead", "companion"])
def test_the_order_is_accepted_when_both_have_said_yes(database: Database, town: Town, first: str) -> None:
    order = database.run(lambda tx: paid(tx, town.city))
    one, other = (town.wang, town.li) if first == "lead" else (town.li, town.wang)

    half = database.run(lambda tx: accept(tx, order, one))
    assert half.state is OrderState.TO_ACCEPT
    assert "accepted" not in database.read(lambda tx: told(tx, town.city.customer.id))
    assert database.run(lambda tx: accept(tx, order, one)).state is OrderState.TO_ACCEPT
    whole = database.run(lambda tx: accept(tx, order, other))

    assert (whole.state, *crew(whole)) == (OrderState.ACCEPTED, town.wang.id, town.li.id)
    assert database.read(lambda tx: told(tx, town.city.customer.id)).count("accepted") == 1
    assert database.read(lambda tx: told(tx, one.person_id)) == ["offer", "crew_complete", "visit_reminder"]
    assert database.read(lambda tx: told(tx, other.person_id)) == ["offer", "visit_reminder"]
    assert database.read(check_invariants) == []


def test_after_the_first_yes_the_order_waits_for_the_other_only(database: Database, town: Town) -> None:
    order = database.run(lambda tx: paid(tx, town.city))
    database.run(lambda tx: accept(tx, order, town.li))

    assert database.read(lambda tx: load(tx, order.id)).decide_by == NOW + 15 * MINUTE  # Wang was asked for by name


def test_a_companion_who_refuses_is_replaced_while_the_lead_s_yes_stands(database: Database, town: Town) -> None:
    order = database.run(lambda tx: paid(tx, town.city))
    database.run(lambda tx: accept(tx, order, town.wang))
    passed = database.run(lambda tx: refuse(tx, order, town.li))

    assert (passed.state, *crew(passed)) == (OrderState.TO_ACCEPT, town.wang.id, town.zhao.id)
    assert database.read(lambda tx: busy(tx, order)) == [town.wang.id, town.zhao.id]
    with pytest.raises(OfferGone):
        database.run(lambda tx: accept(tx, order, town.li))
    assert database.run(lambda tx: accept(tx, order, town.zhao)).state is OrderState.ACCEPTED
    assert database.read(check_invariants) == []


def test_the_card_of_who_stays_is_good_after_the_other_was_replaced(database: Database, town: Town) -> None:
    order = database.run(lambda tx: paid(tx, town.city))
    passed = database.run(lambda tx: refuse(tx, order, town.li))

    card = database.read(lambda tx: _offer_version(tx, town.wang))
    assert card == passed.version > order.version
    assert database.run(lambda tx: accept(tx, order, town.wang)).state is OrderState.TO_ACCEPT


def _offer_version(tx: Tx, who: Technician) -> int:
    rows = tx.all(_OFFERS, {"b_person": who.person_id})
    return int(rows[-1].order_version)


def test_with_anyone_the_next_best_leads_in_place_of_who_refused(database: Database, town: Town) -> None:
    order = database.run(lambda tx: for_anyone(tx, town))
    database.run(lambda tx: accept(tx, order, town.li))
    passed = database.run(lambda tx: refuse(tx, order, town.wang))

    assert crew(passed) == (town.zhao.id, town.li.id)
    assert database.read(lambda tx: busy(tx, order)) == [town.zhao.id, town.li.id]
    assert database.run(lambda tx: accept(tx, order, town.zhao)).state is OrderState.ACCEPTED
    assert database.read(check_invariants) == []


def test_when_the_one_asked_for_by_name_refuses_the_other_is_free_again_and_told(
    database: Database, town: Town
) -> None:
    order = database.run(lambda tx: paid(tx, town.city))
    database.run(lambda tx: accept(tx, order, town.li))
    left = database.run(lambda tx: refuse(tx, order, town.wang))

    assert (left.state, *crew(left)) == (OrderState.UNDECIDED, None, None)
    assert database.read(lambda tx: busy(tx, order)) == []
    assert database.read(lambda tx: told(tx, town.li.person_id)) == ["offer", "offer_gone"]
    assert database.read(lambda tx: states(tx, order)) == [
        (town.wang.id, OfferState.REFUSED), (town.li.id, OfferState.WITHDRAWN),
    ]  # fmt: skip
    assert database.read(check_invariants) == []


def test_silence_of_one_passes_that_place_on_and_with_nobody_left_the_customer_decides(
    database: Database, town: Town
) -> None:
    order = database.run(lambda tx: for_anyone(tx, town))
    database.run(lambda tx: accept(tx, order, town.wang))
    database.run(lambda tx: deadlines.due_work(tx, NOW + 5 * MINUTE, 5))

    passed = database.read(lambda tx: load(tx, order.id))
    assert (*crew(passed), passed.decide_by) == (town.wang.id, town.zhao.id, NOW + 10 * MINUTE)
    assert database.read(lambda tx: told(tx, town.li.person_id)) == ["offer", "offer_gone"]
    database.run(lambda tx: deadlines.due_work(tx, NOW + 10 * MINUTE, 5))

    left = database.read(lambda tx: load(tx, order.id))
    assert (left.state, *crew(left)) == (OrderState.UNDECIDED, None, None)
    assert database.read(lambda tx: told(tx, town.wang.person_id)) == ["offer", "offer_gone"]
    assert database.read(lambda tx: told(tx, town.city.customer.id))[-1] == "nobody_left"
    assert database.read(check_invariants) == []


def test_a_named_lead_who_says_nothing_leaves_it_to_the_customer_though_the_companion_agreed(
    database: Database, town: Town
) -> None:
    order = database.run(lambda tx: paid(tx, town.city))
    database.run(lambda tx: accept(tx, order, town.li))
    database.run(lambda tx: deadlines.due_work(tx, NOW + 15 * MINUTE, 5))

    assert database.read(lambda tx: load(tx, order.id)).state is OrderState.UNDECIDED
    assert database.read(lambda tx: told(tx, town.li.person_id))[-1] == "offer_gone"
    assert database.read(check_invariants) == []


def test_waiting_asks_two_who_have_not_said_no(database: Database, town: Town) -> None:
    order = database.run(lambda tx: paid(tx, town.city))
    database.run(lambda tx: refuse(tx, order, town.wang))
    again = database.run(lambda tx: dispatch.wait(tx, order.id, person_id=town.city.customer.id, now=NOW + MINUTE))

    assert (again.state, *crew(again)) == (OrderState.TO_ACCEPT, town.li.id, town.zhao.id)
    database.run(lambda tx: refuse(tx, order, town.zhao, NOW + 2 * MINUTE))
    assert database.read(lambda tx: load(tx, order.id)).state is OrderState.UNDECIDED
    with pytest.raises(NobodyFree):
        database.run(lambda tx: dispatch.wait(tx, order.id, person_id=town.city.customer.id, now=NOW + 3 * MINUTE))
    assert database.read(check_invariants) == []


@pytest.mark.parametrize("named", [True, False])
def test_another_time_asks_two_again(database: Database, town: Town, named: bool) -> None:
    order = database.run(lambda tx: paid(tx, town.city))
    database.run(lambda tx: refuse(tx, order, town.wang))
    later, who = START + timedelta(hours=2), town.li.id if named else None
    moved = database.run(
        lambda tx: changes.ask_change(tx, order.id, by=customer(order), technician_id=who, starts_at=later, now=NOW)
    )
    assert isinstance(moved, Order)

    assert moved.technician_id == (who or town.wang.id)
    assert moved.companion_id not in (None, moved.technician_id)
    assert database.read(lambda tx: busy(tx, order)) == list(moved.crew_ids)
    assert {one.starts_at for one in database.read(lambda tx: calendar.crew_of(tx, order.id))} == {later}
    assert database.read(check_invariants) == []


def test_a_cancel_frees_both_and_tells_both(database: Database, town: Town) -> None:
    order = database.run(lambda tx: accepted(tx, town))
    database.run(lambda tx: cancel(tx, order, NOW))

    assert database.read(lambda tx: busy(tx, order)) == []
    for who in (town.wang, town.li):
        assert database.read(partial(told, person_id=who.person_id))[-1] == "visit_cancelled"
    assert database.read(check_invariants) == []


def test_a_cancel_between_the_two_answers_tells_both(database: Database, town: Town) -> None:
    order = database.run(lambda tx: paid(tx, town.city))
    database.run(lambda tx: accept(tx, order, town.wang))
    database.run(lambda tx: cancel(tx, order, NOW))

    for who in (town.wang, town.li):
        assert database.read(partial(told, person_id=who.person_id)) == ["offer", "offer_gone"]
    assert database.read(check_invariants) == []


def test_when_the_visit_time_comes_and_one_never_answered_everything_goes_back(database: Database, town: Town) -> None:
    soon = NOW + timedelta(hours=2)
    order = database.run(lambda tx: paid(tx, town.city, starts_at=soon))
    database.run(lambda tx: accept(tx, order, town.wang))
    database.run(lambda tx: deadlines.due_work(tx, soon, 5))

    assert database.read(lambda tx: load(tx, order.id)).state is OrderState.CANCELLED
    for who in (town.wang, town.li):
        assert database.read(partial(told, person_id=who.person_id)) == ["offer", "offer_gone"]
    assert database.read(lambda tx: busy(tx, order)) == []
    assert database.read(check_invariants) == []


def test_a_companion_who_gives_the_visit_back_is_replaced_and_the_lead_keeps_theirs(
    database: Database, town: Town
) -> None:
    order = database.run(lambda tx: accepted(tx, town))
    later = NOW + timedelta(hours=3)
    again = database.run(lambda tx: _gives_up(tx, order, town.li, later))

    assert (again.state, *crew(again)) == (OrderState.TO_ACCEPT, town.wang.id, town.zhao.id)
    assert database.read(lambda tx: busy(tx, order)) == [town.wang.id, town.zhao.id]
    whole = database.run(lambda tx: accept(tx, order, town.zhao, later))
    assert whole.state is OrderState.ACCEPTED
    assert database.read(lambda tx: told(tx, town.wang.person_id)).count("visit_reminder") == 1
    assert database.read(lambda tx: told(tx, town.li.person_id)) == ["offer"]
    assert database.read(check_invariants) == []


def test_who_said_yes_first_may_take_it_back_before_the_other_answers(database: Database, town: Town) -> None:
    order = database.run(lambda tx: paid(tx, town.city))
    with pytest.raises(StateConflict):  # being asked, one refuses
        database.run(lambda tx: _gives_up(tx, order, town.li, NOW))
    database.run(lambda tx: accept(tx, order, town.li))
    passed = database.run(lambda tx: _gives_up(tx, order, town.li, NOW + MINUTE))

    assert (passed.state, *crew(passed)) == (OrderState.TO_ACCEPT, town.wang.id, town.zhao.id)
    assert database.read(lambda tx: busy(tx, order)) == [town.wang.id, town.zhao.id]
    assert database.read(check_invariants) == []


def test_when_nobody_can_replace_who_gave_it_back_the_lead_is_told_and_free(database: Database, town: Town) -> None:
    database.run(lambda tx: technicians.suspend(tx, town.zhao.id, operator_id=1, now=NOW))
    order = database.run(lambda tx: accepted(tx, town))
    left = database.run(lambda tx: _gives_up(tx, order, town.li, NOW))

    assert (left.state, *crew(left)) == (OrderState.UNDECIDED, None, None)
    assert database.read(lambda tx: busy(tx, order)) == []
    assert database.read(lambda tx: told(tx, town.wang.person_id))[-1] == "offer_gone"
    assert database.read(check_invariants) == []


def _gives_up(tx: Tx, order: Order, who: Technician, now: datetime) -> Order:
    return cancelling.technician_cancels(tx, order.id, technician_id=who.id, reason=RefusalReason.UNWELL, now=now)


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
