"""Hundreds of random steps: the calendar stays right after each, and offers exactly what plain reckoning allows."""

import random
from datetime import datetime, timedelta

import pytest

from core import calendar
from core.calendar import NotBookable, Occupation, SlotTaken, Wish, occupations
from core.db import Database, Tx
from core.geo import Point, metres, travel_minutes
from core.ids import new_id
from core.invariants import check_invariants
from tests.builders import CENTRE, NOW, City, a_customer, a_technician
from tests.core.calendar.ground import a_wish, at

MINUTE = timedelta(minutes=1)
FOUR_HOURS = timedelta(hours=4)


def way(a: Point, b: Point) -> timedelta:
    return travel_minutes(metres(a, b)) * MINUTE


def reckoned(wish: Wish, base: Point, taken: list[Occupation], start: datetime, now: datetime) -> bool:
    """Whether a start is possible, by the rules as they are told to people, without any cleverness."""
    free_at = start + wish.whole_time
    if not (now + 60 * MINUTE <= start <= now + timedelta(days=14)):
        return False
    if start < at("09:00", day=11) or start + wish.service_time > at("23:00", day=11):
        return False
    if any(start < one.free_at and one.starts_at < free_at for one in taken):
        return False
    before = max((one for one in taken if one.starts_at < start), key=lambda one: one.starts_at, default=None)
    after = min((one for one in taken if one.starts_at >= start), key=lambda one: one.starts_at, default=None)
    from_home = before is None or start - before.free_at >= FOUR_HOURS
    if from_home and start < now + way(base, wish.point):
        return False
    if before is not None and not from_home:
        leg = way(before.point, wish.point)
        if start < before.free_at + leg or start < now + leg:
            return False
    return after is None or after.starts_at - free_at >= min(way(wish.point, after.point), FOUR_HOURS)


def a_random_wish(rng: random.Random, city: City, technician_id: int | None) -> Wish:
    return a_wish(
        city,
        technician_id=technician_id,
        minutes=rng.choice([30, 60, 75, 120]),
        buffer_minutes=rng.choice([0, 10, 15]),
        lat=CENTRE.lat + rng.uniform(-0.08, 0.08),
        lng=CENTRE.lng + rng.uniform(-0.08, 0.08),
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_holds_visits_releases_and_sweeps_never_break_the_calendar(
    database: Database, city: City, seed: int
) -> None:
    rng = random.Random(seed)
    team = [
        city.technician,
        *database.run(lambda tx: [a_technician(tx, city, base=Point(CENTRE.lat + 0.05, CENTRE.lng))]),
    ]
    people = database.run(lambda tx: [a_customer(tx, name=None, phone=None) for _ in range(6)])
    now = NOW
    booked: list[int] = []

    def step(tx: Tx) -> None:
        who, technician = rng.choice(people).id, rng.choice([*team, None])
        start = at("08:00") + rng.randrange(64) * calendar.CELL
        kind = rng.random()
        if kind < 0.55:
            wish = a_random_wish(rng, city, technician.id if technician else None)
            calendar.hold(tx, who, wish, technician_id=wish.technician_id, starts_at=start, now=now)
        elif kind < 0.75 and (held := calendar.live_hold(tx, who, now)):
            order_id = new_id()
            assert calendar.give_to_order(tx, held.id, order_id, now, person_id=who)
            booked.append(order_id)
        elif kind < 0.85:
            calendar.release_hold(tx, who, now)
        elif kind < 0.95 and booked:
            calendar.release_order(tx, booked.pop(rng.randrange(len(booked))))
        else:
            calendar.sweep_holds(tx, now)

    refused = 0
    for _ in range(120):
        now += rng.randrange(3) * MINUTE
        try:
            database.run(step)
        except (SlotTaken, NotBookable):
            refused += 1
        found = [line for line in database.run(check_invariants) if "which does not exist" not in line]
        assert found == []
        technician, who = rng.choice(team), rng.choice(people).id
        compare(database, a_random_wish(rng, city, technician.id), technician.base, who, now)
    assert 10 < refused < 110


def compare(database: Database, wish: Wish, base: Point, person_id: int, now: datetime) -> None:
    """The slots listed for one technician's day are those that reckoning allows."""
    begin, end = at("00:00", day=11), at("23:59", day=11)

    def both(tx: Tx) -> tuple[list[datetime], list[datetime]]:
        listed = calendar.free_slots(tx, wish, person_id=person_id, now=now, from_at=begin, until_at=end, most=200)
        every = occupations.of_one(tx, wish.technician_id or 0, begin - timedelta(days=1), end + timedelta(days=1))
        taken = [
            one
            for one in every
            if one.order_id is not None
            or (one.person_id != person_id and one.expires_at is not None and one.expires_at > now)
        ]
        starts = [begin + n * calendar.CELL for n in range(96)]
        return [slot.starts_at for slot in listed], [one for one in starts if reckoned(wish, base, taken, one, now)]

    listed, allowed = database.run(both)
    assert listed == allowed
