"""Small worlds of three stores in three zones, some days before one of them changes its clocks."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from core import technicians
from core.catalog import Region, Service
from core.db import Tx
from core.errors import InvalidInput
from core.geo import Point
from core.technicians import RotaSpan, Sex
from core.technicians.times import checked_rota
from tests.builders import CENTRE, a_customer, a_person, a_region, a_service, a_store
from tests.core.calendar.oracle import Oracle, Shop, Spans, Worker, wall

DAYS = 30
"""How long the clocks are looked at: three days back, six in which time passes, and as far ahead as can be booked."""


@dataclass(frozen=True)
class Scene:
    """Where the stores are and when the story begins."""

    zones: tuple[str, str, str]
    starts_on: date

    @property
    def begin(self) -> datetime:
        """The first minute any clock is looked at."""
        return datetime(self.starts_on.year, self.starts_on.month, self.starts_on.day, tzinfo=UTC) - timedelta(days=3)


SCENES = (
    Scene(("Europe/London", "Asia/Shanghai", "Asia/Beirut"), date(2026, 3, 26)),
    Scene(("America/New_York", "Asia/Shanghai", "Pacific/Chatham"), date(2026, 3, 6)),
    Scene(("Australia/Lord_Howe", "Asia/Kathmandu", "Europe/London"), date(2026, 10, 1)),
    Scene(("Asia/Beirut", "Europe/London", "America/New_York"), date(2026, 10, 22)),
    Scene(("Australia/Lord_Howe", "Asia/Shanghai", "Pacific/Easter"), date(2026, 4, 2)),
)

HOURS = ((540, 1380), (0, 1440), (1080, 1740))
"""Opening hours: by day, around the clock, from the evening to 05:00."""

SHIFTS: tuple[Spans, ...] = (
    [],
    [(480, 1320)],
    [(540, 1080)],
    [(547, 1073)],
    [(480, 720), (840, 1200)],
    [(1320, 1800)],
    [(0, 1440)],
    [(0, 1440)],
    [(1200, 1560)],
    [(60, 180), (600, 2000)],
)


@dataclass(frozen=True)
class World:
    """Everything a walk chooses from."""

    oracle: Oracle
    people: tuple[int, ...]
    services: tuple[int, int]
    regions: tuple[int, int]


def some_week(dice: random.Random) -> dict[int, Spans]:
    """Return a rota without overlaps, Sunday into Monday too."""
    while True:
        week = {weekday: dice.choice(SHIFTS) for weekday in range(7)}
        try:
            checked_rota(rota_of(week))
        except InvalidInput:
            continue
        return week


def rota_of(week: dict[int, Spans]) -> list[RotaSpan]:
    return [RotaSpan(weekday, *span) for weekday, spans in week.items() for span in spans]


def near_centre(dice: random.Random, reach: float = 0.1) -> Point:
    """Return a place within some kilometres of the centre: 0.1 degrees are eleven."""
    return Point(CENTRE.lat + dice.uniform(-reach, reach), CENTRE.lng + dice.uniform(-reach, reach))


def a_world(tx: Tx, scene: Scene, dice: random.Random, staff: int = 6) -> World:
    """Write stores, services, regions, technicians and eight customers, and the book that knows them."""
    regions, shops = (a_region(tx), a_region(tx)), []
    for zone, (opens, closes) in zip(scene.zones, HOURS, strict=True):
        store = a_store(tx, zone=zone, opens_minute=opens, closes_minute=closes)
        shops.append((store.id, Shop(wall(zone, scene.begin, DAYS), opens, closes)))
        if len(shops) == 1:
            services = (a_service(tx, store), a_service(tx, store))
    workers = [_a_worker(tx, dice, number, shops[number % 3], services, regions) for number in range(staff)]
    people = tuple(a_customer(tx, name=None, phone=None).id for _ in range(8))
    oracle = Oracle(scene.begin, {one.id: one for one in workers})
    return World(oracle, people, (services[0].id, services[1].id), (regions[0].id, regions[1].id))


def _a_worker(
    tx: Tx,
    dice: random.Random,
    number: int,
    employer: tuple[int, Shop],
    services: tuple[Service, Service],
    regions: tuple[Region, Region],
) -> Worker:
    """Write a technician; of six all but one have the first skill and the first region."""
    store_id, shop = employer
    skills = {services[0].id} if number % 6 != 4 else set()
    served = {regions[0].id} if number % 6 != 5 else set()
    skills |= {services[1].id} if number % 2 or not skills else set()
    served |= {regions[1].id} if number % 3 or not served else set()
    worker = Worker(
        id=0,
        shop=shop,
        base=near_centre(dice),
        sex=Sex.FEMALE if number % 2 else Sex.MALE,
        years=number % 6,
        certified=number % 6 in (0, 3, 4),
        services=frozenset(skills),
        regions=frozenset(served),
        stars=(0, 0) if number % 6 == 2 else (44 + number % 6, 10),
        week=some_week(dice),
    )
    worker.id = technicians.enrol(
        tx,
        a_person(tx).id,
        store_id,
        number=number + 1,
        names={"zh-Hans": f"{number}号", "en": f"No. {number}"},
        sex=Sex(worker.sex),
        base=worker.base,
        service_ids=worker.services,
        region_ids=worker.regions,
        rota=rota_of(worker.week),
        years=worker.years,
        certificates=[{"zh-Hans": "按摩师证", "en": "Masseur"}] if worker.certified else [],
        stars_sum=worker.stars[0],
        stars_count=worker.stars[1],
        now=shop.clock.begin,
    ).id
    return worker
