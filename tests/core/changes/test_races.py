"""R3: asking, answering, cancelling and booking at once: one legal story, one time. Each guard is proved without it."""

import random
from collections import Counter
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, update

from core import calendar, changes, dispatch
from core.calendar import Hold, SlotTaken, occupations
from core.changes import Change, ChangeGone, ChangePending, ChangeState, answering, requests
from core.changes import asking as changing
from core.changes.states import ChangeEvent
from core.changes.tables import change_request
from core.db import Database, Tx
from core.dispatch import RefusalReason
from core.errors import StateConflict
from core.invariants import check_invariants
from core.orders import moves, views, visit
from core.orders.cancelling import TooEarly
from core.orders.moves import Order, load
from core.orders.states import OrderEvent, OrderState
from core.orders.tables import order as order_table
from tests.builders import NOW, City, a_customer
from tests.core.calendar.riot import cancelled, holding
from tests.core.changes.ground import (
    CELLS,
    LATER,
    MINUTE,
    an_accepted,
    another,
    asked,
    asking,
    cells,
    customer,
    of_somebody_else,
    stands,
    technician,
)
from tests.core.orders.ground import START
from tests.core.racing import TIMES, Rival, Together, Unit, race

ROUNDS = 5 * TIMES


def yes(change: Change, order: Order, now: datetime = NOW) -> Unit:
    return partial(changes.agree, change_id=change.id, by=technician(order.technician_id), now=now)


def no(change: Change, order: Order) -> Unit:
    by = technician(order.technician_id)
    return partial(changes.refuse, change_id=change.id, by=by, reason=RefusalReason.TIME, words=None, now=NOW)


def never_mind(change: Change, order: Order) -> Unit:
    return partial(changes.withdraw, change_id=change.id, by=customer(order), now=NOW)


def setting_out(tx: Tx, *, order: Order, now: datetime) -> Order:
    return visit.depart(tx, order.id, technician_id=order.technician_id or 0, now=now)


def end(database: Database, order: Order) -> None:
    """Cancel what is left of a round."""
    if stands(database, order)[0] is OrderState.ACCEPTED:
        database.run(partial(cancelled, order_id=order.id))


def moved(database: Database, order: Order) -> int:
    story = database.run(partial(views.events, order_id=order.id))
    return Counter(line.event for line in story)[OrderEvent.CHANGED]


def take_away_the_guards(monkeypatch: pytest.MonkeyPatch, order: Order) -> None:
    """An end asks not whether the request is open, a move neither for state nor version, and all see what was."""

    def close(tx: Tx, change: Change, event: ChangeEvent, now: datetime) -> Change:
        values = {"state": ChangeState.AGREED.value, "open_order_id": None, "due_at": None}
        tx.execute(update(change_request).where(change_request.c.id == change.id).values(values))
        return replace(change, state=ChangeState.AGREED)

    def claim(tx: Tx, order: Order, target: OrderState, now: datetime, changed: dict[str, Any]) -> bool:
        values = {"state": target.value, **changed}
        return tx.execute(update(order_table).where(order_table.c.id == order.id).values(values)) == 1

    monkeypatch.setattr(requests, "end", close)
    monkeypatch.setattr(moves, "_claim_version", claim)
    monkeypatch.setattr(moves, "_add_event", lambda *_, **__: None)
    monkeypatch.setattr(answering, "locked", lambda *_: order)


def test_of_requests_made_at_once_one_is_open(database: Database, city: City) -> None:
    second = another(database, city)
    for _ in range(ROUNDS):
        order = an_accepted(database, city)
        wanted: list[dict[str, Any]] = [
            {"by": customer(order)},
            {"by": customer(order), "technician_id": second, "starts_at": START},
            {"by": technician(order.technician_id), "starts_at": START + 30 * MINUTE},
            {"by": technician(order.technician_id), "starts_at": LATER + 60 * MINUTE},
        ]
        random.shuffle(wanted)

        results = race(database, [partial(asking, order=order, **facts) for facts in wanted])

        assert Counter(type(one) for one in results) == {Change: 1, ChangePending: 3}
        assert cells(database) <= 2 * CELLS
        assert database.run(check_invariants) == []
        end(database, order)
        assert cells(database) == 0


