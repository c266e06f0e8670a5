"""A town with a massage by four hands, and what its technicians do with such orders."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from core import calendar, dispatch
from core.db import Tx
from core.dispatch import OfferState, RefusalReason
from core.orders import visit
from core.orders.moves import Order
from core.technicians import Technician
from tests.builders import NOW, City, a_city, a_service, a_technician
from tests.core.orders.ground import START, a_photo, paid

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Town:
    """A city that sells a massage by four hands, and three who give it, the best rated first."""

    city: City
    wang: Technician
    li: Technician
    zhao: Technician


def a_town(tx: Tx) -> Town:
    city = a_city(tx)
    four_hands = a_service(tx, city.store, zh="四手按摩", en="Four hands", options=((60, 39801),), crew=2)
    wang, li, zhao = (
        a_technician(tx, store=city.store, services=[four_hands], regions=[city.region], stars=(stars, 10))
        for stars in (50, 40, 30)
    )
    return Town(replace(city, service=four_hands, technician=wang), wang, li, zhao)


def for_anyone(tx: Tx, town: Town, **over: Any) -> Order:
    return paid(tx, town.city, technician_id=None, anyone=True, **over)


def accept(tx: Tx, order: Order, who: Technician, now: datetime = NOW) -> Order:
    return dispatch.accept(tx, order.id, technician_id=who.id, now=now)


def refuse(tx: Tx, order: Order, who: Technician, now: datetime = NOW) -> Order:
    return dispatch.refuse(tx, order.id, technician_id=who.id, reason=RefusalReason.FAR, words=None, now=now)


def accepted(tx: Tx, town: Town, **over: Any) -> Order:
    """Wang and Li have both said yes."""
    order = paid(tx, town.city, **over)
    accept(tx, order, town.wang)
    return accept(tx, order, town.li)


def finished(tx: Tx, town: Town) -> Order:
    order = accepted(tx, town)
    visit.depart(tx, order.id, technician_id=town.wang.id, now=START - 20 * MINUTE)
    visit.arrive(tx, order.id, technician_id=town.wang.id, now=START)
    visit.start(tx, order.id, technician_id=town.wang.id, code=order.start_code, now=START)
    photo = a_photo(tx, town.wang.person_id)
    return visit.finish(
        tx, order.id, technician_id=town.wang.id, photo_file_ids=(photo,), now=START + timedelta(hours=1)
    )


def busy(tx: Tx, order: Order) -> list[int]:
    """Whose time the order occupies, the lead's first."""
    return [one.technician_id for one in calendar.crew_of(tx, order.id)]


def crew(order: Order) -> tuple[int | None, int | None]:
    return order.technician_id, order.companion_id


def states(tx: Tx, order: Order) -> list[tuple[int, OfferState]]:
    return [(one.technician_id, one.state) for one in dispatch.offers_of(tx, order.id)]
