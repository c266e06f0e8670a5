"""Visits already sold stay when working time is cut; that they now lie outside it is shown."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from core import technicians
from core.calendar import NotBookable
from core.db import Database, Tx
from core.orders.moves import Order, load
from core.orders.outside import visits_between, visits_outside
from core.orders.states import OrderState
from core.technicians import RotaSpan, working
from tests.builders import NOW, City, a_customer, a_technician
from tests.core.orders import ground
from tests.core.orders.ground import START
from tests.core.racing import Together, race

TOMORROW = date(2026, 3, 11)


def outside(database: Database, city: City) -> list[int]:
    return [one.id for one in database.read(lambda tx: visits_outside(tx, city.technician.id, now=NOW))]


def test_leave_names_the_visits_sold_in_it_and_removes_none(database: Database, city: City) -> None:
    sold = database.run(lambda tx: ground.accepted(tx, city))
    later = database.run(
        lambda tx: ground.paid(tx, city, starts_at=START + timedelta(days=2), person_id=a_customer(tx).id)
    )
    assert outside(database, city) == []

    database.run(lambda tx: technicians.take_leave(tx, city.technician.id, TOMORROW, TOMORROW))

    assert outside(database, city) == [sold.id]
    assert database.read(lambda tx: load(tx, sold.id)) == sold
    database.run(lambda tx: technicians.end_leave(tx, city.technician.id, TOMORROW, TOMORROW))
    assert outside(database, city) == []
    database.run(lambda tx: technicians.set_rota(tx, city.technician.id, []))
    assert outside(database, city) == [sold.id, later.id]


@pytest.mark.parametrize(
    ("spans", "inside"),
    [
        ([(840, 900)], True),  # 14:00-15:00, the visit and not a minute more
        ([(840, 870), (870, 1000)], True),  # two spans that touch
        ([(840, 899)], False),
        ([(841, 1000)], False),
        ([(840, 870), (880, 1000)], False),
        ([], False),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_visit_must_lie_wholly_in_the_hours_of_its_day(
    database: Database, city: City, spans: list[tuple[int, int]], inside: bool
) -> None:
    sold = database.run(lambda tx: ground.accepted(tx, city))

    database.run(lambda tx: technicians.set_exception(tx, city.technician.id, day=TOMORROW, spans=spans))

    assert outside(database, city) == ([] if inside else [sold.id])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_night_shift_of_the_day_before_covers_a_visit_past_midnight(database: Database, city: City) -> None:
    who = city.technician.id
    database.run(lambda tx: ground.accepted(tx, city))

    database.run(lambda tx: technicians.set_exception(tx, who, day=TOMORROW, spans=[]))
    database.run(
        lambda tx: technicians.set_exception(
            tx, who, day=TOMORROW - timedelta(days=1), spans=[(1439, 1440 + 900), (0, 60)]
        )
    )

    assert outside(database, city) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_over_cancelled_or_somebody_else_s_is_not_named(database: Database, city: City) -> None:
    def prepare(tx: Tx) -> None:
        ground.cancel(tx, ground.accepted(tx, city), NOW)
        other = a_technician(tx, city)
        ground.paid(tx, city, technician_id=other.id, starts_at=START + timedelta(hours=3))
        technicians.set_rota(tx, city.technician.id, [])

    database.run(prepare)
    assert outside(database, city) == []

    done = database.run(lambda tx: technicians.set_rota(tx, city.technician.id, [RotaSpan(2, 540, 1380)]))
    assert done
    finished = database.run(lambda tx: ground.finished(tx, city, starts_at=START, person_id=a_customer(tx).id))
    database.run(lambda tx: technicians.set_rota(tx, city.technician.id, []))
    assert finished.state is OrderState.FINISHED
    assert outside(database, city) == []


def test_the_visits_of_some_days_are_those_that_begin_on_them(database: Database, city: City) -> None:
    sold = database.run(lambda tx: ground.accepted(tx, city))
    who = city.technician.id

    def between(first: int, last: int) -> list[int]:
        begin, end = TOMORROW + timedelta(days=first), TOMORROW + timedelta(days=last)
        return [one.id for one in database.read(lambda tx: visits_between(tx, who, begin, end, now=NOW))]

    assert between(0, 0) == between(-1, 3) == [sold.id]
    assert between(1, 3) == between(-1, -1) == []


def books(tx: Tx, city: City, *, after: int, together: Together) -> Order:
    """A customer books the visit that begins so many days later than usual."""
    order = ground.placed(tx, city, starts_at=START + timedelta(days=after), person_id=a_customer(tx).id).order
    together.wait(tx)
    return order


def goes_on_leave(tx: Tx, city: City, *, after: int, together: Together) -> list[int]:
    """The technician takes that very day off and is told what is outside."""
    off = TOMORROW + timedelta(days=after)
    technicians.take_leave(tx, city.technician.id, off, off)
    found = [one.id for one in visits_outside(tx, city.technician.id, now=NOW)]
    together.wait(tx)
    return found


def unnoticed(database: Database, city: City, rounds: int, **patience: float) -> list[int]:
    """Sales and leave at the same moment: which rounds sold a visit that the leave did not name."""
    missed: list[int] = []
    for after in range(rounds):
        together = Together(2, **patience)
        how: dict[str, Any] = {"city": city, "after": after, "together": together}
        sold, named = race(database, [partial(books, **how), partial(goes_on_leave, **how)])
        assert isinstance(named, list), named
        if isinstance(sold, Order):
            missed += [after] if sold.id not in named else []
        else:
            assert isinstance(sold, NotBookable), sold
    return missed


def test_a_visit_sold_while_leave_is_taken_is_refused_or_named(database: Database, city: City) -> None:
    # The guard keeps them from meeting.
    assert unnoticed(database, city, 4, patience=0.5) == []


@pytest.mark.parametrize("database_url", ["mariadb", "postgresql"], indirect=True)
def test_without_the_guard_a_visit_is_sold_into_leave_unnoticed(
    database: Database, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "_guard", lambda *_: None)

    assert unnoticed(database, city, 4) != []