def test_without_the_key_two_requests_are_open(database: Database, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    order, look = an_accepted(database, city), requests.open_change
    together = Together(2)

    def see_none(tx: Tx, order_id: int) -> None:
        look(tx, order_id)
        together.wait(tx)

    monkeypatch.setattr("core.changes.rules.open_change", see_none)
    monkeypatch.setattr(requests, "_ADD", _without_key())
    wanted: list[dict[str, Any]] = [
        {"by": customer(order)},
        {"by": technician(order.technician_id), "starts_at": LATER + 120 * MINUTE},
    ]

    results = race(database, [partial(asking, order=order, **facts) for facts in wanted])

    assert Counter(type(one) for one in results) == {Change: 2}
    assert any("order has moved on" in line for line in database.run(check_invariants))


def _without_key() -> Any:
    """Return the INSERT of a request that does not say which order it is open about."""
    columns = [one.name for one in change_request.c if one.name != "open_order_id"]
    return insert(change_request).values({name: bindparam(name) for name in columns})


def test_a_yes_and_a_cancel_leave_one_story(database: Database, city: City) -> None:
    ends = Counter[OrderState]()
    for number in range(ROUNDS):
        order = an_accepted(database, city)
        change = asked(database, order)
        seen = order if number % 2 else None
        units: list[Unit] = [yes(change, order), partial(cancelled, order_id=order.id, seen=seen)]
        first = [units.pop(1 - number)] if number < 2 else []  # so that each has been first for certain
        random.shuffle(units)

        results = [*race(database, first), *race(database, units)]

        assert {type(one) for one in results} <= {Order, ChangeGone, StateConflict}
        assert database.run(check_invariants) == []
        state = stands(database, order)[0]
        assert cells(database) == (0 if state is OrderState.CANCELLED else CELLS)
        ends[state] += 1
        end(database, order)
    assert OrderState.CANCELLED in ends


def test_without_the_guards_a_cancelled_order_gets_the_time_it_asked_for(
    database: Database, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_accepted(database, city)
    change = asked(database, order)
    take_away_the_guards(monkeypatch, order)
    monkeypatch.setattr("core.orders.cancelling.overtake", lambda *_, **__: None)
    rows = database.run(lambda tx: occupations.of_order(tx, order.id))
    monkeypatch.setattr(occupations, "of_order", lambda *_: [one for one in rows if one.change_id is None])
    database.run(partial(cancelled, order_id=order.id))
    monkeypatch.setattr(occupations, "of_order", lambda *_: rows)

    database.run(yes(change, order))

    assert stands(database, order)[0] is OrderState.ACCEPTED
    assert database.run(check_invariants) != []


def test_a_yes_and_the_clock_leave_one_story(database: Database, city: City) -> None:
    for _ in range(ROUNDS):
        order = an_accepted(database, city)
        change = asked(database, order)
        last = change.expires_at - MINUTE / 60
        units: list[Unit] = [
            yes(change, order, last),
            partial(changes.due_work, now=change.expires_at, most=5),
            yes(change, order, last),
        ]
        random.shuffle(units)

        results = race(database, units)

        agreed = {type(one) for one in results if not isinstance(one, int)} == {Order}
        assert {type(one) for one in results} <= {Order, int, ChangeGone}
        assert stands(database, order)[2] == (LATER if agreed else START)
        assert moved(database, order) == int(agreed)
        assert cells(database) == CELLS
        assert database.run(check_invariants) == []
        end(database, order)


def test_whatever_is_answered_at_once_one_answer_counts(database: Database, city: City) -> None:
    outcomes = Counter[ChangeState]()
    for number in range(2 * ROUNDS):
        order = an_accepted(database, city)
        change = asked(database, order, starts_at=START + 30 * MINUTE)
        units = [yes(change, order), no(change, order), never_mind(change, order), yes(change, order)]
        first = [units.pop(number)] if number < 3 else []  # so that each has been first for certain
        random.shuffle(units)

        results = [*race(database, first), *race(database, units)]

        state = database.run(partial(changes.change_of, change_id=change.id)).state
        assert {type(one) for one in results} <= {Order, Change, ChangeGone}
        assert len([one for one in results if isinstance(one, Change)]) == int(state is not ChangeState.AGREED)
        assert len([one for one in results if isinstance(one, Order)]) == (2 if state is ChangeState.AGREED else 0)
        assert moved(database, order) == int(state is ChangeState.AGREED)
        assert cells(database) == CELLS
        assert database.run(check_invariants) == []
        outcomes[state] += 1
        end(database, order)
    assert outcomes.keys() == {ChangeState.AGREED, ChangeState.REFUSED, ChangeState.WITHDRAWN}


def test_without_the_guards_a_no_is_followed_by_a_yes(
    database: Database, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_accepted(database, city)
    change = asked(database, order)
    take_away_the_guards(monkeypatch, order)
    monkeypatch.setattr(requests, "change_of", lambda *_: change)
    monkeypatch.setattr(answering, "_check_stands", lambda *_: None)

    results = [database.run(no(change, order)), database.run(yes(change, order))]

    assert [type(one) for one in results] == [Change, Order]
    assert database.run(check_invariants) != []


def test_a_yes_and_setting_out_leave_one_story(database: Database, city: City) -> None:
    now = START - 100 * MINUTE
    for _ in range(ROUNDS):
        order = an_accepted(database, city)
        change = asked(database, order, now=now)
        units: list[Unit] = [yes(change, order, now), partial(setting_out, order=order, now=now)]
        random.shuffle(units)

        results = race(database, units)

        assert {type(one) for one in results} <= {Order, ChangeGone, StateConflict, TooEarly}
        assert database.run(check_invariants) == []
        assert cells(database) == CELLS
        state, _, starts_at = stands(database, order)
        assert starts_at == (START if state is OrderState.DEPARTED else LATER)
        database.run(partial(cancelled, order_id=order.id, now=now))


def test_the_time_asked_for_is_sold_to_nobody_else_before_or_after_the_yes(
    database: Database, city: City, database_url: str
) -> None:
    people = database.run(lambda tx: [a_customer(tx, name=None, phone=None).id for _ in range(4)])
    wanted = (START, START + 15 * MINUTE, START + 30 * MINUTE, START + 60 * MINUTE)
    with Rival(database_url) as rival:
        for _ in range(ROUNDS):
            order = an_accepted(database, city)
            change = asked(database, order, starts_at=START + 30 * MINUTE)
            buying = [
                partial(holding, city=city, person_id=who, technician_id=city.technician.id, starts_at=wanted[place])
                for place, who in enumerate(people)
            ]

            finishes = rival.race(database, [yes(change, order), *buying[:2]], buying[2:])

            assert {type(one.result) for one in finishes} == {Order, SlotTaken}
            assert stands(database, order)[2] == START + 30 * MINUTE
            assert database.run(check_invariants) == []
            end(database, order)


def test_of_a_request_and_a_booking_that_want_one_time_one_gets_it(
    database: Database, city: City, database_url: str
) -> None:
    person = database.run(a_customer).id
    with Rival(database_url) as rival:
        for number in range(ROUNDS):
            order = an_accepted(database, city)
            ours = partial(asking, order=order, starts_at=LATER)
            theirs = partial(
                holding, city=city, person_id=person, technician_id=city.technician.id, starts_at=LATER + 30 * MINUTE
            )
            units: list[Unit] = [ours, theirs]

            results = (
                [one.result for one in rival.race(database, [ours], [theirs])]
                if number % 2
                else race(database, units[:: random.choice([1, -1])])
            )

            won = [type(one) for one in results if not isinstance(one, Exception)]
            assert len(won) == 1
            assert {type(one) for one in results} <= {Change, Hold, SlotTaken}
            assert database.run(check_invariants) == []
            database.run(partial(calendar.release_hold, person_id=person, now=NOW))
            end(database, order)


def test_without_guard_and_claims_a_request_and_a_booking_both_get_it(
    database: Database, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, person = an_accepted(database, city), database.run(a_customer).id
    look, together = occupations.near, Together(2)

    def near(tx: Tx, technician_id: int, from_at: datetime, until_at: datetime) -> occupations.Near:
        found = look(tx, technician_id, from_at, until_at)
        together.wait(tx)
        return replace(found, taken=[])

    monkeypatch.setattr(occupations, "near", near)
    monkeypatch.setattr(occupations, "_touch", lambda *_: None)
    monkeypatch.setattr(occupations, "_write_claims", lambda *_: None)
    theirs = partial(holding, city=city, person_id=person, technician_id=city.technician.id, starts_at=LATER)

    results = race(database, [partial(asking, order=order, starts_at=LATER), theirs])

    assert {type(one) for one in results} == {Change, Hold}
    assert any("overlap" in line for line in database.run(check_invariants))


def test_two_visits_of_one_technician_do_not_both_move_to_one_time(database: Database, city: City) -> None:
    for _ in range(ROUNDS):
        one = an_accepted(database, city)
        other = of_somebody_else(database, city, city.technician.id, START + 120 * MINUTE)
        noon = START - 120 * MINUTE

        results = race(database, [partial(asking, order=each, starts_at=noon) for each in (one, other)])

        assert Counter(type(result) for result in results) == {Change: 1, SlotTaken: 1}
        assert database.run(check_invariants) == []
        end(database, one)
        end(database, other)


def test_two_visits_that_swap_technicians_wait_for_no_other(database: Database, city: City) -> None:
    first, second = city.technician.id, another(database, city)
    for _ in range(ROUNDS):
        one = an_accepted(database, city)
        other = of_somebody_else(database, city, second, START)
        wish = [(one, second), (other, first)]
        made = race(database, [partial(asking, order=each, technician_id=to) for each, to in wish])
        assert {type(result) for result in made} == {Change}

        units = [
            partial(changes.agree, change_id=change.id, by=technician(change.technician_id), now=NOW) for change in made
        ]
        results = race(database, units)

        assert {type(result) for result in results} == {Order}
        assert database.run(check_invariants) == []
        for each in (one, other):
            assert stands(database, each)[0] is OrderState.ACCEPTED
            end(database, database.run(partial(load, order_id=each.id)))


def test_a_request_rests_on_the_order_as_it_was_when_its_time_was_held(
    database: Database, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else gets the visit while the request waits for the guards: the unit runs again and sees who has it."""
    order, other = an_accepted(database, city), another(database, city)
    holding_time, held = changing.hold_change, list[Hold]()

    def overtaken_once(tx: Tx, order_id: int, **wished: Any) -> Hold:
        held.append(holding_time(tx, order_id, **wished))
        if len(held) == 1:
            dispatch.assign(tx, order_id, technician_id=other, agreed=True, operator_id=1, now=NOW)
        return held[-1]

    monkeypatch.setattr(changing, "hold_change", overtaken_once)

    change = asked(database, order, by=technician(order.technician_id))

    assert len(held) == 2
    assert change.order_version == database.run(partial(load, order_id=order.id)).version
    assert stands(database, order) == (OrderState.ACCEPTED, order.technician_id, START)
