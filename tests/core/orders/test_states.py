"""The table of edges is whole, and what breaks it is found."""

from functools import partial

import pytest
from sqlalchemy import delete, update

from core.calendar.tables import claim, occupation
from core.db import Database
from core.errors import StateConflict
from core.invariants import check_invariants
from core.orders.moves import CLOCK, move
from core.orders.states import ADDRESS_OPEN, DEAD, EDGES, HOLDING, SERVED, OrderEvent, OrderState
from core.orders.tables import order, order_event
from tests.builders import NOW, City
from tests.core.orders.ground import accepted


def test_every_state_is_reached_from_an_order_to_pay() -> None:
    reached = {OrderState.TO_PAY}
    while more := {to for (state, _), to in EDGES.items() if state in reached} - reached:
        reached |= more

    assert reached == set(OrderState)


def test_every_event_but_the_first_moves_something() -> None:
    assert {event for _, event in EDGES} == set(OrderEvent) - {OrderEvent.PLACED}


def test_every_state_either_holds_time_or_is_served_or_dead_or_undecided() -> None:
    assert HOLDING | SERVED | DEAD | {OrderState.UNDECIDED} == set(OrderState)
    assert len(HOLDING) + len(SERVED) + len(DEAD) + 1 == len(OrderState)
    assert ADDRESS_OPEN < HOLDING


def test_nothing_leaves_the_last_states() -> None:
    assert not [state for state, _ in EDGES if state in {OrderState.REVIEWED, OrderState.CANCELLED, OrderState.LAPSED}]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_pair_outside_the_table_is_refused(database: Database, city: City) -> None:
    order_now = database.run(lambda tx: accepted(tx, city))
    outside = [event for event in OrderEvent if (OrderState.ACCEPTED, event) not in EDGES]

    for event in outside:
        with pytest.raises(StateConflict):
            database.run(partial(move, order=order_now, event=event, actor=CLOCK, now=NOW))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (delete(claim), "does not own its cells"),
        (delete(occupation), "have no occupation"),
        (update(occupation).values(leg_minutes=99), "wrong leg"),
        (update(order).values(state="departed"), "and its events disagree"),
        (update(order).values(state="cancelled"), "still occupies time"),
        (update(order).values(technician_id=1), "and its occupation disagree"),
        (update(order_event).values(event="arrived"), "illegal move"),
    ],
)
def test_damage_by_hand_is_found(database: Database, city: City, damage: object, said: str) -> None:
    database.run(lambda tx: accepted(tx, city))
    assert database.run(check_invariants) == []

    database.run(lambda tx: tx.execute(damage))  # type: ignore[arg-type]

    assert any(said in line for line in database.run(check_invariants))
