"""Where orders are placed: a town with many technicians and customers, and visits none of which is in another's way."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from benchmarks.world import Ground
from core import settings
from core.calendar import release_hold
from core.db import Tx
from core.money.pricing import Quote
from core.orders import placing
from core.orders.placing import VisitPlan
from tests.builders import CENTRE, NOW, City, a_city, a_customer, a_technician

_TECHNICIANS = 40
_DAYS = range(1, 14)
_HOURS = range(9, 22, 2)
_LOCAL_MIDNIGHT = NOW - timedelta(hours=10)  # the builders' town is at UTC+8, and NOW is 10:00 there


@dataclass(frozen=True, slots=True)
class Booking:
    """A customer's visit to be ordered."""

    person_id: int
    plan: VisitPlan


@dataclass(frozen=True, slots=True)
class Town:
    """The town of one database: `shown` is the price of any of its visits."""

    city: City
    bookings: Iterator[Booking]
    shown: Quote
    racers: Sequence[int]

    def next(self, how_many: int) -> list[Booking]:
        """Return visits not yet ordered."""
        return list(itertools.islice(self.bookings, how_many))


def build_town(ground: Ground, *, customers: int, racers: int = 200) -> Town:
    """Fill an empty database."""

    def people(tx: Tx) -> tuple[City, list[int], list[int]]:
        settings.change(tx, "coupon_new_customer_minor", 0, NOW)  # every order writes the same rows
        settings.change(tx, "most_unpaid_orders", 100, NOW)  # a racer may win every race
        city = a_city(tx)
        technicians = [city.technician.id, *(a_technician(tx, city).id for _ in range(_TECHNICIANS - 1))]
        return city, technicians, [a_customer(tx).id for _ in range(customers + racers)]

    city, technicians, persons = ground.db.run(people)
    shown = ground.db.run(lambda tx: _price(tx, city, persons[0]))
    starts = [_LOCAL_MIDNIGHT + timedelta(days=day, hours=hour) for day in _DAYS for hour in _HOURS]
    plans = (plan_of(city, technician, start) for start in starts for technician in technicians)
    bookings = (Booking(person, plan) for person, plan in zip(persons[racers:], plans, strict=False))
    return Town(city, bookings, shown, persons[:racers])


def plan_of(city: City, technician_id: int, starts_at: datetime) -> VisitPlan:
    """Return an hour's visit in the middle of town."""
    return VisitPlan(
        service_id=city.service.id,
        option_id=city.option.id,
        technician_id=technician_id,
        anyone=False,
        starts_at=starts_at,
        region_id=city.region.id,
        lat=CENTRE.lat,
        lng=CENTRE.lng,
        address_text="望京花园 3 号楼 1201",
        phone="+8613800138000",
        name="王小姐",
    )


def _price(tx: Tx, city: City, person_id: int) -> Quote:
    plan = plan_of(city, city.technician.id, _LOCAL_MIDNIGHT + timedelta(days=1, hours=9))
    quote = placing.preview(tx, person_id, plan, NOW).quote
    release_hold(tx, person_id, NOW)
    return quote
