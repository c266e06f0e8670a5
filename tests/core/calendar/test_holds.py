"""Holding, giving, freeing: what stays and what goes."""

from datetime import timedelta

import pytest

from core import calendar
from core.calendar import occupations
from core.db import Database, Tx
from core.invariants import check_invariants
from core.technicians import Sex
from tests.builders import NOW, City, a_customer, a_technician
from tests.core.calendar.ground import TEN_KM_EAST, a_wish, at

MINUTE = timedelta(minutes=1)


def hold(tx: Tx, city: City, clock: str, *, person_id: int | None = None, **over: object) -> calendar.Hold:
    wish = a_wish(city, **over)
    return calendar.hold(
        tx, person_id or city.customer.id, wish, technician_id=wish.technician_id, starts_at=at(clock), now=NOW
    )


def test_a_person_has_one_hold_and_the_newer_replaces_the_older(database: Database, city: City) -> None:
    other = database.run(lambda tx: a_technician(tx, city))
    database.run(lambda tx: hold(tx, city, "14:00"))
    second = database.run(lambda tx: hold(tx, city, "16:00", technician_id=other.id))

    assert [one.id for one in database.run(lambda tx: occupations.held_by(tx, city.customer.id))] == [second.id]
    assert database.run(check_invariants) == []


def test_a_refused_choice_leaves_the_older_hold(database: Database, city: City) -> None:
    rival = database.run(a_customer)
    database.run(lambda tx: hold(tx, city, "16:00", person_id=rival.id))
    first = database.run(lambda tx: hold(tx, city, "12:00"))

    with pytest.raises(calendar.SlotTaken):
        database.run(lambda tx: hold(tx, city, "16:00"))

    kept = database.run(lambda tx: calendar.live_hold(tx, city.customer.id, NOW))
    assert kept == first


def test_a_hold_with_a_man_does_not_answer_the_wish_for_a_woman(database: Database, city: City) -> None:
    man = database.run(lambda tx: a_technician(tx, city, sex=Sex.MALE))
    database.run(lambda tx: hold(tx, city, "14:00", technician_id=man.id))

    changed = database.run(lambda tx: hold(tx, city, "14:00", technician_id=None, sex="female"))

    assert changed.slot.technician_id == city.technician.id
    assert database.run(check_invariants) == []


def test_a_hold_stays_with_its_technician_when_anyone_will_do(database: Database, city: City) -> None:
    other = database.run(lambda tx: a_technician(tx, city, stars=(10, 10)))
    named = database.run(lambda tx: hold(tx, city, "14:00", technician_id=other.id))

    assert database.run(lambda tx: hold(tx, city, "14:00", technician_id=None)).id == named.id


def test_a_lapsed_hold_neither_is_renewed_nor_becomes_an_order(database: Database, city: City) -> None:
    held = database.run(lambda tx: hold(tx, city, "14:00"))
    late = NOW + 5 * MINUTE

    assert database.run(lambda tx: calendar.renew_hold(tx, held.id, city.customer.id, late)) is None
    assert not database.run(lambda tx: calendar.give_to_order(tx, held.id, 1, late, person_id=city.customer.id))
    assert database.run(lambda tx: calendar.live_hold(tx, city.customer.id, late)) is None


def test_another_person_s_hold_can_be_neither_renewed_nor_given(database: Database, city: City) -> None:
    held = database.run(lambda tx: hold(tx, city, "14:00"))
    stranger = database.run(a_customer)

    assert database.run(lambda tx: calendar.renew_hold(tx, held.id, stranger.id, NOW)) is None
    assert not database.run(lambda tx: calendar.give_to_order(tx, held.id, 1, NOW, person_id=stranger.id))


def test_the_sweep_frees_lapsed_holds_only(database: Database, city: City) -> None:
    rival = database.run(a_customer)
    database.run(lambda tx: hold(tx, city, "14:00"))
    later = database.run(
        lambda tx: calendar.hold(
            tx, rival.id, a_wish(city), technician_id=city.technician.id, starts_at=at("18:00"), now=NOW + 3 * MINUTE
        )
    )

    assert database.run(lambda tx: calendar.sweep_holds(tx, NOW + 5 * MINUTE)) == 1
    assert database.run(lambda tx: calendar.live_hold(tx, rival.id, NOW + 5 * MINUTE)) == later
    assert database.run(check_invariants) == []


def test_the_way_to_the_next_visit_follows_what_comes_and_goes_before_it(database: Database, city: City) -> None:
    """Home is 5 minutes away, the place in the east 33."""
    rival = database.run(a_customer)
    visit = database.run(lambda tx: hold(tx, city, "16:00"))
    legs = []

    def leg(tx: Tx) -> tuple[int, str]:
        (found,) = [one for one in occupations.held_by(tx, city.customer.id) if one.id == visit.id]
        return found.leg_minutes, found.leg_from

    legs.append(database.run(leg))
    before = database.run(
        lambda tx: hold(tx, city, "13:00", person_id=rival.id, lat=TEN_KM_EAST.lat, lng=TEN_KM_EAST.lng)
    )
    legs.append(database.run(leg))
    database.run(lambda tx: calendar.release_hold(tx, rival.id, NOW))
    legs.append(database.run(leg))

    assert legs == [(5, "base"), (33, str(before.id)), (5, "base")]
    assert database.run(check_invariants) == []


def test_freeing_nothing_is_no_error(database: Database, city: City) -> None:
    assert not database.run(lambda tx: calendar.release_hold(tx, city.customer.id, NOW))
    assert not database.run(lambda tx: calendar.release_order(tx, 1))
