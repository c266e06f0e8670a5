"""Which starts are offered."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from core import calendar, settings, technicians
from core.calendar import NotBookable, Rule, Slot, SlotTaken
from core.db import Database, Tx
from core.geo import Point
from core.invariants import check_invariants
from core.technicians import RotaSpan, Sex
from tests.builders import CENTRE, NOW, City, a_customer, a_region, a_service, a_technician
from tests.core.calendar.ground import TEN_KM_EAST, a_wish, at, free_slots

# The rules are plain reckoning over a few statements; test_holds and test_races run those on every database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def clock(slots: tuple[Slot, ...]) -> list[str]:
    return [(slot.starts_at + timedelta(hours=8)).strftime("%H:%M") for slot in slots]


def slots_on(
    tx: Tx, city: City, begin: str, end: str, *, day: int = 11, most: int = 99, **wish: object
) -> tuple[Slot, ...]:
    since, until = at(begin, day=day), at(end, day=day)
    return free_slots(
        tx, a_wish(city, **wish), person_id=city.customer.id, now=NOW, from_at=since, until_at=until, most=most
    )


def held(tx: Tx, *, city: City, start: datetime) -> calendar.Hold:
    return calendar.hold(tx, city.customer.id, a_wish(city), technician_id=city.technician.id, starts_at=start, now=NOW)


def booked(tx: Tx, city: City, clock_time: str, **wish: object) -> calendar.Hold:
    """Somebody else holds this time."""
    other = a_customer(tx)
    wanted = a_wish(city, **wish)
    return calendar.hold(tx, other.id, wanted, technician_id=wanted.technician_id, starts_at=at(clock_time), now=NOW)


def test_a_free_day_offers_every_quarter_of_the_rota_in_which_the_service_still_ends(
    database: Database, city: City
) -> None:
    found = database.run(lambda tx: slots_on(tx, city, "00:00", "23:59"))

    assert clock(found)[0] == "09:00"
    assert clock(found)[-1] == "22:00"
    assert len(found) == 53


def test_a_visit_keeps_free_its_buffer_and_the_way_on_both_sides(database: Database, city: City) -> None:
    database.run(lambda tx: booked(tx, city, "14:00"))

    near = database.run(lambda tx: slots_on(tx, city, "11:00", "17:00"))
    far = database.run(lambda tx: slots_on(tx, city, "11:00", "17:00", lat=TEN_KM_EAST.lat, lng=TEN_KM_EAST.lng))

    # 60 + 15 minutes, then 5 minutes of way to the same place: the last start before is 12:40, on the grid 12:30.
    assert clock(near) == ["11:00", "11:15", "11:30", "11:45", "12:00", "12:15", "12:30", "15:30", "15:45", "16:00",
                           "16:15", "16:30", "16:45"]  # fmt: skip
    # 33 minutes each way: 12:12 -> 12:00 before, 15:48 -> 16:00 after.
    assert clock(far) == ["11:00", "11:15", "11:30", "11:45", "12:00", "16:00", "16:15", "16:30", "16:45"]


def test_what_is_listed_can_be_held_and_what_is_not_listed_cannot(database: Database, city: City) -> None:
    database.run(lambda tx: booked(tx, city, "14:00", lat=TEN_KM_EAST.lat, lng=TEN_KM_EAST.lng))
    listed = set(clock(database.run(lambda tx: slots_on(tx, city, "00:00", "23:59"))))

    for quarter in range(96):
        start = at("00:00") + quarter * calendar.CELL
        wanted = (start + timedelta(hours=8)).strftime("%H:%M")

        try:
            can = bool(database.run(partial(held, city=city, start=start)))
        except (SlotTaken, NotBookable):
            can = False
        assert can == (wanted in listed), wanted
    assert database.run(check_invariants) == []


def test_a_person_s_own_hold_does_not_stand_in_their_way(database: Database, city: City) -> None:
    database.run(
        lambda tx: calendar.hold(
            tx, city.customer.id, a_wish(city), technician_id=city.technician.id, starts_at=at("14:00"), now=NOW
        )
    )

    assert "14:00" in clock(database.run(lambda tx: slots_on(tx, city, "13:00", "15:00")))


def test_a_lapsed_hold_is_free_again(database: Database, city: City) -> None:
    database.run(lambda tx: booked(tx, city, "14:00"))

    later = NOW + timedelta(minutes=5)
    found = database.run(
        lambda tx: free_slots(
            tx, a_wish(city), person_id=city.customer.id, now=later, from_at=at("14:00"), until_at=at("14:15"), most=1
        )
    )

    assert clock(found) == ["14:00"]


def test_notice_and_horizon_bound_the_starts(database: Database, city: City) -> None:
    today = database.run(lambda tx: slots_on(tx, city, "00:00", "23:59", day=10))
    beyond = database.run(lambda tx: slots_on(tx, city, "00:00", "23:59", day=24))

    assert clock(today)[0] == "11:00"
    assert clock(beyond)[-1] == "10:00"


def test_a_start_offered_by_anyone_appears_once_with_the_nearest_technician(database: Database, city: City) -> None:
    far = database.run(lambda tx: a_technician(tx, city, base=TEN_KM_EAST))

    found = database.run(lambda tx: slots_on(tx, city, "14:00", "14:15", technician_id=None))
    offers = database.run(
        lambda tx: calendar.offers_at(
            tx, a_wish(city, technician_id=None), person_id=city.customer.id, now=NOW, at=at("14:00"), most=5
        )
    )

    assert [slot.technician_id for slot in found] == [city.technician.id]
    assert [slot.technician_id for slot in offers] == [city.technician.id, far.id]


def test_sex_skill_region_and_duty_leave_only_who_fits(database: Database, city: City) -> None:
    man = database.run(lambda tx: a_technician(tx, city, sex=Sex.MALE))
    database.run(lambda tx: a_technician(tx, city, services=[a_service(tx, city.store)]))
    database.run(lambda tx: a_technician(tx, city, regions=[a_region(tx)]))
    resting = database.run(lambda tx: a_technician(tx, city, sex=Sex.MALE))
    database.run(lambda tx: technicians.set_duty(tx, resting.id, on=False, now=NOW))

    found = database.run(
        lambda tx: calendar.offers_at(
            tx,
            a_wish(city, technician_id=None, sex="male"),
            person_id=city.customer.id,
            now=NOW,
            at=at("14:00"),
            most=9,
        )
    )

    assert [slot.technician_id for slot in found] == [man.id]


def test_a_day_off_and_a_night_shift_are_followed(database: Database, city: City) -> None:
    owl = database.run(
        lambda tx: a_technician(tx, city, rota=[RotaSpan(2, 21 * 60, 26 * 60), RotaSpan(3, 10 * 60, 12 * 60)])
    )
    database.run(lambda tx: technicians.set_exception(tx, owl.id, day=at("12:00", day=18).date(), spans=()))

    wednesday = database.run(lambda tx: slots_on(tx, city, "00:00", "23:59", technician_id=owl.id))
    thursday = database.run(lambda tx: slots_on(tx, city, "00:00", "23:59", day=12, technician_id=owl.id))
    week_later = database.run(lambda tx: slots_on(tx, city, "00:00", "23:59", day=18, technician_id=owl.id))

    assert clock(wednesday) == ["21:00", "21:15", "21:30", "21:45", "22:00"]  # the shop closes at 23:00
    assert clock(thursday) == ["10:00", "10:15", "10:30", "10:45", "11:00"]
    assert week_later == ()


@pytest.mark.parametrize(
    ("start", "over", "rule"),
    [
        (at("14:07"), {}, Rule.OFF_GRID),
        (at("09:00", day=10), {}, Rule.PAST),
        (at("10:45", day=10), {}, Rule.NOTICE),
        (at("14:00", day=25), {}, Rule.HORIZON),
        (at("06:00"), {}, Rule.HOURS),
        (at("14:00"), {"technician_id": 1}, Rule.TECHNICIAN),
        (at("14:00"), {"service_id": 1}, Rule.SKILL),
        (at("14:00"), {"region_id": 1}, Rule.REGION),
        (at("14:00"), {"sex": "male"}, Rule.SEX),
    ],
)
def test_a_start_against_the_rules_is_refused_by_name_of_the_rule(
    database: Database, city: City, start: datetime, over: dict[str, Any], rule: Rule
) -> None:
    wish = a_wish(city, **over)

    with pytest.raises(NotBookable) as refused:
        database.run(
            partial(
                calendar.hold,
                person_id=city.customer.id,
                wish=wish,
                technician_id=wish.technician_id,
                starts_at=start,
                now=NOW,
            )
        )  # fmt: skip

    assert refused.value.rule is rule


def test_too_early_in_the_morning_names_the_first_start_of_the_day(database: Database, city: City) -> None:
    with pytest.raises(NotBookable) as refused:
        database.run(lambda tx: calendar.hold(
            tx, city.customer.id, a_wish(city), technician_id=city.technician.id, starts_at=at("07:00"), now=NOW
        ))  # fmt: skip

    assert refused.value.nearest is not None
    assert refused.value.nearest.starts_at == at("09:00")


def test_off_the_rota_is_told_apart_from_taken(database: Database, city: City) -> None:
    early = database.run(lambda tx: a_technician(tx, city, rota=[RotaSpan(2, 9 * 60, 12 * 60)]))

    with pytest.raises(NotBookable) as refused:
        database.run(lambda tx: calendar.hold(
            tx, city.customer.id, a_wish(city), technician_id=early.id, starts_at=at("14:00"), now=NOW
        ))  # fmt: skip

    assert refused.value.rule is Rule.ROTA


def test_a_way_too_long_from_home_is_a_rule_of_its_own(database: Database, city: City) -> None:
    database.run(lambda tx: settings.change(tx, "notice_minutes", 15, NOW))
    distant = Point(CENTRE.lat, CENTRE.lng + 0.3)

    with pytest.raises(NotBookable) as refused:
        database.run(lambda tx: calendar.hold(
            tx, city.customer.id, a_wish(city, lat=distant.lat, lng=distant.lng), technician_id=city.technician.id,
            starts_at=at("10:30", day=10), now=NOW,
        ))  # fmt: skip

    assert refused.value.rule is Rule.LEG


def test_a_taken_slot_comes_with_the_same_technician_near_another_at_that_time_and_the_next_day(
    database: Database, city: City
) -> None:
    colleague = database.run(lambda tx: a_technician(tx, city))
    database.run(lambda tx: booked(tx, city, "14:00"))

    with pytest.raises(SlotTaken) as refused:
        database.run(lambda tx: calendar.hold(
            tx, city.customer.id, a_wish(city), technician_id=city.technician.id, starts_at=at("14:00"), now=NOW
        ))  # fmt: skip

    near, other, next_day = refused.value.alternatives
    assert (near.technician_id, near.starts_at) == (city.technician.id, at("12:30"))
    assert (other.technician_id, other.starts_at) == (colleague.id, at("14:00"))
    assert (next_day.technician_id, next_day.starts_at) == (city.technician.id, at("14:00", day=12))


def test_the_fare_s_distance_does_not_change_with_the_hour(database: Database, city: City) -> None:
    database.run(lambda tx: booked(tx, city, "14:00", lat=TEN_KM_EAST.lat, lng=TEN_KM_EAST.lng))

    found = database.run(lambda tx: slots_on(tx, city, "09:00", "19:00"))

    assert {slot.leg_metres for slot in found} == {0}
    assert {slot.leg_minutes for slot in found} == {5, 33}
