"""Holding, giving, freeing: what stays and what goes."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from core import calendar
from core.calendar import occupations
from core.db import Database, Tx
from core.invariants import check_invariants
from core.technicians import Sex
from tests.builders import NOW, City, a_customer, a_technician
from tests.core.calendar.ground import TEN_KM_EAST, a_wish, at

MINUTE = timedelta(minutes=1)


def hold(
    tx: Tx, city: City, clock: str, *, person_id: int | None = None, replacing: int | None = None, **over: object
) -> calendar.Hold:
    wish = a_wish(city, **over)
    return calendar.hold(
        tx,
        person_id or city.customer.id,
        wish,
        technician_id=wish.technician_id,
        starts_at=at(clock),
        now=NOW,
        replacing=replacing,
    )


def held_ids(database: Database, city: City) -> list[int]:
    return [one.id for one in database.run(lambda tx: calendar.live_holds(tx, city.customer.id, NOW))]


def test_a_person_has_two_holds_and_a_third_takes_the_place_of_the_oldest(database: Database, city: City) -> None:
    others = database.run(lambda tx: [a_technician(tx, city), a_technician(tx, city)])
    database.run(lambda tx: hold(tx, city, "14:00"))
    second = database.run(lambda tx: hold(tx, city, "16:00", technician_id=others[0].id))
    third = database.run(lambda tx: hold(tx, city, "18:00", technician_id=others[1].id))

    assert held_ids(database, city) == [second.id, third.id]
    assert database.run(check_invariants) == []


def test_another_choice_replaces_the_hold_it_corrects_and_leaves_the_other(database: Database, city: City) -> None:
    others = database.run(lambda tx: [a_technician(tx, city), a_technician(tx, city)])
    kept = database.run(lambda tx: hold(tx, city, "14:00"))
    first = database.run(lambda tx: hold(tx, city, "16:00", technician_id=others[0].id))
    corrected = database.run(lambda tx: hold(tx, city, "18:00", replacing=first.id, technician_id=others[1].id))

    assert held_ids(database, city) == [kept.id, corrected.id]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_holds_and_drops_a_thousand_times_never_has_more_than_two(database: Database, city: City) -> None:
    """R46: what a bot could do to keep others away."""
    team = [city.technician, *database.run(lambda tx: [a_technician(tx, city) for _ in range(4)])]
    rival = database.run(a_customer)
    most = 0

    for number in range(1000):
        technician, clock = team[number % 5], f"{9 + number % 12}:00"
        database.run(partial(hold, city=city, clock=clock, technician_id=technician.id))
        most = max(most, len(held_ids(database, city)))

    assert most == 2
    free = database.run(lambda tx: hold(tx, city, "09:00", person_id=rival.id, technician_id=None))
    assert free.slot.starts_at == at("09:00")
    assert database.run(check_invariants) == []


def test_a_refused_choice_leaves_the_older_hold(database: Database, city: City) -> None:
    rival = database.run(a_customer)
    database.run(lambda tx: hold(tx, city, "16:00", person_id=rival.id))
    first = database.run(lambda tx: hold(tx, city, "12:00"))

    with pytest.raises(calendar.SlotTaken):
        database.run(lambda tx: hold(tx, city, "16:00"))

    kept = database.run(lambda tx: calendar.live_holds(tx, city.customer.id, NOW))
    assert kept == (first,)


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
    assert not database.run(lambda tx: calendar.give_to_order(tx, held, 1, late, person_id=city.customer.id))
    assert database.run(lambda tx: calendar.live_holds(tx, city.customer.id, late)) == ()


def test_another_person_s_hold_can_be_neither_renewed_nor_given(database: Database, city: City) -> None:
    held = database.run(lambda tx: hold(tx, city, "14:00"))
    stranger = database.run(a_customer)

    assert database.run(lambda tx: calendar.renew_hold(tx, held.id, stranger.id, NOW)) is None
    assert not database.run(lambda tx: calendar.give_to_order(tx, held, 1, NOW, person_id=stranger.id))


def test_the_sweep_frees_lapsed_holds_only(database: Database, city: City) -> None:
    rival = database.run(a_customer)
    database.run(lambda tx: hold(tx, city, "14:00"))
    later = database.run(
        lambda tx: calendar.hold(
            tx, rival.id, a_wish(city), technician_id=city.technician.id, starts_at=at("18:00"), now=NOW + 3 * MINUTE
        )
    )

    assert database.run(lambda tx: calendar.sweep_holds(tx, NOW + 5 * MINUTE)) == 1
    assert database.run(lambda tx: calendar.live_holds(tx, rival.id, NOW + 5 * MINUTE)) == (later,)
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
    assert database.run(lambda tx: calendar.release_order(tx, 1, NOW)) == ()


def test_two_times_with_one_technician_may_both_be_held(database: Database, city: City) -> None:
    """Two bookings at once: only what is in the way gives way."""
    first = database.run(lambda tx: hold(tx, city, "12:00"))
    second = database.run(lambda tx: hold(tx, city, "18:00"))
    assert held_ids(database, city) == [first.id, second.id]

    third = database.run(lambda tx: hold(tx, city, "18:30"))

    assert third.slot.starts_at == at("18:30")
    assert second.id not in held_ids(database, city)
    assert database.run(check_invariants) == []


def test_choosing_again_and_again_is_no_new_beginning(database: Database, city: City) -> None:
    """Another time with the same technician in place of the one before: fifteen minutes in all."""
    held = database.run(lambda tx: hold(tx, city, "14:00"))
    for minute, clock in ((4, "14:15"), (8, "14:00"), (12, "14:15"), (14, "14:00")):
        held = database.run(partial(_chosen, city=city, clock=clock, now=NOW + minute * MINUTE, replacing=held.id))

    assert held.expires_at == NOW + 15 * MINUTE


def _chosen(tx: Tx, *, city: City, clock: str, now: datetime, replacing: int) -> calendar.Hold:
    return calendar.hold(
        tx,
        city.customer.id,
        a_wish(city),
        technician_id=city.technician.id,
        starts_at=at(clock),
        now=now,
        replacing=replacing,
    )


def test_an_order_takes_the_time_its_own_customer_holds(database: Database, city: City) -> None:
    """Listing looks through one's own hold, and so does taking: late money is not sent back for it."""
    database.run(lambda tx: hold(tx, city, "14:00"))

    database.run(
        lambda tx: calendar.take_for_order(tx, 1, city.customer.id, a_wish(city), starts_at=at("14:15"), now=NOW)
    )

    assert held_ids(database, city) == []
    taken = database.run(lambda tx: calendar.crew_of(tx, 1))
    assert [one.starts_at for one in taken] == [at("14:15")]


def test_a_refusal_leaves_every_hold_as_it_was(database: Database, city: City) -> None:
    others = database.run(lambda tx: [a_technician(tx, city), a_technician(tx, city)])
    rival = database.run(a_customer)
    database.run(lambda tx: hold(tx, city, "16:00", person_id=rival.id, technician_id=others[1].id))
    kept = [
        database.run(lambda tx: hold(tx, city, "14:00")).id,
        database.run(lambda tx: hold(tx, city, "14:00", technician_id=others[0].id)).id,
    ]

    def refused(tx: Tx) -> None:
        with pytest.raises(calendar.SlotTaken):
            hold(tx, city, "16:00", technician_id=others[1].id, replacing=kept[0])

    database.run(refused)
    assert held_ids(database, city) == kept
