"""The town of a fleet: many technicians of one trade, and customers with a phone and an address."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from core import people, stores, technicians
from core.catalog import Region, Service
from core.db import Database, Tx
from core.technicians import Sex
from tests.builders import EVERY_DAY, ZONE, a_place, a_region, a_service, a_store
from tests.fleet.fleet import Fleet
from tests.fleet.phones import Phone, TelegramPhone, WeChatPhone

PLACE: Final = "望京花园 3 号楼 1201"
SERVICE: Final = "肩颈舒缓"


@dataclass(frozen=True, slots=True)
class Worker:
    """A technician with a phone."""

    name: str
    phone: Phone
    person_id: int
    technician_id: int
    hands: asyncio.Lock = field(default_factory=asyncio.Lock)
    """One thing after another is done on one phone."""


@dataclass(frozen=True, slots=True)
class Shop:
    """What can be booked, and where."""

    region: Region
    service: Service


def a_shop(database: Database) -> Shop:
    """One store with one service in one region."""

    def make(tx: Tx) -> Shop:
        store, region = a_store(tx), a_region(tx)
        a_place(tx, region)
        return Shop(region, a_service(tx, store, zh=SERVICE, options=((60, 19800),)))

    return database.run(make)


def a_phone(fleet: Fleet, number: int) -> Phone:
    """A phone with Telegram for even numbers, with WeChat for odd ones."""
    if number % 2:
        return WeChatPhone(fleet.wechat.fan(f"用户{number}"))
    return TelegramPhone(fleet.telegram.user(f"用户{number}"))


async def a_worker(fleet: Fleet, shop: Shop, number: int, now: datetime) -> Worker:
    """A technician, enrolled and met on the phone."""
    phone, name = a_phone(fleet, number), f"王师傅{number}号"
    await phone.arrives()

    def enrol(tx: Tx) -> tuple[int, int]:
        person_id = _met(tx, phone, now)
        made = technicians.enrol(
            tx,
            person_id,
            stores.the_store(tx).id,
            number=number,
            names={"zh-Hans": name, "en": f"Wang {number}"},
            sex=Sex.FEMALE,
            base=shop.region.point,
            service_ids=[shop.service.id],
            region_ids=[shop.region.id],
            rota=EVERY_DAY,
            now=now,
        )
        return person_id, made.id

    person_id, technician_id = await fleet.db.arun(enrol)
    await phone.says("你好")  # WeChat lets nobody be written to who has not written
    await phone.sees("")
    return Worker(name, phone, person_id, technician_id)


async def a_customer(fleet: Fleet, shop: Shop, number: int, now: datetime) -> tuple[Phone, int]:
    """Somebody who has told phone and address before; the phone and the person's id."""
    phone = a_phone(fleet, number)
    await phone.arrives()

    def furnish(tx: Tx) -> int:
        person_id = _met(tx, phone, now)
        people.set_name(tx, person_id, f"顾客{number}")
        people.set_phone(tx, person_id, f"+8613{number:09d}")
        at = shop.region.point
        people.save_address(tx, person_id, text=PLACE, region_id=shop.region.id, lat=at.lat, lng=at.lng, now=now)
        return person_id

    return phone, await fleet.db.arun(furnish)


def _met(tx: Tx, phone: Phone, now: datetime) -> int:
    """Let somebody be known before the first word."""
    return people.arrive(
        tx, channel=phone.channel, account="main", external_id=phone.identity, lang="zh-Hans", zone=ZONE, now=now
    ).id
