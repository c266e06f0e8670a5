"""Builders with defaults: say only what your test is about.

    database = a_database(tmp_path)
    city = database.run(a_city)                      # store, region, place, service, option, technician, customer
    other = database.run(lambda tx: a_technician(tx, city, sex=Sex.MALE))

`NOW` is a Tuesday, 10:00 in Shanghai; the default technician works every day 09:00-23:00.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core import catalog, people, technicians
from core import stores as stores_room
from core.catalog import Option, Place, Region, Service
from core.crypto import Vault
from core.db import Database, Tx, open_database
from core.geo import Point
from core.people import Address, Person
from core.stores import Store
from core.technicians import RotaSpan, Sex, Technician
from tests.tables import make_tables

NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
ZONE = "Asia/Shanghai"
MASTER = bytes(range(32))

CENTRE = Point(30.6574, 104.0817)
"""Middle of the default region, Jinjiang in Chengdu."""

EVERY_DAY = tuple(RotaSpan(weekday, 9 * 60, 23 * 60) for weekday in range(7))

_numbers = itertools.count(1)


def a_vault() -> Vault:
    """The vault all tests share."""
    return Vault(MASTER)


def a_database(tmp_path: Path) -> Database:
    """A fresh SQLite database with every table, its own file."""
    path = tmp_path / f"menling-{next(_numbers)}.db"
    return a_database_at(f"sqlite:///{path}")


def a_database_at(url: str) -> Database:
    """Every table made in the empty database at this URL (the `database_url` fixture), and the database opened."""
    make_tables(url)
    return open_database(url, a_vault())


def a_store(tx: Tx, **over: object) -> Store:
    """A shop in Chengdu, open 09:00-23:00, CNY."""
    facts: dict[str, object] = {
        "code": f"store-{next(_numbers)}",
        "names": {"zh-Hans": "门铃到家·锦江店", "en": "Menling Jinjiang"},
        "zone": ZONE,
        "currency": "CNY",
        "opens_minute": 9 * 60,
        "closes_minute": 23 * 60,
        "phone": "+862885550100",
        "point": CENTRE,
    }
    return stores_room.add_store(tx, **(facts | over))  # type: ignore[arg-type]


def a_region(tx: Tx, *, zh: str = "锦江区", en: str = "Jinjiang", point: Point = CENTRE, radius: int = 8000) -> Region:
    """A district of 8 km around the centre."""
    names = {"zh-Hans": zh, "en": en}
    return catalog.add_region(tx, code=f"region-{next(_numbers)}", names=names, point=point, radius_metres=radius)


def a_place(
    tx: Tx, region: Region, *, zh: str = "望京花园", en: str = "Wangjing Garden", point: Point | None = None
) -> Place:
    """A compound in the region's middle."""
    names = {"zh-Hans": zh, "en": en}
    return catalog.add_place(tx, region.id, code=f"place-{next(_numbers)}", names=names, point=point or region.point)


def a_service(
    tx: Tx,
    store: Store,
    *,
    zh: str = "肩颈舒缓",
    en: str = "Neck and shoulder relief",
    category: str = "massage",
    buffer_minutes: int = 15,
    options: Sequence[tuple[int, int]] = ((60, 19800), (90, 26800)),
    most: int = 1,
    crew: int = 1,
) -> Service:
    """A service on sale with options of (minutes, price in fen), for which `crew` come; it carries its options."""
    service = catalog.add_service(
        tx,
        store.id,
        code=f"service-{next(_numbers)}",
        category=category,
        names={"zh-Hans": zh, "en": en},
        descriptions={"zh-Hans": f"{zh}，上门服务。", "en": f"{en}, at your home."},
        buffer_minutes=buffer_minutes,
    )
    for position, (minutes, price_minor) in enumerate(options):
        catalog.add_option(
            tx,
            service.id,
            code=f"m{minutes}-{position}",
            names={"zh-Hans": f"{minutes} 分钟", "en": f"{minutes} min"},
            minutes=minutes,
            price_minor=price_minor,
            most=most,
            crew=crew,
            position=position,
        )
    return catalog.catalogue(tx).service(service.id)


def a_person(
    tx: Tx, *, channel: str = "web", lang: str = "zh-Hans", external_id: str | None = None, now: datetime = NOW
) -> Person:
    """Somebody who wrote to us once."""
    who = external_id or f"visitor-{next(_numbers)}"
    return people.arrive(tx, channel=channel, account="test", external_id=who, lang=lang, zone=ZONE, now=now)


def a_customer(
    tx: Tx,
    *,
    name: str | None = "王小姐",
    phone: str | None = "+8613800138000",
    lang: str = "zh-Hans",
    channel: str = "web",
    now: datetime = NOW,
) -> Person:
    """A person who told name and phone."""
    customer = a_person(tx, channel=channel, lang=lang, now=now)
    if name:
        people.set_name(tx, customer.id, name)
    if phone:
        people.set_phone(tx, customer.id, phone)
    return customer


def an_address(
    tx: Tx, customer: Person, region: Region, *, text: str = "望京花园 3 号楼 1201", point: Point | None = None
) -> Address:
    """A saved address in the region's middle."""
    at = point or region.point
    return people.save_address(tx, customer.id, text=text, region_id=region.id, lat=at.lat, lng=at.lng, now=NOW)


@dataclass(frozen=True, slots=True)
class City:
    """A small town in which a visit can be booked at once."""

    store: Store
    region: Region
    place: Place
    service: Service
    technician: Technician
    customer: Person
    address: Address

    @property
    def option(self) -> Option:
        """The first option of the service: 60 minutes, ¥198."""
        return self.service.options[0]


def a_technician(
    tx: Tx,
    town: "City | None" = None,
    *,
    store: Store | None = None,
    services: Sequence[Service] | None = None,
    regions: Sequence[Region] | None = None,
    sex: Sex = Sex.FEMALE,
    base: Point | None = None,
    rota: Sequence[RotaSpan] = EVERY_DAY,
    names: Mapping[str, str] | None = None,
    stars: tuple[int, int] = (48, 10),
    certificates: Sequence[Mapping[str, str]] = (),
) -> Technician:
    """An approved technician on duty with the town's service and region, based in the region's middle."""
    at = store or (town.store if town else a_store(tx))
    skills = services if services is not None else ([town.service] if town else [a_service(tx, at)])
    served = regions if regions is not None else ([town.region] if town else [a_region(tx)])
    number = 1 + max((one.number or 0 for one in technicians.roster(tx).technicians), default=0)
    return technicians.enrol(
        tx,
        a_person(tx).id,
        at.id,
        number=number,
        names=names or {"zh-Hans": f"王师傅{number}号", "en": f"Mia {number}"},
        sex=sex,
        base=base or served[0].point,
        service_ids=[service.id for service in skills],
        region_ids=[region.id for region in served],
        rota=rota,
        years=5,
        bio={"zh-Hans": "手法沉稳。", "en": "Steady hands."},
        stars_sum=stars[0],
        stars_count=stars[1],
        certificates=certificates,
        now=NOW,
    )


def a_city(tx: Tx) -> City:
    """One store, region, place, service, technician and customer with a saved address."""
    store, region = a_store(tx), a_region(tx)
    place, service = a_place(tx, region), a_service(tx, store)
    technician = a_technician(tx, store=store, services=[service], regions=[region])
    customer = a_customer(tx)
    return City(store, region, place, service, technician, customer, an_address(tx, customer, region))
