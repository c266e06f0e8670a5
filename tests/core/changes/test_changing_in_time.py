"""The clock of a change: reminders, too near to ask, the nudge, the end, and holds that lapse."""

from datetime import datetime
from functools import partial

import pytest

from core import calendar, changes
from core.calendar import NotBookable
from core.changes import ChangeGone, ChangeState, ChangeTooLate
from core.db import Database
from core.invariants import check_invariants
from tests.builders import NOW, City
from tests.core.calendar.ground import at
from tests.core.changes.ground import (
    HALF_AN_HOUR_LATER,
    HOUR,
    LATER,
    MINUTE,
    agree,
    an_accepted,
    asked,
    asking,
    cells,
    customer,
    news,
    refuse,
    reminded_at,
    technician,
    unchanged,
)
from tests.core.orders.ground import START


def test_after_a_move_only_the_new_reminders_come(database: Database, city: City) -> None:
    order = an_accepted(database, city)
    assert ("reminder_hours", START - 120 * MINUTE) in reminded_at(database, order.person_id)
    later = at("17:00", day=12)
    change = asked(database, order, starts_at=later)
    assert ("reminder_hours", START - 120 * MINUTE) in reminded_at(database, order.person_id)

    agree(database, change, technician(order.technician_id))

    assert reminded_at(database, order.person_id) == [
        ("reminder_day", later - 24 * HOUR),
        ("reminder_hours", later - 120 * MINUTE),
    ]
    assert reminded_at(database, city.technician.person_id) == [("visit_reminder", later - 60 * MINUTE)]


def test_too_near_the_visit_nobody_is_asked(database: Database, city: City) -> None:
    order = an_accepted(database, city)
    for now, starts_at in ((START - 65 * MINUTE, LATER), (at("10:00"), at("11:00"))):
        with pytest.raises((ChangeTooLate, NotBookable)):
            asked(database, order, starts_at=starts_at, now=now)
    assert unchanged(database, order)


@pytest.mark.parametrize(
    ("now", "starts_at", "until"),
    [
        (NOW, LATER, NOW + (START - NOW) / 2),  # half the time to the visit
        (START - 90 * MINUTE, LATER, START - 60 * MINUTE),  # an hour before the old start
        (NOW, at("11:00"), NOW + (START - NOW) / 2),
        (at("10:00"), at("12:00"), at("11:00")),  # an hour before the new one
    ],
)
def test_the_answer_is_due_in_good_time(
    database: Database, city: City, now: datetime, starts_at: datetime, until: datetime
) -> None:
    order = an_accepted(database, city)

    due = database.run(lambda tx: changes.answer_by(tx, order, starts_at=starts_at, now=now))

    assert due == until
    assert asked(database, order, starts_at=starts_at, now=now).expires_at == until


def test_far_ahead_the_answer_is_due_in_a_day(database: Database, city: City) -> None:
    order = an_accepted(database, city, starts_at=at("14:00", day=20))

    assert asked(database, order).expires_at == NOW + 24 * HOUR


def test_a_yes_after_the_answer_was_due_is_too_late(database: Database, city: City) -> None:
    order = an_accepted(database, city)
    change = asked(database, order)

    with pytest.raises(ChangeGone) as gone:
        agree(database, change, technician(order.technician_id), now=change.expires_at)

    assert gone.value.facts["state"] is ChangeState.EXPIRED


def test_who_is_silent_is_nudged_once_and_then_the_request_ends(database: Database, city: City) -> None:
    order = an_accepted(database, city)
    change = asked(database, order)
    half, end = NOW + (change.expires_at - NOW) / 2, change.expires_at

    done = [
        database.run(partial(changes.due_work, now=now, most=5))
        for now in (half - MINUTE, half, half, end - MINUTE, end, end)
    ]

    assert done == [0, 1, 0, 0, 1, 0]
    assert news(database, city.technician.person_id) == ["change_asked", "change_nudge", "change_expired"]
    assert news(database, order.person_id) == ["change_expired"]
    assert unchanged(database, order)


def test_another_request_about_the_same_visit_is_told_again(database: Database, city: City) -> None:
    order = an_accepted(database, city)
    refuse(database, asked(database, order), technician(order.technician_id))

    asked(database, order)

    assert news(database, city.technician.person_id) == ["change_asked", "change_asked"]


def test_holding_a_time_and_dropping_it_leaves_the_visit_alone(database: Database, city: City) -> None:
    order = an_accepted(database, city)
    for starts_at in (HALF_AN_HOUR_LATER, HALF_AN_HOUR_LATER + 15 * MINUTE, LATER):
        held = database.run(
            partial(
                changes.hold_change,
                order_id=order.id,
                by=customer(order),
                technician_id=order.technician_id,
                starts_at=starts_at,
                now=NOW,
            )
        )
        assert database.run(check_invariants) == []
    assert len(database.run(lambda tx: calendar.live_holds(tx, order.person_id, NOW))) == 1

    database.run(lambda tx: calendar.release_hold(tx, order.person_id, NOW, held.id))

    assert unchanged(database, order)


def test_a_hold_that_lapsed_leaves_the_visit_alone(database: Database, city: City) -> None:
    order = an_accepted(database, city)
    database.run(
        lambda tx: changes.hold_change(
            tx, order.id, by=customer(order), technician_id=order.technician_id, starts_at=HALF_AN_HOUR_LATER, now=NOW
        )
    )

    assert database.run(lambda tx: calendar.sweep_holds(tx, NOW + 5 * MINUTE)) == 1

    assert unchanged(database, order)


def test_what_is_held_is_what_is_asked_for(database: Database, city: City) -> None:
    order = an_accepted(database, city)
    held = database.run(
        lambda tx: changes.hold_change(
            tx, order.id, by=customer(order), technician_id=order.technician_id, starts_at=LATER, now=NOW
        )
    )
    before = cells(database)

    database.run(partial(asking, order=order, replacing=held.id))

    assert cells(database) == before
    assert database.run(lambda tx: calendar.live_holds(tx, order.person_id, NOW)) == ()
